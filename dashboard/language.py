"""In which language a page speaks: the one that its address names, or the browser's own."""

from __future__ import annotations

import streamlit as st

from dashboard import i18n

NAME = "lang"
"""The word of the address that names it."""


def chosen() -> str:
    """The code of the language of this page."""
    told = st.query_params.get(NAME)
    return told if told in i18n.LANGUAGES else i18n.nearest(str(st.context.locale))
