"""What was corrected, when, by whom and why: nothing is taken back in silence."""

from itertools import groupby

import streamlit as st

from dashboard import components, i18n, linked, telling
from dashboard.session import at, con, t, words
from tracker import provenance

SHOWN, TOUCHED = 200, 5
md = components.md

st.title(t("page.corrections"))
found = telling.within(provenance.corrections(con(), SHOWN, at()))
silent = sum(row["because"] is None for row in found)
if not found:
    st.html(f'<p class="lead">{t("corrections.none")}</p>')
    st.markdown(t("corrections.how"))
    st.stop()
lead = t("corrections.lead" if len(found) < SHOWN else "corrections.lead_newest", n=len(found))
st.html(f'<p class="lead">{lead} {t("corrections.silent", n=silent)}</p>')
st.markdown(t("corrections.how"))
for day, rows in groupby(found, key=lambda row: row["recorded_at"].date()):
    st.subheader(i18n.day(day, words().language))
    for row in rows:
        title = row["title"] or row["entity_id"]
        with st.container(key=f"row-correction-{row['seq']}", gap="xsmall"):
            facts = {"by": md(row["recorded_by"]), "entity": t(f"entity.{row['entity']}")}
            version = row["corrected_version"]
            if version is not None and row["entity"] in ("event", "commitment"):
                facts["entity"] = t(f"corrections.of.{row['entity']}", version=version)
            st.markdown(t(f"corrections.did.{row['action']}", **facts))
            if row["entity"] == "source":
                query = {"source": row["entity_id"]}
                linked.page("sources", md(title), query)
            elif row["entity"] == "dispute":
                query = {"story": row["entity_id"]}
                linked.page("sources", md(title), query)
            elif row["entity"] not in ("event", "commitment"):
                st.markdown(md(title))
            for touched in row["commitments"][:TOUCHED]:
                components.commitment_link(touched["id"], touched["title"])
            st.caption(md(row["because"]) if row["because"] else f"*{t('corrections.no_reason')}*")
