"""Files that come from elsewhere: bombs, disguises, broken ones; nothing of them is entered, nothing dies."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import make
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import Command

from tracker import config, exchange, intake
from tracker.errors import BadFile, Refused
from tracker.facts import Facts
from tracker.intake import Limits
from tracker.ledger import GENESIS, TYPES, Entry, canonical
from tracker.tracker import Tracker

SMALL = Limits(size=1 << 20, memory=256 << 20, seconds=10, made=4 << 20, entries=2000)
"""Limits within which every bomb of these tests goes off quickly."""
KINDS = {"BIGINT": pa.int64(), "INTEGER": pa.int32(), "TIMESTAMP": pa.timestamp("us"), "VARCHAR": pa.string()}
ENTRY = pa.struct([(name, KINDS[type_]) for name, type_ in TYPES.items()])
SCHEMA = pa.schema([("entries", pa.list_(ENTRY))], metadata={"unattached_entries": "[]"})
LINE = {
    name: 1 if type_ in ("BIGINT", "INTEGER") else 0 if type_ == "TIMESTAMP" else "x"
    for name, type_ in TYPES.items()
}


def parquet(rows: list[Any], **options: Any) -> bytes:
    """A Parquet file whose rows hold these lists of entries, pressed as hard as it goes."""
    file = io.BytesIO()
    table = pa.table({"entries": pa.array(rows, pa.list_(ENTRY))}, schema=SCHEMA)
    pq.write_table(table, file, compression="zstd", **options)
    return file.getvalue()


def one_row(entries: int) -> bytes:
    """All entries in one row: a few bytes for millions of them."""
    fields = [pa.array([LINE[name]] * entries, ENTRY.field(name).type) for name in TYPES]
    lists = pa.ListArray.from_arrays(
        pa.array([0, entries], pa.int32()), pa.StructArray.from_arrays(fields, fields=list(ENTRY))
    )
    file = io.BytesIO()
    pq.write_table(pa.table({"entries": lists}, schema=SCHEMA), file, compression="zstd")
    return file.getvalue()


def metadata(text: str) -> bytes:
    file = io.BytesIO()
    table = pa.table({"entries": pa.array([], pa.list_(ENTRY))}, schema=SCHEMA)
    pq.write_table(table.replace_schema_metadata({"unattached_entries": text}), file)
    return file.getvalue()


def laughs() -> bytes:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12))]
    return "\n".join(lines).encode()


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "text of a gigabyte": (
        lambda: parquet([[LINE | {"payload": "a" * (1 << 20)}] for _ in range(64)], use_dictionary=False),
        "file-expands",
    ),
    "millions in a row": (lambda: one_row(1_000_000), "file-expands"),
    "the same again and again": (lambda: parquet([[LINE] * 100] * 100), "file-entries"),
    "rows of nothing": (lambda: parquet([None] * 1_000_000), "file-entries"),
    "beside the rows": (lambda: metadata("[" + ",".join(["{}"] * 100_000) + "]"), "file-entries"),
    "deep beside the rows": (lambda: metadata("[" * 100_000 + "]" * 100_000), "not-export"),
    "laughs": (laughs, "yaml-alias"),
    "deep lists": (lambda: b"[" * 500_000, "yaml-depth"),
    "deep mappings": (lambda: b"{a: " * 100_000, "yaml-depth"),
    "deep blocks": (lambda: b"".join(b" " * n + b"-\n" for n in range(1000)), "yaml-depth"),
    "a long number": (lambda: b"a: " + b"9" * 900_000, "not-yaml"),
    "a long number in base 16": (lambda: b"a: 0x" + b"f" * 900_000, "not-yaml"),
    "a long number in base 60": (lambda: b"a: 1" + b":59" * 10_000, "not-yaml"),
    "a long text": (lambda: b"a: " + b"x" * 900_000, "not-facts"),
    "many keys": (lambda: b"".join(b"k%d: 1\n" % n for n in range(20_000)), "not-facts"),
    "many rows": (
        lambda: (
            b"meta: {}\nagreements: []\ncommitments: []\ncontradictions: []\nsources:\n" + b"- {}\n" * 2001
        ),
        "file-entries",
    ),
    "too much": (lambda: b"# " + b"x" * (1 << 20), "file-too-large"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_goes_off_elsewhere(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_bomb, code = BOMBS[name]
    path = tmp_path / "bomb"
    path.write_bytes(make_bomb())
    assert code == "file-too-large" or path.stat().st_size <= SMALL.size
    monkeypatch.setattr(intake, "UPLOAD", SMALL)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with path.open("rb") as file, pytest.raises(BadFile) as refused:
        intake.read(file, "bomb", "set")
    assert refused.value.code == code
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "kilobytes"


def workbook() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "0" * 10_000_000)
    return file.getvalue()


OTHERS: dict[str, tuple[Callable[[], bytes], str, str | None]] = {
    "a workbook": (workbook, "not-taken", "zip"),
    "compressed": (lambda: gzip.compress(b"meta: {}"), "not-taken", "gzip"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "not-taken", "binary"),
    "a document": (lambda: b"%PDF-1.7\n", "not-taken", "pdf"),
    "UTF-16": (lambda: "meta: {}".encode("utf-16"), "not-taken", "binary"),
    "nothing": (lambda: b"", "not-facts", None),
    "a page": (lambda: b"<html><script>window.hit=1</script></html>", "not-facts", None),
    "latin": (lambda: "meta: é".encode("latin-1"), "not-yaml", None),
    "code": (lambda: b"!!python/object/apply:os.system ['true']", "not-yaml", None),
    "a foreign table": (
        lambda: parquet([[LINE]]).replace(b"unattached_entries", b"unattached_strangers"),
        "not-export",
        None,
    ),
    "a cut table": (lambda: parquet([[LINE]])[:-20], "not-export", None),
    "a torn table": (lambda: b"PAR1" + os.urandom(500) + b"PAR1", "not-export", None),
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_is_taken_for_what_it_is_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    make_file, code, found = OTHERS[name]
    path = tmp_path / "facts.yaml"
    path.write_bytes(make_file())
    with path.open("rb") as file, pytest.raises(BadFile) as refused:
        intake.read(file, "facts.yaml", "set")
    assert (refused.value.code, refused.value.facts.get("found")) == (code, found)


def test_what_is_right_is_read_whatever_it_is_called(
    filled: Tracker, facts_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "facts.yaml"
    filled.export(path)
    with path.open("rb") as file:
        entries = intake.read(file, "facts.yaml", "set")
    assert entries == exchange.read(path)
    with facts_file.open("rb") as file:
        found = intake.read(file, "export.parquet", "another-set")
    assert isinstance(found, Facts)
    assert found.things[0].id == "another-set"


def test_every_wrong_place_of_a_facts_file_is_named(facts_file: Path, tmp_path: Path) -> None:
    text = facts_file.read_text(encoding="utf-8")
    path = tmp_path / "facts.yaml"
    path.write_text(
        text.replace("letter: A", "letter: Z").replace("kind: forum", "kind: picnic"), encoding="utf-8"
    )
    with pytest.raises(BadFile) as refused:
        intake.read_facts(path)
    errors = [refused.value, *refused.value.further]
    wrong = [e.facts["where"] for e in errors]
    assert len(wrong) == len(set(wrong)) == text.count("letter: A") + text.count("kind: forum")
    assert all(e.code == "invalid-value" for e in errors)


def sealed(lines: list[dict[str, Any]]) -> list[Entry]:
    """Entries that form a chain, whatever they say."""
    made, before = [], GENESIS
    for seq, line in enumerate(lines, start=1):
        blank = {
            "seq": seq,
            "recorded_at": dt.datetime(2025, 1, 1, seq),
            "actor": "ann",
            "entity": "source",
            "entity_id": "gazette",
            "version": 1,
            "kind": "add",
            "payload": canonical(make.source().model_dump(mode="json")),
            "idempotency_key": None,
            "door": None,
            "previous_hash": before,
            "hash": "",
        }
        told = Entry(**blank | line)
        before = told.sealed() if told.payload.count("{") < 1000 else GENESIS
        made.append(Entry(**{name: getattr(told, name) for name in TYPES} | {"hash": before}))
    return made


def written(entries: list[Entry], path: Path) -> Path:
    path.write_bytes(parquet([[{name: getattr(e, name) for name in TYPES} for e in entries]]))
    return path


def test_a_sealed_file_with_nothing_wrong_is_taken(tmp_path: Path) -> None:
    entries = sealed([{"idempotency_key": "one#0", "door": "command"}])
    assert intake.read_export(written(entries, tmp_path / "a.parquet")) == entries


@pytest.mark.parametrize(
    "line",
    [
        {"actor": "a\x1b[31m"},
        {"actor": "a\u202eb"},
        {"actor": "a" * 501},
        {"actor": " ann"},
        {"actor": ""},
        {"idempotency_key": "a\x00#0"},
        {"idempotency_key": "a" * 501 + "#0"},
        {"door": "window"},
        {"kind": "adds"},
        {"entity": "crowd"},
        {"entity_id": "other"},
        {"payload": '{"a":' * 5000 + "1" + "}" * 5000},
        {"payload": canonical(make.source().model_dump(mode="json") | {"title": "a\x1b[2J"})},
        {"payload": canonical(make.source().model_dump(mode="json") | {"title": "a" * 501})},
        {"payload": canonical(make.source().model_dump(mode="json") | {"note": "a" * (2 << 20)})},
        {"recorded_at": dt.datetime(9999, 12, 31, 23, 59, 59, 999999)},
    ],
)
def test_an_entry_that_no_door_lets_in_does_not_come_in_with_a_file(
    tmp_path: Path, line: dict[str, Any]
) -> None:
    with pytest.raises(BadFile) as refused:
        intake.read_export(written(sealed([line]), tmp_path / "a.parquet"))
    assert refused.value.code == "invalid-entry"


@pytest.mark.parametrize("told", ["0", "-5", "much", "1.5", "²", "9" * 20])
def test_a_limit_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv(config.IMPORT_VARIABLE, told)
    with pytest.raises(Refused) as refused:
        intake.limits()
    assert refused.value.code == "bad-megabytes"


def test_those_who_wait_too_long_for_their_turn_are_told(
    monkeypatch: pytest.MonkeyPatch, facts_file: Path
) -> None:
    monkeypatch.setattr(intake, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(intake, "_turns", intake.threading.BoundedSemaphore(1))
    with intake._turns, pytest.raises(Refused) as refused:
        intake.read_facts(facts_file)
    assert refused.value.code == "import-busy"
    assert intake.read_facts(facts_file).counts


def test_a_refused_file_lets_go_of_its_turn(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    path.write_bytes(parquet([[LINE]]))
    for _ in range(2 * intake.AT_ONCE):
        with pytest.raises(BadFile):
            intake.read_export(path)


class TestTheCommand:
    @pytest.fixture
    def command(self, originals: Path, folder: Path, tmp_path: Path, filled: Tracker) -> Command:
        return Command(folder, tmp_path)

    def test_refuses_with_a_line_and_enters_nothing(self, command: Command, tmp_path: Path) -> None:
        laughing, huge, strange, pipe = (tmp_path / n for n in ("a.yaml", "b.parquet", "c.parquet", "d.yaml"))
        laughing.write_bytes(laughs())
        huge.write_bytes(one_row(1_000_000))
        strange.write_bytes(workbook())
        os.mkfifo(pipe)
        cases = [
            (("import", str(laughing)), "uses an alias in line 2"),
            (("import", str(strange)), "is not a data set exported by the tracker"),
            (("import", str(pipe)), "is no ordinary file"),
            (("import", "/dev/zero"), "neither a facts file"),
            (("--store", str(tmp_path / "new"), "init", "--from", str(laughing)), "uses an alias"),
        ]
        command.all_refused(1, cases)
        assert not (tmp_path / "new").exists()
        line = command.refused(1, "import", str(huge), env={config.IMPORT_VARIABLE: "200"})
        assert "more than 200 MB of memory" in line
        line = command.refused(
            1, "import", str(strange.with_suffix(".parquet")), env={config.IMPORT_VARIABLE: "x"}
        )
        assert "a whole number of megabytes" in line or "not a data set" in line

    def test_names_the_first_wrong_place_and_counts_the_others(
        self, command: Command, facts_file: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "facts.yaml"
        text = facts_file.read_text(encoding="utf-8").replace("letter: A", "letter: " + "Z" * 1000)
        path.write_text(text, encoding="utf-8")
        line = command.refused(1, "import", str(path))
        assert "more place" in line
        assert len(line) < 600
