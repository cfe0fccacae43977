"""Withdrawing the best source of any event moves the answer as the rule says, and restoring it, back."""

import json
from dataclasses import replace

from test_withdrawal import TODAY, answer

from tracker import rules
from tracker.dates import Edtf
from tracker.record import Event, Item, Record
from tracker.rules import Judgement
from tracker.terms import Bearing, Credibility, Entity, Kind, Reliability, SourceKind, Stage, Weight


def records(tracker) -> dict[str, tuple[Record, dict[int, list[str]]]]:
    """Every commitment as the ledger tells it, and the sources of each event; read without our tables."""
    with tracker.store.reading() as con:
        lines = con.execute("SELECT * FROM ledger WHERE kind IN ('add', 'event') ORDER BY seq").fetchall()
    told = [(line[3], line[4], line[5], line[1].date(), json.loads(line[7])) for line in lines]
    things = {(entity, thing_id): payload for entity, thing_id, version, _, payload in told if version == 1}
    disputes = [payload for (entity, _), payload in things.items() if entity == "dispute"]

    def item(cited: dict) -> Item:
        source = things["source", cited["source_id"]]
        return Item(
            Bearing(cited["bearing"]),
            Reliability(source["reliability"]),
            Credibility(cited["credibility"]),
            SourceKind(source["kind"]),
            source.get("origin") or source["publisher"],
            tuple(source.get("speaks_for") or ()),
            Edtf(source["published"]).latest if source["published"] else None,
        )

    found = {}
    for (entity, thing_id), payload in things.items():
        if entity != "commitment":
            continue
        own = [(v, day, p) for e, i, v, day, p in told if (e, i) == (entity, thing_id) and v > 1]
        events = tuple(
            Event(
                version,
                Stage(p["stage"]),
                p["happened_on"],
                Edtf(p["happened_on"]).earliest,
                Edtf(p["happened_on"]).latest,
                day,
                tuple(item(cited) for cited in p["evidence"]),
                p.get("party"),
            )
            for version, day, p in own
        )
        touching = [d["settled"] for d in disputes if thing_id in d["commitment_ids"]]
        record = Record(
            Kind(payload["kind"]),
            TODAY,
            tuple(p["name"] for p in payload["parties"]),
            Edtf(payload["due"]).latest if payload["due"] else None,
            payload["cadence"],
            payload.get("lapses_after"),
            events,
            (),
            bool(touching),
            not all(touching),
        )
        found[thing_id] = (record, {v: [c["source_id"] for c in p["evidence"]] for v, _, p in own})
    return found


def without(record: Record, cited: dict[int, list[str]], source_id: str) -> Record:
    """The record as it would be if the source had never been found."""
    events = [
        replace(
            e,
            items=tuple(i for i, s in zip(e.items, cited[e.version], strict=True) if s != source_id),
        )
        for e in record.events
    ]
    return replace(record, events=tuple(events))


def said(judged: Judgement) -> dict:
    names = ("stage", "claimed_stage", "status", "stage_since", "schedule", "confidence", "official_stage")
    return {name: getattr(judged, name) for name in names}


def test_withdrawing_the_best_source_of_any_event_moves_the_answer_as_the_rule_says(filled):
    moved = 0
    ledger = records(filled)
    for commitment_id, (record, cited) in ledger.items():
        for finding in rules.findings(record):
            best = max(
                zip(finding.weights, cited[finding.version], strict=True), key=lambda w: w[0] or Weight(1)
            )[1]
            before = answer(filled, commitment_id)
            expected = said(rules.judge(record, TODAY))
            assert {k: before[k] for k in expected} == expected, commitment_id
            filled.withdraw(Entity.SOURCE, best, reason="Try without it", by="ann")
            for other_id, (other, others) in ledger.items():
                expected = said(rules.judge(without(other, others, best), TODAY))
                after = answer(filled, other_id)
                assert {k: after[k] for k in expected} == expected, (other_id, best)
                moved += other_id == commitment_id and after != before
            filled.withdraw(Entity.SOURCE, best, reason="Enough", undo=True, by="ann")
            assert answer(filled, commitment_id) == before, (commitment_id, best)
    assert moved >= len(ledger), "withdrawing the best source moves something in every commitment"
    filled.verify()
