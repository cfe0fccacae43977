"""Statuses group beside group: a small bar for each pillar, kind or party."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt

from dashboard import i18n, theme
from dashboard.charts import drawing
from dashboard.charts.drawing import Rows
from tracker.terms import Status
from tracker.words import Words

LANE, BAR = 50, 22
"""Pixels of a group with its name, and of its bar."""
ROOM = 34
"""Pixels of a part of a bar into which symbol and number go."""


def groups(
    rows: Rows,
    t: Words,
    ground: str,
    word: Callable[[str], str],
    address: Callable[[str, str | None], str],
) -> alt.LayerChart:
    """For every group its name, how many there are, and a bar of their statuses.

    `rows` are those of `tracker.trends.groups`; `word` says how a group is called, `address`
    leads to its commitments, or to those of one status.
    """
    statuses = [s for s in theme.ORDER if any(r.get(s) for r in rows)]
    names = [t(f"status.{s}") for s in statuses]
    most = max(r["total"] for r in rows)
    titles: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for lane, row in enumerate(rows):
        top = lane * LANE
        name, total = word(row["name"]), i18n.number(row["total"], t.language)
        titles.append({"y": top + 10, "name": name, "total": total, "href": address(row["name"], None)})
        titles[-1]["description"] = i18n.labelled(name, total, t)
        start = 0
        for status, called in zip(statuses, names, strict=True):
            n = row.get(status, 0)
            if not n:
                continue
            number = i18n.number(n, t.language)
            parts.append(
                {
                    "top": top + 21,
                    "bottom": top + 21 + BAR,
                    "middle": top + 22 + BAR / 2,
                    "from": start,
                    "to": start + n,
                    "called": called,
                    "hollow": status is Status.PLEDGED,
                    "status": drawing.word(status, t),
                    "number": t("groups.of", n=number, total=total),
                    "label": f"{theme.STATUS[status].sign} {number}",
                    "ink": theme.ink(drawing.surface(status, ground)[0]),
                    "name": name,
                    "href": address(row["name"], status),
                    "description": i18n.labelled(name, f"{drawing.word(status, t)} {number}", t),
                }
            )
            start += n
    # What is hollow has its outline over that of its neighbour, and not cut off at the edge.
    parts.sort(key=lambda part: bool(part["hollow"]))
    scale = alt.Scale(domain=[0, most], nice=False, range=[0, alt.ExprRef("width - 1")])
    base = drawing.drawn_from(parts).encode(
        x=alt.X("from:Q", scale=scale, axis=None),
        href="href:N",
        tooltip=drawing.behind("name", status=t("column.status"), number=t("column.n")),
    )
    bars = base.mark_rect(strokeWidth=1.5, cursor="pointer").encode(
        x2="to:Q",
        y=alt.Y("top:Q", scale=None, axis=None),
        y2="bottom:Q",
        **drawing.surfaces(statuses, names, ground, "called"),
        description="description:N",
    )
    signs = (
        drawing.drawn_from([{"called": name} for name in names])
        .mark_point(opacity=0, aria=False)
        .encode(
            x=alt.value(alt.ExprRef("width / 2")),
            y=alt.value(LANE / 2),
            shape=alt.Shape(
                "called:N",
                scale=alt.Scale(domain=names, range=[theme.STATUS[s].shape for s in statuses]),
                legend=drawing.legend(symbolStrokeWidth=0.75),
            ),
        )
    )
    fits = f"(datum.to - datum.from) / {most} * width >= {ROOM}"
    numbers = base.mark_text(
        align="left", baseline="middle", dx=6, fontSize=12, fontWeight=600, aria=False, cursor="pointer"
    ).encode(
        y=alt.Y("middle:Q", scale=None, axis=None),
        text="label:N",
        color=alt.Color("ink:N", scale=None),
        opacity=alt.condition(fits, alt.value(1), alt.value(0)),
    )
    heads = (
        drawing.drawn_from(titles)
        .mark_text(
            align="left", baseline="middle", fontSize=13, cursor="pointer", limit=alt.ExprRef("width - 44")
        )
        .encode(
            x=alt.value(0),
            y=alt.Y("y:Q", scale=None, axis=None),
            text="name:N",
            href="href:N",
            color=alt.value(theme.LINK[ground]),
            description="description:N",
        )
    )
    totals = (
        drawing.drawn_from(titles)
        .mark_text(align="right", baseline="middle", fontSize=13, fontWeight=600, aria=False)
        .encode(
            x=alt.value("width"),
            y=alt.Y("y:Q", scale=None, axis=None),
            text="total:N",
            color=alt.value(theme.TEXT[ground]),
        )
    )
    return drawing.sized(drawing.layered([signs, bars, numbers, heads, totals]), height=LANE * len(rows))
