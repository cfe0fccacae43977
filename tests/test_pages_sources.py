"""Pages on sources, their grades, and the disputes between them."""

from __future__ import annotations

from typing import Any

import make
import pytest
from reading import press, put, said
from streamlit.testing.v1 import AppTest

from tracker import provenance
from tracker.terms import Entity
from tracker.tracker import Tracker


class TestSources:
    def test_publish_what_each_kind_can_prove(self, shipped: Tracker, reader: Any) -> None:
        told = said(reader("sources"))
        assert "What a source can prove at most" in told
        row = told[told.index("Press release</th>") :]
        assert row[: row.index("</tr>")].count("that it was promised, announced or begun") == 2

    def test_are_told_one_by_one_with_what_they_bear_on(self, shipped: Tracker, reader: Any) -> None:
        told = said(reader("sources", source="tnsr-2025-10"))
        assert "commitment?id=sof-mou" in told
        assert "Disputes it takes part in" in told
        assert "There is no source x." in said(reader("sources", source="x"))

    def test_say_whose_words_they_pass_on(self, tracker: Tracker, reader: Any) -> None:
        tracker.add(make.source("wire", origin="Gazette", speaks_for=["Arvania"]), by="ann")
        told = said(reader("sources", source="wire"))
        assert "Passes on the words of: Gazette" in told
        assert "Speaks for: Arvania" in told

    def test_of_a_past_day_are_those_known_then(self, tracker: Tracker, reader: Any, clock: Any) -> None:
        clock.set("2025-06-03 09:00")
        tracker.add(make.source("later"), by="ann")
        assert "2 sources" in said(reader("sources"))
        assert "1 source" in said(reader("sources", known_on="2025-06-02"))

    def test_are_looked_up_by_their_identifier(self, tracker: Tracker, reader: Any) -> None:
        # Each is cited, and its identifier begins with that of the one that is asked for.
        for n in range(3):
            tracker.add(make.source(f"wire-{n}"), by="ann")
            tracker.record(make.event("pledged", "2024-03-04", f"wire-{n}"), by="ann")
        tracker.add(make.source("wire"), by="ann")
        with tracker.store.reading() as con:
            assert [s["id"] for s in provenance.sources(con, source_id="wire", limit=1)] == ["wire"]
        app = reader("sources", source="wire")
        assert "bears on 0 commitments" in said(app)
        assert "There is no source" not in said(app)

    def test_lead_to_the_disputes_they_take_part_in(self, shipped: Tracker, reader: Any) -> None:
        app = reader("sources", source="tnsr-2025-10")
        (row, *_) = shipped.sql(
            "SELECT id, claim FROM disputes "
            "WHERE list_contains(flatten([s.source_ids for s in sides]), 'tnsr-2025-10') ORDER BY settled, id"
        ).to_pylist()
        assert f'href="sources?story={row["id"]}"' in said(app)
        app = reader("sources", story=row["id"])
        assert row["claim"] in said(app)
        assert "It touches:" in said(app)
        assert "There is no dispute nonsense." in said(reader("sources", story="nonsense"))


