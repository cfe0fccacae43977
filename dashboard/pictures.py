"""One call draws a picture: the chart, the ways to save it, and the table that says the same.

Chart and table are computed once for each state of the data. Saving, and opening the table,
need no server: `assets/pictures.js` does both in the browser, from what stands in the page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Sequence
from html import escape
from typing import Any, NamedTuple

import streamlit as st

from dashboard import clocks, i18n, telling, theme
from dashboard.kept import kept
from dashboard.session import at, ground, t, words
from tracker import formats

_AXES = 40
"""About how many pixels axes and legends add to the height of a chart."""

Cell = str | int | float | tuple[str, object] | None
"""What stands in a table: a value, or how it is said and what it is, such as a date."""


class Drawn(NamedTuple):
    """A chart, what it shows in words, and its table; `links` are the addresses of the rows."""

    chart: Any
    alt: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    links: Sequence[str] = ()


class _Finished(NamedTuple):
    spec: dict[str, Any]
    alt: str
    tools: str


def picture(
    name: str, title: str, make: Callable[[], Drawn | None], *parts: Hashable, heading: str = ""
) -> bool:
    """Draw what `make` gives, made once for each state of the data; returns whether there was any.

    What `make` depends on is said as for `kept`. `title` goes with the files that are saved, and
    `heading` stands above the picture where there is any.
    """

    def finish() -> _Finished | None:
        drawn = make()
        return _finished(title, drawn) if drawn is not None else None

    found = kept(f"picture-{name}", finish, title, *parts)
    if found is not None:
        if heading:
            st.subheader(heading)
        _draw(name, found)
    return found is not None


def draw(name: str, title: str, drawn: Drawn) -> None:
    """Draw what is not worth keeping, such as what somebody just asked for."""
    _draw(name, _finished(title, drawn))


def caption(how: str, opens: str = "") -> None:
    """How a picture is read, and what its marks open, which paper leaves out."""
    way = f' <span class="opener">{escape(opens)}</span>' if opens else ""
    st.html(f'<p class="note how">{escape(how)}{way}</p>')


def date(edtf: str | None) -> Cell:
    """A date in a table: as people say it, and in the files as it is."""
    return (i18n.date(edtf, words()), edtf) if edtf else None


def _draw(name: str, found: _Finished) -> None:
    # By its class the browser knows how much room to leave until the chart is drawn.
    with st.container(key=f"picture-{name}-{found.spec['height'] + _AXES}"):
        st.vega_lite_chart(spec=found.spec, alt=found.alt, key=f"chart-{name}-{ground()}", theme=None)
    st.html(found.tools)


def _finished(title: str, drawn: Drawn) -> _Finished:
    # Validation against the schema would take half of a page's time; tests do it instead.
    spec = drawn.chart.to_dict(validate=False)
    if "data" in spec:
        # Streamlit would make a frame of data that stand at the top, on every run.
        outside = {part: spec.pop(part) for part in ("width", "height", "params") if part in spec}
        spec = {"layer": [spec], **outside}
    # The height is that of the marks; axes and legends come on top of it.
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["padding"] = {"bottom": 5}
    told = {"config": theme.config(ground(), words().language)}
    return _Finished(spec | told, drawn.alt, _tools(title, drawn))


def _tools(title: str, drawn: Drawn) -> str:
    """The line under a chart: the table that opens, and the files."""
    told = {
        "title": title,
        "day": at().day.isoformat(),
        "credit": _credit(drawn),
        "paper": theme.PAPER[ground()],
        "text": theme.TEXT[ground()],
        "columns": list(drawn.columns),
        "rows": [[_cell(cell) for cell in row] for row in drawn.rows],
        "links": list(drawn.links),
    }
    kinds = ("png", "svg", "csv") if drawn.columns else ("png", "svg")
    buttons = "".join(_button(kind) for kind in kinds)
    table = f"<details><summary>{escape(t('picture.as_table'))}</summary></details>" if drawn.columns else ""
    data = escape(json.dumps(told, ensure_ascii=False))
    return (
        f'<div class="picture" data-picture="{data}">'
        f"{table}<span>{escape(t('picture.save'))} {buttons}</span></div>"
    )


def _button(kind: str) -> str:
    name = escape(t("picture.save_as", form=kind.upper()))
    return f'<button type="button" data-save="{kind}" aria-label="{name}">{kind.upper()}</button>'


def _cell(cell: Cell) -> Any:
    """A cell as the browser gets it: a value, or a pair of what is shown and what is written into files."""
    shown, value = cell if isinstance(cell, tuple) else (cell, cell)
    written = formats.inert(value)
    return shown if written == formats.cell(shown) else [shown, written]


def _credit(drawn: Drawn) -> str:
    """What stands under a picture that is saved: whose it is, as of when, and how its words were made."""
    facts = {"site": t("site.title"), "day": i18n.day(at().day, words().language)}
    known = clocks.day("known_on")
    if known is None:
        told = t("picture.credit", **facts)
    else:
        told = t("picture.credit_known", known=i18n.day(known, words().language), **facts)
    if any(telling.is_machine(cell) for row in drawn.rows for cell in row):
        told = f"{told} {t('picture.by_machine')}"
    return told
