import dataclasses
import datetime as dt
import itertools

import pytest

from tracker import rules
from tracker.dates import Edtf
from tracker.rules import Event, Item, Record
from tracker.terms import (
    Bearing,
    Credibility,
    Kind,
    Reliability,
    Schedule,
    SourceKind,
    Stage,
    Status,
)

RECORDED = dt.date(2025, 6, 1)


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def item(
    grades: str = "A1", publisher: str = "Gazette", bearing: str = "supports", kind: str = "official"
) -> Item:
    return Item(
        Bearing(bearing), Reliability(grades[0]), Credibility(int(grades[1])), SourceKind(kind), publisher
    )


def record(*steps: tuple, kind: str = "legal-instrument", recorded: dt.date = RECORDED, **more) -> Record:
    """A record whose steps are (stage, EDTF date) or (stage, EDTF date, items)."""
    events = []
    for version, (stage, on, *items) in enumerate(steps, start=2):
        date = Edtf(on)
        said = tuple(items[0]) if items else (item(),)
        events.append(Event(version, Stage(stage), on, date.earliest, date.latest, recorded, said))
    return Record(Kind(kind), recorded, events=tuple(events), **more)


@pytest.mark.parametrize(
    ("steps", "today", "stage", "since"),
    [
        ([("pledged", "2024-03-04")], "2024-03-04", "pledged", "2024-03-04"),
        ([("pledged", "2024-03-04"), ("signed", "2025-02-01")], "2025-01-31", "pledged", "2024-03-04"),
        ([("pledged", "2024-03-04"), ("signed", "2025-02-01")], "2025-02-01", "signed", "2025-02-01"),
        # The order of recording does not matter, the order of happening does.
        ([("signed", "2025-02-01"), ("pledged", "2024-03-04")], "2025-05-01", "signed", "2025-02-01"),
        # A month has certainly happened on its last day.
        ([("pledged", "2024-03-04"), ("signed", "2025-02")], "2025-02-27", "pledged", "2024-03-04"),
        ([("pledged", "2024-03-04"), ("signed", "2025-02")], "2025-02-28", "signed", "2025-02"),
        # A year not over yet has certainly happened once somebody recorded it.
        ([("pledged", "2024-03-04"), ("signed", "2025")], "2025-05-31", "pledged", "2024-03-04"),
        ([("pledged", "2024-03-04"), ("signed", "2025")], "2025-06-01", "signed", "2025"),
        # A vague date never overtakes a later exact one.
        ([("pledged", "2024"), ("signed", "2024-05-01")], "2025-01-01", "signed", "2024-05-01"),
        # The same stage again belongs to the same run, and does not restart it.
        ([("signed", "2024-05"), ("signed", "2024-09-09")], "2025-01-01", "signed", "2024-05"),
        # Backwards and up again is a new run.
        (
            [("signed", "2024-05-01"), ("in-negotiation", "2024-06-01"), ("signed", "2024-07-01")],
            "2025-01-01",
            "signed",
            "2024-07-01",
        ),
        (
            [("signed", "2024-05-01"), ("in-negotiation", "2024-06-01")],
            "2025-01-01",
            "in-negotiation",
            "2024-06-01",
        ),
        # What came before the promise is not a stage of it.
        ([("pledged", "2024-03-04"), ("precursor", "2024-05-01")], "2025-01-01", "pledged", "2024-03-04"),
        ([("precursor", "2023")], "2025-06-01", "reported-unconfirmed", None),
        ([], "2025-06-01", "reported-unconfirmed", None),
        # Two judgements of one day: the later one recorded wins.
        ([("concluded", "2024-05-01"), ("signed", "2024-05-01")], "2025-01-01", "signed", "2024-05-01"),
    ],
)
def test_the_stage_is_the_latest_one_certainly_reached(steps, today, stage, since):
    found = rules.judge(record(*steps), day(today))
    assert (found.stage, found.stage_since) == (stage, since)


@pytest.mark.parametrize(
    ("kind", "stage", "status"),
    [
        ("legal-instrument", "signed", "in-progress"),
        ("mou", "signed", "delivered"),
        ("forum", "inaugural-held", "in-progress"),
        ("forum", "recurring", "ongoing"),
        ("procurement", "redirected", "not-delivered"),
        ("mou", "proposed", "unconfirmed"),
    ],
)
def test_the_status_follows_from_kind_and_stage(kind, stage, status):
    assert rules.judge(record((stage, "2024-05-01"), kind=kind), RECORDED).status == status


