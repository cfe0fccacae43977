"""Against the calendar: what date is awaited, whether it has passed, and how regular a rhythm is.

Part of the rule book (`tracker.rules.RULES_VERSION`). Days are calendar days where the
thing happens; `today` is always somebody else's parameter.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from tracker import dates, lifecycle
from tracker.record import Event, Record
from tracker.terms import Schedule, Stage, Status

DUE_SOON = dt.timedelta(days=90)

_EDITIONS = (Stage.INAUGURAL_HELD, Stage.RECURRING)
_KEPT = (Status.DELIVERED, Status.ONGOING)


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a record awaits: the input of `schedule`."""

    due: dt.date | None
    """Latest day of the date that is awaited, stated or derived from the rhythm."""
    answered: bool
    """Whether a stated date was kept and none is awaited after it."""
    lapses_on: dt.date | None
    """Last day on which another edition still keeps the rhythm."""
    perhaps: bool = False
    """Whether a step so vaguely dated that it may have been in time answers the date."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How regularly editions were held, and when the next one is expected."""

    editions: tuple[Event, ...]
    """Editions held, in order."""
    next_earliest: dt.date | None
    """First day of the window in which the next one is expected."""
    next_latest: dt.date | None
    """Last day of that window."""
    lapses_on: dt.date | None
    """Last day on which it still keeps the rhythm."""
    longest_gap: int | None
    """Days between the two editions furthest apart."""
    open_gap: int | None
    """Days since the last edition."""


def schedule(
    stage: Stage,
    status: Status,
    awaited: Awaited,
    reaches: dt.date | None,
    today: dt.date,
) -> Schedule:
    """Where a commitment stands against the date that is awaited.

    A date that has passed makes a commitment late, and a rhythm that was not kept within
    its tolerance makes it lapsed, only if evidence or a check reaches beyond that day;
    silence alone makes it unknown, and so does a step that may have been in time.
    """
    if stage is Stage.LAPSED:
        return Schedule.LAPSED
    if status is Status.DELIVERED:
        return Schedule.MET
    # Nobody is awaited any more when a pledge was withdrawn or went elsewhere.
    if status is Status.NOT_DELIVERED:
        return Schedule.NO_DATE
    if awaited.lapses_on is not None and today > awaited.lapses_on:
        return Schedule.LAPSED if _beyond(reaches, awaited.lapses_on) else Schedule.UNKNOWN
    if awaited.answered:
        return Schedule.MET
    if awaited.due is None:
        return Schedule.NO_DATE
    if today <= awaited.due:
        return Schedule.DUE_SOON if awaited.due - today <= DUE_SOON else Schedule.UPCOMING
    late = _beyond(reaches, awaited.due) and not awaited.perhaps
    return Schedule.LATE if late else Schedule.UNKNOWN


def _beyond(reaches: dt.date | None, day: dt.date) -> bool:
    return reaches is not None and reaches > day


def awaited(record: Record, proven: Sequence[Event]) -> Awaited:
    """What is awaited after the steps that the evidence supports.

    The stated date is awaited until an edition is held or the pledge is kept by then;
    where a rhythm is promised, by one edition that belongs to it: not older than the date
    less the interval. After that, and without a stated date, the last edition held plus
    the promised interval is awaited, or where none is promised, plus the tolerated one.
    """
    rows = lifecycle.of(record.kind)
    found = rhythm(record, proven)
    kept = [e for e in proven if e.stage in _EDITIONS or rows[e.stage].status in _KEPT]
    answered = perhaps = False
    if record.due is not None:
        since = dates.before(record.due, record.cadence) if record.cadence else dt.date.min
        timely = [e for e in kept if since < e.earliest <= record.due]
        answered = any(e.certain_on <= record.due for e in timely)
        perhaps = bool(timely) and not answered
        if not timely or (perhaps and found.next_latest is None):
            return Awaited(record.due, False, found.lapses_on, perhaps)
    if found.next_latest is not None:
        return Awaited(found.next_latest, False, found.lapses_on)
    return Awaited(None, answered, found.lapses_on)


def rhythm(record: Record, proven: Sequence[Event], today: dt.date | None = None) -> Rhythm:
    """Editions held, the window of the next one, and the gaps; the open gap counts to `today`.

    The next edition is expected one interval after the last, as vaguely as the last is
    dated. A missing day of month becomes the last one.
    """
    held = sorted(
        (e for e in proven if e.stage in _EDITIONS), key=lambda e: (e.latest, e.earliest, e.version)
    )
    if not held:
        return Rhythm((), None, None, None, None, None)
    last = held[-1]
    step = record.cadence or record.lapses_after
    # Of vague dates, only the days that certainly lay between count.
    gaps = [max((b.earliest - a.latest).days, 0) for a, b in itertools.pairwise(held)]
    return Rhythm(
        editions=tuple(held),
        next_earliest=dates.after(last.earliest, step) if step else None,
        next_latest=dates.after(last.latest, step) if step else None,
        lapses_on=dates.after(last.latest, record.lapses_after) if record.lapses_after else None,
        longest_gap=max(gaps, default=None),
        open_gap=max((today - last.latest).days, 0) if today is not None else None,
    )
