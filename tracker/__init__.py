"""Track what was promised, how far it is, and how we know.

The public names are listed in `__all__`; they are loaded when first used, so that the
command starts fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.dates import Edtf
    from tracker.errors import (
        BadFile,
        Invalid,
        Problem,
        QueryRefused,
        Refused,
        StaleVersion,
        StoreUnavailable,
        TrackerError,
        UnknownId,
        VerificationFailed,
    )
    from tracker.models import (
        Agreement,
        Assessment,
        Check,
        Coding,
        Commitment,
        Dataset,
        Dispute,
        Evidence,
        Horizon,
        Milestone,
        Party,
        Side,
        Source,
        StatusEvent,
    )
    from tracker.spoken import (
        DisputeTranslation,
        Maker,
        NamesTranslation,
        PledgeTranslation,
        TitleTranslation,
    )
    from tracker.terms import (
        Basis,
        Bearing,
        Confidence,
        Credibility,
        Door,
        Entity,
        Kind,
        Reliability,
        Requirement,
        Schedule,
        SourceKind,
        Stage,
        Status,
        Weight,
    )
    from tracker.tracker import Tracker

_HOMES = {
    "tracker": ("Tracker",),
    "dates": ("Edtf",),
    "models": (
        "Agreement", "Assessment", "Check", "Coding", "Commitment", "Dataset", "Dispute", "Evidence",
        "Horizon", "Milestone", "Party", "Side", "Source", "StatusEvent",
    ),
    "spoken": (
        "DisputeTranslation", "Maker", "NamesTranslation", "PledgeTranslation", "TitleTranslation",
    ),
    "terms": (
        "Basis", "Bearing", "Confidence", "Credibility", "Door", "Entity", "Kind", "Reliability",
        "Requirement", "Schedule", "SourceKind", "Stage", "Status", "Weight",
    ),
    "errors": (
        "BadFile", "Invalid", "Problem", "QueryRefused", "Refused", "StaleVersion",
        "StoreUnavailable", "TrackerError", "UnknownId", "VerificationFailed",
    ),
}  # fmt: skip

__all__ = [
    "Agreement", "Assessment", "BadFile", "Basis", "Bearing", "Check", "Coding", "Commitment", "Confidence",
    "Credibility", "Dataset", "Dispute", "DisputeTranslation", "Door", "Edtf", "Entity", "Evidence",
    "Horizon", "Invalid", "Kind", "Maker", "Milestone", "NamesTranslation", "Party", "PledgeTranslation",
    "Problem", "QueryRefused", "Refused", "Reliability", "Requirement", "Schedule", "Side", "Source",
    "SourceKind", "Stage", "StaleVersion", "Status", "StatusEvent", "StoreUnavailable", "TitleTranslation",
    "Tracker", "TrackerError", "UnknownId", "VerificationFailed", "Weight",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"tracker.{module}"), name)
    raise AttributeError(f"module 'tracker' has no attribute {name!r}")
