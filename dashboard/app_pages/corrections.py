"""Soon."""

import streamlit as st

from dashboard.session import t

st.title(t("page.corrections"))
