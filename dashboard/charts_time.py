"""Charts over the calendar: what changed by month, and what is awaited when. Rows in, a chart out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import altair as alt
from babel.dates import format_skeleton

from dashboard import i18n, theme
from tracker.words import Words

Rows = Sequence[Mapping[str, Any]]


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
        month = format_skeleton("yMMM", row["month"], locale=t.language)
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
    x = alt.X(
        "month:N",
        title=None,
        scale=alt.Scale(domain=list(labels.values())),
        axis=alt.Axis(labelAngle=0, labelExpr="split(datum.label, ' | ')", labelOverlap=True, ticks=False),
    )
    looks = [theme.colour(theme.CHANGE[sort], ground) for sort in names]
    bars = (
        alt.Chart()
        .mark_bar(cursor="pointer", stroke=theme.PAPER[ground], strokeWidth=1)
        .encode(
            x=x,
            y=alt.Y("n:Q", title=None, stack="zero", axis=None),
            color=alt.Color("sort:N", scale=alt.Scale(domain=list(names.values()), range=looks)),
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
    drawn = cast(alt.LayerChart, alt.layer(bars, totals, data=alt.Data(values=values)))
    return drawn.properties(width="container", height=170)


def _month_labels(months: Sequence[dt.date], language: str) -> dict[dt.date, str]:
    """Short names of months; the year stands under the first month and under every January."""
    found: dict[dt.date, str] = {}
    for month in months:
        name = format_skeleton("MMM", month, locale=language)
        # Months of two years may have one name; a blank, which nobody sees, tells them apart.
        year = str(month.year) if month.month == 1 or not found else " " * (month.year % 10)
        found[month] = f"{name} | {year}"
    return found
