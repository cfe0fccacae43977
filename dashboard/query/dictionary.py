"""The data dictionary beside the editor: what can be asked about, in the words of the comments."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from dashboard import components
from dashboard.query import asking
from dashboard.session import con, t
from tracker import inventory, queries

FIRST = (
    *("commitments", "history", "evidence", "sources", "agreements", "milestones", "checks", "disputes"),
    *("lifecycle", "ledger", "as_of(day)", "as_known(day, known_at)"),
)
"""What most questions are about; the rest is for those who look for it."""
SAMPLES = {"day": "current_date", "known_at": "now()::TIMESTAMP"}
"""What a ready query says where a function wants a value."""


def show() -> None:
    """Tables, views and functions with their columns; a click puts a name or a query into the editor."""
    with st.container(key="dictionary", gap="xsmall"):
        _show()


def _show() -> None:
    st.header(t("ask.tables"))
    wanted = (
        st.text_input(
            t("ask.find"),
            key="ask-find",
            type="search",
            live=True,
            label_visibility="collapsed",
            placeholder=t("ask.find"),
        )
        .strip()
        .casefold()
    )
    every = sorted(inventory.relations(con()), key=_rank)
    if wanted:
        found = [r for r in every if wanted in _told(r) or _columns(r, wanted)]
    else:
        found = [r for r in every if r["name"] in FIRST]
    if not found:
        st.caption(t("ask.nothing_found"))
    for relation in found:
        _relation(relation, wanted)
    if not wanted and st.toggle(t("ask.all_tables", n=len(every) - len(FIRST)), key="ask-all"):
        for relation in every:
            if relation["name"] not in FIRST:
                _relation(relation, "")


def _relation(relation: queries.Row, wanted: str) -> None:
    name = relation["name"]
    few = wanted != "" and wanted not in _told(relation)
    # One that was found by a column shows it; the key keeps its state apart from that of the whole list.
    body = st.expander(
        name, expanded=few, key=f"relation-{name}{'-found' if few else ''}", type="compact", on_change="rerun"
    )
    if not body.open:
        return
    with body:
        st.caption(components.md(relation["comment"]))
        with st.container(horizontal=True):
            st.button(
                t("ask.ready"),
                key=f"ready-{name}",
                type="tertiary",
                on_click=asking.put,
                args=(_ready(relation),),
                icon=":material/play_arrow:",
            )
            st.button(
                t("ask.insert"),
                key=f"insert-{name}",
                type="tertiary",
                on_click=asking.insert,
                args=(_called(name),),
                icon=":material/add:",
            )
        for column in _columns(relation, wanted) if few else relation["columns"]:
            _column(name, column)


def _column(relation: str, column: dict[str, Any]) -> None:
    with st.container(gap=None):
        st.button(
            column["name"],
            key=f"column-{relation}-{column['name']}",
            type="tertiary",
            on_click=asking.insert,
            args=(column["name"],),
        )
        told = [components.md(text) for text in (column["type"].lower(), column["comment"]) if text]
        st.caption(" · ".join(told))


def _rank(relation: queries.Row) -> int:
    return FIRST.index(relation["name"]) if relation["name"] in FIRST else len(FIRST)


def _told(relation: queries.Row) -> str:
    return f"{relation['name']} {relation['comment']}".casefold()


def _columns(relation: queries.Row, wanted: str) -> list[dict[str, Any]]:
    """Columns whose name or comment holds a text."""
    return [c for c in relation["columns"] if wanted in f"{c['name']} {c['comment'] or ''}".casefold()]


def _called(name: str) -> str:
    """A relation as a query names it: a function with values for what it wants."""
    return re.sub(r"\(.*\)", lambda m: f"({', '.join(SAMPLES[p] for p in m[0][1:-1].split(', '))})", name)


def _ready(relation: queries.Row) -> str:
    """A query that shows a relation."""
    columns = ", ".join(column["name"] for column in relation["columns"])
    return f"SELECT {columns}\nFROM {_called(relation['name'])}\nLIMIT 100;"
