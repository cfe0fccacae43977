"""The form that records a status change: nothing typed is lost, nobody is overwritten silently."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import components, i18n
from dashboard.session import con, t, tracker, words
from tracker import lifecycle, naming, provenance
from tracker.errors import Invalid, Problem, StaleVersion, TrackerError
from tracker.models import Source, StatusEvent
from tracker.terms import Bearing, Credibility, Kind, Reliability, SourceKind, Stage

SAVED, PROBLEMS, CONFLICT, FAILURE, REQUEST = "saved", "problems", "conflict", "failure", "request"
REPLACES = "replaces"
EVENT = ("because", "stage", "party", "happened_on", "by", "note")
CITED = ("on_file", "on_file_credibility", "against", "against_credibility", "evidence")
NEW_SOURCE = ("title", "publisher", "url", "published", "language", "kind")
NEW_GRADES = ("reliability", "reliability_reason")
FIELDS = (*EVENT, *CITED, *NEW_SOURCE, *NEW_GRADES, "credibility", "quote")
"""Every field of the form, in the order in which the eye meets them."""


def said(row: Mapping[str, Any], claimed: str | None) -> None:
    """After saving: what changed, and plainly so when the present stage did not, and why."""
    saved = st.session_state.pop(SAVED, None)
    if saved is None:
        return
    stage, happened_on, failure = saved
    if failure is not None:
        st.warning(t("record.unpublished", why=components.sentence(failure)), icon=":material/schedule:")
        return
    told = {"stage": t(f"stage.{stage}"), "date": i18n.date(happened_on, words())}
    if stage in (row["stage"], Stage.PRECURSOR):
        message = t("record.saved", **told)
    elif stage == claimed:
        proof = lifecycle.of(Kind(row["kind"]))[Stage(stage)].proof
        st.warning(
            t("record.claimed", now=t(f"stage.{row['stage']}"), proof=components.md(proof), **told),
            icon=":material/help:",
        )
        return
    else:
        message = t("record.kept", now=t(f"stage.{row['stage']}"), **told)
    st.success(message, icon=":material/check:")


def begin() -> None:
    """Open the form; the address says so, and Back closes it."""
    # A link to the same page would leave the browser's address as it was, and the first
    # rerun after it would take the form away with all that was typed.
    st.query_params["edit"] = "1"


def form(row: Mapping[str, Any], told: Sequence[Mapping[str, Any]] = ()) -> None:
    """Draw the form for one commitment as the reader sees it now.

    The address may name one of the events told so far as the one that this entry replaces.
    """
    commitment_id = row["id"]
    replaced = _replaced(commitment_id, told)
    problems: dict[str, list[Problem]] = st.session_state.get(_key(commitment_id, PROBLEMS), {})
    st.session_state.setdefault(_key(commitment_id, REQUEST), uuid.uuid4().hex)
    st.header(t("record.replacing" if replaced else "record.title"))
    _conflict(commitment_id)

    def complain(field: str) -> None:
        for problem in problems.get(field, ()):
            st.markdown(f":red[▲ {t('record.field.' + field)} {components.problem(problem)}]")

    with st.form(f"record-{commitment_id}"):
        if replaced:
            when = i18n.date(replaced["happened_on"], words())
            st.caption(t("record.replaces", stage=t(f"stage.{replaced['stage']}"), date=when))
            _text(commitment_id, "because", help=t("correct.reason_help"))
            complain("because")
        rows = lifecycle.of(Kind(row["kind"]))
        stages = [s.value for s in rows if s is not Stage.PRECURSOR] + [Stage.PRECURSOR.value]
        key = _key(commitment_id, "stage")
        st.session_state.setdefault(key, None)
        st.radio(
            t("record.field.stage"),
            stages,
            format_func=lambda s: _stage_label(Stage(s), rows, row["stage"]),
            key=key,
            horizontal=True,
        )
        complain("stage")
        with st.container(horizontal=True):
            _text(
                commitment_id, "happened_on", placeholder=t("record.date_example"), help=t("record.date_help")
            )
            by = _key("", "by")
            st.session_state.setdefault(by, st.session_state.get("name", ""))
            st.text_input(t("record.field.by"), key=by, max_chars=200, autocomplete="name")
        complain("happened_on")
        complain("by")
        if len(row["parties"]) > 1:
            names = [party["name"] for party in row["parties"]]
            st.selectbox(
                t("record.field.party"),
                names,
                key=_kept(commitment_id, "party", None),
                placeholder=t("record.all_parties"),
                help=t("record.party_help"),
            )
            complain("party")
        st.text_area(
            t("record.field.note"),
            key=_kept(commitment_id, "note", ""),
            height=90,
            help=t("record.note_help"),
        )
        complain("note")
        st.subheader(t("record.sources"))
        st.caption(t("record.sources_how"))
        known = {s["id"]: s for s in provenance.sources(con())}
        for field in ("on_file", "against"):
            with st.container(horizontal=True):
                _pick(commitment_id, field, known)
                _choose(commitment_id, f"{field}_credibility", Credibility, "credibility")
            complain(f"{field}_credibility")
        complain("evidence")
        entered = any(st.session_state.get(_key(commitment_id, f)) for f in ("title", "publisher", "url"))
        with st.expander(t("record.new_source"), expanded=bool(entered)):
            for field in ("title", "publisher", "url"):
                _text(commitment_id, field)
                complain(field)
            with st.container(horizontal=True):
                _text(commitment_id, "published", placeholder=t("record.date_example"))
                _text(commitment_id, "language", placeholder="en, fr, ko")
                _choose(commitment_id, "kind", SourceKind, "source_kind")
            for field in ("published", "language", "kind"):
                complain(field)
            with st.container(horizontal=True):
                _choose(commitment_id, "reliability", Reliability, "reliability")
                _choose(commitment_id, "credibility", Credibility, "credibility")
            for field in ("reliability", "credibility"):
                complain(field)
            _text(commitment_id, "reliability_reason", help=t("record.reason_help"))
            complain("reliability_reason")
            _text(commitment_id, "quote", help=t("record.quote_help"))
            complain("quote")
        _summary(commitment_id, problems)
        with st.container(horizontal=True):
            # What the editor saw goes with the button, fixed when it is drawn; looking the
            # version up on submission would let the later editor win without a word.
            st.form_submit_button(
                t("record.save"),
                type="primary",
                on_click=_submit,
                args=(commitment_id, row["version"], replaced),
            )
            st.form_submit_button(t("record.cancel"), on_click=_leave, args=(commitment_id,))


def _summary(commitment_id: str, problems: Mapping[str, Sequence[Problem]]) -> None:
    """What is wrong, once more in one place, where the editor has just clicked."""
    failure = st.session_state.get(_key(commitment_id, FAILURE))
    if failure is not None:
        st.error(f"**{t('record.failed')}** {components.sentence(failure)}")
    if problems:
        told = "\n".join(
            f"- {t('record.field.' + field)} {components.problem(problem)}"
            for field in sorted(problems, key=lambda f: FIELDS.index(f) if f in FIELDS else 0)
            for problem in problems[field]
        )
        count = sum(map(len, problems.values()))
        st.error(f"**{t('record.problem')}** {t('record.problem_how', n=count)}\n\n{told}")


def _conflict(commitment_id: str) -> None:
    between = st.session_state.get(_key(commitment_id, CONFLICT))
    if not between:
        return
    lines = []
    for entry in between:
        payload = entry["payload"]
        when = i18n.day(entry["recorded_at"].date(), words().language)
        line = f"- **{components.md(entry['actor'])}**, {when}: {t('entry.' + entry['kind'])}"
        if entry["kind"] == "event":
            line += (
                f" — **{t('stage.' + payload['stage'])}**, {i18n.date(payload['happened_on'], words())}. "
                f"{components.md(payload['note'])}"
            )
        lines.append(line)
    st.warning(
        f"**{t('record.conflict')}**\n\n" + "\n".join(lines) + f"\n\n{t('record.conflict_how')}",
        icon=":material/sync_problem:",
    )


def _replaced(commitment_id: str, told: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The event that this entry replaces; what it says stands in the form to begin with."""
    wanted = st.query_params.get("replaces")
    event = next((e for e in told if str(e["version"]) == wanted and e["withdrawn_at"] is None), None)
    if event is None:
        return None
    if st.session_state.get(_key(commitment_id, REPLACES)) != wanted:
        st.session_state[_key(commitment_id, REPLACES)] = wanted
        for field in ("stage", "happened_on", "note", "party"):
            st.session_state[_key(commitment_id, field)] = event[field]
        for field, bearing in (("on_file", Bearing.SUPPORTS), ("against", Bearing.CONTRADICTS)):
            cited = [e for e in event["evidence"] if e["bearing"] == bearing and e["withdrawn_at"] is None]
            st.session_state[_key(commitment_id, field)] = [e["source_id"] for e in cited]
    return event


