"""A second judgement of the same event, made blind, and how far the coders agree."""

import shutil

import make
import pytest

from tracker import coding, provenance
from tracker.errors import Invalid, UnknownId
from tracker.ledger import Draft
from tracker.models import Coding
from tracker.store import Store
from tracker.terms import Entity
from tracker.tracker import Tracker

STAGES = ("pledged", "in-negotiation", "signed", "pledged")


@pytest.fixture(scope="module")
def coded_original(originals, tmp_path_factory):
    folder = tmp_path_factory.mktemp("coded") / "store"
    shutil.copytree(originals / "small", folder)
    tracker = Tracker(Store(folder))
    for stage in STAGES[:3]:
        tracker.record(make.event(stage, "2025-01-15"), by="ann")
    tracker.record(make.event(STAGES[3], "2024-03-04"), by="ben")
    return folder


@pytest.fixture
def told(coded_original, folder) -> Tracker:
    """A treaty with four events: three that ann judged (2 to 4), and one of ben (5)."""
    shutil.copytree(coded_original, folder)
    return Tracker(Store(folder))


def agreement(tracker) -> coding.Agreement:
    with tracker.store.reading() as con:
        return coding.agreement(provenance.codings(con))


def uncoded(tracker, coder: str, limit: int = 99) -> list[dict]:
    with tracker.store.reading() as con:
        return provenance.uncoded(con, coder, limit)


def test_coders_who_always_agree_have_an_alpha_of_one(told):
    for version, stage in enumerate(STAGES, 2):
        told.code("treaty", version, stage, by="joe")
    assert agreement(told) == coding.Agreement(1.0, 1.0, 1.0, events=4, coders=3, alike=4)


def test_coders_who_never_agree_do_worse_than_chance(told):
    """By hand: each of two values is used twice and never together, so alpha is 1 - 3 * 2 / (2 * 2)."""
    told.code("treaty", 2, "signed", by="joe")
    told.code("treaty", 4, "pledged", by="joe")
    found = agreement(told)
    assert found.alpha == pytest.approx(-0.5)
    assert (found.events, found.coders, found.alike) == (2, 2, 0)


@pytest.mark.parametrize(
    ("codings", "events"), [([], 0), ([(2, "pledged")], 1), ([(2, "pledged"), (5, "pledged")], 2)]
)
def test_too_little_or_too_like_to_tell_is_not_called_agreement(told, codings, events):
    for version, stage in codings:
        told.code("treaty", version, stage, by="joe")
    assert agreement(told)[:4] == (None, None, None, events)
    assert agreement(told).alike == events


# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example D: four observers,
# twelve units, five ordered values; the text gives 0.815 for ordinal data. Of the twelfth unit
# there is but one judgement, which can agree with none.
OBSERVERS = ("1233214120..", "1233224125.3", ".3332342251.", "1233244125 1.".replace(" ", ""))
PLACES = dict(zip("12345", ["proposed", "pledged", "in-negotiation", "approved", "in-force"], strict=True))


def rows(observers: tuple[str, ...]) -> list[dict]:
    """Judgements as the tracker lists them: each second one beside the first of its unit."""
    told = []
    for unit, values in enumerate(zip(*observers, strict=True)):
        judged = [(f"coder {n}", PLACES[v]) for n, v in enumerate(values) if v in PLACES]
        told += [
            {
                "commitment_id": "treaty",
                "version": unit,
                "kind": "legal-instrument",
                "first_coder": judged[0][0],
                "first_stage": judged[0][1],
                "second_coder": coder,
                "second_stage": stage,
            }
            for coder, stage in judged[1:]
        ]
    return told


def test_alpha_is_that_of_the_textbook():
    found = coding.agreement(rows(OBSERVERS))
    assert found.alpha == pytest.approx(0.815, abs=0.0005)
    assert (found.events, found.coders) == (11, 4)
    assert found.low < found.alpha < found.high <= 1


def test_the_farther_two_stages_are_apart_the_less_do_coders_agree():
    near, far = (coding.agreement(rows(("123451", f"12345{last}"))).alpha for last in "24")
    assert 1 > near > far > 0


def test_the_same_judgements_give_the_same_interval_and_more_of_them_a_narrower_one():
    once = coding.agreement(rows(OBSERVERS))
    assert coding.agreement(rows(OBSERVERS)) == once
    often = coding.agreement(rows(tuple(o[:11] * 8 for o in OBSERVERS)))
    assert often.high - often.low < once.high - once.low


def test_who_judges_blind_sees_what_happened_and_never_a_stage(told):
    shown = uncoded(told, "joe")
    assert sorted(e["version"] for e in shown) == [2, 3, 4, 5]
    for event in shown:
        assert {"happened_on", "note", "source_ids", "pledge", "kind"} <= set(event)
        assert not any("stage" in name or "status" in name for name in event)
        assert not {"signed", "pledged", "in-negotiation"}.intersection(map(str, event.values()))


