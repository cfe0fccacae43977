"""What a save changed, and whether readers see it yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import components, i18n, linked, telling
from dashboard.session import WAITS, t, tracker, words
from tracker import moves
from tracker.errors import TrackerError
from tracker.moves import Move

if TYPE_CHECKING:
    from dashboard.entry.forms import Form


def moving(
    told: Form, save: Callable[[], object], ids: Iterable[str]
) -> tuple[list[Move], TrackerError | None]:
    """Save, and compare these commitments before and after: what moved, or why nobody sees it yet.

    Raises what the save raises when nothing was recorded.
    """
    store = tracker().store
    with store.reading() as before:
        try:
            with told.saving():
                save()
        except TrackerError as error:
            if error.code != "unpublished":
                raise
            return [], error
        try:
            with store.reading() as after:
                return moves.between(before, after, ids), None
        except TrackerError as error:
            return [], error


def published(error: TrackerError | None) -> bool:
    """Whether readers see what was saved; if not, say so."""
    if st.session_state.pop(WAITS, False):
        st.info(t("proposed.sent"), icon=":material/hourglass_top:")
        linked.page("approvals", t("proposed.see"))
        return False
    if error is None:
        return True
    st.warning(t("record.unpublished", why=components.sentence(error)), icon=":material/schedule:")
    return False


def told(done: str, found: Sequence[Move]) -> None:
    """Say what was done, and what that moved."""
    st.success(f"**{done}** {counted(found)}", icon=":material/check:")


def counted(found: Sequence[Move]) -> str:
    """How many commitments moved, and what changes, in Markdown."""
    return f"{t('regrade.moved', n=len(found))}\n\n{moved(found)}"


def moved(found: Sequence[Move]) -> str:
    """What changes, as a list in Markdown: the commitment, and every answer before and after."""
    told = []
    titles = telling.rows({"id": move.id, "title": move.title} for move in found)
    for move, row in zip(found, titles, strict=True):
        changes = "; ".join(
            i18n.labelled(
                t(f"moved.{name}"),
                f"{_answer(name, move.before.get(name))} → **{_answer(name, after)}**",
                words(),
            )
            for name, after in move.after.items()
        )
        told.append(f"- {i18n.labelled(components.md(row['title']), changes, words())}")
    return "\n".join(told)


def _answer(name: str, value: Any) -> str:
    """One answer in words."""
    if value is None:
        return t("moved.none")
    if isinstance(value, bool):
        return t("moved.yes" if value else "moved.no")
    table = "stage" if name.endswith("stage") else name
    return t(f"{table}.{value}")
