"""The first steps of a tracker that holds nothing yet."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import linked
from dashboard.clocks import is_past
from dashboard.entry.sheets import opener
from dashboard.linked import Html
from dashboard.session import con, read_only, t
from tracker import provenance, queries
from tracker.terms import Entity

STEPS = (
    ("describe", Entity.DATASET),
    ("found", Entity.AGREEMENT),
    ("promise", Entity.COMMITMENT),
)
"""What one does first, and what of it is on record afterwards."""


def show() -> None:
    """What this is, and the ways to begin, with a tick at each step that is done."""
    if is_past():
        st.info(t("overview.empty_then"))
        return
    st.html(f'<p class="lead">{escape(t("begin.lead"))}</p>')
    if read_only():
        st.info(t("begin.closed"))
        return
    agreements = provenance.agreements(con(), limit=2)
    done = {Entity.DATASET: bool(queries.datasets(con())), Entity.AGREEMENT: bool(agreements)}
    following = next(entity for _, entity in STEPS if not done.get(entity))
    # The first commitment is of the only agreement there is.
    only = {"agreement": agreements[0]["id"]} if len(agreements) == 1 else {}
    items = ""
    for name, entity in STEPS:
        more = only if entity is Entity.COMMITMENT else {}
        link = opener(t(f"begin.{name}.go"), entity, **more)
        look = "next" if entity is following else "later"
        items += _done(name) if done.get(entity) else _step(name, link, look)
    st.header(t("begin.steps"))
    st.html(f'<ol class="steps">{items}</ol>')
    st.header(t("begin.else"))
    st.html(f'<p class="linked">{linked.anchor(t("begin.import"), linked.address("import"))}</p>')
    st.markdown(t("begin.example"))


def hint() -> None:
    """On any other page: that nothing is on record yet, and where to begin."""
    st.html(
        f'<p class="lead linked">{escape(t("begin.nothing"))} '
        f"{linked.anchor(t('begin.here'), linked.address('./'))}</p>"
    )


def _done(name: str) -> str:
    link = linked.anchor(t("begin.again"), linked.address("add"))
    return _step(name, link, "done", f' <span class="quiet">({escape(t("begin.done"))})</span>')


def _step(name: str, link: Html, look: str, state: str = "") -> str:
    title, how = escape(t(f"begin.{name}.title")), escape(t(f"begin.{name}.how"))
    return f'<li class="{look}"><b>{title}</b>{state}<br>{how}<br>{link}</li>'
