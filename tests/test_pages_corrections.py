"""What was corrected, and how: the log, wordings, withdrawing, replacing, the two clocks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import make
import pytest
from reading import COMMITMENT, PAGES, links, press, put, said
from streamlit.testing.v1 import AppTest

from dashboard.entry import forms
from tracker import holdings
from tracker.errors import StoreUnavailable
from tracker.models import Commitment
from tracker.terms import Entity
from tracker.tracker import Tracker


class TestADayInTheAddress:
    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("day", ["1989-12-31", "2101-01-01", "9999-12-31", "0001-01-01", "soon"])
    def test_that_cannot_be_chosen_is_ignored(
        self, tracker: Tracker, reader: Any, page: str, day: str
    ) -> None:
        told = said(reader(page, as_of=day, known_on=day))
        assert "You see how things stood on" not in told

    @pytest.mark.parametrize("day", ["1990-01-01", "2100-12-31"])
    def test_at_the_ends_is_shown(self, tracker: Tracker, reader: Any, day: str) -> None:
        app = reader("overview", as_of=day)
        assert app.date_input(key="clock-as_of").value == dt.date.fromisoformat(day)


def option(app: AppTest, key: str, part: str) -> str:
    """The option of a field that holds this text."""
    return next(o for o in app.multiselect(key=key).options if part in o)


class TestReplacing:
    """An event is replaced through the form, which starts from what it says."""

    def replaced(self, tracker: Tracker) -> int:
        for name in ("register", "wire", "history"):
            tracker.add(make.source(name), by="ann")
        told = [("register", "supports"), ("wire", "contradicts"), ("history", "context")]
        evidence = [
            {"source_id": s, "bearing": b, "credibility": c, "quote": f"Says {s}.", "locator": "p. 2"}
            for c, (s, b) in enumerate(told, 2)
        ]
        return tracker.record(make.event(evidence=evidence), by="ann")

    def open(self, reader: Any, version: int) -> AppTest:
        opened: AppTest = reader(COMMITMENT, id="treaty", edit="1", replaces=str(version))
        return opened

    def test_keeps_every_item_with_what_it_does(self, tracker: Tracker, reader: Any) -> None:
        form = f"record:treaty:{(version := self.replaced(tracker))}"
        app = put(self.open(reader, version), form, because="Clearer.", note="It was so.", by="Jo Kim")
        assert app.text_input(key=f"{form}:happened_on").value == "2024-03-04"
        app = press(app, "Save status")
        assert "Saved: Pledged" in said(app)
        old, new = tracker.history("treaty")
        kept = ("source_id", "bearing", "credibility", "quote", "locator")
        assert [{k: e[k] for k in kept} for e in new["evidence"]] == [
            {k: e[k] for k in kept} for e in old["evidence"]
        ]
        assert (new["supersedes"], new["note"]) == (version, "It was so.")
        assert old["withdrawn_because"] == "Clearer."

    def test_lets_context_go_where_the_editor_says_so(self, tracker: Tracker, reader: Any) -> None:
        form = f"record:treaty:{(version := self.replaced(tracker))}"
        app = put(self.open(reader, version), form, because="Clearer.", by="Jo Kim", context=[])
        press(app, "Save status")
        assert [e["source_id"] for e in tracker.history("treaty")[-1]["evidence"]] == ["register", "wire"]

    def test_keeps_sources_that_no_field_would_offer(
        self, tracker: Tracker, reader: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        form = f"record:treaty:{(version := self.replaced(tracker))}"
        monkeypatch.setattr(forms, "OFFERED", 1)
        app = self.open(reader, version)
        assert len(app.multiselect(key=f"{form}:on_file").options) <= 4
        assert app.multiselect(key=f"{form}:on_file").value == ["register"]
        press(put(app, form, because="Clearer.", by="Jo Kim"), "Save status")
        told = [e["source_id"] for e in tracker.history("treaty")[-1]["evidence"]]
        assert told == ["register", "wire", "history"]

    def test_of_what_somebody_withdrew_meanwhile_loses_nothing(self, tracker: Tracker, reader: Any) -> None:
        form = f"record:treaty:{(version := self.replaced(tracker))}"
        app = put(self.open(reader, version), form, because="Clearer.", note="It was so.", by="Jo Kim")
        tracker.withdraw(Entity.COMMITMENT, "treaty", version=version, reason="No.", by="bob")
        app = press(app, "Save status")
        assert "does not count any more" in said(app)
        assert app.text_area(key=f"{form}:note").value == "It was so."
        assert "Saved: Pledged" in said(press(app, "Record mine too"))
        assert [e["note"] for e in tracker.history("treaty") if e["withdrawn_at"] is None] == ["It was so."]

    def test_starts_with_the_name_that_was_typed_last(self, tracker: Tracker, reader: Any) -> None:
        app = reader(COMMITMENT, id="treaty", edit="1")
        assert app.text_input(key="record:treaty:by").value == ""
        fields = {"stage": "pledged", "happened_on": "2024-03-04", "note": "So.", "by": "Jo Kim"}
        app = put(app, "record:treaty", **fields, on_file=["gazette"], on_file_credibility=1)
        app = press(press(app, "Save status"), "Record a status change")
        assert app.text_input(key="record:treaty:by").value == "Jo Kim"
        assert app.text_area(key="record:treaty:note").value == ""


class TestAWithdrawnSource:
    def test_is_offered_by_no_form(self, tracker: Tracker, reader: Any) -> None:
        tracker.add(make.source("forgery"), make.source("register"), by="ann")
        tracker.withdraw(Entity.SOURCE, "forgery", reason="It is one.", by="ann")
        app = reader(COMMITMENT, id="treaty", edit="1")
        for key in ("record:treaty:on_file", "record:treaty:against"):
            offered = app.multiselect(key=key).options
            assert [o.partition(":")[0] for o in offered] == ["Gazette", "Register"]
        app = reader("sources", dispute="new")
        offered = app.multiselect(key="quarrel:new:sources_1").options
        assert [o.partition(":")[0] for o in offered] == ["Gazette", "Register"]

    def test_stays_in_a_dispute_that_named_it(self, tracker: Tracker, reader: Any) -> None:
        tracker.add(make.dispute(), by="ann")
        tracker.withdraw(Entity.SOURCE, "gazette", reason="No.", by="ann")
        app = reader("sources", dispute="quarrel")
        assert app.multiselect(key="quarrel:quarrel:sources_1").value == ["gazette"]
        assert option(app, "quarrel:quarrel:sources_1", "Gazette").endswith("– Withdrawn")

    def test_is_marked_where_a_pledge_stands_in_it(self, tracker: Tracker, reader: Any) -> None:
        mark = '</a> <span class="tag red">Withdrawn</span>'
        assert mark not in said(reader(COMMITMENT, id="treaty"))
        tracker.withdraw(Entity.SOURCE, "gazette", reason="No.", by="ann")
        assert mark in said(reader(COMMITMENT, id="treaty"))


class TestWithdrawing:
    def test_an_event_says_what_moved(self, tracker: Tracker, reader: Any) -> None:
        version = tracker.record(make.event(), by="ann")
        app = press(reader(COMMITMENT, id="treaty"), "Correct")
        app = press(app, "Withdraw this event")
        assert said(app).count("Why? is missing") == 2
        app = press(put(app, f"correct:treaty:{version}", reason="No.", by="Jo Kim"), "Withdraw this event")
        told = said(app)
        assert "Withdrawn. It stays on record and no longer counts." in told
        assert "A treaty: stage: Pledged → **Reported, unconfirmed**" in told
        assert "No event that counts is on record." in told
        assert "No evidence that counts is on record." in told
        assert "correct" not in app.query_params

    def test_that_is_recorded_and_not_yet_published_is_recorded(
        self, tracker: Tracker, reader: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = tracker.record(make.event(), by="ann")
        app = put(
            reader(COMMITMENT, id="treaty", correct=str(version)),
            f"correct:treaty:{version}",
            reason="No.",
            by="Jo",
        )
        withdraw = Tracker.withdraw

        def full(self: Tracker, *given: Any, **named: Any) -> int:
            withdraw(self, *given, **named)
            raise StoreUnavailable("unpublished", path="store")

        monkeypatch.setattr(Tracker, "withdraw", full)
        told = said(press(app, "Withdraw this event"))
        assert "Saved, but not yet to be seen" in told
        assert "Nothing was saved" not in told
        assert tracker.commitment("treaty")["stage"] == "reported-unconfirmed"

    def test_of_what_somebody_else_withdrew_is_told(self, tracker: Tracker, reader: Any) -> None:
        version = tracker.record(make.event(), by="ann")
        app = reader(COMMITMENT, id="treaty", correct=str(version))
        app = put(app, f"correct:treaty:{version}", reason="No.", by="Jo")
        tracker.withdraw(Entity.COMMITMENT, "treaty", version=version, reason="Mine first.", by="bob")
        app = press(app, "Withdraw this event")
        assert "Someone else changed this while you were editing" in said(app)
        assert "Mine first." in said(app)
        assert app.text_area(key=f"correct:treaty:{version}:reason").value == "No."
        assert tracker.history("treaty")[0]["withdrawn_by"] == "bob"

    def test_a_dispute_that_somebody_else_withdrew_is_told(self, tracker: Tracker, reader: Any) -> None:
        tracker.add(make.dispute(), by="ann")
        mine = put(
            reader("sources", correct="dispute:quarrel"),
            "correct:quarrel:dispute:quarrel",
            reason="No.",
            by="Jo",
        )
        theirs = put(
            reader("sources", dispute="quarrel"), "quarrel:quarrel", claim="So?", because="So.", by="Jo"
        )
        tracker.withdraw(Entity.DISPUTE, "quarrel", reason="Mine first.", by="bob")
        assert "Mine first." in said(press(mine, "Withdraw this dispute"))
        told = said(press(theirs, "Save dispute"))
        assert "Mine first." in told
        assert theirs.text_input(key="quarrel:quarrel:claim").value == "So?"

    def test_a_search_is_withdrawn_and_brought_back(self, shipped: Tracker, reader: Any) -> None:
        today = dt.datetime.now(dt.UTC).date()
        cyber = "cyber-policy-consultations"
        shipped.add(make.check("look", today, cyber, "sof-mou"), by="ann")
        app = press(reader(COMMITMENT, id=cyber), "Withdraw this search")
        assert "It bears on 2 commitments." in said(app)
        app = put(app, "correct:look:check:look", reason="It was another day.", by="Jo Kim")
        app = press(app, "Withdraw this search")
        assert "Cyber Policy Consultations: schedule: Late → **Date passed, not known**" in said(app)
        assert shipped.commitment(cyber)["schedule"] == "unknown"
        app = put(press(app, "Bring it back"), "correct:look:check:look", reason="It was not.")
        assert "It counts again." in said(press(app, "Bring it back"))
        assert shipped.commitment(cyber)["schedule"] == "late"

    def test_a_dispute_is_withdrawn_and_brought_back(self, tracker: Tracker, reader: Any) -> None:
        tracker.add(make.dispute(), by="ann")
        app = press(reader("sources"), "Withdraw this dispute")
        app = put(app, "correct:quarrel:dispute:quarrel", reason="Nobody asks.", by="Jo Kim")
        app = press(app, "Withdraw this dispute")
        assert "A treaty: disputed: yes → **no**" in said(app)
        assert "1 dispute withdrawn" in [e.label.replace("\u00a0", " ") for e in app.expander]
        app = reader("sources", story="quarrel")
        assert "Withdrawn by Jo Kim on" in said(app)
        assert "Nobody asks." in said(app)
        assert not [b for b in app.button if b.label == "Settle or change this dispute"]
        app = put(
            press(app, "Bring it back"), "correct:quarrel:dispute:quarrel", reason="Somebody does.", by="Jo"
        )
        assert "It counts again." in said(press(app, "Bring it back"))
        assert tracker.commitment("treaty")["disputed"]


class TestWordings:
    def revise(self, tracker: Tracker, **fields: Any) -> None:
        with tracker.store.reading() as con:
            _, content = holdings.content(con, "commitment", "treaty")
        content.pop("because", None)
        tracker.revise(Commitment.parse(content | fields), by="ann")

    @pytest.mark.parametrize(
        ("fields", "label", "marked"),
        [
            ({"headline": True}, "Headline commitment", "<del>no</del><ins>yes</ins>"),
            ({"kind": "mou"}, "Kind", "<ins>Memorandum"),
            ({"open_questions": ["Who signs?"]}, "Open questions", "<ins>Who signs?</ins>"),
            ({"conflicts": ["Two dates."]}, "Where accounts differ", "<ins>Two dates.</ins>"),
            ({"source_ids": ["gazette", "register"]}, "Sources of the pledge", "<ins><br>register</ins>"),
            ({"related_source_ids": ["register"]}, "Related sources", "<ins>register</ins>"),
            (
                {"parties": [{"name": "Arvania", "bodies": ["Home Office"]}]},
                "Parties",
                "name: Arvania; bodies: <del>Foreign</del><ins>Home</ins> Office",
            ),
            (
                {"milestones": [{"name": "Talks", "expected": "2026", "expected_basis": "inferred"}]},
                "Milestones",
                "<ins>name: Talks; expected: 2026; basis: inferred by the compiler</ins>",
            ),
            ({"parties_basis": "By its text."}, "How the parties are known", "<ins>By its text.</ins>"),
            ({"cadence_note": "yearly"}, "Rhythm in words", "<ins>yearly</ins>"),
        ],
    )
    def test_tell_every_change_with_who_and_why(
        self, tracker: Tracker, reader: Any, fields: dict[str, Any], label: str, marked: str
    ) -> None:
        tracker.add(make.source("register"), by="ann")
        self.revise(tracker, **fields, because="So it says.")
        told = said(reader(COMMITMENT, id="treaty"))
        assert "How the wording changed" in told
        assert f"<b>{label}</b>" in told
        assert marked in told
        assert "**ann**" in told
        assert "So it says." in told

    def test_tell_a_revision_that_changed_no_text(self, tracker: Tracker, reader: Any) -> None:
        self.revise(tracker, because="Read once more, and right.")
        told = said(reader(COMMITMENT, id="treaty"))
        assert "Read once more, and right." in told
        assert "Nothing that stands here was worded otherwise." in told

    def test_of_a_day_before_are_not_told(self, tracker: Tracker, reader: Any, clock: Any) -> None:
        clock.set("2025-06-03 09:00")
        self.revise(tracker, headline=True)
        assert "How the wording changed" in said(reader(COMMITMENT, id="treaty"))
        assert "How the wording changed" not in said(reader(COMMITMENT, id="treaty", known_on="2025-06-02"))


class TestCorrections:
    def test_of_none_says_so(self, shipped: Tracker, reader: Any) -> None:
        assert "Nothing has been corrected yet." in said(reader("corrections"))

    def test_are_told_with_who_what_and_why(self, shipped: Tracker, reader: Any) -> None:
        shipped.withdraw(Entity.SOURCE, "tnsr-2025-10", reason="It is a blog.", by="ann")
        shipped.withdraw(Entity.COMMITMENT, "sof-mou", version=2, reason="Entered twice.", by="bob")
        shipped.withdraw(Entity.COMMITMENT, "sof-mou", version=2, reason="It was not.", by="bob", undo=True)
        told = said(app := reader("corrections"))
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
        told = said(reader("corrections"))
        assert "1 gives no reason." in told
        assert "**ann** revised the wording of version 1:" in told
        assert "no reason given" in told

    def test_of_a_check_and_a_dispute_lead_to_their_commitments(self, tracker: Tracker, reader: Any) -> None:
        tracker.add(make.check(), make.dispute(), by="ann")
        tracker.withdraw(Entity.CHECK, "look", reason="Wrong day.", by="ann")
        tracker.withdraw(Entity.DISPUTE, "quarrel", reason="No dispute.", by="ann")
        app = reader("corrections")
        assert [p.proto.query_string for p in app.get("page_link")].count("id=treaty") == 2
