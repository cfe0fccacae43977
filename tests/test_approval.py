"""Changes that wait for a second person."""

from __future__ import annotations

from dataclasses import replace

import make
import pytest
from command import Command

from tracker import ledger
from tracker.errors import Invalid, Refused, StaleVersion, UnknownId, VerificationFailed
from tracker.ledger import Draft
from tracker.store import Store
from tracker.tracker import Tracker


def signed(note: str = "They signed.", **fields) -> Draft:
    return Draft.event(make.event("signed", "2025-05-20", note=note, **fields), 1)


@pytest.fixture
def waiting(tracker) -> str:
    return tracker.propose([signed()], by="ann", key="k1").entity_id


def test_a_proposal_waits_without_moving_anything(tracker, waiting):
    assert tracker.commitment("treaty")["version"] == 1
    (row,) = tracker.proposals()
    assert (row["id"], row["state"], row["proposed_by"]) == (waiting, "waiting", "ann")
    assert row["commitment_ids"] == ["treaty"]
    assert row["changes"][0]["payload"]["note"] == "They signed."
    assert row["decided_at"] is None
    tracker.verify()


def test_it_counts_from_its_approval_in_the_name_of_its_author(tracker, waiting):
    approval, change = tracker.decide(waiting, approve=True, by="bo")
    assert (approval.actor, change.actor) == ("bo", "ann")
    assert tracker.commitment("treaty")["stage"] == "signed"
    assert tracker.history("treaty")[0]["recorded_by"] == "ann"
    (row,) = tracker.proposals(state="approved")
    assert (row["decided_by"], row["decided_at"]) == ("bo", approval.recorded_at)
    tracker.verify()


@pytest.mark.parametrize("name", ["ann", " Ann ", "ＡＮＮ"])
def test_nobody_approves_their_own(tracker, waiting, name):
    with pytest.raises(Refused) as refused:
        tracker.decide(waiting, approve=True, by=name)
    assert refused.value.code == "own-proposal"
    assert tracker.commitment("treaty")["version"] == 1


def test_a_declined_one_says_why_and_moves_nothing(tracker, waiting):
    with pytest.raises(Invalid):
        tracker.decide(waiting, approve=False, by="bo")
    tracker.decide(waiting, approve=False, reason="The source says otherwise.", by="bo")
    (row,) = tracker.proposals()
    assert (row["state"], row["decided_by"], row["reason"]) == (
        "declined",
        "bo",
        "The source says otherwise.",
    )
    assert tracker.commitment("treaty")["version"] == 1
    tracker.verify()


def test_its_author_may_take_it_back(tracker, waiting):
    tracker.decide(waiting, approve=False, reason="Too early.", by="ann")
    assert tracker.proposals(state="waiting") == []


@pytest.mark.parametrize("approve", [True, False])
def test_it_is_decided_once(tracker, waiting, approve):
    tracker.decide(waiting, approve=approve, reason="So be it.", by="bo")
    for again in (True, False):
        with pytest.raises(Refused) as refused:
            tracker.decide(waiting, approve=again, reason="Or not.", by="cy")
        assert refused.value.code == "decided-already"
    assert len(tracker.proposals()) == 1


def test_requests_that_are_repeated_land_once(tracker, waiting):
    assert tracker.propose([signed()], by="ann", key="k1").entity_id == waiting
    first = tracker.decide(waiting, approve=True, by="bo", key="k2")
    assert tracker.decide(waiting, approve=True, by="bo", key="k2") == first
    assert len(tracker.history("treaty")) == 1


def test_what_others_change_meanwhile_is_merged_or_asked(tracker):
    def proposed(**fields):
        return tracker.propose([Draft.revise(make.commitment(**fields), 1)], by="ann").entity_id

    tracker.revise(make.commitment(pillar="Trade"), by="cy")
    first = proposed(due="2026")
    with pytest.raises(StaleVersion) as stale:
        proposed(pillar="Defence")
    assert [c.place for c in stale.value.contested] == [("pillar",)]
    tracker.revise(make.commitment(pillar="Trade", title="A pact"), by="cy")
    tracker.decide(first, approve=True, by="bo")
    row = tracker.commitment("treaty")
    assert (row["due"], row["pillar"], row["title"], row["version"]) == ("2026", "Trade", "A pact", 4)


