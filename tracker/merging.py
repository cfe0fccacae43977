"""Two people at one thing: what each of them changed, put together where that can be done.

It runs inside the writer's transaction, so nothing comes between a merge and its entry.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tracker.errors import Contested, Invalid, StaleVersion
from tracker.ledger import Draft, Entry, read
from tracker.terms import Entity, EntryKind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Content = Mapping[str, Any]
Place = tuple[str, ...]
"""A field; of a list of named things, the field and the name of one."""

_NAMES = {
    "parties": "name",
    "milestones": "name",
    "evidence_horizon": "corpus",
    "translations": "language",
}
"""Lists of things, and what tells one from another. Texts are told apart by what they say."""
_TOGETHER: dict[Entity, tuple[frozenset[str], ...]] = {
    Entity.COMMITMENT: (frozenset({"cadence", "cadence_note", "lapses_after"}),),
    Entity.SOURCE: (
        frozenset({"title", "title_is_descriptive"}),
        frozenset({"reliability", "reliability_reason"}),
    ),
    Entity.DISPUTE: (frozenset({"sides", "holds", "why", "settled"}),),
    Entity.CODING: (frozenset({"stage", "note"}),),
}
"""Fields that give one answer: whoever changes one of them has read the others."""
_APART = ("entity", "id", "because")
"""Fields that are not content. A reason is that of one change."""
_TURNS = (EntryKind.WITHDRAW, EntryKind.RESTORE)


def merged(con: DuckDBPyConnection, draft: Draft, newest: int) -> Draft:
    """What the author wrote, on top of what others recorded since the version the author saw.

    `newest` is the version on top of which it is put. Raises `StaleVersion` when both
    touched the same; it names what is contested, and people must decide.
    """
    seen = draft.expect_version
    if not seen or seen >= newest or draft.kind is EntryKind.ADD:
        return draft
    missed = _entries(con, draft.entity, draft.entity_id, seen, newest)
    payload = draft.payload
    if draft.kind is EntryKind.REVISE:
        apart = not _turned(missed, None)
        if apart:
            payload = _revised(con, draft, newest)
    elif draft.kind is EntryKind.EVENT:
        apart = {e.kind for e in missed} == {EntryKind.REVISE} and _fits(con, draft, newest)
    elif draft.kind in _TURNS:
        # Of a thing as a whole, whatever was done was done to the same.
        apart = payload["version"] is not None and not _turned(missed, payload["version"])
    else:
        apart = False
    if not apart:
        raise stale(con, draft, newest)
    return replace(draft, payload=payload, expect_version=newest)


def combine(
    entity: Entity,
    before: Content,
    theirs: Content,
    yours: Content,
    decided: Mapping[Place, Any] | None = None,
) -> tuple[dict[str, Any], list[Contested]]:
    """Two contents that both began as `before`, as one, and the places where they contradict each other.

    `decided` says what holds at such a place; None takes a named thing out of its list. At a
    place that is still contested the first content holds yours.
    """
    from tracker.models import THINGS

    result = dict(yours)
    contested: list[Contested] = []
    for field in THINGS[entity].model_fields:
        told = (before.get(field), theirs.get(field), yours.get(field))
        if field in _APART or told[1] == told[2]:
            continue
        value, found = _field(field, *told, decided or {}, _is_bound(entity, field, before, theirs, yours))
        contested += found
        result[field] = value
    return result, contested


def stale(
    con: DuckDBPyConnection, draft: Draft, newest: int, contested: Sequence[Contested] = ()
) -> StaleVersion:
    """The error that tells who did what since the version that the author of a draft saw."""
    entity, seen = draft.entity, draft.expect_version
    assert seen is not None
    missed = between(con, entity, draft.entity_id, seen, newest)
    return StaleVersion(entity.value, draft.entity_id, seen, newest, missed, contested)


def between(
    con: DuckDBPyConnection, entity: Entity, entity_id: str, after: int, until: int
) -> list[dict[str, Any]]:
    """What was recorded of one thing after a version and up to another, oldest first.

    Each has `version`, `kind`, `actor`, `recorded_at`, `payload`, and in `fields` the names of
    those that a revision changed.
    """
    told = []
    wording = _wording(con, entity, entity_id, after)
    for entry in _entries(con, entity, entity_id, after, until):
        payload = json.loads(entry.payload)
        changed: list[str] = []
        if entry.kind == EntryKind.REVISE:
            changed, wording = _changed(entity, wording, payload), payload
        told.append(
            {
                "version": entry.version,
                "kind": entry.kind,
                "actor": entry.actor,
                "recorded_at": entry.recorded_at,
                "payload": payload,
                "fields": changed,
            }
        )
    return told


def _changed(entity: Entity, before: Content, after: Content) -> list[str]:
    """The fields in which two contents differ, in the order of the model."""
    from tracker.models import THINGS

    fields = THINGS[entity].model_fields
    return [f for f in fields if f not in _APART and before.get(f) != after.get(f)]


def _entries(con: DuckDBPyConnection, entity: Entity, entity_id: str, after: int, until: int) -> list[Entry]:
    where = "entity = ? AND entity_id = ? AND version > ? AND version <= ?"
    return list(read(con, where, entity.value, entity_id, after, until))


def _wording(con: DuckDBPyConnection, entity: Entity, entity_id: str, version: int) -> dict[str, Any]:
    """The content of a thing at a version; empty before there was any."""
    where = "entity = ? AND entity_id = ? AND kind IN ('add', 'revise') AND version <= ?"
    told = list(read(con, where, entity.value, entity_id, version))
    return dict(json.loads(told[-1].payload)) if told else {}


def _turned(missed: Sequence[Entry], version: int | None) -> bool:
    """Whether others withdrew, restored or replaced what a version names; None is the thing itself."""
    for entry in missed:
        payload = json.loads(entry.payload)
        if entry.kind in _TURNS and payload["version"] == version:
            return True
        if version is not None and payload.get("supersedes") == version:
            return True
    return False


def _fits(con: DuckDBPyConnection, draft: Draft, newest: int) -> bool:
    """Whether an event is of the same kind of pledge and of the same parties as when it was written."""
    assert draft.expect_version is not None
    before, now = (_wording(con, draft.entity, draft.entity_id, v) for v in (draft.expect_version, newest))
    party = draft.payload.get("party")
    gone = {p["name"] for p in before["parties"]} - {p["name"] for p in now["parties"]}
    return before["kind"] == now["kind"] and party not in gone


def _revised(con: DuckDBPyConnection, draft: Draft, newest: int) -> dict[str, Any]:
    """The content that a revision makes of what others have made of the thing."""
    from tracker.models import THINGS

    assert draft.expect_version is not None
    before, theirs = (_wording(con, draft.entity, draft.entity_id, v) for v in (draft.expect_version, newest))
    payload, contested = combine(draft.entity, before, theirs, draft.payload)
    if contested:
        raise stale(con, draft, newest, contested)
    try:
        return THINGS[draft.entity].parse(payload).model_dump(mode="json")
    except Invalid as error:
        # Each is well by itself, and the two do not go together.
        fields = dict.fromkeys(problem.field.split(".")[0] for problem in error.problems)
        both = [Contested((f,), before.get(f), theirs.get(f), draft.payload.get(f)) for f in fields]
        raise stale(con, draft, newest, both) from error


def _is_bound(entity: Entity, field: str, before: Content, theirs: Content, yours: Content) -> bool:
    """Whether both changed the answer that a field belongs to."""
    group = next((g for g in _TOGETHER.get(entity, ()) if field in g), frozenset[str]())
    return all(any(before.get(f) != told.get(f) for f in group) for told in (theirs, yours))


def _field(
    field: str, before: Any, theirs: Any, yours: Any, decided: Mapping[Place, Any], bound: bool
) -> tuple[Any, list[Contested]]:
    """One field of both, or where it is contested."""
    if (field,) in decided:
        return decided[(field,)], []
    if not bound:
        if yours == before:
            return theirs, []
        if theirs == before:
            return yours, []
        if all(isinstance(told, list) for told in (before, theirs, yours)):
            found = _lists(field, before, theirs, yours, decided)
            if found is not None:
                return found
    return yours, [Contested((field,), before, theirs, yours)]


def _lists(
    field: str, before: list[Any], theirs: list[Any], yours: list[Any], decided: Mapping[Place, Any]
) -> tuple[list[Any], list[Contested]] | None:
    """Two lists of named things as one; None where it cannot be told which thing is which."""
    b, t, y = (named(field, told) for told in (before, theirs, yours))
    if (len(b), len(t), len(y)) != (len(before), len(theirs), len(yours)):
        return None
    if (b.keys() - t.keys() - y.keys()) and (t.keys() - b.keys()) and (y.keys() - b.keys()):
        # What both took out and put something else for may be the same thing twice.
        return None
    common = b.keys() & t.keys() & y.keys()
    orders = [[name for name in told if name in common] for told in (b, t, y)]
    if orders[0] not in orders[1:] and orders[1] != orders[2]:
        return None
    order, second = (list(y), list(t)) if orders[1] == orders[0] else (list(t), list(y))
    following = len(order)
    for name in reversed(second):
        if name not in order:
            order.insert(following, name)
        following = order.index(name)
    result, contested = [], []
    for name in order:
        place, told = (field, name), (b.get(name), t.get(name), y.get(name))
        value = decided.get(place, told[2])
        if place not in decided:
            if told[2] == told[0]:
                value = told[1]
            elif told[1] not in (told[0], told[2]):
                contested.append(Contested(place, *told))
        if value is not None:
            result.append(value)
    return result, contested


def named(field: str, items: Sequence[Any]) -> dict[str, Any]:
    """The things of a list by their names."""
    return {item if isinstance(item, str) else item[_NAMES[field]]: item for item in items}
