"""Where do we stand? The sentence, the counts, every commitment as a mark, dates, changes, disputes."""

import streamlit as st

from dashboard import charts, components, i18n, linked
from dashboard.clocks import is_past
from dashboard.session import at, con, ground, t, words
from tracker import agenda, provenance, queries
from tracker.terms import Schedule, Status

counts = queries.status_counts(con(), at())
schedules = queries.schedule_counts(con(), at())
claims = queries.claims(con(), at())
total = sum(counts.values())
kept = counts.get(Status.DELIVERED, 0) + counts.get(Status.ONGOING, 0)

st.title(t("site.title"))
newest = queries.info(con(), at())["recorded_at"]
subjects = [components.md(d["subject"]) for d in queries.datasets(con(), at())]
if newest:
    stands = t("overview.stands", date=i18n.day(newest.date(), words().language))
    st.caption(" · ".join([*subjects, stands]))
if not total:
    st.info(t("overview.empty_then" if is_past() else "overview.empty"))
    st.stop()
st.html(
    '<p class="lead">{}</p>'.format(
        " ".join(
            [
                t("overview.kept", n=kept, total=total),
                t("overview.moving", n=counts.get(Status.IN_PROGRESS, 0)),
                t("overview.pledged", n=counts.get(Status.PLEDGED, 0)),
                t("overview.late", n=schedules.get(Schedule.LATE, 0)),
                t("overview.unknown", n=schedules.get(Schedule.UNKNOWN, 0)),
                t("overview.soon", n=schedules.get(Schedule.DUE_SOON, 0)),
                t("overview.claimed", n=len(claims)),
            ]
        )
    )
)

order = (
    Status.DELIVERED,
    Status.ONGOING,
    Status.IN_PROGRESS,
    Status.PLEDGED,
    Status.UNCONFIRMED,
    Status.NOT_DELIVERED,
)
with st.container(horizontal=True, key="tiles"):
    for status in order:
        with st.container(border=True, key=f"tile-{status}", gap="xsmall"):
            st.markdown(components.status_badge(status))
            linked.page("commitments", str(counts.get(status, 0)), {"status": status.value})

headline = queries.commitments(con(), headline=True, limit=12, at=at())
contested = provenance.contested(con(), at())
if headline:
    st.header(t("overview.headline"))
    for row in headline:
        components.commitment_row(row, "headline", contested, claims)

st.header(t("overview.standing"))
st.caption(t("overview.standing_how"))
rows = queries.standing(con(), at()) if total <= charts.MARKS else queries.stage_counts(con(), at())
components.chart(
    charts.standing(rows, words(), ground(), linked.commitment),
    t("overview.standing_alt", n=kept, total=total),
    "standing",
)
columns = ("title", "stage", "status", "schedule") if total <= charts.MARKS else ("stage", "status", "n")
components.twin(rows, columns, "standing")

st.header(t("overview.agenda"))
dated = agenda.agenda(con(), at())
if dated:
    st.caption(t("overview.agenda_how", steps=sum(not d["binds"] for d in dated)))
    components.chart(
        charts.agenda(dated, words(), ground(), linked.commitment),
        t("overview.agenda_alt", n=len(dated)),
        "agenda",
    )
    components.twin(dated, ("title", "step", "due", "basis", "days"), "agenda")
else:
    st.write(t("overview.agenda_none"))

left, right = st.columns(2, gap="large")
with left:
    st.header(t("overview.changes"))
    for change in queries.changes(con(), 8, at()):
        after = f"**{t('stage.' + change['stage'])}**"
        if not change["supported"]:
            after = components.claimed_badge(change["stage"])
        elif change["stage_before"]:
            after = f"{t('stage.' + change['stage_before'])} → {after}"
        when = i18n.date(change["happened_on"], words())
        with st.container(key=f"row-change-{change['id']}-{change['version']}", gap="xsmall"):
            components.commitment_link(change["id"], change["title"])
            st.caption(f"{when} · {after}")
with right:
    st.header(t("overview.disputes"))
    disputes = [d for d in provenance.disputes(con(), at=at()) if d["commitment_ids"]]
    opened = [d for d in disputes if not d["settled"]]
    st.write(t("overview.disputes_count", n=len(disputes), open=len(opened)))
    for dispute in disputes[:6]:
        with st.container(key=f"row-dispute-{dispute['id']}", gap="xsmall"):
            components.commitment_link(dispute["commitment_ids"][0], dispute["claim"])
            state = "" if dispute["settled"] else f":orange-badge[{t('dispute.open')}] "
            st.caption(state + components.holding(dispute))
    linked.page("sources", t("overview.disputes_all"))