def _submit(commitment_id: str, version: int, replaced: Mapping[str, Any] | None) -> None:
    """Turn what was typed into one batch and record it, or keep everything and say what is wrong."""
    if _key(commitment_id, REQUEST) not in st.session_state:
        # The second half of a double click finds the form already saved and gone.
        return None
    for name in (PROBLEMS, CONFLICT, FAILURE):
        st.session_state.pop(_key(commitment_id, name), None)
    typed = {f: st.session_state.get(_key("" if f == "by" else commitment_id, f)) for f in FIELDS}
    by = (typed["by"] or "").strip()
    needed = ("stage", "happened_on", "by", "note", *(("because",) if replaced else ()))
    problems = _missing(typed, needed)
    evidence: list[dict[str, Any]] = []
    for field, bearing in (("on_file", Bearing.SUPPORTS), ("against", Bearing.CONTRADICTS)):
        # What is replaced was graded source by source; only a new choice overrules that.
        kept = {e["source_id"]: e for e in (replaced or {}).get("evidence", ()) if e["bearing"] == bearing}
        graded = typed[f"{field}_credibility"]
        if any(i not in kept for i in typed[field] or ()):
            problems += _missing(typed, (f"{field}_credibility",))
        evidence += [
            {"source_id": i, "bearing": bearing, "credibility": graded or 6}
            | ({} if i not in kept else _as_before(kept[i], graded))
            for i in typed[field] or ()
        ]
    source, wrong_source = _new_source(typed, by, st.session_state[_key(commitment_id, REQUEST)])
    problems += wrong_source
    if source is not None:
        quote = (typed["quote"] or "").strip() or None
        evidence.append({"source_id": source.id, "credibility": typed["credibility"], "quote": quote})
    event = None
    try:
        event = StatusEvent.parse(
            {
                "commitment_id": commitment_id,
                "stage": typed["stage"],
                "happened_on": typed["happened_on"],
                "note": typed["note"],
                "evidence": evidence,
                "party": typed["party"],
                "supersedes": replaced["version"] if replaced else None,
                "because": typed["because"] if replaced else None,
            }
        )
    except Invalid as error:
        named = {p.field for p in problems} | ({"evidence"} if wrong_source else set())
        problems += [p for p in error.problems if p.field.split(".")[0] not in named]
    if problems or event is None:
        return _refuse(commitment_id, problems)
    failure = None
    try:
        tracker().record(
            event,
            expect_version=version,
            by=by,
            sources=[source] if source is not None else [],
            key=st.session_state[_key(commitment_id, REQUEST)],
        )
    except Invalid as error:
        return _refuse(commitment_id, list(error.problems))
    except StaleVersion as error:
        st.session_state[_key(commitment_id, CONFLICT)] = error.between
        return None
    except TrackerError as error:
        if error.code != "unpublished":
            st.session_state[_key(commitment_id, FAILURE)] = error
            return None
        failure = error
    st.session_state[SAVED] = (event.stage.value, str(event.happened_on), failure)
    st.session_state["name"] = by
    return _leave(commitment_id)


