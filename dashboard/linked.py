"""Tables and lines of links between our pages: HTML of our own, because Markdown links open another tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from dashboard import clocks, i18n, language

LEAF = "page"
"""The word of an address that names the leaf of a list, from 1."""


class Html(str):
    """A text that is HTML of ours already."""


class Cell(NamedTuple):
    """One cell: a text, where it leads, and how it looks: `number`, `short` (one line), `phrase`, `quiet`."""

    text: str
    href: str | None = None
    look: str = ""


def carried() -> dict[str, str]:
    """What of the address of a page belongs to every other as well: the clocks, and the language."""
    told = {name: day.isoformat() for name in clocks.NAMES if (day := clocks.day(name)) is not None}
    return told | ({language.NAME: language.chosen()} if language.NAME in st.query_params else {})


def address(page: str, /, **query: str) -> str:
    """The address of a page of ours, on the clocks and in the language of this one."""
    told = urlencode({**query, **{k: v for k, v in carried().items() if k not in query}})
    return f"{page}?{told}" if told else page


def here(page: str, /, **changed: str | None) -> str:
    """The address of the page that is shown, with some of its words changed; None takes one out.

    Whatever changes, a list begins at its first leaf again.
    """
    told = {name: text for name, text in st.query_params.to_dict().items() if name not in (*carried(), LEAF)}
    return address(page, **{name: text for name, text in (told | changed).items() if text is not None})


def number(name: str) -> int | None:
    """The whole number that the address of the page that is shown has under a name; None without one."""
    raw = st.query_params.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else None


def commitment(commitment_id: str) -> str:
    """The address of the page of one commitment."""
    return address("commitment", id=commitment_id)


def page(name: str, label: str, query: Mapping[str, str] | None = None, **options: Any) -> None:
    """A link to a page of ours, as Markdown draws its label."""
    told = {**(query or {}), **carried()}
    st.page_link(f"app_pages/{name}.py", label=label, query_params=told, **options)


def shown(text: str) -> str:
    """A text as HTML that shows exactly it, if it is not HTML of ours; its lines stay lines."""
    return text if isinstance(text, Html) else escape(text).replace("\n", "<br>")


def anchor(text: str, href: str) -> Html:
    """A link of ours in HTML; the text is shown as it is."""
    return Html(f'<a href="{escape(href)}">{shown(text)}</a>')


def outside(text: str, url: str | None, spoken: str = "") -> Html:
    """A link to an address of others, which opens beside this page; the plain text without one.

    `spoken` is the language of the text, where it is on record.
    """
    lang = f' lang="{escape(spoken)}"' if spoken else ""
    if url:
        return Html(f'<a href="{escape(url)}"{lang}>{escape(text)}</a>')
    return Html(f"<span{lang}>{escape(text)}</span>" if lang else escape(text))


def source(row: Mapping[str, Any]) -> Html:
    """A link to a source under its title, which is in its language unless a compiler described it."""
    spoken = row["language"]
    if row["title_is_descriptive"]:
        spoken = "ko" if i18n.is_korean(row["title"]) else ""
    return outside(row["title"], row["url"], spoken)


def opener(text: str, page: str, **query: str) -> Html:
    """A link that opens a form; the browser gives it the key of a draft of its own."""
    return Html(f'<a class="opener" data-draft href="{escape(address(page, **query))}">{escape(text)}</a>')


def line(label: str, links: Sequence[Html | tuple[str, str]]) -> None:
    """A label and links after it, each made already, or a text and an address."""
    st.html(f'<p class="linked"><b>{escape(label)}</b> {_side_by_side(links)}</p>')


def note(text: str, links: Sequence[Html | tuple[str, str]], *, ways: bool = False) -> None:
    """A quiet line, and links after it; where they are but ways to elsewhere, paper leaves it out."""
    look = "linked note ways" if ways or not text else "linked note"
    st.html(f'<p class="{look}">{escape(text)} {_side_by_side(links)}</p>')


def choices(label: str, offered: Sequence[tuple[str, str, bool]]) -> None:
    """Ways to narrow a page, as `choosing` makes them."""
    st.html(choosing(label, offered))


def choosing(label: str, offered: Sequence[tuple[str, str, bool]]) -> Html:
    """Ways to narrow a page after their label: each a text, an address, and whether it is in force."""
    told = "".join(
        f'<a href="{escape(href)}"{mark}>{escape(text)}</a>'
        for text, href, current in offered
        for mark in (' aria-current="true"' if current else "",)
    )
    return Html(f'<nav class="choices" aria-label="{escape(label)}"><b>{escape(label)}</b>{told}</nav>')


def table(columns: Sequence[str], rows: Sequence[Sequence[Cell | str]], numbers: Sequence[int] = ()) -> None:
    """A table of texts and links, as `tabled` makes it."""
    st.html(tabled(columns, rows, numbers))


def tabled(columns: Sequence[str], rows: Sequence[Sequence[Cell | str]], numbers: Sequence[int] = ()) -> Html:
    """A table of texts and links; the first column names the row. On a phone every row is a card.

    Texts are shown as they are, never as HTML. `numbers` are the places of columns of numbers.
    A column in which nothing stands is left out.
    """
    told = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    filled = [place for place in range(len(columns)) if not told or any(row[place].text for row in told)]
    # A column of links is named by nothing but them.
    head = "".join(
        f'<th scope="col"{_look("number" if place in numbers else "")}>{escape(columns[place])}</th>'
        if columns[place]
        else "<td></td>"
        for place in filled
    )
    body = "".join(
        "<tr>" + "".join(_cell(row[place], columns[place], first=place == 0) for place in filled) + "</tr>"
        for row in told
    )
    return Html(f'<table class="linked"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')


def _side_by_side(links: Sequence[Html | tuple[str, str]]) -> str:
    return " · ".join(link if isinstance(link, Html) else anchor(*link) for link in links)


def _cell(cell: Cell, column: str, *, first: bool) -> str:
    text = anchor(cell.text, cell.href) if cell.href is not None else shown(cell.text)
    if first:
        return f'<th scope="row">{text}</th>'
    label = f' data-label="{escape(column)}"' if column else ""
    return f"<td{label}{_look(cell.look)}>{text}</td>"


def _look(names: str) -> str:
    return f' class="{names}"' if names else ""
