"""The page that takes in a file, for those who sign in: in whose name, what waits, and what is not taken."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import make
import pytest
from conftest import DATA
from reading import said
from streamlit.testing.v1 import AppTest
from test_access import ANN, PEOPLE, served_with

from dashboard.entry import importing
from tracker.store import Store
from tracker.tracker import Tracker

__all__ = ["served_with"]
FACTS = (DATA / "facts.yaml").read_bytes()
PAGE = "app_pages/import.py"


@pytest.fixture
def editor(tracker: Tracker, reader: Any, served_with: Callable[[str], Path]) -> Callable[[str], AppTest]:
    """The page, for Ann, an editor; with what else stands in the file of roles."""

    def opened(more: str = "") -> AppTest:
        served_with(more + PEOPLE)
        app: AppTest = reader("overview")
        app.user = ANN
        app.switch_page(PAGE)
        return app.run()

    return opened


def send(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].set_value((name, content, "application/octet-stream"))
    app.run()
    assert not app.exception, app.exception[0].value
    return app


def record(app: AppTest) -> AppTest:
    app.button(key="import-record").click()
    return app.run()


def test_facts_are_recorded_in_the_name_that_the_provider_has_confirmed(
    tracker: Tracker, editor: Callable[[str], AppTest]
) -> None:
    app = send(editor(""), "facts.yaml", FACTS)
    assert "23 entries would be recorded." in said(app)
    assert "23 entries recorded." in said(record(app))
    made = tracker.sql("SELECT DISTINCT actor, door FROM ledger WHERE entity_id = 'joint-forum'").to_pylist()
    assert made == [{"actor": "ann@example.org", "door": "login"}]


def test_where_a_second_person_is_asked_they_become_a_proposal(
    tracker: Tracker, editor: Callable[[str], AppTest]
) -> None:
    app = send(editor("approval = true\n"), "facts.yaml", FACTS)
    assert app.button(key="import-record").label.replace("\u00a0", " ") == "Propose 23 changes"
    record(app)
    (proposal,) = tracker.proposals()
    assert (proposal["state"], proposal["proposed_by"], len(proposal["changes"])) == (
        "waiting",
        "ann@example.org",
        23,
    )
    assert [row["id"] for row in tracker.commitments()] == ["treaty"]
    tracker.decide(proposal["id"], approve=True, by="cho@example.org")
    assert len(tracker.commitments()) == 5


def test_more_changes_than_somebody_can_look_at_are_not_proposed(
    tracker: Tracker, editor: Callable[[str], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PROPOSED", 22)
    app = send(editor("approval = true\n"), "facts.yaml", FACTS)
    assert "makes 23 of them, and at most 22 can be proposed at once" in said(app)
    assert not [b for b in app.button if b.key == "import-record"]
    assert tracker.proposals() == []


def test_an_export_is_not_taken_from_somebody_who_signed_in(
    tracker: Tracker, editor: Callable[[str], AppTest], tmp_path: Path
) -> None:
    tracker.export(tmp_path / "a.parquet")
    app = send(editor(""), "a.parquet", (tmp_path / "a.parquet").read_bytes())
    assert "in the names of others" in said(app)
    assert not [b for b in app.button if b.key == "import-record"]


def test_somebody_who_may_not_record_is_asked_for_no_file(
    tracker: Tracker, editor: Callable[[str], AppTest]
) -> None:
    app = editor("")
    assert app.file_uploader
    app.user = {**ANN, "email": "dan@example.org"}
    app.run()
    assert not app.file_uploader
    assert "nothing can be imported" in said(app)


def test_a_role_that_was_taken_away_is_missed_when_it_is_recorded(
    tracker: Tracker, editor: Callable[[str], AppTest], served_with: Callable[[str], Path]
) -> None:
    app = send(editor(""), "facts.yaml", FACTS)
    before = tracker.info()
    served_with('[people]\n"ann@example.org" = "reader"\n')
    assert "Nothing was saved." in said(record(app))
    assert tracker.info() == before


def test_what_others_made_of_it_is_named_and_left(
    filled: Tracker, reader: Any, served_with: Callable[[str], Path]
) -> None:
    served_with(PEOPLE)
    app: AppTest = reader("overview")
    app.user = ANN
    app.switch_page(PAGE)
    told = FACTS.replace(b"Memorandum on research", b"Memorandum on all research")
    app = send(app.run(), "facts.yaml", told)
    assert "commitment research-mou" in said(app)
    assert "Nothing in it is new." in said(app)
    # Under another name of the file it is still about the data set that it made.
    assert app.selectbox[0].value == "facts"
    app = send(app, "facts (1).yaml", told)
    assert app.selectbox[0].value == "facts"


def test_a_history_that_would_hold_up_everybody_is_left_to_the_command(
    tracker: Tracker, reader: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tracker.store.folder, tmp_path / "other")
    other = Tracker(Store(tmp_path / "other"))
    monkeypatch.setattr(importing, "STEPS", 1)
    app = reader("overview")
    app.switch_page(PAGE).run()
    app.text_input[0].set_value("Jo Kim")
    for name, answer in (("one", "1 entry would be recorded."), ("two", "in 2 steps")):
        other.add(make.source(name), by="ann")
        other.export(tmp_path / name)
        assert answer in said(send(app, "a.parquet", (tmp_path / name).read_bytes()))
