"""Correction by appending: what is withdrawn, restored or replaced, and what that moves."""

import datetime as dt
import shutil
from pathlib import Path

import make
import pytest
from conftest import PRESENT

from tracker import provenance, queries
from tracker.clocks import At
from tracker.errors import Invalid, Refused, StaleVersion, UnknownId
from tracker.ledger import Draft
from tracker.models import Withdrawal
from tracker.store import Store
from tracker.terms import Entity
from tracker.tracker import Tracker

TODAY = dt.date(2025, 6, 1)
TREATY, SOURCE, CHECK, DISPUTE = Entity.COMMITMENT, Entity.SOURCE, Entity.CHECK, Entity.DISPUTE


def answer(tracker, commitment_id: str = "treaty", day: dt.date = TODAY) -> dict:
    """The whole row, and what is claimed beside it."""
    with tracker.store.reading() as con:
        row = queries.commitment(con, commitment_id, At(day))
        claimed = queries.answers(con, commitment_id, At(day))[0]["claimed_stage"]
    judged = {k: v for k, v in row.items() if k not in ("version", "recorded_at")}
    return judged | {"claimed_stage": claimed}


@pytest.fixture(scope="module")
def made(originals, tmp_path_factory) -> Path:
    """Two stores made once: `told`, and `corrected`, which goes on from it.

    In `told` the treaty was promised (2) and signed (3), it is past its date, searched for and
    disputed; a register proves the signing, and a blog also tells of it. In `corrected` one of
    its events was withdrawn (5), one replaced (6, by 8), and a thing of each sort withdrawn.
    """
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(originals / "small", folder / "told")
    told = Tracker(Store(folder / "told", clock=lambda: PRESENT))
    told.add(
        make.source("register", kind="record"), make.source("diary", kind="blog", reliability="C"), by="ann"
    )
    told.revise(make.source("gazette", kind="record"), by="ann")
    told.record(make.event("pledged", "2024-03-04"), by="ann")
    evidence = [{"source_id": "register", "credibility": 1}, {"source_id": "diary", "credibility": 2}]
    told.record(make.event("signed", "2025-01-15", evidence=evidence), by="ann")
    told.revise(make.commitment(due="2025-04"), by="ann")
    told.add(make.check("look", "2025-05-20"), make.dispute("quarrel"), by="ann")
    told.store.release()

    shutil.copytree(folder / "told", folder / "corrected")
    corrected = Tracker(Store(folder / "corrected", clock=lambda: PRESENT))
    for stage in ("approved", "concluded"):
        corrected.record(make.event(stage, "2024-12"), by="ann")
    anew = make.event("concluded", "2024-11", supersedes=6, because="It was in November")
    corrected.store.append([turn(TREATY, "treaty", 5), Draft.event(anew)], actor="ben")
    corrected.add(
        make.source("gone-source"), make.check("gone-check"), make.dispute("gone-dispute", "treaty"), by="ann"
    )
    gone = ((SOURCE, "gone-source"), (CHECK, "gone-check"), (DISPUTE, "gone-dispute"))
    corrected.store.append([turn(*target) for target in gone], actor="ben")
    return folder


@pytest.fixture
def told(made, folder, clock) -> Tracker:
    shutil.copytree(made / "told", folder)
    return Tracker(Store(folder, clock=clock))


@pytest.fixture
def corrected(made, folder, clock) -> Tracker:
    shutil.copytree(made / "corrected", folder)
    return Tracker(Store(folder, clock=clock))


@pytest.mark.parametrize(
    ("target", "version", "moved"),
    [
        (
            (TREATY, "treaty"),
            3,
            {"stage": "pledged", "status": "pledged", "stage_since": "2024-03-04", "claimed_stage": None},
        ),
        # The blog still tells of it, and proves nothing alone.
        ((SOURCE, "register"), None, {"stage": "pledged", "claimed_stage": "signed"}),
        ((SOURCE, "gazette"), None, {"stage": "signed", "official_stage": "signed"}),
        ((CHECK, "look"), None, {"last_checked": None, "schedule": "unknown"}),
        ((DISPUTE, "quarrel"), None, {"disputed": False, "confidence": "moderate"}),
    ],
    ids=["event", "best source", "another source", "search", "dispute"],
)
def test_what_is_withdrawn_stops_counting_and_counts_again_when_restored(told, target, version, moved):
    before = answer(told)
    assert (before["stage"], before["schedule"], before["disputed"]) == ("signed", "late", True)
    told.withdraw(*target, version=version, reason="It was a draft", by="ben")
    assert {k: answer(told)[k] for k in moved} == moved
    told.withdraw(*target, version=version, reason="It was no draft", undo=True, by="ben")
    assert answer(told) == before
    told.verify()


