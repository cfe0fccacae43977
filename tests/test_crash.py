"""Processes killed at any line and at any moment: what was acknowledged is there, and all goes on."""

import os
import random
import shutil
import stat
import tarfile
from pathlib import Path

import duckdb
import dying
import make
import pytest
import writer

from tracker import backup
from tracker.schema import migrations
from tracker.store import Store
from tracker.tracker import Tracker


def notes(tracker: Tracker) -> list[str]:
    return [event["note"] for event in tracker.history("treaty")]


def aged(folder: Path, prefix: str) -> None:
    """Make what begins so look as if its owner had been dead for an hour."""
    for path in folder.glob(f"{prefix}*"):
        os.utime(path, (path.stat().st_atime - 3600, path.stat().st_mtime - 3600))


def heads(folder: Path) -> set[str | None]:
    """The head of each of the two files of a store."""
    found = set()
    for name in ("ledger.duckdb", "commitments.duckdb"):
        with duckdb.connect(str(folder / name), read_only=True) as con:
            found.add(con.execute("SELECT max_by(hash, seq) FROM ledger").fetchone()[0])
    return found


def test_a_writer_that_dies_at_any_line_loses_nothing_and_stops_nobody(tracker):
    folder = tracker.store.folder
    tracker.store.release()
    acknowledged, logs, unpublished = [], 0, 0
    for number, told in enumerate(dying.deaths(dying.WRITE, dying.record, folder, stride=2)):
        (_, note), *rest = told
        acknowledged += [note for _ in rest]
        logs += (folder / "ledger.duckdb.wal").exists()
        unpublished += not (folder / "ledger.duckdb.wal").exists() and len(heads(folder)) == 2
        # Now a reader is the first to come, now the one who asked asks again.
        after = Tracker(Store(folder))
        if number % 2:
            after.record(make.event(note=note), by="ann", key=note)
            acknowledged.append(note)
        found = notes(after)
        assert set(acknowledged) <= set(found)
        # A request that is repeated under its key lands once, wherever the first one died.
        assert len(found) == len(set(found))
    assert logs > 0
    assert unpublished > 0
    assert tracker.verify()["events"] == len(notes(tracker))
    aged(folder, ".reader-")
    tracker.record(make.event(note="the last"), by="ann")
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]


def test_writers_killed_at_any_moment_lose_nothing_they_acknowledged(tracker):
    chance = random.Random(20250601)
    acknowledged = []
    for number in range(4):
        started = [
            writer.start(writer.write, tracker.store.folder, f"{name} {number}", 1000) for name in "pqr"
        ]
        for process, told in started:
            acknowledged.append(told.recv())
            # Not a wait for anything: the moment of death is what is tried.
            process.join(chance.uniform(0, 0.2))
            process.kill()
            acknowledged += writer.reports(told)
        found = notes(tracker)
        assert set(acknowledged) <= set(found)
        assert len(found) == len(set(found))
    tracker.record(make.event(note="alive"), by="ann")
    assert notes(tracker).count("alive") == 1
    assert tracker.verify()["events"] == len(notes(tracker))


def test_a_restoration_that_dies_at_any_line_was_done_or_was_not(tracker, tmp_path):
    store, folder = tracker.store, tracker.store.folder
    first = tracker.backup(tmp_path / "first.duckdb")["head_hash"]
    tracker.record(make.event(note="second"), by="ann")
    second = tracker.backup(tmp_path / "second.duckdb")["head_hash"]
    store.release()
    whole, wanted, outcomes = tmp_path / "whole", first, []

    def prepare() -> None:
        whole.mkdir()
        for name in ("ledger.duckdb", "commitments.duckdb"):
            shutil.copyfile(tmp_path / ("first" if wanted == first else "second"), whole / name)

    for name in ("first", "second"):
        (tmp_path / f"{name}.duckdb").rename(tmp_path / name)
    prepare()
    for told in dying.deaths(dying.TAKE, dying.take, folder, whole, stride=4):
        after = Tracker(Store(folder))
        assert notes(after) in ([], ["second"])
        head = after.info()["head_hash"]
        assert heads(folder) == {head}
        assert head == wanted or not told
        outcomes.append(head == wanted)
        wanted = second if head == first else first
        shutil.rmtree(whole, ignore_errors=True)
        prepare()
    assert (outcomes[0], outcomes[-1]) == (False, True)
    tracker.record(make.event(note="goes on"), by="ann")
    assert not [p for p in folder.iterdir() if p.name.startswith((".incoming", ".ledger", ".commit"))]
    tracker.verify()
    kept = [p for p in folder.iterdir() if p.name.startswith("replaced-")]
    # What was replaced is kept, and is itself a store to go back to.
    assert {head for path in kept for head in heads(path)} == {first, second}
    backup.restore(store, kept[0] / "commitments.duckdb", overwrite=True)
    tracker.verify()


