"""The rules by which status, schedule and confidence follow from the record.

Pure functions of what is on record and a day. Nothing here reads a clock, a file or a
database; the projections call `timeline` and store what it returns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracker import dates, lifecycle
from tracker.terms import (
    Bearing,
    Confidence,
    Credibility,
    Kind,
    Reliability,
    Schedule,
    SourceKind,
    Stage,
    Status,
)

RULES_VERSION = 1
"""Stored with every judgement; raise it whenever a rule in this file changes."""

DUE_SOON = dt.timedelta(days=90)
FOREVER = dt.date(9999, 12, 31)
"""Open end of a judgement."""

_EDITIONS = (Stage.INAUGURAL_HELD, Stage.RECURRING)
_KEPT = (Status.DELIVERED, Status.ONGOING)
_SETTLED = (Status.DELIVERED, Status.NOT_DELIVERED)


@dataclass(frozen=True, slots=True)
class Item:
    """One source's bearing on one event, with what the rules need to know of the source."""

    bearing: Bearing
    reliability: Reliability
    credibility: Credibility
    source_kind: SourceKind
    publisher: str


@dataclass(frozen=True, slots=True)
class Event:
    """A judgement that on some day the commitment reached a stage."""

    version: int
    stage: Stage
    happened_on: str
    earliest: dt.date
    latest: dt.date
    recorded_on: dt.date
    items: tuple[Item, ...]

    @property
    def certain_on(self) -> dt.date:
        """First day on which it has certainly happened.

        The latest day of its date, or the day it was recorded if that came first: nobody
        records what has not happened, though it may be tomorrow already where they are.
        """
        return min(self.latest, self.recorded_on)


