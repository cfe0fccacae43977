"""The log: every entry is told once, with what it moved, and what one import brought is one line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import make
import pytest
from conftest import Clock

from tracker import holdings, log
from tracker.clocks import At
from tracker.models import Commitment, Dispute
from tracker.terms import Entity
from tracker.tracker import Tracker


def lines(tracker: Tracker, at: At | None = None, **wanted: Any) -> list[dict[str, Any]]:
    with tracker.store.reading() as con:
        found = log.lines(con, at, **wanted)
        assert log.length(
            con, at, **{k: v for k, v in wanted.items() if k not in ("limit", "offset")}
        ) >= len(found)
    return found


def revised(tracker: Tracker, entity: str, entity_id: str, model: Any, **fields: Any) -> None:
    with tracker.store.reading() as con:
        _, content = holdings.content(con, entity, entity_id)
    tracker.revise(model.parse({**content, **fields}), by="bea")


@pytest.fixture
def busy(tracker: Tracker, clock: Clock) -> Tracker:
    """A treaty that was pledged and signed, and whose signature was taken back, day by day."""
    clock.set("2025-06-02T10:00")
    tracker.record(make.event("pledged", "2024-03-04"), by="ann")
    clock.set("2025-06-03T10:00")
    tracker.record(make.event("signed", "2025-06-03"), by="bea")
    clock.set("2025-06-04T10:00")
    tracker.withdraw(Entity.COMMITMENT, "treaty", version=3, reason="It was another treaty.", by="ann")
    clock.set("2025-06-05T10:00")
    step = {"name": "First round", "expected": "2025-09", "expected_basis": "stated"}
    revised(tracker, "commitment", "treaty", Commitment, milestones=[step], due="2026")
    clock.set("2025-06-06T10:00")
    tracker.add(make.check(), by="ann")
    clock.set("2025-06-07T10:00")
    tracker.add(make.dispute(), by="ann")
    clock.set("2025-06-08T10:00")
    revised(tracker, "dispute", "quarrel", Dispute, settled=True, holds="Then.", why="So it says.")
    return tracker


def test_every_entry_is_told_once_and_the_newest_first(busy: Tracker) -> None:
    told = lines(busy)
    numbers = [row["seq"] for row in told]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == busy.info()["counts"]["ledger"]
    assert [row["sort"] for row in told[:7]] == [
        "dispute", "dispute", "check", "revision", "correction", "status", "status",
    ]  # fmt: skip


def test_a_step_is_told_with_the_stage_before_and_after_it(busy: Tracker) -> None:
    signed = next(row for row in lines(busy) if row["stage"] == "signed" and row["kind"] == "event")
    assert (signed["before"], signed["after"], signed["supported"]) == ("pledged", "signed", True)
    assert not signed["counts"]
    assert signed["commitments"] == [{"id": "treaty", "title": "A treaty"}]


def test_what_is_taken_back_says_why_and_what_that_moved(busy: Tracker) -> None:
    (row,) = lines(busy, sort="correction")
    assert (row["before"], row["after"]) == ("signed", "pledged")
    assert row["because"] == "It was another treaty."


def test_a_revision_names_what_it_changed(busy: Tracker) -> None:
    row = next(row for row in lines(busy) if row["kind"] == "revise" and row["entity"] == "commitment")
    assert row["fields"] == ["due", "milestones"]
    assert [step["name"] for step in row["milestones"]] == ["First round"]
    settled = lines(busy, sort="dispute")[0]
    assert settled["settled"]
    assert "settled" in settled["fields"]


def test_the_log_can_be_narrowed(busy: Tracker) -> None:
    since = dt.datetime(2025, 6, 4)
    assert len(lines(busy, first=since)) == 5
    assert len(lines(busy, first=since, last=dt.datetime(2025, 6, 5))) == 1
    assert {row["actor"] for row in lines(busy, by="bea")} == {"bea"}
    assert {row["sort"] for row in lines(busy, search="TREATY", first=since)} == {
        "correction", "revision", "check", "dispute",
    }  # fmt: skip
    assert lines(busy, search="nothing of that") == []
    assert [row["seq"] for row in lines(busy, limit=2, offset=1)] == [r["seq"] for r in lines(busy)[1:3]]


def test_the_log_of_an_earlier_day_is_the_one_of_that_day(busy: Tracker) -> None:
    then = At.of(known_on=dt.date(2025, 6, 3))
    told = lines(busy, then)
    assert told[0]["stage"] == "signed"
    assert told[0]["counts"]
    # What had not happened yet on the day as of which one asks is not told of it.
    steps = [row["stage"] for row in lines(busy, At.of(dt.date(2025, 6, 2))) if row["kind"] == "event"]
    assert steps == ["pledged"]


def test_an_import_is_one_line_that_opens(filled: Tracker, clock: Clock) -> None:
    clock.set("2025-07-01T10:00")
    (imported,) = lines(filled)
    total = filled.info()["counts"]["ledger"]
    assert imported["n"] == total == sum(imported["sorts"].values())
    opened = lines(filled, batch=imported["seq"], limit=1000)
    assert len(opened) == total
    assert {row["n"] for row in opened} == {None}
    of_sort = lines(filled, batch=imported["seq"], sort="commitment", limit=1000)
    assert len(of_sort) == imported["sorts"]["commitment"]
    with filled.store.reading() as con:
        assert log.counts(con) == imported["sorts"]
        by_month = log.by_month(con, dt.datetime(2025, 1, 1), dt.datetime(2026, 1, 1))
    assert by_month == [{"month": dt.date(2025, 6, 1), "sort": "together", "n": 1}]
