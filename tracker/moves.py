"""What a change moves: two states of the same data set, compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.queries import rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COMPARED = ("stage", "claimed_stage", "status", "schedule", "confidence", "disputed", "official_stage")
"""What is compared, in the order in which it matters."""


class Move(NamedTuple):
    """One commitment whose answers differ between two states."""

    id: str
    title: str
    before: dict[str, Any]
    """The values that differ, by name; empty for a commitment that is new."""
    after: dict[str, Any]


def between(
    before: DuckDBPyConnection, after: DuckDBPyConnection, ids: Iterable[str] | None = None
) -> list[Move]:
    """The commitments, all or those named, that differ today between two states, by title."""
    chosen = None if ids is None else sorted(ids)
    old, new = _answers(before, chosen), _answers(after, chosen)
    moves = []
    for commitment_id, row in new.items():
        was = old.get(commitment_id, {})
        changed = [name for name in COMPARED if was.get(name) != row[name]]
        if changed:
            moves.append(
                Move(
                    commitment_id,
                    row["title"],
                    {name: was[name] for name in changed if was},
                    {name: row[name] for name in changed},
                )
            )
    return sorted(moves, key=lambda m: (m.title, m.id))


def _answers(con: DuckDBPyConnection, ids: list[str] | None) -> dict[str, dict[str, Any]]:
    found = rows(
        con,
        "SELECT c.id, c.title, c.stage, a.claimed_stage, c.status, c.schedule, c.confidence, c.disputed, "
        "c.official_stage FROM commitments AS c JOIN answers AS a ON a.commitment_id = c.id "
        "WHERE a.party IS NULL "
        "AND ($ids IS NULL OR c.id IN (SELECT unnest(CAST($ids AS VARCHAR[]))))",
        {"ids": ids},
    )
    return {row["id"]: row for row in found}
