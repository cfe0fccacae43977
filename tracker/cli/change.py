"""What a change moves, in words: one line for each commitment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from tracker import formats
from tracker.words import Words

if TYPE_CHECKING:
    from tracker.ledger import Draft
    from tracker.tracker import Tracker


def rehearse(
    tracker: Tracker, drafts: Sequence[Draft], by: str, form: str = "text", *, merge: bool = False
) -> None:
    """Print what would move if these drafts were recorded; nothing is."""
    moves = tracker.rehearse(drafts, by=by, merge=merge)
    if form == "json":
        click.echo(formats.as_json([move._asdict() for move in moves]))
        return
    click.echo(Words("en")("command.would_move", n=len(moves)))
    for move in moves:
        click.echo(f"{move.id}: {difference(move.before, move.after)}")


def answers(tracker: Tracker, commitment_id: str) -> dict[str, Any]:
    """What is compared of one commitment. Raises `UnknownId`."""
    from tracker import queries
    from tracker.moves import COMPARED

    with tracker.store.reading() as con:
        row = queries.commitment(con, commitment_id)
        row |= {"claimed_stage": queries.answers(con, commitment_id)[0]["claimed_stage"]}
    return {name: row[name] for name in (*COMPARED, "evidence_reaches", "last_checked")}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """The values that differ, each as before → after."""
    words = Words("en")

    def told(value: Any) -> str:
        return words("command.none") if value is None else formats.cell(value)

    changed = [
        f"{name.replace('_', ' ')} {told(before.get(name))} → {told(value)}"
        for name, value in after.items()
        if before.get(name) != value
    ]
    return ", ".join(changed) or words("command.nothing_changed")
