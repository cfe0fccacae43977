import datetime as dt

import make
import pytest
import records

from tracker import queries, rules
from tracker.clocks import At
from tracker.dates import Edtf
from tracker.record import Event, Item, Record
from tracker.terms import Bearing, Credibility, Kind, Reliability, SourceKind, Stage

JUDGED = (
    "stage",
    "status",
    "stage_since",
    "schedule",
    "confidence",
    "disputed",
    "official_stage",
    "evidence_reaches",
    "last_checked",
)


def as_of(tracker, day: str) -> dict:
    rows = tracker.commitments(as_of=dt.date.fromisoformat(day))
    return {row["id"]: row for row in rows}


def as_known(tracker, day: str, known_at: str) -> dict:
    with tracker.store.reading() as con:
        cursor = con.execute("FROM as_known(?, ?)", [day, known_at])
        names = [c[0] for c in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def test_the_view_says_of_every_day_what_the_rules_say(tracker):
    tracker.revise(make.commitment(due="2025-02"), by="ann")
    steps = [("pledged", "2024-03-04"), ("in-negotiation", "2024-05"), ("signed", "2024-11-30")]
    for stage, on in steps:
        tracker.record(make.event(stage, on), by="ann")
    tracker.add(make.check("look", "2025-04-01"), by="ann")
    item = Item(
        Bearing.SUPPORTS, Reliability.A, Credibility.CONFIRMED, SourceKind.RECORD, make.source().publisher
    )
    recorded = dt.date(2025, 6, 1)
    record = Record(
        Kind.LEGAL_INSTRUMENT,
        recorded,
        due=dt.date(2025, 2, 28),
        events=tuple(
            Event(n, Stage(stage), on, Edtf(on).earliest, Edtf(on).latest, recorded, (item,))
            for n, (stage, on) in enumerate(steps)
        ),
        checks=(dt.date(2025, 4, 1),),
    )
    for offset in range(0, 600, 3):
        day = dt.date(2024, 3, 1) + dt.timedelta(days=offset)
        row = as_of(tracker, day.isoformat()).get("treaty")
        judged = rules.judge(record, day)
        assert (row is None) == (judged is None), day
        assert row is None or [row[c] for c in JUDGED] == [getattr(judged, c) for c in JUDGED], day


def test_the_answers_on_record_are_those_of_the_rules_for_all_and_for_each_party(tracker):
    """Kind, grades, origin, party in whose name a source speaks, and whose step it was reach the rules."""
    parties = ("Arvania", "Belmora")
    wording = make.commitment(kind="mou", due="2024-12", parties=[{"name": p} for p in parties])
    tracker.revise(wording, by="ann")
    office = {"kind": "official", "reliability": "B"}
    tracker.add(
        make.source("note", **office, speaks_for=["Arvania"], published="2024-05-06"),
        make.source("reply", **office, speaks_for=["Belmora"], published="2024-04-01"),
        make.source("wire", kind="news", reliability="C", origin="Agency"),
        make.check("look", "2025-04-01"),
        by="ann",
    )
    good = [{"source_id": s, "credibility": 2} for s in ("note", "reply")]
    tracker.record(make.event("pledged", "2024-03-04", evidence=good), by="ann")
    tracker.record(make.event("signed", "2024-05-05", evidence=good), by="ann")
    tracker.record(make.event("ongoing", "2024-06-06", "wire", party="Belmora"), by="ann")

    def item(kind: str, grades: str, origin: str, *speaks_for: str, published: str | None = None) -> Item:
        return records.item(grades, origin, "supports", kind, speaks_for, published)

    note = item("official", "B2", "Note", "Arvania", published="2024-05-06")
    reply = item("official", "B2", "Reply", "Belmora", published="2024-04-01")
    record = records.record(
        ("pledged", "2024-03-04", [note, reply]),
        ("signed", "2024-05-05", [note, reply]),
        ("ongoing", "2024-06-06", [item("news", "C1", "Agency")], "Belmora"),
        kind="mou", parties=parties, due=dt.date(2024, 12, 31), checks=(dt.date(2025, 4, 1),),
    )  # fmt: skip
    for day in (dt.date(2024, 3, 4), dt.date(2024, 5, 5), dt.date(2024, 7, 1), dt.date(2025, 5, 1)):
        with tracker.store.reading() as con:
            found = queries.answers(con, "treaty", At(day))
        judged = rules.judge(record, day)
        expected = [(None, judged), *((a.party, a) for a in judged.answers)]
        said = ("stage", "claimed_stage", "official_stage", "schedule")
        assert [(a["party"], *(a[s] for s in said)) for a in found] == [
            (party, *(getattr(a, s) for s in said)) for party, a in expected
        ], day
    assert [(a["stage"], a["claimed_stage"]) for a in found] == [
        ("pledged", "signed"), ("pledged", "signed"), ("pledged", "ongoing"),
    ]  # fmt: skip


def test_what_is_learnt_late_shows_on_the_day_it_happened_but_not_before_it_was_known(tracker, clock):
    tracker.record(make.event("pledged", "2024-03-04"), by="ann")
    clock.set("2025-08-15T12:00")
    tracker.record(make.event("signed", "2025-07-01"), by="ben")
    assert as_of(tracker, "2025-06-30")["treaty"]["stage"] == "pledged"
    assert as_of(tracker, "2025-07-01")["treaty"]["stage"] == "signed"
    assert as_known(tracker, "2025-07-01", "2025-08-15 11:59:59")["treaty"]["stage"] == "pledged"
    assert as_known(tracker, "2025-07-01", "2025-08-15 12:00:00")["treaty"]["stage"] == "signed"
    assert as_known(tracker, "2025-06-30", "2025-08-15 12:00:00")["treaty"]["stage"] == "pledged"
    assert as_known(tracker, "2025-07-01", "2025-05-31 00:00:00") == {}


def test_a_past_view_keeps_version_wording_and_date_of_its_time(tracker, clock):
    clock.set("2025-07-01T12:00")
    tracker.revise(make.commitment(title="A new title", due="2026"), by="ben")
    before, after = (as_known(tracker, "2025-07-02", t)["treaty"] for t in ("2025-06-30", "2025-07-02"))
    assert (before["title"], before["due"], before["version"], before["schedule"]) == (
        "A treaty",
        None,
        1,
        "no-date",
    )
    assert (after["title"], after["due"], after["version"], after["schedule"]) == (
        "A new title",
        "2026",
        2,
        "upcoming",
    )
    assert before["recorded_at"] < after["recorded_at"] == dt.datetime(2025, 7, 1, 12)


def test_a_past_view_does_not_change_when_more_is_recorded(tracker, clock):
    tracker.record(make.event("pledged", "2024-03-04"), by="ann")
    views = [("2024-12-31", "2025-06-15"), ("2025-06-15", "2025-06-15"), ("2026-06-15", "2025-06-15")]
    before = [as_known(tracker, *view) for view in views]
    clock.set("2025-09-01T00:00")
    tracker.record(make.event("signed", "2024-06-01"), by="ben")
    tracker.revise(make.source(reliability="F"), by="ben")
    tracker.revise(make.commitment(due="2024-05"), by="ben")
    tracker.add(make.check(), make.dispute(), by="ben")
    assert [as_known(tracker, *view) for view in views] == before
    assert as_of(tracker, "2025-06-15") != before[1]


def test_a_new_grade_of_a_source_changes_the_confidence_of_what_cites_it(tracker):
    tracker.record(make.event(), by="ann")
    assert as_of(tracker, "2025-06-01")["treaty"]["confidence"] == "moderate"
    tracker.revise(make.source(reliability="D"), by="ann")
    assert as_of(tracker, "2025-06-01")["treaty"]["confidence"] == "low"


def test_a_dispute_marks_what_it_touches_until_it_touches_something_else(tracker):
    tracker.add(make.commitment("memo", kind="mou"), by="ann")
    tracker.record(make.event(), by="ann")
    tracker.add(make.dispute("quarrel", "treaty"), by="ann")
    found = as_of(tracker, "2025-06-01")
    assert (found["treaty"]["disputed"], found["treaty"]["confidence"]) == (True, "low")
    assert found["memo"]["disputed"] is False
    tracker.revise(make.dispute("quarrel", "memo"), by="ann")
    found = as_of(tracker, "2025-06-01")
    assert (found["treaty"]["disputed"], found["treaty"]["confidence"]) == (False, "moderate")
    assert found["memo"]["disputed"] is True


def test_a_settled_dispute_stays_on_view_and_costs_no_confidence(tracker):
    tracker.record(make.event(), by="ann")
    tracker.add(make.dispute(settled=True, holds="Then", why="The text says so"), by="ann")
    found = as_of(tracker, "2025-06-01")["treaty"]
    assert (found["disputed"], found["confidence"]) == (True, "moderate")


def test_a_revised_search_counts_once_and_for_what_it_now_names(tracker):
    tracker.add(make.commitment("memo", kind="mou"), by="ann")
    tracker.add(make.check("look", "2025-05-01", "treaty"), by="ann")
    tracker.revise(make.check("look", "2025-04-01", "memo", places=["The archive"]), by="ann")
    found = as_of(tracker, "2025-06-01")
    assert found["treaty"]["last_checked"] is None
    assert found["memo"]["last_checked"] == dt.date(2025, 4, 1)
    assert tracker.info()["counts"]["checks"] == 1
    tracker.verify()


def test_silence_is_unknown_until_a_recorded_search_reaches_beyond_the_date(tracker):
    tracker.revise(make.commitment(due="2024-12"), by="ann")
    tracker.record(make.event("pledged", "2024-03-04"), by="ann")
    assert as_of(tracker, "2025-06-01")["treaty"]["schedule"] == "unknown"
    tracker.add(make.check("look", "2025-05-01"), by="ann")
    assert as_of(tracker, "2025-06-01")["treaty"]["schedule"] == "late"
    assert as_of(tracker, "2025-04-30")["treaty"]["schedule"] == "unknown"


def test_a_changed_kind_changes_the_status_of_the_same_stage(tracker):
    tracker.record(make.event("signed", "2025-01-01"), by="ann")
    assert as_of(tracker, "2025-06-01")["treaty"]["status"] == "in-progress"
    tracker.revise(make.commitment(kind="mou"), by="ann")
    assert as_of(tracker, "2025-06-01")["treaty"]["status"] == "delivered"
    assert [h["status"] for h in tracker.history("treaty")] == ["delivered"]


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("2023~", dt.date(2023, 1, 1), dt.date(2023, 12, 31)),
    ],
)
def test_vague_dates_keep_their_text_and_show_their_bounds(tracker, text, earliest, latest):
    tracker.record(make.event("signed", text), by="ann")
    told = tracker.history("treaty")[0]
    assert (told["happened_on"], told["happened_earliest"], told["happened_latest"]) == (
        text,
        earliest,
        latest,
    )


def test_evidence_shows_both_grades_and_what_it_says(tracker):
    tracker.add(make.source("blog", kind="blog", reliability="E"), by="ann")
    evidence = [
        {"source_id": "gazette", "credibility": 1, "locator": "p. 3", "quote": "Signed."},
        {"source_id": "blog", "credibility": 5, "bearing": "contradicts"},
    ]
    tracker.record(make.event("signed", "2025-01-01", evidence=evidence), by="ann")
    with tracker.store.reading() as con:
        rows = con.execute("FROM evidence").fetchall()
    assert rows == [
        ("treaty", 2, "gazette", "supports", "A", 1, "p. 3", "Signed."),
        ("treaty", 2, "blog", "contradicts", "E", 5, None, None),
    ]
    assert as_of(tracker, "2025-06-01")["treaty"]["disputed"] is True
