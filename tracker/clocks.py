"""The two clocks: as of a day (valid time), as known at a moment (transaction time)."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

PRESENT = dt.datetime(9999, 12, 30)
"""A moment after everything that was ever recorded."""


def today() -> dt.date:
    """Today, UTC: the day for which the view `commitments` speaks."""
    return dt.datetime.now(dt.UTC).date()


class At(NamedTuple):
    """A point on both clocks: how things stood on `day`, by what was known at `known_at` (UTC)."""

    day: dt.date
    known_at: dt.datetime = PRESENT

    @classmethod
    def of(cls, as_of: dt.date | None = None, known_on: dt.date | None = None) -> At:
        """A point from two days, either of which may be left out; `known_on` is taken to its end (UTC).

        Who names only what was known asks about that day too: nobody knew then how things
        would stand today.
        """
        known_at = dt.datetime.combine(known_on, dt.time.max) if known_on is not None else PRESENT
        return cls(as_of or known_on or today(), known_at)

    def bound(self) -> dict[str, Any]:
        """The point as parameters of a query."""
        return {"day": self.day, "known_at": self.known_at}


def now(at: At | None = None) -> At:
    """A point on both clocks, by default the present."""
    return at if at is not None else At(today())
