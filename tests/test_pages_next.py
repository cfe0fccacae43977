"""The page of what comes next: late first, vague dates as windows, and what each date rests on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import make
import pytest
from conftest import Clock
from reading import COMMITMENT, said

from dashboard import charts, i18n
from tracker import agenda
from tracker.clocks import At
from tracker.tracker import Tracker

DAY = "2025-06-01"


@pytest.fixture
def dated(tracker: Tracker, clock: Clock) -> Tracker:
    """Read on 1 June 2025: one thing late, one unknown, a forum every year, vague steps, and no date."""
    milestones = [
        {"name": "Text <agreed>", "expected": "2025-09", "expected_basis": "stated"},
        {"name": "Plan", "expected": "2026", "expected_basis": "inferred"},
        {"name": "Draft", "reached": "2025-01", "expected": "2025-01", "expected_basis": "stated"},
    ]
    clock.set("2025-05-31T10:00")
    rhythm = {"kind": "forum", "cadence": "P1Y", "lapses_after": "P18M"}
    tracker.add(
        make.commitment("late", title="A late act", due="2025-03-01", pillar="Peace"),
        make.commitment("silent", title="A silent act", due="2025-05", kind="mou"),
        make.commitment("far", title="A far act", due="2027-01-01"),
        make.commitment("vague", title="A vague act", milestones=milestones),
        make.commitment("forum", title="A forum", **rhythm),
        by="ann",
    )
    tracker.record(make.event("inaugural-held", "2024-10", commitment_id="forum"), by="ann")
    for name in ("late", "silent"):
        tracker.record(make.event(commitment_id=name), by="ann")
    tracker.add(make.check("look", "2025-05-20", "late"), by="ann")
    return tracker


def found(tracker: Tracker, until: str = "2026-06-01", **wanted: Any) -> list[tuple[Any, ...]]:
    with tracker.store.reading() as con:
        rows = agenda.ahead(con, dt.date.fromisoformat(until), At.of(dt.date.fromisoformat(DAY)), **wanted)
    return [(row["id"], row["what"], row["schedule"], row["due"]) for row in rows]


def test_what_is_late_comes_first_and_what_is_not_known_is_not_called_late(dated: Tracker) -> None:
    assert found(dated) == [
        ("late", "due", "late", "2025-03-01"),
        ("silent", "due", "unknown", "2025-05"),
        ("vague", "step", "upcoming", "2025-09"),
        # As vague as the last edition was dated.
        ("forum", "session", "upcoming", "2025-10-01/2025-10-31"),
        ("forum", "lapse", "upcoming", "2026-04-30"),
        # A year that begins before the horizon may bring it.
        ("vague", "step", "upcoming", "2026"),
    ]
    assert [row[0] for row in found(dated, "2025-09-01")] == ["late", "silent", "vague"]
    assert [row[0] for row in found(dated, kind="forum")] == ["forum", "forum"]
    assert [row[0] for row in found(dated, pillar="Peace")] == ["late"]
    assert found(dated, party="Nobody") == []
    assert [row[0] for row in found(dated, limit=1)] == ["silent", "vague"]


def test_everything_is_counted_whatever_is_shown(dated: Tracker) -> None:
    at, until = At.of(dt.date.fromisoformat(DAY)), dt.date(2026, 6, 1)
    with dated.store.reading() as con:
        counts = agenda.outlook(con, until, at)
        assert counts == {
            "late": 1, "lapsed": 0, "unknown": 1, "coming": 4, "unknown_steps": 0, "coming_steps": 2,
            "beyond": 1, "open": 6, "undated": 1,
        }  # fmt: skip
        none = agenda.outlook(con, until, at, party="Nobody")
        assert set(none.values()) == {0}
        months = agenda.by_month(con, dt.date(2025, 4, 1), until, at)
        assert sum(row["n"] for row in months) == sum(
            counts[name] for name in ("late", "lapsed", "unknown", "coming")
        )
        assert months[0] == {"month": dt.date(2025, 4, 1), "schedule": "late", "n": 1}
        assert agenda.parties(con) == ["Arvania"]


def test_the_page_answers_and_says_what_each_date_rests_on(dated: Tracker, reader: Any) -> None:
    told = said(reader("next", as_of=DAY))
    assert "1 date is missed. 1 date has passed without an answer in our evidence." in told
    assert "4 dates come up in the next 12 months. 2 of them are mere steps on the way." in told
    first = '<a href="commitment?id=vague&amp;as_of=2025-06-01">A vague act</a>: Text &lt;agreed&gt;'
    assert f"Next is {first}, Sep 2025." in told
    assert "1 of 6 open pledges has no date, not even of a step." in told
    assert told.index("A late act") < told.index("A silent act")
    # Of a vague date the days are counted to its last day, and said to be.
    assert "</span> 92 days ago" in told
    assert "at least 1 day ago" in told
    assert "within 121 days" in told
    assert "Text &lt;agreed&gt;" in told
    for basis in ("Stated in the pledge.", "Expected by the rhythm", "nobody has promised it", "Computed:"):
        assert basis in told
    assert "Between 1 and 30 Sep 2025." in told
    assert "Some time in 2026" in told
    assert "September 2025" in told
    assert "1 more date lies further ahead." in told


def test_the_address_says_how_far_ahead_and_of_what(dated: Tracker, reader: Any) -> None:
    short = said(reader("next", as_of=DAY, months="3"))
    assert "Nothing is due in the next 3 months." not in short
    assert "1 date comes up in the next 3 months." in short
    peace = said(reader("next", as_of=DAY, pillar="Peace", months="99"))
    assert "Nothing is due in the next 12 months." in peace
    assert "A silent act" not in peace
    assert "앞으로 12개월" in said(reader("next", as_of=DAY, lang="ko"))


@pytest.mark.parametrize("store_of", ["store", "shipped"])
def test_it_stands_on_any_store(request: pytest.FixtureRequest, reader: Any, store_of: str) -> None:
    request.getfixturevalue(store_of)
    app = reader("next", lang="fr")
    assert app.title[0].value == "À venir"
    assert ("aucun engagement ouvert" in said(app)) == (store_of == "store")


def test_the_picture_holds_vague_dates_as_windows_and_keeps_to_its_span(dated: Tracker) -> None:
    day, until = dt.date.fromisoformat(DAY), dt.date(2025, 9, 1)
    with dated.store.reading() as con:
        rows = agenda.ahead(con, until, At.of(day))
    drawn = charts.ahead(rows, day, until, "Today", i18n.words("en"), "light", str).to_dict()
    values = (
        next(iter(drawn["datasets"].values())) if "values" not in drawn["data"] else drawn["data"]["values"]
    )
    by_title = {value["label"]: value for value in values}
    assert by_title["A silent act"]["first"] == "2025-05-01"
    assert by_title["A silent act"]["last"] == "2025-05-31"
    # It may come on the last day of the span, or after it.
    assert by_title["A vague act: Text <agreed>"]["last"] == "2025-09-01"
    assert by_title["A late act"]["description"].replace("\u00a0", " ") == "A late act: Late, 1 Mar 2025"


def test_too_many_for_lines_are_counted_by_month(tracker: Tracker, reader: Any, clock: Clock) -> None:
    for n in range(0, 60, 20):
        tracker.add(
            *(make.commitment(f"c{n + i}", title=f"Act {n + i}", due="2025-08") for i in range(20)), by="ann"
        )
    told = said(reader("next", as_of=DAY))
    assert "60 dates come up" in told
    assert "Dates by month" in told


def test_a_date_is_the_same_wherever_it_is_told(tracker: Tracker, reader: Any, clock: Clock) -> None:
    clock.set("2025-05-31T10:00")
    session = {"name": "Next session", "expected": "2025-10", "expected_basis": "inferred"}
    autumn = {"name": "Autumn session", "expected": "2025-23", "expected_basis": "inferred"}
    plan = {"name": "Plan <b>", "expected": "2026", "expected_basis": "inferred"}
    tracker.add(
        make.commitment("talks", title="Talks", kind="dialogue", cadence="P1Y", milestones=[session, autumn]),
        make.commitment("idea", title="An idea", milestones=[plan]),
        by="ann",
    )
    tracker.record(make.event("inaugural-held", "2024-10-05", commitment_id="talks"), by="ann")
    at = At.of(dt.date.fromisoformat(DAY))
    with tracker.store.reading() as con:
        of_talks = agenda.of(con, "talks", at)
        assert agenda.of(con, "treaty", at) == []
        everywhere = agenda.ahead(con, dt.date(2026, 6, 1), at)
        assert [row for row in everywhere if row["id"] == "talks"] == of_talks
        assert {row["id"]: row["days"] for row in agenda.needs_look(con, at)}["talks"] == 126
        assert [row["days"] for row in agenda.agenda(con, at) if row["id"] == "talks"] == [126, 182]
    # The day by which the schedule is judged, under the name of the milestone that is nearest to it.
    assert [(d["what"], d["step"], d["due"], d["binds"]) for d in of_talks] == [
        ("session", "Next session", "2025-10-05", True),
        ("step", "Autumn session", "2025-23", False),
    ]
    assert "in 126 days" in said(reader("next", as_of=DAY))
    assert "in 126 days" in said(reader("attention", as_of=DAY))
    assert "next awaited by 5 Oct 2025" in said(reader(COMMITMENT, id="talks", as_of=DAY))
    # Where only a step is expected, the page says so instead of that nothing is.
    idea = said(reader(COMMITMENT, id="idea", as_of=DAY))
    assert "No due date" in idea
    assert "Next step on the way: Plan &lt;b&gt;, 2026 (expected by the compiler)" in idea


def test_of_two_milestones_of_one_name_one_names_the_date_and_the_other_stays(tracker: Tracker) -> None:
    steps = [
        {"name": "Session", "expected": when, "expected_basis": "stated"} for when in ("2026-03", "2025-11")
    ]
    tracker.add(make.commitment("talks", kind="dialogue", due="2025-11-10", milestones=steps), by="ann")
    with tracker.store.reading() as con:
        found = agenda.of(con, "talks", At.of(dt.date.fromisoformat(DAY)))
    assert [(d["what"], d["step"], d["due"]) for d in found] == [
        ("due", "Session", "2025-11-10"),
        ("step", "Session", "2026-03"),
    ]


def test_what_is_kept_adds_up_to_the_tiles(tracker: Tracker, reader: Any) -> None:
    tracker.add(make.commitment("memo", kind="mou"), make.commitment("talks", kind="dialogue"), by="ann")
    tracker.record(make.event("signed", "2025-05-01", commitment_id="memo"), by="ann")
    tracker.record(make.event("recurring", "2025-05-01", commitment_id="talks"), by="ann")
    told = said(reader("overview"))
    assert "2 of 3 commitments are kept so far (1 delivered, 1 ongoing)." in told
    assert "1 is not confirmed as a promise." in told
