"""Two people at one thing: what is put together, what is asked, and what lands once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import make
import pytest

from tracker import holdings
from tracker.errors import StaleVersion
from tracker.ledger import Draft
from tracker.models import THINGS
from tracker.store import Store
from tracker.terms import Entity
from tracker.tracker import Tracker

CEDRIA = {"name": "Cedria", "bodies": []}
SIGN = {"name": "Signature", "expected": None, "expected_basis": None, "reached": None, "note": None}
SIGNED = SIGN | {"reached": "2024-05"}
NOTED = SIGN | {"note": "In Arvania."}
RATIFY = SIGN | {"name": "Ratification"}
DEPOSIT = SIGN | {"name": "Deposit"}
THEN, LATER = ({"position": p, "source_ids": ["gazette"]} for p in ("Then", "Later"))

Fields = dict[str, Any]
MERGED: dict[str, tuple[Entity, Fields, Fields, Fields, Fields]] = {
    "two fields": (
        Entity.COMMITMENT,
        {},
        {"due": "2026"},
        {"pillar": "Trade"},
        {"due": "2026", "pillar": "Trade"},
    ),
    "the same in both": (Entity.COMMITMENT, {}, {"due": "2026"}, {"due": "2026"}, {"due": "2026"}),
    "a field that one of them emptied": (
        Entity.COMMITMENT,
        {"due": "2026", "pillar": "Law"},
        {"due": None},
        {"pillar": "Trade"},
        {"due": None, "pillar": "Trade"},
    ),
    "a field that older entries lack": (
        Entity.COMMITMENT,
        {"cadence": "P1Y"},
        {"lapses_after": "P2Y"},
        {"title": "Talks"},
        {"lapses_after": "P2Y", "title": "Talks"},
    ),
    "other things of a list": (
        Entity.COMMITMENT,
        {"milestones": [SIGN, RATIFY]},
        {"milestones": [SIGNED, RATIFY]},
        {"milestones": [SIGN, RATIFY, DEPOSIT]},
        {"milestones": [SIGNED, RATIFY, DEPOSIT]},
    ),
    "a thing that one of them took out": (
        Entity.COMMITMENT,
        {"parties": [make.ARVANIA, make.BELMORA]},
        {"parties": [make.ARVANIA]},
        {"parties": [make.ARVANIA, make.BELMORA, CEDRIA]},
        {"parties": [make.ARVANIA, CEDRIA]},
    ),
    "a thing that both put in, at its place": (
        Entity.COMMITMENT,
        {"milestones": [SIGN, DEPOSIT]},
        {"milestones": [SIGN, RATIFY, DEPOSIT]},
        {"milestones": [SIGN, RATIFY, DEPOSIT], "title": "A pact"},
        {"milestones": [SIGN, RATIFY, DEPOSIT], "title": "A pact"},
    ),
    "another order, and a new thing": (
        Entity.COMMITMENT,
        {"open_questions": ["Who?", "When?"]},
        {"open_questions": ["When?", "Who?"]},
        {"open_questions": ["Who?", "Where?", "When?"]},
        {"open_questions": ["Where?", "When?", "Who?"]},
    ),
    "texts of a list": (
        Entity.COMMITMENT,
        {"open_questions": ["Who?"]},
        {"open_questions": ["Who?", "When?"]},
        {"open_questions": ["Who pays?"]},
        {"open_questions": ["Who pays?", "When?"]},
    ),
    "identifiers": (
        Entity.AGREEMENT,
        {"source_ids": ["gazette"]},
        {"source_ids": ["gazette", "wire"]},
        {"source_ids": [], "summary": "They met."},
        {"source_ids": ["wire"], "summary": "They met."},
    ),
    "a grade and an address": (
        Entity.SOURCE,
        {},
        {"reliability": "C", "reliability_reason": "It erred."},
        {"url": "https://example.org/new"},
        {"reliability": "C", "reliability_reason": "It erred.", "url": "https://example.org/new"},
    ),
    "a claim and an answer": (
        Entity.DISPUTE,
        {},
        {"claim": "On which day?"},
        {"settled": True, "holds": "Then", "why": "So it stands."},
        {"claim": "On which day?", "settled": True, "holds": "Then", "why": "So it stands."},
    ),
    "horizons": (
        Entity.DATASET,
        {"evidence_horizon": [{"corpus": "press", "dense_until": "2025-01-01", "remark": "Daily."}]},
        {"evidence_horizon": [{"corpus": "press", "dense_until": "2025-02-01", "remark": "Daily."}]},
        {
            "evidence_horizon": [
                {"corpus": "press", "dense_until": "2025-01-01", "remark": "Daily."},
                {"corpus": "law", "dense_until": "2025-01-01", "remark": "Weekly."},
            ]
        },
        {
            "evidence_horizon": [
                {"corpus": "press", "dense_until": "2025-02-01", "remark": "Daily."},
                {"corpus": "law", "dense_until": "2025-01-01", "remark": "Weekly."},
            ]
        },
    ),
}
ASKED: dict[str, tuple[Entity, Fields, Fields, Fields, list[tuple[str, ...]]]] = {
    "one field": (Entity.COMMITMENT, {}, {"due": "2026"}, {"due": "2027", "pillar": "Trade"}, [("due",)]),
    "one field, emptied": (Entity.COMMITMENT, {"due": "2026"}, {"due": None}, {"due": "2027"}, [("due",)]),
    "several fields": (
        Entity.COMMITMENT,
        {},
        {"title": "A pact", "due": "2026", "headline": True},
        {"title": "An accord", "due": "2027", "headline": True},
        [("title",), ("due",)],
    ),
    "fields that give one answer": (
        Entity.COMMITMENT,
        {"cadence": "P1Y", "lapses_after": "P18M"},
        {"cadence": "P2Y"},
        {"lapses_after": "P15M"},
        [("cadence",), ("lapses_after",)],
    ),
    "a grade and the reason of another": (
        Entity.SOURCE,
        {},
        {"reliability": "C", "reliability_reason": "It erred."},
        {"reliability_reason": "The text itself, as printed."},
        [("reliability",), ("reliability_reason",)],
    ),
    "two answers to a dispute": (
        Entity.DISPUTE,
        {},
        {"sides": [THEN | {"holds": True}, LATER]},
        {"settled": True, "holds": "Later", "why": "So it stands."},
        [("sides",), ("holds",), ("why",), ("settled",)],
    ),
    "one thing of a list": (
        Entity.COMMITMENT,
        {"milestones": [SIGN, RATIFY]},
        {"milestones": [SIGNED, RATIFY]},
        {"milestones": [NOTED, RATIFY, DEPOSIT]},
        [("milestones", "Signature")],
    ),
    "a thing that one took out and the other changed": (
        Entity.COMMITMENT,
        {"milestones": [SIGN, RATIFY]},
        {"milestones": [RATIFY]},
        {"milestones": [SIGNED, RATIFY]},
        [("milestones", "Signature")],
    ),
    "two things of one name": (
        Entity.COMMITMENT,
        {},
        {"milestones": [SIGNED]},
        {"milestones": [NOTED]},
        [("milestones", "Signature")],
    ),
    "one text, reworded twice": (
        Entity.COMMITMENT,
        {"open_questions": ["Who?"]},
        {"open_questions": ["Who pays?"]},
        {"open_questions": ["Who decides?"]},
        [("open_questions",)],
    ),
    "two other orders": (
        Entity.COMMITMENT,
        {"open_questions": ["Who?", "When?", "Where?"]},
        {"open_questions": ["When?", "Who?", "Where?"]},
        {"open_questions": ["Who?", "Where?", "When?"]},
        [("open_questions",)],
    ),
    "things that cannot be told apart": (
        Entity.COMMITMENT,
        {"milestones": [SIGN, SIGN]},
        {"milestones": [SIGN]},
        {"milestones": [SIGN, SIGNED]},
        [("milestones",)],
    ),
    "what is invalid together": (
        Entity.COMMITMENT,
        {"parties": [make.ARVANIA, make.BELMORA]},
        {"parties": [make.ARVANIA]},
        {"parties": [make.BELMORA]},
        [("parties",)],
    ),
}  # fmt: skip


def thing(entity: Entity, name: str, **fields: Any) -> Any:
    if entity is Entity.DATASET:
        told = {"subject": "Pledges", "as_of": "2025-06-01", "compiled_from": "Texts", "text_limits": "None"}
        return THINGS[entity].parse({"id": name} | told | fields)
    return getattr(make, entity.value)(name, **fields)


@pytest.fixture(scope="module")
def outcomes(originals: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes of each case: the content on record, or the conflict.

    Each is about a thing of its own. Others add the things in one batch and revise them in another.
    """
    folder = tmp_path_factory.mktemp("merging") / "store"
    shutil.copytree(originals / "small", folder)
    tracker = Tracker(Store(folder))
    cases = {f"case-{number}": (name, case) for number, (name, case) in enumerate((MERGED | ASKED).items())}
    tracker.add(
        make.source("wire"), *(thing(case[0], i, **case[1]) for i, (_, case) in cases.items()), by="ann"
    )
    theirs = [
        thing(case[0], i, **case[1] | case[2], because="So they say.") for i, (_, case) in cases.items()
    ]
    tracker.append([Draft.revise(told, 1) for told in theirs], by="bob")
    mine = {
        name: Draft.revise(thing(case[0], i, **case[1] | case[3], because="So I say."), 1)
        for i, (name, case) in cases.items()
    }
    tracker.append([mine[name] for name in MERGED], by="cem", merge=True)
    found: dict[str, Any] = {}
    with tracker.store.reading() as con:
        for name in MERGED:
            found[name] = holdings.content(con, mine[name].entity, mine[name].entity_id)[1]
    for name in ASKED:
        with pytest.raises(StaleVersion) as stale:
            tracker.append([mine[name]], by="cem", merge=True)
        found[name] = stale.value
    shutil.rmtree(folder)
    return found


