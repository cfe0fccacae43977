"""One commitment on one sheet: everything `tracker show` says, as data and as text."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from tracker import lifecycle, provenance, queries
from tracker.clocks import At
from tracker.terms import Kind, Stage


def collect(con: Any, commitment_id: str, as_of: dt.date | None) -> queries.Row:
    """Everything on record about one commitment, with what is still missing.

    On an earlier day: the events that count by then, the milestones reached and the searches
    made. The compiler's note is of today and left out; wording and disputes are of today too.
    """
    row = queries.commitment(con, commitment_id, At.of(as_of))
    definition = queries.definition(con, commitment_id)
    milestones = queries.milestones(con, commitment_id)
    events = queries.history(con, commitment_id)
    checks = queries.checks(con, commitment_id)
    if as_of is not None:
        # Somewhere in its date an event has happened by the last day of it, or when it was recorded.
        events = [e for e in events if min(e["happened_latest"], e["recorded_at"].date()) <= as_of]
        milestones = [_milestone(m, as_of) for m in milestones]
        checks = [c for c in checks if c["checked_on"] <= as_of]
    return row | {
        "as_of": as_of,
        "cadence_note": definition["cadence_note"],
        "agreement": queries.agreement(con, row["agreement_id"]),
        "missing": missing(row, milestones),
        "assessment": definition["assessment"] if as_of is None else None,
        "milestones": milestones,
        "history": events,
        "disputes": provenance.disputes(con, commitment_id),
        "checks": checks,
        "open_questions": definition["open_questions"],
        "conflicts": definition["conflicts"],
    }


def _milestone(milestone: queries.Row, as_of: dt.date) -> queries.Row:
    """A milestone as it stood on a day."""
    latest = milestone["reached_latest"]
    if latest is None or latest <= as_of:
        return milestone
    return milestone | {"reached": None, "reached_earliest": None, "reached_latest": None}


def missing(row: queries.Row, milestones: list[queries.Row]) -> dict[str, Any]:
    """What must still be seen: the stage that counts as kept with its proof, and open milestones."""
    goals = lifecycle.goals(Kind(row["kind"]), Stage(row["stage"]))
    return {
        "stages": [{"stage": g.stage.value, "proof": g.proof} for g in goals],
        "milestones": [m["name"] for m in milestones if m["reached"] is None],
    }


def print_text(found: queries.Row) -> None:
    """Print it for a person, wrapped to the terminal."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False)

    def heading(text: str) -> None:
        console.print()
        console.print(Text(text, style="bold"))

    def line(text: str, indent: int = 2) -> None:
        console.print(Padding(Text(text), (0, 0, 0, indent)))

    console.print(Text(found["title"], style="bold"))
    line(f"{found['id']} · {found['kind']} · {found['pillar']} · version {found['version']}", 0)
    since = f" since {found['stage_since']}" if found["stage_since"] else ""
    line(f"{found['status']}: {found['stage']}{since} · {found['confidence']} confidence", 0)
    due = f" (due {found['due']})" if found["due"] else ""
    checked = found["last_checked"] or "never"
    line(
        f"schedule: {found['schedule']}{due} · evidence reaches {found['evidence_reaches'] or 'nowhere'}"
        f" · last checked {checked}",
        0,
    )
    if found["as_of"]:
        line(f"as it stood on {found['as_of']}; the wording and the disputes are those of today", 0)
    heading("Promised")
    line(found["pledge"])
    line(f"In: {found['agreement']['title']}")
    for party in found["parties"]:
        line(f"{party['name']}: {'; '.join(party['bodies'])}")
    heading("Kept when")
    line(found["fulfilment_test"])
    gap = found["missing"]
    if gap["stages"] or gap["milestones"]:
        heading("Still missing")
        if len(gap["stages"]) > 1:
            line("one of these stages:")
        for goal in gap["stages"]:
            line(f"{goal['stage']}: {goal['proof']}")
        for name in gap["milestones"]:
            line(f"milestone: {name}")
    if found["assessment"]:
        heading("The compiler's note")
        line(found["assessment"]["note"])
    heading("History")
    for event in found["history"]:
        line(f"{event['happened_on']:<10}  {event['stage']}  (version {event['version']})")
        line(event["note"], 14)
        for item in event["evidence"]:
            sign = {"supports": "+", "contradicts": "−", "context": "·"}[item["bearing"]]
            line(
                f"{sign} {item['reliability']}{item['credibility']} {item['publisher']}: {item['title']}", 14
            )
    for name, title in (("open_questions", "Open questions"), ("conflicts", "Where accounts differ")):
        if found[name]:
            heading(title)
            for text in found[name]:
                line(f"- {text}")
    if found["disputes"]:
        heading("Disputes")
        for dispute in found["disputes"]:
            line(f"{dispute['claim']} {'Holds' if dispute['settled'] else 'Open'}: {dispute['holds'] or '–'}")
    if found["checks"]:
        heading("Searches that found nothing new")
        for check in found["checks"]:
            line(f"{check['checked_on']}  {', '.join(check['places'])}  ({check['recorded_by']})")
    click.echo()
