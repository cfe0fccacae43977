"""The rules by which stage, status, schedule and confidence follow from the record.

Pure functions of what is on record and a day. Nothing here reads a clock, a file or a
database; the projections call `timeline` and `findings` and store what they return.
Together with `tracker.proof`, `tracker.schedule`, `tracker.dates` and the lifecycle file
this is the rule book.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tracker import lifecycle, proof, schedule, steps
from tracker.record import Event, Item, Record
from tracker.terms import (
    Bearing,
    Confidence,
    Requirement,
    Schedule,
    Stage,
    Status,
    Weight,
)

RULES_VERSION = 2
"""Edition of the rule book, stored with every judgement. Raise it whenever a rule changes,
and write into rulebook.toml what changed; the tests compare the rules with that file."""

FOREVER = dt.date(9999, 12, 31)
"""Open end of a judgement."""

_SETTLED = (Status.DELIVERED, Status.NOT_DELIVERED)
_MISSED = (Schedule.LATE, Schedule.LAPSED)


@dataclass(frozen=True, slots=True)
class Answer:
    """The three answers for one party of a joint pledge."""

    party: str
    official_stage: Stage | None
    stage: Stage
    claimed_stage: Stage | None
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say about one commitment on one day."""

    stage: Stage
    """The stage that the evidence supports."""
    claimed_stage: Stage | None
    """The stage that is told but not supported; None where both are the same."""
    status: Status
    stage_since: str | None
    """EDTF date of the event that began the present run of the stage; None before any event."""
    schedule: Schedule
    confidence: Confidence
    disputed: bool
    official_stage: Stage | None
    evidence_reaches: dt.date | None
    last_checked: dt.date | None
    deadline: dt.date | None
    """Latest day of the date that is awaited, stated or derived from the rhythm."""
    lapses_on: dt.date | None
    """Last day on which another edition still keeps the rhythm."""
    answers: tuple[Answer, ...]
    """The answers for each party, where there are two or more."""


@dataclass(frozen=True, slots=True)
class Span:
    """A judgement with the days for which it holds; `until` is exclusive."""

    since: dt.date
    until: dt.date
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Finding:
    """What the evidence rule found about one event."""

    version: int
    requirement: Requirement
    supported: bool
    weights: tuple[Weight | None, ...]
    """What each item proves alone, in order; None for one that does not support or is outweighed."""


def judge(record: Record, today: dt.date) -> Judgement | None:
    """The judgement on a day; None while the commitment was not yet on anybody's record.

    The latest supported event sets the stage, and movement backwards is allowed; see
    `steps.course` for what is the latest where dates are vague, `steps.proven` for what
    counts, and `steps.readings` for what one party does alone.
    """
    seen = record.as_of(today)
    whole, each = steps.readings(seen)
    if not any(e.stage is not Stage.PRECURSOR for e in seen.events) and today < record.recorded_on:
        return None
    status = lifecycle.of(record.kind)[whole.stage].status
    reaches = evidence_reaches(seen, today)
    awaited = schedule.awaited(seen, whole.kept)
    stands = _schedule(seen, whole, reaches, today)
    return Judgement(
        stage=whole.stage,
        claimed_stage=whole.claimed,
        status=status,
        stage_since=whole.run[0].happened_on if whole.run else None,
        schedule=stands,
        confidence=confidence(status, [i for e in whole.run for i in e.items], seen.contested),
        disputed=seen.disputed or any(i.bearing is Bearing.CONTRADICTS for e in seen.events for i in e.items),
        official_stage=steps.official_stage(record, whole.steps),
        evidence_reaches=reaches,
        last_checked=seen.checks[-1] if seen.checks else None,
        deadline=None if status in _SETTLED else awaited.due,
        lapses_on=None if status in _SETTLED else awaited.lapses_on,
        answers=tuple(
            Answer(
                party,
                steps.official_stage(record, own.steps, party),
                own.stage,
                own.claimed,
                stands if own is whole else _schedule(seen, own, reaches, today),
            )
            for party, own in each.items()
        ),
    )


def _schedule(seen: Record, found: steps.Reading, reaches: dt.date | None, today: dt.date) -> Schedule:
    """The schedule by the steps that are proven.

    What is credibly told to have been kept in time, without being proven, is neither met
    nor late.
    """
    rows = lifecycle.of(seen.kind)
    awaited = schedule.awaited(seen, found.kept)
    by_proof = schedule.schedule(found.stage, rows[found.stage].status, awaited, reaches, today)
    if by_proof not in _MISSED or found.stage is Stage.LAPSED:
        return by_proof
    told = _told_in_time(seen, found, awaited)
    if told is None:
        return by_proof
    said = told[-1].stage
    by_word = schedule.schedule(said, rows[said].status, schedule.awaited(seen, told), reaches, today)
    return by_proof if by_word in _MISSED else Schedule.UNKNOWN


