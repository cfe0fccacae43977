"""What is awaited, as HTML: what has passed first, then month by month, each date with what it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from dashboard import charts, i18n, linked, theme
from dashboard.markup import marks
from dashboard.session import t, words

Row = Mapping[str, Any]


def passed(rows: Sequence[Row]) -> str:
    """Dates that went by without an answer, the longest ago first."""
    return _list(rows)


def coming(rows: Sequence[Row]) -> str:
    """Dates to come under their months, and under the year where a date names no month."""
    parts = []
    for heading, found in groupby(sorted(rows, key=_place), key=_place):
        year, month = heading
        said = i18n.month(dt.date(year, month, 1), words().language) if month <= 12 else _year(year)
        # Not every language has capitals in its months, but every heading begins with one.
        parts.append(f'<h3 class="day">{escape(said[:1].upper() + said[1:])}</h3>{_list([*found])}')
    return "".join(parts)


def _year(year: int) -> str:
    return t("next.year", year=t("date.year", year=year))


def _place(row: Row) -> tuple[int, int]:
    """Year and month of a date; 13 stands for no month."""
    first, last = row["due_earliest"], row["due_latest"]
    month = last.month if (first.year, first.month) == (last.year, last.month) else 13
    return last.year, month


def _list(rows: Sequence[Row]) -> str:
    return f'<ol class="log">{"".join(map(_item, rows))}</ol>'


def _item(row: Row) -> str:
    name = f"<b>{linked.anchor(row['title'], linked.commitment(row['id']))}</b>"
    if row["step"]:
        name = i18n.labelled(name, escape(row["step"]), words())
    what = marks.tag(f"{theme.AWAITED[row['what']]} {t('next.what.' + row['what'])}", "gray")
    facts = f"{marks.schedule(row['schedule'])} {what} {escape(charts.distance(row, words()))}"
    return (
        f"<li><div>{escape(i18n.date(row['due'], words()))}</div><div><p>{name}</p>"
        f'<p>{facts} · <span class="quiet">{escape(_basis(row))}</span></p></div></li>'
    )


def _basis(row: Row) -> str:
    """What the date rests on, and what it can mean where it is vague."""
    code = f"step_{row['basis']}" if row["what"] == "step" else row["what"]
    told = [t(f"next.basis.{code}")]
    if row["due_earliest"] != row["due_latest"] and "/" not in row["due"]:
        told.append(i18n.reading(row["due"], words(), "date.within"))
    return " ".join(told)
