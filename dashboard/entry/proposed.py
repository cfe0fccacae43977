"""Changes that wait for a second person: what they would record, what that would move, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import access, components, i18n, linked, telling, wording
from dashboard.access import Action
from dashboard.entry import conflict, forms, outcome
from dashboard.entry.forms import Form
from dashboard.session import con, t, tracker, words, writing
from tracker import approval, holdings, provenance, queries
from tracker.errors import StaleVersion, TrackerError
from tracker.ledger import Draft
from tracker.models import Decision
from tracker.moves import Move
from tracker.terms import Entity, EntryKind

Change = Mapping[str, Any]
MOVES, SAID = "moves", "proposal-said"
_SILENT = ("id", "because")
_TELLING = (
    "title", "claim", "pledge", "publisher", "reliability_reason", "checked_on", "places", "terms", "note",
)  # fmt: skip
"""Fields that say what a new thing is."""
md = components.md


def notice(commitment_id: str) -> None:
    """That changes of this commitment wait, on its page."""
    waiting = approval.proposals(con(), state="waiting", commitment_id=commitment_id)
    if waiting:
        with st.container(key="waiting", border=True, gap="xsmall"):
            st.markdown(f":material/hourglass_top: {t('proposed.waits', n=len(waiting))}")
            linked.page("approvals", t("proposed.see"))


def said() -> None:
    """What became of the last decision."""
    told = st.session_state.pop(SAID, None)
    if told is None:
        return
    code, moves, failure = told
    if outcome.published(failure):
        moved = f" {outcome.counted(moves)}" if code == "approved" else ""
        st.success(f"**{t(f'proposed.done.{code}')}**{moved}", icon=":material/check:")


def card(proposal: Mapping[str, Any]) -> None:
    """One proposal, with the decision for whoever may take it."""
    with st.container(border=True, key=f"proposal-{proposal['id']}"):
        when = i18n.moment(proposal["proposed_at"], words().language)
        st.markdown(t("proposed.by", by=md(proposal["proposed_by"]), when=when))
        for commitment in telling.rows(proposal["commitments"]):
            components.commitment_link(commitment["id"], commitment["title"])
        for change in proposal["changes"]:
            _change(change, _entered(proposal))
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
    titles = [md(commitment["title"]) for commitment in telling.rows(proposal["commitments"])]
    what = "; ".join([*titles, *map(_head, proposal["changes"])])
    st.markdown(f"{what}  \n" + t(f"proposed.was.{proposal['state']}", **facts))
    if proposal["reason"]:
        st.caption(md(proposal["reason"]))


def _entered(proposal: Mapping[str, Any]) -> dict[str, Change]:
    """Sources that the proposal itself would enter."""
    added = (c for c in proposal["changes"] if (c["entity"], c["kind"]) == (Entity.SOURCE, EntryKind.ADD))
    return {change["entity_id"]: change["payload"] for change in added}


def _head(change: Change) -> str:
    """What sort of change it is, of what."""
    kind, payload = EntryKind(change["kind"]), change["payload"]
    of_event = payload.get("version") is not None and kind in (EntryKind.WITHDRAW, EntryKind.RESTORE)
    told = t(f"proposed.change.{kind}", entity=t(f"entity.{'event' if of_event else change['entity']}"))
    if kind is not EntryKind.EVENT:
        return told
    return i18n.labelled(told, t("stage." + payload["stage"]), words())


def _change(change: Change, entered: Mapping[str, Change]) -> None:
    """What one change would record, in words."""
    kind, payload, head = EntryKind(change["kind"]), change["payload"], _head(change)
    if kind is EntryKind.EVENT:
        _event(payload, head, entered)
    elif kind is EntryKind.REVISE:
        _revision(change, head)
    elif kind is EntryKind.ADD:
        told = [payload.get(field) for field in _TELLING]
        grade = f" ({payload['reliability']})" if payload.get("reliability") else ""
        texts = [", ".join(text) if isinstance(text, list) else text for text in told if text]
        st.markdown(f"**{head}**{grade}: " + " · ".join(map(md, texts)))
    else:
        what = _told(change["entity"], change["entity_id"], payload["version"])
        st.markdown(f"**{head}**: {md(what)}  \n{md(payload['reason'])}")


def _told(entity: str, entity_id: str, version: int | None) -> str:
    """What stands on record, in short: a thing, or the event of a commitment."""
    if version is None:
        _, found = holdings.content(con(), entity, entity_id)
        return str(found.get("title") or found.get("claim") or entity_id)
    event = next(e for e in queries.history(con(), entity_id) if e["version"] == version)
    return f"{t('stage.' + event['stage'])}, {i18n.date(event['happened_on'], words())}"


def _event(payload: Change, head: str, entered: Mapping[str, Change]) -> None:
    party = f" · {md(payload['party'])}" if payload.get("party") else ""
    when = i18n.date(payload["happened_on"], words())
    st.markdown(f"**{head}** · {when}{party}  \n{md(payload['note'])}")
    cited = [item["source_id"] for item in payload["evidence"]]
    known = {**provenance.sources_by_id(con(), cited), **entered}
    for item in payload["evidence"]:
        source = known[item["source_id"]]
        grade = components.grade(source["reliability"], item["credibility"])
        title = components.link(source["title"], source["url"])
        said = f"{grade} {title}, {md(source['publisher'])}"
        st.markdown(f"- {i18n.labelled(t('bearing.' + item['bearing']), said, words())}")


def _revision(change: Change, head: str) -> None:
    """What a revision would reword, held against what stands now."""
    _, now = holdings.content(con(), change["entity"], change["entity_id"])
    payload = change["payload"]
    told = now.get("title") or now.get("claim") or change["entity_id"]
    st.markdown(f"**{head}**: {md(told)}")
    if payload.get("because"):
        st.markdown(md(payload["because"]))
    for field in payload | now:
        if field not in _SILENT and now.get(field) != payload.get(field):
            st.html(wording.compared(wording.name(field), field, now.get(field), payload.get(field)))


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
    with told.sheet(border=False):
        if own:
            st.caption(t("proposed.own"))
        told.area("reason", height=68, max_chars=2000)
        told.by(width=320)
        moves = st.session_state.get(told.key(MOVES))
        if moves is not None:
            st.info(
                f"**{t('regrade.would', n=len(moves))}**\n\n{outcome.moved(moves)}",
                icon=":material/visibility:",
            )
        told.summary(_overtaken)
        with st.container(horizontal=True):
            if own:
                told.button(t("proposed.take_back"), _decide, told, proposal, False)
            else:
                told.button(t("proposed.approve"), _decide, told, proposal, True, primary=True)
                told.button(t("proposed.decline"), _decide, told, proposal, False)
                told.button(t("regrade.preview"), _preview, told, proposal)


def _overtaken(error: StaleVersion) -> None:
    """That the change does not go together with what others did since it was proposed."""
    conflict.overtaken(error, t("proposed.overtaken"), t("proposed.overtaken_how"), t("proposed.theirs"))


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
        moves, failure = outcome.moving(told, save, proposal["commitment_ids"])
    except TrackerError as error:
        return told.fail(error)
    done = "approved" if approve else "taken_back" if own else "declined"
    st.session_state[SAID] = (done, moves, failure)
    st.session_state.pop(told.key(MOVES), None)
    access.remember(typed["by"])
    told.forget()
