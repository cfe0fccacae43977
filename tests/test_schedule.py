"""Against the calendar: what is awaited, how regular a rhythm is, and what silence can tell."""

import dataclasses
import datetime as dt

import make
import pytest
from records import RECORDED, day, event, item, record

from tracker import rules, schedule
from tracker.errors import Invalid
from tracker.schedule import Awaited
from tracker.terms import Schedule, Stage, Status


def awaited(found):
    """What a record awaits, all of whose steps are proven."""
    return schedule.awaited(found, found.events)


def rhythm(found, today: str | None = None):
    return schedule.rhythm(found, found.events, day(today))


def states(found, *days: str) -> list[str]:
    return [str(rules.judge(found, day(today)).schedule) for today in days]


@pytest.mark.parametrize(
    ("stage", "status", "due", "reaches", "today", "expected"),
    [
        ("pledged", "pledged", None, "2025-01-01", "2025-01-01", "no-date"),
        ("pledged", "pledged", "2025-06-30", None, "2025-04-01", "due-soon"),
        ("pledged", "pledged", "2025-06-30", None, "2025-03-31", "upcoming"),
        ("pledged", "pledged", "2025-06-30", None, "2025-06-30", "due-soon"),
        ("pledged", "pledged", "2025-06-30", None, "2025-07-01", "unknown"),
        ("pledged", "pledged", "2025-06-30", "2025-06-30", "2025-07-01", "unknown"),
        ("pledged", "pledged", "2025-06-30", "2025-07-01", "2025-07-01", "late"),
        ("inaugural-held", "in-progress", "2025-06-30", "2025-09-01", "2025-10-01", "late"),
        ("recurring", "ongoing", "2025-06-30", "2025-09-01", "2025-10-01", "late"),
        ("signed", "delivered", "2025-06-30", None, "2026-01-01", "met"),
        ("signed", "delivered", None, None, "2026-01-01", "met"),
        ("lapsed", "not-delivered", "2025-06-30", "2025-09-01", "2025-10-01", "lapsed"),
        ("lapsed", "not-delivered", None, None, "2025-10-01", "lapsed"),
        ("withdrawn", "not-delivered", "2025-06-30", "2025-09-01", "2025-10-01", "no-date"),
        ("redirected", "not-delivered", "2025-06-30", None, "2025-01-01", "no-date"),
    ],
)
def test_the_schedule_is_an_answer_of_its_own(stage, status, due, reaches, today, expected):
    found = schedule.schedule(
        Stage(stage), Status(status), Awaited(day(due), False, None), day(reaches), day(today)
    )
    assert found == expected


@pytest.mark.parametrize(
    ("due", "answered", "lapses_on", "reaches", "today", "expected"),
    [
        # Within the tolerance, only the date counts.
        ("2025-06-30", False, "2025-12-31", None, "2025-12-31", "unknown"),
        ("2025-06-30", False, "2025-12-31", "2025-08-01", "2025-12-31", "late"),
        # Beyond it, evidence must reach beyond it too.
        ("2025-06-30", False, "2025-12-31", "2025-08-01", "2026-01-01", "unknown"),
        ("2025-06-30", False, "2025-12-31", "2025-12-31", "2026-03-01", "unknown"),
        ("2025-06-30", False, "2025-12-31", "2026-01-01", "2026-01-01", "lapsed"),
        # A date that was kept says nothing of a rhythm that broke afterwards.
        (None, True, "2025-12-31", "2025-12-01", "2025-12-31", "met"),
        (None, True, "2025-12-31", "2026-02-01", "2026-02-01", "lapsed"),
        (None, False, "2025-12-31", "2025-12-01", "2025-12-31", "no-date"),
        # Nor does one that lies ahead.
        ("2026-06-30", False, "2025-12-31", None, "2026-01-01", "unknown"),
        ("2026-06-30", False, "2025-12-31", "2026-01-01", "2026-01-01", "lapsed"),
        (None, True, None, None, "2026-01-01", "met"),
    ],
)
def test_a_rhythm_lapses_only_where_evidence_reaches_beyond_its_tolerance(
    due, answered, lapses_on, reaches, today, expected
):
    found = schedule.schedule(
        Stage.RECURRING,
        Status.ONGOING,
        Awaited(day(due), answered, day(lapses_on)),
        day(reaches),
        day(today),
    )
    assert found == expected


