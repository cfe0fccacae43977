"""What the rules say of one commitment on one day."""

import dataclasses
import datetime as dt

import pytest
from records import RECORDED, day, event, item, record

from tracker import proof, rules, steps
from tracker.terms import Schedule, Stage, Status

PARTIES = ("Arvania", "Belmora")


def official(*parties, grades="A2", bearing="supports", **more):
    return item(grades, "+".join(parties), bearing, "official", parties, **more)


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
    signed = record(("signed", "2024-05-01", [item("B2", kind="news"), official(bearing="contradicts")]))
    found = rules.judge(signed, RECORDED)
    assert (found.official_stage, found.disputed) == (None, True)


def test_a_dispute_on_record_marks_the_commitment_and_only_an_open_one_costs_confidence():
    steps = ("signed", "2024-05-01", [item("A1", "one"), item("A1", "two")])
    settled = rules.judge(record(steps, disputed=True), RECORDED)
    contested = rules.judge(record(steps, disputed=True, contested=True), RECORDED)
    assert (settled.disputed, settled.confidence) == (True, "high")
    assert (contested.disputed, contested.confidence) == (True, "moderate")


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


# What is told beyond what the evidence supports


BLOG = [item("D4", "Diary", kind="blog")]
PRESS = [item("A1", "Ministry", kind="release", speaks_for=("Arvania",))]
NEWS = [item("B2", "Daily", kind="news")]


@pytest.mark.parametrize(
    ("steps", "stage", "claimed", "since"),
    [
        ([], "reported-unconfirmed", None, None),
        ([("signed", "2024-05-05")], "signed", None, "2024-05-05"),
        # Whoever credibly tells of more than the evidence can prove still tells of the promise.
        ([("signed", "2024-05-05", PRESS)], "pledged", "signed", "2024-05-05"),
        ([("signed", "2024-05-05", NEWS)], "pledged", "signed", "2024-05-05"),
        ([("reported-unconfirmed", "2024-03-03", BLOG), ("signed", "2024-05-05", PRESS)],
         "pledged", "signed", "2024-05-05"),
        ([("proposed", "2024-03-03"), ("signed", "2024-05-05", PRESS)], "pledged", "signed", "2024-05-05"),
        # Not where something on record goes as far already, or where the teller is not credible.
        ([("pledged", "2024-03-03"), ("signed", "2024-05-05", PRESS)], "pledged", "signed", "2024-03-03"),
        ([("in-negotiation", "2024-03-03"), ("signed", "2024-05-05", PRESS)],
         "in-negotiation", "signed", "2024-03-03"),
        ([("signed", "2024-05-05", BLOG)], "reported-unconfirmed", "signed", None),
        ([("proposed", "2024-03-03"), ("signed", "2024-05-05", BLOG)], "proposed", "signed", "2024-03-03"),
        ([("proposed", "2024-05-05", BLOG)], "reported-unconfirmed", "proposed", None),
        # Only the first of them counts as the promise.
        ([("signed", "2024-05-05", PRESS), ("in-force", "2024-06-06", PRESS)],
         "pledged", "in-force", "2024-05-05"),
        # An end that is not proved ends nothing.
        ([("signed", "2024-05-05"), ("withdrawn", "2024-06-06", PRESS)], "signed", "withdrawn", "2024-05-05"),
        ([("signed", "2024-05-05"), ("withdrawn", "2024-06-06", NEWS)], "withdrawn", None, "2024-06-06"),
        # Backwards as well as forwards.
        ([("signed", "2024-05-05"), ("in-negotiation", "2024-06-06", BLOG)],
         "signed", "in-negotiation", "2024-05-05"),
        # A proof that comes later takes the place of the claim.
        ([("signed", "2024-05-05", PRESS), ("signed", "2024-05-05")], "signed", None, "2024-05-05"),
        # Without a source that counts, nothing is even claimed.
        ([("pledged", "2024-03-03"), ("signed", "2024-05-05", [])], "pledged", None, "2024-03-03"),
    ],
)  # fmt: skip
def test_what_is_told_and_not_supported_is_claimed_and_nothing_more(steps, stage, claimed, since):
    found = rules.judge(record(*steps, parties=("Arvania",)), RECORDED)
    assert (found.stage, found.claimed_stage, found.stage_since) == (stage, claimed, since)


def test_an_outweighed_report_leaves_the_stage_where_it_was():
    told = [*NEWS, item("B2", "Weekly", "contradicts", "news")]
    found = rules.judge(
        record(("pledged", "2024-03-03"), ("inaugural-held", "2024-05-05", told), kind="forum"), RECORDED
    )
    assert (found.stage, found.claimed_stage, found.disputed) == ("pledged", "inaugural-held", True)


def test_the_events_that_count_are_those_that_are_supported_and_the_first_that_stands_for_the_promise():
    told = [("proposed", "2024-01-01"), ("signed", "2024-05-05", PRESS), ("approved", "2024-06-06", NEWS)]
    found = record(*told, parties=PARTIES)
    kept = steps.proven(found, found.events)
    assert [(e.version, e.stage) for e in kept] == [
        (2, Stage.PROPOSED), (3, Stage.PLEDGED), (4, Stage.APPROVED),
    ]  # fmt: skip