def test_a_backup_that_dies_at_any_line_leaves_a_whole_file_and_an_unharmed_store(tracker, tmp_path):
    file = tmp_path / "kept" / "backup.duckdb"
    file.parent.mkdir()
    old = tracker.backup(file)["head_hash"]
    tracker.record(make.event(note="new"), by="ann")
    new = tracker.info()["head_hash"]
    tracker.store.release()
    found = []
    for _ in dying.deaths(dying.BACKUP, dying.backup, tracker.store.folder, file, stride=9):
        with duckdb.connect(str(file), read_only=True) as con:
            found.append(con.execute("SELECT max_by(hash, seq) FROM ledger").fetchone()[0])
    assert (found[0], found[-1], set(found)) == (old, new, {old, new})
    aged(file.parent, ".tracker-backup-")
    tracker.backup(file, overwrite=True)
    assert list(file.parent.iterdir()) == [file]
    tracker.verify()


def test_an_upgrade_that_dies_at_any_line_is_finished_by_the_next_who_comes(folder, clock):
    with tarfile.open(Path(__file__).parent / "stores" / "schema-2.tar.xz") as archive:
        archive.extractall(folder.with_name("old"), filter="data")
    clock.set("2025-07-01T09:00")
    lines = 0
    shutil.copytree(folder.with_name("old"), folder)
    for _ in dying.deaths(dying.MIGRATE, dying.open_, folder, stride=10):
        tracker = Tracker(Store(folder, clock=clock))
        lines += 1
        assert tracker.info()["schema_version"] == migrations()[-1][0]
        assert len(tracker.commitments()) == 3
        shutil.rmtree(folder)
        shutil.copytree(folder.with_name("old"), folder)
    assert lines > 2
    tracker = Tracker(Store(folder, clock=clock))
    assert tracker.verify()["ledger"] == 22


def test_a_store_whose_making_dies_at_any_line_is_whole_or_not_there(folder):
    there = []
    for _ in dying.deaths(dying.MAKE, dying.make_store, folder, stride=3):
        there.append(Store(folder).exists())
        assert not there[-1] or len(Tracker(Store(folder)).commitments()) == 1
        shutil.rmtree(folder, ignore_errors=True)
    assert (there[0], there[-1]) == (False, True)
    Tracker(Store(folder)).verify()


@pytest.mark.parametrize("published", ["older", "missing"])
@pytest.mark.parametrize("clock_went", ["on", "back"])
def test_a_crash_between_commit_and_publication_heals(tracker, tmp_path, published, clock_went):
    store = tracker.store
    older = shutil.copy2(store.published, tmp_path / "older.duckdb")
    tracker.record(make.event(note="committed"), by="ann")
    store.release()
    store.published.unlink()
    if published == "older":
        shutil.copy2(older, store.published)
    if clock_went == "back":
        os.utime(store.ledger_file, (0, 0))
    fresh = Tracker(Store(store.folder))
    assert notes(fresh) == ["committed"]
    assert fresh.verify()["ledger"] == 4
    assert stat.S_IMODE(store.published.stat().st_mode) == 0o444


def test_a_reader_who_leaves_just_now_is_in_nobodys_way(tracker):
    # What is listed and, when it is looked at, is not there any more.
    (tracker.store.folder / ".reader-left").symlink_to("nowhere")
    tracker.record(make.event(note="after"), by="ann")
    assert notes(tracker) == ["after"]


def test_what_the_dead_left_is_removed_and_what_the_living_use_is_not(tracker):
    folder = tracker.store.folder
    left = [".commitments.duckdb.new", ".ledger.duckdb.new", ".reader-dead/x", ".making-dead/whole/x"]
    used = [".reader-alive/x", ".reader-young/x", "notes.txt", ".reader"]
    for name in (*left, *used):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"half a file")
    for prefix in (".reader-dead", ".making-dead", ".reader-alive", "notes", ".reader"):
        aged(folder, prefix) if prefix != ".reader" else None
    process, told = writer.start(writer.hold_folder, folder / ".reader-alive")
    assert told.recv() == "holds"
    tracker.record(make.event(note="after"), by="ann")
    assert notes(tracker) == ["after"]
    assert [name for name in left if (folder / name).exists()] == []
    assert [name for name in used if not (folder / name).exists()] == []
    process.kill()
    process.join()
