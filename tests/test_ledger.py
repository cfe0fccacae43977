import dataclasses
import datetime as dt
import json

import make
import pytest

from tracker import ledger
from tracker.errors import Invalid, Refused, StaleVersion, UnknownId, VerificationFailed
from tracker.ledger import Draft, Entry
from tracker.models import Withdrawal
from tracker.terms import Entity


def entries(tracker) -> list[Entry]:
    with tracker.store.reading() as con:
        return list(ledger.read(con))


def problems(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(p.field, p.code) for p in refused.value.problems]


def test_entries_are_numbered_dated_signed_and_chained(tracker):
    tracker.record(make.event(), by="ben")
    found = entries(tracker)
    assert [e.seq for e in found] == [1, 2, 3, 4]
    assert [e.entity for e in found] == ["source", "agreement", "commitment", "commitment"]
    assert [e.version for e in found] == [1, 1, 1, 2]
    assert [e.actor for e in found] == ["ann", "ann", "ann", "ben"]
    assert found[0].previous_hash == "0" * 64
    assert [e.previous_hash for e in found[1:]] == [e.hash for e in found[:-1]]
    assert found[-1].recorded_at.date() == dt.date(2025, 6, 1)
    assert ledger.verify(found) == found[-1]


def test_the_payload_is_canonical_json_of_what_was_recorded(tracker):
    event = make.event("signed", "2024-05~", note="서명 é")
    tracker.record(event, by="ben")
    payload = entries(tracker)[-1].payload
    assert json.loads(payload) == event.model_dump(mode="json")
    assert payload == json.dumps(
        json.loads(payload), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def test_two_batches_never_share_an_instant_even_if_the_clock_stands_still_or_goes_back(tracker, clock):
    tracker.record(make.event(), by="ben")
    clock.set("2025-05-01T00:00")
    tracker.record(make.event("signed"), by="ben")
    instants = [e.recorded_at for e in entries(tracker)][2:]
    assert instants == sorted(set(instants))


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("payload", '{"a":1}'),
        ("payload", "not json"),
        ("actor", "eve"),
        ("recorded_at", dt.datetime(2020, 1, 1)),
        ("entity_id", "other"),
        ("version", 7),
        ("kind", "revise"),
        ("idempotency_key", "key"),
        ("previous_hash", "f" * 64),
        ("hash", "f" * 64),
        ("seq", 9),
    ],
)
def test_an_entry_changed_in_any_column_breaks_the_chain_there(library, field, changed):
    found = entries(library)[:3]
    found[1] = dataclasses.replace(found[1], **{field: changed})
    with pytest.raises(VerificationFailed) as failed:
        ledger.verify(found)
    assert failed.value.code == "chain-broken"
    assert failed.value.facts["seq"] == found[1].seq


def test_an_entry_resealed_after_a_change_breaks_the_chain_at_the_next(tracker):
    found = entries(tracker)
    forged = dataclasses.replace(found[1], actor="eve")
    found[1] = dataclasses.replace(forged, hash=forged.sealed())
    with pytest.raises(VerificationFailed) as failed:
        ledger.verify(found)
    assert failed.value.facts["seq"] == 3


def test_entries_left_out_or_swapped_break_the_chain(tracker):
    one, two, three = entries(tracker)
    for wrong in ([two, three], [one, three], [one, three, two], [one, one, two]):
        with pytest.raises(VerificationFailed):
            ledger.verify(wrong)
    assert ledger.verify([]) is None
    assert ledger.verify([two, three], after=one) == three


def test_a_stale_update_is_refused_and_told_who_wrote_what_in_between(tracker):
    assert tracker.record(make.event("pledged"), by="ben", expect_version=1) == 2
    assert tracker.record(make.event("signed", note="At last."), by="eve") == 3
    with pytest.raises(StaleVersion) as refused:
        tracker.record(make.event("in-negotiation"), by="ann", expect_version=1)
    assert (refused.value.expected, refused.value.actual) == (1, 3)
    told = [(b["version"], b["actor"], b["kind"], b["payload"]["stage"]) for b in refused.value.between]
    assert told == [(2, "ben", "event", "pledged"), (3, "eve", "event", "signed")]
    assert refused.value.between[1]["payload"]["note"] == "At last."
    assert refused.value.between[0]["recorded_at"].date() == dt.date(2025, 6, 1)
    assert len(entries(tracker)) == 5


