"""What a facts file says that a store does not: the drafts between the two, and what is left alone.

A file is told again and again, and people correct the store in between. Nothing that
somebody else than the importer changed, withdrew or replaced is undone by telling it again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.errors import UnknownId
from tracker.ledger import Draft
from tracker.models import THINGS
from tracker.spoken import joined
from tracker.terms import Entity

if TYPE_CHECKING:
    from tracker.facts import Facts
    from tracker.holdings import Held, Told
    from tracker.models import StatusEvent, Thing
    from tracker.spoken import Translation

RECODED = "The facts file now says it differently."
"""Why an import replaces an event that it had entered before."""

TRANSLATED = "Told in other languages."
"""Why an import revises what it leaves as it is, but for its translations."""

_TOLD_ANEW = (("happened_on", "note", "stage"), ("happened_on", "note"))
"""What is told in the same words of the same date is the same event, coded anew."""
_DATED_ANEW = ("note", "stage")
"""What was entered in the same words for the same stage is the same event with another date."""


@dataclass(frozen=True, eq=False)
class _Line:
    """An event on record and all that ever replaced it; at most one of them stands."""

    told: tuple[Told, ...]

    @property
    def standing(self) -> Told | None:
        return next((t for t in self.told if t.withdrawn_by is None), None)

    def says(self, payload: dict[str, Any], *keys: str) -> bool:
        return any(all(t.payload[k] == payload[k] for k in keys) for t in self.told)

    def of_others(self, by: str) -> bool:
        """Whether somebody else had a hand in what counts of it now."""
        hands = {t.withdrawn_by if t.withdrawn_by is not None else t.by for t in self.told}
        return hands != {by}


def differences(facts: Facts, held: Held, by: str) -> tuple[list[Draft], list[str]]:
    """The drafts that bring a store to what a facts file says, and the names of what is left alone.

    Raises `UnknownId` for a translation of what is neither in the file nor on record.
    """
    drafts: list[Draft] = []
    kept: list[str] = []
    spoken = _spoken(facts)

    def tell(entity: Entity, thing_id: str, said: Sequence[Translation]) -> None:
        found = _told_also(entity, thing_id, held, said)
        if found and (entity, thing_id) in held.withdrawn:
            kept.append(f"{entity} {thing_id}")
        else:
            drafts.extend(found)

    for thing in facts.things:
        known = held.contents.get((thing.entity, thing.id))
        said = spoken.pop((thing.entity, thing.id), [])
        if known is None:
            drafts.append(Draft.add(_translated(thing, None, said)))
            continue
        content = _content(known[1])
        wanted = _translated(thing, content, said)
        if content == wanted.model_dump(mode="json"):
            continue
        if known[2] == by and (thing.entity, thing.id) not in held.withdrawn:
            drafts.append(Draft.revise(wanted, known[0]))
        else:
            if (content | {"translations": None}) != (thing.model_dump(mode="json") | {"translations": None}):
                kept.append(f"{thing.entity} {thing.id}")
            tell(thing.entity, thing.id, said)
    for (entity, thing_id), said in spoken.items():
        tell(entity, thing_id, said)
    events: dict[str, list[StatusEvent]] = {}
    for event in facts.events:
        events.setdefault(event.commitment_id, []).append(event)
    for commitment_id, told in events.items():
        known = held.contents.get((Entity.COMMITMENT, commitment_id))
        new, left = _events(told, held, commitment_id, by)
        drafts += [Draft.event(e, known[0] if known else None) for e in new]
        kept += left
    return drafts, list(dict.fromkeys(kept))


def _spoken(facts: Facts) -> dict[tuple[Entity, str], list[Translation]]:
    """What a file tells in other languages, by thing."""
    spoken: dict[tuple[Entity, str], list[Translation]] = {}
    for entity, thing_id, translation in facts.translations:
        spoken.setdefault((entity, thing_id), []).append(translation)
    return spoken


def _content(payload: str) -> dict[str, Any]:
    """What a thing on record says, without the reason of the last change."""
    content: dict[str, Any] = json.loads(payload)
    content.pop("because", None)
    return content


def _translated(thing: Thing, known: dict[str, Any] | None, told: Sequence[Translation]) -> Thing:
    """A thing with the translations on record, and in their place or beside them those of the file."""
    merged: dict[str, dict[str, Any]] = {t["language"]: t for t in (known or {}).get("translations") or ()}
    for translation in told:
        if standing := merged.get(translation.language):
            translation = joined(translation.parse(standing), translation)
        merged[translation.language] = translation.model_dump(mode="json")
    if not merged:
        return thing
    return thing.parse(thing.model_dump(mode="json") | {"translations": list(merged.values())})


def _told_also(entity: Entity, thing_id: str, held: Held, told: Sequence[Translation]) -> list[Draft]:
    """The draft that adds to what is on record only what is told of it in other languages."""
    if not told:
        return []
    known = held.contents.get((entity, thing_id))
    if known is None:
        raise UnknownId(entity, thing_id, [])
    content = _content(known[1])
    wanted = _translated(THINGS[entity].parse(content), content, told)
    if wanted.model_dump(mode="json") == content:
        return []
    return [Draft.revise(wanted.model_copy(update={"because": TRANSLATED}), known[0])]


def _events(
    told: Sequence[StatusEvent], held: Held, commitment_id: str, by: str
) -> tuple[list[StatusEvent], list[str]]:
    """The events of one commitment that are to be recorded, and those that are left alone."""
    new: list[StatusEvent] = []
    kept: list[str] = []
    payloads = [event.model_dump(mode="json") for event in told]
    lines = _lines(held.events.get(commitment_id, []))
    for event, payload, line in zip(told, payloads, _paired(payloads, lines, by), strict=True):
        standing = line.standing if line is not None else None
        if standing is not None and standing.payload == payload:
            continue
        if line is not None and line.of_others(by):
            kept.append(f"event {commitment_id} {(standing or line.told[-1]).version}")
        elif line is not None and standing is None and line.says(payload, *payload):
            continue  # It was entered before, and taken out again by the same hand.
        elif any((Entity.SOURCE, e.source_id) in held.withdrawn for e in event.evidence):
            kept.append(f"event {commitment_id} {standing.version if standing else event.happened_on}")
        elif standing is not None:
            new.append(event.model_copy(update={"supersedes": standing.version, "because": RECODED}))
        else:
            new.append(event)
    return new, kept


def _lines(told: Sequence[Told]) -> list[_Line]:
    lines: dict[int, list[Told]] = {}
    first: dict[int, int] = {}
    for event in told:
        first[event.version] = first[event.supersedes] if event.supersedes else event.version
        lines.setdefault(first[event.version], []).append(event)
    return [_Line(tuple(line)) for line in lines.values()]


def _paired(payloads: Sequence[dict[str, Any]], lines: Sequence[_Line], by: str) -> list[_Line | None]:
    """For every event of a file the line on record that it tells of; of each line it tells once.

    What stands word for word goes first, so that only what is told no longer is replaced.
    """
    free = list(lines)
    found: dict[int, _Line] = {}

    def pair(alike: Callable[[_Line, dict[str, Any]], bool]) -> None:
        for place, payload in enumerate(payloads):
            line = next((each for each in free if place not in found and alike(each, payload)), None)
            if line is not None:
                found[place] = line
                free.remove(line)

    pair(lambda line, payload: line.standing is not None and line.standing.payload == payload)
    pair(lambda line, payload: any(t.payload == payload for t in line.told))
    for keys in _TOLD_ANEW:
        pair(lambda line, payload, keys=keys: line.says(payload, *keys))  # type: ignore[misc]
    pair(lambda line, payload: any(t.by == by for t in line.told) and line.says(payload, *_DATED_ANEW))
    return [found.get(place) for place in range(len(payloads))]
