"""Dates as people know them: EDTF (ISO 8601-2, levels 0 and 1) and ISO 8601 durations.

Nothing here knows what day it is; "today" is always somebody else's parameter.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

# Masked digits (202X), open intervals and long years have no use for a pledge and
# no earliest and latest day that the calendar of the database could hold.
# Years end where a cadence can still be added and the seasons where level 1 ends.
_PART = r"[1-8]\d{3}(-([01]\d|2[0-4])(-\d{2})?)?[?~%]?"  # day, month, season or year
_FORM = re.compile(rf"(?P<date>{_PART})(/(?P<end>{_PART}))?")
_WINTER = "24"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Edtf(str):
    """A date in EDTF: `2026-02-25`, `2026-02`, `2026`, `2026-21` (spring), `2026-02~`.

    Two dates joined by a slash are an interval. `earliest` and `latest` are the
    first and last calendar day the text can mean. A qualifier (`?` uncertain,
    `~` approximate, `%` both) is kept and shown; it does not move the bounds,
    because how far "about" reaches is the reader's judgement.

    Raises ValueError when the text is not such a date, names a day that does
    not exist, or ends before it starts.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Edtf:
        _bounds(text)
        return super().__new__(cls, text)

    @property
    def earliest(self) -> dt.date:
        """First day the date can mean."""
        return _bounds(str(self))[0]

    @property
    def latest(self) -> dt.date:
        """Last day the date can mean."""
        return _bounds(str(self))[1]

    def begins_after(self, day: dt.date) -> bool:
        """Whether the date, or either end of an interval, lies wholly after a day."""
        return any(_bounds(part)[0] > day for part in self.split("/"))

    @property
    def exact(self) -> bool:
        """Whether it is one calendar day, unqualified."""
        return _DAY.fullmatch(self) is not None


class EndBeforeStart(ValueError):
    """An interval that ends before it starts."""


@lru_cache(maxsize=4096)
def _bounds(text: str) -> tuple[dt.date, dt.date]:
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(text)
    start, end = _part(match["date"]), _part(match["end"] or match["date"])
    if end[1] < start[0]:
        raise EndBeforeStart(text)
    return start[0], end[1]


def _part(text: str) -> tuple[dt.date, dt.date]:
    bare = text.rstrip("?~%")
    if _DAY.fullmatch(bare):
        day = dt.date.fromisoformat(bare)
        return day, day
    # The library costs a tenth of a second to import, and most dates are plain days.
    from edtf import EDTFParseException, parse_edtf

    try:
        parsed = parse_edtf(bare)
    except EDTFParseException as error:
        raise ValueError(text) from error
    earliest, latest = (dt.date(*t[:3]) for t in (parsed.lower_strict(), parsed.upper_strict()))
    if bare[5:] == _WINTER:
        # The library ends winter with the year; ours has three months like every season.
        latest = dt.date(earliest.year + 1, 3, 1) - dt.timedelta(days=1)
    return earliest, latest


def duration(text: str) -> str:
    """Return `text` if it is an ISO 8601 duration of a day to a century, such as `P2Y`.

    Raises ValueError otherwise.
    """
    import isodate

    try:
        parsed = isodate.parse_duration(text)
        later = dt.date(2000, 1, 1) + parsed
    except (isodate.ISO8601Error, TypeError, OverflowError) as error:
        raise ValueError(text) from error
    if "T" in text or not dt.date(2000, 1, 1) < later <= dt.date(2100, 1, 1):
        raise ValueError(text)
    return text


def before(day: dt.date, length: str) -> dt.date:
    """The day one ISO 8601 duration earlier; a missing day of month becomes the last one."""
    earlier: dt.date = day - _length(length)
    return earlier


def after(day: dt.date, length: str) -> dt.date:
    """The day one ISO 8601 duration later; a missing day of month becomes the last one."""
    later: dt.date = day + _length(length)
    return later


@lru_cache
def _length(text: str) -> Any:
    import isodate

    return isodate.parse_duration(text)
