"""Somebody else was first: what they did, beside what was typed here, and the question what holds.

A form keeps the content that its author saw. What others change meanwhile in other fields is
kept by the merge (`tracker.merging`); only what both changed is asked here.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from dashboard import components, i18n, wording
from dashboard.session import con, t, tracker, words
from tracker import holdings, merging
from tracker.errors import Contested, Problem, StaleVersion
from tracker.terms import Entity, EntryKind

if TYPE_CHECKING:
    from dashboard.entry.forms import Form

MINE, THEIRS = "mine", "theirs"
HELD = "conflict"
"""Where a form keeps what stands now, once somebody else was first."""
md = components.md


def notice(error: StaleVersion) -> None:
    """That somebody was first, and what they did; what was typed stays."""
    overtaken(error, t("forms.conflict"), t("forms.conflict_how"), t("conflict.yours"))


def overtaken(error: StaleVersion, what: str, how: str, yours: str) -> None:
    """That somebody was first, what they did, how to go on, and what both changed.

    `yours` is what to call the one of the two that was not recorded.
    """
    st.warning(f"**{what}**\n\n{lines(error.between)}\n\n{how}", icon=":material/sync_problem:")
    for contested in error.contested:
        with st.container(border=True):
            _compared(contested, error.between, yours)


def lines(between: Sequence[Mapping[str, Any]]) -> str:
    """Who wrote in the meantime, and what they did, as a list in Markdown."""
    return "\n".join(f"- {_line(entry)}" for entry in between)


class Settled(NamedTuple):
    """What is to be recorded."""

    content: dict[str, Any]
    version: int
    """The version that it revises."""
    overruled: tuple[str, ...] = ()
    """Fields in which what others wrote does not hold."""


def kept(entity: Entity, thing_id: str, seen: int, saved: int, overruled: Container[str] = ()) -> None:
    """After saving: what others did between what the author saw and what was saved, and that it stands."""
    missed = merging.between(con(), entity, thing_id, seen, saved - 1)
    for entry in missed:
        entry["fields"] = [field for field in entry["fields"] if field not in overruled]
    missed = [e for e in missed if e["fields"] or e["kind"] != EntryKind.REVISE]
    if missed:
        st.info(f"**{t('conflict.kept')}**\n\n{lines(missed)}", icon=":material/group:")


def _line(entry: Mapping[str, Any]) -> str:
    payload = entry["payload"]
    when = i18n.moment(entry["recorded_at"], words().language)
    told = i18n.labelled(f"**{md(entry['actor'])}**, {when}", t("entry." + entry["kind"]), words())
    reason = payload.get("because") or payload.get("reason")
    if entry["kind"] == EntryKind.EVENT:
        told += f" – **{t('stage.' + payload['stage'])}**, {i18n.date(payload['happened_on'], words())}"
        reason = payload["note"]
    elif entry["fields"]:
        told += f" – **{', '.join(md(wording.name(field)) for field in entry['fields'])}**"
    return f"{told}. {md(reason)}" if reason else told


def seen(version: int, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the author of a form sees, for `Form.begin`."""
    return {"version": version, "content": dict(content)}


def ask(told: Form) -> None:
    """What both changed, side by side, and the question what of it is to hold."""
    held = st.session_state.get(told.key(HELD))
    if held is None or not held["contested"]:
        return
    with st.container(key=f"asked-{told.name}", gap="small"):
        told.point()
        st.warning(
            f"**{t('conflict.title')}**\n\n{lines(held['between'])}\n\n{t('conflict.how')}",
            icon=":material/sync_problem:",
        )
    for (field, contested), answer in zip(_picks(held).items(), held["answers"], strict=True):
        with st.container(border=True, key=f"contested-{field}"):
            heading = _compared(contested, held["between"], t("conflict.yours"))
            told.add(field, t("conflict.holds", field=heading), answer)
            told.choice(field, [MINE, THEIRS], lambda code: t(f"conflict.keep.{code}"))


def _compared(contested: Contested, between: Sequence[Mapping[str, Any]], yours: str) -> str:
    """What it was and what each made of it, side by side; return the name of the place."""
    name, *item = contested.place
    heading = ": ".join([wording.name(name), *item])
    st.markdown(f"**{md(heading)}**")
    last = next((e for e in reversed(between) if name in e["fields"]), None)
    theirs = t("conflict.theirs")
    if last is not None:
        facts = {"by": last["actor"], "when": i18n.moment(last["recorded_at"], words().language)}
        theirs = t("conflict.theirs_by", **facts)
    before = contested.before
    for column, label, value in zip(
        st.columns(3),
        (t("conflict.before"), theirs, yours),
        contested[1:],
        strict=True,
    ):
        column.html(wording.beside(label, name, before, value))
    return heading


def settled(told: Form, entity: Entity, yours: Mapping[str, Any]) -> Settled | None:
    """What is to be recorded; None while it is open what holds of what both changed, and the form asks."""
    base, held = told.seen, st.session_state.get(told.key(HELD))
    if held is None:
        return Settled(dict(yours), base["version"])
    answers = {field: st.session_state.get(told.key(field)) for field in _picks(held)}
    decided = {
        c.place: c.theirs if answers[field] == THEIRS else _at(yours, c.place)
        for field, c in _picks(held).items()
        if answers[field] is not None
    }
    content, contested = merging.combine(entity, base["content"], held["content"], yours, decided)
    if not contested:
        overruled = (c.place[0] for f, c in _picks(held).items() if answers[f] == MINE and len(c.place) == 1)
        return Settled(content, held["version"], tuple(overruled))
    _hold(told, entity, held["version"], held["content"], yours, held["between"])
    told.refuse([Problem(field, "unanswered") for field, answer in answers.items() if answer is None])
    return None


def clash(told: Form, entity: Entity, thing_id: str, yours: Mapping[str, Any], error: StaleVersion) -> None:
    """Keep everything that was typed, and let the form ask about what both changed."""
    seen_version = told.seen["version"]
    with tracker().store.reading() as now:
        version, content = holdings.content(now, entity, thing_id)
        missed = merging.between(now, entity, thing_id, seen_version, version)
    if _hold(told, entity, version, content, yours, missed):
        told.hold()
    else:
        told.fail(error)


def _hold(
    told: Form,
    entity: Entity,
    version: int,
    content: Mapping[str, Any],
    yours: Mapping[str, Any],
    between: Sequence[Mapping[str, Any]],
) -> bool:
    """Remember what stands now; say whether anything of it is contested."""
    _, contested = merging.combine(entity, told.seen["content"], content, yours)
    before = st.session_state.get(told.key(HELD))
    answered = [(c, st.session_state.get(told.key(f))) for f, c in _picks(before).items()] if before else []
    st.session_state[told.key(HELD)] = {
        "version": version,
        "content": content,
        "contested": contested,
        "between": between,
        # What was answered is not asked again, as long as they still say the same.
        "answers": [next((a for c, a in answered if c[:3] == asked[:3]), None) for asked in contested],
    }
    return bool(contested)


def _picks(held: Mapping[str, Any]) -> dict[str, Contested]:
    """The fields in which it is said what holds, with what they are about."""
    return {f"holds-{held['version']}-{n}": c for n, c in enumerate(held["contested"])}


def _at(content: Mapping[str, Any], place: merging.Place) -> Any:
    """What stands at a place of a content; None for what is not there."""
    value = content.get(place[0])
    if len(place) == 1:
        return value
    return merging.named(place[0], value or ()).get(place[1])
