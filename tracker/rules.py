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

from tracker import lifecycle, proof, schedule
from tracker.record import Event, Item, Record
from tracker.terms import (
    Bearing,
    Confidence,
    Kind,
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
    `course` for what is the latest where dates are vague, and `proven` for what counts.
    """
    seen = record.as_of(today)
    steps = [e for e in seen.events if e.stage is not Stage.PRECURSOR]
    if not steps and today < record.recorded_on:
        return None
    kept = proven(record, steps)
    run = _last_run(course(record.kind, kept))
    stage, claimed = _reached(record.kind, run, steps)
    status = lifecycle.of(record.kind)[stage].status
    reaches = schedule.evidence_reaches(seen, today)
    awaited = schedule.awaited(seen, kept)
    answers = tuple(_answer(seen, p, steps, reaches, today) for p in record.parties)
    return Judgement(
        stage=stage,
        claimed_stage=claimed,
        status=status,
        stage_since=run[0].happened_on if run else None,
        schedule=_schedule(seen, kept, steps, (stage, claimed), reaches, today),
        confidence=confidence(status, [i for e in run for i in e.items], seen.contested),
        disputed=seen.disputed or any(i.bearing is Bearing.CONTRADICTS for e in steps for i in e.items),
        official_stage=official_stage(record, steps),
        evidence_reaches=reaches,
        last_checked=seen.checks[-1] if seen.checks else None,
        deadline=None if status in _SETTLED else awaited.due,
        lapses_on=None if status in _SETTLED else awaited.lapses_on,
        answers=answers if len(answers) > 1 else (),
    )


def _answer(
    seen: Record, party: str, steps: Sequence[Event], reaches: dt.date | None, today: dt.date
) -> Answer:
    """The three answers for one party, from the steps of all and its own."""
    own = [e for e in steps if e.party in (None, party)]
    kept = proven(seen, own)
    stage, claimed = _reached(seen.kind, _last_run(course(seen.kind, kept)), own)
    return Answer(
        party,
        official_stage(seen, own, party),
        stage,
        claimed,
        _schedule(seen, kept, own, (stage, claimed), reaches, today),
    )


def _schedule(
    seen: Record,
    kept: Sequence[Event],
    steps: Sequence[Event],
    stages: tuple[Stage, Stage | None],
    reaches: dt.date | None,
    today: dt.date,
) -> Schedule:
    """The schedule by the steps that are proven.

    What sources say was kept in time, without proving it, is neither met nor late.
    """
    rows = lifecycle.of(seen.kind)
    stage, claimed = stages
    by_proof = schedule.schedule(stage, rows[stage].status, schedule.awaited(seen, kept), reaches, today)
    if by_proof not in _MISSED:
        return by_proof
    # A further edition is told of without another stage.
    told, said = [e for e in steps if e.supporters], claimed or stage
    by_word = schedule.schedule(said, rows[said].status, schedule.awaited(seen, told), reaches, today)
    return by_proof if by_word in _MISSED else Schedule.UNKNOWN


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


def _reached(kind: Kind, run: Sequence[Event], steps: Sequence[Event]) -> tuple[Stage, Stage | None]:
    """The supported stage, and the one that sources claim instead, if they do."""
    # A commitment is only entered with a source that says it was promised.
    stage = run[0].stage if run else Stage.REPORTED_UNCONFIRMED
    told = course(kind, [e for e in steps if e.supporters])
    return stage, told[-1].stage if told and told[-1].stage is not stage else None


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
        steps = [e for e in seen.events if e.stage is not Stage.PRECURSOR]
        for own in (steps, *([e for e in steps if e.party in (None, p)] for p in record.parties)):
            kept, told = proven(seen, own), [e for e in own if e.supporters]
            for basis in (kept,) if told == kept else (kept, told):
                awaited = schedule.awaited(seen, basis)
                if awaited.due is not None:
                    turns |= {awaited.due - schedule.DUE_SOON, awaited.due + dt.timedelta(days=1)}
                if awaited.lapses_on is not None:
                    turns.add(awaited.lapses_on + dt.timedelta(days=1))
    spans: list[Span] = []
    for day in sorted(turns):
        found = judge(record, day)
        if found is None or (spans and spans[-1].judgement == found):
            continue
        if spans:
            spans[-1] = replace(spans[-1], until=day)
        spans.append(Span(day, FOREVER, found))
    return spans
