"""How things stood over time, group beside group, and against their plans."""

from __future__ import annotations

import datetime as dt

import make
import pytest

from tracker import queries, tally, trends
from tracker.clocks import At
from tracker.terms import Status
from tracker.tracker import Tracker

TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)


def statuses(row):
    return {name: n for name, n in row.items() if name in set(Status) and n}


@pytest.mark.parametrize("points", [trends.POINTS, 30])
def test_a_course_says_of_every_day_that_it_shows_what_was_so_then(shipped: Tracker, points: int):
    with shipped.store.reading() as con:
        found = trends.course(con, At(TODAY), points)
        assert 10 < len(found) <= points
        assert [row["until"] for row in found] == [*(row["day"] for row in found[1:]), None]
        assert found[-1]["day"] == TODAY
        for row in [*found[::12], found[-1]]:
            assert statuses(row) == tally.status_counts(con, At(row["day"]))
        assert tally.status_counts(con, At(found[0]["day"] - DAY)) == {}


def test_where_few_days_brought_changes_a_course_holds_for_every_day_between(library: Tracker):
    with library.store.reading() as con:
        found = trends.course(con, At(TODAY))
        for row in found[:-1:8]:
            assert statuses(row) == tally.status_counts(con, At(row["until"] - DAY))


def test_a_course_by_what_was_known_then_ends_with_what_was_known_then(tracker: Tracker, clock):
    tracker.record(make.event("signed", "2024-05-01"), by="ann")
    clock.set("2025-07-01T09:00:00")
    tracker.record(make.event("in-force", "2024-06-01"), by="ann")
    with tracker.store.reading() as con:
        before = At.of(dt.date(2025, 7, 2), dt.date(2025, 6, 2))
        assert trends.course(con, before)[-1] == {
            "day": dt.date(2025, 7, 2),
            "until": None,
            **tally.status_counts(con, before),
        }
        assert trends.course(con, At(dt.date(1990, 1, 1))) == []


@pytest.mark.parametrize("by", ["pillar", "kind"])
def test_groups_add_up_to_all(shipped: Tracker, by):
    with shipped.store.reading() as con:
        found = trends.groups(con, by, At(TODAY))
        assert all(sum(statuses(row).values()) == row["total"] for row in found)
        assert sum(row["total"] for row in found) == 55
        assert [row["total"] for row in found] == sorted((r["total"] for r in found), reverse=True)
        assert [row["name"] for row in trends.groups(con, by, At(TODAY), limit=2)] == [
            row["name"] for row in found[:2]
        ]


def test_a_party_has_the_status_of_its_own_part(library: Tracker):
    with library.store.reading() as con:
        found = {row["name"]: row for row in trends.groups(con, "party", At(TODAY))}
        named = {p["name"] for row in queries.commitments(con) for p in row["parties"]}
    assert set(found) == named
    assert all(sum(statuses(row).values()) == row["total"] for row in found.values())


def test_a_plan_counts_the_days_by_which_it_was_missed(tracker: Tracker):
    milestones = [
        {"name": "early", "expected": "2024-06", "reached": "2024-05-22", "expected_basis": "stated"},
        {"name": "in time", "expected": "2024-06", "reached": "2024-06-15", "expected_basis": "stated"},
        {"name": "late", "expected": "2024-06", "reached": "2024-07-10", "expected_basis": "stated"},
        {"name": "open", "expected": "2024-12-31", "expected_basis": "inferred"},
        {"name": "ahead", "expected": "2027", "expected_basis": "inferred"},
        {"name": "unplanned", "reached": "2024-08"},
    ]
    tracker.add(make.commitment("late-one", due="2024-09", milestones=milestones), by="ann")
    tracker.record(
        make.event("in-force", "2024-10-03", commitment_id="late-one", note="Both ratified."), by="ann"
    )
    with tracker.store.reading() as con:
        told = {row["name"]: row["slip"] for row in trends.plan(con, "late-one", At(dt.date(2025, 1, 10)))}
        earlier = {row["name"]: row["slip"] for row in trends.plan(con, "late-one", At(dt.date(2024, 6, 30)))}
    expected = {"early": -10, "in time": 0, "late": 10, "open": 10, "ahead": None, "unplanned": None}
    assert told == expected | {None: told[None]}
    assert told[None] == 3
    assert earlier["late"] is None
