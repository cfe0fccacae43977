"""Who is there, as the pages show it: signing in and out, and why nothing can be recorded."""

from __future__ import annotations

import streamlit as st

from dashboard import access, components
from dashboard.access import Action
from dashboard.session import t


def control() -> None:
    """The button that signs in, or the name of whoever has signed in; nothing where nobody can."""
    if not access.login():
        return
    who = access.identity()
    if not who.confirmed:
        st.button(t("access.sign_in"), icon=":material/login:", on_click=st.login, type="tertiary")
        return
    with st.popover(components.md(who.shown), icon=":material/person:", type="tertiary"):
        st.markdown(t("access.as", name=components.md(who.name)))
        st.markdown(t(f"access.role.{who.role}"))
        st.button(t("access.sign_out"), icon=":material/logout:", on_click=st.logout)


def notice() -> None:
    """Why nobody may record anything here, or why somebody who has signed in is not known."""
    _failed()
    why = access.closed() or access.refusal(Action.EDIT)
    if why not in (None, "read-only", "sign-in", "reader"):
        st.info(t(f"access.why.{why}"), icon=":material/lock:")


def stranger(why: str) -> None:
    """In place of a page, for somebody who may not read it."""
    _failed()
    signed_out = why in ("sign-in", "expired")
    st.title(t("access.stranger" if signed_out else "access.refused"))
    st.markdown(t(f"access.why.{why}"))
    if signed_out:
        st.button(t("access.sign_in"), icon=":material/login:", on_click=st.login, type="primary")
    else:
        st.button(t("access.sign_out"), icon=":material/logout:", on_click=st.logout)


def _failed() -> None:
    if access.sign_in_failed():
        st.error(t("access.failed"), icon=":material/lock:")
