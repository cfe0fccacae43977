"""Tables whose cells are links or marks: HTML of our own, because Markdown links open another tab."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st

from dashboard import clocks

_STYLE = """<style>
.linked { width: 100%; border-collapse: collapse; font-size: .95rem; }
.linked th { text-align: left; font-weight: 600; vertical-align: bottom; }
.linked th, .linked td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid rgba(128,140,150,.25); }
.linked td { vertical-align: top; }
.linked .number { text-align: right; font-variant-numeric: tabular-nums; }
.linked .quiet { opacity: .75; }
.linked a { text-decoration: underline; text-underline-offset: 3px; }
@media (max-width: 640px) {
  .linked thead { position: absolute; clip-path: inset(50%); }
  .linked tr { display: block; padding: .5rem 0; border-bottom: 1px solid rgba(128,140,150,.4); }
  .linked td, .linked th[scope=row] { display: block; border: 0; padding: .05rem 0; text-align: left; }
  .linked td[data-label]:not(:empty)::before { content: attr(data-label) ": "; opacity: .75; }
}
</style>"""


class Cell(NamedTuple):
    """One cell: a text, where it leads, and whether it is a number or said quietly."""

    text: str
    href: str | None = None
    number: bool = False
    quiet: bool = False


def address(page: str, **query: str) -> str:
    """The address of a page of ours, on the clocks of this one."""
    told = {name: chosen.isoformat() for name in clocks.NAMES if (chosen := clocks.day(name)) is not None}
    return f"{page}?{urlencode(query | told)}"


def table(columns: Sequence[str], rows: Sequence[Sequence[Cell | str]], numbers: Sequence[int] = ()) -> None:
    """A table of texts and links; the first column names the row. On a phone every row is a card.

    Texts are shown as they are, never as HTML. `numbers` are the places of columns of numbers.
    """
    head = "".join(
        f'<th scope="col"{_look(place in numbers, False)}>{escape(c)}</th>' for place, c in enumerate(columns)
    )
    body = "".join(
        "<tr>"
        + "".join(
            _cell(c if isinstance(c, Cell) else Cell(c), columns[place], first=place == 0)
            for place, c in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    st.html(f'{_STYLE}<table class="linked"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')


def _cell(cell: Cell, column: str, *, first: bool) -> str:
    text = escape(cell.text)
    if cell.href is not None:
        text = f'<a href="{escape(cell.href)}">{text}</a>'
    if first:
        return f'<th scope="row">{text}</th>'
    label = f' data-label="{escape(column)}"' if column else ""
    return f"<td{label}{_look(cell.number, cell.quiet)}>{text}</td>"


def _look(number: bool, quiet: bool) -> str:
    names = " ".join(name for name, on in (("number", number), ("quiet", quiet)) if on)
    return f' class="{names}"' if names else ""