def _as_before(item: Mapping[str, Any], graded: int | None) -> dict[str, Any]:
    """An item of the event that is replaced, with a new grade if one was chosen."""
    kept = {name: item[name] for name in ("locator", "quote", "prefix", "suffix", "archive_sha256")}
    return kept | {"credibility": graded or item["credibility"]}


def _missing(typed: Mapping[str, Any], fields: Sequence[str]) -> list[Problem]:
    """The fields that nothing was entered in."""
    return [Problem(f, "missing") for f in fields if typed[f] is None or not str(typed[f]).strip()]


def _new_source(typed: Mapping[str, Any], by: str, key: str) -> tuple[Source | None, list[Problem]]:
    """The source entered in place, if any field of it was filled, and what is wrong with it."""
    told = {f: typed[f] or None for f in (*NEW_SOURCE, *NEW_GRADES)}
    if not any(told.values()) and typed["credibility"] is None:
        return None, []
    problems = _missing(typed, ("title", "publisher", "reliability", "credibility"))
    named = {p.field for p in problems}
    name = naming.source_id(told["publisher"] or "", told["published"] or "", key)
    try:
        source = Source.parse(
            told
            | {
                "id": name,
                "kind": told["kind"] or SourceKind.UNKNOWN,
                "language": told["language"] or "und",
                "reliability_reason": told["reliability_reason"] or t("record.no_reason", by=by),
            }
        )
    except Invalid as error:
        return None, problems + [p for p in error.problems if p.field not in named]
    return (None, problems) if problems else (source, [])


