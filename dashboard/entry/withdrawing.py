"""The form that takes an event, a search or a dispute out of what counts, or back in, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from dashboard import access
from dashboard.entry import drafts, forms, outcome
from dashboard.entry.forms import Form
from dashboard.session import read_only, t, writing
from tracker.errors import TrackerError
from tracker.terms import Entity

WORD = "correct"
"""The word of the address that holds a form open."""
_SAVED = "withdrawing-saved"


class Thing(NamedTuple):
    """What stands on record, or was withdrawn."""

    entity: Entity
    id: str
    seen: int
    """Version of the entity that the editor sees."""
    withdrawn: bool
    commitment_ids: tuple[str, ...]
    """Commitments that it bears on."""
    event: int | None = None
    """Version of the commitment that made the event, if it is one."""

    @property
    def sort(self) -> str:
        """What people call it."""
        return "event" if self.event is not None else self.entity.value

    @property
    def mark(self) -> str:
        """How the address names it."""
        return str(self.event) if self.event is not None else f"{self.sort}:{self.id}"


def said(sort: str) -> None:
    """After saving one of this sort: whether it counts, and what that moved."""
    saved = st.session_state.get(_SAVED)
    if saved is None or saved[0] != sort:
        return
    del st.session_state[_SAVED]
    _, undone, moves, failure = saved
    if outcome.published(failure):
        outcome.told(t("correct.restored" if undone else "correct.withdrawn"), moves)


def opener(thing: Thing, label: str | None = None) -> None:
    """The button that opens the form, until it is open; `label` is for one that offers more than that."""
    if read_only() or asked(thing):
        return
    st.button(
        t("correct.restore") if thing.withdrawn else label or t(f"correct.withdraw.{thing.sort}"),
        key=f"correct-{thing.mark}",
        icon=":material/undo:" if thing.withdrawn else ":material/edit_off:",
        type="tertiary",
        on_click=_begin,
        args=(thing.mark,),
        width="content",
    )


def asked(thing: Thing) -> bool:
    """Whether the address asks for the form of this."""
    return not read_only() and st.query_params.get(WORD) == thing.mark


def form(thing: Thing, replace: Callable[[], None] | None = None) -> None:
    """The form, if the address asks for it; `replace` opens another that puts a better one in its place."""
    if not asked(thing):
        return
    told = Form(f"correct:{thing.id}:{thing.mark}", ("reason", "by"), lambda f: t(f"correct.field.{f}"))
    told.begin(lambda: thing.seen)
    with told.sheet():
        if len(thing.commitment_ids) > 1:
            st.caption(t("correct.touches", n=len(thing.commitment_ids)))
        told.area("reason", height=68, help=t("correct.reason_help"), max_chars=2000)
        told.by()
        told.summary()
        with st.container(horizontal=True):
            label = t("correct.restore") if thing.withdrawn else t(f"correct.withdraw.{thing.sort}")
            told.button(label, _submit, told, thing, primary=True)
            if replace is not None and not thing.withdrawn:
                told.button(t("correct.replace"), _instead, told, replace, hint=t("correct.replace_help"))
            told.button(t("forms.cancel"), leave, told)


def _begin(mark: str) -> None:
    drafts.opening(edit=None, **{WORD: mark})


def leave(told: Form) -> None:
    """Close the form and forget what was typed in it."""
    told.forget()
    drafts.closing(WORD)


def _instead(told: Form, replace: Callable[[], None]) -> None:
    leave(told)
    replace()


def _submit(told: Form, thing: Thing) -> None:
    """Record it, or keep everything and say what is wrong."""
    typed = told.typed()
    if typed is None:
        return None
    if problems := forms.missing(typed, "reason", "by"):
        return told.refuse(problems)

    def save() -> None:
        writing().withdraw(
            thing.entity,
            thing.id,
            reason=typed["reason"],
            version=thing.event,
            undo=thing.withdrawn,
            expect_version=told.seen,
            by=typed["by"],
            key=told.request(),
            merge=True,
        )

    try:
        moves, failure = outcome.moving(told, save, thing.commitment_ids)
    except TrackerError as error:
        return told.fail(error)
    st.session_state[_SAVED] = (thing.sort, thing.withdrawn, moves, failure)
    access.remember(typed["by"])
    return leave(told)
