"""The form that rewords a commitment, and what no form may lose."""

from __future__ import annotations

from typing import Any

import make
import pytest
from reading import COMMITMENT, press, put, said

from tracker import holdings, locking
from tracker.terms import Entity
from tracker.tracker import Tracker

FORM = "revise:treaty"
TOLD = {"because": "As the text has it.", "by": "Jo Kim"}
SIGN = {"name": "Signature", "expected": "2025-09", "expected_basis": "stated"}
LONG = {
    "parties": [{"name": "Arvania", "bodies": ["Foreign Office"]}, {"name": "Belmora"}],
    "milestones": [SIGN, {"name": "Ratification"}],
    "open_questions": ["Who pays?\nAnd when?", "Where?"],
    "cadence": "P1Y",
    "lapses_after": "P18M",
}


def open_form(reader: Any) -> Any:
    return reader(COMMITMENT, id="treaty", edit="wording")


def content(tracker: Tracker) -> dict[str, Any]:
    with tracker.store.reading() as con:
        version, told = holdings.content(con, Entity.COMMITMENT, "treaty")
    return told | {"version": version}


def test_every_field_can_be_changed_and_what_nobody_touched_stays(tracker: Tracker, reader: Any) -> None:
    tracker.add(make.source("wire"), make.commitment("other", pillar="Security"), by="ann")
    tracker.revise(make.commitment(**LONG), by="ann")
    before = content(tracker)
    typed = {
        "title": "특수전 양해각서",
        "pledge": "They sign.\nThey ratify.",
        "kind": "mou",
        "pillar": "Security",
        "headline": True,
        "due": "2026-11~",
        "cadence": "",
        "lapses_after": "",
        "cadence_note": "once",
        "fulfilment_test": "Both signed.",
        "source_ids": ["gazette", "wire"],
        "conflicts": "One says May.\nOne says June.",
        "parties_basis": "stated",
        "milestones.0.reached": "2025-05-20",
        "milestones.1.name": "",
        "milestones.2.name": "서명식",
        "milestones.2.note": "서울",
        "parties.0.bodies": "Foreign Office\n국방부",
        "parties.2.name": "Cedria",
    }
    app = press(put(open_form(reader), FORM, **typed, **TOLD), "Save wording")
    assert "Saved: Title, What was promised, Kind, Pillar, Parties" in said(app)
    assert "edit" not in app.query_params
    plain = {f: v or None for f, v in typed.items() if "." not in f}
    del plain["lapses_after"], before["lapses_after"]
    blank = {"expected": None, "expected_basis": None, "reached": None, "note": None}
    assert content(tracker) == before | plain | {
        "conflicts": ["One says May.", "One says June."],
        "milestones": [
            blank | SIGN | {"reached": "2025-05-20"},
            blank | {"name": "서명식", "note": "서울"},
        ],
        "parties": [
            {"name": "Arvania", "bodies": ["Foreign Office", "국방부"]},
            {"name": "Belmora", "bodies": []},
            {"name": "Cedria", "bodies": []},
        ],
        "because": TOLD["because"],
        "version": 3,
    }


def test_every_fault_stands_beside_its_field_until_that_is_changed(tracker: Tracker, reader: Any) -> None:
    tracker.revise(make.commitment(**LONG), by="ann")
    wrong = {
        "title": " ",
        "due": "soon",
        "cadence": "yearly",
        "milestones.0.expected": "2025-13",
        "milestones.1.expected": "2026",
        "milestones.2.note": "A new one has a name.",
        "parties.2.bodies": "Nobody's",
        "by": "",
    }
    app = press(put(open_form(reader), FORM, **TOLD | wrong), "Save wording")
    told = said(app)
    for complaint in (
        "Title is empty",
        "Date is not a date",
        "Rhythm is not an ISO 8601 duration",
        "Expected (1) is not a date",
        "Who expects it (2) needs an expected date and its basis",
        "Milestone 3 is empty",
        "Party 3 is empty",
        "Your name is missing",
    ):
        assert told.count(complaint) == 2, (complaint, "beside the field and in the summary")
    assert app.text_area(key=f"{FORM}:parties.2.bodies").value == "Nobody's"
    app = put(app, FORM, due="2026").run()
    assert "Date is not a date" not in said(app)
    assert "Title is empty" in said(app)
    assert content(tracker)["version"] == 2


def test_a_wording_that_changes_nothing_is_no_entry(tracker: Tracker, reader: Any) -> None:
    tracker.revise(make.commitment(**LONG), by="ann")
    app = press(put(open_form(reader), FORM, **TOLD), "Save wording")
    assert "no field was changed" in said(app)
    assert content(tracker)["version"] == 2


