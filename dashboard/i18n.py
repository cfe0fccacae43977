"""Words, dates and numbers in the reader's language. Knows neither Streamlit nor the database."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

from tracker.dates import Edtf
from tracker.words import Words

LANGUAGES = ("en",)


@lru_cache
def words(language: str) -> Words:
    """The catalogue of one language: the tracker's vocabulary and the dashboard's sentences."""
    return Words(language, ("tracker", "dashboard"))


def day(value: dt.date, language: str) -> str:
    """A calendar day as people write it."""
    return format_date(value, format="medium" if language != "en" else "d MMM y", locale=language)


def moment(value: dt.datetime, language: str) -> str:
    """A moment of UTC, to the minute."""
    return f"{day(value.date(), language)}, {format_time(value.time(), 'HH:mm', locale=language)} UTC"


def number(value: int, language: str) -> str:
    """A whole number as people write it."""
    return format_decimal(value, locale=language)


def date(text: str | None, t: Words) -> str:
    """An EDTF date as people say it: no more exact than it is."""
    if not text:
        return t("date.none")
    if "/" in text:
        start, end = text.split("/")
        return t("date.interval", start=date(start, t), end=date(end, t))
    bare = text.rstrip("?~%")
    mark = text[len(bare) :]
    if len(bare) == 10:
        said = day(dt.date.fromisoformat(bare), t.language)
    elif len(bare) == 4:
        said = bare
    elif bare[5:] > "12":
        said = t(f"date.season.{bare[5:]}", year=bare[:4])
    else:
        said = format_skeleton("yMMM", Edtf(bare).earliest, locale=t.language)
    return t(f"date.mark.{_MARKS[mark]}", date=said) if mark else said


_MARKS = {"~": "about", "?": "perhaps", "%": "perhaps"}


def reading(text: str, t: Words) -> str:
    """What a vague date can mean, in days; empty for an exact one."""
    value = Edtf(text)
    if value.exact:
        return ""
    return t("date.between", first=day(value.earliest, t.language), last=day(value.latest, t.language))
