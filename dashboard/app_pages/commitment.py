"""One commitment: what was promised, how far it is, how we know, what is missing."""

import streamlit as st

from dashboard import components, dossier, events, gallery, linked, telling, wording
from dashboard.clocks import is_past
from dashboard.entry import adding, entering, look, proposed, quarrel, record, revise, withdrawing
from dashboard.entry import steps as stepping
from dashboard.entry.withdrawing import Thing
from dashboard.kept import kept
from dashboard.markup import answers, disagreement, promise
from dashboard.session import read_only, t
from tracker.errors import Refused, UnknownId
from tracker.terms import Entity

md = components.md
commitment_id = st.query_params.get("id", "")
try:
    told = kept("dossier", lambda: dossier.read(commitment_id), commitment_id)
except UnknownId as unknown:
    st.title(t("commitment.unknown"))
    st.error(components.sentence(unknown))
    components.nearest(unknown.near)
    linked.page("commitments", t("commitments.clear"))
    st.stop()
except Refused as early:
    st.title(t("commitment.not_yet"))
    st.error(components.sentence(early))
    st.stop()
row, definition = told.row, told.definition

st.set_page_config(page_title=f"{row['title']} – {t('site.title')}")
st.caption(f"{t('kind.' + row['kind'])} · {md(telling.name(row['pillar']))}")
st.title(md(row["title"]), anchor=False)
record.said(row, told.answers[0]["claimed_stage"])
entering.said(adding.sheet_of)
st.html(promise.answer(told) + promise.standing(told))

editing = st.query_params.get("edit")
if editing == "1" and not read_only():
    record.form(row, told.events)
elif editing == revise.EDIT and not read_only():
    revise.form(commitment_id)
elif editing == stepping.EDIT and not read_only():
    stepping.form(commitment_id)
elif (searching := look.asked()) and not read_only():
    look.revision(searching)
elif not read_only():
    with st.container(horizontal="look" not in st.query_params):
        if "look" not in st.query_params:
            st.button(t("record.open"), icon=":material/edit:", on_click=record.begin)
            st.button(t("revise.open"), icon=":material/edit_note:", on_click=revise.begin)
        look.form(commitment_id)

proposed.notice(commitment_id)
st.header(t("answers.title"))
st.html(answers.panel(row["kind"], told.answers))
st.header(t("commitment.promised"))
st.html(promise.promised(told))
if heading := promise.heading(told):
    st.header(heading)
    if lacking := promise.missing(told):
        st.html(lacking)
    stepping.ahead(commitment_id, told.milestones)
if definition["assessment"] and not is_past():
    st.html(promise.note(told))

st.header(t("commitment.history"))
if told.standing:
    gallery.history(row, told.standing)
gallery.plan(row)
if told.reached:
    st.html(promise.reached(told))

st.header(t("commitment.know"))
events.cards(commitment_id, row["version"], told.events)
if told.disputes or definition["conflicts"]:
    st.header(t("commitment.disagree"))
    folds = "".join(
        disagreement.folded(dispute, told.sources, more=quarrel.way(dispute)) for dispute in told.disputes
    )
    st.html(folds + promise.bullets(definition["conflicts"], t("commitment.conflicts")))
quarrel.about(commitment_id)
if definition["open_questions"]:
    st.header(t("commitment.questions"))
    st.html(promise.bullets(definition["open_questions"]))
if definition["related_source_ids"]:
    st.html(promise.sources(t("commitment.related"), told, definition["related_source_ids"]))
if told.checks:
    st.header(t("commitment.checks"))
    withdrawing.said("check")
    for check in told.checks:
        gone = check["withdrawn_at"] is not None
        search = Thing(Entity.CHECK, check["id"], check["version"], gone, told.searched[check["id"]])
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            components.check_line(check)
            look.change(check)
            withdrawing.opener(search)
        withdrawing.form(search)
wording.changes(told.wordings)
