"""Changes that wait for a second person: what they would record, what that would move, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import access, components, forms, i18n, wording
from dashboard.access import Action
from dashboard.forms import Form
from dashboard.session import con, t, tracker, words, writing
from tracker import approval, holdings, provenance, queries
from tracker.errors import TrackerError
from tracker.ledger import Draft
from tracker.models import Decision
from tracker.moves import Move
from tracker.terms import EntryKind

Change = Mapping[str, Any]
MOVES, SAID = "moves", "proposal-said"
_NAMES = ("wording.field", "record.field", "quarrel.field", "proposed.field")
"""Tables of the catalogue in which the fields of things have their names."""
_SILENT = ("id", "because")
_TELLING = ("title", "claim", "pledge", "publisher", "reliability_reason", "note")
"""Fields that say what a new thing is."""
md = components.md


def notice(commitment_id: str) -> None:
    """That changes of this commitment wait, on its page."""
    waiting = approval.proposals(con(), state="waiting", commitment_id=commitment_id)
    if waiting:
        with st.container(key="waiting", border=True, gap="xsmall"):
            st.markdown(f":material/hourglass_top: {t('proposed.waits', n=len(waiting))}")
            st.page_link("app_pages/approvals.py", label=t("proposed.see"))


def said() -> None:
    """What became of the last decision."""
    told = st.session_state.pop(SAID, None)
    if told is None:
        return
    code, moves, failure = told
    if forms.published(failure):
        moved = f" {t('regrade.moved', n=len(moves))}\n\n{forms.moved(moves)}" if code == "approved" else ""
        st.success(f"**{t(f'proposed.done.{code}')}**{moved}", icon=":material/check:")


def card(proposal: Mapping[str, Any]) -> None:
    """One proposal, with the decision for whoever may take it."""
    with st.container(border=True, key=f"proposal-{proposal['id']}"):
        when = i18n.moment(proposal["proposed_at"], words().language)
        st.markdown(t("proposed.by", by=md(proposal["proposed_by"]), when=when))
        for commitment in proposal["commitments"]:
            components.commitment_link(commitment["id"], commitment["title"])
        for change in proposal["changes"]:
            _change(change)
        with st.expander(t("proposed.whole"), type="compact"):
            st.json(proposal["changes"], expanded=True)
        _decision(proposal)


def line(proposal: Mapping[str, Any]) -> None:
    """One that was decided, in short."""
    facts = {
        "by": md(proposal["proposed_by"]),
        "decider": md(proposal["decided_by"]),
        "when": i18n.moment(proposal["decided_at"], words().language),
    }
    titles = ", ".join(md(commitment["title"]) for commitment in proposal["commitments"])
    told = t(f"proposed.was.{proposal['state']}", **facts)
    st.markdown(f"{titles}  \n{told}" if titles else told)
    if proposal["reason"]:
        st.caption(md(proposal["reason"]))


def _change(change: Change) -> None:
    """What one change would record, in words."""
    kind, payload = EntryKind(change["kind"]), change["payload"]
    head = t(f"proposed.change.{kind}", entity=t(f"entity.{change['entity']}"))
    if kind is EntryKind.EVENT:
        _event(payload, head)
    elif kind is EntryKind.REVISE:
        _revision(change, head)
    elif kind is EntryKind.ADD:
        told = [payload.get(field) for field in _TELLING]
        grade = f" ({payload['reliability']})" if payload.get("reliability") else ""
        st.markdown(f"**{head}**{grade}: " + " · ".join(md(text) for text in told if text))
    else:
        version = payload["version"]
        which = "event" if version is not None else change["entity"]
        head = t(f"proposed.change.{kind}", entity=t(f"entity.{which}"))
        place = _told(change["entity_id"], version) if version is not None else change["entity_id"]
        st.markdown(f"**{head}**: {md(place)}  \n{md(payload['reason'])}")


def _told(commitment_id: str, version: int) -> str:
    """An event on record, in short."""
    found = next(e for e in queries.history(con(), commitment_id) if e["version"] == version)
    return f"{t('stage.' + found['stage'])}, {i18n.date(found['happened_on'], words())}"


def _event(payload: Change, head: str) -> None:
    party = f" · {md(payload['party'])}" if payload.get("party") else ""
    when = i18n.date(payload["happened_on"], words())
    st.markdown(f"**{head}: {t('stage.' + payload['stage'])}** · {when}{party}  \n{md(payload['note'])}")
    cited = [item["source_id"] for item in payload["evidence"]]
    known = provenance.sources_by_id(con(), cited)
    for item in payload["evidence"]:
        source = known.get(item["source_id"])
        named = components.link(source["title"], source["url"]) if source else t("proposed.new_source")
        st.markdown(f"- {t('bearing.' + item['bearing'])}: {named} ({item['credibility']})")


def _revision(change: Change, head: str) -> None:
    """What a revision would reword, held against what stands now."""
    _, now = holdings.content(con(), change["entity"], change["entity_id"])
    payload = change["payload"]
    st.markdown(f"**{head}**: {md(now.get('title') or now.get('claim') or change['entity_id'])}")
    if payload.get("because"):
        st.markdown(md(payload["because"]))
    for field in payload | now:
        if field not in _SILENT and now.get(field) != payload.get(field):
            st.html(wording.compared(_name(field), field, now.get(field), payload.get(field)))


def _name(field: str) -> str:
    """A field in the words of the reader."""
    return next(t(f"{table}.{field}") for table in _NAMES if f"{table}.{field}" in words())


def _decision(proposal: Mapping[str, Any]) -> None:
    """The form that decides, or why there is none."""
    who = access.identity()
    own = who.confirmed and approval.same_person(who.name, proposal["proposed_by"])
    if not access.may(Action.EDIT):
        return
    if not own and not access.may(Action.APPROVE):
        st.caption(t("proposed.not_you"))
        return
    told = Form(f"decide:{proposal['id']}", ("reason", "by"), lambda f: t(f"proposed.field.{f}"))
    told.begin()
    with st.form(told.name, border=False):
        if own:
            st.caption(t("proposed.own"))
        told.area("reason", height=68, max_chars=2000)
        told.by(width=320)
        moves = st.session_state.get(told.key(MOVES))
        if moves is not None:
            st.info(
                f"**{t('regrade.would', n=len(moves))}**\n\n{forms.moved(moves)}",
                icon=":material/visibility:",
            )
        told.summary()
        with st.container(horizontal=True):
            facts = (told, proposal)
            if own:
                st.form_submit_button(t("proposed.take_back"), on_click=_decide, args=(*facts, False))
            else:
                st.form_submit_button(
                    t("proposed.approve"), type="primary", on_click=_decide, args=(*facts, True)
                )
                st.form_submit_button(t("proposed.decline"), on_click=_decide, args=(*facts, False))
                st.form_submit_button(t("regrade.preview"), on_click=_preview, args=facts)


def _preview(told: Form, proposal: Mapping[str, Any]) -> None:
    """Show what an approval would move; nothing is recorded."""
    typed = told.typed()
    if typed is None:
        return
    draft = Draft.decide(proposal["id"], Decision(), approve=True)
    try:
        moves = tracker().rehearse([draft], by=typed["by"] or "–")
    except TrackerError as error:
        return told.fail(error)
    st.session_state[told.key(MOVES)] = moves


def _decide(told: Form, proposal: Mapping[str, Any], approve: bool) -> None:
    """Record the decision, or keep everything and say what is wrong."""
    typed = told.typed()
    if typed is None:
        return
    if problems := forms.missing(typed, "by", *(() if approve else ("reason",))):
        return told.refuse(problems)
    own = approval.same_person(typed["by"], proposal["proposed_by"])

    def save() -> None:
        access.require(Action.EDIT if own and not approve else Action.APPROVE)
        writing().decide(
            proposal["id"],
            approve=approve,
            reason=typed["reason"] or None,
            by=typed["by"],
            key=told.request(),
        )

    moves: list[Move]
    try:
        moves, failure = forms.moving(save, proposal["commitment_ids"])
    except TrackerError as error:
        return told.fail(error)
    done = "approved" if approve else "taken_back" if own else "declined"
    st.session_state[SAID] = (done, moves, failure)
    st.session_state.pop(told.key(MOVES), None)
    access.remember(typed["by"])
    told.forget()
