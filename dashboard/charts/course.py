"""How many commitments had each status, from the first day to the last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import altair as alt

from dashboard import i18n, theme
from dashboard.charts import drawing
from dashboard.charts.drawing import Rows
from tracker.terms import Status
from tracker.words import Words

HEIGHT = 260
LINE = 19
"""Pixels from one label at the end of the areas to the next."""


def course(rows: Rows, t: Words, ground: str, address: Callable[[str], str]) -> alt.LayerChart:
    """Areas of statuses on top of each other, named at their end; every day leads to the state of that day.

    `rows` are those of `tracker.trends.course`; `address` gives the page as of a day.
    """
    statuses = [s for s in theme.ORDER if any(r.get(s) for r in rows)]
    last = rows[-1]
    most = max(sum(r.get(s, 0) for s in statuses) for r in rows)
    values = []
    for row in rows:
        total, value = 0, {"day": row["day"].isoformat()}
        for place, status in enumerate(statuses):
            n = row.get(status, 0)
            value |= {f"from{place}": total, f"to{place}": total + n, f"n{place}": i18n.number(n, t.language)}
            total += n
        value["until"] = (row["until"] or row["day"]).isoformat()
        value["said"] = i18n.day(row["day"], t.language)
        value["href"] = address(row["day"].isoformat())
        values.append(value)
    names = [f"{t(f'status.{s}')}  {i18n.number(last.get(s, 0), t.language)}" for s in statuses]
    room = 34 + round(7.2 * max(drawing.letters(name) for name in names))
    # What stands last has some days of its own, or nobody would see by how much it changed.
    beyond = last["day"] + max(dt.timedelta(days=3), (last["day"] - rows[0]["day"]) / 50)
    values[-1]["until"] = beyond.isoformat()
    x = drawing.along((rows[0]["day"], beyond), t.language, pad=0, range=[0, alt.ExprRef(f"width - {room}")])(
        "day"
    )
    scale = alt.Scale(domain=[0, most], nice=False)
    axis = drawing.count_axis(grid=False, tickCount=5)
    layers: list[Any] = []
    # From the top, so that the outline of what is only promised lies over what stands on it.
    for place, status in reversed(list(enumerate(statuses))):
        fill, outline = drawing.surface(status, ground)
        layers.append(
            alt.Chart()
            .mark_area(
                interpolate="step-after",
                fill=fill,
                opacity=1,
                stroke=outline,
                strokeWidth=1,
                description=_told(status, rows, t),
            )
            .encode(
                x=x,
                y=alt.Y(f"to{place}:Q", title=None, scale=scale, axis=axis),
                y2=f"from{place}:Q",
            )
        )
    layers += _names(statuses, names, values[-1], most, room, ground)
    over = alt.selection_point(name="over", on="pointerover", clear="pointerout", empty=False)
    layers.append(
        alt.Chart()
        .mark_rect(color=theme.TEXT[ground], cursor="pointer", aria=False)
        .encode(
            x=drawing.over("day"),
            x2="until:T",
            opacity=alt.condition(over, alt.value(0.45), alt.value(0)),
            href="href:N",
            tooltip=[
                alt.Tooltip("said:N", title="title"),
                *(
                    alt.Tooltip(f"n{place}:N", title=drawing.word(status, t))
                    for place, status in reversed(list(enumerate(statuses)))
                ),
            ],
        )
        .add_params(over)
    )
    values.append(values[-1] | {"day": values[-1]["until"]})
    return drawing.sized(drawing.layered(layers, values), height=HEIGHT)


def _names(
    statuses: list[Status], names: list[str], last: dict[str, Any], most: int, room: int, ground: str
) -> list[Any]:
    """Symbol, word and number at the end of every area, moved apart where areas are thin."""
    middles = [(last[f"from{p}"] + last[f"to{p}"]) / 2 for p in range(len(statuses))]
    heights = _apart([HEIGHT * (1 - m / most) for m in middles])
    told = [
        {"name": name, "middle": HEIGHT * (1 - m / most), "height": h, "status": str(s)}
        for name, m, h, s in zip(names, middles, heights, statuses, strict=True)
    ]
    y = alt.Y("height:Q", scale=None, axis=None)
    base = drawing.drawn_from(told)
    start = f"width - {room}"
    looks = [theme.STATUS[s] for s in statuses]
    domain = [str(s) for s in statuses]
    line = base.mark_rule(color=theme.TEXT[ground], strokeWidth=0.75, aria=False).encode(
        x=alt.value(alt.ExprRef(f"{start} + 2")),
        x2=alt.value(alt.ExprRef(f"{start} + 11")),
        y=alt.Y("middle:Q", scale=None, axis=None),
        y2="height:Q",
    )
    sign = base.mark_point(filled=True, size=90, opacity=1, aria=False, strokeWidth=1.6).encode(
        x=alt.value(alt.ExprRef(f"{start} + 18")),
        y=y,
        shape=alt.Shape(
            "status:N", scale=alt.Scale(domain=domain, range=[m.shape for m in looks]), legend=None
        ),
        stroke=alt.Stroke("status:N", scale=drawing.colours(statuses, domain, ground), legend=None),
        fill=alt.Fill(
            "status:N", scale=drawing.colours(statuses, domain, ground, hollow="transparent"), legend=None
        ),
    )
    word = base.mark_text(align="left", fontSize=13, color=theme.TEXT[ground], aria=False).encode(
        x=alt.value(alt.ExprRef(f"{start} + 29")), y=y, text="name:N"
    )
    return [line, sign, word]


def _apart(heights: list[float]) -> list[float]:
    """Heights in pixels, from the lowest area to the highest, at least a line from each other."""
    moved: list[float] = []
    for height in heights:
        moved.append(min(height, moved[-1] - LINE if moved else HEIGHT - 4.0))
    for place in range(len(moved) - 1, -1, -1):
        least = moved[place + 1] + LINE if place + 1 < len(moved) else 4.0
        moved[place] = max(moved[place], least)
    return moved


def _told(status: Status, rows: Rows, t: Words) -> str:
    """How many there were first, and how many last."""
    ends = "; ".join(
        i18n.labelled(i18n.day(r["day"], t.language), i18n.number(r.get(status, 0), t.language), t)
        for r in (rows[0], rows[-1])
    )
    return f"{t(f'status.{status}')}. {ends}"
