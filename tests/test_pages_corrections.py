"""What was corrected, and how: the log, wordings, withdrawing, replacing, the two clocks."""

from __future__ import annotations

from typing import Any

import make
from test_pages import links, reader
from test_pages_evidence import text

from tracker.terms import Entity
from tracker.tracker import Tracker

__all__ = ["reader"]


class TestCorrections:
    def test_of_none_says_so(self, shipped: Tracker, reader: Any) -> None:
        assert "Nothing has been corrected yet." in text(reader("corrections"))

    def test_are_told_with_who_what_and_why(self, shipped: Tracker, reader: Any) -> None:
        shipped.withdraw(Entity.SOURCE, "tnsr-2025-10", reason="It is a blog.", by="ann")
        shipped.withdraw(Entity.COMMITMENT, "sof-mou", version=2, reason="Entered twice.", by="bob")
        shipped.withdraw(Entity.COMMITMENT, "sof-mou", version=2, reason="It was not.", by="bob", undo=True)
        told = text(app := reader("corrections"))
        assert "3 corrections are on record. Each gives its reason." in told
        for sentence in (
            "**ann** withdrew the source:",
            "**bob** withdrew the event of version 2:",
            "**bob** restored the event of version 2:",
            "It is a blog.",
            "Entered twice.",
        ):
            assert sentence in told
        assert "id=sof-mou" in links(app).values()
        assert "source=tnsr-2025-10" in links(app).values()

    def test_without_a_reason_say_so(self, tracker: Tracker, reader: Any) -> None:
        tracker.revise(make.commitment(title="Another treaty"), by="ann")
        told = text(reader("corrections"))
        assert "1 gives no reason." in told
        assert "**ann** revised the wording of version 1:" in told
        assert "no reason given" in told

    def test_of_a_check_and_a_dispute_lead_to_their_commitments(self, tracker: Tracker, reader: Any) -> None:
        tracker.add(make.check(), make.dispute(), by="ann")
        tracker.withdraw(Entity.CHECK, "look", reason="Wrong day.", by="ann")
        tracker.withdraw(Entity.DISPUTE, "quarrel", reason="No dispute.", by="ann")
        app = reader("corrections")
        assert [p.proto.query_string for p in app.get("page_link")].count("id=treaty") == 2