def test_of_a_list_only_the_thing_that_both_changed_is_asked(tracker: Tracker, reader: Any) -> None:
    tracker.revise(make.commitment(**LONG), by="ann")
    app = put(open_form(reader), FORM, **TOLD, **{"milestones.0.reached": "2025-05", "due": "2026"})
    theirs = LONG | {"milestones": [SIGN | {"reached": "2025-04"}, {"name": "Ratification", "note": "Slow."}]}
    tracker.revise(make.commitment(**theirs), by="bo")
    app = press(app, "Save wording")
    asked = [r for r in app.radio if "what is to hold?" in r.label]
    assert [r.label for r in asked] == ["Milestones: Signature: what is to hold?"]
    # Somebody else changes it once more before it is answered: then that is asked.
    app.radio(key=asked[0].key).set_value("mine")
    theirs |= {"milestones": [SIGN | {"reached": "2025-03"}, {"name": "Ratification", "note": "Slow."}]}
    tracker.revise(make.commitment(**theirs), by="cy")
    app = press(app, "Save wording")
    (asked,) = [r for r in app.radio if "what is to hold?" in r.label]
    assert asked.value is None
    assert "2025-03" in said(app)
    app.radio(key=asked.key).set_value("theirs")
    app = press(app, "Save wording")
    assert "revised – **Milestones**" in said(app)
    told = content(tracker)
    assert [(m["name"], m["reached"], m["note"]) for m in told["milestones"]] == [
        ("Signature", "2025-03", None),
        ("Ratification", None, "Slow."),
    ]
    assert (told["due"], told["version"]) == ("2026", 5)


def test_a_store_that_is_busy_or_closed_takes_nothing_and_loses_nothing(
    tracker: Tracker, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = put(open_form(reader), FORM, **TOLD, pledge="조약을 맺는다.")
    monkeypatch.setenv("TRACKER_LOCK_SECONDS", "0.01")
    with locking.held(tracker.store.folder / "store.lock", None):
        app = press(app, "Save wording")
    assert "Nothing was saved.** Somebody else is writing to the store" in said(app)
    monkeypatch.undo()
    monkeypatch.setenv("TRACKER_STORE", str(tracker.store.folder))
    monkeypatch.setenv("TRACKER_READ_ONLY", "1")
    told = said(app.run())
    assert "What was promised: 조약을 맺는다." in app.code[0].value
    assert "Nothing was saved." in told
    assert content(tracker)["version"] == 1


def test_a_stage_of_what_is_another_kind_by_now_is_not_lost_on_the_way(tracker: Tracker, reader: Any) -> None:
    app = reader(COMMITMENT, id="treaty", edit="1")
    told = {"stage": "in-force", "happened_on": "2025-05", "note": "발효했다.", "on_file": ["gazette"]}
    app = put(app, "record:treaty", **told, on_file_credibility=1, by="Jo Kim")
    tracker.revise(make.commitment(kind="mou"), by="bo")
    app = press(app, "Save status")
    assert "revised – **Kind**" in said(app)
    assert app.text_area(key="record:treaty:note").value == "발효했다."
    assert tracker.commitment("treaty")["version"] == 2


def test_a_past_view_says_up_to_which_entry_it_goes(tracker: Tracker, reader: Any) -> None:
    tracker.revise(make.commitment(due="2026"), by="bo")
    assert "entry 4 of the ledger" in said(reader("overview"))
    told = said(reader("overview", known_on="2025-06-01"))
    assert "By what was known then, data as of 1 Jun 2025, 09:00 UTC:" in told


def test_a_form_that_was_copied_to_another_window_is_not_recorded_unseen(
    tracker: Tracker, reader: Any
) -> None:
    address = {"id": "treaty", "edit": "wording", "draft": "0123456789abcdef" * 2}
    one, two = reader(COMMITMENT, **address), reader(COMMITMENT, **address)
    press(put(one, FORM, **TOLD, title="One"), "Save wording")
    two = press(put(two, FORM, **TOLD, due="2026"), "Save wording")
    assert "saved already from another window" in said(two)
    assert two.text_input(key=f"{FORM}:due").value == "2026"
    assert content(tracker)["version"] == 2
    two = press(two, "Save wording")
    assert "Saved: Date." in said(two)
    told = content(tracker)
    assert (told["title"], told["due"], told["version"]) == ("One", "2026", 3)
