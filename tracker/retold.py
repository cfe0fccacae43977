"""What a facts file tells in other languages: its section `translations`."""

from __future__ import annotations

from typing import NamedTuple

from tracker.errors import BadFile
from tracker.spoken import (
    DisputeTranslation,
    NamesTranslation,
    PledgeTranslation,
    TitleTranslation,
    Translation,
)
from tracker.taking import NAME, Taken, mapping, noting
from tracker.terms import Entity

_SECTIONS: dict[str, tuple[Entity, type[Translation]]] = {
    "datasets": (Entity.DATASET, NamesTranslation),
    "agreements": (Entity.AGREEMENT, TitleTranslation),
    "commitments": (Entity.COMMITMENT, PledgeTranslation),
    "disputes": (Entity.DISPUTE, DisputeTranslation),
}
"""What is told in other languages, by the section that tells it."""


class Translated(NamedTuple):
    """One thing told in one more language."""

    entity: Entity
    id: str
    translation: Translation


def read(row: Taken) -> tuple[Translated, ...]:
    """Things by section and identifier, each with its texts by language."""
    found: list[Translated] = []
    wrong: list[BadFile] = []
    with row.whole():
        made_by = row.take("made_by")
        for section, (entity, model) in _SECTIONS.items():
            for thing_id, languages in mapping(row.take(section, {}), f"{row.where}/{section}").items():
                where = f"{row.where}/{section}/{thing_id[:NAME]}"
                with noting(wrong):
                    for language, texts in mapping(languages, where).items():
                        told = Taken(texts, f"{where}/{language}")
                        with told.whole():
                            content = {**told.rest(), "language": language, "made_by": made_by}
                            found.append(Translated(entity, thing_id, model.parse(content)))
    if wrong:
        wrong[0].further = tuple(wrong[1:])
        raise wrong[0]
    return tuple(found)
