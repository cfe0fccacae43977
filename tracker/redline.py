"""Wordings of a commitment, and two of them compared word by word."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tracker import queries
from tracker.clocks import At
from tracker.queries import Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FIELDS = (
    "title", "pledge", "fulfilment_test", "kind", "pillar", "agreement_id", "parties", "parties_basis",
    "headline", "due", "cadence", "cadence_note", "lapses_after", "source_ids", "related_source_ids",
    "milestones", "open_questions", "conflicts", "assessment", "translations",
)  # fmt: skip
"""Fields of a wording, those that everybody reads first."""
_STEP = ("name", "expected", "expected_basis", "reached", "note")
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LINES = re.compile(r".*\n|.+")
_PAIRS = 250_000
"""Pairs of words up to which texts are compared by words. The effort grows with that number at least."""


class Piece(NamedTuple):
    """A run of words that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


def redline(before: str, after: str) -> list[Piece]:
    """What went and what came, in reading order; both wordings can be read off it.

    Words are compared whole. Scripts without spaces between words are compared by the runs
    of letters that stand between spaces and punctuation, so Korean by its word groups. Where
    much of very long texts differs, they are compared by lines, or the one stands for the other.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    middle = ([*told[start : len(told) - end]] for told in (old, new))
    head, tail = "".join(old[:start]), "".join(old[len(old) - end :])
    pieces = [Piece("same", head)] if head else []
    pieces += _differences(*middle)
    return _joined([*pieces, Piece("same", tail)] if tail else pieces)


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """With how many words in common both begin."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(old), len(new)))


def _differences(old: Sequence[str], new: Sequence[str]) -> list[Piece]:
    """The same for texts that begin and end differently."""
    if len(old) * len(new) > _PAIRS:
        old, new = (_LINES.findall("".join(words)) for words in (old, new))
    if len(old) * len(new) > _PAIRS:
        return [Piece("gone", "".join(old)), Piece("new", "".join(new))]
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece("gone", "".join(old[i:j])))
        if k < m:
            pieces.append(Piece("new", "".join(new[k:m])))
    return pieces


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Runs of one sort as one."""
    runs = itertools.groupby(pieces, lambda piece: piece.kind)
    return [Piece(kind, "".join(piece.text for piece in run)) for kind, run in runs]


def wordings(con: DuckDBPyConnection, commitment_id: str, at: At | None = None) -> list[Row]:
    """Every wording of a commitment with its milestones, oldest first."""
    found = queries.wordings(con, commitment_id, at)
    for wording in found:
        then = At(dt.date.max, wording["known_from"])
        steps = queries.milestones(con, commitment_id, then)
        wording["milestones"] = [{name: step[name] for name in _STEP} for step in steps]
        wording["translations"] = _translations(con, commitment_id, wording["known_from"])
    return found


def _translations(con: DuckDBPyConnection, commitment_id: str, known_at: dt.datetime) -> list[Row]:
    """What the commitment was told in other languages then, a row for each language."""
    return queries.rows(
        con,
        "SELECT language, max(made_by) AS made_by, "
        "any_value(text) FILTER (field = 'title') AS title, "
        "any_value(text) FILTER (field = 'pledge') AS pledge, "
        "CASE WHEN count(DISTINCT made_by) > 1 THEN list(field) FILTER (made_by = 'human') END AS human "
        "FROM translations_known($known_at) WHERE entity = 'commitment' AND entity_id = $id "
        "GROUP BY language ORDER BY language",
        {"known_at": known_at, "id": commitment_id},
    )


def reworded(before: Row, after: Row) -> list[str]:
    """The fields of `FIELDS` in which two of these wordings differ, in order."""
    return [field for field in FIELDS if before[field] != after[field]]


def readable(value: Any) -> str:
    """A value as text to be compared: an item of a list a line, the named parts of a thing in one."""
    if isinstance(value, list):
        return "\n".join(readable(item).replace("\n", "; ") for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{k}: {readable(v)}" for k, v in value.items() if v is not None and v != [])
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
