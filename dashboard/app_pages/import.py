"""Take in a file: facts of a compiler, or an exported data set that continues this one."""

import streamlit as st

from dashboard.entry import importing
from dashboard.session import read_only, t

st.title(t("page.import"))
st.html(f'<p class="lead">{t("import.lead")}</p>')
if read_only():
    st.info(t("import.closed"))
    st.stop()
st.markdown(t("import.how"))
importing.page()
