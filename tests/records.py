"""What is on record, as the rules take it, to start from; a test names only what it is about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tracker.dates import Edtf
from tracker.record import Event, Item, Record
from tracker.terms import Bearing, Credibility, Kind, Reliability, SourceKind, Stage

RECORDED = dt.date(2025, 6, 1)


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def item(
    grades: str = "A1",
    origin: str = "Gazette",
    bearing: str = "supports",
    kind: str = "record",
    speaks_for: tuple[str, ...] = (),
    published: str | None = None,
) -> Item:
    return Item(
        Bearing(bearing),
        Reliability(grades[0]),
        Credibility(int(grades[1])),
        SourceKind(kind),
        origin,
        speaks_for,
        Edtf(published).latest if published else None,
    )


def event(
    stage: str,
    on: str,
    items: Any = None,
    party: str | None = None,
    *,
    version: int = 2,
    recorded: dt.date = RECORDED,
) -> Event:
    date = Edtf(on)
    said = (item(),) if items is None else tuple(items)
    return Event(version, Stage(stage), on, date.earliest, date.latest, recorded, said, party)


def record(
    *steps: tuple[Any, ...], kind: str = "legal-instrument", recorded: dt.date = RECORDED, **more: Any
) -> Record:
    """A record whose steps are (stage, EDTF date), with items and the party whose step it was after them."""
    events = tuple(event(*step, version=n, recorded=recorded) for n, step in enumerate(steps, start=2))
    return Record(Kind(kind), recorded, events=events, **more)
