"""The timeline: every day's judgement, and what holds of all histories."""

import dataclasses
import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import day, event, item, record

from tracker import lifecycle, proof, rules
from tracker.record import Record
from tracker.terms import (
    Bearing,
    Confidence,
    Kind,
    Requirement,
    Schedule,
    SourceKind,
    Stage,
    Status,
    Weight,
)

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


def test_a_claimed_edition_that_lapses_turns_the_answer_on_its_day():
    press = [item("A1", "Ministry", kind="release")]
    talks = record(
        ("recurring", "2023-01-01"),
        ("inaugural-held", "2024-01-01", press),
        kind="dialogue", cadence="P1Y", lapses_after="P18M", checks=(day("2025-03-01"),),
    )  # fmt: skip
    spans = {s.since: s.judgement.schedule for s in rules.timeline(talks) if s.since >= day("2025-03-01")}
    # Had the claimed one been held, nobody could say after its tolerance whether another was.
    assert spans[day("2025-03-01")] == "lapsed"
    assert spans[day("2025-07-02")] == "unknown"


# What holds of all histories

PARTIES = ("Arvania", "Belmora")
FIRST = dt.date(2024, 1, 1)
DAYS = 120
"""Everything that is generated happens within so many days."""

days = st.integers(0, DAYS).map(lambda n: FIRST + dt.timedelta(days=n))
dates = st.one_of(
    days.map(str),
    days.map(lambda d: f"{d:%Y-%m}"),
    days.map(lambda d: f"{d.year}"),
    st.tuples(days, days).map(lambda pair: f"{min(pair)}/{max(pair)}"),
)
grades = st.tuples(st.sampled_from("AABBCDEF"), st.sampled_from("11223456")).map("".join)
items = st.builds(
    item,
    grades,
    st.sampled_from(["Agency", "Daily", "Gazette"]),
    st.sampled_from(["supports", "supports", "supports", "contradicts", "context"]),
    st.sampled_from(list(SourceKind)),
    st.sampled_from([(), ("Arvania",), ("Belmora",), PARTIES]),
    st.none() | days.map(str),
)
supporting = items.map(lambda i: dataclasses.replace(i, bearing=Bearing.SUPPORTS))
evidence = st.lists(items, max_size=4)


@st.composite
def records(draw) -> Record:
    kind = draw(st.sampled_from(list(Kind)))
    stages = st.sampled_from(list(lifecycle.of(kind)))
    whose = st.none() | st.sampled_from(PARTIES)
    told = draw(st.lists(st.tuples(stages, dates, evidence, whose), max_size=5))
    # Where something is recorded it may be tomorrow already, and before that it has not happened.
    events = []
    for version, (stage, on, said, party) in enumerate(told, start=2):
        made = event(stage, on, said, party, version=version)
        recorded = made.earliest + dt.timedelta(days=draw(st.integers(-1, 40)))
        events.append(dataclasses.replace(made, recorded_on=recorded))
    interval = st.none() | st.sampled_from(["P1W", "P30D", "P1M", "P2M", "P100D"])
    return Record(
        kind,
        draw(days),
        parties=draw(st.sampled_from([(), ("Arvania",), PARTIES])),
        due=draw(st.none() | days),
        cadence=draw(interval),
        lapses_after=draw(interval),
        events=tuple(events),
        checks=tuple(draw(st.lists(days, max_size=3))),
        disputed=draw(st.booleans()),
        contested=draw(st.booleans()),
    )


thorough = settings(max_examples=500, deadline=None)


@thorough
@given(records())
def test_every_day_is_judged_as_the_span_that_covers_it_says(found):
    spans = rules.timeline(found)
    assert spans[-1].until == rules.FOREVER
    for before, after in itertools.pairwise(spans):
        assert (before.until, before.judgement != after.judgement) == (after.since, True)
    turns = iter([*spans, None])
    span, following = None, next(turns)
    for offset in range(-92, DAYS + 110):
        today = FIRST + dt.timedelta(days=offset)
        while following is not None and following.since <= today:
            span, following = following, next(turns)
        assert rules.judge(found, today) == (span.judgement if span else None), today


@thorough
@given(records(), days, evidence, dates)
def test_what_holds_of_the_judgement_of_any_day_whatever_is_on_record(found, today, said, on):
    # To make up a history costs as much as to judge it: these three share theirs.
    every_judgement_keeps_to_the_rules(found, today)
    what_happens_later_changes_no_judgement_of_an_earlier_day(found, today, said, on)
    without_steps_of_its_own_every_party_has_the_answer_of_all(found, today)


def every_judgement_keeps_to_the_rules(found, today):
    judged = rules.judge(found, today)
    if judged is None:
        return
    rows = lifecycle.of(found.kind)
    assert judged.status is rows[judged.stage].status
    assert judged.claimed_stage is not judged.stage
    supported = {f.version for f in rules.findings(found) if f.supported}
    proved = {e.stage for e in found.events if e.version in supported and e.certain_on <= today}
    assert judged.stage in {*proved, Stage.PLEDGED, Stage.REPORTED_UNCONFIRMED}
    if judged.schedule is Schedule.LATE:
        assert judged.deadline < judged.evidence_reaches <= today
    if judged.schedule is Schedule.LAPSED:
        assert judged.stage is Stage.LAPSED or judged.lapses_on < judged.evidence_reaches <= today
    if judged.status is Status.DELIVERED:
        assert judged.schedule is Schedule.MET
    if judged.status is Status.UNCONFIRMED:
        assert judged.confidence is Confidence.LOW