class TestAGrade:
    SOURCE = "gac-22-statement-2026-02-25"

    def row(self, tracker: Tracker) -> dict[str, Any]:
        """The source as it is on record."""
        (found,) = (s for s in tracker.sql("FROM sources").to_pylist() if s["id"] == self.SOURCE)
        return dict(found)

    def test_is_previewed_then_saved(self, shipped: Tracker, reader: Any) -> None:
        form = f"regrade:{self.SOURCE}"
        app = reader("sources", source=self.SOURCE, regrade=self.SOURCE)
        assert not [b for b in app.button if b.label == "Save"]
        before = shipped.info()["head_hash"]
        app = press(put(app, form, reliability="E"), "What would move?")
        assert "commitments would move:" in said(app)
        assert shipped.info()["head_hash"] == before
        app = press(app, "Save")
        assert said(app).count("Why is missing") == 2
        app = press(put(app, form, reason="It was not the final text.", by="Jo Kim"), "Save")
        assert "Saved: the new grade counts." in said(app)
        row = self.row(shipped)
        assert (row["reliability"], row["reliability_reason"]) == ("E", "It was not the final text.")
        log = shipped.sql("SELECT recorded_by, because FROM corrections").to_pylist()
        assert log == [{"recorded_by": "Jo Kim", "because": "It was not the final text."}]

    def test_keeps_everything_else_of_the_source(self, shipped: Tracker, reader: Any) -> None:
        before = self.row(shipped)
        app = reader("sources", source=self.SOURCE, regrade=self.SOURCE)
        app = put(app, f"regrade:{self.SOURCE}", reliability="E", reason="So.", by="Jo")
        press(press(app, "What would move?"), "Save")
        changed = ("reliability", "reliability_reason", "version", "recorded_at", "recorded_by")
        after = self.row(shipped)
        assert {k for k in after if after[k] != before[k]} == set(changed)

    def test_that_was_changed_after_the_preview_is_previewed_again(
        self, shipped: Tracker, reader: Any
    ) -> None:
        form = f"regrade:{self.SOURCE}"
        app = reader("sources", source=self.SOURCE, regrade=self.SOURCE)
        app = press(put(app, form, reliability="E", reason="So.", by="Jo"), "What would move?")
        before = shipped.info()["head_hash"]
        press(put(app, form, reliability="F"), "Save")
        assert shipped.info()["head_hash"] == before

    def test_that_is_the_same_is_refused(self, shipped: Tracker, reader: Any) -> None:
        app = reader("sources", source=self.SOURCE, regrade=self.SOURCE)
        assert "New reliability is what it is already" in said(press(app, "What would move?"))

    def test_a_source_is_withdrawn_and_restored(self, shipped: Tracker, reader: Any) -> None:
        form = f"regrade:{self.SOURCE}"
        before = shipped.commitments()
        app = reader("sources", source=self.SOURCE, regrade=self.SOURCE)
        put(app, form, what="withdraw").run()
        app = press(put(app, form, reason="A forgery.", by="Jo Kim"), "What would move?")
        app = press(app, "Save")
        told = said(app)
        assert "Saved: the source does not count any more." in told
        assert "A forgery." in told
        assert shipped.commitments() != before
        app = press(press(app, "Restore"), "What would move?")
        app = press(put(app, form, reason="It was none."), "Save")
        assert "Saved: the source counts again." in said(app)
        moved = ("version", "recorded_at")
        assert [{k: v for k, v in r.items() if k not in moved} for r in shipped.commitments()] == [
            {k: v for k, v in r.items() if k not in moved} for r in before
        ]

    def test_of_somebody_else_in_between_is_told(self, shipped: Tracker, reader: Any) -> None:
        form = f"regrade:{self.SOURCE}"
        app = reader("sources", source=self.SOURCE, regrade=self.SOURCE)
        app = press(put(app, form, reliability="E", reason="So.", by="Jo"), "What would move?")
        shipped.withdraw(Entity.SOURCE, self.SOURCE, reason="Doubtful.", by="ann")
        shipped.withdraw(Entity.SOURCE, self.SOURCE, reason="Sound.", by="ann", undo=True)
        app = press(app, "Save")
        assert "Someone else changed this while you were editing" in said(app)
        assert "Doubtful." in said(app)
        assert "Saved: the new grade counts." in said(press(app, "Save"))

    def test_tells_what_it_moved_and_not_what_was_rehearsed(self, tracker: Tracker, reader: Any) -> None:
        tracker.record(make.event(), by="ann")
        form = "regrade:gazette"
        app = reader("sources", source="gazette", regrade="gazette")
        app = press(put(app, form, reliability="E", reason="So.", by="Jo"), "What would move?")
        assert "1 commitment would move:" in said(app)
        tracker.withdraw(Entity.COMMITMENT, "treaty", version=2, reason="No.", by="bob")
        assert "No commitment moved." in said(press(app, "Save"))


