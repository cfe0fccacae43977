"""What was planned beside what came, for the steps of one commitment and for its own date."""

from __future__ import annotations

import datetime as dt
from typing import Any

import altair as alt

from dashboard import i18n, theme
from dashboard.charts import drawing
from dashboard.charts.drawing import Rows
from tracker.terms import Schedule, Status
from tracker.words import Words

LANE = 46
"""Pixels of a step with its name."""


def plan(rows: Rows, today: dt.date, t: Words, ground: str) -> alt.LayerChart:
    """A lane for each step: the planned window, the day on which it came, and the days between them.

    `rows` are those of `tracker.trends.plan`.
    """
    late = theme.colour(theme.SCHEDULE[Schedule.LATE], ground)
    calm = theme.colour(theme.STATUS[Status.DELIVERED], ground)
    text = theme.TEXT[ground]
    values = [_lane(number, row, today, t) for number, row in enumerate(rows)]
    days = [today]
    for row in rows:
        days += [d for d in (row["planned_earliest"], row["planned_latest"]) if d]
        days += [d for d in (row["came_earliest"], row["came_latest"]) if d]
    # Room for what is said at the end of a line that ends far to the right.
    far = (min(days) + (max(days) - min(days)) * 0.55).isoformat()
    said = [drawing.letters(v["said"]) for v in values if v["slip"] is not None and v["rightmost"] > far]
    said += [drawing.letters(t("plan.today"))] if today.isoformat() > far else []
    room = 14 + round(5.6 * max(said, default=0))
    scale = drawing.days(days, range=[0, alt.ExprRef(f"width - {room}")])

    def along(field: str) -> alt.X:
        return alt.X(f"{field}:T", title=None, scale=scale, axis=drawing.day_axis())

    y = alt.Y("y:Q", scale=None, axis=None)
    kinds = [t("plan.planned"), t("plan.came")]
    shape = alt.Shape(
        "what:N", scale=alt.Scale(domain=kinds, range=["diamond", "circle"]), legend=alt.Legend(columns=2)
    )
    stroke = alt.Stroke("what:N", scale=alt.Scale(domain=kinds, range=[text, calm]), legend=alt.Legend())
    fill = alt.Fill(
        "what:N", scale=alt.Scale(domain=kinds, range=[theme.PAPER[ground], calm]), legend=alt.Legend()
    )
    height = LANE * len(rows) + 18
    now = drawing.drawn_from([{"day": today.isoformat(), "said": t("plan.today")}])
    layers: list[Any] = [
        now.mark_rule(color=text, strokeWidth=1.5, aria=False).encode(x=along("day")),
        now.mark_text(align="left", dx=5, color=text, fontSize=12, aria=False).encode(
            x=along("day"), y=alt.value(height - 8), text="said:N"
        ),
    ]
    windows = [v for v in values if v["opens"] and v["opens"] != v["closes"]]
    if windows:
        layers.append(
            drawing.drawn_from(windows)
            .mark_rule(color=text, strokeWidth=9, opacity=0.25, aria=False)
            .encode(x=drawing.over("opens"), x2="closes:T", y=y)
        )
    vague = [v for v in values if v["began"] and v["began"] != v["ended"]]
    if vague:
        layers.append(
            drawing.drawn_from(vague)
            .mark_rule(color=calm, strokeWidth=9, opacity=0.3, aria=False)
            .encode(x=drawing.over("began"), x2="ended:T", y=y)
        )
    for dash, missed in (([1, 0], True), ([4, 4], False)):
        between = [v for v in values if v["slip"] and (v["began"] is not None) is missed]
        if between:
            layers.append(
                drawing.drawn_from(between)
                .mark_rule(color=late, strokeWidth=2.5, strokeDash=dash, aria=False)
                .encode(x=drawing.over("closes"), x2="to:T", y=y)
            )
    marks = [
        v | {"what": kind, "at": v[field]}
        for kind, field in zip(kinds, ("closes", "began"), strict=True)
        for v in values
        if v[field]
    ]
    layers.append(
        drawing.drawn_from(marks)
        .mark_point(size=95, opacity=1, strokeWidth=2, filled=True)
        .encode(
            x=along("at"),
            y=y,
            shape=shape,
            stroke=stroke,
            fill=fill,
            description="description:N",
            tooltip=drawing.behind(
                "name", planned=t("plan.planned"), came=t("plan.came"), said=t("column.slip")
            ),
        )
    )
    for look in drawing.haloed(ground, align="left", dy=-17, fontSize=13, limit=alt.ExprRef("width")):
        layers.append(drawing.drawn_from(values).mark_text(**look).encode(x=alt.value(0), y=y, text="name:N"))
    slipped = [v for v in values if v["slip"] is not None]
    for look in drawing.haloed(ground, align="left", dx=10, fontSize=12) if slipped else ():
        layers.append(
            drawing.drawn_from(slipped).mark_text(**look).encode(x=along("rightmost"), y=y, text="said:N")
        )
    return drawing.sized(drawing.layered(layers), height=height)


def _lane(number: int, row: Any, today: dt.date, t: Words) -> dict[str, Any]:
    """One step, its days as Vega reads them."""
    ends = {
        "opens": row["planned_earliest"],
        "closes": row["planned_latest"],
        "began": row["came_earliest"],
        "ended": row["came_latest"],
        "to": row["came_earliest"] or today,
    }
    known = [day for name, day in ends.items() if day is not None and (name != "to" or row["slip"])]
    told = {name: day.isoformat() if day is not None else None for name, day in ends.items()}
    name = row["name"] or t("plan.own")
    planned, came = i18n.date(row["planned"], t), i18n.date(row["came"], t)
    return told | {
        "y": LANE * number + 30,
        "name": name,
        "slip": row["slip"],
        "said": slip(row, t),
        "planned": planned,
        "came": came,
        "rightmost": max(known).isoformat(),
        "description": i18n.labelled(name, f"{t('plan.planned')} {planned}, {t('plan.came')} {came}", t),
    }


def slip(row: Any, t: Words) -> str:
    """By how much a step missed its window, in words."""
    days = row["slip"]
    if days is None:
        return "–"
    if row["came"] is None:
        return t("plan.open", n=days)
    if days == 0:
        return t("plan.in_time")
    return t("plan.late" if days > 0 else "plan.early", n=abs(days))
