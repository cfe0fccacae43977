"""Filters held in the address: the code stands in the URL, the word on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import linked
from dashboard.session import t
from tracker.dates import Edtf


def text(name: str, label: str) -> str | None:
    """A search field."""
    _seed(name, st.query_params.get(name, ""))
    st.text_input(label, key=_key(name), type="search", on_change=_push, args=(name,), live=True, width=260)
    return st.session_state[_key(name)] or None


def choice(name: str, label: str, codes: Sequence[str], word: Callable[[str], str]) -> str | None:
    """A choice of one code or none; a code that the address invents is ignored."""
    told = st.query_params.get(name)
    _seed(name, told if told in codes else None)
    st.selectbox(
        label,
        [str(c) for c in codes],
        index=None,
        format_func=word,
        key=_key(name),
        placeholder=t("filter.any"),
        on_change=_push,
        args=(name,),
        width=200,
    )
    chosen: str | None = st.session_state[_key(name)]
    return chosen


def one(name: str, label: str, codes: Sequence[str], word: Callable[[str], str]) -> str:
    """One of a few codes, all of them in sight; the first where the address names none."""
    told = st.query_params.get(name)
    _seed(name, told if told in codes else codes[0])
    st.segmented_control(
        label, codes, required=True, format_func=word, key=_key(name), on_change=_push, args=(name,)
    )
    chosen: str = st.session_state[_key(name)]
    return chosen


def edtf(name: str, label: str, help_text: str) -> Edtf | None:
    """A date as vague as one likes; what is none is said under the field and ignored."""
    _seed(name, st.query_params.get(name, ""))
    st.text_input(
        label,
        key=_key(name),
        on_change=_push,
        args=(name,),
        width=160,
        placeholder=t("filter.month_example"),
        help=help_text,
    )
    told = st.session_state[_key(name)].strip()
    if not told:
        return None
    try:
        return Edtf(told)
    except ValueError:
        st.caption(f":red[{t('filter.no_date')}]")
        return None


def _key(name: str) -> str:
    return f"filter-{name}"


def _seed(name: str, value: object) -> None:
    """Take a value from the address when the address changed, not when the widget did."""
    seen = f"seen-{name}"
    raw = st.query_params.get(name)
    if seen not in st.session_state or st.session_state[seen] != raw or _key(name) not in st.session_state:
        st.session_state[seen] = raw
        st.session_state[_key(name)] = value


def _push(name: str) -> None:
    value = st.session_state[_key(name)]
    raw = value or None
    if raw is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = raw
    # What is found now has other leaves.
    st.query_params.pop(linked.LEAF, None)
    st.session_state[f"seen-{name}"] = raw