def test_only_one_unproved_step_stands_for_the_promise():
    twice = record(("signed", "2024-05-05", PRESS), ("in-force", "2024-06-06", PRESS))
    after = record(("pledged", "2024-03-03"), ("signed", "2024-05-05", PRESS))
    assert [e.version for e in steps.proven(twice, twice.events)] == [2]
    assert [e.version for e in steps.proven(after, after.events)] == [2]


@pytest.mark.parametrize(
    ("kind", "claimed", "schedule"),
    [
        # Were it proved, it would be kept, or called off: then nobody can say late.
        ("mou", ("signed", PRESS), "unknown"),
        # A rumour excuses nobody.
        ("mou", ("signed", BLOG), "late"),
        ("mou", ("withdrawn", PRESS), "unknown"),
        # Were it proved, it would still be late.
        ("legal-instrument", ("signed", PRESS), "late"),
        ("mou", ("in-negotiation", BLOG), "late"),
        ("mou", ("signed", [item()]), "met"),
        ("forum", ("inaugural-held", PRESS), "unknown"),
        ("forum", ("inaugural-held", NEWS), "met"),
    ],
)
def test_what_sources_say_was_kept_in_time_without_proving_it_is_never_late(kind, claimed, schedule):
    stage, items = claimed
    pledge = record(
        ("pledged", "2024-03-03"),
        (stage, "2024-12-12", items),
        kind=kind,
        parties=PARTIES,
        due=day("2024-12-31"),
        checks=(day("2025-02-02"),),
    )
    assert rules.judge(pledge, day("2025-02-02")).schedule == schedule
    without = record(("pledged", "2024-03-03"), kind=kind, due=day("2024-12-31"), checks=(day("2025-02-02"),))
    assert rules.judge(without, day("2025-02-02")).schedule is Schedule.LATE


def test_an_edition_that_is_only_told_of_keeps_a_rhythm_from_being_called_lapsed():
    talks = record(
        ("recurring", "2023-01-01"),
        ("inaugural-held", "2024-01-01", PRESS),
        kind="dialogue", lapses_after="P1Y", checks=(day("2024-06-01"), day("2025-06-01")),
    )  # fmt: skip
    said = {d: rules.judge(talks, day(d)).schedule for d in ("2024-06-01", "2025-01-02", "2025-06-01")}
    assert list(said.values()) == ["unknown", "unknown", "lapsed"]


def test_another_edition_told_of_and_not_proved_is_not_late_though_the_stage_stays_the_same():
    held, told = ("recurring", "2023-01-01"), ("recurring", "2024-01-01", PRESS)
    more = {"kind": "forum", "cadence": "P1Y", "checks": (day("2024-06-01"),)}
    without, found = (rules.judge(record(*s, **more), day("2024-06-01")) for s in ([held], [held, told]))
    assert (without.stage, without.schedule) == ("recurring", "late")
    assert (found.stage, found.claimed_stage, found.schedule) == ("recurring", None, "unknown")
    assert found.deadline == without.deadline == day("2024-01-01")


# The parties, each for itself


@pytest.mark.parametrize(
    ("stages", "whole", "since"),
    [
        # Approval is given at home, and a promise can be given up by one; the rest needs all.
        ([("approved", "2024-06-06", "Arvania")], "approved", "2024-06-06"),
        ([("withdrawn", "2024-06-06", "Arvania")], "withdrawn", "2024-06-06"),
        ([("in-force", "2024-06-06", "Arvania")], "concluded", "2024-03-03"),
        ([("signed", "2024-06-06", "Arvania"), ("signed", "2024-07-07", "Belmora")], "signed", "2024-07-07"),
        (
            [("in-force", "2024-06-06", "Arvania"), ("signed", "2024-07-07", "Belmora")],
            "signed",
            "2024-07-07",
        ),
        # A step back of one does not take all of them back.
        ([("in-negotiation", "2024-06-06", "Belmora")], "concluded", "2024-03-03"),
    ],
)
def test_a_step_of_one_party_moves_all_of_them_only_where_one_is_enough(stages, whole, since):
    told = [(stage, on, [item()], party) for stage, on, party in stages]
    found = rules.judge(record(("concluded", "2024-03-03"), *told, parties=PARTIES), RECORDED)
    assert (found.stage, found.stage_since) == (whole, since)
    reached = {party: stage for stage, _, party in stages}
    assert {a.party: a.stage for a in found.answers} == dict.fromkeys(PARTIES, "concluded") | reached


@pytest.mark.parametrize(
    ("end", "later"),
    [("withdrawn", "in-negotiation"), ("lapsed", "signed")],
)
def test_what_was_recorded_had_happened_by_then_however_vague_its_date(end, later):
    early = event(end, "2026", version=2, recorded=day("2026-02-01"))
    exact = event(later, "2026-03-15", version=3, recorded=day("2026-03-16"))
    treaty = dataclasses.replace(record(recorded=day("2026-01-01")), events=(early, exact))
    assert rules.judge(treaty, day("2026-03-01")).stage == end
    assert rules.judge(treaty, day("2026-05-20")).stage == later


