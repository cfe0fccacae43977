"""The two clocks in the address: `as_of` and `known_on`, each a day; every link carries them."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from dashboard import i18n
from tracker.clocks import At
from tracker.words import Words

FIRST, LAST = dt.date(1990, 1, 1), dt.date(2100, 12, 31)
NAMES = ("as_of", "known_on")


def point() -> At:
    """The point on both clocks that the address names; the present where it names none."""
    return At.of(*(day(name) for name in NAMES))


def is_past() -> bool:
    """Whether the address names a point."""
    return any(day(name) is not None for name in NAMES)


def day(name: str) -> dt.date | None:
    """One day of the address; what is not a day, or none that can be chosen, is ignored."""
    try:
        told = dt.date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None
    return told if FIRST <= told <= LAST else None


def control(t: Words) -> None:
    """The control that sets the clocks."""
    label = t("clocks.present")
    if is_past():
        told = {name: i18n.day(chosen, t.language) for name in NAMES if (chosen := day(name)) is not None}
        label = " · ".join(told.values())
    with st.popover(label, icon=":material/history:", type="tertiary"):
        for name in NAMES:
            _seed(name)
            st.date_input(
                t(f"clocks.{name}"),
                key=_key(name),
                help=t(f"clocks.{name}_help"),
                format="YYYY-MM-DD",
                min_value=FIRST,
                max_value=LAST,
                on_change=_push,
                args=(name,),
            )
    if is_past():
        st.button(t("clocks.back"), icon=":material/today:", on_click=_clear, type="tertiary")


def notice(t: Words, page: str) -> None:
    """What a page says, on paper as well, while the clocks do not show the present."""
    if is_past():
        with st.container(key="past"):
            _notice(t, page)


def _notice(t: Words, page: str) -> None:
    at, known = point(), day("known_on")
    if page == t("page.ask"):
        st.info(t("clocks.in_sql", relation=f"`as_known('{at.day}', '{at.known_at:%Y-%m-%d %H:%M:%S}')`"))
    elif page == t("page.method"):
        st.info(t("clocks.present_only"))
    else:
        facts = {"day": i18n.day(at.day, t.language)}
        if known is not None:
            facts["known"] = i18n.day(known, t.language)
        st.info(
            t("clocks.past_known" if known is not None else "clocks.past", **facts), icon=":material/history:"
        )


def _key(name: str) -> str:
    return f"clock-{name}"


def _seed(name: str) -> None:
    """Take the day from the address when the address changed, not when the widget did."""
    seen, raw = f"clock-seen-{name}", st.query_params.get(name)
    if seen not in st.session_state or st.session_state[seen] != raw or _key(name) not in st.session_state:
        st.session_state[seen] = raw
        st.session_state[_key(name)] = day(name)


def _push(name: str) -> None:
    chosen = st.session_state[_key(name)]
    if chosen is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen.isoformat()
    st.session_state[f"clock-seen-{name}"] = st.query_params.get(name)


def _clear() -> None:
    for name in NAMES:
        st.query_params.pop(name, None)
