"""What charts have in common: how marks look, what a reader finds behind them, how axes are drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar, cast

import altair as alt

from dashboard import i18n, theme
from tracker.terms import Status
from tracker.words import Words

Rows = Sequence[Mapping[str, Any]]
Address = Callable[[str], str]
"""Gives the address of the page of a commitment."""

C = TypeVar("C", alt.Chart, alt.LayerChart)

MARKS = 300
"""Up to so many things are drawn as one mark each; more are drawn as bars."""
LONGEST = 200
"""Characters of a text behind a mark."""
PHONE = 480
"""Pixels below which a chart is as wide as a phone."""
TICKS = 6
"""Labels of an axis of days, where there is room for all of them."""


def address(commitment_id: str) -> str:
    """Where a commitment stands, on the clocks and in the language of nobody in particular."""
    return f"commitment?id={commitment_id}"


def word(status: Status, t: Words) -> str:
    """A status as symbol and word."""
    return f"{theme.STATUS[status].sign} {t(f'status.{status}')}"


def letters(text: str) -> float:
    """About how wide a text is, in Latin letters: those of Hangul are wider."""
    return sum(1.75 if ord(letter) > 0x2E80 else 1 for letter in text)


def cut(text: str | None) -> str | None:
    """As much of a text of the data as stands behind a mark."""
    return text if text is None or len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def behind(title: str, **fields: str) -> list[alt.Tooltip]:
    """What shows over a mark: the field that names it as the heading, then fields and their labels."""
    return [
        alt.Tooltip(f"{title}:N", title="title"),
        *(alt.Tooltip(f"{name}:N", title=label) for name, label in fields.items()),
    ]


def colours(
    statuses: Sequence[Status], names: Sequence[str], ground: str, *, hollow: str | None = None
) -> alt.Scale:
    """Statuses to colours; with `hollow`, what is only promised is a ring filled with that colour."""
    shown = [
        hollow if hollow and s is Status.PLEDGED else theme.colour(theme.STATUS[s], ground) for s in statuses
    ]
    return alt.Scale(domain=list(names), range=shown)


def surface(status: Status, ground: str) -> tuple[str, str]:
    """Fill and outline of an area or a bar: what is only promised is hollow there as well."""
    colour = theme.colour(theme.STATUS[status], ground)
    return (theme.GRID[ground], colour) if status is Status.PLEDGED else (colour, theme.PAPER[ground])


def surfaces(
    statuses: Sequence[Status], names: Sequence[str], ground: str, field: str = "status"
) -> dict[str, Any]:
    """The same for bars that are coloured by the name of their status, with their legend."""
    looks = [surface(s, ground) for s in statuses]
    shown = legend(symbolType="square") if field == "status" else legend(symbolStrokeWidth=0.75)

    def scale(place: int) -> alt.Scale:
        return alt.Scale(domain=list(names), range=[look[place] for look in looks])

    return {
        "fill": alt.Fill(f"{field}:N", scale=scale(0), legend=shown),
        "stroke": alt.Stroke(f"{field}:N", scale=scale(1), legend=shown),
    }


def legend(**options: Any) -> alt.Legend:
    """Symbols and words above the picture, in two columns on a phone."""
    return alt.Legend(columns=alt.ExprRef(f"width < {PHONE} ? 2 : 6"), symbolOpacity=1, **options)


def along(
    known: Iterable[dt.date],
    language: str,
    *,
    pad: float = 0.03,
    axis: Mapping[str, Any] = {},
    **options: Any,
) -> Callable[[str], alt.X]:
    """Gives where a field of days stands, which are those of no time zone, with room for marks at both ends.

    `options` are those of the scale, `axis` those of its axis.
    """
    known = list(known)
    first, last = min(known), max(known)
    room = dt.timedelta(days=max(14, round((last - first).days * pad)) if pad else 0)
    first, last = first - room, last + room
    scale = alt.Scale(type="utc", domain=[_moment(first), _moment(last)], **options)
    drawn = _day_axis(first, last, language, **axis)
    return lambda field: alt.X(f"{field}:T", title=None, scale=scale, axis=drawn)


def over(field: str) -> alt.X:
    """Where something begins that reaches over days. Vega warns of a domain that such a mark tells again."""
    return alt.X(f"{field}:T", title=None, scale=alt.Scale(type="utc"))


def beside(part: float) -> Literal["left", "right", "center"]:
    """How a text is aligned over a line that stands at this part of the width, so that it is not cut."""
    return "left" if part < 0.15 else "right" if part > 0.85 else "center"


def lane_axis(ground: str) -> alt.Axis:
    """An axis of names, with a line for each."""
    return alt.Axis(
        ticks=False,
        domain=False,
        labelFlush=False,
        labelLimit=240,
        labelPadding=10,
        grid=True,
        gridColor=theme.GRID[ground],
    )


def count_axis(**options: Any) -> alt.Axis:
    """An axis of whole numbers."""
    return alt.Axis(format=",d", tickMinStep=1, labelFlush=False, **options)


def _moment(day: dt.date) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True)


def _day_axis(first: dt.date, last: dt.date, language: str, **options: Any) -> alt.Axis:
    """An axis that tells the year with every label, of which a phone leaves some out."""
    begins = first.year * 12 + first.month - 1
    count = last.year * 12 + last.month - begins
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120) if count <= s * TICKS), 240)
    months = range(-(-begins // step) * step, begins + count, step)
    ticks = [dt.date(n // 12, n % 12 + 1, day) for n in months for day in ((1, 15) if count < 4 else (1,))]
    pattern = i18n.day_pattern(language) if count < 4 else i18n.month_pattern(language)
    told: dict[str, Any] = {
        "grid": False,
        "labelFlush": False,
        "labelOverlap": "parity",
        "labelSeparation": 10,
        "format": "%Y" if step >= 12 else pattern,
        "values": [_moment(day) for day in ticks if first <= day <= last],
    }
    return alt.Axis(**told | options)


def haloed(ground: str, **look: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The looks of a text that is drawn twice, so that no line runs through it: its edge, and itself."""
    plain = {"aria": False, "color": theme.TEXT[ground]} | look
    return plain | {"stroke": theme.PAPER[ground], "strokeWidth": 5}, plain


def drawn_from(rows: Rows) -> alt.Chart:
    """A chart of these rows."""
    return alt.Chart(alt.Data(values=list(rows)))


def layered(layers: Sequence[Any], rows: Rows | None = None) -> alt.LayerChart:
    """Layers on top of each other; `rows` are the data of those that have none of their own."""
    shared = alt.Data(values=list(rows)) if rows is not None else alt.Undefined
    return cast(alt.LayerChart, alt.layer(*layers, data=shared))


def sized(chart: C, *, height: int) -> C:
    """The chart as wide as its place, and as high as it needs to be."""
    return chart.properties(width="container", height=height)