def test_silence_does_not_make_a_pledge_late_but_a_check_beyond_its_date_does():
    silent = record(("pledged", "2024-03-04"), due=dt.date(2024, 12, 31))
    assert states(silent, "2024-12-31", "2025-06-01") == ["due-soon", "unknown"]
    looked = dataclasses.replace(silent, checks=(dt.date(2025, 2, 1), dt.date(2024, 11, 1)))
    assert states(looked, "2025-01-31", "2025-02-01") == ["unknown", "late"]
    assert rules.judge(looked, dt.date(2025, 2, 1)).last_checked == dt.date(2025, 2, 1)


# What is awaited


@pytest.mark.parametrize(
    ("held", "cadence", "due"),
    [
        (["2024-02-29"], "P1Y", "2025-02-28"),
        (["2024-02-29"], "P4Y", "2028-02-29"),
        (["2023-02-28"], "P1Y", "2024-02-28"),
        (["2024-01-31"], "P1M", "2024-02-29"),
        (["2023-01-31"], "P1M", "2023-02-28"),
        (["2024-02-28"], "P1D", "2024-02-29"),
        (["2024-02-22"], "P1W", "2024-02-29"),
        (["2024-11"], "P1Y", "2025-11-30"),
        (["2024-02"], "P1Y", "2025-02-28"),
        (["2023-11-01", "2024-12-31"], "P2M", "2025-02-28"),
        (["2024-12-31", "2023-11-01"], "P2M", "2025-02-28"),
        ([], "P1Y", None),
        (["2024-11-19"], None, None),
    ],
)
def test_without_a_date_the_next_edition_is_due_one_cadence_after_the_last(held, cadence, due):
    editions = [("inaugural-held", on) for on in held]
    found = record(("pledged", "2023-01-01"), *editions, kind="forum", cadence=cadence)
    assert awaited(found) == Awaited(day(due), False, None)


def test_without_a_promised_interval_the_tolerated_one_is_awaited():
    found = record(("recurring", "2024-02-29"), kind="dialogue", lapses_after="P1Y")
    assert awaited(found) == Awaited(day("2025-02-28"), False, day("2025-02-28"))


def test_a_stated_date_goes_before_the_cadence():
    forum = record(("inaugural-held", "2024-11-19"), kind="forum", cadence="P1Y", due=dt.date(2030, 1, 1))
    assert awaited(forum) == Awaited(dt.date(2030, 1, 1), False, None)
    # The tolerance of the rhythm stands beside it.
    tolerated = dataclasses.replace(forum, lapses_after="P18M")
    assert awaited(tolerated) == Awaited(dt.date(2030, 1, 1), False, dt.date(2026, 5, 19))


