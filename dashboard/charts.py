"""Rows and words in, an Altair chart out. No Streamlit, no database, no sentence of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar, cast

import altair as alt

from dashboard import i18n, theme
from tracker import lifecycle
from tracker.terms import Kind, Reliability, Schedule, Stage, Status
from tracker.words import Words

Rows = Sequence[Mapping[str, Any]]
Address = Callable[[str], str]
"""Gives the address of the page of a commitment."""

C = TypeVar("C", alt.Chart, alt.LayerChart)

_LEAST = 110
"""Pixels below which a legend leaves no room for rows."""
MARKS = 300
"""Up to so many things are drawn as one mark each; more are drawn as bars."""


def _address(commitment_id: str) -> str:
    return f"commitment?id={commitment_id}"


def standing(rows: Rows, t: Words, ground: str, address: Address = _address) -> alt.Chart | alt.LayerChart:
    """One mark per commitment, in a row per stage; symbol and colour say the status."""
    stages = [s for s in Stage if any(r["stage"] == s for r in rows)]
    counts = {s: sum(r.get("n", 1) for r in rows if r["stage"] == s) for s in stages}
    labels = {s: f"{t(f'stage.{s}')}  {counts[s]}" for s in stages}
    statuses = [s for s in Status if any(r["status"] == s for r in rows)]
    order = [labels[s] for s in stages]
    row_axis = alt.Y("row:N", sort=order, axis=_lane_axis(ground), title=None)
    looks = [theme.STATUS[s] for s in statuses]
    names = [t(f"status.{s}") for s in statuses]
    legend = alt.Legend(columns=alt.ExprRef("width < 480 ? 2 : 6"))
    colour = alt.Color("status:N", scale=_colours(statuses, names, ground), legend=legend)
    if rows and "n" in rows[0]:
        values = [{**r, "row": labels[Stage(r["stage"])], "status": t(f"status.{r['status']}")} for r in rows]
        bars = _drawn_from(values).mark_bar()
        return _sized(
            bars.encode(x=alt.X("n:Q", axis=_count_axis(), title=None), y=row_axis, color=colour),
            height=max(_LEAST, 30 * len(stages)),
        )
    places: dict[str, int] = {}
    values = []
    for row in sorted(rows, key=lambda r: (list(Status).index(Status(r["status"])), r["title"])):
        places[row["stage"]] = place = places.get(row["stage"], 0) + 1
        said = f"{t('stage.' + row['stage'])}, {t('status.' + row['status'])}"
        values.append(
            {
                "place": place,
                "row": labels[Stage(row["stage"])],
                "status": t(f"status.{row['status']}"),
                "title": row["title"],
                "stage": t(f"stage.{row['stage']}"),
                "since": i18n.date(row["stage_since"], t),
                "schedule": t(f"schedule.{row['schedule']}"),
                "href": address(row["id"]),
                "description": f"{row['title']}: {said}",
            }
        )
    marks = (
        _drawn_from(values)
        .mark_point(
            size=alt.ExprRef("width < 480 ? 50 : 110"),
            filled=True,
            opacity=1,
            strokeWidth=1.6,
            cursor="pointer",
        )
        .encode(
            x=alt.X("place:Q", axis=None, scale=alt.Scale(domain=[0, max(places.values(), default=1) + 1])),
            y=row_axis,
            stroke=alt.Stroke("status:N", scale=_colours(statuses, names, ground), legend=legend),
            fill=alt.Fill("status:N", scale=_colours(statuses, names, ground, hollow=True), legend=legend),
            shape=alt.Shape(
                "status:N", scale=alt.Scale(domain=names, range=[m.shape for m in looks]), legend=legend
            ),
            href="href:N",
            description="description:N",
            tooltip=[
                alt.Tooltip("title:N", title=t("column.title")),
                alt.Tooltip("stage:N", title=t("column.stage")),
                alt.Tooltip("since:N", title=t("column.since")),
                alt.Tooltip("status:N", title=t("column.status")),
                alt.Tooltip("schedule:N", title=t("column.schedule")),
            ],
        )
    )
    return _sized(marks, height=max(_LEAST, 32 * len(stages)))


def _colours(
    statuses: Sequence[Status], names: Sequence[str], ground: str, *, hollow: bool = False
) -> alt.Scale:
    """Statuses to colours; with `hollow`, what is only promised is a ring."""
    shown = [
        "transparent" if hollow and s is Status.PLEDGED else theme.colour(theme.STATUS[s], ground)
        for s in statuses
    ]
    return alt.Scale(domain=list(names), range=shown)


def agenda(rows: Rows, t: Words, ground: str, address: Address = _address) -> alt.LayerChart:
    """Days from today to each date: passed to the left of the line, coming to the right."""
    looks = {
        "late": theme.SCHEDULE[Schedule.LATE],
        "lapsed": theme.SCHEDULE[Schedule.LAPSED],
        "unknown": theme.SCHEDULE[Schedule.UNKNOWN],
        "next": theme.SCHEDULE[Schedule.DUE_SOON],
    }
    states = [s for s in looks if any(r["state"] == s for r in rows)]
    names = [t(f"agenda.{s}") for s in states]
    values = []
    for row in rows:
        label = row["title"] if row["step"] is None else f"{row['title']}: {row['step']}"
        values.append(
            {
                "label": label,
                "days": row["days"],
                "state": t(f"agenda.{row['state']}"),
                "due": i18n.date(row["due"], t),
                "basis": t(f"basis.{row['basis']}"),
                "said": t("agenda.days", n=abs(row["days"]), days=row["days"]),
                "href": address(row["id"]),
                "zero": 0,
                "description": f"{label}: {t('agenda.' + row['state'])}, {i18n.date(row['due'], t)}",
            }
        )
    base = alt.Chart().encode(
        y=alt.Y(
            "label:N",
            sort=[v["label"] for v in values],
            title=None,
            axis=None,
        ),
        color=alt.Color(
            "state:N",
            title=None,
            scale=alt.Scale(domain=names, range=[theme.colour(looks[s], ground) for s in states]),
        ),
        href="href:N",
    )
    days = [v["days"] for v in values]
    pad = max(12, (max(days, default=0) - min(days, default=0)) // 6)
    x = alt.X(
        "days:Q",
        title=None,
        axis=alt.Axis(format="d", tickCount=5, labelFlush=False, grid=False),
        scale=alt.Scale(domain=[min([0, *days]) - pad, max([0, *days]) + pad], nice=False),
    )
    stems = base.mark_rule(strokeWidth=2, aria=False).encode(x=x, x2="zero:Q")
    heads = base.mark_point(filled=True, size=100, opacity=1, cursor="pointer").encode(
        x=x,
        shape=alt.Shape("state:N", scale=alt.Scale(domain=names, range=[looks[s].shape for s in states])),
        description="description:N",
        tooltip=[
            alt.Tooltip("label:N", title=t("column.title")),
            alt.Tooltip("due:N", title=t("column.due")),
            alt.Tooltip("basis:N", title=t("column.basis")),
            alt.Tooltip("state:N", title=t("column.schedule")),
        ],
    )
    layers: list[Any] = [
        _drawn_from([{"x": 0}])
        .mark_rule(color=theme.TEXT[ground], strokeWidth=1.5, aria=False)
        .encode(x="x:Q"),
        stems,
        heads,
    ]
    # Names stand above their lines, so that a phone has the whole width for both.
    name: dict[str, Any] = {
        "align": "left",
        "dy": -14,
        "limit": alt.ExprRef("width"),
        "fontSize": 13,
        "aria": False,
    }
    halo: dict[str, Any] = {"stroke": theme.PAPER[ground], "strokeWidth": 5}
    looks_of_names: tuple[dict[str, Any], ...] = (halo, {})
    for look in looks_of_names:
        layers.append(
            base.mark_text(**name, **look).encode(
                x=alt.value(0), text="label:N", color=alt.value(theme.TEXT[ground])
            )
        )
    sides: tuple[tuple[Literal["left", "right"], str, int], ...] = (
        ("right", "datum.days < 0", -9),
        ("left", "datum.days >= 0", 9),
    )
    for align, test, shift in sides:
        if any((v["days"] < 0) == (align == "right") for v in values):
            layers.append(
                base.transform_filter(test)
                .mark_text(align=align, dx=shift, color=theme.TEXT[ground], aria=False)
                .encode(x=x, text="said:N", color=alt.value(theme.TEXT[ground]))
            )
    return _sized(_layered(layers, values), height=max(60 + 36 * len(values), 42 * len(values)))


def history(
    kind: str,
    events: Rows,
    due: tuple[str, dt.date, dt.date] | None,
    today: dt.date,
    t: Words,
    ground: str,
) -> alt.LayerChart:
    """Stages over time, as steps over the lanes of the lifecycle, with the due date.

    The line follows what the evidence supports; what is only claimed is a hollow mark off it.
    """
    seen = {e["stage"] for e in events}
    lanes = [
        s
        for s in reversed(lifecycle.of(Kind(kind)))
        if s in seen or s not in (*lifecycle.ENDS, Stage.PRECURSOR, Stage.REPORTED_UNCONFIRMED)
    ]
    names = {s: t(f"stage.{s}") for s in lanes}
    y = alt.Y(
        "lane:N", scale=alt.Scale(domain=[names[s] for s in lanes]), title=None, axis=_lane_axis(ground)
    )
    steps = [e for e in events if e["stage"] != Stage.PRECURSOR and e["supported"]]
    points = [
        {
            "day": e["happened_earliest"].isoformat(),
            "last": e["happened_latest"].isoformat(),
            "lane": names[Stage(e["stage"])],
            "status": t(f"status.{e['status']}"),
            "when": i18n.date(e["happened_on"], t),
            "note": e["note"],
            "sources": len(e["source_ids"]),
            "finding": t("event.supported" if e["supported"] else "event.claimed"),
            "supported": e["supported"],
            "description": f"{i18n.date(e['happened_on'], t)}: {t('stage.' + e['stage'])}",
        }
        for e in events
    ]
    line = [{"day": p["day"], "lane": p["lane"]} for p, e in zip(points, events, strict=True) if e in steps]
    if line:
        line.append({"day": max(today.isoformat(), line[-1]["day"]), "lane": line[-1]["lane"]})
    first = min((e["happened_earliest"] for e in events), default=today)
    ends = [today, *([due[2]] if due else []), *(e["happened_latest"] for e in events)]
    span = alt.Scale(
        domain=[
            (first - dt.timedelta(days=20)).isoformat(),
            (max(ends) + dt.timedelta(days=20)).isoformat(),
        ]
    )
    x = alt.X("day:T", title=None, scale=span, axis=alt.Axis(grid=False, labelFlush=False, tickCount=6))
    used = [s for s in Status if any(e["status"] == s for e in events)]
    scale_names = [t(f"status.{s}") for s in used]
    colour = alt.Color("status:N", scale=_colours(used, scale_names, ground), legend=None)
    layers: list[Any] = []
    if due is not None:
        mark = theme.colour(theme.SCHEDULE[Schedule.LATE], ground)
        base = _drawn_from([{"day": due[1].isoformat(), "last": due[2].isoformat()}])
        if due[1] != due[2]:
            layers.append(base.mark_rect(color=mark, opacity=0.12, aria=False).encode(x=x, x2="last:T"))
        layers.append(
            base.mark_rule(color=mark, strokeDash=[5, 4], aria=False).encode(x=alt.X("last:T", scale=span))
        )
    if line:
        layers.append(
            _drawn_from(line)
            .mark_line(
                interpolate="step-after",
                strokeWidth=3,
                color=theme.colour(theme.STATUS[Status.ONGOING], ground),
                aria=False,
            )
            .encode(x=x, y=y)
        )
    if any(p["day"] != p["last"] for p in points):
        layers.append(
            _drawn_from([p for p in points if p["day"] != p["last"]])
            .mark_rule(strokeWidth=6, opacity=0.3, aria=False)
            .encode(x=x, x2="last:T", y=y, color=colour)
        )
    for supported in (True, False):
        marks = [p for p in points if p["supported"] is supported]
        if not marks:
            continue
        layers.append(
            _drawn_from(marks)
            .mark_point(filled=supported, size=95 if supported else 130, opacity=1, strokeWidth=2.5)
            .encode(
                x=x,
                y=y,
                color=colour,
                shape=alt.Shape(
                    "status:N",
                    scale=alt.Scale(domain=scale_names, range=[theme.STATUS[s].shape for s in used]),
                    legend=None,
                ),
                description="description:N",
                tooltip=[
                    alt.Tooltip("when:N", title=t("column.happened_on")),
                    alt.Tooltip("lane:N", title=t("column.stage")),
                    alt.Tooltip("note:N", title=t("column.note")),
                    alt.Tooltip("sources:Q", title=t("column.sources")),
                    alt.Tooltip("finding:N", title=t("column.evidence")),
                ],
            )
        )
    return _sized(_layered(layers), height=30 * len(lanes) + 10)


def grades(rows: Rows, t: Words, ground: str) -> alt.LayerChart:
    """Items of evidence by reliability of the source and credibility of the information."""
    low, high = theme.RAMP[ground]
    most = max((r["n"] for r in rows), default=1)
    values = [
        {
            "reliability": r["reliability"],
            "credibility": str(r["credibility"]),
            "n": r["n"],
            "dark": r["n"] > most / 2,
            "description": f"{r['reliability']}{r['credibility']}: {r['n']}",
        }
        for r in rows
    ]
    base = _drawn_from(values).encode(
        x=alt.X(
            "credibility:N",
            title=t("sources.credibility"),
            scale=alt.Scale(domain=[str(n) for n in range(1, 7)]),
            axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False, labelFlush=False),
        ),
        y=alt.Y(
            "reliability:N",
            title=t("sources.reliability"),
            scale=alt.Scale(domain=[r.value for r in Reliability]),
            axis=alt.Axis(ticks=False, domain=False, labelFlush=False),
        ),
    )
    cells = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color("n:Q", legend=None, scale=alt.Scale(range=[low, high], domain=[0, most])),
        description="description:N",
    )
    ink = ("#FFFFFF", "#101820") if ground == "light" else ("#101820", "#FFFFFF")
    numbers = base.mark_text(fontSize=13, fontWeight=600, aria=False).encode(
        text="n:Q", color=alt.condition("datum.dark", alt.value(ink[0]), alt.value(ink[1]))
    )
    return _sized(_layered([cells, numbers]), height=270)


def _lane_axis(ground: str) -> alt.Axis:
    return alt.Axis(
        ticks=False,
        domain=False,
        labelFlush=False,
        labelLimit=240,
        labelPadding=10,
        grid=True,
        gridColor=theme.GRID[ground],
    )


def _count_axis() -> alt.Axis:
    return alt.Axis(format="d", tickMinStep=1, labelFlush=False)


def _drawn_from(rows: Rows) -> alt.Chart:
    return alt.Chart(alt.Data(values=list(rows)))


def _layered(layers: Sequence[Any], rows: Rows | None = None) -> alt.LayerChart:
    """Layers on top of each other; `rows` are the data of those that have none of their own."""
    shared = alt.Data(values=list(rows)) if rows is not None else alt.Undefined
    return cast(alt.LayerChart, alt.layer(*layers, data=shared))


def _sized(chart: C, *, height: int) -> C:
    return chart.properties(width="container", height=height)
