"""One commitment: what was promised, how far it is, how we know, what is missing."""

import streamlit as st

from dashboard import (
    answers,
    charts,
    components,
    events,
    i18n,
    linked,
    look,
    proposed,
    record,
    revise,
    withdrawing,
    wording,
)
from dashboard.clocks import is_past
from dashboard.session import at, con, ground, read_only, t, words
from dashboard.withdrawing import Thing
from tracker import agenda, lifecycle, provenance, queries, redline, rulewords
from tracker.errors import Refused, UnknownId
from tracker.terms import Entity, Kind, Stage

md = components.md
commitment_id = st.query_params.get("id", "")
try:
    row = queries.commitment(con(), commitment_id, at())
except UnknownId as unknown:
    st.title(t("commitment.unknown"))
    st.error(components.sentence(unknown))
    for near in unknown.near:
        components.commitment_link(near, near)
    linked.page("commitments", t("commitments.clear"))
    st.stop()
except Refused as early:
    st.title(t("commitment.not_yet"))
    st.error(components.sentence(early))
    st.stop()
definition = queries.definition(con(), commitment_id, at())
agreement = queries.agreement(con(), row["agreement_id"], at())
steps = queries.milestones(con(), commitment_id, at())
told = queries.history(con(), commitment_id, at())
standing = [e for e in told if e["withdrawn_at"] is None]
three = queries.answers(con(), commitment_id, at())
disputes = provenance.disputes(con(), commitment_id, at())

st.set_page_config(page_title=f"{row['title']} – {t('site.title')}")
st.caption(f"{t('kind.' + row['kind'])} · {md(row['pillar'])} · {md(row['id'])}")
st.title(md(row["title"]), anchor=False)
record.said(row, three[0]["claimed_stage"])
revise.said()
since = t("row.since", date=i18n.date(row["stage_since"], words())) if row["stage_since"] else ""
facts = [components.status_badge(row["status"]), f"**{t('stage.' + row['stage'])}** {since}"]
if three[0]["claimed_stage"]:
    facts.append(components.claimed_badge(three[0]["claimed_stage"]))
facts.append(components.schedule_badge(row["schedule"]))
awaited = agenda.deadline(con(), commitment_id, at())
if row["due"]:
    facts.append(t("commitment.due", date=i18n.date(row["due"], words())))
elif awaited:
    facts.append(t("commitment.awaited", date=i18n.day(awaited, words().language)))
facts.append(t("commitment.confidence", level=t(f"confidence.{row['confidence']}")))
st.markdown(" · ".join(facts))
st.caption(answers.knowledge(row, at().day))

editing = st.query_params.get("edit")
if editing == "1" and not read_only():
    record.form(row, told)
elif editing == revise.EDIT and not read_only():
    revise.form(commitment_id)
elif not read_only():
    with st.container(horizontal="look" not in st.query_params):
        if "look" not in st.query_params:
            st.button(t("record.open"), icon=":material/edit:", on_click=record.begin)
            st.button(t("revise.open"), icon=":material/edit_note:", on_click=revise.begin)
        look.form(commitment_id)

proposed.notice(commitment_id)
st.header(t("answers.title"))
answers.panel(row["kind"], three)

st.header(t("commitment.promised"))
st.markdown(md(row["pledge"]))
st.markdown(t("commitment.in", title=md(agreement["title"]), date=i18n.date(agreement["dated"], words())))
for party in row["parties"]:
    bodies = f": {md('; '.join(party['bodies']))}" if party["bodies"] else ""
    st.markdown(f"**{md(party['name'])}**{bodies}")
if rhythm := definition["cadence_note"] or row["cadence"]:
    st.markdown(f"**{t('commitment.rhythm')}:** {md(rhythm)}")
if held := agenda.rhythm(con(), commitment_id, at()):
    st.markdown(answers.rhythm(held))
st.markdown(f"**{t('commitment.test')}:** {md(row['fulfilment_test'])}")
sources = provenance.sources_by_id(con(), definition["source_ids"], at())
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
        proof = md(rulewords.proof(goal, words().language))
        st.markdown(t("commitment.goal", stage=t(f"stage.{goal.stage}"), proof=proof))
    for step in missing:
        expected = ""
        if step["expected"]:
            basis = t(f"basis.{step['expected_basis']}")
            expected = f" ({i18n.date(step['expected'], words())}, {basis})"
        st.markdown(f"- {md(step['name'])}{expected}")
if definition["assessment"] and not is_past():
    written = i18n.day(definition["known_from"].date(), words().language)
    st.markdown(f"**{t('commitment.note', date=written)}:** {md(definition['assessment']['note'])}")

st.header(t("commitment.history"))
due = (row["due"], row["due_earliest"], row["due_latest"]) if row["due"] else None
if standing:
    drawn = charts.history(row["kind"], standing, due, at().day, words(), ground())
    components.chart(drawn, t("commitment.history_alt", n=len(standing)), f"history-{commitment_id}")
    shown = [e | {"stage": t(f"stage.{e['stage']}")} for e in standing]
    components.twin(shown, ("happened_on", "stage", "note", "recorded_by"), f"history-{commitment_id}")
reached = [s for s in steps if s["reached"]]
if reached:
    done = "; ".join(f"{md(s['name'])} ({i18n.date(s['reached'], words())})" for s in reached)
    st.markdown(f"**{t('commitment.reached')}:** {done}")

st.header(t("commitment.know"))
events.cards(commitment_id, row["version"], told)

if disputes or definition["conflicts"]:
    st.header(t("commitment.disagree"))
    for dispute in disputes:
        components.dispute(con(), dispute)
    for conflict in definition["conflicts"]:
        st.markdown(f"- {md(conflict, '  ')}")
if definition["open_questions"]:
    st.header(t("commitment.questions"))
    for question in definition["open_questions"]:
        st.markdown(f"- {md(question, '  ')}")
related = provenance.sources_by_id(con(), definition["related_source_ids"], at())
if related:
    titles = " · ".join(components.link(s["title"], s["url"]) for s in related.values())
    st.caption(f"{t('commitment.related')} {titles}")
looked = queries.checks(con(), commitment_id, at())
if looked:
    st.header(t("commitment.checks"))
    withdrawing.said("check")
    searched = provenance.searched(con(), [check["id"] for check in looked])
    for check in looked:
        gone = check["withdrawn_at"] is not None
        search = Thing(Entity.CHECK, check["id"], check["version"], gone, searched[check["id"]])
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            components.check_line(check)
            withdrawing.opener(search)
        withdrawing.form(search)
wording.changes(redline.wordings(con(), commitment_id, at()))
