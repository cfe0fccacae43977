"""Changes that wait for a second person, on the pages."""

from __future__ import annotations

from typing import Any

import make
import pytest
from reading import COMMITMENT, links, press, put, said

from tracker.ledger import Draft
from tracker.models import Withdrawal
from tracker.terms import Entity
from tracker.tracker import Tracker

PAGE = "approvals"


def signed() -> Draft:
    return Draft.event(make.event("signed", "2025-05-20", note="They signed in rain."), 1)


@pytest.fixture
def waiting(tracker: Tracker) -> str:
    return tracker.propose([signed()], by="ann").entity_id


def test_nothing_waits_where_nobody_proposed(tracker: Tracker, reader: Any) -> None:
    assert "No change waits for a second person." in said(reader(PAGE))
    assert "waits for a second person" not in said(reader(COMMITMENT, id="treaty"))


def test_what_waits_is_told_here_and_on_the_page_of_its_commitment(waiting: str, reader: Any) -> None:
    app = reader(PAGE)
    assert "1 change waits for a second person." in said(app)
    for part in (
        "Proposed by **ann**",
        "Status: Signed",
        "20 May 2025",
        "They signed in rain.",
        "A document",
    ):
        assert part in said(app)
    assert links(app)["A treaty"] == "id=treaty"
    assert "1 change of this commitment waits for a second person." in said(reader(COMMITMENT, id="treaty"))


def test_it_is_rehearsed_then_approved_and_says_what_moved(
    tracker: Tracker, waiting: str, reader: Any
) -> None:
    app = press(reader(PAGE), "What would move?")
    assert "Pledged" in said(app) or "**Signed**" in said(app)
    assert tracker.commitment("treaty")["version"] == 1
    app = press(put(app, f"decide:{waiting}", by="bo"), "Approve")
    assert "Approved, and recorded in the name of its author." in said(app)
    assert "**Signed**" in said(app)
    assert "Proposed by **ann**, approved by **bo**" in said(app)
    (event,) = tracker.history("treaty")
    assert (event["recorded_by"], event["stage"]) == ("ann", "signed")


def test_its_author_cannot_approve_it(tracker: Tracker, waiting: str, reader: Any) -> None:
    app = press(put(reader(PAGE), f"decide:{waiting}", by="Ann"), "Approve")
    assert f"ann made the proposal {waiting}; somebody else approves it." in said(app)
    assert tracker.commitment("treaty")["version"] == 1


def test_who_declines_says_why(tracker: Tracker, waiting: str, reader: Any) -> None:
    app = press(put(reader(PAGE), f"decide:{waiting}", by="bo"), "Decline")
    assert "is missing" in said(app)
    app = press(put(app, f"decide:{waiting}", reason="The source is a forecast."), "Decline")
    assert "Declined." in said(app)
    assert "The source is a forecast." in said(app)
    assert tracker.proposals()[0]["state"] == "declined"


def test_what_others_did_to_the_same_meanwhile_is_shown_and_nothing_moves(
    tracker: Tracker, waiting: str, reader: Any
) -> None:
    app = put(reader(PAGE), f"decide:{waiting}", by="bo")
    tracker.record(make.event("in-negotiation", "2025-05-01", note="They met."), by="cy")
    app = press(app, "Approve")
    assert "**cy**" in said(app)
    assert "They met." in said(app)
    assert "It cannot be approved as it stands" in said(app)
    assert tracker.proposals()[0]["state"] == "waiting"
    app = press(put(app, f"decide:{waiting}", reason="Overtaken."), "Decline")
    assert tracker.proposals()[0]["state"] == "declined"


def test_a_revision_is_shown_field_by_field(tracker: Tracker, reader: Any) -> None:
    worded = make.commitment(pledge="They will sign two treaties.", because="The text says two.")
    tracker.propose([Draft.revise(worded, 1)], by="ann")
    told = said(reader(PAGE))
    assert "The text says two." in told
    assert "<del>a</del>" in told
    assert "<ins>two</ins>" in told
    assert "Fulfilment test" not in told


def test_every_sort_of_change_is_told(tracker: Tracker, reader: Any) -> None:
    tracker.record(make.event("signed", "2025-05-20"), by="cy")
    tracker.add(make.dispute("quarrel"), by="cy")
    event = Draft.withdraw(Entity.COMMITMENT, "treaty", Withdrawal(version=2, reason="A mistake."), 2)
    source = Draft.withdraw(Entity.SOURCE, "gazette", Withdrawal(reason="A forgery."), 1)
    added = [make.source("yearbook"), make.check("look"), make.dispute("other", claim="Where was it?")]
    changed = make.dispute("quarrel", claim="On what day was it?", because="Said better.")
    drafts = [event, source, *map(Draft.add, added), Draft.revise(changed, 1)]
    for draft in drafts:
        tracker.propose([draft], by="ann")
    told = said(reader(PAGE))
    for part in (
        "6 changes wait", "Withdraws the event", "A mistake.", "Withdraws the source", "A forgery.",
        "New source", "The library", "Yearbook", "New check", "New dispute", "Where was it?", "Said better.",
    ):  # fmt: skip
        assert part in told, part


def test_on_a_server_for_reading_nothing_is_decided(
    waiting: str, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_READ_ONLY", "1")
    app = reader(PAGE)
    assert "1 change waits" in said(app)
    assert not [b for b in app.button if b.label in ("Approve", "Decline")]