def _refuse(commitment_id: str, problems: list[Problem]) -> None:
    by_field: dict[str, list[Problem]] = {}
    for problem in problems:
        by_field.setdefault(problem.field.split(".")[0], []).append(problem)
    st.session_state[_key(commitment_id, PROBLEMS)] = by_field


def _leave(commitment_id: str) -> None:
    """Close the form and forget what was typed in it."""
    for name in (*FIELDS, PROBLEMS, CONFLICT, FAILURE, REQUEST, REPLACES):
        st.session_state.pop(_key(commitment_id, name), None)
    for name in ("edit", "replaces"):
        st.query_params.pop(name, None)


def _key(commitment_id: str, name: str) -> str:
    return f"record:{commitment_id}:{name}"


def _kept(commitment_id: str, name: str, default: Any) -> str:
    key = _key(commitment_id, name)
    st.session_state.setdefault(key, default)
    return key


def _text(commitment_id: str, field: str, **options: Any) -> None:
    st.text_input(t(f"record.field.{field}"), key=_kept(commitment_id, field, ""), max_chars=2000, **options)


def _pick(commitment_id: str, field: str, known: Mapping[str, Mapping[str, Any]]) -> None:
    """Sources on file, found by typing a part of publisher or title."""
    st.multiselect(
        t(f"record.field.{field}"),
        list(known),
        format_func=lambda i: f"{known[i]['publisher']}: {known[i]['title']} ({known[i]['reliability']})",
        key=_kept(commitment_id, field, []),
        placeholder=t("record.on_file_choose"),
        filter_mode="contains",
        select_all=False,
    )


def _choose(commitment_id: str, field: str, enum: Any, words_of: str, default: Any = None) -> None:
    """A choice of one member of an enumeration; a grade carries its letter or number."""
    graded = enum in (Reliability, Credibility)
    st.selectbox(
        t(f"record.field.{field}"),
        [m.value for m in enum],
        format_func=lambda v: f"{v} – {t(f'{words_of}.{v}')}" if graded else t(f"{words_of}.{v}"),
        key=_kept(commitment_id, field, default),
        placeholder=t("record.choose"),
    )


def _stage_label(stage: Stage, rows: Mapping[Stage, Any], now: str) -> str:
    if stage is Stage.PRECURSOR:
        return t("record.precursor")
    label, status = t(f"stage.{stage}"), t(f"status.{rows[stage].status}")
    if label != status:
        label += f" → {status}"
    return f"{label} ({t('record.now')})" if stage == now else label
