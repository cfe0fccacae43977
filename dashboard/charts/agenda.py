"""What is awaited, by its distance from today."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import altair as alt

from dashboard import i18n, theme
from dashboard.charts import drawing
from dashboard.charts.drawing import Address, Rows
from tracker.terms import Schedule
from tracker.words import Words

LOOKS = {
    "late": theme.SCHEDULE[Schedule.LATE],
    "lapsed": theme.SCHEDULE[Schedule.LAPSED],
    "unknown": theme.SCHEDULE[Schedule.UNKNOWN],
    "next": theme.SCHEDULE[Schedule.DUE_SOON],
}


def agenda(
    rows: Rows, today: dt.date, t: Words, ground: str, address: Address = drawing.address
) -> alt.LayerChart:
    """From today to each date: passed to the left of the line, coming to the right.

    A date that is no day is a window: the mark stands at its end, a band reaches over all of it.
    """
    states = [s for s in LOOKS if any(r["state"] == s for r in rows)]
    names = [t(f"agenda.{s}") for s in states]
    values = []
    for row in rows:
        label = row["title"] if row["step"] is None else i18n.labelled(row["title"], row["step"], t)
        first, last = row["due_earliest"].isoformat(), row["due_latest"].isoformat()
        values.append(
            {
                "label": label,
                "days": row["days"],
                "first": first,
                "last": last,
                "today": today.isoformat(),
                "state": t(f"agenda.{row['state']}"),
                "due": i18n.date(row["due"], t),
                "basis": t(f"basis.{row['basis']}"),
                "said": i18n.distance(abs(row["days"]), t.language),
                "href": address(row["id"]),
                "edge": last if row["days"] >= 0 else first,
                "description": i18n.labelled(
                    label, f"{t('agenda.' + row['state'])}, {i18n.date(row['due'], t)}", t
                ),
            }
        )
    base = alt.Chart().encode(
        y=alt.Y("label:N", sort=[v["label"] for v in values], title=None, axis=None),
        color=alt.Color(
            "state:N",
            title=None,
            legend=drawing.legend(),
            scale=alt.Scale(domain=names, range=[theme.colour(LOOKS[s], ground) for s in states]),
        ),
        href="href:N",
    )
    scale = drawing.days(
        [today, *(row[end] for row in rows for end in ("due_earliest", "due_latest"))], 1 / 6
    )

    def along(field: str) -> alt.X:
        return alt.X(f"{field}:T", title=None, scale=scale, axis=drawing.day_axis())

    layers: list[Any] = [
        drawing.drawn_from([{"today": today.isoformat()}])
        .mark_rule(color=theme.TEXT[ground], strokeWidth=1.5, aria=False)
        .encode(x=along("today")),
        base.mark_rule(strokeWidth=2, aria=False).encode(x=drawing.over("last"), x2="today:T"),
    ]
    if any(v["first"] < v["last"] for v in values):
        layers.append(
            base.transform_filter("datum.first < datum.last")
            .mark_rule(strokeWidth=9, opacity=0.3, aria=False)
            .encode(x=drawing.over("first"), x2="last:T")
        )
    layers.append(
        base.mark_point(filled=True, size=100, opacity=1, cursor="pointer").encode(
            x=along("last"),
            shape=alt.Shape("state:N", scale=alt.Scale(domain=names, range=[LOOKS[s].shape for s in states])),
            description="description:N",
            tooltip=drawing.behind(
                "label", due=t("column.due"), basis=t("column.basis"), state=t("column.schedule")
            ),
        )
    )
    # Names stand above their lines, so that a phone has the whole width for both.
    for look in drawing.haloed(ground, align="left", dy=-14, limit=alt.ExprRef("width"), fontSize=13):
        layers.append(
            base.mark_text(**look).encode(x=alt.value(0), text="label:N", color=alt.value(theme.TEXT[ground]))
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
                .encode(x=along("edge"), text="said:N", color=alt.value(theme.TEXT[ground]))
            )
    return drawing.sized(drawing.layered(layers, values), height=40 * len(values))
