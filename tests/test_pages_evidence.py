"""Pages on what is known and how: what needs a look, corrections, sources, disputes, second coders."""

from __future__ import annotations

import datetime as dt
from typing import Any

import make
import pytest
from streamlit.testing.v1 import AppTest
from test_pages import links, reader, said

from tracker.store import Store
from tracker.terms import Entity
from tracker.tracker import Tracker

__all__ = ["reader"]

CYBER = "cyber-policy-consultations"
TODAY = dt.datetime.now(dt.UTC).date()


def press(app: AppTest, label: str) -> AppTest:
    next(b for b in app.button if b.label == label).click()
    app.run()
    assert not app.exception, app.exception[0].value
    return app


def put(app: AppTest, form: str, **typed: Any) -> AppTest:
    """Fill fields of a form by their names."""
    kinds = (app.text_input, app.text_area, app.multiselect, app.selectbox, app.radio)
    for field, value in typed.items():
        widget = next(w for kind in kinds for w in kind if w.key == f"{form}:{field}")
        widget.set_value(value)
    return app


def text(app: AppTest) -> str:
    """What the page says, tables of links included."""
    return said(app)


class TestNeedsALook:
    def test_tells_not_looked_from_nothing_found(self, shipped: Tracker, reader: Any) -> None:
        app = reader("attention")
        assert "Nobody has recorded a search for any of the 50 open commitments." in text(app)
        assert "looked on" not in text(app)
        shipped.add(make.check("look", TODAY, CYBER), by="ann")
        app.run()
        assert "For 49 of 50 open commitments" in text(app)
        assert text(app).count("nothing new</td>") == 1

    def test_is_in_the_order_of_the_agenda(self, shipped: Tracker, reader: Any) -> None:
        told = text(reader("attention"))
        places = [told.index(f"commitment?id={i}") for i in ("air-force-staff-talks", CYBER, "gsomia")]
        assert places == sorted(places)

    def test_of_a_past_day_records_nothing(self, shipped: Tracker, reader: Any) -> None:
        app = reader("attention", as_of="2026-01-01", id=CYBER)
        assert "as_of=2026-01-01" in text(app)
        assert not [b for b in app.button if b.label in ("Record a search", "Save search")]

    def test_says_so_when_nothing_is_open(self, store: Store, reader: Any) -> None:
        assert "Nothing needs a look" in text(reader("attention"))

    def test_shows_titles_as_they_are(self, tracker: Tracker, reader: Any) -> None:
        tracker.revise(make.commitment(title="<b onclick=x>A</b> & [b](c)"), by="ann")
        assert "&lt;b onclick=x&gt;A&lt;/b&gt; &amp; [b](c)" in text(reader("attention"))