def test_nothing_is_said_of_days_before_the_first_event_and_the_first_record():
    pledged = record(("pledged", "2024-03-04"))
    assert rules.judge(pledged, dt.date(2024, 3, 3)) is None
    assert rules.judge(record(), RECORDED - dt.timedelta(days=1)) is None
    assert rules.judge(record(), RECORDED) is not None


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
    found = rules.schedule(Stage(stage), Status(status), day(due), False, day(reaches), day(today))
    assert found == expected


def test_silence_does_not_make_a_pledge_late_but_a_check_beyond_its_date_does():
    silent = record(("pledged", "2024-03-04"), due=dt.date(2024, 12, 31))
    assert rules.judge(silent, dt.date(2024, 12, 31)).schedule is Schedule.DUE_SOON
    assert rules.judge(silent, dt.date(2025, 6, 1)).schedule is Schedule.UNKNOWN
    looked = record(
        ("pledged", "2024-03-04"),
        due=dt.date(2024, 12, 31),
        checks=(dt.date(2025, 2, 1), dt.date(2024, 11, 1)),
    )
    assert rules.judge(looked, dt.date(2025, 1, 31)).schedule is Schedule.UNKNOWN
    assert rules.judge(looked, dt.date(2025, 2, 1)).schedule is Schedule.LATE
    assert rules.judge(looked, dt.date(2025, 2, 1)).last_checked == dt.date(2025, 2, 1)


@pytest.mark.parametrize(
    ("held", "cadence", "due"),
    [
        (["2024-02-29"], "P1Y", "2025-02-28"),
        (["2024-02-29"], "P4Y", "2028-02-29"),
        (["2024-01-31"], "P1M", "2024-02-29"),
        (["2023-01-31"], "P1M", "2023-02-28"),
        (["2024-11"], "P1Y", "2025-11-30"),
        (["2023-11-01", "2024-12-31"], "P2M", "2025-02-28"),
        (["2024-12-31", "2023-11-01"], "P2M", "2025-02-28"),
        ([], "P1Y", None),
        (["2024-11-19"], None, None),
    ],
)
def test_without_a_date_the_next_edition_is_due_one_cadence_after_the_last(held, cadence, due):
    editions = [("inaugural-held", on) for on in held]
    found = rules.deadline(record(("pledged", "2023-01-01"), *editions, kind="forum", cadence=cadence))
    assert found == (day(due), False)


def test_a_stated_date_goes_before_the_cadence():
    forum = record(("inaugural-held", "2024-11-19"), kind="forum", cadence="P1Y", due=dt.date(2030, 1, 1))
    assert rules.deadline(forum) == (dt.date(2030, 1, 1), False)


@pytest.mark.parametrize(
    ("steps", "checks", "today", "reaches"),
    [
        ([("pledged", "2024-03-04")], [], "2025-01-01", "2024-03-04"),
        ([("pledged", "2024-03-04")], ["2024-12-01"], "2025-01-01", "2024-12-01"),
        ([("pledged", "2024-03-04")], ["2024-12-01"], "2024-11-30", "2024-03-04"),
        ([("pledged", "2024-03-04"), ("precursor", "2024-05-05")], [], "2025-01-01", "2024-05-05"),
        ([("signed", "2024-05")], [], "2025-01-01", "2024-05-01"),
        ([], [], "2025-06-01", None),
    ],
)
def test_evidence_reaches_the_latest_day_of_which_somebody_spoke(steps, checks, today, reaches):
    found = rules.judge(record(*steps, checks=tuple(day(c) for c in checks)), day(today))
    assert found.evidence_reaches == day(reaches)