class TestADispute:
    FORM = "quarrel:new"

    def fill(self, app: AppTest, **typed: Any) -> AppTest:
        fields = {
            "claim": "Who hosted the talks?",
            "position_1": "Canada did.",
            "sources_1": ["tnsr-2025-10"],
            "position_2": "Korea did.",
            "sources_2": ["sbs-sdcp-2025-10-30"],
            "commitment_ids": ["sof-mou"],
            "by": "Jo Kim",
        }
        return put(app, self.FORM, **fields | typed)

    def test_reads_as_a_story(self, shipped: Tracker, reader: Any) -> None:
        app = reader("app_pages/commitment.py", id="gsomia")
        assert "last political hurdle" in said(app)
        told = said(reader("sources"))
        assert "? Open New; it is the CCC-DAPA roadshow" in told
        assert "Held for now: Undecided" in told
        assert "What holds: Undecided" not in told
        overview = said(reader("overview"))
        assert "Open Held for now: Undecided" in overview

    def test_is_recorded_open_and_moves_what_it_touches(self, shipped: Tracker, reader: Any) -> None:
        app = press(self.fill(press(reader("sources"), "Record a dispute")), "Save dispute")
        assert "1 commitment moved:" in said(app)
        assert "disputed: no → **yes**" in said(app)
        (row,) = shipped.sql("SELECT * FROM disputes WHERE claim = 'Who hosted the talks?'").to_pylist()
        assert not row["settled"]
        assert [s["holds"] for s in row["sides"]] == [None, None]
        assert row["recorded_by"] == "Jo Kim"
        assert shipped.commitment("sof-mou")["disputed"]

    def test_is_recorded_settled_with_four_sides(self, shipped: Tracker, reader: Any) -> None:
        app = self.fill(
            reader("sources", dispute="new"),
            position_3="Both.",
            sources_3=["sbs-sdcp-2025-10-30"],
            position_4="Neither.",
            sources_4=["tnsr-2025-10"],
        ).run()
        put(app, self.FORM, verdict="3", holds="Both hosted", why="The readouts say so.")
        press(app, "Save dispute")
        (row,) = shipped.sql("SELECT * FROM disputes WHERE claim = 'Who hosted the talks?'").to_pylist()
        assert row["settled"]
        assert [s["holds"] for s in row["sides"]] == [False, False, True, False]

    @pytest.mark.parametrize(
        ("wrong", "complaint"),
        [
            ({"claim": ""}, "What is disputed, as a question is missing"),
            ({"position_2": ""}, "What side 2 says is missing"),
            ({"sources_1": []}, "Sources of side 1 is missing"),
            ({"position_3": "A third."}, "Sources of side 3 is missing"),
            ({"verdict": "1"}, "What holds, in a sentence is missing"),
            ({"by": " "}, "Your name is missing"),
        ],
    )
    def test_names_what_is_wrong_and_loses_nothing(
        self, shipped: Tracker, reader: Any, wrong: dict[str, Any], complaint: str
    ) -> None:
        before = shipped.info()["head_hash"]
        app = press(self.fill(reader("sources", dispute="new"), **wrong), "Save dispute")
        assert said(app).count(complaint) == 2, "beside the field and in the summary"
        assert shipped.info()["head_hash"] == before
        assert app.text_area(key=f"{self.FORM}:position_1").value == "Canada did."

    def test_has_no_side_that_holds_and_says_nothing(self, shipped: Tracker, reader: Any) -> None:
        app = reader("sources", dispute="new")
        offered = app.radio(key=f"{self.FORM}:verdict").options[2:]
        assert offered == ["Side\xa01\xa0holds", "Side\xa02\xa0holds"]
        app = self.fill(app, position_3="Both.", sources_3=["tnsr-2025-10"]).run()
        app = put(app, self.FORM, verdict="3", holds="Both hosted", why="The readouts say so.").run()
        app = press(put(app, self.FORM, position_3="", sources_3=[]), "Save dispute")
        assert said(app).count("What holds? names a side that was not described") == 2

    def test_on_record_is_settled(self, shipped: Tracker, reader: Any) -> None:
        form = "quarrel:forum-identity"
        app = reader("sources", dispute="forum-identity")
        (before,) = shipped.sql("SELECT version FROM disputes WHERE id = 'forum-identity'").to_pylist()
        app = put(app, form, verdict="2", holds="The November one", why="DAPA says so.", by="Jo Kim")
        app = press(app, "Save dispute")
        assert said(app).count("Why you change it is missing") == 2
        app = press(put(app, form, because="DAPA answered."), "Save dispute")
        (row,) = shipped.sql("SELECT * FROM disputes WHERE id = 'forum-identity'").to_pylist()
        assert (row["settled"], row["version"]) == (True, before["version"] + 1)
        assert [s["holds"] for s in row["sides"]] == [False, True, False]
        assert [len(s["source_ids"]) for s in row["sides"]] == [1, 3, 2]

    def test_that_somebody_else_changed_keeps_what_was_typed(self, tracker: Tracker, reader: Any) -> None:
        tracker.add(make.dispute(), by="ann")
        form = "quarrel:quarrel"
        app = put(
            reader("sources", dispute="quarrel"),
            form,
            claim="When exactly was it?",
            position_1="In spring",
            because="Clearer.",
            by="Jo Kim",
        )
        tracker.revise(make.dispute(claim="Annually?", holds="Then", why="So.", because="I know."), by="ann")
        app = press(app, "Save dispute")
        assert "You and somebody else changed the same" in said(app)
        assert "Sources disagree on 1 point; still open: 1." in said(app)
        assert "I know." in said(app)
        assert "Annually" in said(app), "theirs, beside mine"
        assert app.text_input(key=f"{form}:claim").value == "When exactly was it?"
        assert app.text_area(key=f"{form}:position_1").value == "In spring"
        asked = [r for r in app.radio if "what is to hold?" in r.label]
        assert [r.label.partition(":")[0] for r in asked] == [
            "What is disputed, as a question", "Sides", "What holds, in a sentence", "Why",
        ]  # fmt: skip
        app = press(app, "Save dispute")
        assert said(app).count("is not answered yet") == 8, "beside each question and in the summary"
        for radio, answer in zip(asked, ("mine", "mine", "theirs", "theirs"), strict=True):
            app.radio(key=radio.key).set_value(answer)
        app = press(app, "Save dispute")
        assert "what others recorded meanwhile" in said(app)
        (row,) = tracker.sql("SELECT claim, holds, why, sides[1].position AS side FROM disputes").to_pylist()
        assert row == {"claim": "When exactly was it?", "holds": "Then", "why": "So.", "side": "In spring"}

    def test_is_saved_without_a_rehearsal(
        self, shipped: Tracker, reader: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def never(*given: Any, **named: Any) -> None:
            raise AssertionError("a rehearsal copies the whole file")

        monkeypatch.setattr(Tracker, "rehearse", never)
        app = press(self.fill(reader("sources", dispute="new")), "Save dispute")
        assert "disputed: no → **yes**" in said(app)

    @pytest.mark.parametrize(
        ("typed", "holds", "why"),
        [
            ({}, None, None),
            ({"keep": True}, "Then", "It says so."),
            ({"holds": "Later, perhaps"}, "Later, perhaps", None),
        ],
    )
    def test_that_is_opened_again_keeps_no_answer_unasked(
        self, tracker: Tracker, reader: Any, typed: dict[str, Any], holds: str | None, why: str | None
    ) -> None:
        settled = {"settled": True, "holds": "Then", "why": "It says so."}
        tracker.add(make.dispute(**settled), by="ann")
        form = "quarrel:quarrel"
        app = reader("sources", dispute="quarrel")
        fields = {"verdict": "open", "because": "Doubts.", "by": "Jo"} | typed
        app = press(put(app, form, **fields), "Save dispute")
        (row,) = tracker.sql("SELECT holds, why, settled FROM disputes").to_pylist()
        assert row == {"holds": holds, "why": why, "settled": False}
        told = said(app)
        assert "What holds:" not in told
        assert ("Held for now:" in told) is (holds is not None)

    def test_that_is_open_asks_nothing_about_an_answer_of_before(self, tracker: Tracker, reader: Any) -> None:
        tracker.add(make.dispute(), by="ann")
        assert not reader("sources", dispute="quarrel").checkbox