def test_an_event_without_a_source_that_counts_is_not_even_claimed(told):
    for source_id in ("register", "diary"):
        told.withdraw(SOURCE, source_id, reason="Forged", by="ben")
    assert (answer(told)["stage"], answer(told)["claimed_stage"]) == ("pledged", None)
    assert answer(told)["evidence_reaches"] == dt.date(2025, 5, 20), "the search still speaks"
    told.withdraw(CHECK, "look", reason="Nobody looked", by="ben")
    assert answer(told)["evidence_reaches"] == dt.date(2024, 3, 4)


def test_what_was_withdrawn_says_who_when_and_why_until_it_is_restored(told, clock):
    clock.set("2025-06-02T10:00")
    told.withdraw(TREATY, "treaty", version=3, reason="It was a rehearsal", by="ben")
    clock.set("2025-06-03T10:00")
    told.withdraw(TREATY, "treaty", version=3, reason="It was none", undo=True, by="ann")
    said = ("withdrawn_at", "withdrawn_by", "withdrawn_because")
    for known_on, expected in (
        (dt.date(2025, 6, 1), (None, None, None)),
        (dt.date(2025, 6, 2), (dt.datetime(2025, 6, 2, 10), "ben", "It was a rehearsal")),
        (dt.date(2025, 6, 3), (None, None, None)),
    ):
        event = told.history("treaty", as_of=TODAY, known_on=known_on)[1]
        assert (event["stage"], tuple(event[s] for s in said)) == ("signed", expected), known_on


def test_what_was_believed_before_a_withdrawal_and_during_it_stays_reachable(told, clock):
    clock.set("2025-06-02T10:00")
    told.withdraw(SOURCE, "register", reason="Forged", by="ben")
    clock.set("2025-06-03T10:00")
    told.withdraw(SOURCE, "register", reason="Genuine", undo=True, by="ben")
    second = dt.timedelta(seconds=1)
    for known_at, stage in (
        (dt.datetime(2025, 6, 2, 10) - second, "signed"),
        (dt.datetime(2025, 6, 2, 10), "pledged"),
        (dt.datetime(2025, 6, 3, 10) - second, "pledged"),
        (dt.datetime(2025, 6, 3, 10), "signed"),
    ):
        assert [row["stage"] for row in told.as_known(TODAY, known_at)] == [stage], known_at
        with told.store.reading() as con:
            shown = queries.rows(con, "FROM sources_known(?) WHERE id = 'register'", [known_at])
        assert (shown[0]["withdrawn_because"] == "Forged") == (stage == "pledged"), known_at


def test_a_new_event_can_take_the_place_of_one_and_says_why(told):
    version = told.record(
        make.event("signed", "2025-02-15", "register", supersedes=3, because="The month was misread"),
        by="ben",
    )
    assert answer(told)["stage_since"] == "2025-02-15"
    assert answer(told, day=dt.date(2025, 2, 14))["stage"] == "pledged"
    pledged, old, new = told.history("treaty", as_of=TODAY)
    assert (old["superseded_by"], old["withdrawn_because"]) == (version, "The month was misread")
    assert (new["supersedes"], new["withdrawn_at"], pledged["superseded_by"]) == (3, None, None)
    told.verify()


def test_a_replacement_that_is_withdrawn_lets_the_first_be_restored_but_not_by_itself(told):
    before = answer(told)
    heir = told.record(make.event("signed", "2025-02-15", "register", supersedes=3, because="x"), by="ben")
    told.withdraw(TREATY, "treaty", version=heir, reason="The month was right", by="ben")
    assert answer(told)["stage"] == "pledged"
    told.withdraw(TREATY, "treaty", version=3, reason="The month was right", undo=True, by="ben")
    assert answer(told) == before
    told.verify()


