"""What was typed and not yet saved, kept by this server, so that a page that is loaded again finds it.

The address of an open form carries the key of its draft. That key is also what makes a
request land once, whoever sends it again and from wherever.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections import OrderedDict
from typing import Any

import streamlit as st

from dashboard import access

WORD = "draft"
"""The word of the address."""
ROOM = 16 * 2**20
"""Characters that all drafts together may have; the oldest go first."""
_SPENT = "spent"


class _Shelf:
    """Texts by key, as many as there is room for."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._texts: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def put(self, place: tuple[str, str], text: str) -> None:
        with self._lock:
            self._size += len(text) - len(self._texts.pop(place, ""))
            self._texts[place] = text
            while self._size > self._room:
                self._size -= len(self._texts.popitem(last=False)[1])

    def get(self, place: tuple[str, str]) -> str | None:
        with self._lock:
            return self._texts.get(place)


_shelf = _Shelf(ROOM)


def fresh() -> str:
    """A key that nobody has or guesses."""
    return uuid.uuid4().hex


def of_session() -> str:
    """One key for links that open forms, the same while somebody is here: drawing a page changes no link."""
    told: str = st.session_state.setdefault("draft-of-session", fresh())
    return told


def _go(**words: str | None) -> None:
    """Change words of the address, all in one step of the browser's history; None takes one out."""
    told = {**st.query_params.to_dict(), **words}
    st.query_params.from_dict({word: text for word, text in told.items() if text is not None})


def opening(**words: str | None) -> None:
    """Open a form that these words of the address hold open, and give it a draft; Back closes it."""
    # A link to the same page would leave the browser's address as it was, and the first
    # rerun after it would take the form away with all that was typed.
    _go(**words, **{WORD: fresh()})


def closing(*words: str) -> None:
    """Close a form: its words leave the address."""
    _go(**dict.fromkeys((*words, WORD)))


def key() -> str | None:
    """The key in the address, if there is one."""
    told = st.query_params.get(WORD, "")
    return told if len(told) == 32 and set(told) <= set("0123456789abcdef") else None


def keep(form: str, values: dict[str, Any]) -> None:
    """Keep what stands in a form, under the key in the address."""
    name = key()
    if name is not None:
        _put((name, form), {"by": _owner(), "values": values})


def find(form: str) -> dict[str, Any]:
    """What stood in a form when its draft was last kept; empty for anybody but its author."""
    told = _get(form)
    found: dict[str, Any] = told["values"] if told and told["by"] == _owner() and _SPENT not in told else {}
    return found


def spend(form: str) -> None:
    """What was in a form is on record; its draft is no longer needed, and its key never again."""
    name = key()
    if name is not None:
        _put((name, form), {"by": _owner(), _SPENT: True})


def is_spent(form: str) -> bool:
    """Whether what was in this form is on record."""
    told = _get(form)
    return told is not None and _SPENT in told


def _owner() -> str | None:
    """Who may see a draft again: where people sign in, its author."""
    who = access.identity()
    return who.name if who.confirmed else None


def _get(form: str) -> dict[str, Any] | None:
    name = key()
    text = _shelf.get((name, form)) if name is not None else None
    return json.loads(text) if text is not None else None


def _put(place: tuple[str, str], told: dict[str, Any]) -> None:
    _shelf.put(place, json.dumps(told, ensure_ascii=False))
