"""What is awaited when: a line for each date, those that passed and those to come."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import altair as alt

from dashboard import i18n, theme
from dashboard.charts import drawing
from dashboard.charts.drawing import Address, Rows
from dashboard.charts.months import SCHEDULES
from tracker.words import Words

_LINE, _TOP = 43, 18
"""Pixels for the line of one date, and above them all for what the day asked for is called."""
_WIDE = 640
"""Pixels from which on names stand beside their lines, and not above them."""
_LETTERS = 52
"""Latin letters of a name that a phone has room for in one line."""
_NARROW = f"width < {_WIDE}"


def ahead(
    rows: Rows, day: dt.date, until: dt.date, called: str, t: Words, ground: str, address: Address
) -> alt.LayerChart:
    """A line for each date: a bar for the days that it may mean, a mark on the last of them.

    The rule is the day asked for, `called` so; what has passed stands left of it. Dates outside of the
    span, which is at most as long before that day as after, stand at its edges.
    """
    length = until - day
    oldest = min((row["due_latest"] for row in rows), default=day)
    left = max(min(oldest, day - length / 8), day - length) - dt.timedelta(days=5)
    right = until + (until - left) / 60

    def place(of: dt.date) -> float:
        return (of - left) / (right - left)

    states = [s for s in SCHEDULES if any(row["schedule"] == s for row in rows)]
    names = [t(f"schedule.{s}") for s in states]
    looks = [theme.SCHEDULE[s] for s in states]
    values = []
    for number, row in enumerate(rows):
        label = row["title"] if row["step"] is None else i18n.labelled(row["title"], row["step"], t)
        state, when = t(f"schedule.{row['schedule']}"), i18n.date(row["due"], t)
        first, last = (min(max(row[f"due_{end}"], left), until) for end in ("earliest", "latest"))
        top = _TOP + _LINE * number
        said = ("← " if row["due_latest"] < left else "") + i18n.distance(abs(row["days"]), t.language)
        values.append(
            {
                "top": top,
                "middle": top + _LINE / 2,
                "low": top + _LINE - 8,
                "label": label,
                "name": _lines(row["title"], row["step"], t),
                "day": day.isoformat(),
                "first": first.isoformat(),
                "last": last.isoformat(),
                "state": state,
                "what": t(f"next.what.{row['what']}"),
                "due": when,
                "said": said,
                "at": _side(place(first), place(last), place(day), drawing.letters(said)),
                "href": address(row["id"]),
                "description": i18n.labelled(label, f"{state}, {when}", t),
            }
        )
    longest = max((drawing.letters(line) for value in values for line in value["name"]), default=0)
    room = 24 + round(5.9 * min(longest, _LETTERS))
    along = drawing.along(
        [left, right],
        t.language,
        pad=0,
        axis={"grid": True, "orient": "top", "domain": False, "ticks": False},
        range=[alt.ExprRef(f"{_NARROW} ? 7 : {room}"), alt.ExprRef("width")],
    )
    height = _TOP + _LINE * len(values)
    base = alt.Chart().encode(
        y=_either("datum.low", "datum.middle"),
        color=alt.Color(
            "state:N",
            scale=alt.Scale(domain=names, range=[theme.colour(look, ground) for look in looks]),
            legend=drawing.legend(),
        ),
        href="href:N",
    )
    shape = alt.Scale(domain=names, range=[look.shape for look in looks])
    layers: list[Any] = [
        alt.Chart()
        .mark_rule(color=theme.GRID[ground], aria=False)
        .encode(x=alt.value(0), x2=alt.value("width"), y=alt.value(alt.ExprRef(f"datum.top + {_LINE}"))),
        # On a phone it leaves the names alone.
        alt.Chart()
        .mark_rule(color=theme.TEXT[ground], strokeWidth=1.5, aria=False)
        .encode(
            x=along("day"),
            y=_either("datum.low - 7", "datum.top"),
            y2=_either("datum.low + 7", f"datum.top + {_LINE}"),
        ),
        base.mark_rule(strokeWidth=9, opacity=0.35, cursor="pointer", aria=False).encode(
            x=drawing.over("first"), x2="last:T"
        ),
        base.mark_point(filled=True, size=110, opacity=1, cursor="pointer").encode(
            x=along("last"),
            shape=alt.Shape("state:N", scale=shape),
            description="description:N",
            tooltip=drawing.behind(
                "label", what=t("next.what_title"), due=t("column.due"), state=t("column.schedule")
            ),
        ),
    ]
    text = alt.value(theme.TEXT[ground])
    limit = alt.ExprRef(f"{_NARROW} ? width : {room - 12}")
    above = _either("datum.low - 7 - 14 * datum.name.length", "datum.middle - 7 * datum.name.length")
    for look in drawing.haloed(
        ground, align="left", baseline="top", fontSize=13, lineHeight=14, limit=limit, cursor="pointer"
    ):
        layers.append(base.mark_text(**look).encode(x=alt.value(0), y=above, text="name:N", color=text))
    sides: tuple[tuple[str, str, Literal["left", "right"], int], ...] = (
        ("last", "last", "left", 10),
        ("first", "first", "right", -10),
        ("within", "last", "right", -10),
    )
    for at, field, align, shift in sides:
        if any(value["at"] == at for value in values):
            chosen = base.transform_filter(f"datum.at === '{at}'")
            for look in drawing.haloed(ground, align=align, baseline="middle", dx=shift):
                layers.append(chosen.mark_text(**look).encode(x=along(field), text="said:N", color=text))
    layers.append(
        drawing.drawn_from([{"day": day.isoformat(), "called": called}])
        .mark_text(
            align=drawing.beside(place(day)),
            baseline="middle",
            fontWeight=600,
            color=theme.TEXT[ground],
            aria=False,
        )
        .encode(x=along("day"), y=alt.value(_TOP / 2 - 1), text="called:N")
    )
    return drawing.sized(drawing.layered(layers, values), height=height)


def distance(row: Any, t: Words) -> str:
    """How many days ago a date was, or in how many it is; of a vague one, its last day."""
    code = "ago" if row["days"] < 0 else "in"
    vague = "" if row["due_earliest"] == row["due_latest"] else "_vague"
    return t(f"next.{code}{vague}", n=abs(row["days"]))


def _either(narrow: str, wide: str) -> Any:
    """A height in pixels on a phone, and where there is more room."""
    return alt.value(alt.ExprRef(f"{_NARROW} ? {narrow} : {wide}"))


def _side(first: float, last: float, day: float, letters: float) -> str:
    """Beside which end of a bar a text stands on a phone: where it fits, off the rule if it can.

    Places are parts of the width. A text that fits nowhere beside the bar stands over it.
    """
    width, gap = letters / _LETTERS, 0.03
    sides = {"last": (last + gap, last + gap + width), "first": (first - gap - width, first - gap)}
    fits = [side for side, (begins, ends) in sides.items() if begins >= 0 and ends <= 1]
    clear = [side for side in fits if not sides[side][0] < day < sides[side][1]]
    return (*clear, *fits, "within")[0]


def _lines(title: str, step: str | None, t: Words) -> list[str]:
    """A name in one or two lines, of which the second may be too long; a step in its own if it fits."""
    whole = title if step is None else i18n.labelled(title, step, t)
    if drawing.letters(whole) <= _LETTERS:
        return [whole]
    head = t("site.label", name=title)
    if step is not None and max(drawing.letters(head), drawing.letters(step)) <= _LETTERS:
        return [head, step]
    words = whole.split(" ")
    fits = [n for n in range(1, len(words)) if drawing.letters(" ".join(words[:n])) <= _LETTERS]
    return [" ".join(words[: fits[-1]]), " ".join(words[fits[-1] :])] if fits else [whole]
