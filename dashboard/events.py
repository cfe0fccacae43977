"""How do we know: every event with its evidence, what the rule found, and a way to correct it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import components, i18n
from dashboard.session import read_only, t, tracker, words
from tracker.errors import Invalid, TrackerError
from tracker.terms import Bearing, Entity

md = components.md
_CORRECT, _DONE, _FAILED = "correct", "corrected", "correct-failed"


def cards(commitment_id: str, version: int, events: Sequence[Mapping[str, Any]]) -> None:
    """Events that stand, newest first; what was withdrawn or replaced stands apart, behind them."""
    done = st.session_state.pop(_DONE, None)
    if done is not None:
        st.success(t(f"correct.{done}"), icon=":material/check:")
    standing = [e for e in events if e["withdrawn_at"] is None]
    gone = [e for e in events if e["withdrawn_at"] is not None]
    if not standing:
        st.info(t("commitment.no_events"))
    for event in reversed(standing):
        _card(commitment_id, version, event)
    if gone:
        opened = st.expander(t("event.gone", n=len(gone)), key=f"gone-{commitment_id}", on_change="rerun")
        if opened.open:
            with opened:
                for event in reversed(gone):
                    _card(commitment_id, version, event)


def _card(commitment_id: str, version: int, event: Mapping[str, Any]) -> None:
    with st.container(border=True, key=f"event-{event['version']}"):
        vague = i18n.reading(event["happened_on"], words())
        party = f" · {md(event['party'])}" if event["party"] else ""
        st.markdown(
            f"**{i18n.date(event['happened_on'], words())}** {vague} · {t('stage.' + event['stage'])}{party} "
            f"{_finding(event)}  \n{md(event['note'])}"
        )
        for item in event["evidence"]:
            _item(item)
        recorded = i18n.day(event["recorded_at"].date(), words().language)
        said = t("event.recorded", by=md(event["recorded_by"]), date=recorded, version=event["version"])
        if event["supersedes"]:
            said += " " + t("event.supersedes", version=event["supersedes"])
        if event["withdrawn_at"] is not None:
            code = "event.superseded" if event["superseded_by"] else "event.withdrawn"
            said += "  \n" + t(
                code,
                by=md(event["withdrawn_by"]),
                date=i18n.day(event["withdrawn_at"].date(), words().language),
                version=event["superseded_by"],
                reason=md(event["withdrawn_because"]),
            )
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
            st.caption(said, width="stretch")
            if not read_only():
                st.button(
                    t("correct.restore" if event["withdrawn_at"] else "correct.open"),
                    key=f"correct-{event['version']}",
                    icon=":material/undo:" if event["withdrawn_at"] else ":material/edit_off:",
                    type="tertiary",
                    on_click=_begin,
                    args=(event["version"],),
                    width="content",
                )
        if st.query_params.get(_CORRECT) == str(event["version"]) and not read_only():
            _form(commitment_id, version, event)


def _finding(event: Mapping[str, Any]) -> str:
    """Whether the evidence supports what the event says, as a badge."""
    if event["withdrawn_at"] is not None:
        return f":gray-badge[✕ {t('event.gone_badge')}]"
    if event["supported"]:
        return f":green-badge[✓ {t('event.supported')}]"
    return f":orange-badge[? {t('event.claimed')}]"


def _item(item: Mapping[str, Any]) -> None:
    sign = {"supports": ":blue[+]", "contradicts": ":red[−]", "context": ":gray[·]"}[item["bearing"]]
    # Most publishers name whose words they carry.
    told = item["origin"].casefold() in item["publisher"].casefold()
    origin = "" if told else t("event.origin", origin=md(item["origin"]))
    gone = f" :gray-badge[✕ {t('event.source_gone')}]" if item["withdrawn_at"] is not None else ""
    proves = ""
    if item["bearing"] == Bearing.SUPPORTS:
        proves = t("event.proves_none")
        if item["proves"]:
            proves = t("event.proves", what=t(f"weight.{item['proves']}"))
    st.markdown(
        f"{sign} {components.grade(item['reliability'], item['credibility'])} "
        f"{components.link(item['title'], item['url'])} — {md(item['publisher'])}{origin}{gone}",
        help=f"{t('bearing.' + item['bearing'])}. "
        f"{components.grade_words(item['reliability'], item['credibility'])} "
        f"{md(item['reliability_reason'])}. {proves}",
    )
    if item["quote"]:
        sealed = t("event.sealed", digest=item["archive_sha256"][:12]) if item["archive_sha256"] else ""
        st.markdown(f"> {md(item['quote'])}  \n:gray[{sealed}]")


def _begin(version: int) -> None:
    st.query_params.pop("edit", None)
    st.query_params[_CORRECT] = str(version)


def _form(commitment_id: str, version: int, event: Mapping[str, Any]) -> None:
    """Withdraw an event with a reason, or bring it back; a better one replaces it."""
    undo = event["withdrawn_at"] is not None
    name = f"correct:{event['version']}"
    st.session_state.setdefault(f"{name}:key", uuid.uuid4().hex)
    failed = st.session_state.pop(_FAILED, None)
    with st.form(name):
        st.text_area(
            t("correct.reason"),
            key=f"{name}:reason",
            height=68,
            help=t("correct.reason_help"),
            max_chars=2000,
        )
        st.session_state.setdefault(f"{name}:by", st.session_state.get("name", ""))
        st.text_input(t("record.field.by"), key=f"{name}:by", max_chars=200, autocomplete="name")
        if failed is not None:
            st.error(failed)
        with st.container(horizontal=True):
            st.form_submit_button(
                t("correct.restore" if undo else "correct.withdraw"),
                type="primary",
                on_click=_submit,
                args=(commitment_id, version, event["version"], undo),
            )
            if not undo:
                st.form_submit_button(
                    t("correct.replace"),
                    on_click=_replace,
                    args=(event["version"],),
                    help=t("correct.replace_help"),
                )
            st.form_submit_button(t("record.cancel"), on_click=_leave)


def _submit(commitment_id: str, seen: int, version: int, undo: bool) -> None:
    name = f"correct:{version}"
    key = st.session_state.get(f"{name}:key")
    if key is None:
        return
    reason, by = (st.session_state.get(f"{name}:{field}", "").strip() for field in ("reason", "by"))
    if not reason or not by:
        st.session_state[_FAILED] = t("correct.incomplete")
        return
    try:
        tracker().withdraw(
            Entity.COMMITMENT,
            commitment_id,
            reason=reason,
            version=version,
            undo=undo,
            expect_version=seen,
            by=by,
            key=key,
        )
    except Invalid as error:
        st.session_state[_FAILED] = "; ".join(components.problem(p) for p in error.problems)
        return
    except TrackerError as error:
        st.session_state[_FAILED] = components.sentence(error)
        return
    st.session_state["name"] = by
    st.session_state[_DONE] = "restored" if undo else "withdrawn"
    for field in ("key", "reason", "by"):
        st.session_state.pop(f"{name}:{field}", None)
    _leave()


def _replace(version: int) -> None:
    """Open the form of a status change with this event as what it replaces."""
    _leave()
    st.query_params["edit"] = "1"
    st.query_params["replaces"] = str(version)


def _leave() -> None:
    st.query_params.pop(_CORRECT, None)
