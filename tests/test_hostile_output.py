"""Hostile texts on the way out: to a terminal, into files that spreadsheets open, into messages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import hostile
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


def test_a_refused_field_of_any_name_and_size_is_told_in_a_short_line(command: Command) -> None:
    told = {"id": "x", "a" * 1_000_000: 1, "note": "b" * 1_000_000, "title": "c\x1b[2J"}
    line = command.refused(1, "add", "source", "-f", "-", "--by", "jo", input=json.dumps(told).encode())
    assert len(line) < 3000
