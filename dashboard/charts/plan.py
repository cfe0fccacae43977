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

LANE, TOP = 46, 20
"""Pixels of a step with its name, and of the name of the day that is today."""


def plan(rows: Rows, today: dt.date, called: str, t: Words, ground: str) -> alt.LayerChart:
    """A lane for each step: the planned window, the day on which it came, and the days between them.

    `rows` are those of `tracker.trends.plan`; today is `called` so.
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
    room = 14 + round(5.6 * max(said, default=0))
    along = drawing.along(days, t.language, range=[0, alt.ExprRef(f"width - {room}")])
    y = alt.Y("y:Q", scale=None, axis=None)
    fields = {t("plan.planned"): "closes", t("plan.came"): "began"}
    marks = [v | {"what": kind, "at": v[at]} for kind, at in fields.items() for v in values if v[at]]
    kinds = [kind for kind in fields if any(mark["what"] == kind for mark in marks)]
    looks = {
        t("plan.planned"): ("diamond", text, theme.PAPER[ground]),
        t("plan.came"): ("circle", calm, calm),
    }
    shapes, strokes, fills = zip(*(looks[kind] for kind in kinds), strict=True)
    shape = alt.Shape("what:N", scale=alt.Scale(domain=kinds, range=shapes), legend=alt.Legend(columns=2))
    stroke = alt.Stroke("what:N", scale=alt.Scale(domain=kinds, range=strokes), legend=alt.Legend())
    fill = alt.Fill("what:N", scale=alt.Scale(domain=kinds, range=fills), legend=alt.Legend())
    height = TOP + LANE * len(rows) + 4
    side = drawing.beside((today - min(days)) / max(max(days) - min(days), dt.timedelta(days=1)))
    layers: list[Any] = [
        # It leaves the names alone.
        drawing.drawn_from([{"day": today.isoformat(), "y": v["y"]} for v in values])
        .mark_rule(color=text, strokeWidth=1.5, aria=False)
        .encode(
            x=along("day"), y=alt.value(alt.ExprRef("datum.y - 9")), y2=alt.value(alt.ExprRef("datum.y + 9"))
        ),
        drawing.drawn_from([{"day": today.isoformat(), "said": called}])
        .mark_text(align=side, fontWeight=600, color=text, aria=False)
        .encode(x=along("day"), y=alt.value(TOP / 2 - 2), text="said:N"),
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
        "y": TOP + LANE * number + 28,
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