@dataclass(frozen=True, slots=True)
class Record:
    """All that is on record about one commitment: the input of every rule."""

    kind: Kind
    recorded_on: dt.date
    """Day the commitment was first recorded."""
    due: dt.date | None = None
    """Latest day of the stated due date."""
    cadence: str | None = None
    """ISO 8601 duration between editions."""
    events: tuple[Event, ...] = ()
    checks: tuple[dt.date, ...] = ()
    disputed: bool = False
    """Whether a dispute on record touches the commitment."""
    contested: bool = False
    """Whether one of those disputes is still open."""

    def as_of(self, day: dt.date) -> Record:
        """The record with only what had certainly happened by that day, in the order of certainty."""
        known = (e for e in self.events if e.certain_on <= day)
        return replace(
            self,
            events=tuple(sorted(known, key=lambda e: (e.certain_on, e.version))),
            checks=tuple(sorted(c for c in self.checks if c <= day)),
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say about one commitment on one day."""

    stage: Stage
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


@dataclass(frozen=True, slots=True)
class Span:
    """A judgement with the days for which it holds; `until` is exclusive."""

    since: dt.date
    until: dt.date
    judgement: Judgement


def judge(record: Record, today: dt.date) -> Judgement | None:
    """The judgement on a day; None while the commitment was not yet on anybody's record.

    The latest event sets the stage, and movement backwards is allowed; see `course` for
    what is the latest where dates are vague.
    """
    seen = record.as_of(today)
    steps = [e for e in seen.events if e.stage is not Stage.PRECURSOR]
    if not steps and today < record.recorded_on:
        return None
    run = _last_run(course(record.kind, steps))
    # A commitment is only entered with a source that says it was promised.
    stage = run[0].stage if run else Stage.REPORTED_UNCONFIRMED
    found = lifecycle.of(record.kind)[stage].status
    reaches = evidence_reaches(seen, today)
    due, answered = deadline(seen)
    return Judgement(
        stage=stage,
        status=found,
        stage_since=run[0].happened_on if run else None,
        schedule=schedule(stage, found, due, answered, reaches, today),
        confidence=confidence(found, [i for e in run for i in e.items], seen.contested),
        disputed=seen.disputed or any(i.bearing is Bearing.CONTRADICTS for e in steps for i in e.items),
        official_stage=official_stage(record.kind, steps),
        evidence_reaches=reaches,
        last_checked=seen.checks[-1] if seen.checks else None,
        deadline=None if found in _SETTLED else due,
    )


def course(kind: Kind, steps: Iterable[Event]) -> list[Event]:
    """The events that set the stage, in the order in which they did.

    Where the dates of two events overlap without being the same, either may be the later
    one; then the further stage stands, because pledges mostly move forward. Of two events
    with the same date, the one recorded later stands, so that a slip can be corrected.
    """
    rows = lifecycle.of(kind)
    taken: list[Event] = []
    for event in sorted(steps, key=lambda e: (e.certain_on, e.version)):
        if taken:
            last = taken[-1]
            same = (event.earliest, event.latest) == (last.earliest, last.latest)
            unclear = event.earliest <= last.latest and not same
            if unclear and rows[event.stage].ordinal < rows[last.stage].ordinal:
                continue
        taken.append(event)
    return taken


def _last_run(steps: list[Event]) -> list[Event]:
    """The unbroken run of events at the last stage."""
    run: list[Event] = []
    for event in reversed(steps):
        if run and event.stage is not run[0].stage:
            break
        run.insert(0, event)
    return run


def schedule(
    stage: Stage,
    status: Status,
    due: dt.date | None,
    answered: bool,
    reaches: dt.date | None,
    today: dt.date,
) -> Schedule:
    """Where a commitment stands against `due`, the latest day of the date that is awaited.

    `answered` says that a stated date was kept and none is awaited after it. A date that
    has passed makes a commitment late only if evidence or a check reaches beyond it;
    silence alone makes it unknown.
    """
    if stage is Stage.LAPSED:
        return Schedule.LAPSED
    if status is Status.DELIVERED or (answered and status is not Status.NOT_DELIVERED):
        return Schedule.MET
    # Nobody is awaited any more when a pledge was withdrawn or went elsewhere.
    if status is Status.NOT_DELIVERED or due is None:
        return Schedule.NO_DATE
    if today <= due:
        return Schedule.DUE_SOON if due - today <= DUE_SOON else Schedule.UPCOMING
    return Schedule.LATE if reaches is not None and reaches > due else Schedule.UNKNOWN


def deadline(record: Record) -> tuple[dt.date | None, bool]:
    """The latest day of the date that is awaited, and whether a stated date was answered.

    The stated date is awaited until an edition is held or the pledge is kept by then;
    where a rhythm is promised, by one edition that belongs to it: not older than the date
    less the interval. After that, and without a stated date, the last edition held plus
    the promised interval is awaited.
    """
    rows = lifecycle.of(record.kind)
    kept = [e for e in record.events if e.stage in _EDITIONS or rows[e.stage].status in _KEPT]
    answered = False
    if record.due is not None:
        since = dates.before(record.due, record.cadence) if record.cadence else dt.date.min
        answered = any(since < e.earliest <= record.due for e in kept)
        if not answered:
            return record.due, False
    held = [e.latest for e in record.events if e.stage in _EDITIONS]
    if record.cadence is not None and held:
        return dates.after(max(held), record.cadence), False
    return None, answered


def evidence_reaches(record: Record, today: dt.date) -> dt.date | None:
    """The latest day, up to today, on which evidence or a check speaks for the commitment.

    An event speaks for the day it reports, not for the day its source was published: a
    later source that recalls an earlier event is silent about the time between. A vague
    date speaks for its earliest day only.
    """
    spoken = [e.earliest for e in record.events] + list(record.checks)
    return max((day for day in spoken if day <= today), default=None)


def confidence(status: Status, items: Iterable[Item], contested: bool = False) -> Confidence:
    """How well the evidence carries a stage, from the Admiralty grades of its items.

    High: two publishers graded A–B with information graded 1–2. Moderate: one such, or
    two publishers graded A–C and 1–3. Low: anything less. A contradicting item graded
    A–B and 1–2, or a dispute still open, lowers the answer by one. What no party has
    confirmed is always low.
    """
    items = list(items)
    if status is Status.UNCONFIRMED:
        return Confidence.LOW
    strong = {i.publisher for i in items if i.bearing is Bearing.SUPPORTS and _strong(i)}
    fair = {i.publisher for i in items if i.bearing is Bearing.SUPPORTS and _fair(i)}
    level = 2 if len(strong) >= 2 else 1 if strong or len(fair) >= 2 else 0
    if contested or any(i.bearing is Bearing.CONTRADICTS and _strong(i) for i in items):
        level = max(level - 1, 0)
    return tuple(Confidence)[level]


def _strong(item: Item) -> bool:
    return item.reliability <= Reliability.B and item.credibility <= Credibility.PROBABLY_TRUE


def _fair(item: Item) -> bool:
    return item.reliability <= Reliability.C and item.credibility <= Credibility.POSSIBLY_TRUE


def official_stage(kind: Kind, steps: Iterable[Event]) -> Stage | None:
    """The furthest stage that a source of kind official supports.

    An end (lapsed, redirected, withdrawn) counts as furthest only while it is the last
    thing officials said: a promise can be taken up again.
    """
    said = [
        e.stage
        for e in steps
        if any(i.bearing is Bearing.SUPPORTS and i.source_kind is SourceKind.OFFICIAL for i in e.items)
    ]
    if not said or said[-1] in lifecycle.ENDS:
        return said[-1] if said else None
    rows = lifecycle.of(kind)
    return max((s for s in said if s not in lifecycle.ENDS), key=lambda s: rows[s].ordinal)


def timeline(record: Record) -> list[Span]:
    """Every judgement the record supports, day by day, as spans without gaps.

    A judgement can change only when an event becomes certain, a check speaks, or a
    deadline comes within 90 days or passes; those days are tried and equal neighbours
    joined.
    """
    turns = {record.recorded_on, *record.checks, *(e.certain_on for e in record.events)}
    for day in list(turns):
        due, _ = deadline(record.as_of(day))
        if due is not None:
            turns |= {due - DUE_SOON, due + dt.timedelta(days=1)}
    spans: list[Span] = []
    for day in sorted(turns):
        found = judge(record, day)
        if found is None or (spans and spans[-1].judgement == found):
            continue
        if spans:
            spans[-1] = replace(spans[-1], until=day)
        spans.append(Span(day, FOREVER, found))
    return spans
