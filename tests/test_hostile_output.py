"""Hostile texts on the way out: to a terminal, into files that spreadsheets open, into messages."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from itertools import chain
from pathlib import Path

import hostile
import openpyxl
import pytest
from command import Command

from tracker.store import Store
from tracker.tracker import Tracker

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
STEERING = (
    "SELECT chr(27) || ']0;hit' || chr(7) AS \"[bold]a[/] \x1b[31m\", "
    "chr(155) || '2J' AS b, chr(8238) || 'c' AS c"
)
"""What a terminal would obey, as the answer to a query; data cannot hold it."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "store"
    hostile.fill(Tracker(Store(folder)))
    return folder


@pytest.fixture
def command(store: Path, tmp_path: Path) -> Command:
    return Command(store, tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("show", "treaty"),
        ("diff", "treaty"),
        ("code", "--next", "--by", "jo"),
        ("sql", "SELECT title FROM commitments"),
    ],
)
def test_what_a_text_wants_to_be_is_printed_as_text(command: Command, arguments: tuple[str, ...]) -> None:
    told = command(*arguments)
    assert not CONTROL.search(told)
    if arguments[0] in ("list", "sql"):
        for text in ("rich", "script", "latex", "formula", "template", "percent", "st-colour"):
            assert hostile.SHOWN[text] in told


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_no_answer_steers_the_terminal(command: Command, form: str) -> None:
    lines = command.on_terminal(100, "sql", "--format", form, STEERING)
    told = "\n".join(line.rstrip("\r") for line in lines)
    assert not CONTROL.search(told)
    assert all(sign in told for sign in ("\\u001b]0;hit\\u0007", "\\u009b2J", "\\u202ec", "[bold]a[/]"))


def test_a_program_gets_an_answer_as_it_is(command: Command) -> None:
    row = ["\x1b]0;hit\x07", "\x9b2J", "\u202ec"]
    assert list(command.json("sql", STEERING)[0].values()) == row
    assert command("sql", "--format", "csv", STEERING).splitlines()[-1].split(",") == row


@pytest.mark.parametrize("given", ["a\x1b[31m\x07", "a\u202eb", "a" * 100_000, "[bold]x[/]", "\ud800"])
def test_a_refusal_repeats_what_was_given_harmlessly(command: Command, given: str) -> None:
    for arguments, code in ((("show", given), 1), (("list", "--status", given), 2)):
        line = command.refused(code, *arguments)
        assert not CONTROL.search(line)
        assert len(line) < 3000


def test_a_file_of_fields_without_end_is_refused(command: Command) -> None:
    line = command.refused(1, "add", "source", "-f", "/dev/zero", "--by", "jo")
    assert "at most 4 are taken" in line


def test_a_refused_field_of_any_name_and_size_is_told_in_a_short_line(command: Command) -> None:
    told = {"id": "x", "a" * 1_000_000: 1, "note": "b" * 1_000_000, "title": "c\x1b[2J"}
    line = command.refused(1, "add", "source", "-f", "-", "--by", "jo", input=json.dumps(told).encode())
    assert len(line) < 3000


COMPUTED = re.compile(r"[\s']*[=+\-@＝＋－＠]|[\t\r\n]")
"""What spreadsheets compute, or skip to what they compute."""
NUMBERS = "SELECT -1 AS n, -1.5 AS x, '-2' AS t, '+1.5e3' AS e, '-5 %' AS p, '' AS z, NULL AS o"


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    "arguments", [("list",), ("list", "--needs-look"), ("sql", "SELECT * FROM sources ORDER BY id")]
)
def test_no_cell_of_a_csv_file_is_a_formula_and_raw_ones_are_as_they_are(
    command: Command, arguments: tuple[str, ...]
) -> None:
    guarded = cells(command(*arguments, "--format", "csv"))
    raw = cells(command(*arguments, "--format", "csv", "--raw"))
    assert not [c for row in guarded for c in row if COMPUTED.match(c) and not c.startswith("'")]
    both = zip(chain.from_iterable(guarded), chain.from_iterable(raw), strict=True)
    changed = [(one, other) for one, other in both if one != other]
    formulas = {name: text for name, text in hostile.SHOWN.items() if name.startswith("formula")}
    kept = {name for name, text in formulas.items() if text not in {other for _, other in changed}}
    assert kept == {"formula-parts", "formula-quotes"}, "these have their signs further on"
    # What was put before a text can be taken away again.
    assert all(one == f"'{other}" and COMPUTED.match(other) for one, other in changed)


def test_numbers_of_a_csv_file_stay_numbers(command: Command) -> None:
    assert cells(command("sql", "--format", "csv", NUMBERS))[1] == [
        "-1",
        "-1.5",
        "-2",
        "+1.5e3",
        "'-5 %",
        "",
        "",
    ]


def test_a_column_can_be_no_formula_either(command: Command) -> None:
    assert cells(command("sql", "--format", "csv", 'SELECT 1 AS "=1+1"'))[0] == ["'=1+1"]


def test_a_workbook_holds_texts_as_texts_and_no_formula_or_link(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "answer.xlsx"
    query = (
        'SELECT title AS "=1+1", headline, due_earliest, recorded_at, -version AS n, parties FROM commitments'
    )
    command("sql", "--format", "xlsx", "--output", str(target), f"{query} ORDER BY id")
    rows = list(openpyxl.load_workbook(target).active.iter_rows())
    told = command.json("sql", f"{query} ORDER BY id")
    assert [cell.value for cell in rows[0]][:2] == ["=1+1", "headline"]
    assert [row[0].value for row in rows[1:]] == [row["=1+1"] for row in told]
    assert {cell.data_type for row in rows for cell in row} == {"s", "b", "d", "n"}
    assert not [cell for row in rows for cell in row if cell.hyperlink]
    assert rows[1][4].value == told[0]["n"] < 0
    assert json.loads(rows[1][5].value) == told[0]["parties"]
    with zipfile.ZipFile(target) as parts:
        assert "<f>" not in parts.read("xl/worksheets/sheet1.xml").decode()


def test_what_a_sheet_cannot_hold_is_kept_as_text_or_cut(tmp_path: Path, command: Command) -> None:
    target = tmp_path / "answer.xlsx"
    query = "SELECT 9007199254740993, repeat('😀', 20000), DATE '1800-01-01', 'nan'::DOUBLE"
    command("sql", "--format", "xlsx", "--output", str(target), query)
    number, text, day, nan = [c.value for c in list(openpyxl.load_workbook(target).active.iter_rows())[1]]
    assert (number, day, nan) == ("9007199254740993", "1800-01-01", "nan")
    assert text == "😀" * 16383 + "…"


def test_what_is_too_large_for_a_workbook_is_refused(command: Command, tmp_path: Path) -> None:
    query = "SELECT range FROM range(500001)"
    line = command.refused(1, "sql", "--format", "xlsx", "--output", str(tmp_path / "a.xlsx"), query)
    assert "500001 rows" in line
    assert list(tmp_path.iterdir()) == []