class TestASearch:
    FORM = f"look:{CYBER}"

    def fill(self, app: AppTest, **typed: Any) -> AppTest:
        fields = {
            "places": "Global Affairs Canada, news\nMOFA press room",
            "languages": "en, ko",
            "terms": "cyber, 사이버",
            "note": "Searched both sites.",
            "by": "Jo Kim",
        }
        return put(app, self.FORM, **fields | typed)

    def test_turns_unknown_into_late_and_says_so(self, shipped: Tracker, reader: Any) -> None:
        assert shipped.commitment(CYBER)["schedule"] == "unknown"
        app = press(self.fill(reader("attention", id=CYBER)), "Save search")
        assert "Cyber Policy Consultations: Date passed, not known → **Late**" in text(app)
        row = shipped.commitment(CYBER)
        assert (row["schedule"], row["last_checked"], row["evidence_reaches"]) == ("late", TODAY, TODAY)
        (check,) = shipped.sql("SELECT places, languages, terms, note, recorded_by FROM checks").to_pylist()
        assert check == {
            "places": ["Global Affairs Canada, news", "MOFA press room"],
            "languages": ["en", "ko"],
            "terms": ["cyber", "사이버"],
            "note": "Searched both sites.",
            "recorded_by": "Jo Kim",
        }
        assert "id" not in app.query_params
        assert not [b for b in app.button if b.label == "Save search"]

    def test_for_several_says_what_stayed(self, shipped: Tracker, reader: Any) -> None:
        app = self.fill(reader("attention", id=CYBER), commitment_ids=[CYBER, "sof-mou", "gsomia"])
        told = text(press(app, "Save search"))
        assert "a search of" in told
        assert "for 3 commitments" in told
        assert "The schedules of 2 others stay as they were." in told

    @pytest.mark.parametrize(
        ("wrong", "complaint"),
        [
            ({"commitment_ids": []}, "Commitments you looked for is missing"),
            ({"places": " \n "}, "Where you looked is missing"),
            ({"by": ""}, "Your name is missing"),
            ({"checked_on": ""}, "Day of the search is missing"),
            ({"checked_on": "2026-02-30"}, "Day of the search is not a date"),
            ({"checked_on": "1700000000"}, "Day of the search is not a date"),
            ({"checked_on": "2999-01-01"}, "Day of the search is in the future"),
            ({"languages": "English"}, "Languages is not a language code"),
        ],
    )
    def test_names_what_is_wrong_and_loses_nothing(
        self, shipped: Tracker, reader: Any, wrong: dict[str, Any], complaint: str
    ) -> None:
        before = shipped.info()["head_hash"]
        app = press(self.fill(reader("attention", id=CYBER), **wrong), "Save search")
        assert text(app).count(complaint) == 2, "beside the field and in the summary"
        assert shipped.info()["head_hash"] == before
        assert app.text_area(key=f"{self.FORM}:note").value == "Searched both sites."
        assert "Saved" in text(
            press(self.fill(app, **{k: v for k, v in self.right().items()}), "Save search")
        )

    @staticmethod
    def right() -> dict[str, Any]:
        return {"commitment_ids": [CYBER], "checked_on": TODAY.isoformat()}

    def test_opens_by_a_click_and_forgets_on_cancel(self, shipped: Tracker, reader: Any) -> None:
        app = press(reader("attention"), "Record a search")
        assert app.multiselect(key="look::commitment_ids").value == []
        app = press(app, "Cancel")
        assert not app.multiselect
        assert shipped.info()["counts"]["checks"] == 0

    def test_has_no_form_on_a_read_only_server(
        self, shipped: Tracker, reader: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TRACKER_READ_ONLY", "1")
        for page in ("attention", "sources", "coding", "method"):
            app = reader(page, id=CYBER, dispute="new", look="1")
            assert not [
                w for w in (*app.text_area, *app.text_input) if w.key and not w.key.startswith("filter-")
            ]
            assert not [b for b in app.button if b.label.startswith(("Record", "Change", "Settle", "Begin"))]


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


class TestSources:
    def test_publish_what_each_kind_can_prove(self, shipped: Tracker, reader: Any) -> None:
        told = text(reader("sources"))
        assert "What a source can prove at most" in told
        row = told[told.index("Press release</th>") :]
        assert row[: row.index("</tr>")].count("that it was promised, announced or begun") == 2

    def test_are_told_one_by_one_with_what_they_bear_on(self, shipped: Tracker, reader: Any) -> None:
        told = text(reader("sources", source="tnsr-2025-10"))
        assert "commitment?id=sof-mou" in told
        assert "Disputes it takes part in" in told
        assert "There is no source x." in text(reader("sources", source="x"))

    def test_say_whose_words_they_pass_on(self, tracker: Tracker, reader: Any) -> None:
        tracker.add(make.source("wire", origin="Gazette", speaks_for=["Arvania"]), by="ann")
        told = text(reader("sources", source="wire"))
        assert "Passes on the words of: Gazette" in told
        assert "Speaks for: Arvania" in told

    def test_of_a_past_day_are_those_known_then(self, tracker: Tracker, reader: Any, clock: Any) -> None:
        clock.set("2025-06-03 09:00")
        tracker.add(make.source("later"), by="ann")
        assert "2 sources" in text(reader("sources"))
        assert "1 source" in text(reader("sources", known_on="2025-06-02"))


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
        assert "commitments would move:" in text(app)
        assert shipped.info()["head_hash"] == before
        app = press(app, "Save")
        assert text(app).count("Why is missing") == 2
        app = press(put(app, form, reason="It was not the final text.", by="Jo Kim"), "Save")
        assert "Saved: the new grade counts." in text(app)
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
        assert "New reliability is what it is already" in text(press(app, "What would move?"))

    def test_a_source_is_withdrawn_and_restored(self, shipped: Tracker, reader: Any) -> None:
        form = f"regrade:{self.SOURCE}"
        before = shipped.commitments()
        app = reader("sources", source=self.SOURCE, regrade=self.SOURCE)
        put(app, form, what="withdraw").run()
        app = press(put(app, form, reason="A forgery.", by="Jo Kim"), "What would move?")
        app = press(app, "Save")
        told = text(app)
        assert "Saved: the source does not count any more." in told
        assert "A forgery." in told
        assert shipped.commitments() != before
        app = press(press(app, "Restore"), "What would move?")
        app = press(put(app, form, reason="It was none."), "Save")
        assert "Saved: the source counts again." in text(app)
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
        assert "Someone else changed this while you were editing" in text(app)
        assert "Doubtful." in text(app)
        assert "Saved: the new grade counts." in text(press(app, "Save"))


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
        assert any("last political hurdle" in e.label for e in app.expander)
        told = text(reader("sources"))
        assert "orange-badge[? Open] New; it is the CCC-DAPA roadshow" in told
        assert "**What holds:** Undecided" in told

    def test_is_recorded_open_and_moves_what_it_touches(self, shipped: Tracker, reader: Any) -> None:
        app = press(self.fill(press(reader("sources"), "Record a dispute")), "Save dispute")
        assert "1 commitment moved:" in text(app)
        assert "disputed: no → **yes**" in text(app)
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
            verdict="3",
            holds="Both hosted",
            why="The readouts say so.",
        )
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
            ({"verdict": "4", "holds": "x", "why": "y"}, "What holds? names a side that was not described"),
            ({"by": " "}, "Your name is missing"),
        ],
    )
    def test_names_what_is_wrong_and_loses_nothing(
        self, shipped: Tracker, reader: Any, wrong: dict[str, Any], complaint: str
    ) -> None:
        before = shipped.info()["head_hash"]
        app = press(self.fill(reader("sources", dispute="new"), **wrong), "Save dispute")
        assert text(app).count(complaint) == 2, "beside the field and in the summary"
        assert shipped.info()["head_hash"] == before
        assert app.text_area(key=f"{self.FORM}:position_1").value == "Canada did."

    def test_on_record_is_settled(self, shipped: Tracker, reader: Any) -> None:
        form = "quarrel:forum-identity"
        app = reader("sources", dispute="forum-identity")
        app = put(app, form, verdict="2", holds="The November one", why="DAPA says so.", by="Jo Kim")
        app = press(app, "Save dispute")
        assert text(app).count("Why you change it is missing") == 2
        app = press(put(app, form, because="DAPA answered."), "Save dispute")
        (row,) = shipped.sql("SELECT * FROM disputes WHERE id = 'forum-identity'").to_pylist()
        assert (row["settled"], row["version"]) == (True, 2)
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
        tracker.revise(
            make.dispute(claim="Ann's claim", holds="Then", why="So.", because="I know."), by="ann"
        )
        app = press(app, "Save dispute")
        assert "Someone else changed this while you were editing" in text(app)
        assert "I know." in text(app)
        assert app.text_input(key=f"{form}:claim").value == "When exactly was it?"
        assert app.text_area(key=f"{form}:position_1").value == "In spring"
        press(app, "Save dispute")
        (row,) = tracker.sql("SELECT claim, version FROM disputes").to_pylist()
        assert row == {"claim": "When exactly was it?", "version": 3}