def test_a_version_nobody_has_written_yet_is_stale_too(tracker):
    with pytest.raises(StaleVersion) as refused:
        tracker.record(make.event(), by="ann", expect_version=9)
    assert (refused.value.actual, refused.value.between) == (1, ())


def test_a_stale_revision_is_refused(tracker):
    assert tracker.revise(make.source(title="Two"), by="ben", expect_version=1) == 2
    with pytest.raises(StaleVersion):
        tracker.revise(make.source(title="Three"), by="ann", expect_version=1)


def test_an_update_that_does_not_say_what_it_saw_is_taken(tracker):
    tracker.record(make.event(), by="ben")
    assert tracker.record(make.event("signed"), by="ann") == 3


@pytest.mark.parametrize("key", ["8c1e", "form#1", "a#0", "키"])
def test_a_repeated_request_lands_once_and_answers_the_same(tracker, key):
    source = make.source("letter")
    event = make.event("signed", "2024-05-01", "letter")
    first = tracker.record(event, by="ben", sources=[source], expect_version=1, key=key)
    again = tracker.record(event, by="ben", sources=[source], expect_version=1, key=key)
    assert first == again == 2
    assert len(entries(tracker)) == 5


def test_different_requests_do_not_share_a_key(tracker):
    for key in ("a", "a#0", "a#0#0", "b"):
        tracker.record(make.event(), by="ben", key=key)
    assert len(entries(tracker)) == 7


def test_a_batch_with_one_bad_draft_changes_nothing(tracker):
    before = tracker.info()["head_hash"]
    good = [Draft.add(make.source("letter")), Draft.event(make.event("signed"))]
    bad = [
        Draft.event(make.event("signed", "2024-05-01", "nowhere")),
        Draft.event(make.event("redirected")),
        Draft.event(make.event(commitment_id="nobody")),
        Draft.add(make.source()),
        Draft.revise(make.source(title="x"), expect_version=5),
    ]
    for draft in bad:
        with pytest.raises((Refused, StaleVersion)):
            tracker.store.append([*good, draft], actor="ann")
        assert tracker.info()["head_hash"] == before
    assert tracker.verify()["source_versions"] == 1


def test_a_batch_may_refer_to_what_it_enters_itself(tracker):
    tracker.store.append(
        [
            Draft.event(make.event("signed", "2025-01-01", "letter", commitment_id="memo")),
            Draft.add(make.commitment("memo", kind="mou", agreement_id="letters")),
            Draft.add(make.agreement("letters")),
            Draft.add(make.source("letter")),
        ][::-1],
        actor="ann",
    )
    assert tracker.commitment("memo")["status"] == "delivered"


def test_a_batch_may_write_to_one_thing_twice(tracker):
    drafts = [Draft.event(make.event("pledged"), 1), Draft.event(make.event("signed"), 1)]
    assert [e.version for e in tracker.store.append(drafts, actor="ann")] == [2, 3]


def test_an_empty_batch_writes_nothing(tracker):
    assert tracker.add(by="ann") == []
    assert len(entries(tracker)) == 3


@pytest.mark.parametrize(
    ("thing", "field"),
    [
        (make.agreement("other", source_ids=["nowhere"]), "source_ids"),
        (make.commitment("other", agreement_id="nowhere"), "agreement_id"),
        (make.commitment("other", source_ids=["nowhere"]), "source_ids"),
        (make.commitment("other", related_source_ids=["nowhere"]), "related_source_ids"),
        (make.check("look", "2025-05-01", "nowhere"), "commitment_ids"),
        (make.dispute("quarrel", "nowhere"), "commitment_ids"),
        (
            make.dispute(sides=[{"position": p, "source_ids": [s]} for p, s in ("ax", "by")]),
            "sides.0.source_ids",
        ),
    ],
)
def test_a_reference_to_nothing_is_refused_by_field(tracker, thing, field):
    with pytest.raises(Invalid) as refused:
        tracker.add(thing, by="ann")
    assert problems(refused)[0] == (field, "unknown_reference")