def test_a_claim_made_after_the_date_and_one_that_was_refuted_leave_it_late():
    memo = {"kind": "mou", "parties": PARTIES, "due": day("2024-12-31"), "checks": (day("2025-05-05"),)}
    pledged = ("pledged", "2024-03-03")
    refuted = [*PRESS, item("A1", "Register", "contradicts")]
    for stage, on, items in (("signed", "2025-02-02", PRESS), ("signed", "2024-12-12", refuted)):
        found = rules.judge(record(pledged, (stage, on, items), **memo), RECORDED)
        assert (found.schedule, found.claimed_stage) == ("late", "signed")


@pytest.mark.parametrize(
    ("items", "schedule"),
    [([item("F6", "Blog", kind="blog")], "unknown"), (PRESS, "late"), ([item()], "late")],
)
def test_a_rumour_after_the_date_makes_nobody_late(items, schedule):
    told = [("pledged", "2024-03-03"), ("precursor", "2025-02-02", items)]
    found = rules.judge(record(*told, due=day("2024-12-31")), RECORDED)
    assert found.schedule == schedule


def test_every_answer_is_found_by_the_rules_for_the_whole():
    steps = [("pledged", "2024-03-03"), ("signed", "2024-05-05", PRESS, "Arvania")]
    memo = record(*steps, kind="mou", parties=PARTIES, due=day("2024-12-31"), checks=(day("2025-02-02"),))
    ours, theirs = rules.judge(memo, RECORDED).answers
    assert (ours.stage, ours.claimed_stage, ours.official_stage, ours.schedule) == (
        "pledged", "signed", "signed", "unknown",
    )  # fmt: skip
    assert (theirs.stage, theirs.claimed_stage, theirs.official_stage, theirs.schedule) == (
        "pledged", None, None, "late",
    )  # fmt: skip


@pytest.mark.parametrize("parties", [(), ("Arvania",)])
def test_a_pledge_of_one_has_one_answer(parties):
    assert rules.judge(record(("pledged", "2024-03-03"), parties=parties), RECORDED).answers == ()


@pytest.mark.parametrize(
    ("steps", "whole", "arvania", "belmora"),
    [
        ([("signed", [official("Arvania")])], "signed", "signed", None),
        ([("signed", [official(*PARTIES)])], "signed", "signed", "signed"),
        ([("signed", [official("Arvania")]), ("pledged", [official("Belmora")])],
         "signed", "signed", "pledged"),
        # Whatever the evidence is worth, it is what officials say.
        ([("signed", [official("Arvania", grades="E5")])], "signed", "signed", None),
        ([("signed", PRESS)], "signed", "signed", None),
        # An official source that does not say for whom it speaks counts for the whole only.
        ([("signed", [official()])], "signed", None, None),
        # One that speaks for somebody else counts for nobody here.
        ([("signed", [official("Cathay")])], None, None, None),
        ([("signed", [item("A1", "Yard", kind="company", speaks_for=("Arvania",))])], None, None, None),
        # The furthest counts, but an end only while it is the last word.
        ([("signed", [official("Arvania")]), ("in-negotiation", [official("Arvania")])],
         "signed", "signed", None),
        ([("signed", [official("Arvania")]), ("withdrawn", [official("Belmora")])],
         "withdrawn", "signed", "withdrawn"),
        ([("withdrawn", [official("Belmora")]), ("signed", [official("Arvania")])],
         "signed", "signed", "withdrawn"),
    ],
)  # fmt: skip
def test_officials_are_heard_for_the_parties_in_whose_name_they_speak(steps, whole, arvania, belmora):
    told = [(stage, f"2024-0{month}-01", items) for month, (stage, items) in enumerate(steps, start=1)]
    found = rules.judge(record(*told, parties=PARTIES), RECORDED)
    assert found.official_stage == whole
    assert [(a.party, a.official_stage) for a in found.answers] == [
        ("Arvania", arvania),
        ("Belmora", belmora),
    ]


def test_the_last_word_of_officials_is_the_last_that_happened_not_the_last_recorded():
    steps = [
        ("withdrawn", "2024-05-05", [official("Arvania")]),
        ("signed", "2024-03-03", [official("Arvania")]),
    ]
    assert rules.judge(record(*steps, parties=PARTIES), RECORDED).official_stage == "withdrawn"


def test_where_no_party_is_named_every_official_is_heard():
    found = rules.judge(record(("signed", "2024-05-05", [official("Cathay")])), RECORDED)
    assert found.official_stage == "signed"


def test_the_officials_of_every_party_prove_a_step_that_one_of_them_alone_does_not():
    alone = [event("signed", "2024-05-05", [official("Arvania")])]
    both = [event("signed", "2024-05-05", [official("Arvania"), official("Belmora")])]
    found = record(parties=PARTIES)
    assert [e.stage for e in steps.proven(found, alone)] == [Stage.PLEDGED]
    assert steps.proven(found, both) == both
    assert set(proof.OFFICIAL) == {"record", "official", "release"}