@pytest.mark.parametrize(
    ("kind", "events", "due", "cadence", "expected", "answered"),
    [
        # A first session in time answers the date; nothing is awaited after it.
        ("dialogue", [("inaugural-held", "2024-03-20")], "2024-03-31", None, None, True),
        ("dialogue", [("recurring", "2024-03-20")], "2024-03-31", None, None, True),
        ("policy-or-programme", [("ongoing", "2024-03-20")], "2024-03-31", None, None, True),
        # One that came too late does not.
        ("dialogue", [("inaugural-held", "2024-04-01")], "2024-03-31", None, "2024-03-31", False),
        ("dialogue", [("scheduled", "2024-03-20")], "2024-03-31", None, "2024-03-31", False),
        ("legal-instrument", [("signed", "2024-03-20")], "2024-03-31", None, "2024-03-31", False),
        # On the very day, and where the date of the session is vague, it may have been in time.
        ("dialogue", [("inaugural-held", "2024-03-31")], "2024-03-31", None, None, True),
        ("dialogue", [("inaugural-held", "2024")], "2024-03-31", None, "2024-03-31", False),
        # With a rhythm, an edition older than one interval belongs to an earlier date.
        ("dialogue", [("recurring", "2026-02-25")], "2028-12-31", "P2Y", "2028-12-31", False),
        ("dialogue", [("recurring", "2026-12-31")], "2028-12-31", "P2Y", "2028-12-31", False),
        ("dialogue", [("recurring", "2027-01-01")], "2028-12-31", "P2Y", "2029-01-01", False),
        ("dialogue", [("recurring", "2028-02-25")], "2028-12-31", "P2Y", "2030-02-25", False),
    ],
)
def test_a_stated_date_is_awaited_until_it_is_answered(kind, events, due, cadence, expected, answered):
    found = awaited(record(*events, kind=kind, due=day(due), cadence=cadence))
    assert (found.due, found.answered) == (day(expected), answered)


def test_a_session_that_may_have_been_in_time_leaves_open_whether_it_was():
    talks = record(("inaugural-held", "2024"), kind="dialogue", due=day("2024-03-31"))
    assert awaited(talks).perhaps
    looked = dataclasses.replace(talks, checks=(day("2025-05-05"),))
    assert rules.judge(looked, RECORDED).schedule is Schedule.UNKNOWN


def test_what_was_kept_in_time_is_never_called_late():
    talks = record(
        ("pledged", "2024-01-01"), ("recurring", "2024-03-20"), kind="dialogue", due=day("2024-03-31")
    )
    looked = dataclasses.replace(talks, checks=(day("2024-10-01"),))
    assert states(looked, "2024-10-02") == ["met"]


# Rhythm


def test_the_next_edition_is_expected_as_vaguely_as_the_last_is_dated():
    found = rhythm(record(("inaugural-held", "2024-02"), kind="forum", cadence="P1Y"))
    assert (found.next_earliest, found.next_latest) == (day("2025-02-01"), day("2025-02-28"))
    found = rhythm(record(("inaugural-held", "2023-11/2024-02"), kind="forum", cadence="P6M"))
    assert (found.next_earliest, found.next_latest) == (day("2024-05-01"), day("2024-08-29"))
    found = rhythm(record(("inaugural-held", "2024-05-05"), kind="forum"))
    assert (found.next_earliest, found.next_latest, found.lapses_on) == (None, None, None)


@pytest.mark.parametrize(
    ("held", "longest"),
    [
        (["2024-01-31"], None),
        (["2024-01-31", "2024-02-29"], 29),
        (["2023-02-28", "2024-02-28", "2024-12-31"], 365),
        (["2024-02-28", "2025-02-28"], 366),
        # From the last day the one can mean to the first of the other.
        (["2024-01", "2024-03"], 30),
        (["2024-03", "2024-01"], 30),
        # Two that may have been the same day.
        (["2024", "2024-05-01"], 0),
    ],
)
def test_the_longest_gap_is_what_certainly_lay_between_two_editions(held, longest):
    steps = [("recurring", on) for on in held]
    assert rhythm(record(*steps, kind="dialogue")).longest_gap == longest


def test_the_open_gap_counts_from_the_last_edition_to_the_day_asked_for():
    talks = record(("inaugural-held", "2023-05-05"), ("recurring", "2024-02"), kind="dialogue")
    assert rhythm(talks, "2024-03-01").open_gap == 1
    assert rhythm(talks, "2025-02-28").open_gap == 365
    assert rhythm(talks).open_gap is None
    # One that may yet lie ahead in its year leaves no gap behind it.
    assert rhythm(record(("recurring", "2025"), kind="dialogue"), "2025-06-01").open_gap == 0


