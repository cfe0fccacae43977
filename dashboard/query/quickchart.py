"""A chart of an answer to SQL: which columns suit it, and how it is drawn. Altair and nothing else."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import altair as alt

from dashboard import theme
from dashboard.query.results import Kind
from tracker.terms import Schedule, Status

BARS = 50
"""Bars that are drawn; more could not be read."""
COLOURS = 6
"""Values of a column that colours can tell apart."""
_YEARS = "datum.value % 1 == 0 && abs(datum.value) < 10000 ? '' + datum.value : datum.label"
"""How numbers along an axis are written: a year has no comma."""
LABEL = 60
"""Characters of a value beside an axis."""

Columns = Mapping[str, Sequence[Any]]
"""The values of an answer by the name of their column."""


class Form(StrEnum):
    """How it is drawn."""

    BAR = "bar"
    LINE = "line"
    POINT = "point"


class Choice(NamedTuple):
    """What a chart shows: `y` is None for the number of rows, `colour` for one colour."""

    form: Form
    x: str
    y: str | None
    colour: str | None


def suggestion(kinds: Mapping[str, Kind], columns: Columns) -> Choice | None:
    """The chart that suits an answer; None where there is nothing to draw."""
    if not any(columns.values()):
        return None
    by: dict[Kind, list[str]] = {"number": [], "time": [], "text": []}
    for name, kind in kinds.items():
        by[kind].append(name)
    numbers, times, texts = by["number"], by["time"], by["text"]
    if times and numbers:
        several = len(set(columns[times[0]])) < len(columns[times[0]])
        groups = [name for name in texts if several and name in colourable(columns)]
        return Choice(Form.LINE, times[0], numbers[0], groups[0] if groups else None)
    if texts and numbers:
        return Choice(Form.BAR, texts[0], numbers[0], None)
    if len(numbers) > 1:
        return Choice(Form.POINT, numbers[0], numbers[1], None)
    # Of names alone, those that come again are worth counting.
    counted = sorted([*texts, *times, *numbers], key=lambda name: len(set(columns[name])))
    return Choice(Form.BAR, counted[0], None, None)


def colourable(columns: Columns) -> list[str]:
    """Columns whose values are so few that colours can tell them apart."""
    return [name for name, values in columns.items() if 1 < len(set(values)) <= COLOURS]


def drawn(
    kinds: Mapping[str, Kind], columns: Columns, choice: Choice, counted: str, ground: str
) -> tuple[alt.Chart, int]:
    """The chart, and how many bars there was no room for. `counted` names the number of rows."""
    # Columns may be named anything; in a chart they go by their place.
    place = {name: f"c{number}" for number, name in enumerate(columns)}
    x = place[choice.x]
    rows = [
        {place[name]: _value(columns[name][row], kinds[name]) for name in columns if name in choice}
        for row in range(len(columns[choice.x]))
    ]
    left = 0
    if choice.form is Form.BAR and kinds[choice.x] != "time":
        every = list(dict.fromkeys(row[x] for row in rows))
        left, kept = max(0, len(every) - BARS), set(every[:BARS])
        rows = [row for row in rows if row[x] in kept]
    lying = choice.form is Form.BAR and kinds[choice.x] == "text"
    letter = _scale(kinds[choice.x], choice.form)
    first, second = (alt.Y, alt.X) if lying else (alt.X, alt.Y)
    if choice.y is None:
        value = second("count():Q", title=counted, axis=alt.Axis(format="d", tickMinStep=1))
    else:
        value = second(f"{place[choice.y]}:Q", title=choice.y[:LABEL])
    encoded: dict[str, Any] = {
        # Names stand in the order in which the query gave them.
        "y" if lying else "x": first(
            f"{x}:{letter}",
            title=choice.x[:LABEL],
            sort=None if kinds[choice.x] == "text" else alt.Undefined,
            scale=alt.Scale(zero=False) if letter == "Q" else alt.Undefined,
            axis=alt.Axis(labelLimit=200, labelExpr=_YEARS if letter == "Q" else alt.Undefined),
        ),
        "x" if lying else "y": value,
    }
    if choice.colour is not None:
        range_ = alt.Scale(range=_palette(ground))
        encoded["color"] = alt.Color(f"{place[choice.colour]}:N", scale=range_)
    chart = _mark(alt.Chart(alt.Data(values=rows)), choice, ground).encode(**encoded)
    height = 24 * len({row[x] for row in rows}) if lying else 280
    return chart.properties(width="container", height=height), left


def _scale(kind: Kind, form: Form) -> str:
    """The letter by which Vega knows what an axis measures."""
    if kind == "number":
        return "O" if form is Form.BAR else "Q"
    return "T" if kind == "time" else "N"


def _mark(base: alt.Chart, choice: Choice, ground: str) -> alt.Chart:
    only: dict[str, Any] = {} if choice.colour else {"color": _palette(ground)[0]}
    if choice.form is Form.LINE:
        return base.mark_line(point=True, strokeWidth=2, tooltip=True, **only)
    if choice.form is Form.POINT:
        return base.mark_point(filled=True, size=70, opacity=0.8, tooltip=True, **only)
    return base.mark_bar(tooltip=True, **only)


def _palette(ground: str) -> list[str]:
    marks = [theme.STATUS[s] for s in (Status.ONGOING, Status.IN_PROGRESS, Status.UNCONFIRMED)]
    marks += [theme.SCHEDULE[Schedule.LATE], theme.STATUS[Status.DELIVERED], theme.STATUS[Status.PLEDGED]]
    return [theme.colour(mark, ground) for mark in marks]


def _value(value: Any, kind: Kind) -> Any:
    """A value in what a chart's data know."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if kind == "time":
        return value.isoformat()
    if kind == "number":
        return value
    return str(value)[:LABEL]
