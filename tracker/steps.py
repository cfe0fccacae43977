"""Which steps count, and how far they lead: for all parties together and for each.

Part of the rule book (`tracker.rules.RULES_VERSION`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tracker import lifecycle, proof
from tracker.record import Event, Record
from tracker.terms import Kind, Stage


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a set of steps leads."""

    steps: tuple[Event, ...]
    kept: tuple[Event, ...]
    """Those that the evidence supports, see `proven`."""
    run: tuple[Event, ...]
    """The unbroken run of supported events at the present stage; empty before any."""
    stage: Stage
    """The stage that the evidence supports."""
    claimed: Stage | None
    """The stage that sources tell instead; None where both are the same."""


def read(record: Record, steps: Sequence[Event]) -> Reading:
    """How far these steps lead in the lifecycle of the record."""
    kept = proven(record, steps)
    run = _last_run(course(record.kind, kept))
    # A commitment is only entered with a source that says it was promised.
    stage = run[0].stage if run else Stage.REPORTED_UNCONFIRMED
    told = course(record.kind, [e for e in steps if e.supporters])
    claimed = told[-1].stage if told and told[-1].stage is not stage else None
    return Reading(tuple(steps), tuple(kept), tuple(run), stage, claimed)


def readings(record: Record) -> tuple[Reading, dict[str, Reading]]:
    """How far all parties are together, and each of them.

    A step of one party alone leads all only to a stage that needs no more than one, such
    as approval; for any other stage all are as far as the one that is least far.
    """
    steps = [e for e in record.events if e.stage is not Stage.PRECURSOR]
    if len(record.parties) < 2:
        return read(record, steps), {}
    if all(e.party is None for e in steps):
        whole = read(record, steps)
        return whole, dict.fromkeys(record.parties, whole)
    rows = lifecycle.of(record.kind)
    whole = read(record, [e for e in steps if e.party is None or e.stage in lifecycle.one_sided()])
    each = {p: read(record, [e for e in steps if e.party in (None, p)]) for p in record.parties}
    place = min(rows[r.stage].ordinal for r in each.values())
    last = [r for r in each.values() if rows[r.stage].ordinal == place]
    least = max(last, key=lambda r: r.run[0].certain_on if r.run else dt.date.min)
    if least.stage not in lifecycle.ENDS and rows[least.stage].ordinal > rows[whole.stage].ordinal:
        whole = replace(
            least, steps=whole.steps, claimed=whole.claimed if whole.claimed is not least.stage else None
        )
    return whole, each


def proven(record: Record, steps: Iterable[Event]) -> list[Event]:
    """The events that the evidence supports, in the order of certainty.

    Whoever credibly reports more than the evidence can prove still reports the promise:
    such an event counts as the pledge, if nothing on record goes as far.
    """
    rows = lifecycle.of(record.kind)
    pledged = rows[Stage.PLEDGED]
    kept: list[Event] = []
    for event in sorted(steps, key=lambda e: (e.certain_on, e.version)):
        row = rows[event.stage]
        if proof.supports(event, row.requirement, record.parties):
            kept.append(event)
        elif (
            row.ordinal > pledged.ordinal
            and all(rows[e.stage].ordinal < pledged.ordinal for e in kept)
            and proof.supports(event, pledged.requirement, record.parties)
        ):
            kept.append(replace(event, stage=Stage.PLEDGED))
    return kept


def course(kind: Kind, steps: Iterable[Event]) -> list[Event]:
    """The events that set the stage, in the order in which they did.

    Where the dates of two events overlap without being the same, either may be the later
    one; then the further stage stands, because pledges mostly move forward. What was
    recorded had happened by then, however vague its date. Of two events with the same
    date, the one recorded later stands, so that a slip can be corrected.
    """
    rows = lifecycle.of(kind)
    taken: list[Event] = []
    for event in sorted(steps, key=lambda e: (e.certain_on, e.version)):
        if taken:
            last = taken[-1]
            same = (event.earliest, event.latest) == (last.earliest, last.latest)
            unclear = event.earliest <= last.certain_on and not same
            if unclear and rows[event.stage].ordinal < rows[last.stage].ordinal:
                continue
        taken.append(event)
    return taken


def _last_run(taken: Sequence[Event]) -> list[Event]:
    run: list[Event] = []
    for event in reversed(taken):
        if run and event.stage is not run[0].stage:
            break
        run.insert(0, event)
    return run


def official_stage(record: Record, steps: Iterable[Event], party: str | None = None) -> Stage | None:
    """The furthest stage that officials claim, whatever the evidence is worth.

    Those of one party, or of any party where none is named; an official source that does
    not say for whom it speaks counts only there. An end (lapsed, redirected, withdrawn)
    counts as furthest only while it is the last thing officials said: a promise can be
    taken up again.
    """
    voices = {party} if party else set(record.parties)
    said = [
        e.stage
        for e in steps
        if any(
            i.source_kind in proof.OFFICIAL
            and (voices.intersection(i.speaks_for) or (party is None and not (voices and i.speaks_for)))
            for i in e.supporters
        )
    ]
    if not said or said[-1] in lifecycle.ENDS:
        return said[-1] if said else None
    rows = lifecycle.of(record.kind)
    return max((s for s in said if s not in lifecycle.ENDS), key=lambda s: rows[s].ordinal)
