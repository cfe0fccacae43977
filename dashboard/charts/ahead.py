"""What is awaited when: a line for each date, those that passed and those to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import altair as alt

from dashboard import i18n, theme
from dashboard.charts import drawing
from dashboard.charts.drawing import Rows
from dashboard.charts.months import SCHEDULES
from tracker.words import Words

_LINE = 38
"""Pixels for the line of one date, with its name above it."""


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
    states = [s for s in SCHEDULES if any(row["schedule"] == s for row in rows)]
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
                "said": ("← " if row["due_latest"] < left else "") + distance(row, t),
                "turned": (last - left) > (until - left) * 0.6,
                "href": address(row["id"]),
                "description": i18n.labelled(label, f"{state}, {when}", t),
            }
        )
    span = drawing.days([left, until], pad=0)
    x = alt.X(
        "last:T",
        title=None,
        scale=span,
        axis=alt.Axis(
            grid=True,
            labelFlush=True,
            tickCount=alt.ExprRef(f"width < {drawing.PHONE} ? 4 : 8"),
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
            legend=drawing.legend(),
        ),
        href="href:N",
    )
    shape = alt.Scale(domain=names, range=[look.shape for look in looks])
    today = drawing.drawn_from([{"last": day.isoformat()}]).encode(x=x)
    layers: list[Any] = [
        alt.Chart().mark_rule(color=theme.GRID[ground], yOffset=_LINE / 2, aria=False).encode(y=lane),
        today.mark_rule(color=theme.TEXT[ground], strokeWidth=1.5, aria=False),
        base.mark_rule(strokeWidth=9, opacity=0.35, yOffset=8, cursor="pointer", aria=False).encode(
            x=drawing.over("first"),
            x2="last:T",
        ),
        base.mark_point(filled=True, size=110, opacity=1, yOffset=8, cursor="pointer").encode(
            x=x,
            shape=alt.Shape("state:N", scale=shape),
            description="description:N",
            tooltip=drawing.behind(
                "label", what=t("next.what_title"), due=t("column.due"), state=t("column.schedule")
            ),
        ),
    ]
    text = alt.value(theme.TEXT[ground])
    for look in drawing.haloed(ground, align="left", dy=-8, fontSize=13, limit=alt.ExprRef("width")):
        layers.append(base.mark_text(**look).encode(x=alt.value(0), text="label:N", color=text))
    for turned, align, shift in ((True, "right", -10), (False, "left", 10)):
        if any(value["turned"] == turned for value in values):
            place = alt.X("first:T" if turned else "last:T", scale=span)
            for look in drawing.haloed(ground, align=align, dx=shift, dy=8):
                layers.append(
                    base.transform_filter(f"datum.turned === {str(turned).lower()}")
                    .mark_text(**look)
                    .encode(x=place, text="said:N", color=text)
                )
    return drawing.sized(drawing.layered(layers, values), height=_LINE * len(values))


def distance(row: Any, t: Words) -> str:
    """How many days ago a date was, or in how many it is; of a vague one, its last day."""
    code = "ago" if row["days"] < 0 else "in"
    vague = "" if row["due_earliest"] == row["due_latest"] else "_vague"
    return t(f"next.{code}{vague}", n=abs(row["days"]))