class TestTheSecondCoder:
    def begin(self, reader: Any, name: str = "Jo Kim") -> AppTest:
        app = reader("coding")
        app.text_input(key="coding-name").set_value(name)
        return press(app, "Begin")

    def test_sees_neither_stage_nor_status(self, tracker: Tracker, reader: Any) -> None:
        tracker.record(make.event("concluded", note="The talks ended.", happened_on="2025-05"), by="ann")
        app = self.begin(reader)
        told = text(app)
        assert "The talks ended." in told
        assert "They will sign a treaty." in told
        assert "between 1 May 2025" in told
        (radio,) = app.radio
        assert radio.value is None
        assert "Concluded" in radio.options
        assert "Concluded" not in told
        assert "In progress" not in told

    def test_judges_one_after_the_other(self, shipped: Tracker, reader: Any) -> None:
        app = self.begin(reader)
        first = app.radio[0].key
        app = press(app, "Save and show the next")
        assert "Choose a stage first" in text(app)
        app.radio[0].set_value("pledged")
        app = press(app, "Save and show the next")
        assert "Here is the next one." in text(app)
        assert app.radio[0].key != first
        assert "**Jo Kim**; 1 event so far" in text(app)
        (coded,) = shipped.sql("SELECT stage, recorded_by FROM codings").to_pylist()
        assert coded == {"stage": "pledged", "recorded_by": "Jo Kim"}

    def test_may_pass_over_one(self, shipped: Tracker, reader: Any) -> None:
        app = self.begin(reader)
        first = app.radio[0].key
        assert press(app, "Pass over").radio[0].key != first

    def test_has_nothing_to_do_with_own_events(self, tracker: Tracker, reader: Any) -> None:
        tracker.record(make.event(), by="ann")
        assert "You have judged every event" in text(self.begin(reader, "Ann"))


class TestMethod:
    def test_says_that_nothing_was_judged_twice(self, shipped: Tracker, reader: Any) -> None:
        told = text(reader("method"))
        assert "No event has been judged twice yet" in told
        assert "Edition 2" in told

    def test_publishes_agreement_and_dissent(self, tracker: Tracker, reader: Any) -> None:
        days = ("2024-04-01", "2024-05-01", "2024-06-01")
        stages = ("pledged", "in-negotiation", "concluded")
        for day, stage in zip(days, stages, strict=True):
            tracker.record(make.event(stage, day), by="ann")
        for version, stage in zip((2, 3, 4), ("pledged", "in-negotiation", "signed"), strict=True):
            tracker.code("treaty", version, stage, note="I see a signature.", by="bob")
        app = reader("method")
        told = text(app)
        assert "Krippendorff's alpha is 0." in told
        assert "3 events judged by two or more of 2 coders; on 2 of them all agree." in told
        assert "Where the coders differ" in [s.value for s in app.subheader]
        dissent = app.table[-1].value.astype(str).to_string().replace("\\", "")
        assert "Concluded (ann)" in dissent
        assert "Signed (bob)" in dissent

    def test_says_what_every_stage_needs(self, shipped: Tracker, reader: Any) -> None:
        app = reader("method")
        tables = "".join(t.value.astype(str).to_string() for t in app.table)
        assert "Evidence it needs" in tables