def _told_in_time(seen: Record, found: steps.Reading, awaited: schedule.Awaited) -> list[Event] | None:
    """The proven steps with those credibly told that answer what is awaited; None where there are none."""
    limits = [day for day in (awaited.due, awaited.lapses_on) if day is not None]
    known = {e.version for e in found.kept}
    told = [
        e
        for e in found.steps
        if e.version not in known
        and e.earliest <= max(limits)
        and proof.supports(e, Requirement.WORD, seen.parties)
    ]
    if not told:
        return None
    return sorted([*found.kept, *told], key=lambda e: (e.certain_on, e.version))


def evidence_reaches(record: Record, today: dt.date) -> dt.date | None:
    """The latest day, up to today, on which evidence or a check speaks for the commitment.

    An event speaks for the day it reports, not for the day its source was published: a
    later source that recalls an earlier event is silent about the time between. It speaks
    if its sources prove at least words, for it or against it: a rumour does not. A vague
    date speaks for its earliest day only.
    """
    spoken = [e.earliest for e in record.events if _speaks(e, record.parties)] + list(record.checks)
    return max((day for day in spoken if day <= today), default=None)


def _speaks(event: Event, parties: Sequence[str]) -> bool:
    return proof.supports(event, Requirement.WORD, parties) or any(
        i.bearing is Bearing.CONTRADICTS and proof.weight(i, event.earliest) >= Weight.WORD
        for i in event.items
    )


def confidence(status: Status, items: Iterable[Item], contested: bool = False) -> Confidence:
    """How well the evidence carries a stage, from the Admiralty grades of its items.

    High: two origins graded A–B with information graded 1–2. Moderate: one such, or two
    origins graded A–C and 1–3. Low: anything less. A contradicting item graded A–B and
    1–2, or a dispute still open, lowers the answer by one. What no party has confirmed is
    always low.
    """
    items = list(items)
    if status is Status.UNCONFIRMED:
        return Confidence.LOW
    supporting = [i for i in items if i.bearing is Bearing.SUPPORTS]
    strong = {i.origin.casefold() for i in supporting if proof.strong(i.reliability, i.credibility)}
    possible = {i.origin.casefold() for i in supporting if proof.possible(i.reliability, i.credibility)}
    level = 2 if len(strong) >= 2 else 1 if strong or len(possible) >= 2 else 0
    if contested or any(
        i.bearing is Bearing.CONTRADICTS and proof.strong(i.reliability, i.credibility) for i in items
    ):
        level = max(level - 1, 0)
    return tuple(Confidence)[level]


def findings(record: Record) -> list[Finding]:
    """What the evidence rule finds about every event of a record."""
    rows = lifecycle.of(record.kind)
    found = []
    for event in record.events:
        counted = proof.standing(event)
        requirement = rows[event.stage].requirement
        found.append(
            Finding(
                event.version,
                requirement,
                proof.supports(event, requirement, record.parties),
                tuple(proof.weight(i, event.earliest) if i in counted else None for i in event.items),
            )
        )
    return found


def timeline(record: Record) -> list[Span]:
    """Every judgement the record supports, day by day, as spans without gaps.

    A judgement can change only when an event becomes certain or its day comes, a check speaks,
    a deadline comes within 90 days or passes, or a rhythm lapses, by what is proven or by what
    is told; those days are tried and equal neighbours joined.
    """
    turns = {record.recorded_on, *record.checks}
    # Where it was recorded it may have been tomorrow already.
    turns |= {d for e in record.events for d in (e.certain_on, max(e.certain_on, e.earliest))}
    for day in list(turns):
        seen = record.as_of(day)
        whole, each = steps.readings(seen)
        for own in (whole, *(own for own in each.values() if own is not whole)):
            awaited = schedule.awaited(seen, own.kept)
            waiting = [awaited]
            if awaited.due is not None or awaited.lapses_on is not None:
                told = _told_in_time(seen, own, awaited)
                waiting += [schedule.awaited(seen, told)] if told is not None else []
            for date in waiting:
                if date.due is not None:
                    turns |= {date.due - schedule.DUE_SOON, date.due + dt.timedelta(days=1)}
                if date.lapses_on is not None:
                    turns.add(date.lapses_on + dt.timedelta(days=1))
    spans: list[Span] = []
    for day in sorted(turns):
        found = judge(record, day)
        if found is None or (spans and spans[-1].judgement == found):
            continue
        if spans:
            spans[-1] = replace(spans[-1], until=day)
        spans.append(Span(day, FOREVER, found))
    return spans
