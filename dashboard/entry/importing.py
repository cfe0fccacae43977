"""A file that an editor sends: what it holds, what it would change, and the button that records it."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from dashboard import access, components, i18n
from dashboard.access import Action
from dashboard.entry import forms, outcome
from dashboard.server import uploads
from dashboard.session import con, t, tracker, words, writing
from tracker import holdings, intake, inventory, moves, naming, queries, reconcile
from tracker.errors import BadFile, Refused, TrackerError
from tracker.facts import Facts
from tracker.ledger import Draft, Entry
from tracker.models import PROPOSED
from tracker.moves import Move
from tracker.terms import EntryKind

LISTED = 50
"""Wrong places, names and changes that are told one by one."""
STEPS = 300
"""Moments of another ledger that are taken over at once; each is judged by itself."""
SHORT = 5
"""Changes that are told without being asked for."""
MEGABYTES = intake.UPLOAD.size >> 20
_SENT, _FOUND, _PLAN, _SAID = "import-file", "import-found", "import-plan", "import-said"
md = components.md


@dataclass(frozen=True)
class Plan:
    """What recording a file would do: the drafts and what is left alone, or the entries to take over."""

    key: str
    by: str
    new: int
    moves: list[Move]
    drafts: tuple[Draft, ...] = ()
    kept: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


def page() -> None:
    """The file, what it would do, and the button."""
    _said()
    by = _name()
    sent = st.file_uploader(
        t("import.file"),
        key=f"{_SENT}-{st.session_state.get(_SENT, 0)}",
        max_upload_size=MEGABYTES,
        help=t("import.file_help", most=MEGABYTES),
    )
    uploads.expect()
    if sent is None:
        _forget()
        return
    if not by:
        st.info(t("import.name_first"))
        return
    try:
        found = _read(sent)
        if isinstance(found, Facts):
            found = _about(found)
        plan = _plan(found, by)
    except TrackerError as error:
        _refused(error)
        return
    _told(found, plan)


def _name() -> str:
    """Who records it."""
    who = access.identity()
    if who.confirmed:
        st.markdown(t("access.by", name=md(who.name)))
        return who.name
    told = st.text_input(t("import.by"), who.name, max_chars=access.LONGEST, autocomplete="name", width=320)
    return told.strip()


def _read(sent: Any) -> Facts | list[Entry]:
    """What the file holds; read once."""
    data = sent.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    kept = st.session_state.get(_FOUND)
    if kept is None or kept[0] != digest:
        _forget()
        with st.spinner(t("import.reading")), tempfile.TemporaryFile() as file:
            file.write(data)
            file.flush()
            try:
                found: Any = intake.read(file, sent.name, naming.dataset_id(sent.name))
            except BadFile as error:
                found = error
        st.session_state[_FOUND] = kept = (digest, found)
    if isinstance(kept[1], BadFile):
        raise kept[1]
    result: Facts | list[Entry] = kept[1]
    if not isinstance(result, Facts) and access.login():
        raise Refused("import-names")
    return result


def _about(found: Facts) -> Facts:
    """The facts, about the data set that the editor says they are about."""
    dataset = found.dataset
    if dataset is None:
        return found
    subjects = {row["id"]: row["subject"] for row in queries.datasets(con())}
    fitting = [i for i, subject in subjects.items() if subject == dataset.subject]
    options = [*subjects, *([] if dataset.id in subjects else [dataset.id])]
    chosen = st.selectbox(
        t("import.dataset"),
        options,
        options.index(fitting[0] if fitting else dataset.id),
        format_func=lambda i: (
            i18n.labelled(i, subjects[i], words()) if i in subjects else t("import.new_dataset", id=i)
        ),
        help=t("import.dataset_help"),
    )
    return found.about(chosen or dataset.id)


def _plan(found: Facts | list[Entry], by: str) -> Plan:
    """What recording it would do now; worked out anew when anything it rests on has changed."""
    head = queries.newest(con()).get("hash")
    dataset = found.dataset if isinstance(found, Facts) else None
    rests_on = (st.session_state[_FOUND][0], by, head, dataset.id if dataset else None)
    kept = st.session_state.get(_PLAN)
    if kept is None or kept[0] != rests_on:
        with st.spinner(t("import.rehearsing")):
            plan = _of_facts(found, by) if isinstance(found, Facts) else _of_export(found, by)
        st.session_state[_PLAN] = kept = (rests_on, plan)
    plan = kept[1]
    return plan


def _of_facts(found: Facts, by: str) -> Plan:
    told, kept = reconcile.differences(found, holdings.held(con()), by)
    if access.needs_approval() and len(told) > PROPOSED:
        raise Refused("import-too-many", n=len(told), most=PROPOSED)
    moved = tracker().rehearse(told, by=by) if told else []
    return Plan(uuid.uuid4().hex, by, len(told), moved, drafts=tuple(told), kept=tuple(kept))


def _of_export(entries: list[Entry], by: str) -> Plan:
    held = inventory.info(con())["counts"]["ledger"]
    if (steps := len({e.recorded_at for e in entries[held:]})) > STEPS:
        raise Refused("import-too-long", n=steps, most=STEPS)
    with tracker().store.rehearsing_adoption(entries) as (before, after):
        new = inventory.info(after)["counts"]["ledger"] - inventory.info(before)["counts"]["ledger"]
        moved = moves.between(before, after) if new else []
    return Plan(uuid.uuid4().hex, by, new, moved, entries=tuple(entries))


def _told(found: Facts | list[Entry], plan: Plan) -> None:
    """What would be recorded, and the button that records it."""
    st.subheader(t("import.would"))
    st.markdown(t("import.is_facts" if isinstance(found, Facts) else "import.is_export"))
    if plan.drafts:
        components.table(_counted(plan.drafts), ("entity", "added", "revised", "recorded"))
    if plan.kept:
        with st.expander(t("import.kept", n=len(plan.kept)), type="compact"):
            st.markdown(_shortly([f"- {md(name)}" for name in plan.kept], len(plan.kept)))
    if not plan.new:
        st.info(t("import.nothing"))
        return
    st.markdown(f"**{t('import.entries', n=plan.new)}**")
    _moves(t("regrade.would", n=len(plan.moves)), plan)
    label = t("import.propose" if access.needs_approval() else "import.record", n=plan.new)
    st.button(label, type="primary", on_click=_record, args=(plan,), key="import-record")
    st.caption(t("import.not_yet"))


def _counted(told: tuple[Draft, ...]) -> list[dict[str, Any]]:
    """How many things of each sort are added and revised, and how many events recorded."""
    counts = Counter((draft.entity, draft.kind) for draft in told)
    return [
        {
            "entity": t(f"entity.{entity}"),
            "added": counts[entity, EntryKind.ADD] or None,
            "revised": counts[entity, EntryKind.REVISE] or None,
            "recorded": counts[entity, EntryKind.EVENT] or None,
        }
        for entity in dict.fromkeys(draft.entity for draft in told)
    ]


def _moves(label: str, plan: Plan) -> None:
    """What moves, behind its label if it is much."""
    told = _shortly(outcome.moved(plan.moves[:LISTED]).splitlines(), len(plan.moves))
    if len(plan.moves) <= SHORT:
        st.markdown(f"{label}\n\n{told}")
        return
    with st.expander(label, type="compact"):
        st.markdown(told)


def _shortly(lines: list[str], total: int) -> str:
    """Items of a list in Markdown, the first of so many."""
    more = [f"- {t('import.more', n=total - LISTED)}"] if total > LISTED else []
    return "\n".join([*lines[:LISTED], *more])


def _refused(error: TrackerError) -> None:
    """Why nothing of the file can be recorded, place by place."""
    places = [error, *error.further] if isinstance(error, BadFile) else [error]
    st.error(f"**{t('import.refused')}** {'' if len(places) > 1 else components.sentence(error)}")
    if len(places) > 1:
        st.markdown(t("import.places", n=len(places)))
        st.markdown(_shortly([f"- {components.sentence(p)}" for p in places[:LISTED]], len(places)))


def _record(plan: Plan) -> None:
    """Record what was shown, if whoever is there still may; a second click finds it recorded."""
    if _PLAN not in st.session_state or st.session_state[_PLAN][1] is not plan:
        return
    if not forms.allowed({}):
        return
    failure = None
    try:
        access.require(Action.EDIT)
        if plan.entries:
            tracker().store.adopt(plan.entries)
        else:
            writing().append(plan.drafts, by=plan.by, key=plan.key)
    except TrackerError as error:
        if error.code != "unpublished":
            st.session_state[_SAID] = (plan, error)
            st.session_state.pop(_PLAN, None)
            return
        failure = error
    access.remember(plan.by)
    st.session_state[_SAID] = (replace(plan, entries=(), drafts=()), failure)
    _forget()
    # Another uploader: this one would offer the same file once more.
    st.session_state[_SENT] = st.session_state.get(_SENT, 0) + 1


def _said() -> None:
    """What was recorded, or why nothing was."""
    said = st.session_state.pop(_SAID, None)
    if said is None:
        return
    plan, failure = said
    if failure is not None and failure.code != "unpublished":
        st.error(f"**{t('forms.failed')}** {components.sentence(failure)} {t('import.again')}")
    elif outcome.published(failure):
        st.success(t("import.done", n=plan.new), icon=":material/check:")
        _moves(t("regrade.moved", n=len(plan.moves)), plan)


def _forget() -> None:
    for name in (_FOUND, _PLAN):
        st.session_state.pop(name, None)
