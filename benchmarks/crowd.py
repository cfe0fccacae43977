"""A store of many commitments, alike in shape to real ones and made up from their numbers alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tracker.ledger import Draft
from tracker.models import Agreement, Commitment, Dataset, Source, StatusEvent
from tracker.store import Store
from tracker.terms import Kind
from tracker.tracker import Tracker

PARTIES = ("Arvania", "Belmora", "Corvanna", "Deltria")
WORDS = ("maritime", "health", "energy", "defence", "trade", "climate", "science", "culture")
STAGES = {
    Kind.LEGAL_INSTRUMENT: ("proposed", "in-negotiation", "signed", "in-force"),
    Kind.MOU: ("proposed", "signed"),
    Kind.DIALOGUE: ("pledged", "inaugural-held"),
}
FIRST = dt.date(2015, 1, 1)
AT_ONCE = 20_000


def fill(folder: Path, commitments: int, events: int = 2) -> Tracker:
    """A tracker on a new store with so many commitments and so many events of each."""
    tracker = Tracker(Store(folder))
    tracker.store.create()
    sources = [_source(n) for n in range(200)]
    agreements = [_agreement(n) for n in range(50)]
    dataset = Dataset.parse(
        {
            "id": "crowd",
            "subject": "Made-up pledges",
            "as_of": "2026-11-01",
            "compiled_from": "Numbers.",
            "text_limits": "There are none.",
        }
    )
    tracker.add(*sources, *agreements, dataset, by="bench")
    drafts: list[Draft] = []
    for n in range(commitments):
        commitment = _commitment(n)
        drafts.append(Draft.add(commitment))
        drafts += [Draft.event(_event(n, step, commitment.kind)) for step in range(events)]
        if len(drafts) >= AT_ONCE:
            tracker.append(drafts, by="bench")
            drafts = []
    if drafts:
        tracker.append(drafts, by="bench")
    return tracker


def _source(n: int) -> Source:
    return Source.parse(
        {
            "id": f"source-{n}",
            "title": f"Statement {n}",
            "publisher": f"Ministry {n % 20}",
            "kind": "official",
            "published": (FIRST + dt.timedelta(days=20 * n)).isoformat(),
            "url": f"https://example.org/{n}",
            "language": "en",
            "reliability": "ABC"[n % 3],
            "reliability_reason": "It is only measured",
        }
    )


def _agreement(n: int) -> Agreement:
    return Agreement.parse(
        {
            "id": f"pact-{n}",
            "title": f"Pact {n}",
            "parties": [PARTIES[n % 4], PARTIES[(n + 1) % 4]],
            "kind": "joint statement",
            "dated": (FIRST + dt.timedelta(days=60 * n)).isoformat(),
            "source_ids": [f"source-{n}"],
            "summary": "They agreed.",
        }
    )


def _commitment(n: int) -> Commitment:
    word, other = WORDS[n % 8], WORDS[n // 8 % 8]
    due = (dt.date(2024, 1, 1) + dt.timedelta(days=n % 1800)).isoformat() if n % 3 == 0 else None
    return Commitment.parse(
        {
            "id": f"pledge-{n}",
            "title": f"Joint {word} work on {other}, number {n}",
            "pledge": f"They will work together on {word} and {other}, as number {n} says.",
            "kind": list(STAGES)[n % 3],
            "pillar": f"Pillar {n % 6}",
            "agreement_id": f"pact-{n % 50}",
            "parties": [
                {"name": PARTIES[n % 4], "bodies": [f"Office {n % 30}"]},
                {"name": PARTIES[(n + 1) % 4]},
            ],
            "headline": n < 5,
            "due": due,
            "fulfilment_test": "It is done.",
            "source_ids": [f"source-{n % 200}"],
        }
    )


def _event(n: int, step: int, kind: Kind) -> StatusEvent:
    stages = STAGES[kind]
    day = FIRST + dt.timedelta(days=n % 2000 + 400 * step)
    late = min(day + dt.timedelta(days=30), dt.date(2026, 10, 1))
    nearest = max(0, min(199, (late - FIRST).days // 20 + 1))
    return StatusEvent.parse(
        {
            "commitment_id": f"pledge-{n}",
            "stage": stages[min(step + n % 2, len(stages) - 1)],
            "happened_on": min(day, dt.date(2026, 6, 1)).isoformat(),
            "note": f"Step {step} of number {n}.",
            "evidence": [{"source_id": f"source-{nearest}", "credibility": 1 + n % 3}],
        }
    )
