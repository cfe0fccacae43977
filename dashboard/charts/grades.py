"""How good the evidence is: a field of both Admiralty grades."""

from __future__ import annotations

import altair as alt

from dashboard import i18n, theme
from dashboard.charts import drawing
from dashboard.charts.drawing import Rows
from tracker.terms import Reliability
from tracker.words import Words


def grades(rows: Rows, t: Words, ground: str) -> alt.LayerChart:
    """Items of evidence by reliability of the source and credibility of the information."""
    low, high = theme.RAMP[ground]
    most = max((r["n"] for r in rows), default=1)
    values = [
        {
            "reliability": r["reliability"],
            "credibility": str(r["credibility"]),
            "n": r["n"],
            "number": i18n.number(r["n"], t.language),
            "grade": f"{r['reliability']}{r['credibility']}",
            "meant": t(f"reliability.{r['reliability']}"),
            "believed": t(f"credibility.{r['credibility']}"),
            "white": theme.ink(theme.mixed(low, high, r["n"] / most)) == theme.INKS[0],
            "description": i18n.labelled(
                f"{r['reliability']}{r['credibility']}", i18n.number(r["n"], t.language), t
            ),
        }
        for r in rows
    ]
    base = drawing.drawn_from(values).encode(
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
        tooltip=drawing.behind(
            "grade",
            number=t("column.n"),
            meant=t("column.reliability"),
            believed=t("column.credibility"),
        ),
    )
    cells = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color(
            "n:Q", legend=None, scale=alt.Scale(range=[low, high], domain=[0, most], interpolate="rgb")
        ),
        description="description:N",
    )
    numbers = base.mark_text(fontSize=13, fontWeight=600, aria=False).encode(
        text="number:N",
        color=alt.condition("datum.white", alt.value(theme.INKS[0]), alt.value(theme.INKS[1])),
    )
    return drawing.sized(drawing.layered([cells, numbers]), height=270)
