"""The two clocks in the address: `as_of` and `known_on`, each a day, carried from page to page."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from tracker.clocks import At

NAMES = ("as_of", "known_on")
_CARRIED = "clocks"
_PAGE = "clocks-page"


def point() -> At:
    """The point on both clocks that the address names; the present where it names none."""
    return At.of(*(day(name) for name in NAMES))


def is_past() -> bool:
    """Whether the address names a point."""
    return any(day(name) is not None for name in NAMES)


def day(name: str) -> dt.date | None:
    """One day of the address; what is not a day is ignored."""
    try:
        return dt.date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None


def carry(page: str) -> None:
    """Keep the clocks when a link or the menu leads to another page: its address lacks them."""
    if st.session_state.get(_PAGE, page) != page:
        for name, text in st.session_state.get(_CARRIED, {}).items():
            if name not in st.query_params:
                st.query_params[name] = text
    st.session_state[_PAGE] = page
    st.session_state[_CARRIED] = {n: st.query_params[n] for n in NAMES if day(n) is not None}
