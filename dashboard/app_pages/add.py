"""Add something, or revise what has no page of its own: the form that the address asks for, or the choice."""

import streamlit as st

from dashboard.entry import adding, entering
from dashboard.session import read_only, t

sheet = adding.asked()
if sheet is not None and not read_only():
    entering.form(sheet, adding.WORDS, st.title)
    st.stop()
st.title(t("page.add"))
if read_only():
    st.info(t("import.closed"))
    st.stop()
entering.said(adding.sheet_of)
adding.choice()
adding.on_record()
