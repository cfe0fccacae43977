"""Words, dates and numbers in the reader's language. Knows neither Streamlit nor the database."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from tracker.dates import Edtf
from tracker.words import Words

LANGUAGES = ("en", "fr", "ko")
"""Codes of the languages in which every word is there, in the order in which they are offered."""


_NUMBER = r"\{(?:n|total|open|good|months|seconds|rows|delivered|ongoing|days|time)\}"
_COUNTED = re.compile(rf"({_NUMBER}|(?<![\w–∼=-])\d+) (?=[^\W\d_])|\b([^\W\d_]{{1,4}}) (?={_NUMBER})")


class Shown(Words):
    """Words for a page, where the end of a line never parts a number from what it counts."""

    def __init__(self, language: str, packages: Iterable[str]) -> None:
        super().__init__(language, packages)
        self._entries = {
            key: {form: _tied(text) for form, text in entry.items()}
            if isinstance(entry, dict)
            else _tied(entry)
            for key, entry in self._entries.items()
        }


def _tied(text: str) -> str:
    return _COUNTED.sub(lambda found: f"{found[1] or found[2]}\u00a0", text)


@lru_cache
def words(language: str) -> Words:
    """The catalogue of one language: the tracker's vocabulary and the dashboard's sentences."""
    return Shown(language, ("tracker", "dashboard"))


def nearest(*wanted: str) -> str:
    """The language of ours that somebody reads who wants these, the best first; English for all others."""
    spoken = (Locale.negotiate([code.replace("-", "_")], LANGUAGES) for code in wanted)
    return next((str(found) for found in spoken if found), LANGUAGES[0])


_DAY = {"en": "d MMM y", "fr": "d MMM y", "ko": "long"}
"""How a day is written in a line of text, in the words of CLDR."""


def day(value: dt.date, language: str) -> str:
    """A calendar day as people write it, on one line."""
    said = format_date(value, format=_DAY[language], locale=language)
    # Only the first day of a French month is an ordinal number, and CLDR has no pattern for that.
    said = said.replace("1 ", "1er ", 1) if language == "fr" and value.day == 1 else said
    return said.replace(" ", "\u00a0")


def month(value: dt.date, language: str) -> str:
    """The month of a day."""
    return format_skeleton("yMMMM", value, locale=language)


def month_pattern(language: str) -> str:
    """How Vega writes a month and its year."""
    return "%Y년 %-m월" if language == "ko" else "%b %Y"


def day_pattern(language: str) -> str:
    """How Vega writes a day and its year."""
    return "%Y년 %-m월 %-d일" if language == "ko" else "%-d %b %Y"


def moment(value: dt.datetime, language: str) -> str:
    """A moment of UTC, to the minute."""
    time = format_time(value.time(), "HH:mm", locale=language)
    return words(language)("date.moment", day=day(value.date(), language), time=time)


def is_korean(text: str) -> bool:
    """Whether a text has syllables of Hangul: what tells its language where no field on record does."""
    return any("가" <= letter <= "힣" for letter in text)


def number(value: int, language: str) -> str:
    """A whole number as people write it."""
    return format_decimal(value, locale=language)


def distance(days: int, language: str) -> str:
    """So many days, as people say it of what is far: in months from a quarter on, in years from two."""
    for unit, size, least in (("year", 365.25, 2), ("month", 365.25 / 12, 3)):
        if days / size >= least:
            # Of years a half is told.
            told = round(2 * days / size) / 2 if unit == "year" else round(days / size)
            return _measured(told, unit, language)
    return _measured(days, "day", language)


def _measured(value: float, unit: str, language: str) -> str:
    # Korean has one length of them, which is kept as the short one.
    return format_unit(value, f"duration-{unit}", "short" if language == "ko" else "long", locale=language)


def listed(told: Sequence[str], language: str) -> str:
    """Several things in a row, as people write them."""
    return format_list(told, locale=language)


def labelled(name: str, text: str, t: Words) -> str:
    """A text after what it is of, with the colon as the language writes it."""
    return f"{t('site.label', name=name)} {text}"


def language(code: str, reader: str) -> str:
    """The name of a language (BCP 47) for a reader of another; its code where CLDR knows none."""
    try:
        return Locale.parse(code.replace("-", "_")).get_display_name(reader) or code
    except (ValueError, UnknownLocaleError):
        return code


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
        said = t("date.year", year=bare)
    elif bare[5:] > "12":
        said = t(f"date.season.{bare[5:]}", year=bare[:4])
    else:
        said = format_skeleton("yMMM", Edtf(bare).earliest, locale=t.language).replace(" ", "\u00a0")
    return t(f"date.mark.{_MARKS[mark]}", date=said) if mark else said


def since(text: str, t: Words) -> str:
    """Since a date of EDTF; a day may want an article that a month or a year does not."""
    is_day = len(text) == 10 and text[-1].isdigit() and "/" not in text
    return t("row.since_day" if is_day else "row.since", date=date(text, t))


def chart_locale(language: str) -> dict[str, Any]:
    """How Vega writes numbers and dates: the names and signs of CLDR in the form of its configuration."""
    locale = Locale.parse(language)
    symbols = locale.number_symbols["latn"]
    day, time = ("%-d %b %Y", "%H:%M") if language != "ko" else ("%Y년 %-m월 %-d일", "%H:%M")
    monday_last = [*range(6, 7), *range(6)]
    return {
        "number": {
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": ["", ""],
        },
        "time": {
            "dateTime": f"{day} {time}",
            "date": day,
            "time": time,
            "periods": ["AM", "PM"],  # Vega wants them; we write 24 hours.
            "days": [locale.days["stand-alone"]["wide"][n] for n in monday_last],
            "shortDays": [locale.days["stand-alone"]["abbreviated"][n] for n in monday_last],
            "months": [locale.months["stand-alone"]["wide"][n] for n in range(1, 13)],
            "shortMonths": [locale.months["stand-alone"]["abbreviated"][n] for n in range(1, 13)],
        },
    }


_MARKS = {"~": "about", "?": "perhaps", "%": "perhaps"}


def reading(text: str, t: Words, key: str = "date.between") -> str:
    """What a vague date can mean, in days; empty for an exact one."""
    value = Edtf(text)
    if value.exact:
        return ""
    first, last = _apart(value.earliest, value.latest, t.language)
    return t(key, first=first, last=last)


def _apart(first: dt.date, last: dt.date, language: str) -> tuple[str, str]:
    """Two days, month and year said once where both share them."""
    both = day(first, language), day(last, language)
    if first.year != last.year:
        return both
    shared = format_skeleton("yMMM" if first.month == last.month else "y", first, locale=language)
    shared = shared.replace(" ", "\u00a0")
    start, end = both
    if end.startswith(shared):
        return start, end.removeprefix(shared).strip()
    return start.removesuffix(shared).strip(), end
