"""One commitment: what was promised, how far it is, how we know, what is missing."""

import streamlit as st

from dashboard import charts, components, i18n, record
from dashboard.session import con, ground, read_only, t, today, words
from tracker import agenda, lifecycle, provenance, queries
from tracker.errors import UnknownId
from tracker.terms import Kind, Stage

md = components.md
commitment_id = st.query_params.get("id", "")
try:
    row = queries.commitment(con(), commitment_id)
except UnknownId as unknown:
    st.title(t("commitment.unknown"))
    st.error(components.sentence(unknown))
    for near in unknown.near:
        components.commitment_link(near, near)
    st.page_link("app_pages/commitments.py", label=t("commitments.clear"))
    st.stop()
definition = queries.definition(con(), commitment_id)
agreement = queries.agreement(con(), row["agreement_id"])
steps = queries.milestones(con(), commitment_id)
events = queries.history(con(), commitment_id)
disputes = provenance.disputes(con(), commitment_id)

st.set_page_config(page_title=f"{row['title']} – {t('site.title')}")
st.caption(f"{t('kind.' + row['kind'])} · {md(row['pillar'])} · {md(row['id'])}")
st.title(md(row["title"]), anchor=False)
record.said(row)
since = t("row.since", date=i18n.date(row["stage_since"], words())) if row["stage_since"] else ""
facts = [components.status_badge(row["status"]), f"**{t('stage.' + row['stage'])}** {since}"]
facts.append(components.schedule_badge(row["schedule"]))
awaited = agenda.deadline(con(), commitment_id)
if row["due"]:
    facts.append(t("commitment.due", date=i18n.date(row["due"], words())))
elif awaited:
    facts.append(t("commitment.awaited", date=i18n.day(awaited, words().language)))
facts.append(t("commitment.confidence", level=t(f"confidence.{row['confidence']}")))
st.markdown(" · ".join(facts))
reaches = i18n.day(row["evidence_reaches"], words().language) if row["evidence_reaches"] else t("date.none")
checked = i18n.day(row["last_checked"], words().language) if row["last_checked"] else t("commitment.never")
st.caption(t("commitment.reach", reaches=reaches, checked=checked, version=row["version"]))

if st.query_params.get("edit") == "1" and not read_only():
    record.form(row)
elif not read_only():
    st.button(t("record.open"), icon=":material/edit:", on_click=record.begin)

st.header(t("commitment.promised"))
st.markdown(md(row["pledge"]))
st.markdown(t("commitment.in", title=md(agreement["title"]), date=i18n.date(agreement["dated"], words())))
for party in row["parties"]:
    bodies = f": {md('; '.join(party['bodies']))}" if party["bodies"] else ""
    st.markdown(f"**{md(party['name'])}**{bodies}")
if rhythm := definition["cadence_note"] or row["cadence"]:
    st.markdown(f"**{t('commitment.rhythm')}:** {md(rhythm)}")
st.markdown(f"**{t('commitment.test')}:** {md(row['fulfilment_test'])}")
sources = provenance.sources_by_id(con(), definition["source_ids"])
st.caption(
    t("commitment.stands_in")
    + " "
    + " · ".join(components.link(s["title"], s["url"]) for s in sources.values())
)

goals = lifecycle.goals(Kind(row["kind"]), Stage(row["stage"]))
missing = [s for s in steps if s["reached"] is None]
if goals or missing:
    st.header(t("commitment.missing" if goals else "commitment.next"))
    if len(goals) > 1:
        st.markdown(t("commitment.goals"))
    for goal in goals:
        st.markdown(t("commitment.goal", stage=t(f"stage.{goal.stage}"), proof=md(goal.proof)))
    for step in missing:
        expected = ""
        if step["expected"]:
            basis = t(f"basis.{step['expected_basis']}")
            expected = f" ({i18n.date(step['expected'], words())}, {basis})"
        st.markdown(f"- {md(step['name'])}{expected}")
if definition["assessment"]:
    written = i18n.day(definition["known_from"].date(), words().language)
    st.markdown(f"**{t('commitment.note', date=written)}:** {md(definition['assessment']['note'])}")

st.header(t("commitment.history"))
due = (row["due"], row["due_earliest"], row["due_latest"]) if row["due"] else None
if events:
    drawn = charts.history(row["kind"], events, due, today(), words(), ground())
    components.chart(drawn, t("commitment.history_alt", n=len(events)), f"history-{commitment_id}")
    told = [e | {"stage": t(f"stage.{e['stage']}")} for e in events]
    components.twin(told, ("happened_on", "stage", "note", "recorded_by"), f"history-{commitment_id}")
reached = [s for s in steps if s["reached"]]
if reached:
    done = "; ".join(f"{md(s['name'])} ({i18n.date(s['reached'], words())})" for s in reached)
    st.markdown(f"**{t('commitment.reached')}:** {done}")

st.header(t("commitment.know"))
if not events:
    st.info(t("commitment.no_events"))
for event in reversed(events):
    with st.container(border=True, key=f"event-{event['version']}"):
        vague = i18n.reading(event["happened_on"], words())
        st.markdown(
            f"**{i18n.date(event['happened_on'], words())}** {vague} · {t('stage.' + event['stage'])}  \n"
            f"{md(event['note'])}"
        )
        for item in event["evidence"]:
            sign = {"supports": ":blue[+]", "contradicts": ":red[−]", "context": ":gray[·]"}[item["bearing"]]
            st.markdown(
                f"{sign} {components.grade(item['reliability'], item['credibility'])} "
                f"{components.link(item['title'], item['url'])} — {md(item['publisher'])}",
                help=f"{t('bearing.' + item['bearing'])}. "
                f"{components.grade_words(item['reliability'], item['credibility'])} "
                f"{md(item['reliability_reason'])}.",
            )
            if item["quote"]:
                st.markdown(f"> {md(item['quote'])}")
        recorded = i18n.day(event["recorded_at"].date(), words().language)
        st.caption(t("event.recorded", by=md(event["recorded_by"]), date=recorded, version=event["version"]))

if disputes or definition["conflicts"]:
    st.header(t("commitment.disagree"))
    for dispute in disputes:
        components.dispute(con(), dispute)
    for conflict in definition["conflicts"]:
        st.markdown(f"- {md(conflict)}")
if definition["open_questions"]:
    st.header(t("commitment.questions"))
    for question in definition["open_questions"]:
        st.markdown(f"- {md(question)}")
related = provenance.sources_by_id(con(), definition["related_source_ids"])
if related:
    titles = " · ".join(components.link(s["title"], s["url"]) for s in related.values())
    st.caption(f"{t('commitment.related')} {titles}")
looked = queries.checks(con(), commitment_id)
if looked:
    st.header(t("commitment.checks"))
    for check in looked:
        places = md(", ".join(check["places"]))
        st.markdown(
            f"- {i18n.day(check['checked_on'], words().language)} · {places} · {md(check['recorded_by'])}"
        )