@pytest.mark.parametrize("name", MERGED)
def test_what_two_revisions_change_apart_is_put_together(outcomes: dict[str, Any], name: str) -> None:
    told = outcomes[name]
    assert {f: told.get(f) for f in MERGED[name][4]} == MERGED[name][4]
    assert told["because"] == "So I say."


@pytest.mark.parametrize("name", ASKED)
def test_what_both_change_is_named_with_what_each_says(outcomes: dict[str, Any], name: str) -> None:
    entity, before, theirs, yours, places = ASKED[name]
    error = outcomes[name]
    assert [c.place for c in error.contested] == places
    assert (error.expected, error.actual) == (1, 2)
    assert [(e["version"], e["actor"]) for e in error.between] == [(2, "bob")]
    assert set(error.between[0]["fields"]) == set(theirs)
    versions = [thing(entity, "x", **before | told).model_dump(mode="json") for told in ({}, theirs, yours)]
    for contested in error.contested:
        whole = [told.get(contested.place[0]) for told in versions]
        if len(contested.place) == 1:
            assert list(contested[1:]) == whole
        else:
            named = [{item["name"]: item for item in told} for told in whole]
            assert list(contested[1:]) == [told.get(contested.place[1]) for told in named]


def test_the_strict_way_names_who_did_what(tracker: Tracker) -> None:
    tracker.revise(make.commitment(due="2026", pillar="Trade"), by="bob")
    tracker.record(make.event(), by="eve")
    with pytest.raises(StaleVersion) as stale:
        tracker.revise(make.commitment(title="A pact"), expect_version=1, by="cem")
    assert [(e["actor"], e["kind"], set(e["fields"])) for e in stale.value.between] == [
        ("bob", "revise", {"due", "pillar"}),
        ("eve", "event", set()),
    ]
    assert stale.value.contested == ()


def test_several_revisions_are_one_change_of_theirs(tracker: Tracker) -> None:
    tracker.revise(make.commitment(due="2026"), by="bob")
    tracker.record(make.event(), by="eve")
    tracker.revise(make.commitment(), by="bob")
    tracker.revise(make.commitment(pillar="Trade"), by="eve")
    tracker.revise(make.commitment(due="2027"), expect_version=1, by="cem", merge=True)
    row = tracker.commitment("treaty")
    assert (row["version"], row["due"], row["pillar"]) == (6, "2027", "Trade")
