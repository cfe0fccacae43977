"""Hostile statements: every one is refused or stays within the limits, and none leaves a trace."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import attacks
import processes
import pytest

from tracker import formats, sql
from tracker.errors import QueryRefused
from tracker.tracker import Tracker

ROWS, SIZE, SECONDS = 1000, 1 << 20, 0.15
SECRET = "confidential-4711"
"""A word that stands in a file and in the environment, and in no answer."""
REFUSALS = {"query-not-read-only", "query-not-one", "query-failed", "query-too-long", "query-empty"}
STOPPED = {"query-too-slow", "query-too-large", "query-cell-too-large"}


class Target(NamedTuple):
    """A store and what lies around it."""

    tracker: Tracker
    around: Path
    listener: socket.socket

    def aimed(self, text: str) -> str:
        folder = self.tracker.store.folder
        places = {"secret": self.around / "secret.txt", "out": self.around / "out", "folder": folder}
        places |= {"ledger": folder / "ledger.duckdb", "published": folder / "commitments.duckdb"}
        for name, place in places.items():
            text = text.replace(f"{{{name}}}", str(place))
        return text.replace("{port}", str(self.listener.getsockname()[1]))

    def outcome(self, text: str, seconds: float) -> str:
        """`answered`, or the code of the refusal; whatever is said betrays nothing."""
        aimed = self.aimed(text)
        try:
            limits = {"limit": ROWS, "size": SIZE, "seconds": seconds, "count": 2 * ROWS}
            answer = sql.run(self.tracker.store, aimed, **limits)
        except QueryRefused as error:
            outcome, told = error.code, str(error.facts)
        else:
            assert answer.table.num_rows <= ROWS, text[:100]
            assert answer.table.nbytes <= 2 * SIZE, text[:100]
            outcome, told = "answered", formats.table_as_csv(answer.table)
        assert SECRET not in told, text[:100]
        if str(self.around) not in aimed:
            assert str(self.around) not in told, text[:100]
        return outcome

    def outcomes(self, texts: list[str], seconds: float = SECONDS) -> dict[str, str]:
        """What became of each; two at a time, as many as run at once."""
        with ThreadPoolExecutor(2) as pool:
            return dict(zip(texts, pool.map(self.outcome, texts, [seconds] * len(texts)), strict=True))


def traces(target: Target) -> dict[str, str]:
    """Every file around the store and in it."""
    return {
        str(path.relative_to(target.around)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(target.around.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def whole(originals: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    import shutil

    around = tmp_path_factory.mktemp("around")
    shutil.copytree(originals / "filled", around / "store")
    (around / "secret.txt").write_text(f"{SECRET}\n")
    os.environ["TRACKER_TEST_SECRET"] = SECRET
    tracker = Tracker.open(around / "store")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield Target(tracker, around, listener)
    del os.environ["TRACKER_TEST_SECRET"]


@pytest.fixture
def target(whole: Target) -> Iterator[Target]:
    """The target; whatever is asked of it leaves no file, no process, no connection, no change."""
    before = traces(whole)
    yield whole
    assert traces(whole) == before
    with pytest.raises(BlockingIOError):
        whole.listener.accept()
    for statement in processes.statements(os.getpid()):
        processes.await_end(statement)


@pytest.mark.parametrize("group", attacks.REFUSED)
def test_is_refused(target, group):
    outcomes = target.outcomes(attacks.REFUSED[group])
    assert {t: outcome for t, outcome in outcomes.items() if outcome not in REFUSALS | STOPPED} == {}


@pytest.mark.parametrize("group", attacks.BOUNDED)
def test_stays_within_the_limits(target, group):
    outcomes = target.outcomes(attacks.BOUNDED[group])
    ends = REFUSALS | STOPPED | {"answered"}
    assert {t: outcome for t, outcome in outcomes.items() if outcome not in ends} == {}


def test_what_is_harmless_is_answered(target):
    outcomes = target.outcomes(attacks.HARMLESS, seconds=processes.SOON)
    assert {t: outcome for t, outcome in outcomes.items() if outcome != "answered"} == {}
