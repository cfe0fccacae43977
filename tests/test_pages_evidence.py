"""Pages on what is known and how: what needs a look, searches, second coders, the method."""

from __future__ import annotations

import datetime as dt
from typing import Any

import make
import pytest
from reading import press, put, said
from streamlit.testing.v1 import AppTest

from tracker.tracker import Tracker

CYBER = "cyber-policy-consultations"
TODAY = dt.datetime.now(dt.UTC).date()


class TestNeedsALook:
    def test_tells_not_looked_from_nothing_found(self, shipped: Tracker, reader: Any) -> None:
        app = reader("attention")
        assert "Nobody has recorded a search for any of the 50 open commitments." in said(app)
        assert "looked on" not in said(app)
        shipped.add(make.check("look", TODAY, CYBER), by="ann")
        app.run()
        assert "For 49 of 50 open commitments" in said(app)
        assert said(app).count("nothing new</td>") == 1

    def test_is_in_the_order_of_the_agenda(self, shipped: Tracker, reader: Any) -> None:
        told = said(reader("attention"))
        places = [told.index(f"commitment?id={i}") for i in ("air-force-staff-talks", CYBER, "gsomia")]
        assert places == sorted(places)

    def test_of_a_past_day_records_nothing(self, shipped: Tracker, reader: Any) -> None:
        app = reader("attention", as_of="2026-01-01", id=CYBER)
        assert "as_of=2026-01-01" in said(app)
        assert not [b for b in app.button if b.label in ("Record a search", "Save search")]

    def test_says_so_when_nothing_is_open(self, tracker: Tracker, reader: Any) -> None:
        tracker.record(make.event("withdrawn", "2025-05-20"), by="ann")
        app = reader("attention")
        assert "Nothing needs a look" in said(app)
        assert [b for b in app.button if b.label == "Record a search"]

    def test_shows_titles_as_they_are(self, tracker: Tracker, reader: Any) -> None:
        tracker.revise(make.commitment(title="<b onclick=x>A</b> & [b](c)"), by="ann")
        assert "&lt;b onclick=x&gt;A&lt;/b&gt; &amp; [b](c)" in said(reader("attention"))


class TestASearch:
    FORM = f"look:{CYBER}"

    def fill(self, app: AppTest, **typed: Any) -> AppTest:
        fields = {
            "places": "Global Affairs Canada, news\nMOFA press room",
            "languages": "en, ko",
            "terms": "cyber\uff0c사이버",
            "note": "Searched both sites.",
            "by": "Jo Kim",
        }
        return put(app, self.FORM, **fields | typed)

    def test_turns_unknown_into_late_and_says_so(self, shipped: Tracker, reader: Any) -> None:
        assert shipped.commitment(CYBER)["schedule"] == "unknown"
        app = press(self.fill(reader("attention", id=CYBER)), "Save search")
        assert "Cyber Policy Consultations: Date passed, not known → **Late**" in said(app)
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
        told = said(press(app, "Save search"))
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
        assert said(app).count(complaint) == 2, "beside the field and in the summary"
        assert shipped.info()["head_hash"] == before
        assert app.text_area(key=f"{self.FORM}:note").value == "Searched both sites."
        assert "Saved" in said(
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


class TestAnAddressOfNothing:
    def test_names_no_commitment_and_has_one_title(self, shipped: Tracker, reader: Any) -> None:
        app = reader("attention", id="gsomai")
        assert [title.value for title in app.title] == ["Needs a look"]
        assert "There is no commitment gsomai. Did you mean gsomia" in said(app)
        assert [b.label for b in app.button].count("Record a search") == 1


class TestTheSecondCoder:
    def begin(self, reader: Any, name: str = "Jo Kim") -> AppTest:
        app = reader("coding")
        app.text_input(key="coding-name").set_value(name)
        return press(app, "Begin")

    def test_sees_neither_stage_nor_status(self, tracker: Tracker, reader: Any) -> None:
        tracker.record(make.event("concluded", note="The talks ended.", happened_on="2025-05"), by="ann")
        app = self.begin(reader)
        told = said(app)
        assert "The talks ended." in told
        assert "They will sign a treaty." in told
        assert "between 1 and 31 May 2025" in told
        (radio,) = app.radio
        assert radio.value is None
        assert "Concluded" in radio.options
        assert "Concluded" not in told
        assert "In progress" not in told

    def test_judges_one_after_the_other(self, shipped: Tracker, reader: Any) -> None:
        app = self.begin(reader)
        first = app.radio[0].key
        app = press(app, "Save and show the next")
        assert "Choose a stage first" in said(app)
        app.radio[0].set_value("pledged")
        app = press(app, "Save and show the next")
        assert "Here is the next one." in said(app)
        assert app.radio[0].key != first
        assert "**Jo Kim**; 1 event so far" in said(app)
        (coded,) = shipped.sql("SELECT stage, recorded_by FROM codings").to_pylist()
        assert coded == {"stage": "pledged", "recorded_by": "Jo Kim"}

    def test_may_pass_over_one(self, shipped: Tracker, reader: Any) -> None:
        app = self.begin(reader)
        first = app.radio[0].key
        assert press(app, "Pass over").radio[0].key != first

    def test_has_nothing_to_do_with_own_events(self, tracker: Tracker, reader: Any) -> None:
        tracker.record(make.event(), by="ann")
        assert "You have judged every event" in said(self.begin(reader, "Ann"))


class TestMethod:
    def test_says_that_nothing_was_judged_twice(self, shipped: Tracker, reader: Any) -> None:
        told = said(reader("method"))
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
        told = said(app)
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

    def test_says_what_the_code_does(self, shipped: Tracker, reader: Any) -> None:
        told = said(app := reader("method"))
        assert "stands at the stage of the latest supported event, even where that is a step back" in told
        assert "highest supported" not in told
        assert "places of different lifecycles are pooled on one ordinal scale" in told
        assert "sources claim that it was kept in time without proving it" in told
        tables = "".join(t.value.to_string() for t in app.table).replace("\\", "")
        assert "sources claim that it was kept in time without proving it" in tables