def what_happens_later_changes_no_judgement_of_an_earlier_day(found, today, said, on):
    later = event(Stage.PLEDGED, on, said, version=99, recorded=dt.date(2025, 6, 1))
    later = dataclasses.replace(
        later, earliest=max(later.earliest, today + dt.timedelta(days=1)),
        latest=max(later.latest, today + dt.timedelta(days=1)),
    )  # fmt: skip
    check = today + dt.timedelta(days=3)
    more = dataclasses.replace(found, events=(*found.events, later), checks=(*found.checks, check))
    assert rules.judge(more, today) == rules.judge(found, today)


def without_steps_of_its_own_every_party_has_the_answer_of_all(found, today):
    together = dataclasses.replace(
        found, parties=PARTIES, events=tuple(dataclasses.replace(e, party=None) for e in found.events)
    )
    judged = rules.judge(together, today)
    for answer in judged.answers if judged else ():
        assert (answer.stage, answer.claimed_stage, answer.schedule) == (
            judged.stage,
            judged.claimed_stage,
            judged.schedule,
        )


requirements = st.sampled_from(list(Requirement))
parties = st.sampled_from([(), ("Arvania",), PARTIES])


@thorough
@given(evidence, items, requirements, parties, dates)
def test_support_never_loses_and_contradiction_never_wins(said, one, requirement, who, on):
    def met(*evidence):
        return proof.supports(event(Stage.PLEDGED, on, evidence), requirement, who)

    before = met(*said)
    after = met(*said, one)
    if one.bearing is Bearing.SUPPORTS:
        assert after >= before
    if one.bearing is Bearing.CONTRADICTS:
        assert after <= before
    if one.bearing is Bearing.CONTEXT:
        assert after == before
    # Copies count once, and the order in which sources are cited does not matter.
    assert met(*said, one, one, one) == met(one, *reversed(said)) == after


@thorough
@given(supporting, supporting, evidence, requirements, parties, dates)
def test_a_better_grade_never_loses_support(one, other, others, requirement, who, on):
    better = dataclasses.replace(
        one,
        reliability=min(one.reliability, other.reliability),
        credibility=min(one.credibility, other.credibility),
    )
    said = [event(Stage.PLEDGED, on, [i, *others]) for i in (one, better)]
    assert proof.supports(said[1], requirement, who) >= proof.supports(said[0], requirement, who)


ORDER = (Requirement.EFFECT, Requirement.BOTH, Requirement.ACT, Requirement.WORD, Requirement.REPORT)


@thorough
@given(evidence, parties, dates)
def test_what_meets_a_requirement_meets_every_lesser_one(said, who, on):
    told = event(Stage.PLEDGED, on, said)
    met = [proof.supports(told, r, who) for r in ORDER]
    assert met == sorted(met)
    if proof.supports(told, Requirement.RESULT, who):
        assert proof.supports(told, Requirement.BOTH, who)


@thorough
@given(records(), st.data())
def test_in_a_history_that_only_moves_forward_more_support_never_lowers_the_stage(found, data):
    rows = lifecycle.of(found.kind)
    on = sorted({str(d) for d in data.draw(st.lists(days, min_size=len(found.events), max_size=9))})
    stages = sorted(
        (e.stage for e in found.events if e.stage not in lifecycle.ENDS), key=lambda s: rows[s].ordinal
    )
    said = [e.items for e in found.events]
    events = [event(s, d, i, version=n) for n, (s, d, i) in enumerate(zip(stages, on, said, strict=False))]
    if not events:
        return
    place = data.draw(st.integers(0, len(events) - 1))
    richer = list(events)
    richer[place] = dataclasses.replace(
        events[place], items=(*events[place].items, *data.draw(st.lists(supporting, min_size=1, max_size=3)))
    )
    after = dt.date(2025, 6, 1)
    less = rules.judge(dataclasses.replace(found, events=tuple(events)), after)
    more = rules.judge(dataclasses.replace(found, events=tuple(richer)), after)
    assert rows[more.stage].ordinal >= rows[less.stage].ordinal


@thorough
@given(evidence, st.booleans(), supporting)
def test_confidence_grows_with_support_and_falls_with_an_open_dispute(said, contested, one):
    order = list(Confidence)

    def level(items, contested):
        return order.index(rules.confidence(Status.PLEDGED, items, contested))

    assert level([*said, one], contested) >= level(said, contested)
    assert level(said, True) <= level(said, False)
    assert level([*said, *said], contested) == level(said, contested)


@thorough
@given(items, dates)
def test_no_item_proves_more_than_its_kind_can(one, on):
    found = proof.weight(one, event(Stage.PLEDGED, on).earliest)
    assert Weight.REPORT <= found <= proof.CEILING[one.source_kind]
