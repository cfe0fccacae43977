"""Everything that the page of one commitment shows, read at one point on both clocks."""

from __future__ import annotations

from typing import Any, NamedTuple

from dashboard import telling
from dashboard.session import at, con
from tracker import agenda, provenance, queries, redline
from tracker.terms import Entity

Row = dict[str, Any]


class Dossier(NamedTuple):
    """What is on record about one commitment."""

    row: Row
    definition: Row
    agreement: Row
    milestones: list[Row]
    events: list[Row]
    """In order of happening, those that were withdrawn or replaced among them."""
    answers: list[Row]
    disputes: list[Row]
    checks: list[Row]
    searched: dict[str, tuple[str, ...]]
    """The commitments that each check was about."""
    dates: list[Row]
    """Its dates and those of its open milestones, as `tracker.agenda.of` tells them."""
    rhythm: Row
    """Editions held and to come; empty without a rhythm."""
    sources: dict[str, Row]
    """Sources in which the pledge stands, that are related to it, or that a dispute names."""
    wordings: list[Row]

    @property
    def standing(self) -> list[Row]:
        """Events that were neither withdrawn nor replaced."""
        return [event for event in self.events if event["withdrawn_at"] is None]

    @property
    def missing(self) -> list[Row]:
        """Milestones that were not reached."""
        return [step for step in self.milestones if step["reached"] is None]

    @property
    def reached(self) -> list[Row]:
        """Milestones that were."""
        return [step for step in self.milestones if step["reached"] is not None]


def read(commitment_id: str) -> Dossier:
    """The dossier of a commitment. Raises `UnknownId`, or `Refused` where it was not on record then."""
    point = con(), commitment_id, at()
    row = telling.row(queries.commitment(*point))
    definition = queries.definition(*point)
    disputes = telling.disputes(provenance.disputes(*point))
    looked = queries.checks(*point)
    cited = [i for dispute in disputes for side in dispute["sides"] for i in side["source_ids"]]
    named = {*definition["source_ids"], *definition["related_source_ids"], *cited}
    return Dossier(
        row,
        definition,
        telling.row(queries.agreement(con(), row["agreement_id"], at()), entity=Entity.AGREEMENT),
        telling.steps(queries.milestones(*point)),
        queries.history(*point),
        queries.answers(*point),
        disputes,
        looked,
        provenance.searched(con(), [check["id"] for check in looked]) if looked else {},
        telling.rows(agenda.of(*point)),
        agenda.rhythm(*point),
        provenance.sources_by_id(con(), list(named), at()),
        redline.wordings(*point),
    )