def test_only_sessions_held_are_editions_and_they_come_in_order():
    talks = record(
        ("recurring", "2024-09-09"),
        ("scheduled", "2025-05-05"),
        ("inaugural-held", "2024-03-03"),
        ("ongoing", "2024-10-10"),
        kind="dialogue",
        cadence="P6M",
    )
    found = rhythm(talks)
    assert [e.happened_on for e in found.editions] == ["2024-03-03", "2024-09-09"]
    assert found.next_latest == day("2025-03-09")
    assert rhythm(record(("pledged", "2024-01-01"), kind="dialogue", cadence="P1Y")).editions == ()


def test_an_edition_that_is_only_claimed_moves_no_date():
    claimed = ("recurring", "2025-02-20", [item("D3", kind="blog")])
    forum = record(("inaugural-held", "2024-02-29"), claimed, kind="forum", cadence="P1Y")
    assert rules.judge(forum, day("2025-03-01")).deadline == day("2025-02-28")


@pytest.mark.parametrize(
    ("held", "tolerance", "last_day"),
    [
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2023-08-31", "P18M", "2025-02-28"),
        ("2022-08-31", "P18M", "2024-02-29"),
        ("2024-11", "P1Y", "2025-11-30"),
        ("2024", "P6M", "2025-06-30"),
    ],
)
def test_after_its_tolerance_a_rhythm_is_unknown_until_evidence_reaches_beyond(held, tolerance, last_day):
    talks = record(
        ("pledged", "2021-01-01"), ("recurring", held), kind="dialogue", lapses_after=tolerance,
        recorded=day("2031-01-01"),
    )  # fmt: skip
    last, next_day = day(last_day), day(last_day) + dt.timedelta(days=1)
    assert rules.judge(talks, last).lapses_on == last
    assert rules.judge(talks, last).schedule is Schedule.DUE_SOON
    assert rules.judge(talks, next_day).schedule is Schedule.UNKNOWN
    on_the_day = dataclasses.replace(talks, checks=(last,))
    assert rules.judge(on_the_day, next_day).schedule is Schedule.UNKNOWN
    looked = dataclasses.replace(talks, checks=(next_day,))
    assert rules.judge(looked, next_day).schedule is Schedule.LAPSED


def test_another_edition_takes_a_lapsed_rhythm_up_again():
    talks = record(
        ("recurring", "2022-05-05"),
        ("recurring", "2024-06-06"),
        kind="dialogue", cadence="P1Y", lapses_after="P18M", checks=(day("2024-01-01"),),
    )  # fmt: skip
    days = ("2023-05-05", "2023-05-06", "2023-11-06", "2024-01-01", "2024-06-06", "2025-03-07")
    assert states(talks, *days) == ["due-soon", "unknown", "unknown", "lapsed", "upcoming", "upcoming"]


# How far evidence reaches


@pytest.mark.parametrize(
    ("steps", "checks", "today", "reaches"),
    [
        ([("pledged", "2024-03-04")], [], "2025-01-01", "2024-03-04"),
        ([("pledged", "2024-03-04")], ["2024-12-01"], "2025-01-01", "2024-12-01"),
        ([("pledged", "2024-03-04")], ["2024-12-01"], "2024-11-30", "2024-03-04"),
        ([("pledged", "2024-03-04"), ("precursor", "2024-05-05")], [], "2025-01-01", "2024-05-05"),
        # A vague date speaks for its first day only.
        ([("signed", "2024-05")], [], "2025-01-01", "2024-05-01"),
        # An event whose sources were all withdrawn speaks for none, nor does a rumour.
        ([("pledged", "2024-03-04"), ("signed", "2024-05-05", [])], [], "2025-01-01", "2024-03-04"),
        ([("signed", "2024-05-05", [item("F6", kind="blog")])], [], "2025-01-01", None),
        ([("signed", "2024-05-05", [item("C2", kind="blog")])], [], "2025-01-01", "2024-05-05"),
        # It is the day that is told of, not the day of print.
        ([("signed", "2024-05-05", [item(published="2024-12-24")])], [], "2025-01-01", "2024-05-05"),
        ([], [], "2025-06-01", None),
    ],
)
def test_evidence_reaches_the_latest_day_of_which_somebody_spoke(steps, checks, today, reaches):
    found = rules.judge(record(*steps, checks=tuple(day(c) for c in checks)), day(today))
    assert found.evidence_reaches == day(reaches)


