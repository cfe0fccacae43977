"""What is on record about one commitment: the input of every rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from tracker.terms import Bearing, Credibility, Kind, Reliability, SourceKind, Stage


@dataclass(frozen=True, slots=True)
class Item:
    """One source's bearing on one event, with what the rules need to know of the source."""

    bearing: Bearing
    reliability: Reliability
    credibility: Credibility
    source_kind: SourceKind
    origin: str
    """Whose words they are: of all that pass on the same words, only one counts."""
    speaks_for: tuple[str, ...] = ()
    """Parties in whose name it speaks."""
    published: dt.date | None = None
    """Latest day of its publication; None where it carries no date."""


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
    party: str | None = None
    """Whose step it was; None for a step of all."""

    @property
    def certain_on(self) -> dt.date:
        """First day on which it has certainly happened.

        The latest day of its date, or the day it was recorded if that came first: nobody
        records what has not happened, though it may be tomorrow already where they are.
        """
        return min(self.latest, self.recorded_on)

    @property
    def supporters(self) -> tuple[Item, ...]:
        """The items that speak for it."""
        return tuple(i for i in self.items if i.bearing is Bearing.SUPPORTS)


@dataclass(frozen=True, slots=True)
class Record:
    """All that is on record about one commitment and has not been withdrawn."""

    kind: Kind
    recorded_on: dt.date
    """Day the commitment was first recorded."""
    parties: tuple[str, ...] = ()
    due: dt.date | None = None
    """Latest day of the stated due date."""
    cadence: str | None = None
    """ISO 8601 duration between editions."""
    lapses_after: str | None = None
    """ISO 8601 duration after an edition at which the rhythm counts as broken."""
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
