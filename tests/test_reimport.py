"""A facts file told again: what it says otherwise is entered, and no correction is undone."""

import copy
from typing import Any

import make
import pytest
import yaml
from conftest import DATA

from tracker import facts
from tracker.reconcile import RECODED
from tracker.terms import Entity
from tracker.tracker import Tracker

TREATY = "secrets-treaty"


class Plain(yaml.SafeDumper):
    """Writes out what stands twice, for a facts file has no aliases."""

    def ignore_aliases(self, data):
        return True


DATA_SET = yaml.safe_load((DATA / "facts.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def again(filled, tmp_path):
    """Import the facts file, changed, into the store that holds it; say what was entered and kept."""

    def run(*edits: Any) -> tuple[int, tuple[str, ...]]:
        data = copy.deepcopy(DATA_SET)
        for edit in edits:
            edit(data)
        path = tmp_path / "facts.yaml"
        path.write_text(yaml.dump(data, Dumper=Plain, allow_unicode=True), encoding="utf-8")
        read = facts.read(path)
        done = filled.import_facts(read, by="compiler")
        assert filled.import_facts(read, by="compiler") == (0, done.kept), "told again, it changes nothing"
        if not done.kept:
            assert filled.stored(read)["events"] == len(read.events)
        filled.verify()
        return done

    return run


def history(data: dict) -> list[dict]:
    return next(c["history"] for c in data["commitments"] if c["id"] == TREATY)


def last(**fields: Any):
    """Say the last event of the treaty otherwise."""
    return lambda data: history(data)[-1].update(fields)


def beside(**fields: Any):
    """Tell another event after it, which differs from it in this."""
    return lambda data: history(data).append(history(data)[-1] | fields)


def events(tracker: Tracker) -> list[tuple]:
    """The events of the treaty as they were recorded: version, stage, date, whether it stands, author."""
    told = sorted(tracker.history(TREATY), key=lambda e: e["version"])
    return [
        (e["version"], e["stage"], e["happened_on"], e["withdrawn_at"] is None, e["recorded_by"])
        for e in told
    ]


def newest(tracker: Tracker) -> int:
    return events(tracker)[-1][0]


def replaced(tracker: Tracker, version: int) -> None:
    event = make.event(
        "concluded", "2025-02", "yearbook", commitment_id=TREATY, supersedes=version,
        because="Only a committee looked at it", note="A committee looked at it.",
    )  # fmt: skip
    tracker.record(event, by="ann")


def withdrawn(tracker: Tracker, version: int) -> None:
    tracker.withdraw(Entity.COMMITMENT, TREATY, version=version, reason="It never was", by="ann")


@pytest.mark.parametrize("correct", [replaced, withdrawn])
@pytest.mark.parametrize(
    "edit",
    [last(), last(credibility=4), last(status_after="concluded"), last(date="2025-01-15")],
    ids=["the same", "another grade", "another stage", "another date"],
)
def test_what_somebody_else_replaced_or_withdrew_is_left_and_named(filled, again, correct, edit):
    version = newest(filled)
    correct(filled, version)
    before = events(filled)
    done = again(edit)
    assert (done.entries, done.kept) == (0, (f"event {TREATY} {newest(filled)}",))
    assert events(filled) == before


def test_what_was_recoded_and_then_withdrawn_by_somebody_else_is_left_and_named(filled, again):
    first = newest(filled)
    again(last(credibility=4))
    withdrawn(filled, newest(filled))
    for edit in (last(), last(credibility=4), last(credibility=3)):
        assert again(edit) == (0, (f"event {TREATY} {first + 1}",))


def test_a_file_may_take_back_what_it_said_otherwise(filled, again):
    first = newest(filled)
    for edit in (last(credibility=4), last(), last(credibility=4)):
        assert again(edit) == (1, ())
    assert [e[3] for e in events(filled)][-4:] == [False, False, False, True]
    assert [e["supersedes"] for e in filled.history(TREATY)][-3:] == [first, first + 1, first + 2]


def test_what_the_importer_took_out_by_hand_is_not_entered_again(filled, again):
    filled.withdraw(Entity.COMMITMENT, TREATY, version=newest(filled), reason="x", by="compiler")
    assert again() == (0, ())


@pytest.mark.parametrize(
    ("edits", "stands"),
    [
        ([last(credibility=4)], ["signed"]),
        ([last(status_after="concluded")], ["concluded"]),
        ([last(date="2025-01-15", date_precision="day")], ["signed"]),
        ([beside(status_after="concluded")], ["signed", "concluded"]),
        ([beside(status_after="concluded"), last(credibility=4)], ["signed", "concluded"]),
        ([last(credibility=3), beside(credibility=4)], ["signed", "signed"]),
        ([beside(date="2025-04-01")], ["signed", "signed"]),
    ],
    ids=[
        "another grade",
        "another stage",
        "another date",
        "a twin of another stage",
        "a twin of another stage and grade",
        "two of one",
        "the same once more, later",
    ],
)
def test_only_an_event_that_the_file_tells_no_longer_is_replaced_and_only_once(filled, again, edits, stands):
    before = events(filled)
    done = again(*edits)
    told = [e for e in events(filled) if e[0] >= before[-1][0] and e[3]]
    assert sorted(e[1] for e in told) == sorted(stands)
    assert done.kept == ()
    assert [e for e in events(filled) if e[0] < before[-1][0]] == before[:-1]
    assert all(
        e["withdrawn_because"] == RECODED for e in filled.history(TREATY) if e["withdrawn_at"] is not None
    )


def test_twins_of_one_date_and_words_are_two_events_from_then_on(filled, again):
    twin = beside(status_after="concluded")
    again(twin)
    before = events(filled)
    assert again(twin, lambda data: history(data)[-1].update(credibility=4)) == (1, ())
    assert [e[1] for e in events(filled) if e[3]] == [e[1] for e in before if e[3]]


def grade_of_another(data):
    data["sources"][3]["reliability"]["letter"] = "F"


def test_a_source_that_was_withdrawn_blocks_nothing_but_what_rests_on_it(filled, again):
    filled.withdraw(Entity.SOURCE, "treaty-gazette", reason="Forged", by="ann")
    filled.withdraw(Entity.DISPUTE, "who-hosts", reason="Nobody disputes it", by="ann")

    def said_otherwise(data):
        data["sources"][2]["title"] += ", second print"
        next(d for d in data["contradictions"] if d["id"] == "who-hosts")["claim"] += " Really?"

    new = beside(date="2025-05-01", event="Entered into force.", source_ids=["treaty-gazette"])
    done = again(said_otherwise, new, grade_of_another)
    assert done.entries == 1
    assert sorted(done.kept) == [
        "dispute who-hosts",
        f"event {TREATY} 2025-05",
        "source treaty-gazette",
    ]
    with filled.store.reading() as con:
        assert con.execute("SELECT reliability FROM sources WHERE id = 'treaty-blog'").fetchall() == [("F",)]


def test_an_event_recoded_on_a_source_that_was_withdrawn_stays_as_it_was(filled, again):
    filled.withdraw(Entity.SOURCE, "treaty-gazette", reason="Forged", by="compiler")
    before = events(filled)
    assert again(last(credibility=4, source_ids=["treaty-gazette"])) == (
        0,
        (f"event {TREATY} {newest(filled)}",),
    )
    assert events(filled) == before
