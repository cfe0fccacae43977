"""Charts over the calendar: what changed by month, and what is awaited when. Rows in, a chart out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import altair as alt
from babel.dates import format_skeleton

from dashboard import i18n, theme
from tracker.terms import Schedule
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
                legend=alt.Legend(columns=alt.ExprRef("width < 480 ? 3 : 10")),
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
    drawn = cast(alt.LayerChart, alt.layer(bars, totals, data=alt.Data(values=values)))
    return drawn.properties(width="container", height=170)


def months(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first days of all months from that of one day to that of another."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [dt.date(n // 12, n % 12 + 1, 1) for n in numbers]


def _month_axis(labels: Mapping[dt.date, str]) -> alt.X:
    return alt.X(
        "month:N",
        title=None,
        scale=alt.Scale(domain=list(labels.values())),
        axis=alt.Axis(labelAngle=0, labelExpr="split(datum.label, ' | ')", labelOverlap=True, ticks=False),
    )


def _month_labels(months: Sequence[dt.date], language: str) -> dict[dt.date, str]:
    """Short names of months; the year stands under the first month and under every January."""
    found: dict[dt.date, str] = {}
    for month in months:
        name = format_skeleton("MMM", month, locale=language)
        # Months of two years may have one name; a blank, which nobody sees, tells them apart.
        year = str(month.year) if month.month == 1 or not found else " " * (month.year % 10)
        found[month] = f"{name} | {year}"
    return found


_LINE = 38
"""Pixels for the line of one date, with its name above it."""
_PASSED = (Schedule.LATE, Schedule.LAPSED, Schedule.UNKNOWN)
_COMING = (Schedule.DUE_SOON, Schedule.UPCOMING)


def ahead(
    rows: Rows, day: dt.date, until: dt.date, t: Words, ground: str, address: Callable[[str], str]
) -> alt.LayerChart:
    """A line for each date: a bar for the days that it may mean, a mark on the last of them.

    The rule is the day asked for; what has passed stands left of it. Dates outside of the span,
    which is at most as long before that day as after, stand at its edges. Names stand above
    their lines, so that a phone has the whole width for both.
    """
    length = until - day
    oldest = min((row["due_latest"] for row in rows), default=day)
    left = max(min(oldest, day - length / 8), day - length) - dt.timedelta(days=5)
    states = [s for s in (*_PASSED, *_COMING) if any(row["schedule"] == s for row in rows)]
    names = [t(f"schedule.{s}") for s in states]
    looks = [theme.SCHEDULE[s] for s in states]
    values = []
    for number, row in enumerate(rows):
        label = row["title"] if row["step"] is None else i18n.labelled(row["title"], row["step"], t)
        state, when = t(f"schedule.{row['schedule']}"), i18n.date(row["due"], t)
        last = min(max(row["due_latest"], left), until)
        values.append(
            {
                "line": number,
                "label": label,
                "first": min(max(row["due_earliest"], left), until).isoformat(),
                "last": last.isoformat(),
                "state": state,
                "what": t(f"next.what.{row['what']}"),
                "due": when,
                "said": ("← " if row["due_latest"] < left else "") + distance(row["days"], t),
                "turned": (last - left) > (until - left) * 0.6,
                "href": address(row["id"]),
                "description": i18n.labelled(label, f"{state}, {when}", t),
            }
        )
    span = alt.Scale(domain=[left.isoformat(), until.isoformat()])
    x = alt.X(
        "last:T",
        title=None,
        scale=span,
        axis=alt.Axis(
            grid=True,
            labelFlush=True,
            tickCount=alt.ExprRef("width < 480 ? 4 : 8"),
            orient="top",
            format=i18n.month_pattern(t.language),
            labelOverlap=True,
            labelSeparation=8,
            domain=False,
            ticks=False,
        ),
    )
    lane = alt.Y("line:O", axis=None, scale=alt.Scale(padding=0))
    base = alt.Chart().encode(
        y=lane,
        color=alt.Color(
            "state:N",
            scale=alt.Scale(domain=names, range=[theme.colour(look, ground) for look in looks]),
            legend=alt.Legend(columns=alt.ExprRef("width < 480 ? 2 : 5"), symbolOpacity=1),
        ),
        href="href:N",
    )
    shape = alt.Scale(domain=names, range=[look.shape for look in looks])
    today = alt.Chart(alt.Data(values=[{"last": day.isoformat()}])).encode(x=x)
    layers: list[Any] = [
        alt.Chart().mark_rule(color=theme.GRID[ground], yOffset=_LINE / 2, aria=False).encode(y=lane),
        today.mark_rule(color=theme.TEXT[ground], strokeWidth=1.5, aria=False),
        base.mark_rule(strokeWidth=9, opacity=0.35, yOffset=8, cursor="pointer", aria=False).encode(
            # Vega warns of a domain that a mark over days tells again.
            x=alt.X("first:T"),
            x2="last:T",
        ),
        base.mark_point(filled=True, size=110, opacity=1, yOffset=8, cursor="pointer").encode(
            x=x,
            shape=alt.Shape("state:N", scale=shape),
            description="description:N",
            tooltip=[
                alt.Tooltip("label:N", title=t("column.title")),
                alt.Tooltip("what:N", title=t("next.what_title")),
                alt.Tooltip("due:N", title=t("column.due")),
                alt.Tooltip("state:N", title=t("column.schedule")),
            ],
        ),
    ]
    name: dict[str, Any] = {"align": "left", "dy": -8, "fontSize": 13, "aria": False}
    halos: tuple[dict[str, Any], ...] = ({"stroke": theme.PAPER[ground], "strokeWidth": 5}, {})
    for halo in halos:
        layers.append(
            base.mark_text(**name, **halo, limit=alt.ExprRef("width")).encode(
                x=alt.value(0), text="label:N", color=alt.value(theme.TEXT[ground])
            )
        )
    for turned, align, shift in ((True, "right", -10), (False, "left", 10)):
        if any(value["turned"] == turned for value in values):
            place = alt.X("first:T" if turned else "last:T", scale=span)
            for halo in halos:
                layers.append(
                    base.transform_filter(f"datum.turned === {str(turned).lower()}")
                    .mark_text(align=cast(Any, align), dx=shift, dy=8, aria=False, **halo)
                    .encode(x=place, text="said:N", color=alt.value(theme.TEXT[ground]))
                )
    drawn = cast(alt.LayerChart, alt.layer(*layers, data=alt.Data(values=values)))
    return drawn.properties(width="container", height=_LINE * len(values))


def distance(days: int, t: Words) -> str:
    """How many days ago, or in how many."""
    return t("next.ago" if days < 0 else "next.in", n=abs(days))


def pace(rows: Rows, months: Sequence[dt.date], t: Words, ground: str) -> alt.Chart:
    """How many dates fall in each of these months, by schedule: for more of them than lines can hold."""
    labels = _month_labels(months, t.language)
    states = [s for s in (*_PASSED, *_COMING) if any(row["schedule"] == s for row in rows)]
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
        alt.Chart(alt.Data(values=values))
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
    return drawn.properties(width="container", height=220)
