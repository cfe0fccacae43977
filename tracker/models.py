"""What is tracked, as frozen pydantic models. No I/O, no clock, no database.

Shape rules live here; rules that need the clock or other records live in `tracker.admission`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tracker import lifecycle
from tracker.errors import Invalid, Problem
from tracker.fields import (
    Context,
    Date,
    Duration,
    Language,
    Line,
    Many,
    Sha256,
    Slug,
    Slugs,
    Text,
    Url,
    Version,
    each_once,
)
from tracker.modelling import Model, Recorded, since
from tracker.spoken import (
    DisputeTranslation,
    EachLanguageOnce,
    NamesTranslation,
    PledgeTranslation,
    TitleTranslation,
)
from tracker.terms import (
    Basis,
    Bearing,
    Confidence,
    Credibility,
    Entity,
    EntryKind,
    Kind,
    Reliability,
    SourceKind,
    Stage,
)

PROPOSED = 200
"""Changes that a proposal may ask for; somebody is to look at each of them."""


class Horizon(Model):
    """How far one body of material was searched."""

    corpus: Line
    dense_until: dt.date
    remark: Text


class Dataset(Recorded):
    """What the set of pledges is about, and where its evidence ends."""

    entity: Literal[Entity.DATASET] = Field(Entity.DATASET, exclude=True)
    id: Slug
    subject: Line
    as_of: dt.date
    compiled_from: Text
    text_limits: Text
    evidence_horizon: Many[Horizon] = ()
    date_rule: Text | None = None
    milestone_rule: Text | None = None
    translations: Annotated[Many[NamesTranslation] | None, EachLanguageOnce] = since()


class Source(Recorded):
    """A document, with the reliability of who speaks in it and the reason for the grade."""

    entity: Literal[Entity.SOURCE] = Field(Entity.SOURCE, exclude=True)
    id: Slug
    title: Line
    title_is_descriptive: bool = False
    """The title describes the document instead of quoting it."""
    publisher: Line
    kind: SourceKind
    published: Date | None = None
    url: Url | None = None
    language: Language
    reliability: Reliability
    reliability_reason: Line
    note: Text | None = None
    origin: Line | None = since()
    """Whose words it passes on, where they are not its publisher's own."""
    speaks_for: Many[Line] | None = since()
    """Parties in whose name it speaks, for an official source."""


class Agreement(Recorded):
    """The document in which a pledge stands."""

    entity: Literal[Entity.AGREEMENT] = Field(Entity.AGREEMENT, exclude=True)
    id: Slug
    title: Line
    parties: Many[Line] = Field(min_length=1)
    kind: Line
    dated: Date | None = None
    source_ids: Slugs = ()
    summary: Text
    translations: Annotated[Many[TitleTranslation] | None, EachLanguageOnce] = since()


class Party(Model):
    """One side of a pledge and the bodies that answer for it there."""

    name: Line
    bodies: Many[Line] = ()


class Milestone(Model):
    """A step on the way, expected or reached."""

    name: Line
    expected: Date | None = None
    expected_basis: Basis | None = None
    reached: Date | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _basis_goes_with_date(self) -> Self:
        if (self.expected is None) != (self.expected_basis is None):
            raise PydanticCustomError("basis", "a basis goes with an expected date")
        return self


class Assessment(Model):
    """The compiler's own verdict, kept beside the computed one and never used to compute it."""

    stage: Stage
    since: Date
    confidence: Confidence
    note: Text


class Commitment(Recorded):
    """One checkable pledge: discrete, specific, public, about the future (G7 Research Group)."""

    entity: Literal[Entity.COMMITMENT] = Field(Entity.COMMITMENT, exclude=True)
    id: Slug
    title: Line
    pledge: Text
    kind: Kind
    pillar: Line
    agreement_id: Slug
    parties: Many[Party] = Field(min_length=1)
    parties_basis: Line | None = None
    """How it is known which bodies answer for it."""
    headline: bool = False
    due: Date | None = None
    cadence: Duration | None = None
    """ISO 8601 duration between editions, where one is promised."""
    cadence_note: Line | None = None
    """The rhythm in the words of the compiler."""
    lapses_after: Duration | None = since()
    """ISO 8601 duration after an edition at which the rhythm counts as broken."""
    fulfilment_test: Text
    source_ids: Slugs = Field(min_length=1)
    """Where the pledge itself stands."""
    related_source_ids: Slugs = ()
    milestones: Many[Milestone] = ()
    open_questions: Many[Text] = ()
    conflicts: Many[Text] = ()
    assessment: Assessment | None = None
    translations: Annotated[Many[PledgeTranslation] | None, EachLanguageOnce] = since()


class Evidence(Model):
    """One source's bearing on one event, with the credibility of what it says."""

    source_id: Slug
    bearing: Bearing = Bearing.SUPPORTS
    credibility: Credibility
    locator: Line | None = None
    """Where in the source: page, paragraph, timestamp."""
    quote: Text | None = None
    """Words of the source: `exact` of a TextQuoteSelector (W3C Web Annotation Data Model)."""
    prefix: Context | None = since()
    """Words just before the quote."""
    suffix: Context | None = since()
    """Words just after the quote."""
    archive_sha256: Sha256 | None = since()
    """SHA-256 of the archived copy from which the quote was taken."""

    @model_validator(mode="after")
    def _selector_goes_with_quote(self) -> Self:
        if self.quote is None and (self.prefix or self.suffix or self.archive_sha256):
            raise PydanticCustomError("no_quote", "a context or a copy goes with a quote")
        return self


