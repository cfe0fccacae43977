"""What the rules say of themselves, in the language of a reader.

The English stands in lifecycle.toml and rulebook.toml, which are the rules; its translations
are the catalogues locales/rules.*.toml.
"""

import datetime as dt
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from tracker.lifecycle import Row

ORIGINAL = "en"
"""Code of the language in which the rules are written."""


class Edition(NamedTuple):
    """One edition of the rule book: its number, its first day, and what it changed."""

    number: int
    since: dt.date
    changes: str


def proof(row: Row, language: str) -> str:
    """What proves a stage. Raises FileNotFoundError for a language into which nobody put the rules."""
    if language == ORIGINAL:
        return row.proof
    told: str = _catalogue(language)["proof"][row.stage]
    return told


def reason(row: Row, language: str) -> str | None:
    """Why a stage of a kind has its place and status; None where that needs no reason."""
    if row.reason is None or language == ORIGINAL:
        return row.reason
    reasons = _catalogue(language)["reason"]
    told: str = (reasons["any"] | reasons[row.kind])[row.stage]
    return told


def editions(language: str) -> tuple[Edition, ...]:
    """Every edition of the rule book, the newest first."""
    entered = _file("rulebook.toml")["edition"]
    told = None if language == ORIGINAL else _catalogue(language)["edition"]
    return tuple(
        Edition(
            entry["number"],
            dt.date.fromisoformat(entry["since"]),
            told[str(entry["number"])] if told else entry["changes"],
        )
        for entry in reversed(entered)
    )


def _catalogue(language: str) -> dict[str, Any]:
    return _file("locales", f"rules.{language}.toml")


@cache
def _file(*path: str) -> dict[str, Any]:
    return tomllib.loads(files("tracker").joinpath(*path).read_text(encoding="utf-8"))
