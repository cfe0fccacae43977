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

    def told(self) -> dict[str, tuple[str, Maker]]:
        """The texts that are there, each with who answers for it."""
        texts = {"title": self.title, "pledge": self.pledge}
        people = texts.keys() if self.made_by is Maker.HUMAN else set(self.human or ())
        return {
            part: (text, Maker.HUMAN if part in people else Maker.MACHINE)
            for part, text in texts.items()
            if text is not None
        }


def spoken(language: str, told: Mapping[str, tuple[str, Maker]]) -> dict[str, Any]:
    """These texts, each with who answers for it, as the content of a `PledgeTranslation`."""
    people = [part for part, (_, maker) in told.items() if maker is Maker.HUMAN]
    mixed = 0 < len(people) < len(told)
    made_by = Maker.HUMAN if people and not mixed else Maker.MACHINE
    content = {part: text for part, (text, _) in told.items()} | {"human": people if mixed else None}
    return content | {"language": language, "made_by": made_by.value}


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


def _each_language_once(value: tuple[Translation, ...] | None) -> tuple[Translation, ...] | None:
    each_once(tuple(t.language for t in value or ()))
    return value


EachLanguageOnce = AfterValidator(_each_language_once)
"""Marks a field of translations: one for each language."""
