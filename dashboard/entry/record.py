"""The form that records a status change: nothing typed is lost, nobody is overwritten silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import access, components, i18n, linked
from dashboard.entry import conflict, drafts, forms, outcome, sourcing
from dashboard.entry.forms import Form
from dashboard.session import con, t, words, writing
from tracker import lifecycle, provenance, rulewords
from tracker.clocks import today
from tracker.errors import Invalid, Problem, StaleVersion, TrackerError
from tracker.models import Source, StatusEvent
from tracker.terms import Bearing, Credibility, Entity, EntryKind, Kind, Stage

SAVED = "saved"
EVENT = ("because", "stage", "happened_on", "by", "party", "note")
CITED = ("on_file", "on_file_credibility", "against", "against_credibility", "context", "evidence")
FIELDS = (*EVENT, *CITED, *sourcing.FIELDS[:-1], "credibility", sourcing.FIELDS[-1], "quote")
"""Every field of the form, in the order in which the eye meets them."""
BEARINGS = {"on_file": Bearing.SUPPORTS, "against": Bearing.CONTRADICTS, "context": Bearing.CONTEXT}
"""Fields of sources on file, with what those do for the event."""


def said(row: Mapping[str, Any], claimed: str | None) -> None:
    """After saving: what changed, and plainly so when the present stage did not, and why."""
    saved = st.session_state.pop(SAVED, None)
    if saved is None:
        return
    stage, happened_on, failure, seen, version = saved
    if not outcome.published(failure):
        return
    told = {"stage": t(f"stage.{stage}"), "date": i18n.date(happened_on, words())}
    with st.container(key="recorded", gap="small"):
        forms.focus(f"{row['id']}-{version}")
        if stage in (row["stage"], Stage.PRECURSOR):
            st.success(t("record.saved", **told), icon=":material/check:")
        elif stage == claimed:
            proof = rulewords.proof(lifecycle.of(Kind(row["kind"]))[Stage(stage)], words().language)
            st.warning(
                t("record.claimed", now=t(f"stage.{row['stage']}"), proof=components.md(proof), **told),
                icon=":material/help:",
            )
        else:
            message = t("record.kept", now=t(f"stage.{row['stage']}"), **told)
            st.success(message, icon=":material/check:")
        slip = {"edit": "1", "replaces": str(version)}
        correct = linked.opener(t("record.correct"), "commitment", id=row["id"], **slip)
        linked.note(t("record.slip"), [correct])
    conflict.kept(Entity.COMMITMENT, row["id"], seen, version)


def begin() -> None:
    """Open the form; the address says so, and Back closes it."""
    drafts.opening(edit="1", replaces=None)


def form(row: Mapping[str, Any], told: Sequence[Mapping[str, Any]] = ()) -> None:
    """Draw the form for one commitment as the reader sees it now.

    The address may name one of the events told so far as the one that this entry replaces;
    what that one says stands in the form to begin with.
    """
    wanted = st.query_params.get("replaces")
    event = next((e for e in told if str(e["version"]) == wanted), None)
    name = f"record:{row['id']}" + (f":{wanted}" if event else "")
    entry = Form(name, FIELDS, lambda f: t(f"record.field.{f}"))
    entry.begin(lambda: row["version"], **_content(event))
    # Somebody else may have withdrawn it in the meantime; nothing typed is lost by that.
    replacing = event is not None and event["withdrawn_at"] is None
    st.header(t("record.replacing" if replacing else "record.title"), anchor=False)
    if event is not None and not replacing:
        st.warning(t("record.replaced_gone"), icon=":material/sync_problem:")
    with entry.sheet():
        if event is None:
            _repeat(entry)
        _event(entry, row, event if replacing else None)
        st.subheader(t("record.sources"), anchor=False)
        st.caption(t("record.sources_how"))
        _cited(entry)
        entered = any(entry.value(f) for f in ("title", "publisher", "url"))
        with st.expander(t("record.new_source"), expanded=bool(entered)):
            _source(entry)
        entry.summary()
        first = isinstance(entry.failure, StaleVersion)
        if isinstance(entry.failure, StaleVersion):
            _beside(entry, entry.failure)
        with st.container(horizontal=True):
            save, leave = ("record.mine_too", "record.discard") if first else ("record.save", "forms.cancel")
            entry.button(t(save), _submit, entry, row["id"], event, replacing, primary=True)
            entry.button(t(leave), _leave, entry)


def _ordered(stages: Sequence[Stage]) -> list[str]:
    """The stages of a kind in the order of its lifecycle; last what is no stage of it."""
    return [*(s for s in stages if s is not Stage.PRECURSOR), Stage.PRECURSOR]


def _repeat(entry: Form) -> None:
    """The button that takes day and sources from what the same person recorded last."""
    last = provenance.last_event(con(), entry.value("by") or "")
    if last:
        told = {"happened_on": last["happened_on"]}
        for field, bearing in BEARINGS.items():
            cited = [e for e in last["evidence"] if e["bearing"] == bearing]
            if cited and field != "context":
                told[field] = [e["source_id"] for e in cited]
                told[f"{field}_credibility"] = max(e["credibility"] for e in cited)
        when = i18n.date(last["happened_on"], words())
        sources = provenance.sources_by_id(con(), [e["source_id"] for e in last["evidence"]]).values()
        hint = t("record.again_help", date=when, titles=components.md("; ".join(s["title"] for s in sources)))
        entry.button(t("record.again"), _put, entry, told, hint=hint)


def _put(entry: Form, told: Mapping[str, Any]) -> None:
    """Fill fields, as if it had been typed."""
    for field, value in told.items():
        st.session_state[entry.key(field)] = value
    entry.keep()


def _beside(entry: Form, error: StaleVersion) -> None:
    """The statuses that others recorded, and what stands here beside them."""
    for other in error.between:
        if other["kind"] == EntryKind.EVENT:
            told = other["payload"]
            when = i18n.date(told["happened_on"], words())
            theirs, yours = st.columns(2)
            _in_short(theirs, "conflict.theirs", told["stage"], when, told["note"])
            mine = (entry.value(field) for field in ("stage", "happened_on", "note"))
            _in_short(yours, "conflict.yours", *mine)


def _in_short(place: Any, whose: str, stage: str, when: str, note: str) -> None:
    told = f"**{t(f'stage.{stage}')}** · {components.md(when)}  \n{components.md(note)}"
    place.container(border=True).markdown(i18n.labelled(t(whose), told, words()))


def _content(event: Mapping[str, Any] | None) -> dict[str, Any]:
    """First values of the fields: what the event says that is to be replaced, or nothing."""
    if event is None:
        return {}
    told = {field: event[field] for field in ("stage", "happened_on", "note", "party")}
    for field, bearing in BEARINGS.items():
        cited = [e for e in event["evidence"] if e["bearing"] == bearing and e["withdrawn_at"] is None]
        told[field] = [e["source_id"] for e in cited]
    return told


def _event(entry: Form, row: Mapping[str, Any], replaced: Mapping[str, Any] | None) -> None:
    """What happened, when, and who says so here."""
    if replaced:
        when = i18n.date(replaced["happened_on"], words())
        st.caption(t("record.replaces", stage=t(f"stage.{replaced['stage']}"), date=when))
        entry.text("because", max_chars=2000, help=t("correct.reason_help"))
    rows = lifecycle.of(Kind(row["kind"]))
    entry.choice("stage", _ordered(list(rows)), lambda s: _stage_label(Stage(s), rows, row["stage"]))
    with st.container(horizontal=True):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="day"):
            entry.text("happened_on", placeholder=t("record.date_example"), help=t("record.date_help"))
            entry.button(t("record.today"), _put, entry, {"happened_on": today().isoformat()})
        with st.container():
            entry.by()
    if len(row["parties"]) > 1:
        names = [party["name"] for party in row["parties"]]
        hints = {"placeholder": t("record.all_parties"), "help": t("record.party_help")}
        entry.select("party", names, str, **hints)
    entry.area("note", height=90, help=t("record.note_help"))


def _cited(entry: Form) -> None:
    """Sources on file, for and against; those that gave the context stay with what is replaced."""
    chosen = [i for field in BEARINGS for i in entry.value(field) or ()]
    known = sourcing.on_file(chosen)
    for field in ("on_file", "against"):
        with st.container(horizontal=True):
            with st.container():
                entry.several(field, list(known), lambda i: known[i])
            with st.container():
                entry.graded(f"{field}_credibility", Credibility, "credibility")
    if context := entry.first.get("context"):
        entry.several("context", context, lambda i: known[i])
    entry.complain("evidence")


def _source(entry: Form) -> None:
    """A source that is not on file yet."""

    def credibility() -> None:
        with st.container():
            entry.graded("credibility", Credibility, "credibility")

    sourcing.draw(entry, beside=credibility)
    entry.text("quote", max_chars=10_000, help=t("record.quote_help"))


def _submit(entry: Form, commitment_id: str, event: Mapping[str, Any] | None, replacing: bool) -> None:
    """Turn what was typed into one batch and record it, or keep everything and say what is wrong.

    `event` is the one that the form began with; it is replaced if `replacing`.
    """
    typed = entry.typed()
    if typed is None:
        return None
    needed = ("stage", "happened_on", "by", "note", *(("because",) if replacing else ()))
    problems = forms.missing(typed, *needed)
    evidence: list[dict[str, Any]] = []
    for field, bearing in BEARINGS.items():
        # What it began with was graded source by source; only a new choice overrules that.
        kept = {e["source_id"]: e for e in (event or {}).get("evidence", ()) if e["bearing"] == bearing}
        graded = typed.get(f"{field}_credibility")
        if any(i not in kept for i in typed[field] or ()):
            problems += forms.missing({f"{field}_credibility": graded}, f"{field}_credibility")
        evidence += [
            {"source_id": i, "bearing": bearing, "credibility": graded or 6}
            | ({} if i not in kept else _as_before(kept[i], graded))
            for i in typed[field] or ()
        ]
    source, wrong_source = _new_source(typed, entry.request())
    problems += wrong_source
    if source is not None:
        quote = typed["quote"] or None
        evidence.append({"source_id": source.id, "credibility": typed["credibility"], "quote": quote})
    told = None
    try:
        told = StatusEvent.parse(
            {
                "commitment_id": commitment_id,
                "stage": typed["stage"],
                "happened_on": typed["happened_on"],
                "note": typed["note"],
                "evidence": evidence,
                "party": typed["party"],
                "supersedes": event["version"] if event and replacing else None,
                "because": typed["because"] if replacing else None,
            }
        )
    except Invalid as error:
        named = {p.field for p in problems} | ({"evidence"} if wrong_source else set())
        problems += [p for p in error.problems if p.field.split(".")[0] not in named]
    if problems or told is None:
        return entry.refuse(problems, to=_field)
    failure, seen = None, entry.seen
    version = seen + 1
    try:
        with entry.saving():
            version = writing().record(
                told,
                expect_version=seen,
                by=typed["by"],
                sources=[source] if source is not None else [],
                key=entry.request(),
                merge=True,
            )
    except TrackerError as error:
        if error.code != "unpublished":
            return entry.fail(error, to=_field)
        failure = error
    st.session_state[SAVED] = (told.stage.value, str(told.happened_on), failure, seen, version)
    access.remember(typed["by"])
    return _leave(entry)


def _field(path: str) -> str:
    """The field of the form that a path of the model is about."""
    head = path.split(".")[0]
    return head if head in FIELDS else "evidence"


def _as_before(item: Mapping[str, Any], graded: int | None) -> dict[str, Any]:
    """An item of the event that is replaced, with a new grade if one was chosen."""
    kept = {name: item[name] for name in ("locator", "quote", "prefix", "suffix", "archive_sha256")}
    return kept | {"credibility": graded or item["credibility"]}


def _new_source(typed: Mapping[str, Any], key: str) -> tuple[Source | None, list[Problem]]:
    """The source entered in place, if any field of it was filled, and what is wrong with it."""
    if not (sourcing.is_begun(typed) or typed["language"] or typed["credibility"]):
        return None, []
    source, problems = sourcing.made(typed, key, typed["by"])
    ungraded = forms.missing(typed, "credibility")
    return (None if ungraded else source), problems + ungraded


def _leave(entry: Form) -> None:
    """Close the form and forget what was typed in it."""
    entry.forget()
    drafts.closing("edit", "replaces")


def _stage_label(stage: Stage, rows: Mapping[Stage, Any], now: str) -> str:
    if stage is Stage.PRECURSOR:
        return t("record.precursor")
    label, status = t(f"stage.{stage}"), t(f"status.{rows[stage].status}")
    if label != status:
        label += f" → {status}"
    return f"{label} ({t('record.now')})" if stage == now else label