def test_of_an_event_and_all_that_ever_replaced_it_only_one_counts(told):
    def stands() -> list[int]:
        return [e["version"] for e in told.history("treaty", as_of=TODAY) if e["withdrawn_at"] is None][1:]

    def anew(version: int, day: str) -> int:
        return told.record(make.event("signed", day, "register", supersedes=version, because="x"), by="ben")

    def turn(version: int, *, undo: bool) -> None:
        told.withdraw(TREATY, "treaty", version=version, reason="x", undo=undo, by="ben")

    second = anew(3, "2025-02-15")
    third = anew(second, "2025-02-16")
    assert stands() == [third]
    for earlier in (3, second):
        with pytest.raises(Refused) as refused:
            turn(earlier, undo=True)
        assert (refused.value.code, refused.value.facts["by"]) == ("event-superseded", third)
    turn(third, undo=False)
    turn(3, undo=True)
    other = anew(3, "2025-02-17")
    for earlier in (3, second, third):
        with pytest.raises(Refused) as refused:
            turn(earlier, undo=True)
        assert (refused.value.code, refused.value.facts["by"]) == ("event-superseded", other)
    turn(other, undo=False)
    before = told.info()
    for pair in ((3, second), (other, third)):
        back = Withdrawal(version=pair[0], reason="x"), Withdrawal(version=pair[1], reason="x")
        both = [Draft.withdraw(TREATY, "treaty", told_why, undo=True) for told_why in back]
        with pytest.raises(Refused) as refused:
            told.store.append(both, actor="ben")
        assert refused.value.code == "turned-twice"
    assert told.info() == before
    turn(second, undo=True)
    assert stands() == [second]
    assert answer(told)["stage_since"] == "2025-02-15"


def turn(entity: Entity, thing_id: str, version: int | None = None, *, undo: bool = False) -> Draft:
    return Draft.withdraw(entity, thing_id, Withdrawal(version=version, reason="x"), undo=undo)


def replacing(version: int) -> Draft:
    return Draft.event(make.event("approved", "2025-02", supersedes=version, because="x"))


REFUSALS = {
    "an agreement": ("not-withdrawable", turn(Entity.AGREEMENT, "pact")),
    "a commitment as a whole": ("not-withdrawable", turn(TREATY, "treaty")),
    "a version of a source": ("not-withdrawable", turn(SOURCE, "gazette", 1)),
    "a source that was withdrawn": ("withdrawn", turn(SOURCE, "gone-source")),
    "a search that was withdrawn": ("withdrawn", turn(CHECK, "gone-check")),
    "a dispute that was withdrawn": ("withdrawn", turn(DISPUTE, "gone-dispute")),
    "revising a source that was withdrawn": ("withdrawn", Draft.revise(make.source("gone-source"))),
    "revising a search that was withdrawn": ("withdrawn", Draft.revise(make.check("gone-check"))),
    "revising a dispute that was withdrawn": ("withdrawn", Draft.revise(make.dispute("gone-dispute"))),
    "citing a source that was withdrawn": (
        "withdrawn",
        Draft.event(make.event("approved", "2025-02", "gazette", "gone-source")),
    ),
    "restoring a source that counts": ("not-withdrawn", turn(SOURCE, "gazette", undo=True)),
    "restoring a search that counts": ("not-withdrawn", turn(CHECK, "look", undo=True)),
    "restoring a dispute that counts": ("not-withdrawn", turn(DISPUTE, "quarrel", undo=True)),
    "an event that never was": ("no-event", turn(TREATY, "treaty", 99)),
    "a wording, which is no event": ("no-event", turn(TREATY, "treaty", 1)),
    "replacing what is no event": ("no-event", replacing(1)),
    "an event that was withdrawn": ("event-withdrawn", turn(TREATY, "treaty", 5)),
    "replacing an event that was withdrawn": ("event-withdrawn", replacing(5)),
    "replacing an event that was replaced": ("event-withdrawn", replacing(6)),
    "restoring an event that counts": ("event-not-withdrawn", turn(TREATY, "treaty", 3, undo=True)),
    "restoring an event that was replaced": ("event-superseded", turn(TREATY, "treaty", 6, undo=True)),
}


@pytest.mark.parametrize("attempt", REFUSALS)
def test_what_cannot_be_corrected_so_is_refused_and_nothing_changes(corrected, attempt):
    code, draft = REFUSALS[attempt]
    before = corrected.info()
    with pytest.raises(Refused) as refused:
        corrected.store.append([draft], actor="eve")
    assert refused.value.code == code
    assert corrected.info() == before


