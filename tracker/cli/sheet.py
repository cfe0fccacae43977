"""One commitment on one sheet: everything `tracker show` says, as data."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tracker import lifecycle, provenance, queries
from tracker.clocks import At
from tracker.terms import Kind, Stage

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_EDITIONS = (Stage.INAUGURAL_HELD, Stage.RECURRING)


def collect(
    con: DuckDBPyConnection,
    commitment_id: str,
    as_of: dt.date | None = None,
    known_on: dt.date | None = None,
) -> queries.Row:
    """Everything on record about one commitment, at one point on both clocks.

    On an earlier day: the events that count by then, the milestones reached and the searches
    made. The compiler's note is not dated and left out; wording and disputes are those known
    at the moment asked for, whatever the day.
    """
    at = At.of(as_of, known_on)
    row = queries.commitment(con, commitment_id, at)
    definition = queries.definition(con, commitment_id, at)
    milestones = queries.milestones(con, commitment_id, at)
    answers = queries.answers(con, commitment_id, at)
    events = queries.history(con, commitment_id, at)
    return row | {
        "as_of": as_of,
        "known_on": known_on,
        "day": at.day,
        "claimed_stage": answers[0]["claimed_stage"],
        "answers": [{k: v for k, v in a.items() if k != "commitment_id"} for a in answers],
        "evidence_days": _days(row["evidence_reaches"], at.day),
        "checked_days": _days(row["last_checked"], at.day),
        "cadence_note": definition["cadence_note"],
        "lapses_after": definition["lapses_after"],
        "rhythm": _rhythm(con, commitment_id, events, at),
        "agreement": queries.agreement(con, row["agreement_id"], at),
        "missing": _missing(row, milestones),
        "assessment": definition["assessment"] if as_of is None else None,
        "milestones": milestones,
        "history": events,
        "disputes": _disputes(con, commitment_id, at),
        "checks": queries.checks(con, commitment_id, at),
        "open_questions": definition["open_questions"],
        "conflicts": definition["conflicts"],
        # Until when one was known is for the reader of that time still to come.
        "wordings": [
            {k: v for k, v in w.items() if k not in ("commitment_id", "known_to")}
            for w in queries.wordings(con, commitment_id, at)
        ],
    }


def _days(since: dt.date | None, day: dt.date) -> int | None:
    return None if since is None else (day - since).days


def _rhythm(
    con: DuckDBPyConnection, commitment_id: str, events: list[queries.Row], at: At
) -> queries.Row | None:
    """Editions, the next window and the gaps; None where no edition was held."""
    if not any(event["stage"] in _EDITIONS for event in events):
        return None
    # Reading dates costs a third of a start; most commitments have no editions.
    from tracker import agenda

    return agenda.rhythm(con, commitment_id, at) or None


def _missing(row: queries.Row, milestones: list[queries.Row]) -> dict[str, Any]:
    """What must still be seen: the stage that counts as kept with its proof, and open milestones."""
    goals = lifecycle.goals(Kind(row["kind"]), Stage(row["stage"]))
    return {
        "stages": [
            {"stage": g.stage.value, "proof": g.proof, "requirement": g.requirement.value} for g in goals
        ],
        "milestones": [m["name"] for m in milestones if m["reached"] is None],
    }


def _disputes(con: DuckDBPyConnection, commitment_id: str, at: At) -> list[queries.Row]:
    """The disputes about it, each side with the sources that take it."""
    found = provenance.disputes(con, commitment_id, at)
    ids = sorted({i for d in found for side in d["sides"] for i in side["source_ids"]})
    known = provenance.sources_by_id(con, ids, at)
    told = ("id", "title", "publisher", "reliability", "published", "url", "withdrawn_at")
    for dispute in found:
        dispute["sides"] = [
            side | {"sources": [{k: known[i][k] for k in told} for i in side["source_ids"] if i in known]}
            for side in dispute["sides"]
        ]
    return found
