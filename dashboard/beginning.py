"""The first steps of a tracker that holds nothing yet."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard import linked
from dashboard.clocks import is_past
from dashboard.session import con, read_only, t
from dashboard.sheets import opener
from tracker import queries
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
    counts = queries.info(con())["counts"]
    done = {
        Entity.DATASET: bool(queries.datasets(con())),
        Entity.AGREEMENT: bool(counts["agreements"]),
        Entity.COMMITMENT: bool(counts["commitments"]),
    }
    following = next((entity for _, entity in STEPS if not done[entity]), None)
    items = "".join(_step(name, entity, done[entity], entity is following) for name, entity in STEPS)
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


def _step(name: str, entity: Entity, is_done: bool, is_next: bool) -> str:
    title = escape(t(f"begin.{name}.title"))
    again = linked.anchor(t("begin.again"), linked.address("add"))
    link = again if is_done else opener(t(f"begin.{name}.go"), entity)
    state = f'<span class="quiet">({escape(t("begin.done"))})</span>' if is_done else ""
    look = "done" if is_done else "next" if is_next else "later"
    how = escape(t(f"begin.{name}.how"))
    return f'<li class="{look}"><b>{title}</b> {state}<br>{how}<br>{link}</li>'