def test_what_could_not_be_recorded_is_not_proposed(tracker):
    stage_of_another = Draft.event(make.event("recurring", "2025-05-20"), 1)
    with pytest.raises(Invalid):
        tracker.propose([stage_of_another], by="ann")
    with pytest.raises(UnknownId):
        tracker.propose([Draft.event(make.event(commitment_id="nope"))], by="ann")
    assert tracker.proposals() == []


def test_a_new_source_and_the_event_that_cites_it_are_approved_together(tracker):
    source = make.source("yearbook")
    event = Draft.event(make.event("signed", "2025-05-20", "yearbook"), 1)
    waiting = tracker.propose([Draft.add(source), event], by="ann").entity_id
    tracker.decide(waiting, approve=True, by="bo")
    assert tracker.history("treaty")[0]["evidence"][0]["source_id"] == "yearbook"


def test_what_others_did_to_the_same_meanwhile_is_a_conflict(tracker, waiting):
    tracker.record(make.event("in-negotiation", "2025-05-01"), by="cy")
    with pytest.raises(StaleVersion) as stale:
        tracker.decide(waiting, approve=True, by="bo")
    assert stale.value.between[0]["actor"] == "cy"
    assert tracker.proposals(state="waiting")


def test_unknown_ones_are_refused(tracker):
    with pytest.raises(UnknownId):
        tracker.decide("nope", approve=True, by="bo")


def test_a_second_coder_may_not_be_the_author_who_proposed(tracker):
    tracker.record(make.event("signed", "2025-05-20"), by="ann")
    assert tracker.code("treaty", 2, "concluded", by="bo")
    with pytest.raises(Invalid):
        tracker.code("treaty", 2, "concluded", by="ann")


def test_proposals_travel_and_stay_what_they_were(tracker, waiting, tmp_path, clock):
    tracker.decide(waiting, approve=True, by="bo")
    tracker.propose([Draft.event(make.event("approved", "2025-05-25"), 2)], by="bo")
    tracker.export(tmp_path / "a.parquet")
    other = Tracker(Store(tmp_path / "other", clock=clock))
    other.import_export(tmp_path / "a.parquet")
    assert other.proposals() == tracker.proposals()
    assert other.info()["head_hash"] == tracker.info()["head_hash"]
    other.verify()


def test_an_approval_by_the_author_does_not_come_in_by_a_file(tracker, waiting, clock, tmp_path):
    # As somebody would forge it who writes the ledger without this program.
    tracker.decide(waiting, approve=True, by="bo")
    with tracker.store.reading() as con:
        entries = list(ledger.read(con))
    forged = []
    for entry in entries:
        previous = forged[-1].hash if forged else ledger.GENESIS
        entry = replace(entry, actor="ann" if entry.actor == "bo" else entry.actor, previous_hash=previous)
        forged.append(replace(entry, hash=entry.sealed()))
    with pytest.raises(VerificationFailed):
        Store(tmp_path / "other", clock=clock).adopt(forged)


def test_the_command_lists_approves_and_declines(tracker, folder, tmp_path):
    command = Command(folder, tmp_path)
    assert command.json("approve") == []
    first = tracker.propose([signed()], by="ann").entity_id
    second = tracker.propose([signed("They signed twice.")], by="ann").entity_id
    listed = command("approve")
    assert f"{first}" in listed
    assert "event commitment signed" in listed
    assert [row["id"] for row in command.json("approve")] == [first, second]
    line = command.refused(1, "approve", first, "--by", "ann")
    assert line == f"ann made the proposal {first}; somebody else approves it."
    assert command.refused(1, "approve", second, "--decline", "--by", "bo") == "--reason is missing"
    assert command("approve", first, "--by", "bo") == f"{first}: approved: treaty version 2\n"
    declined = command.json("approve", second, "--decline", "--reason", "Once is enough.", "--by", "bo")
    assert (declined["state"], len(declined["entries"])) == ("declined", 1)
    assert tracker.history("treaty")[0]["recorded_by"] == "ann"
    command.refused(2, "approve", "--decline")
    command.refused(2, "approve", first)


def test_the_command_says_how_to_go_on_from_what_does_not_go_together(tracker, waiting, folder, tmp_path):
    tracker.record(make.event("in-negotiation", "2025-05-01"), by="cy")
    told = Command(folder, tmp_path).refused(3, "approve", waiting, "--by", "bo")
    assert told.startswith("The proposal does not go together with what others recorded of treaty since: ")
    assert "version 2 by cy" in told
