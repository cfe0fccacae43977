"""Changes that wait until a second person approves them, and what became of earlier ones."""

import streamlit as st

from dashboard import access
from dashboard.entry import proposed
from dashboard.session import con, t
from tracker import approval

DECIDED = 50

st.title(t("page.approvals"))
waiting = approval.proposals(con(), state="waiting")
st.html(f'<p class="lead">{t("proposed.lead", n=len(waiting))}</p>')
st.markdown(t("proposed.how" if access.needs_approval() else "proposed.off"))
proposed.said()
for proposal in waiting:
    proposed.card(proposal)
decided = approval.proposals(con(), state="decided", limit=DECIDED)
if decided:
    st.header(t("proposed.decided"))
    for proposal in decided:
        proposed.line(proposal)
