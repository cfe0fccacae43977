"""The shipped data set, read as the story it tells."""

import datetime as dt
import shutil

import make
import pytest

from tracker import agenda, provenance, queries
from tracker.clocks import At
from tracker.store import Store
from tracker.tracker import Tracker

DAY = dt.date(2026, 9, 1)
GSOMIA = "gsomia"
PARTIES = ("Canada", "Republic of Korea")


@pytest.fixture
def shipped(shipped_original, folder) -> Tracker:
    """A copy to write to, on a day after all that it tells of."""
    shutil.copytree(shipped_original, folder)
    return Tracker(Store(folder, clock=lambda: dt.datetime(2027, 1, 1)))


@pytest.fixture(scope="module")
def reading(shipped_original):
    """A cursor on the shipped data, for tests that only read."""
    with Tracker(Store(shipped_original)).store.reading() as con:
        yield con


@pytest.mark.parametrize(
    ("day", "stage", "canada", "korea", "officials"),
    [
        ("2025-01-15", "in-negotiation", "in-negotiation", "in-negotiation", None),
        ("2025-11-01", "concluded", "concluded", "concluded", "concluded"),
        ("2026-01-26", "concluded", "concluded", "concluded", "concluded"),
        # The cabinet of one side approved it; that is no step of the other.
        ("2026-02-01", "approved", "concluded", "approved", "concluded"),
        ("2026-03-01", "signed", "signed", "signed", "concluded"),
        ("2026-09-01", "signed", "signed", "signed", "concluded"),
    ],
)
def test_the_agreement_on_secrets_can_be_replayed_for_all_and_for_each_party(
    reading, day, stage, canada, korea, officials
):
    told = queries.answers(reading, GSOMIA, At(dt.date.fromisoformat(day)))
    assert [a["party"] for a in told] == [None, *PARTIES]
    assert [a["stage"] for a in told] == [stage, canada, korea]
    assert told[0]["official_stage"] == officials


def test_the_agreement_on_secrets_never_reads_delivered(reading):
    row = queries.commitment(reading, GSOMIA, At(DAY))
    assert (row["stage"], row["status"]) == ("signed", "in-progress")
    judged = queries.rows(
        reading, "SELECT valid_from, status FROM judgements WHERE commitment_id = ?", [GSOMIA]
    )
    assert min(j["valid_from"] for j in judged) == dt.date(2023, 4, 13)
    assert "delivered" not in {j["status"] for j in judged}
    day = dt.date(2023, 4, 13)
    while day < dt.date(2028, 1, 1):
        assert queries.commitment(reading, GSOMIA, At(day))["status"] != "delivered", day
        day += dt.timedelta(days=31)


def test_that_one_cabinet_vote_was_the_last_hurdle_is_told_and_does_not_hold(reading):
    found = {d["id"]: d for d in provenance.disputes(reading, GSOMIA)}["final-hurdle"]
    claimed, answered = found["sides"]
    assert claimed["position"].startswith("Yes")
    assert (claimed["holds"], answered["holds"], found["settled"]) == (False, True, True)
    assert claimed["source_ids"]
    assert answered["source_ids"]
    assert found["why"]


@pytest.mark.parametrize(
    ("dispute_id", "settled", "holding"),
    [
        ("who-is-president", True, "Lee Jae Myung"),
        ("day-and-place-of-signature", True, None),
        ("one-pact-or-two", True, None),
        ("cadence-2plus2", True, "Every two years, next in 2028"),
        ("gsomia-signed-in-october", True, "Only concluded in substance; signed 25 February 2026"),
        ("forum-identity", False, None),
    ],
)
def test_the_known_disputes_say_who_claims_what_and_what_holds(reading, dispute_id, settled, holding):
    found = {d["id"]: d for d in provenance.disputes(reading)}[dispute_id]
    assert found["settled"] is settled
    assert [s["position"] for s in found["sides"] if s["holds"]] == ([holding] if holding else [])
    cited = {s for side in found["sides"] for s in side["source_ids"]}
    assert set(provenance.sources_by_id(reading, sorted(cited))) == cited
    assert all(side["source_ids"] for side in found["sides"])
    assert found["why"]


