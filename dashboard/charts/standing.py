"""Where every commitment stands: a mark each, or bars where there are very many."""

from __future__ import annotations

import altair as alt

from dashboard import i18n, theme
from dashboard.charts import drawing
from dashboard.charts.drawing import Address, Rows
from tracker.terms import Stage
from tracker.words import Words

LANE, TOP = 34, 24
"""Pixels of the lane of one stage, and of what stands above the lanes."""


def standing(
    rows: Rows, t: Words, ground: str, address: Address = drawing.address
) -> alt.Chart | alt.LayerChart:
    """One mark per commitment, in a row per stage; symbol and colour say the status."""
    stages = [s for s in Stage if any(r["stage"] == s for r in rows)]
    counts = {s: sum(r.get("n", 1) for r in rows if r["stage"] == s) for s in stages}
    labels = {s: f"{t(f'stage.{s}')}  {i18n.number(counts[s], t.language)}" for s in stages}
    if rows and "n" in rows[0]:
        return _bars(rows, t, ground, labels)
    statuses = [s for s in theme.ORDER if any(r["status"] == s for r in rows)]
    names = [t(f"status.{s}") for s in statuses]
    legend = drawing.legend()
    places: dict[str, int] = {}
    values = []
    for row in sorted(rows, key=lambda r: (statuses.index(r["status"]), r["title"])):
        places[row["stage"]] = place = places.get(row["stage"], 0) + 1
        stage, status = t("stage." + row["stage"]), t(f"status.{row['status']}")
        since = i18n.since(row["stage_since"], t) if row["stage_since"] else ""
        schedule = t(f"schedule.{row['schedule']}")
        values.append(
            {
                "place": place,
                "y": TOP + LANE * (stages.index(Stage(row["stage"])) + 0.5),
                "status": status,
                "title": row["title"],
                "stage": f"{stage} {since}".strip(),
                "schedule": schedule,
                "note": drawing.cut(row.get("note")) or "–",
                "href": address(row["id"]),
                "description": i18n.labelled(row["title"], f"{status}, {stage} {since}, {schedule}", t),
            }
        )
    most = max(places.values(), default=1) + 1
    # On a phone, where every pixel counts for the marks, the names of the lanes stand above them.
    narrow = f"width < {drawing.PHONE}"
    room = 16 + round(7 * max((drawing.letters(label) for label in labels.values()), default=0))
    start = alt.ExprRef(f"{narrow} ? 0 : {room}")
    lanes = drawing.drawn_from(
        [{"y": TOP + LANE * (place + 0.5), "label": label} for place, label in enumerate(labels.values())]
    ).encode(y=alt.Y("y:Q", scale=None, axis=None))
    lines = lanes.mark_rule(color=theme.GRID[ground], yOffset=alt.ExprRef(f"{narrow} ? 8 : 0"), aria=False)
    heads = lanes.mark_text(
        align="left", dy=alt.ExprRef(f"{narrow} ? -10 : 0"), fontSize=13, color=theme.TEXT[ground], aria=False
    )
    marks = (
        drawing.drawn_from(values)
        .mark_point(
            size=alt.ExprRef(f"min(110, pow(0.72 * ({narrow} ? width : width - {room}) / {most}, 2))"),
            yOffset=alt.ExprRef(f"{narrow} ? 8 : 0"),
            filled=True,
            opacity=1,
            strokeWidth=1.6,
            cursor="pointer",
        )
        .encode(
            x=alt.X(
                "place:Q", axis=None, scale=alt.Scale(domain=[0, most], range=[start, alt.ExprRef("width")])
            ),
            y=alt.Y("y:Q", scale=None, axis=None),
            stroke=alt.Stroke("status:N", scale=drawing.colours(statuses, names, ground), legend=legend),
            fill=alt.Fill(
                "status:N",
                scale=drawing.colours(statuses, names, ground, hollow="transparent"),
                legend=legend,
            ),
            shape=alt.Shape(
                "status:N",
                scale=alt.Scale(domain=names, range=[theme.STATUS[s].shape for s in statuses]),
                legend=legend,
            ),
            href="href:N",
            description="description:N",
            tooltip=drawing.behind(
                "title",
                status=t("column.status"),
                stage=t("column.stage"),
                schedule=t("column.schedule"),
                note=t("column.note"),
            ),
        )
    )
    # Stages may be called as statuses are.
    head = drawing.drawn_from([{"label": t("column.stage")}]).mark_text(
        align="left", fontSize=13, fontWeight=600, color=theme.TEXT[ground], aria=False
    )
    layers = [
        head.encode(x=alt.value(0), y=alt.value(TOP / 2 - 4), text="label:N"),
        lines.encode(x=alt.value(start), x2=alt.value("width")),
        heads.encode(x=alt.value(0), text="label:N"),
        marks,
    ]
    return drawing.sized(drawing.layered(layers), height=TOP + LANE * len(stages))


def _bars(rows: Rows, t: Words, ground: str, labels: dict[Stage, str]) -> alt.Chart:
    statuses = [s for s in theme.ORDER if any(r["status"] == s for r in rows)]
    names = [drawing.word(s, t) for s in statuses]
    values = [
        {
            "row": labels[Stage(r["stage"])],
            "stage": t(f"stage.{r['stage']}"),
            "status": names[statuses.index(r["status"])],
            "n": r["n"],
            "number": i18n.number(r["n"], t.language),
            "description": i18n.labelled(t("stage." + r["stage"]), i18n.number(r["n"], t.language), t),
        }
        for r in rows
    ]
    bars = (
        drawing.drawn_from(values)
        .mark_bar(strokeWidth=1)
        .encode(
            x=alt.X("n:Q", axis=drawing.count_axis(), title=None),
            y=alt.Y("row:N", sort=list(labels.values()), axis=drawing.lane_axis(ground), title=None),
            **drawing.surfaces(statuses, names, ground),
            description="description:N",
            tooltip=drawing.behind("stage", status=t("column.status"), number=t("column.n")),
        )
    )
    return drawing.sized(bars, height=LANE * len(labels))