@pytest.mark.parametrize(
    ("items", "contested", "expected"),
    [
        ([item("A1", "one"), item("B2", "two")], False, "high"),
        ([item("A1", "one"), item("A1", "one")], False, "moderate"),
        ([item("B2", "one")], False, "moderate"),
        ([item("C3", "one"), item("C3", "two")], False, "moderate"),
        ([item("A3", "one"), item("C1", "two")], False, "moderate"),
        ([item("C3", "one"), item("C3", "one")], False, "low"),
        ([item("C1", "one")], False, "low"),
        ([item("A3", "one")], False, "low"),
        ([item("D1", "one"), item("D1", "two")], False, "low"),
        ([item("F6", "one")], False, "low"),
        ([], False, "low"),
        ([item("A1", "one"), item("B2", "two")], True, "moderate"),
        ([item("B2", "one")], True, "low"),
        ([item("F6", "one")], True, "low"),
        ([item("A1", "one"), item("A1", "two"), item("B2", "three", "contradicts")], False, "moderate"),
        ([item("A1", "one"), item("A1", "two"), item("C2", "three", "contradicts")], False, "high"),
        ([item("A1", "one"), item("A1", "two"), item("B3", "three", "contradicts")], False, "high"),
        ([item("A1", "one"), item("A1", "two"), item("A1", "three", "contradicts")], True, "moderate"),
        ([item("A1", "one"), item("A1", "two", "context")], False, "moderate"),
    ],
)
def test_confidence_follows_from_the_grades(items, contested, expected):
    assert rules.confidence(Status.PLEDGED, items, contested) == expected


def test_what_no_party_confirmed_is_low_however_good_the_sources():
    good = [item("A1", "one"), item("A1", "two")]
    assert rules.confidence(Status.UNCONFIRMED, good) == "low"


def test_confidence_counts_the_evidence_of_the_whole_present_run():
    run = record(("signed", "2024-05-01", [item("A1", "one")]), ("signed", "2024-05-02", [item("A1", "two")]))
    assert rules.judge(run, dt.date(2024, 5, 1)).confidence == "moderate"
    assert rules.judge(run, dt.date(2024, 5, 2)).confidence == "high"


@pytest.mark.parametrize(
    ("kind", "steps", "expected"),
    [
        ("legal-instrument", [("pledged", "official"), ("signed", "news")], "pledged"),
        ("legal-instrument", [("signed", "official"), ("in-negotiation", "official")], "signed"),
        ("legal-instrument", [("signed", "news")], None),
        ("procurement", [("pledged", "official"), ("redirected", "official")], "redirected"),
        ("procurement", [("redirected", "official"), ("pledged", "official")], "pledged"),
        ("procurement", [("pledged", "official"), ("redirected", "news")], "pledged"),
        ("mou", [], None),
    ],
)
def test_the_official_stage_is_the_furthest_one_officials_speak_for(kind, steps, expected):
    said = [
        (stage, f"2024-0{month}-01", [item(kind=source)])
        for month, (stage, source) in enumerate(steps, start=1)
    ]
    assert rules.judge(record(*said, kind=kind), RECORDED).official_stage == expected


def test_an_official_source_that_contradicts_does_not_speak_for_the_stage():
    signed = record(("signed", "2024-05-01", [item("B2", kind="news"), item(bearing="contradicts")]))
    found = rules.judge(signed, RECORDED)
    assert (found.official_stage, found.disputed) == (None, True)


def test_a_dispute_on_record_marks_the_commitment_and_only_an_open_one_costs_confidence():
    steps = ("signed", "2024-05-01", [item("A1", "one"), item("A1", "two")])
    settled = rules.judge(record(steps, disputed=True), RECORDED)
    contested = rules.judge(record(steps, disputed=True, contested=True), RECORDED)
    assert (settled.disputed, settled.confidence) == (True, "high")
    assert (contested.disputed, contested.confidence) == (True, "moderate")


RECORDS = {
    "treaty": record(("pledged", "2024-03-04"), ("signed", "2024-11"), due=dt.date(2025, 2, 28)),
    "forum": record(
        ("precursor", "2023"),
        ("pledged", "2024-01-31"),
        ("inaugural-held", "2024-02-29"),
        ("recurring", "2025"),
        kind="forum",
        cadence="P1Y",
        checks=(dt.date(2025, 3, 1), dt.date(2025, 9, 9)),
    ),
    "silent": record(due=dt.date(2025, 7, 1)),
    "back and forth": record(
        ("pledged", "2024-02"), ("withdrawn", "2024-05~"), ("pledged", "2024-05-20/2024-06-02"), kind="mou"
    ),
    "early check": record(("pledged", "2024-03-04"), due=dt.date(2024, 4, 1), checks=(dt.date(2023, 12, 1),)),
}


