"""The words of the field as enumerations. No rule lives here, and nothing heavy is imported."""

from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What sort of instrument carries the commitment; each kind has its own lifecycle."""

    LEGAL_INSTRUMENT = "legal-instrument"
    MOU = "mou"
    DIALOGUE = "dialogue"
    FORUM = "forum"
    EXERCISE_OR_OPERATIONS = "exercise-or-operations"
    PROCUREMENT = "procurement"
    POLICY_OR_PROGRAMME = "policy-or-programme"


class Stage(StrEnum):
    """How far a commitment is, in the words of its kind's lifecycle."""

    PRECURSOR = "precursor"
    REPORTED_UNCONFIRMED = "reported-unconfirmed"
    PROPOSED = "proposed"
    PLEDGED = "pledged"
    IN_PREPARATION = "in-preparation"
    IN_NEGOTIATION = "in-negotiation"
    CONCLUDED = "concluded"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SIGNED = "signed"
    IN_FORCE = "in-force"
    INAUGURAL_HELD = "inaugural-held"
    RECURRING = "recurring"
    ONGOING = "ongoing"
    DELIVERED = "delivered"
    LAPSED = "lapsed"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"


class Status(StrEnum):
    """The one comparable word, computed from kind and stage; never typed."""

    UNCONFIRMED = "unconfirmed"
    PLEDGED = "pledged"
    IN_PROGRESS = "in-progress"
    ONGOING = "ongoing"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not-delivered"


class Schedule(StrEnum):
    """Where a commitment stands against its date: an answer independent of its status."""

    LATE = "late"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"
    DUE_SOON = "due-soon"
    UPCOMING = "upcoming"
    MET = "met"
    NO_DATE = "no-date"


class Confidence(StrEnum):
    """How well the evidence carries a stage; computed from the grades."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Bearing(StrEnum):
    """What one source does for one event."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    CONTEXT = "context"


class Reliability(StrEnum):
    """Admiralty scale, first axis: the source (NATO AJP-2.1)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Credibility(IntEnum):
    """Admiralty scale, second axis: the item of information (NATO AJP-2.1)."""

    CONFIRMED = 1
    PROBABLY_TRUE = 2
    POSSIBLY_TRUE = 3
    DOUBTFUL = 4
    IMPROBABLE = 5
    CANNOT_BE_JUDGED = 6


class SourceKind(StrEnum):
    """Who speaks in a source, and in what form where that matters for what it can prove."""

    RECORD = "record"
    """Treaty database, gazette, register, or the signed text itself."""
    OFFICIAL = "official"
    """A government body in its own words: statement, readout, page."""
    RELEASE = "release"
    """A press release of a government body."""
    NEWS = "news"
    ANALYSIS = "analysis"
    COMPANY = "company"
    BLOG = "blog"
    UNKNOWN = "unknown"


class Weight(IntEnum):
    """What one source can prove about one event at most."""

    REPORT = 1
    """That somebody says so."""
    WORD = 2
    """That it was promised, announced or begun."""
    ACT = 3
    """That it was done where others could see it: signed, held, approved."""
    EFFECT = 4
    """That it has legal effect, or that the promised thing exists."""


class Requirement(StrEnum):
    """What evidence a stage needs; `tracker.proof` says when it is met."""

    REPORT = "report"
    WORD = "word"
    ACT = "act"
    BOTH = "both"
    RESULT = "result"
    EFFECT = "effect"


class Basis(StrEnum):
    """Whether a party or report stated something, or the compiler inferred it."""

    STATED = "stated"
    INFERRED = "inferred"


class Entity(StrEnum):
    """What a ledger entry is about."""

    DATASET = "dataset"
    SOURCE = "source"
    AGREEMENT = "agreement"
    COMMITMENT = "commitment"
    CHECK = "check"
    DISPUTE = "dispute"
    CODING = "coding"
    PROPOSAL = "proposal"


class EntryKind(StrEnum):
    """What a ledger entry does to its entity."""

    ADD = "add"
    REVISE = "revise"
    EVENT = "event"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    APPROVE = "approve"
    DECLINE = "decline"


class Door(StrEnum):
    """The way by which an entry came in, and with it what is known of who made it."""

    PYTHON = "python"
    """The Python package: the name is what the script says."""
    COMMAND = "command"
    """The `tracker` command: the name is what was typed."""
    DASHBOARD = "dashboard"
    """A form of a dashboard without login: the name is what was typed."""
    LOGIN = "login"
    """A form of a dashboard, by somebody whom an identity provider has confirmed."""
