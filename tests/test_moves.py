"""What a change would move, told before it is made."""

import datetime as dt
import os
import shutil
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path

import make
import pytest
import writer

from tracker.errors import Refused, StaleVersion, UnknownId
from tracker.ledger import Draft
from tracker.models import Withdrawal
from tracker.store import Store
from tracker.terms import Entity
from tracker.tracker import Tracker


@pytest.fixture(scope="module")
def three_original(originals, tmp_path_factory):
    folder = tmp_path_factory.mktemp("three") / "store"
    shutil.copytree(originals / "small", folder)
    tracker = Tracker(Store(folder, clock=lambda: dt.datetime(2025, 6, 1, 9)))
    tracker.add(
        make.source("register", kind="record"),
        make.source("herald", kind="news", reliability="B"),
        make.commitment("arms", title="Arms"),
        make.commitment("borders", title="Borders"),
        make.commitment("coasts", title="Coasts"),
        by="ann",
    )
    for commitment_id, sources in (
        ("arms", ("register",)),
        ("borders", ("register", "herald")),
        ("coasts", ("herald",)),
    ):
        tracker.record(make.event("signed", "2025-01-15", *sources, commitment_id=commitment_id), by="ann")
    return folder


@pytest.fixture
def three(three_original, folder) -> Tracker:
    """Three signed treaties: by the register alone, by register and news, and by news alone."""
    shutil.copytree(three_original, folder)
    return Tracker(Store(folder))


def content(folder: Path) -> dict:
    return {
        str(p): (p.read_bytes() if p.is_file() else None, p.stat().st_mtime_ns) for p in folder.rglob("*")
    }


def regraded(source_id: str, **fields) -> Draft:
    return Draft.revise(make.source(source_id, **fields))


WITHDRAWN = Draft.withdraw(Entity.SOURCE, "register", Withdrawal(reason="Forged"))


@pytest.mark.parametrize(
    ("drafts", "expected"),
    [
        ([regraded("register", kind="record", title="Another title")], {}),
        ([regraded("register", kind="record", reliability="F")], {"Arms": "claimed", "Borders": "kept"}),
        ([WITHDRAWN], {"Arms": "unheard", "Borders": "kept"}),
        (
            [regraded("register", kind="blog"), regraded("herald", kind="blog", reliability="D")],
            {"Arms": "claimed", "Borders": "claimed", "Coasts": "claimed"},
        ),
    ],
)
def test_a_rehearsal_tells_what_would_move_and_the_change_then_moves_that(three, drafts, expected):
    moves = three.rehearse(drafts, by="ann")
    assert [m.title for m in moves] == sorted(expected)
    for move in moves:
        if expected[move.title] == "claimed":
            assert (move.before["stage"], move.before["claimed_stage"]) == ("signed", None)
            assert move.after["claimed_stage"] == "signed"
        elif expected[move.title] == "unheard":
            assert (move.before["stage"], move.after["stage"]) == ("signed", "reported-unconfirmed")
            assert "claimed_stage" not in move.after
        else:
            assert "stage" not in move.after
            assert (move.before["confidence"], move.after["confidence"]) == ("high", "moderate")
        assert set(move.before) == set(move.after)
    before = {c["id"]: c for c in three.commitments()}
    three.store.append(drafts, actor="ann")
    after = {c["id"]: c for c in three.commitments()}
    assert [c for c in after if after[c] != before[c]] == [m.id for m in moves]
    for move in moves:
        told = {k: v for k, v in move.after.items() if k != "claimed_stage"}
        assert {k: after[move.id][k] for k in told} == told


def test_a_rehearsal_changes_nothing_on_disk(three):
    before, head = content(three.store.folder), three.info()["head_hash"]
    assert three.rehearse([WITHDRAWN], by="ann")
    assert content(three.store.folder) == before
    assert three.info()["head_hash"] == head
    three.verify()


def test_what_is_new_moves_from_nothing(three):
    added = Draft.add(make.commitment("deserts", title="Deserts"))
    (move,) = three.rehearse([added], by="ann")
    assert (move.id, move.before, move.after["stage"]) == ("deserts", {}, "reported-unconfirmed")


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (regraded("nothing"), UnknownId),
        (Draft.add(make.source("register")), Refused),
        (Draft.revise(make.source("register"), 7), StaleVersion),
        (Draft.withdraw(Entity.SOURCE, "register", Withdrawal(reason="x"), undo=True), Refused),
    ],
)
def test_what_would_be_refused_is_refused_in_rehearsal_too(three, draft, error):
    with pytest.raises(error):
        three.rehearse([draft], by="ann")


def visit(folder: Path, warm_up: Path, told: Connection) -> None:
    """Rehearse as somebody without rights in the folder; report what would move."""
    # Imports must be done before this process gives up the right to read its own libraries.
    Tracker(Store(warm_up)).rehearse([WITHDRAWN], by="eve")
    if os.getuid() == 0:
        os.setuid(writer.NOBODY)
    told.send([m.title for m in Tracker(Store(folder)).rehearse([WITHDRAWN], by="eve")])


def test_a_rehearsal_needs_no_right_to_write(three_original):
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        for copy in ("store", "warm-up"):
            shutil.copytree(three_original, place / copy)
        (place / "store").chmod(0o555)
        before = content(place / "store")
        try:
            process, told = writer.start(visit, place / "store", place / "warm-up")
            assert writer.reports(told) == [["Arms", "Borders"]]
            process.join()
            assert content(place / "store") == before
        finally:
            (place / "store").chmod(0o755)


def test_a_rehearsal_neither_waits_for_a_writer_nor_keeps_one_waiting(three):
    with three.store.rehearsing([WITHDRAWN], actor="ann") as (published, rehearsed):
        three.record(make.event("approved", "2025-01-10", commitment_id="arms"), by="ben")
        count = "SELECT count(*) FROM ledger"
        assert rehearsed.execute(count).fetchone()[0] == published.execute(count).fetchone()[0] + 1
    assert three.info()["counts"]["ledger"] == 12


def test_what_somebody_records_meanwhile_is_not_told_as_a_consequence(three, monkeypatch):
    meanwhile = [lambda: three.store.append([WITHDRAWN], actor="bob")]

    def copied(source, target):
        if meanwhile:
            meanwhile.pop()()
        return copyfile(source, target)

    copyfile = shutil.copyfile
    monkeypatch.setattr(shutil, "copyfile", copied)
    added = Draft.add(make.source("unused"))
    assert three.rehearse([added], by="ann") == []