def test_a_dispute_is_found_from_every_commitment_and_source_that_it_touches(reading):
    for dispute in provenance.disputes(reading):
        for commitment_id in dispute["commitment_ids"]:
            assert dispute in provenance.disputes(reading, commitment_id)
            assert queries.commitment(reading, commitment_id, At(DAY))["disputed"] is True
        for side in dispute["sides"]:
            for source_id in side["source_ids"]:
                assert dispute in provenance.disputes(reading, source_id=source_id)


def test_nothing_in_the_data_is_late_on_silence_alone(reading):
    days = [dt.date(year, month, 1) for year in range(2023, 2030) for month in (1, 4, 7, 10)]
    passed = 0
    for day in days:
        judged = queries.rows(
            reading,
            "SELECT schedule, evidence_reaches, least(deadline, coalesce(lapses_on, deadline)) AS ended "
            "FROM judgements WHERE known_to = TIMESTAMP '9999-12-31' AND valid_from <= ? AND ? < valid_to "
            "AND schedule IN ('late', 'lapsed', 'unknown') AND stage <> 'lapsed'",
            [day, day],
        )
        for row in judged:
            beyond = row["evidence_reaches"] is not None and row["evidence_reaches"] > row["ended"]
            assert beyond or row["schedule"] == "unknown", (day, row)
        passed += len(judged)
    assert passed > len(days), "dates do pass in the data"


def test_silence_is_unknown_and_a_recorded_search_past_the_date_makes_it_late(shipped):
    naval = "bilateral-naval-exercise"
    before = shipped.commitment(naval, as_of=DAY)
    assert (before["due"], before["last_checked"], before["schedule"]) == ("2026-06-02", None, "unknown")
    shipped.add(make.check("too-early", "2026-06-01", naval), by="ann")
    assert shipped.commitment(naval, as_of=DAY)["schedule"] == "unknown"
    shipped.add(make.check("past-it", "2026-06-15", naval), by="ann")
    after = shipped.commitment(naval, as_of=DAY)
    assert (after["schedule"], after["last_checked"]) == ("late", dt.date(2026, 6, 15))
    assert shipped.commitment(naval, as_of=dt.date(2026, 6, 14))["schedule"] == "unknown"
    others = [c for c in shipped.commitments(as_of=DAY, schedule="late") if c["id"] != naval]
    assert others == []


def test_what_was_silent_longest_and_is_nearest_its_date_needs_a_look_first(reading):
    told = agenda.needs_look(reading, At(DAY))
    open_ids = {
        c["id"]
        for c in queries.commitments(reading, as_of=DAY)
        if c["status"] not in ("delivered", "not-delivered")
    }
    assert {t["id"] for t in told} == open_ids

    def worth(row: dict) -> float:
        away = 365 if row["due_latest"] is None else min(abs((row["due_latest"] - DAY).days), 365)
        return (DAY - row["evidence_reaches"]).days / (30 + away)

    spoken = [t for t in told if t["evidence_reaches"] is not None]
    assert [worth(t) for t in spoken] == sorted(map(worth, spoken), reverse=True)
    assert len(spoken) > 30


def test_a_search_moves_a_commitment_down_the_list_of_those_that_need_a_look(shipped):
    def order() -> list[str]:
        with shipped.store.reading() as con:
            return [t["id"] for t in agenda.needs_look(con, At(DAY))]

    first = order()[0]
    shipped.add(make.check("looked", DAY, first), by="ann")
    assert order()[-1] == first


def test_of_a_joint_pledge_every_party_has_its_own_answers_and_of_others_none(reading):
    for row in queries.commitments(reading, as_of=DAY):
        parties = [p["name"] for p in row["parties"]]
        told = queries.answers(reading, row["id"], At(DAY))
        assert told[0]["stage"] == row["stage"]
        assert [a["party"] for a in told[1:]] == (sorted(parties) if len(parties) > 1 else [])