@pytest.mark.parametrize("name", RECORDS)
def test_the_timeline_says_of_every_day_what_judging_that_day_says(name):
    spans = rules.timeline(RECORDS[name])
    for offset in range(4 * 366):
        today = dt.date(2023, 1, 1) + dt.timedelta(days=offset)
        said = [s.judgement for s in spans if s.since <= today < s.until]
        judged = rules.judge(RECORDS[name], today)
        assert said == ([] if judged is None else [judged]), today


@pytest.mark.parametrize("name", RECORDS)
def test_the_timeline_has_no_gap_no_overlap_and_no_span_that_repeats_the_one_before(name):
    spans = rules.timeline(RECORDS[name])
    assert spans[-1].until == rules.FOREVER
    for before, after in itertools.pairwise(spans):
        assert before.until == after.since
        assert before.judgement != after.judgement


@pytest.mark.parametrize(
    ("kind", "events", "due", "cadence", "awaited", "answered"),
    [
        # A first session in time answers the date; nothing is awaited after it.
        ("dialogue", [("inaugural-held", "2024-03-20")], "2024-03-31", None, None, True),
        ("dialogue", [("recurring", "2024-03-20")], "2024-03-31", None, None, True),
        ("policy-or-programme", [("ongoing", "2024-03-20")], "2024-03-31", None, None, True),
        # One that came too late does not.
        ("dialogue", [("inaugural-held", "2024-04-01")], "2024-03-31", None, "2024-03-31", False),
        ("dialogue", [("scheduled", "2024-03-20")], "2024-03-31", None, "2024-03-31", False),
        ("legal-instrument", [("signed", "2024-03-20")], "2024-03-31", None, "2024-03-31", False),
        # With a rhythm, an edition older than one interval belongs to an earlier date.
        ("dialogue", [("recurring", "2026-02-25")], "2028-12-31", "P2Y", "2028-12-31", False),
        ("dialogue", [("recurring", "2028-02-25")], "2028-12-31", "P2Y", "2030-02-25", False),
    ],
)  # fmt: skip
def test_a_stated_date_is_awaited_until_it_is_answered(kind, events, due, cadence, awaited, answered):
    found = rules.deadline(record(*events, kind=kind, due=day(due), cadence=cadence))
    assert found == (day(awaited), answered)


def test_what_was_kept_in_time_is_never_called_late():
    talks = record(
        ("pledged", "2024-01-01"), ("recurring", "2024-03-20"), kind="dialogue", due=day("2024-03-31")
    )
    looked = dataclasses.replace(talks, checks=(day("2024-10-01"),))
    assert rules.judge(looked, day("2024-10-02")).schedule == "met"


@pytest.mark.parametrize(
    ("events", "stage", "since"),
    [
        # Signed on a day, in force some time in that year: it can only have been later.
        ([("signed", "2024-02-25"), ("in-force", "2024")], "in-force", "2024"),
        # Promised some time in that year does not undo what a day in it shows.
        ([("in-preparation", "2024-10-30"), ("pledged", "2024")], "in-preparation", "2024-10-30"),
        ([("pledged", "2024"), ("in-preparation", "2024-10-30")], "in-preparation", "2024-10-30"),
        # A slip is corrected by recording the same day again.
        ([("signed", "2024-02-25"), ("in-negotiation", "2024-02-25")], "in-negotiation", "2024-02-25"),
        ([("signed", "2024-02"), ("in-negotiation", "2024-02")], "in-negotiation", "2024-02"),
        # A later date always counts, forwards or backwards.
        ([("signed", "2024-02-25"), ("in-negotiation", "2024-03")], "in-negotiation", "2024-03"),
    ],
)
def test_where_dates_overlap_the_further_stage_stands(events, stage, since):
    found = rules.judge(record(*events, kind="legal-instrument"), day("2025-06-01"))
    assert (found.stage, found.stage_since) == (stage, since)


def test_what_is_tomorrow_here_may_have_happened_where_it_was_recorded():
    tomorrow = record(("signed", "2025-06-02"), kind="mou", recorded=dt.date(2025, 6, 1))
    assert rules.judge(tomorrow, day("2025-06-01")).stage == "signed"