def test_evidence_from_an_unknown_source_is_refused_by_its_place(tracker):
    with pytest.raises(Invalid) as refused:
        tracker.record(make.event("signed", "2024-05-01", "gazette", "nowhere"), by="ann")
    assert problems(refused) == [("evidence.1.source_id", "unknown_reference")]


def test_a_stage_of_another_kind_is_refused_with_the_stages_there_are(tracker):
    with pytest.raises(Invalid) as refused:
        tracker.record(make.event("redirected"), by="ann")
    assert problems(refused) == [("stage", "stage_of_other_kind")]
    assert "in-force" in str(refused.value.problems[0].facts["stages"])


def test_an_update_of_an_unknown_commitment_names_the_nearest_ones(tracker):
    with pytest.raises(UnknownId) as refused:
        tracker.record(make.event(commitment_id="traety"), by="ann")
    assert refused.value.near == ("treaty",)


def test_an_identifier_is_given_once(tracker):
    with pytest.raises(Refused) as refused:
        tracker.add(make.commitment(title="Another"), by="ann")
    assert refused.value.code == "id-taken"


def test_a_kind_cannot_be_changed_to_one_that_lacks_a_stage_already_told(tracker):
    tracker.record(make.event("in-force", "2025-01-01"), by="ann")
    with pytest.raises(Invalid) as refused:
        tracker.revise(make.commitment(kind="mou"), by="ann")
    assert problems(refused) == [("kind", "kind_without_stages")]
    assert refused.value.problems[0].facts["stages"] == "in-force"


PARTIES = [{"name": "Arvania"}, {"name": "Belmora"}]


def test_a_wording_keeps_the_parties_whose_steps_stand(tracker):
    tracker.revise(make.commitment(parties=PARTIES), by="ann")
    version = tracker.record(make.event("approved", "2025-01-01", party="Belmora"), by="ann")
    renamed = make.commitment(parties=[{"name": "Arvania"}, {"name": "Republic of Belmora"}])
    with pytest.raises(Invalid) as refused:
        tracker.revise(renamed, by="ann")
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == ("parties", "party_of_event")
    assert problem.facts == {"party": "Belmora", "version": version}
    # With the step, the name may change.
    anew = make.event(
        "approved", "2025-01-01", party="Republic of Belmora", supersedes=version, because="It has a new name"
    )
    tracker.store.append([Draft.revise(renamed), Draft.event(anew)], actor="ann")
    tracker.verify()


def test_a_step_of_what_is_no_party_any_more_does_not_come_back(tracker):
    tracker.revise(make.commitment(parties=PARTIES), by="ann")
    version = tracker.record(make.event("approved", "2025-01-01", party="Belmora"), by="ann")
    withdrawal = Withdrawal(version=version, reason="x")
    batch = [
        Draft.withdraw(Entity.COMMITMENT, "treaty", withdrawal),
        Draft.revise(make.commitment(parties=PARTIES[:1])),
    ]
    tracker.store.append(batch, actor="ann")
    back = Draft.withdraw(Entity.COMMITMENT, "treaty", withdrawal, undo=True)
    with pytest.raises(Invalid) as refused:
        tracker.store.append([back], actor="ann")
    assert problems(refused) == [("party", "party_gone")]
    tracker.store.append([back, Draft.revise(make.commitment(parties=PARTIES))], actor="ann")


@pytest.mark.parametrize(
    ("now", "day", "taken"),
    [
        ("2025-06-01T09:00", "2025-06-01", True),
        # At 10:00 UTC the next day begins on the first islands (UTC+14).
        ("2025-06-01T09:59", "2025-06-02", False),
        ("2025-06-01T10:00", "2025-06-02", True),
        ("2025-06-01T23:59", "2025-06-03", False),
        ("2025-06-01T09:00", "2026", False),
        ("2025-06-01T09:00", "2025", True),
        ("2025-06-01T09:00", "2025-06", True),
        ("2025-06-01T09:00", "2025-07", False),
        ("2025-06-01T09:00", "2025-05/2025-09", False),
        ("2025-06-01T09:00", "2025-04/2025-06", True),
    ],
)
def test_what_has_begun_nowhere_on_earth_is_in_the_future(tracker, clock, now, day, taken):
    clock.set(now)
    if taken:
        assert tracker.record(make.event("signed", day), by="ann") == 2
        return
    with pytest.raises(Invalid) as refused:
        tracker.record(make.event("signed", day), by="ann")
    assert problems(refused) == [("happened_on", "in_the_future")]


