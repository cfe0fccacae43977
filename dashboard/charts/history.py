"""The stages of one commitment over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import altair as alt

from dashboard import i18n, theme
from dashboard.charts import drawing
from dashboard.charts.drawing import Rows
from tracker import lifecycle
from tracker.terms import Kind, Schedule, Stage, Status
from tracker.words import Words


def history(
    kind: str,
    events: Rows,
    due: tuple[str, dt.date, dt.date] | None,
    today: dt.date,
    t: Words,
    ground: str,
) -> alt.LayerChart:
    """Stages over time, as steps over the lanes of the lifecycle, with the due date.

    The line follows what the evidence supports; what is only claimed is a larger mark off it, and
    hollow.
    """
    seen = {e["stage"] for e in events}
    lanes = [
        s
        for s in reversed(lifecycle.of(Kind(kind)))
        if s in seen or s not in (*lifecycle.ENDS, Stage.PRECURSOR, Stage.REPORTED_UNCONFIRMED)
    ]
    names = {s: t(f"stage.{s}") for s in lanes}
    y = alt.Y(
        "lane:N",
        scale=alt.Scale(domain=[names[s] for s in lanes]),
        title=None,
        axis=drawing.lane_axis(ground),
    )
    steps = [e for e in events if e["stage"] != Stage.PRECURSOR and e["supported"]]
    points = [
        {
            "day": e["happened_earliest"].isoformat(),
            "last": e["happened_latest"].isoformat(),
            "lane": names[Stage(e["stage"])],
            "status": t(f"status.{e['status']}"),
            "when": i18n.date(e["happened_on"], t),
            "note": drawing.cut(e["note"]),
            "sources": len(e["source_ids"]),
            "finding": t("event.supported" if e["supported"] else "event.claimed"),
            "supported": e["supported"],
            "title": i18n.labelled(i18n.date(e["happened_on"], t), t("stage." + e["stage"]), t),
        }
        for e in events
    ]
    line = [{"day": p["day"], "lane": p["lane"]} for p, e in zip(points, events, strict=True) if e in steps]
    if line:
        line.append({"day": max(today.isoformat(), line[-1]["day"]), "lane": line[-1]["lane"]})
    ends = [today, *(due[1:] if due else []), *(e["happened_latest"] for e in events)]
    along = drawing.along([*ends, *(e["happened_earliest"] for e in events)], t.language)
    x = along("day")
    used = [s for s in Status if any(e["status"] == s for e in events)]
    scale_names = [t(f"status.{s}") for s in used]
    shown = drawing.legend()
    stroke = alt.Stroke("status:N", scale=drawing.colours(used, scale_names, ground), legend=shown)
    fill = alt.Fill(
        "status:N", scale=drawing.colours(used, scale_names, ground, hollow=theme.PAPER[ground]), legend=shown
    )
    shape = alt.Shape(
        "status:N",
        scale=alt.Scale(domain=scale_names, range=[theme.STATUS[s].shape for s in used]),
        legend=shown,
    )
    layers: list[Any] = []
    if due is not None:
        layers += _due(due, along, t, ground)
    if line:
        layers.append(
            drawing.drawn_from(line)
            .mark_line(
                interpolate="step-after",
                strokeWidth=2,
                color=theme.TEXT[ground],
                aria=False,
            )
            .encode(x=x, y=y)
        )
    vague = [p for p in points if p["day"] != p["last"]]
    if vague:
        layers.append(
            drawing.drawn_from(vague)
            .mark_rule(strokeWidth=6, opacity=0.3, aria=False)
            .encode(x=drawing.over("day"), x2="last:T", y=y, stroke=stroke)
        )
    for supported in (True, False):
        marks = [p for p in points if p["supported"] is supported]
        if not marks:
            continue
        looks: dict[str, Any] = {} if supported else {"fill": theme.PAPER[ground]}
        layers.append(
            drawing.drawn_from(marks)
            .mark_point(size=95 if supported else 190, opacity=1, strokeWidth=2, **looks)
            .encode(
                x=x,
                y=y,
                stroke=stroke,
                shape=shape,
                **({"fill": fill} if supported else {}),
                description="title:N",
                tooltip=drawing.behind(
                    "title",
                    note=t("column.note"),
                    sources=t("column.sources"),
                    finding=t("column.evidence"),
                ),
            )
        )
    return drawing.sized(drawing.layered(layers), height=30 * len(lanes) + 10)


def _due(
    due: tuple[str, dt.date, dt.date], along: Callable[[str], alt.X], t: Words, ground: str
) -> list[Any]:
    """The date that was set: a line at its end, a band over a window, and its name."""
    mark = theme.colour(theme.SCHEDULE[Schedule.LATE], ground)
    told = {"day": due[1].isoformat(), "last": due[2].isoformat()}
    told["said"] = t("commitment.due", date=i18n.date(due[0], t))
    base = drawing.drawn_from([told])
    end = along("last")
    layers: list[Any] = []
    if due[1] != due[2]:
        window = base.mark_rect(color=mark, opacity=0.12, aria=False)
        layers.append(window.encode(x=drawing.over("day"), x2="last:T"))
    layers.append(base.mark_rule(color=mark, strokeDash=[5, 4], aria=False).encode(x=end))
    for look in drawing.haloed(ground, align="right", baseline="top", dx=-5, fontSize=12, color=mark):
        layers.append(base.mark_text(**look).encode(x=end, y=alt.value(0), text="said:N"))
    return layers
