"""Steps of several people at one commitment: which are in each other's way, and that none is lost."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import make
import pytest
import writer

from tracker.errors import Refused, StaleVersion
from tracker.ledger import Draft
from tracker.models import Withdrawal
from tracker.store import Store
from tracker.terms import Entity
from tracker.tracker import Tracker


def event(**fields: Any) -> Any:
    return lambda name: Draft.event(make.event(commitment_id=name, **fields), 4)


def revision(**fields: Any) -> Any:
    return lambda name: Draft.revise(make.commitment(name, **PLEDGE | fields), 4)


def turn(version: int | None = None, *, undo: bool = False) -> Any:
    told = Withdrawal.parse({"version": version, "reason": "So."})
    entity, seen = (Entity.COMMITMENT, 4) if version else (Entity.SOURCE, 1)
    return lambda name: Draft.withdraw(entity, name, told, seen, undo=undo)


def regrade(**fields: Any) -> Any:
    return lambda name: Draft.revise(make.source(name, **fields), 1)


PLEDGE = {"parties": [make.ARVANIA, make.BELMORA]}
# A commitment was seen at version 4: added, two events, the first of them withdrawn. A source at 1.
STEPS: dict[str, tuple[Any, Any, bool]] = {
    "an event beside a revision": (revision(due="2026"), event(stage="signed"), True),
    "an event beside an event": (event(stage="approved"), event(stage="signed"), False),
    "an event beside a withdrawal": (turn(3), event(stage="signed"), False),
    "an event beside a restoration": (turn(2, undo=True), event(stage="signed"), False),
    "an event of what is another kind now": (revision(kind="mou"), event(stage="signed"), False),
    "an event of a party that is gone": (
        revision(parties=[make.ARVANIA]), event(stage="signed", party="Belmora"), False,
    ),
    "an event of a party that stayed": (
        revision(parties=[make.ARVANIA]), event(stage="signed", party="Arvania"), True,
    ),
    "a revision beside an event": (event(stage="signed"), revision(due="2026"), True),
    "a revision beside a withdrawal": (turn(3), revision(due="2026"), True),
    "a withdrawal beside a revision": (revision(due="2026"), turn(3), True),
    "a withdrawal beside another event": (event(stage="signed"), turn(3), True),
    "a withdrawal beside a restoration of another": (turn(2, undo=True), turn(3), True),
    "a withdrawal of what was replaced": (
        event(stage="signed", supersedes=3, because="Better."), turn(3), False,
    ),
    "a withdrawal of what was withdrawn": (turn(3), turn(3), False),
    "a restoration of what was restored": (turn(2, undo=True), turn(2, undo=True), False),
    "a replacement of what was withdrawn": (
        turn(3), event(stage="signed", supersedes=3, because="Better."), False,
    ),
    "a withdrawal of a source that was regraded": (regrade(reliability="D"), turn(), False),
    "a withdrawal of a source that was withdrawn": (turn(), turn(), False),
    "a new grade for a source that was withdrawn": (turn(), regrade(reliability="D"), False),
}  # fmt: skip


@pytest.fixture(scope="module")
def met(originals: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The version that each step makes, or the conflict. Each is about a thing of its own."""
    folder = tmp_path_factory.mktemp("steps") / "store"
    shutil.copytree(originals / "empty", folder)
    tracker = Tracker(Store(folder))
    names = {name: f"case-{number}" for number, name in enumerate(STEPS)}
    ids = names.values()
    tracker.add(make.source(), make.agreement(), *map(make.source, ids), by="ann")
    tracker.add(*(make.commitment(i, **PLEDGE) for i in ids), by="ann")
    for stage in ("pledged", "proposed"):
        tracker.append([Draft.event(make.event(stage, commitment_id=i)) for i in ids], by="ann")
    tracker.append([replace(turn(2)(i), expect_version=3) for i in ids], by="ann")
    tracker.append([STEPS[name][0](i) for name, i in names.items()], by="bob")
    found: dict[str, Any] = {}
    for name, i in names.items():
        try:
            found[name] = tracker.append([STEPS[name][1](i)], by="cem", merge=True)[0].version
        except StaleVersion as error:
            found[name] = error
    tracker.verify()
    shutil.rmtree(folder)
    return found


@pytest.mark.parametrize("name", STEPS)
def test_of_two_steps_only_those_at_the_same_thing_are_in_each_others_way(
    met: dict[str, Any], name: str
) -> None:
    if STEPS[name][2]:
        assert met[name] == 6
        return
    assert isinstance(met[name], StaleVersion)
    assert [e["actor"] for e in met[name].between] == ["bob"]
    assert met[name].contested == ()