# One moment, two calendars


def test_what_is_tomorrow_here_may_have_happened_where_it_was_recorded():
    tomorrow = record(("signed", "2025-06-02"), kind="mou", recorded=dt.date(2025, 6, 1))
    assert rules.judge(tomorrow, day("2025-06-01")).stage == "signed"


def test_what_seoul_did_this_morning_counts_at_once_and_reaches_its_own_day():
    # 02:00 of the second in Seoul is 17:00 of the first, UTC.
    seoul = event("signed", "2025-06-02", recorded=day("2025-06-01"))
    found = dataclasses.replace(record(kind="mou", recorded=day("2025-05-01")), events=(seoul,))
    first, second = (rules.judge(found, day(today)) for today in ("2025-06-01", "2025-06-02"))
    assert (first.stage, first.evidence_reaches) == ("signed", None)
    assert (second.stage, second.evidence_reaches) == ("signed", day("2025-06-02"))
    assert [s.since for s in rules.timeline(found)] == [
        day("2025-05-01"), day("2025-06-01"), day("2025-06-02"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "on", "taken"),
    [
        # Midnight in Seoul is 15:00 UTC, and no place on earth is ahead of UTC+14.
        ("2025-06-01T15:00", "2025-06-02", True),
        ("2025-06-01T09:59", "2025-06-02", False),
        ("2025-06-01T10:00", "2025-06-02", True),
        # In Ottawa it is still the evening before.
        ("2025-06-02T03:59", "2025-06-01", True),
        ("2025-06-02T03:59", "2025-06-02", True),
        ("2025-12-31T15:00", "2026-01-01", True),
        ("2028-02-28T15:00", "2028-02-29", True),
    ],
)
def test_what_has_begun_in_seoul_can_be_recorded_though_it_is_tomorrow_here(tracker, clock, now, on, taken):
    tracker.revise(make.commitment(kind="mou"), by="ann")
    clock.set(now)
    if not taken:
        with pytest.raises(Invalid):
            tracker.record(make.event("signed", on), by="kim")
        return
    tracker.record(make.event("signed", on), by="kim")
    today = dt.datetime.fromisoformat(now).date()
    assert tracker.commitment("treaty", as_of=max(today, day(on)))["status"] == "delivered"
    assert tracker.commitment("treaty", as_of=today)["stage"] == "signed"


def test_a_due_day_that_ended_here_and_not_in_ottawa_is_not_late():
    due = day("2025-06-30")
    pledge = record(("pledged", "2024-03-04"), kind="mou", due=due)
    # 01:00 UTC of the first of July is 21:00 of the thirtieth in Ottawa.
    assert states(pledge, "2025-06-30", "2025-07-01", "2025-12-31") == ["due-soon", "unknown", "unknown"]
    looked = dataclasses.replace(pledge, checks=(due,))
    assert states(looked, "2025-07-01") == ["unknown"]
    signed = event("signed", "2025-06-30", version=3, recorded=day("2025-07-01"))
    kept = dataclasses.replace(looked, events=(*looked.events, signed))
    assert states(kept, "2025-06-30", "2025-07-01") == ["met", "met"]


def test_a_session_of_the_last_hour_in_ottawa_answers_the_date():
    held = event("inaugural-held", "2025-06-30", recorded=day("2025-07-01"))
    talks = dataclasses.replace(record(kind="dialogue", due=day("2025-06-30")), events=(held,))
    looked = dataclasses.replace(talks, checks=(day("2025-08-01"),))
    assert states(looked, "2025-08-02") == ["met"]
