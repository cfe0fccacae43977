"""The form that changes the grade of a source, or takes it out of what counts: first what would move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import access
from dashboard.entry import drafts, forms, outcome
from dashboard.entry.forms import Form
from dashboard.session import read_only, t, tracker, writing
from tracker import holdings, provenance
from tracker.errors import Invalid, Problem, TrackerError
from tracker.ledger import Draft
from tracker.models import Source, Withdrawal
from tracker.moves import Move
from tracker.terms import Entity, Reliability

FIELDS = ("what", "reliability", "reason", "by")
SAVED, MOVES = "regrade-saved", "moves"


def form(source: Mapping[str, Any]) -> None:
    """What the last save moved, then the form for one source, or the button that opens it."""
    told = Form(f"regrade:{source['id']}", FIELDS, lambda f: t(f"regrade.field.{f}"))
    _said(source["id"])
    if read_only():
        return
    if st.query_params.get("regrade") != source["id"]:
        label = t("regrade.restore" if source["withdrawn_at"] else "regrade.open")
        st.button(
            label, icon=":material/balance:", on_click=_begin, args=(source["id"],), key=f"open-{told.name}"
        )
        return
    choices = ["restore"] if source["withdrawn_at"] else ["regrade", "withdraw"]
    told.begin(lambda: source["version"], what=choices[0], reliability=source["reliability"])
    if told.value("what") not in choices:
        # Somebody else withdrew or restored it in the meantime.
        st.session_state.pop(told.key("what"), None)
    told.choice("what", choices, _what)
    what = told.value("what")
    with told.sheet():
        if what == "regrade":
            grades = [r.value for r in Reliability]
            told.select("reliability", grades, lambda r: f"{r} – {t(f'reliability.{r}')}", width=320)
        told.text("reason", help=t("regrade.reason_help"))
        told.by(width=320)
        seen = st.session_state.get(told.key(MOVES))
        if seen is not None:
            _would(seen[1])
        told.summary()
        with st.container(horizontal=True):
            if seen is not None:
                told.button(t("regrade.save"), _save, told, source["id"], primary=True)
            told.button(t("regrade.preview"), _preview, told, source["id"], primary=seen is None)
            told.button(t("forms.cancel"), _leave, told)


def _what(code: str) -> str:
    return t(f"regrade.what.{code}")


def _would(moves: Sequence[Move]) -> None:
    st.info(f"**{t('regrade.would', n=len(moves))}**\n\n{outcome.moved(moves)}", icon=":material/visibility:")


def _said(source_id: str) -> None:
    """After saving: what moved."""
    saved = st.session_state.get(SAVED)
    if saved is None or saved[0] != source_id:
        return
    del st.session_state[SAVED]
    _, what, moves, failure = saved
    if outcome.published(failure):
        outcome.told(t(f"regrade.done.{what}"), moves)


def _begin(source_id: str) -> None:
    drafts.opening(regrade=source_id)


def _leave(told: Form) -> None:
    told.forget()
    st.session_state.pop(told.key(MOVES), None)
    drafts.closing("regrade")


def _asked(typed: Mapping[str, Any]) -> tuple[Any, ...]:
    """What decides what moves."""
    return typed["what"], typed["reliability"] if typed["what"] == "regrade" else None


def _draft(typed: Mapping[str, Any], source_id: str, version: int) -> Draft:
    """The change that was typed; a reason that is still missing does not matter for what moves."""
    reason = typed["reason"] or "–"
    if typed["what"] != "regrade":
        told = Withdrawal.parse({"reason": reason})
        return Draft.withdraw(Entity.SOURCE, source_id, told, version, undo=typed["what"] == "restore")
    with tracker().store.reading() as con:
        _, content = holdings.content(con, Entity.SOURCE, source_id)
    if content["reliability"] == typed["reliability"]:
        raise Invalid([Problem("reliability", "unchanged")])
    changed = {
        "id": source_id,
        "reliability": typed["reliability"],
        "reliability_reason": reason,
        "because": reason,
    }
    return Draft.revise(Source.parse(content | changed), version)


def _field(path: str) -> str:
    return "reason" if path in ("reliability_reason", "because") else path


def _preview(told: Form, source_id: str) -> None:
    """Show what the change would move; nothing is recorded."""
    typed = told.typed()
    if typed is None:
        return
    st.session_state.pop(told.key(MOVES), None)
    try:
        draft = _draft(typed, source_id, told.seen)
        moves = tracker().rehearse([draft], by=typed["by"] or None, merge=True)
    except TrackerError as error:
        return told.fail(error, to=_field)
    st.session_state[told.key(MOVES)] = (_asked(typed), moves)


def _save(told: Form, source_id: str) -> None:
    """Record what was previewed; what was changed since is previewed first."""
    typed = told.typed()
    if typed is None:
        return None
    # What was rehearsed is one thing, and what happens another; only the latter is told.
    if st.session_state[told.key(MOVES)][0] != _asked(typed):
        return _preview(told, source_id)
    if problems := forms.missing(typed, "reason", "by"):
        return told.refuse(problems)
    try:
        draft = _draft(typed, source_id, told.seen)
        with tracker().store.reading() as con:
            touched = {row["id"] for row in provenance.citing(con, source_id)}
        moves, failure = outcome.moving(
            told,
            lambda: writing().append([draft], by=typed["by"], key=told.request(), merge=True),
            touched,
        )
    except TrackerError as error:
        return told.fail(error, to=_field)
    st.session_state[SAVED] = (source_id, typed["what"], moves, failure)
    access.remember(typed["by"])
    return _leave(told)
