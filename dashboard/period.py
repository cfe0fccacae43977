"""For which time the log is asked, as the address says: since a day, or a span back from now."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import streamlit as st

from dashboard import clocks
from dashboard.server import visits
from dashboard.session import at
from tracker.dates import Edtf

NAME, SINCE, UNTIL = "period", "since", "until"
"""Words of the address."""
DAYS = (7, 30, 90)
VISIT, ALL = "visit", "all"
_FIRST = 30
"""Days shown to somebody who has not been here before."""


class Period(NamedTuple):
    """A time: `code` is how it was chosen, `first` is None where it has no beginning, `last` where no end."""

    code: str
    first: dt.datetime | None
    last: dt.datetime | None


def end() -> dt.datetime:
    """The moment up to which the page speaks: the one on its clock, or this one."""
    return min(at().known_at, visits.present())


def chosen() -> Period:
    """The period that the address names; without one since the last visit, or on a first one a month.

    Whoever looks at what was known on an earlier day was not there then.
    """
    since, until = _day(SINCE), _day(UNTIL)
    if since is not None:
        last = dt.datetime.combine(until.latest, dt.time.max) if until is not None else None
        return Period(SINCE, dt.datetime.combine(since.earliest, dt.time.min), last)
    code = st.query_params.get(NAME, VISIT)
    if code == ALL:
        return Period(ALL, None, None)
    visit = visits.last() if clocks.day("known_on") is None else None
    if code == VISIT and visit is not None:
        return Period(VISIT, visit, None)
    days = int(code) if code in map(str, DAYS) else _FIRST
    first = dt.datetime.combine(end().date() - dt.timedelta(days=days), dt.time.min)
    return Period(str(days), first, None)


def _day(name: str) -> Edtf | None:
    try:
        return Edtf(st.query_params.get(name, ""))
    except ValueError:
        return None
