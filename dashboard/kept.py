"""What a page derives from the data, kept for as long as the data, the clocks and the language stand.

The key holds everything that such a value may depend on; nothing here has to be cleared.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from dashboard import linked
from dashboard.session import at, ground, newest, words

T = TypeVar("T")

ENTRIES = 256
"""Values kept for all readers together; the oldest go first."""


def kept(name: str, make: Callable[[], T], *parts: Hashable) -> T:
    """The value that `make` gives, made once for each published state of the data.

    `name` and `parts` say which value it is. It may depend on them, on the data, both clocks, the
    language and the ground of the page, and on nothing else: above all not on who is reading.
    Whoever gets it must not change it.
    """
    address = tuple(sorted(linked.carried().items()))
    found: T = _made((name, parts, newest().get("hash"), at(), address, words().language, ground()), make)
    return found


def passing(name: str, make: Callable[[], T], *parts: Hashable) -> T:
    """The same, made anew and kept for nobody."""
    return make()


@st.cache_resource(show_spinner=False, max_entries=ENTRIES)
def _made(key: Hashable, _make: Callable[[], Any]) -> Any:
    return _make()