class StatusEvent(Model):
    """Somebody judged that on some day a commitment reached a stage, citing sources."""

    commitment_id: Slug
    stage: Stage
    happened_on: Date
    note: Text
    evidence: Many[Evidence] = Field(min_length=1)
    party: Line | None = since()
    """Whose step it was, where it was not the step of all parties."""
    supersedes: Version | None = since()
    """Version of the event that this one replaces."""
    because: Text | None = since()
    """Why it replaces it."""

    @model_validator(mode="after")
    def _replacing_says_why(self) -> Self:
        if (self.supersedes is None) != (self.because is None):
            raise PydanticCustomError("because", "an event that replaces another says why")
        return self

    @field_validator("evidence")
    @classmethod
    def _each_source_once(cls, value: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        each_once(tuple(e.source_id for e in value))
        # What only speaks against an event does not carry it.
        if not any(e.bearing is Bearing.SUPPORTS for e in value):
            raise PydanticCustomError("no_support", "no source supports it")
        return value

    def belongs_to(self, kind: Kind) -> None:
        """Raise `Invalid` when the stage is not in the lifecycle of that kind."""
        if self.stage not in lifecycle.of(kind):
            stages = ", ".join(lifecycle.of(kind))
            raise Invalid([Problem("stage", "stage_of_other_kind", {"kind": kind, "stages": stages})])


class Check(Recorded):
    """A recorded search that found nothing new."""

    entity: Literal[Entity.CHECK] = Field(Entity.CHECK, exclude=True)
    id: Slug
    commitment_ids: Slugs = Field(min_length=1)
    checked_on: dt.date
    places: Many[Line] = Field(min_length=1)
    languages: Many[Language] = ()
    terms: Many[Line] = ()
    note: Text | None = None


class Side(Model):
    """One position in a dispute and the sources that take it."""

    position: Text
    source_ids: Slugs = Field(min_length=1)
    holds: bool | None = since()
    """Whether this is what holds; None while that is open, or where no side has it all."""


class Dispute(Recorded):
    """Sources that cannot both be right: the claim, the sides, which holds and why, or open."""

    entity: Literal[Entity.DISPUTE] = Field(Entity.DISPUTE, exclude=True)
    id: Slug
    claim: Text
    sides: Many[Side] = Field(min_length=2)
    holds: Text | None = None
    why: Text | None = None
    settled: bool = False
    commitment_ids: Slugs = ()
    translations: Annotated[Many[DisputeTranslation] | None, EachLanguageOnce] = since()

    @model_validator(mode="after")
    def _settled_says_what_holds(self) -> Self:
        if self.settled and not (self.holds and self.why):
            raise PydanticCustomError("settled", "a settled dispute says what holds and why")
        return self


class Coding(Recorded):
    """A second judgement of an event, made without sight of the first."""

    entity: Literal[Entity.CODING] = Field(Entity.CODING, exclude=True)
    id: Slug
    commitment_id: Slug
    event_version: Version
    """Version of the commitment that the event made."""
    stage: Stage
    """The stage that the coder sees in what happened and in its sources."""
    note: Text | None = None


class Withdrawal(Model):
    """Why something on record is no longer to count, or is to count again.

    It stands in the stream of a source, check or dispute for the thing itself, and in that
    of a commitment for the event that a version of it made.
    """

    version: Version | None = None
    """Version of the commitment that made the event; None for a thing itself."""
    reason: Text


class Change(Model):
    """One change that a proposal asks for: what the ledger is to record, and the version its author saw."""

    entity: Entity
    entity_id: Slug
    kind: EntryKind
    payload: dict[str, Any]
    expect_version: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _can_be_recorded(self) -> Self:
        if self.entity is Entity.PROPOSAL:
            raise PydanticCustomError("of_itself", "a proposal proposes no proposal")
        found = recorded(self.entity, self.kind)
        if found is None or found.model_validate(self.payload).model_dump(mode="json") != self.payload:
            raise PydanticCustomError("not_recordable", "no entry of this kind has this content")
        return self


class Proposal(Recorded):
    """Changes that count from the moment on which somebody else approves them."""

    entity: Literal[Entity.PROPOSAL] = Field(Entity.PROPOSAL, exclude=True)
    id: Slug
    changes: tuple[Change, ...] = Field(min_length=1, max_length=PROPOSED)


class Decision(Model):
    """Why a proposal was approved or declined; who declines says why."""

    reason: Text | None = None


class Request(Model):
    """Who asks for a batch of entries, and the key under which a retry of it is known."""

    by: Line
    key: Line | None = None


Thing = Dataset | Source | Agreement | Commitment | Check | Dispute | Coding | Proposal
"""Anything with an identity of its own in the ledger."""
THINGS: dict[Entity, type[Thing]] = {
    Entity.DATASET: Dataset,
    Entity.SOURCE: Source,
    Entity.AGREEMENT: Agreement,
    Entity.COMMITMENT: Commitment,
    Entity.CHECK: Check,
    Entity.DISPUTE: Dispute,
    Entity.CODING: Coding,
    Entity.PROPOSAL: Proposal,
}


def recorded(entity: Entity, kind: EntryKind) -> type[Model] | None:
    """The model of what such an entry says; None where there is no such entry."""
    if kind in (EntryKind.ADD, EntryKind.REVISE):
        return THINGS[entity]
    if kind is EntryKind.EVENT:
        return StatusEvent if entity is Entity.COMMITMENT else None
    if kind in (EntryKind.APPROVE, EntryKind.DECLINE):
        return Decision if entity is Entity.PROPOSAL else None
    return Withdrawal