def test_a_version_that_is_not_there_yet_is_nobodys_to_merge_with(tracker: Tracker) -> None:
    for seen in (0, 2):
        with pytest.raises(StaleVersion):
            tracker.revise(make.commitment(due="2026"), expect_version=seen, by="cem", merge=True)


def test_a_retry_of_what_was_merged_lands_once(tracker: Tracker) -> None:
    def revise(due: str = "2027") -> int:
        told = make.commitment(due=due, because="So.")
        return tracker.revise(told, expect_version=1, by="cem", key="one", merge=True)

    tracker.revise(make.commitment(pillar="Trade"), by="bob")
    assert revise() == 3
    tracker.revise(make.commitment(due="2028", pillar="Law"), by="bob")
    assert revise() == 3
    row = tracker.commitment("treaty")
    assert (row["version"], row["due"], row["pillar"]) == (4, "2028", "Law")
    with pytest.raises(Refused) as refused:
        revise("2026")
    assert refused.value.code == "key-reused"


def test_threads_that_revise_other_fields_all_land(tracker: Tracker) -> None:
    fields = {"due": "2026", "pillar": "Trade", "title": "A pact", "headline": True}
    start = threading.Barrier(len(fields))
    failed: list[BaseException] = []

    def revise(field: str, value: Any) -> None:
        mine = Tracker(Store(tracker.store.folder))
        start.wait()
        try:
            mine.revise(make.commitment(**{field: value}), expect_version=1, by=field, merge=True)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=revise, args=item) for item in fields.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    row = tracker.commitment("treaty")
    assert {f: row[f] for f in fields} == fields
    assert row["version"] == 5


def test_of_processes_that_revise_one_field_one_lands_and_the_others_are_asked(tracker: Tracker) -> None:
    started = [
        writer.start(writer.revise, tracker.store.folder, 1, name) for name in ("2026", "2027", "2028")
    ]
    told = {name: reports for _, connection in started for name, reports in writer.reports(connection)}
    for process, _ in started:
        process.join()
    assert sorted(told) == ["2026", "2027", "2028"]
    landed = [name for name, asked in told.items() if asked is None]
    assert len(landed) == 1
    for name, asked in told.items():
        if asked is not None:
            assert asked == [(("due",), None, landed[0], name)]
    row = tracker.commitment("treaty")
    assert (row["version"], row["due"]) == (2, landed[0])


@pytest.mark.parametrize("mine", [("event", "revise"), ("revise", "event"), ("revise", "revise")])
@pytest.mark.parametrize("theirs", ["revise", "event", "nothing"])
@pytest.mark.parametrize("waits", [False, True], ids=["recorded", "approved"])
def test_every_draft_of_a_batch_is_held_against_what_others_recorded(tracker, mine, theirs, waits):
    """Where the second draft is that which clashes, it clashes as it does alone."""
    seen = tracker.commitment("treaty")["version"]
    told = {
        "event": Draft.event(make.event("signed", "2025-05-02"), seen),
        "revise": Draft.revise(make.commitment(title="A pact"), seen),
    }
    batch = [told[name] for name in mine]
    if waits:
        asked = tracker.propose(batch, by="ann")
    if theirs == "revise":
        tracker.revise(make.commitment(title="An accord"), by="bob")
    elif theirs == "event":
        tracker.record(make.event("in-negotiation", "2025-05-01"), by="bob")

    def done() -> None:
        if waits:
            tracker.decide(asked.entity_id, approve=True, by="cem")
        else:
            tracker.append(batch, by="ann", merge=True)

    if (theirs == "revise" and "revise" in mine) or (theirs == "event" and "event" in mine):
        before = tracker.history("treaty"), tracker.commitment("treaty")
        with pytest.raises(StaleVersion):
            done()
        assert (tracker.history("treaty"), tracker.commitment("treaty")) == before
    else:
        done()
        assert tracker.commitment("treaty")["title"] == "A pact"


def test_the_second_draft_of_a_batch_may_not_be_older_than_the_ledger(tracker):
    tracker.revise(make.commitment(title="An accord"), by="bob")
    batch = [
        Draft.event(make.event("signed", "2025-05-02")),
        Draft.revise(make.commitment(title="A pact"), 1),
    ]
    with pytest.raises(StaleVersion):
        tracker.append(batch, by="ann")
