"""What things are told in other languages, as models: by whom each telling was made, and of what."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AfterValidator, Field

from tracker.fields import Language, Line, Lines, Text, each_once
from tracker.modelling import Model


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


class NamesTranslation(Translation):
    """The subject in another language, and the names that occur across the set."""

    subject: Line | None = None
    names: Lines = Field(default_factory=dict)
    """Pillars, parties and bodies as they are on record, each with its name in that language."""


def _each_language_once(value: tuple[Translation, ...] | None) -> tuple[Translation, ...] | None:
    each_once(tuple(t.language for t in value or ()))
    return value


EachLanguageOnce = AfterValidator(_each_language_once)
"""Marks a field of translations: one for each language."""
