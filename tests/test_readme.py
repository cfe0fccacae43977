"""Every command, script and query of the README is run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import forked
import pytest

from tracker.tracker import Tracker

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [block for name, block in found if name == language]


def test_every_shell_session_works_from_top_to_bottom(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [line for block in blocks("console") for line in block.splitlines()]
    assert len(lines) > 15
    environment = {"LC_ALL": "C.UTF-8"}
    for line in lines:
        words = shlex.split(line.removeprefix("$ "))
        if words[0] == "export":
            environment |= dict([words[1].split("=", 1)])
            continue
        assert words[0] == "tracker", line
        done = forked.run(words[1:], environment, b"")
        assert done.returncode == 0, f"{line}\n{done.stderr.decode()}"
        assert len(done.stdout.decode().splitlines()) > ("--format csv" in line), line


@pytest.mark.parametrize("script", blocks("python"))
def test_every_python_script_runs(tmp_path: Path, script: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "signed in-progress 2026-02-25" in done.stdout


@pytest.mark.parametrize(
    "query",
    [q for block in blocks("sql") for q in block.split(";") if re.search(r"^(SELECT|FROM)", q, re.MULTILINE)],
)
def test_every_query_gives_rows(shipped: Tracker, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if ".parquet'" in query:
        monkeypatch.chdir(ROOT)
        with duckdb.connect() as con:
            assert con.execute(query).fetchall()
    else:
        assert shipped.sql(query).num_rows


def test_every_make_target_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make (\w+)", README))
    assert {"dashboard", "test"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_tree_names_what_is_there() -> None:
    tree = next(b for b in blocks("") if b.startswith("tracker/"))
    parts = dict(re.findall(r"^(tracker|dashboard)/(.*?)(?=^\w)", tree, re.MULTILINE | re.DOTALL))
    named = [
        (part, name) for part in parts for name in re.findall(r"\b[a-z_]+(?:\.(?:py|toml)|/)", parts[part])
    ]
    assert len(named) > 30
    for part, name in named:
        assert any((ROOT / part).rglob(name.removesuffix("/"))), name


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