@pytest.mark.parametrize(
    "pair",
    [
        [turn(SOURCE, "diary"), turn(SOURCE, "diary")],
        [turn(SOURCE, "diary"), turn(SOURCE, "diary", undo=True)],
        [turn(TREATY, "treaty", 3), replacing(3)],
        [replacing(3), replacing(3)],
        # 8 stands in place of 6.
        [turn(TREATY, "treaty", 8), turn(TREATY, "treaty", 6, undo=True)],
        [turn(TREATY, "treaty", 6, undo=True), replacing(8)],
        [Draft.revise(make.source("diary")), turn(SOURCE, "diary")],
        [turn(SOURCE, "diary"), Draft.revise(make.source("diary"))],
        [Draft.add(make.source("new")), turn(SOURCE, "new", undo=True)],
    ],
)
def test_one_thing_turns_once_in_a_batch_and_is_not_worded_anew_in_it(corrected, pair):
    before = corrected.info()
    with pytest.raises(Refused) as refused:
        corrected.store.append(pair, actor="eve")
    assert refused.value.code == "turned-twice"
    assert corrected.info() == before


def test_a_source_is_not_cited_by_the_batch_that_withdraws_it(told):
    event = Draft.event(make.event("approved", "2025-02", "diary"))
    for batch in ([event, turn(SOURCE, "diary")], [turn(SOURCE, "diary"), event]):
        with pytest.raises(Refused) as refused:
            told.store.append(batch, actor="eve")
        assert (refused.value.code, refused.value.facts["id"]) == ("withdrawn", "diary")


def test_a_correction_needs_a_reason_and_something_that_is_there(told):
    with pytest.raises(Invalid):
        told.withdraw(SOURCE, "register", reason="  ", by="ben")
    with pytest.raises(Invalid) as invalid:
        make.event("signed", "2025-02-15", supersedes=3)
    assert [p.code for p in invalid.value.problems] == ["because"]
    with pytest.raises(UnknownId) as unknown:
        told.withdraw(SOURCE, "registre", reason="x", by="ben")
    assert unknown.value.near == ("register",)


def test_who_saw_an_earlier_version_does_not_withdraw_what_came_since(told):
    with pytest.raises(StaleVersion) as stale:
        told.withdraw(SOURCE, "gazette", reason="x", expect_version=1, by="ben")
    assert (stale.value.actual, [b["kind"] for b in stale.value.between]) == (2, ["revise"])


def test_the_log_of_corrections_tells_what_was_corrected_by_whom_and_why(corrected):
    corrected.withdraw(CHECK, "gone-check", reason="Somebody did look", undo=True, by="joe")
    with corrected.store.reading() as con:
        found = con.execute(
            "SELECT action, entity, entity_id, version, corrected_version, recorded_by, because "
            "FROM corrections ORDER BY seq"
        ).fetchall()
        newest = provenance.corrections(con, limit=2)
    assert found == [
        ("revise", "source", "gazette", 2, 1, "ann", None),
        ("revise", "commitment", "treaty", 4, 1, "ann", None),
        ("withdraw", "event", "treaty", 7, 5, "ben", "x"),
        ("supersede", "event", "treaty", 8, 6, "ben", "It was in November"),
        ("withdraw", "source", "gone-source", 2, None, "ben", "x"),
        ("withdraw", "check", "gone-check", 2, None, "ben", "x"),
        ("withdraw", "dispute", "gone-dispute", 2, None, "ben", "x"),
        ("restore", "check", "gone-check", 3, None, "joe", "Somebody did look"),
    ]
    assert [(row["action"], row["title"]) for row in newest] == [
        ("restore", None),
        ("withdraw", "When was it?"),
    ]


def test_a_corrected_store_holds_and_travels_letter_for_letter(corrected, tmp_path, clock):
    corrected.code("treaty", 2, "pledged", by="joe")
    corrected.verify()
    corrected.export(tmp_path / "a.parquet")
    other = Tracker(Store(tmp_path / "other", clock=clock))
    assert other.import_export(tmp_path / "a.parquet") == corrected.info()["counts"]["ledger"]
    other.export(tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert other.verify() == corrected.verify()
    assert other.history("treaty") == corrected.history("treaty")
