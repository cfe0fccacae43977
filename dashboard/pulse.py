"""Since when the data of a page stand, and a quiet word when there are newer ones."""

from __future__ import annotations

import streamlit as st

from dashboard import access, clocks, i18n, linked, telling
from dashboard.session import at, con, newest, t, tracker, words
from tracker import queries
from tracker.errors import TrackerError

EVERY = 20
"""Seconds between two looks."""


def footer() -> None:
    """Up to which entry the data of this page go, and when that was recorded."""
    last = queries.newest(con(), at()) if clocks.is_past() else newest()
    if not last:
        st.caption(t("pulse.empty"))
        return
    entry = t("pulse.entry", number=i18n.number(last["seq"], words().language))
    when = i18n.moment(last["recorded_at"], words().language)
    told = t("pulse.known" if clocks.day("known_on") else "pulse.stands", when=when)
    linked.note(told, [(entry, linked.address("method"))])
    if noted := telling.note():
        st.html(noted)


def beat() -> None:
    """Look for newer data from time to time, and offer to show them.

    Nothing is drawn anew under anybody's hands; the next thing they do shows the newest.
    """
    _beat(newest().get("seq", 0))


@st.fragment(run_every=EVERY)
def _beat(shown: int) -> None:
    if not access.may(access.Action.READ):
        return
    try:
        with tracker().store.reading() as now:
            newer = queries.newest(now).get("seq", 0) - shown
    except TrackerError:
        # The page that is drawn next says what is wrong.
        return
    if newer > 0 and st.button(t("pulse.newer", n=newer), icon=":material/refresh:", type="tertiary"):
        st.rerun()
