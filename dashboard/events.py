"""How do we know: every event with its evidence, what the rule found, and a way to correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from dashboard import components, forms, i18n, withdrawing
from dashboard.session import t, words
from dashboard.withdrawing import Thing
from tracker.terms import Bearing, Entity

md = components.md


def cards(commitment_id: str, version: int, events: Sequence[Mapping[str, Any]]) -> None:
    """Events that stand, newest first; what was withdrawn or replaced stands apart, behind them."""
    withdrawing.said("event")
    standing = [e for e in events if e["withdrawn_at"] is None]
    gone = [e for e in events if e["withdrawn_at"] is not None]
    # What the form is open on is never behind a fold: somebody else may just have withdrawn it.
    shown = [e for e in gone if withdrawing.asked(_thing(commitment_id, version, e))]
    gone = [e for e in gone if e not in shown]
    if not standing:
        st.info(t("commitment.no_events"))
    for event in (*reversed(standing), *shown):
        _card(commitment_id, version, event)
    if gone:
        opened = st.expander(t("event.gone", n=len(gone)), key=f"gone-{commitment_id}", on_change="rerun")
        if opened.open:
            with opened:
                for event in reversed(gone):
                    _card(commitment_id, version, event)


def _thing(commitment_id: str, version: int, event: Mapping[str, Any]) -> Thing:
    gone = event["withdrawn_at"] is not None
    return Thing(Entity.COMMITMENT, commitment_id, version, gone, (commitment_id,), event["version"])


def _card(commitment_id: str, version: int, event: Mapping[str, Any]) -> None:
    thing = _thing(commitment_id, version, event)
    with st.container(border=True, key=f"event-{event['version']}"):
        vague = i18n.reading(event["happened_on"], words())
        party = f" · {md(event['party'])}" if event["party"] else ""
        st.markdown(
            f"**{i18n.date(event['happened_on'], words())}** {vague} · {t('stage.' + event['stage'])}{party} "
            f"{_finding(event)}  \n{md(event['note'])}"
        )
        for item in event["evidence"]:
            _item(item)
        if event["withdrawn_at"] is None and not event["supported"]:
            st.caption(t("event.needs", what=t(f"requirement.{event['requirement']}")))
        recorded = i18n.day(event["recorded_at"].date(), words().language)
        said = t("event.recorded", by=md(event["recorded_by"]), date=recorded, version=event["version"])
        if event["supersedes"]:
            said += " " + t("event.supersedes", version=event["supersedes"])
        if thing.withdrawn:
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
            withdrawing.opener(thing, t("correct.open"))
        withdrawing.form(thing, partial(_replace, event["version"]))


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
        st.markdown(f"> {md(item['quote'], '> ')}  \n:gray[{sealed}]")


def _replace(version: int) -> None:
    """Open the form of a status change with this event as what it replaces."""
    forms.opening(edit="1", replaces=str(version))
