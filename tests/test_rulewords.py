"""What the rules say of themselves is there in every language, and nothing that they no longer say."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

import tracker
from dashboard import i18n
from tracker import lifecycle, rulewords

FOLDER = Path(tracker.__file__).parent
LOCALES = FOLDER / "locales"
OTHERS = [code for code in i18n.LANGUAGES if code != rulewords.ORIGINAL]


def entries(table: dict[str, object], prefix: str = "") -> dict[str, object]:
    """Everything that a catalogue says, by its dotted key."""
    found: dict[str, object] = {}
    for name, value in table.items():
        found |= entries(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return found


def said(language: str) -> dict[str, str]:
    """All that the rules say of themselves; a reason given for several kinds alike is one."""
    rows = [row for row in lifecycle.table() if row.reason]
    often = Counter(row.reason for row in rows)
    reasons = {
        f"reason.{row.kind if often[row.reason] == 1 else 'any'}.{row.stage}": str(
            rulewords.reason(row, language)
        )
        for row in rows
    }
    proofs = {f"proof.{row.stage}": rulewords.proof(row, language) for row in lifecycle.table()}
    return proofs | reasons | {f"edition.{e.number}": e.changes for e in rulewords.editions(language)}


def test_the_rules_are_put_into_every_language_that_is_offered_and_no_other() -> None:
    assert {path.name for path in LOCALES.glob("rules.*.toml")} == {f"rules.{code}.toml" for code in OTHERS}


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_the_rules_say_is_said_in_the_language_and_nothing_else(language: str) -> None:
    catalogue = (LOCALES / f"rules.{language}.toml").read_text(encoding="utf-8")
    there, original = said(language), said(rulewords.ORIGINAL)
    assert entries(tomllib.loads(catalogue)) == there
    assert there.keys() == original.keys()
    assert all(there[key].strip() and there[key] != original[key] for key in original)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_stage_that_needs_no_reason_has_none_in_any_language(language: str) -> None:
    for row in lifecycle.table():
        assert (rulewords.reason(row, language) is None) == (row.reason is None)


def test_the_english_is_what_the_rules_themselves_say() -> None:
    book = tomllib.loads((FOLDER / "rulebook.toml").read_text(encoding="utf-8"))["edition"]
    told = rulewords.editions(rulewords.ORIGINAL)
    assert [(e.number, e.since.isoformat(), e.changes) for e in told] == [
        (entry["number"], entry["since"], entry["changes"]) for entry in reversed(book)
    ]
    for row in lifecycle.table():
        assert rulewords.proof(row, "en") == row.proof
        assert rulewords.reason(row, "en") == row.reason
