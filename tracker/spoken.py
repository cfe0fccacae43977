"""What things are told in other languages, as models: by whom each telling was made, and of what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from tracker.fields import Language, Line, Lines, Many, Text, Texts, each_once
from tracker.modelling import Model, since


class Maker(StrEnum):
    """Who answers for a translation: somebody who read it, or nobody but a machine."""

    HUMAN = "human"
    MACHINE = "machine"


class Translation(Model):
    """What is told in one more language."""

    language: Language
    made_by: Maker

    def told(self) -> dict[str, tuple[Any, Maker]]:
        """The parts that are there, each with who answers for it."""
        people = getattr(self, "human", None) or ()
        return {
            part: (value, Maker.HUMAN if self.made_by is Maker.HUMAN or part in people else Maker.MACHINE)
            for part, value in self
            if part not in _ABOUT and value
        }


_ABOUT = {"language", "made_by", "human"}
"""What a translation says of itself."""


class TitleTranslation(Translation):
    """The title in another language."""

    title: Line


class PledgeTranslation(Translation):
    """Title and pledge in another language, each as far as somebody has translated it."""

    title: Line | None = None
    pledge: Text | None = None
    human: Annotated[Many[Literal["title", "pledge"]], AfterValidator(each_once)] | None = since()
    """Of what a machine made, the texts that somebody made or read since; whoever does not know of
    this field takes a person's work for a machine's, and never the other way round."""


class NamesTranslation(Translation):
    """The subject in another language, and the names that occur across the set."""

    subject: Line | None = None
    names: Lines = Field(default_factory=dict)
    """Pillars, parties, bodies and milestones as they are on record, each with its name in that language."""


class DisputeTranslation(Translation):
    """A dispute in another language, as far as somebody has translated it."""

    claim: Text | None = None
    holds: Text | None = None
    why: Text | None = None
    positions: Texts = Field(default_factory=dict)
    """What sides say as it is on record, each with the same in that language."""
    human: (
        Annotated[Many[Literal["claim", "holds", "why", "positions"]], AfterValidator(each_once)] | None
    ) = since()
    """As in a `PledgeTranslation`."""


def spoken(language: str, told: Mapping[str, tuple[Any, Maker]]) -> dict[str, Any]:
    """These parts, each with who answers for it, as the content of a translation that tells part by part."""
    people = [part for part, (_, maker) in told.items() if maker is Maker.HUMAN]
    mixed = 0 < len(people) < len(told)
    made_by = Maker.HUMAN if people and not mixed else Maker.MACHINE
    content = {part: value for part, (value, _) in told.items()} | ({"human": people} if mixed else {})
    return content | {"language": language, "made_by": made_by.value}


def joined(standing: Translation, later: Translation) -> Translation:
    """What both tell in one language: of each part the later, but no machine's in the place of a person's.

    What is told of single lines is told of each by itself, as long as the same answers for them. Who
    answers for the whole answers for what it leaves out as well. Where a translation cannot say who made
    which part of it, people's are kept and a machine's are not.
    """
    if standing.made_by is Maker.HUMAN and later.made_by is Maker.MACHINE:
        return standing
    parts = standing.told()
    for part, (value, maker) in later.told().items():
        was, made_by = parts.get(part, (None, maker))
        if made_by is Maker.HUMAN and maker is Maker.MACHINE:
            continue
        parts[part] = ({**was, **value} if isinstance(was, dict) and made_by is maker else value, maker)
    people = {part: told for part, told in parts.items() if told[1] is Maker.HUMAN}
    whole = people if people and "human" not in type(later).model_fields else parts
    return later.parse(spoken(later.language, whole))


def _each_language_once(value: tuple[Translation, ...] | None) -> tuple[Translation, ...] | None:
    each_once(tuple(t.language for t in value or ()))
    return value


EachLanguageOnce = AfterValidator(_each_language_once)
"""Marks a field of translations: one for each language."""
