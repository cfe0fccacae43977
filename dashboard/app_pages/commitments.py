"""Find one commitment, or a set: filters, search, list, table."""

import streamlit as st

from dashboard import beginning, components, i18n, linked, listing
from dashboard.filters import choice, edtf, flag, text
from dashboard.session import at, con, t, words
from tracker import queries
from tracker.terms import Schedule, Status

PAGE = 100

st.title(t("page.commitments"))
if not queries.count(con(), at()):
    beginning.hint()
    st.stop()
facets = queries.facets(con(), at())
with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
    search = text("q", t("filter.search"))
    status = choice("status", t("column.status"), list(Status), lambda v: t(f"status.{v}"))
    schedule = choice("schedule", t("column.schedule"), list(Schedule), lambda v: t(f"schedule.{v}"))
    kind = choice("kind", t("column.kind"), facets["kind"], lambda v: t(f"kind.{v}"))
    pillar = choice("pillar", t("column.pillar"), facets["pillar"], str)
    due = edtf("due", t("filter.due"), t("filter.due_help"))
    sort = choice("sort", t("filter.sort"), list(queries.SORTS), lambda v: t(f"sort.{v}"))
    disputed = flag("disputed", t("row.disputed"))
    claimed = flag("claimed", t("filter.claimed"))
if due is not None and not due.exact:
    st.caption(t("filter.due_reading", reading=i18n.reading(due, words())))

wanted: queries.Filters = {
    "search": search,
    "status": status,
    "schedule": schedule,
    "kind": kind,
    "pillar": pillar,
    "disputed": disputed or None,
    "due": due,
    "claimed": claimed or None,
}
found = queries.count(con(), at(), **wanted)
total = sum(queries.status_counts(con(), at()).values())
st.html(f'<p class="lead">{t("commitments.count", n=found, total=total)}</p>')
if not found:
    st.info(t("commitments.none"))
    linked.page("commitments", t("commitments.clear"))
    st.stop()

pages = -(-found // PAGE)
number = st.pagination(pages, key="page") if pages > 1 else 1
shown = queries.commitments(
    con(), sort=sort or "title", at=at(), limit=PAGE, offset=(number - 1) * PAGE, **wanted
)
lines, cells = st.tabs([t("commitments.list"), t("commitments.table")])
claims = queries.claims(con(), [row["id"] for row in shown], at())
with lines:
    st.html(listing.commitments(shown))
with cells:
    components.table(
        [
            row
            | {
                "status": t(f"status.{row['status']}"),
                "stage": t(f"stage.{row['stage']}"),
                "claimed": t(f"stage.{claims[row['id']]}") if row["id"] in claims else None,
                "due": i18n.date(row["due"], words()) if row["due"] else None,
                "since": i18n.date(row["stage_since"], words()),
                "schedule": t(f"schedule.{row['schedule']}"),
                "confidence": t(f"confidence.{row['confidence']}"),
            }
            for row in shown
        ],
        ("id", "title", "status", "stage", "claimed", "since", "schedule", "due", "confidence"),
    )
