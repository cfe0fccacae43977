"""The bridge between pages and data: the tracker, one snapshot per run, and the words."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from dashboard import access, clocks, i18n, language
from tracker import queries, sql
from tracker.errors import QueryRefused
from tracker.terms import Entity
from tracker.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from tracker.clocks import At
    from tracker.ledger import Draft, Entry
    from tracker.queries import Row
    from tracker.words import Words

WAITS = "waits"
"""Set in a session whose last change waits for a second person, until that is said."""
_snapshot: ContextVar[_Snapshot | None] = ContextVar("snapshot", default=None)


class _Snapshot(NamedTuple):
    con: DuckDBPyConnection
    newest: Row
    words: Words


@st.cache_resource(show_spinner=False)
def _tracker(folder: str | None) -> Tracker:
    # What fails here says so when somebody asks.
    with suppress(QueryRefused):
        sql.warm_up()
    return Tracker.open(folder)


def tracker() -> Tracker:
    """The tracker on the store of this server, shared by all sessions."""
    return _tracker(os.environ.get("TRACKER_STORE"))


def writing() -> Tracker:
    """The same, for whoever may change what is on record. Raises `Refused` for everybody else."""
    access.require(access.Action.EDIT)
    kind = _Proposing if access.needs_approval() else Tracker
    return kind(tracker().store, door=access.door())


class _Proposing(Tracker):
    """A tracker whose changes wait for a second person, whichever form they come from."""

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        by: str | None = None,
        key: str | None = None,
        merge: bool = False,
    ) -> list[Entry]:
        """Propose the drafts instead of recording them; second judgements move nothing and need not wait."""
        if all(draft.entity is Entity.CODING for draft in drafts):
            return super().append(drafts, by=by, key=key, merge=merge)
        entry = self.propose(drafts, by=by, key=key)
        st.session_state[WAITS] = True
        return [entry]


@contextmanager
def snapshot() -> Iterator[None]:
    """One published state for the whole run of a page, so that its parts never disagree."""
    with tracker().store.reading() as con:
        token = _snapshot.set(_Snapshot(con, queries.newest(con), i18n.words(language.chosen())))
        try:
            yield
        finally:
            _snapshot.reset(token)


def part(draw: Callable[[], None]) -> None:
    """Draw a part of a page which its widgets, when they change, draw anew without the rest."""
    st.fragment(lambda: _drawn(draw))()


def _drawn(draw: Callable[[], None]) -> None:
    if _snapshot.get(None) is not None:
        draw()
    elif why := access.refusal(access.Action.READ):
        st.warning(t(f"access.why.{why}"))
    else:
        with snapshot():
            draw()


def con() -> DuckDBPyConnection:
    """The cursor on this run's snapshot."""
    return _there().con


def newest() -> Row:
    """Number, time and hash of the newest entry of this run's snapshot; empty without any."""
    return _there().newest


def _there() -> _Snapshot:
    there = _snapshot.get()
    assert there is not None, "no page is drawn"
    return there


def t(key: str, **facts: Any) -> str:
    """The words for a key, in the reader's language."""
    return words()(key, **facts)


def words() -> Words:
    """The catalogue of the reader's language."""
    # A page asks for hundreds of words, and the language stays; forms answer before a page is drawn.
    there = _snapshot.get()
    return i18n.words(language.chosen()) if there is None else there.words


def at() -> At:
    """The point on both clocks for which the page is asked, as the address says."""
    return clocks.point()


def ground() -> str:
    """Whether the page is light or dark."""
    return "dark" if st.context.theme.type == "dark" else "light"


def read_only() -> bool:
    """Whether this page shows no forms: whoever is there may only read, or the page shows the past."""
    return clocks.is_past() or not access.may(access.Action.EDIT)
