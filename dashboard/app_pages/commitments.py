"""Find one commitment, or a set: filters, search, list, table."""

import streamlit as st

from dashboard import components, i18n
from dashboard.filters import choice, flag, text
from dashboard.session import con, t, words
from tracker import provenance, queries
from tracker.terms import Schedule, Status

PAGE = 100

st.title(t("page.commitments"))
facets = queries.facets(con())
with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
    search = text("q", t("filter.search"))
    status = choice("status", t("column.status"), list(Status), lambda v: t(f"status.{v}"))
    schedule = choice("schedule", t("column.schedule"), list(Schedule), lambda v: t(f"schedule.{v}"))
    kind = choice("kind", t("column.kind"), facets["kind"], lambda v: t(f"kind.{v}"))
    pillar = choice("pillar", t("column.pillar"), facets["pillar"], str)
    disputed = flag("disputed", t("row.disputed"))

found = queries.commitments(
    con(),
    search=search,
    status=status,
    schedule=schedule,
    kind=kind,
    pillar=pillar,
    disputed=disputed or None,
)
total = sum(queries.status_counts(con()).values())
st.html(f'<p class="lead">{t("commitments.count", n=len(found), total=total)}</p>')
if not found:
    st.info(t("commitments.none"))
    st.page_link("app_pages/commitments.py", label=t("commitments.clear"), query_params={})
    st.stop()

shown = found
if len(found) > PAGE:
    number = st.pagination(-(-len(found) // PAGE), key="page")
    shown = found[(number - 1) * PAGE : number * PAGE]
lines, cells = st.tabs([t("commitments.list"), t("commitments.table")])
contested = provenance.contested(con())
with lines:
    for row in shown:
        components.commitment_row(row, "found", contested)
with cells:
    components.table(
        [
            row
            | {
                "status": t(f"status.{row['status']}"),
                "stage": t(f"stage.{row['stage']}"),
                "since": i18n.date(row["stage_since"], words()),
                "schedule": t(f"schedule.{row['schedule']}"),
                "confidence": t(f"confidence.{row['confidence']}"),
            }
            for row in shown
        ],
        ("id", "title", "status", "stage", "since", "schedule", "confidence"),
    )