def test_a_search_and_a_milestone_in_the_future_are_refused(tracker):
    with pytest.raises(Invalid) as refused:
        tracker.add(make.check("look", "2025-06-03"), by="ann")
    assert problems(refused) == [("checked_on", "in_the_future")]
    ahead = [{"name": "A"}, {"name": "B", "reached": "2025-06-03"}]
    with pytest.raises(Invalid) as refused:
        tracker.add(make.commitment("other", milestones=ahead), by="ann")
    assert problems(refused) == [("milestones.1.reached", "in_the_future")]


@pytest.mark.parametrize("by", ["", "  ", "a\x00b", "a\nb", "\x1b[31m", "\ud800", "x" * 501])
def test_nobody_writes_without_a_name_one_can_print(tracker, by):
    with pytest.raises(Invalid) as refused:
        tracker.record(make.event(), by=by)
    assert [p.field for p in refused.value.problems] == ["by"]
    assert len(entries(tracker)) == 3


def test_names_are_kept_in_composed_form(tracker):
    tracker.record(make.event(), by=" Rene\u0301 ")
    assert entries(tracker)[-1].actor == "René"


def test_another_request_under_the_same_key_is_refused(tracker):
    tracker.record(make.event("signed", "2025-05-01"), by="ann", key="one")
    with pytest.raises(Refused) as refused:
        tracker.record(make.event("signed", "2025-05-01", note="Not the same."), by="ann", key="one")
    assert refused.value.code == "key-reused"
    assert len(tracker.history("treaty")) == 1


def test_an_event_needs_a_source_that_supports_it():
    against = {"source_id": "gazette", "bearing": "contradicts", "credibility": 1}
    with pytest.raises(Invalid) as refused:
        make.event("signed", "2025-05-01", evidence=[against])
    assert problems(refused) == [("evidence", "no_support")]


@pytest.mark.parametrize("field", ["published", "dated"])
def test_documents_of_the_future_are_refused(tracker, field):
    made = (
        make.source("late", published="2031")
        if field == "published"
        else make.agreement("late", dated="2031")
    )
    with pytest.raises(Invalid) as refused:
        tracker.add(made, by="ann")
    assert problems(refused) == [(field, "in_the_future")]


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({"url": "http://www.GAZETTE.example:80/7/"}, "seven"),
        ({"url": "https://gazette.example/7", "published": "2025-03"}, "seven"),
        ({"url": None, "title": "Number 7", "publisher": "Gazette", "published": "2025-03"}, "seven"),
        ({"url": "https://gazette.example/7", "published": "2025-03-04"}, "seven"),
        ({"url": "https://gazette.example/7", "published": "2025-04"}, None),
        ({"url": "https://gazette.example/7#page-2"}, None),
        ({"url": "https://gazette.example/7?of=2"}, None),
        ({"url": "https://gazette.example/A"}, None),
        ({"url": "https://mirror.example/7", "title": "Number 7", "publisher": "Gazette"}, None),
        ({"url": None, "title": "Number 7", "publisher": "Another"}, None),
    ],
)
def test_a_source_that_is_on_record_is_not_entered_under_another_name(tracker, fields, known):
    seven = {"title": "Number 7", "publisher": "Gazette", "url": "https://gazette.example/7"}
    tracker.add(
        make.source("seven", published="2025-03", **seven),
        make.source("a", url="https://gazette.example/a"),
        by="ann",
    )
    tracker.add(make.source("paper", url=None), by="ann")
    new = make.source("new", **fields)
    if known is None:
        tracker.add(new, by="ann")
        return
    for batch in ([new], [make.source("other"), new]):
        with pytest.raises(Invalid) as refused:
            tracker.add(*batch, by="ann")
        (problem,) = refused.value.problems
        assert (problem.code, problem.facts["id"], problem.facts["at"]) == ("on_record", known, "new")
    # Neither is one that is told twice in a batch; what is on record may be revised as before.
    with pytest.raises(Invalid):
        tracker.add(
            make.source("x", url="https://x.example"), make.source("y", url="http://x.example/"), by="ann"
        )
    tracker.revise(make.source("seven", **seven), by="ann")