def test_nobody_is_asked_about_an_event_of_their_own_or_one_they_judged(told):
    assert sorted(e["version"] for e in uncoded(told, "ANN")) == [5]
    assert sorted(e["version"] for e in uncoded(told, "ben")) == [2, 3, 4]
    told.code("treaty", 3, "signed", by="Ben")
    assert sorted(e["version"] for e in uncoded(told, "ben")) == [2, 4]


def test_what_nobody_judged_twice_comes_first(told):
    first = uncoded(told, "joe", limit=1)[0]["version"]
    told.code("treaty", first, "signed", by="eve")
    assert uncoded(told, "joe")[-1]["version"] == first


def test_what_was_withdrawn_is_neither_asked_about_nor_counted(told):
    told.code("treaty", 2, "signed", by="joe")
    told.code("treaty", 4, "signed", by="joe")
    told.withdraw(Entity.COMMITMENT, "treaty", version=2, reason="x", by="ann")
    assert sorted(e["version"] for e in uncoded(told, "eve")) == [3, 4, 5]
    assert (agreement(told).events, agreement(told).alike) == (1, 1)
    told.withdraw(Entity.COMMITMENT, "treaty", version=2, reason="x", undo=True, by="ann")
    assert (agreement(told).events, agreement(told).alike) == (2, 1)


@pytest.mark.parametrize(
    ("version", "stage", "by", "problems"),
    [
        (2, "signed", "ann", [("event_version", "own_event")]),
        (2, "signed", "Ann", [("event_version", "own_event")]),
        (3, "signed", "joe", [("event_version", "coded_already")]),
        (3, "signed", "JOE", [("event_version", "coded_already")]),
        (2, "recurring", "joe", [("stage", "stage_of_another_kind")]),
        (1, "signed", "joe", [("event_version", "no_event")]),
        (99, "signed", "joe", [("event_version", "no_event")]),
        (4, "signed", "joe", [("event_version", "no_event")]),
    ],
)
def test_a_judgement_that_is_none_is_refused(told, version, stage, by, problems):
    told.code("treaty", 3, "pledged", by="joe")
    told.withdraw(Entity.COMMITMENT, "treaty", version=4, reason="x", by="ann")
    before = told.info()["head_hash"]
    with pytest.raises(Invalid) as invalid:
        told.code("treaty", version, stage, by=by)
    assert [(p.field, p.code) for p in invalid.value.problems] == problems
    assert told.info()["head_hash"] == before


def test_a_judgement_of_a_commitment_that_is_not_there_is_refused(told):
    with pytest.raises((Invalid, UnknownId)):
        told.code("nothing", 2, "signed", by="joe")


def test_a_judgement_is_revised_by_nobody_but_its_author(told):
    coded = told.code("treaty", 2, "signed", by="joe")
    other = Coding(id=coded, commitment_id="treaty", event_version=2, stage="pledged")
    with pytest.raises(Invalid) as invalid:
        told.revise(other, by="eve")
    assert [(p.field, p.code) for p in invalid.value.problems] == [("id", "coding_of_another")]
    told.revise(other, by="Joe")
    assert agreement(told).alike == 1


def test_a_kind_that_lacks_a_stage_which_a_second_coder_saw_is_refused(told):
    told.code("treaty", 2, "in-force", by="joe")
    told.code("treaty", 5, "in-force", by="joe")
    mou = make.commitment(kind="mou")
    with pytest.raises(Invalid) as invalid:
        told.revise(mou, by="ann")
    (problem,) = invalid.value.problems
    assert (problem.code, problem.facts["stages"]) == ("kind_without_stages", "in-force")
    assert agreement(told).events == 2


def test_a_stage_is_judged_by_the_kind_that_the_batch_gives(told):
    coded = Coding(id="second", commitment_id="treaty", event_version=2, stage="in-force")
    with pytest.raises(Invalid) as invalid:
        told.store.append([Draft.revise(make.commitment(kind="mou")), Draft.add(coded)], actor="joe")
    assert [p.code for p in invalid.value.problems] == ["stage_of_another_kind"]


def test_a_second_judgement_changes_no_answer_and_stands_beside_the_first(told):
    before = told.commitments()
    told.code("treaty", 4, "concluded", note="No signature is shown", by="joe")
    assert told.commitments() == before
    with told.store.reading() as con:
        judged = provenance.codings(con)
    named = ("first_coder", "first_stage", "second_coder", "second_stage", "second_note")
    assert [tuple(j[n] for n in named) for j in judged] == [
        ("ann", "signed", "joe", "concluded", "No signature is shown")
    ]
    told.verify()


def test_a_judgement_sent_twice_under_one_key_lands_once(told):
    first = told.code("treaty", 2, "signed", by="joe", key="k")
    assert told.code("treaty", 2, "signed", by="joe", key="k") == first
    assert agreement(told).events == 1
    other = told.code("treaty", 3, "signed", by="joe", key="l")
    assert told.code("treaty", 4, "signed", by="joe") not in (first, other)
