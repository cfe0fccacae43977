"""How do we know: every event with its evidence, what the rule found, and the way to correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from dashboard import components, i18n, linked, telling
from dashboard.entry import drafts, withdrawing
from dashboard.entry.withdrawing import Thing
from dashboard.linked import Html
from dashboard.markup import marks
from dashboard.session import read_only, t, words
from tracker.terms import Bearing, Entity

Event = Mapping[str, Any]
_SIGNS = {Bearing.SUPPORTS: ("+", "blue"), Bearing.CONTRADICTS: ("−", "red"), Bearing.CONTEXT: ("·", "gray")}


def cards(commitment_id: str, version: int, events: Sequence[Event]) -> None:
    """Events that stand, newest first; what was withdrawn or replaced stands behind a fold.

    The form that corrects one of them stands right under it.
    """
    withdrawing.said("event")
    standing = [e for e in events if e["withdrawn_at"] is None]
    gone = [e for e in events if e["withdrawn_at"] is not None]
    if not standing:
        st.info(t("commitment.no_events"))
    asked = next((e for e in events if withdrawing.asked(_thing(commitment_id, version, e))), None)
    # What the form is open on is never behind a fold: somebody else may just have withdrawn it.
    shown = [*reversed(standing), *(e for e in gone if e is asked)]
    place = shown.index(asked) + 1 if asked is not None else len(shown)
    _draw(commitment_id, version, shown[:place])
    if asked is not None:
        withdrawing.form(_thing(commitment_id, version, asked), partial(_replace, asked["version"]))
        _draw(commitment_id, version, shown[place:])
    folded = [_card(commitment_id, version, e) for e in reversed(gone) if e is not asked]
    if folded:
        label = escape(t("event.gone", n=len(folded)))
        st.html(f'<details class="fold"><summary>{label}</summary>{"".join(folded)}</details>')


def _draw(commitment_id: str, version: int, events: Sequence[Event]) -> None:
    if events:
        st.html("".join(_card(commitment_id, version, event) for event in events))


def _thing(commitment_id: str, version: int, event: Event) -> Thing:
    gone = event["withdrawn_at"] is not None
    return Thing(Entity.COMMITMENT, commitment_id, version, gone, (commitment_id,), event["version"])


def _card(commitment_id: str, version: int, event: Event) -> str:
    vague = i18n.reading(event["happened_on"], words())
    party = f" · {telling.name(event['party'])}" if event["party"] else ""
    head = (
        f"<b>{escape(i18n.date(event['happened_on'], words()))}</b> {escape(vague)} · "
        f"{escape(t('stage.' + event['stage']) + party)} {_finding(event)}"
    )
    evidence = "".join(f"<li>{_item(item)}</li>" for item in event["evidence"])
    needs = ""
    if event["withdrawn_at"] is None and not event["supported"]:
        required = t(f"requirement.{event['requirement']}")
        needs = f"<p>{escape(t('event.needs', what=required))}</p>"
    foot = f'<p class="foot"><span>{_recorded(event)}</span> {_opener(commitment_id, version, event)}</p>'
    return (
        f'<article class="event" id="event-{event["version"]}"><p>{head}<br>{linked.shown(event["note"])}</p>'
        f'<ul class="evidence">{evidence}</ul>{needs}{foot}</article>'
    )


def _finding(event: Event) -> Html:
    """Whether the evidence supports what the event says."""
    if event["withdrawn_at"] is not None:
        return marks.tag(f"✕ {t('event.gone_badge')}", "gray")
    if event["supported"]:
        return marks.tag(f"✓ {t('event.supported')}", "green")
    return marks.tag(f"? {t('event.claimed')}", "orange")


def _recorded(event: Event) -> str:
    recorded = i18n.day(event["recorded_at"].date(), words().language)
    said = [t("event.recorded", by=event["recorded_by"], date=recorded, version=event["version"])]
    if event["supersedes"]:
        said[0] += " " + t("event.supersedes", version=event["supersedes"])
    if event["withdrawn_at"] is not None:
        code = "event.superseded" if event["superseded_by"] else "event.withdrawn"
        facts = {
            "by": event["withdrawn_by"],
            "date": i18n.day(event["withdrawn_at"].date(), words().language),
            "version": event["superseded_by"],
            "reason": event["withdrawn_because"],
        }
        said.append(t(code, **facts))
    return "<br>".join(map(linked.shown, said))


def _opener(commitment_id: str, version: int, event: Event) -> str:
    thing = _thing(commitment_id, version, event)
    if read_only() or withdrawing.asked(thing):
        return ""
    label = t("correct.restore" if thing.withdrawn else "correct.open")
    return linked.opener(label, "commitment", id=commitment_id, **{withdrawing.WORD: thing.mark})


def _item(item: Mapping[str, Any]) -> str:
    sign, tone = _SIGNS[Bearing(item["bearing"])]
    # Most publishers name whose words they carry.
    told = item["origin"].casefold() in item["publisher"].casefold()
    origin = "" if told else t("event.origin", origin=item["origin"])
    gone = marks.tag(f"✕ {t('event.source_gone')}", "gray") if item["withdrawn_at"] is not None else ""
    quote = ""
    if item["quote"]:
        sealed = t("event.sealed", digest=item["archive_sha256"][:12]) if item["archive_sha256"] else ""
        from_copy = f'<span class="quiet">{escape(sealed)}</span>'
        said = f'<span lang="{escape(item["language"])}">{linked.shown(item["quote"])}</span>'
        quote = f"<blockquote>{said} {from_copy}</blockquote>"
    return (
        f'<span class="sign {tone}" aria-hidden="true">{sign}</span> {_grade(item)} '
        f"{linked.source(item)} — {escape(item['publisher'] + origin)} {gone}{quote}"
    )


def _grade(item: Mapping[str, Any]) -> str:
    """Both Admiralty grades, which say on a click what they mean and what follows from them."""
    proves = ""
    if item["bearing"] == Bearing.SUPPORTS:
        proves = t("event.proves_none")
        if item["proves"]:
            proves = t("event.proves", what=t(f"weight.{item['proves']}"))
    told = (
        f"{t('bearing.' + item['bearing'])}. "
        f"{components.grade_words(item['reliability'], item['credibility'])} "
        f"{item['reliability_reason'].rstrip('.')}. {proves}"
    )
    chip = f"{item['reliability']}{item['credibility']}"
    return (
        f'<details class="grade"><summary class="tag blue">{escape(chip)}</summary>'
        f"<span>{linked.shown(told)}</span></details>"
    )


def _replace(version: int) -> None:
    """Open the form of a status change with this event as what it replaces."""
    drafts.opening(edit="1", replaces=str(version))
