"""Valid things to start from; a test names only what it is about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tracker.models import Agreement, Check, Commitment, Dispute, Source, StatusEvent

ARVANIA = {"name": "Arvania", "bodies": ["Foreign Office"]}
BELMORA = {"name": "Belmora", "bodies": []}


def source(source_id: str = "gazette", **fields: Any) -> Source:
    return Source.parse(
        {
            "id": source_id,
            "title": "A document",
            "publisher": source_id.title(),
            # A register carries no date of its own, so that it can tell of any day.
            "kind": "record",
            "url": f"https://example.org/{source_id}",
            "language": "en",
            "reliability": "A",
            "reliability_reason": "It is the text itself",
        }
        | fields
    )


def agreement(agreement_id: str = "pact", **fields: Any) -> Agreement:
    return Agreement.parse(
        {
            "id": agreement_id,
            "title": "A pact",
            "parties": ["Arvania", "Belmora"],
            "kind": "treaty",
            "dated": "2024-03-04",
            "source_ids": [],
            "summary": "They agreed.",
        }
        | fields
    )


def commitment(commitment_id: str = "treaty", **fields: Any) -> Commitment:
    return Commitment.parse(
        {
            "id": commitment_id,
            "title": "A treaty",
            "pledge": "They will sign a treaty.",
            "kind": "legal-instrument",
            "pillar": "Law",
            "agreement_id": "pact",
            "parties": [ARVANIA],
            "fulfilment_test": "It is in force.",
            "source_ids": ["gazette"],
        }
        | fields
    )


def event(
    stage: str = "pledged",
    happened_on: str = "2024-03-04",
    *sources: str,
    commitment_id: str = "treaty",
    **fields: Any,
) -> StatusEvent:
    return StatusEvent.parse(
        {
            "commitment_id": commitment_id,
            "stage": stage,
            "happened_on": happened_on,
            "note": "It happened.",
            "evidence": [{"source_id": s, "credibility": 1} for s in sources or ("gazette",)],
        }
        | fields
    )


def check(
    check_id: str = "look", checked_on: dt.date | str = "2025-05-01", *commitments: str, **fields: Any
) -> Check:
    return Check.parse(
        {
            "id": check_id,
            "commitment_ids": commitments or ("treaty",),
            "checked_on": checked_on,
            "places": ["The library"],
        }
        | fields
    )


def dispute(dispute_id: str = "quarrel", *commitments: str, **fields: Any) -> Dispute:
    return Dispute.parse(
        {
            "id": dispute_id,
            "claim": "When was it?",
            "sides": [
                {"position": "Then", "source_ids": ["gazette"]},
                {"position": "Later", "source_ids": ["gazette"]},
            ],
            "commitment_ids": commitments or ("treaty",),
        }
        | fields
    )
