"""Months side by side: what changed in each by sort, and how many dates fall in each by schedule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import altair as alt
from babel.dates import format_skeleton

from dashboard import i18n, theme
from dashboard.charts import drawing
from dashboard.charts.drawing import Rows
from tracker.terms import Schedule
from tracker.words import Words

SCHEDULES = (Schedule.LATE, Schedule.LAPSED, Schedule.UNKNOWN, Schedule.DUE_SOON, Schedule.UPCOMING)
"""Schedules of what is awaited, what has passed first."""


def changes(
    rows: Rows,
    months: Sequence[dt.date],
    t: Words,
    ground: str,
    address: Callable[[dt.date], str],
) -> alt.LayerChart:
    """A bar for each of these months, in pieces by sort of change; the number stands on top.

    `address` gives the address of the changes of a month.
    """
    names = {
        sort: t(f"changes.sorts.{sort}") for sort in theme.CHANGE if any(r["sort"] == sort for r in rows)
    }
    labels = _month_labels(months, t.language)
    values = []
    for row in rows:
        month = i18n.month(row["month"], t.language)
        facts = {"month": month, "sort": names[row["sort"]], "n": i18n.number(row["n"], t.language)}
        values.append(
            {
                "month": labels[row["month"]],
                "sort": names[row["sort"]],
                "place": list(names).index(row["sort"]),
                "n": row["n"],
                "href": address(row["month"]),
                "description": t("changes.said", **facts),
            }
        )
    x = _month_axis(labels)
    looks = [theme.colour(theme.CHANGE[sort], ground) for sort in names]
    most = max((sum(r["n"] for r in rows if r["month"] == month) for month in months), default=0) or 1
    bars = (
        alt.Chart()
        .mark_bar(cursor="pointer", stroke=theme.PAPER[ground], strokeWidth=1)
        .encode(
            x=x,
            y=alt.Y("n:Q", title=None, stack="zero", axis=None, scale=alt.Scale(domain=[0, most * 1.2])),
            color=alt.Color(
                "sort:N",
                scale=alt.Scale(domain=list(names.values()), range=looks),
                legend=drawing.legend(),
            ),
            order=alt.Order("place:Q"),
            href="href:N",
            description="description:N",
            tooltip=alt.Tooltip("description:N"),
        )
    )
    totals = (
        alt.Chart()
        .mark_text(dy=-7, fontSize=13, aria=False)
        .encode(x=x, y="sum(n):Q", text="sum(n):Q", color=alt.value(theme.TEXT[ground]))
    )
    few = len({row["month"] for row in rows}) < 3
    return drawing.sized(drawing.layered([bars, totals], values), height=90 if few else 170)


def months(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first days of all months from that of one day to that of another."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [dt.date(n // 12, n % 12 + 1, 1) for n in numbers]


def _month_axis(labels: Mapping[dt.date, str]) -> alt.X:
    narrow = f"width < {drawing.PHONE}"
    return alt.X(
        "month:N",
        title=None,
        scale=alt.Scale(domain=list(labels.values())),
        axis=alt.Axis(
            labelAngle=0,
            labelExpr=f"[split(datum.label, ' | ')[{narrow} ? 1 : 0], split(datum.label, ' | ')[2]]",
            labelFontSize=alt.ExprRef(f"{narrow} ? 11 : 13"),
            labelOverlap=True,
            ticks=False,
        ),
    )


def _month_labels(months: Sequence[dt.date], language: str) -> dict[dt.date, str]:
    """Short names of months, for a phone without their full stop; the year stands under the first month
    and under every January."""
    found: dict[dt.date, str] = {}
    for month in months:
        name = format_skeleton("MMM", month, locale=language)
        # Months of two years may have one name; a blank, which nobody sees, tells them apart.
        year = str(month.year) if month.month == 1 or not found else " " * (month.year % 10)
        found[month] = f"{name} | {name.rstrip('.')} | {year}"
    return found


def pace(rows: Rows, months: Sequence[dt.date], t: Words, ground: str) -> alt.Chart:
    """How many dates fall in each of these months, by schedule: for more of them than lines can hold."""
    labels = _month_labels(months, t.language)
    states = [s for s in SCHEDULES if any(row["schedule"] == s for row in rows)]
    names = {s: t(f"schedule.{s}") for s in states}
    values = [
        {
            "month": labels[row["month"]],
            "state": names[row["schedule"]],
            "place": states.index(row["schedule"]),
            "n": row["n"],
            "description": t(
                "changes.said",
                month=i18n.month(row["month"], t.language),
                sort=names[row["schedule"]],
                n=i18n.number(row["n"], t.language),
            ),
        }
        for row in rows
    ]
    colours = [theme.colour(theme.SCHEDULE[s], ground) for s in states]
    drawn = (
        drawing.drawn_from(values)
        .mark_bar(stroke=theme.PAPER[ground], strokeWidth=1)
        .encode(
            x=_month_axis(labels),
            y=alt.Y("n:Q", title=None, stack="zero", axis=alt.Axis(format="d", tickMinStep=1, tickCount=4)),
            color=alt.Color("state:N", scale=alt.Scale(domain=list(names.values()), range=colours)),
            order=alt.Order("place:Q"),
            description="description:N",
            tooltip=alt.Tooltip("description:N"),
        )
    )
    return drawing.sized(drawn, height=220)
