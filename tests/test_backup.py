"""A store as one file: taken while others write, proved before it takes the place of a store."""

import json
import os
import shutil
import stat
import threading
from pathlib import Path

import duckdb
import make
import pytest
import writer
from command import Command

from tracker import backup
from tracker.errors import BadFile, Refused, StoreUnavailable, VerificationFailed
from tracker.store import Store
from tracker.tracker import Tracker


def notes(tracker: Tracker) -> list[str]:
    return [event["note"] for event in tracker.history("treaty")]


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file() and p.name != "store.lock"}


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "kept" / "backup.duckdb"


@pytest.fixture
def saved(tracker, file) -> Path:
    """A backup of a store with one event, which then got a second one."""
    file.parent.mkdir()
    tracker.record(make.event(note="before"), by="ann")
    tracker.backup(file)
    tracker.record(make.event(note="after"), by="ann")
    return file


def test_a_backup_is_the_store_in_one_file(tracker, tmp_path):
    told = tracker.backup(tmp_path / "backup.duckdb")
    info = tracker.info()
    assert told == {
        "file": str(tmp_path / "backup.duckdb"),
        "entries": 3,
        "head_hash": info["head_hash"],
        "schema_version": info["schema_version"],
    }
    with duckdb.connect(told["file"], read_only=True) as con:
        assert con.execute("SELECT id FROM commitments").fetchall() == [("treaty",)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["backup.duckdb", "store"]


def test_backups_taken_while_others_write_hold_and_lose_nothing(tracker, tmp_path):
    """Whatever was acknowledged before a backup began is in it; whatever is in it holds."""
    acknowledged, started = [], []
    for name in "pq":
        process, told = writer.start(writer.write, tracker.store.folder, name, 6)
        started.append(process)

        def listen(told=told):
            while True:
                try:
                    acknowledged.append(told.recv())
                except EOFError:
                    return

        threading.Thread(target=listen, daemon=True).start()
    number, seen = 0, []
    while any(process.is_alive() for process in started):
        before, number = list(acknowledged), number + 1
        tracker.backup(tmp_path / "backup.duckdb", overwrite=number > 1)
        with duckdb.connect(str(tmp_path / "backup.duckdb"), read_only=True) as con:
            found = {note for (note,) in con.execute("SELECT note FROM history").fetchall()}
        assert set(before) <= found
        seen.append(len(found))
    assert seen == sorted(seen)
    restored = Tracker.restore(tmp_path / "backup.duckdb", tmp_path / "other")
    assert restored.verify()["events"] == seen[-1] > 0


@pytest.mark.parametrize("name", ["commitments.duckdb", "ledger.duckdb", "ledger.duckdb.wal", "store.lock"])
def test_a_backup_never_takes_the_place_of_a_file_of_the_store(tracker, name, tmp_path):
    before = content(tracker.store.folder)
    (tmp_path / "way").symlink_to(tracker.store.folder)
    for folder in (tracker.store.folder, tmp_path / "way"):
        with pytest.raises(Refused) as refused:
            tracker.backup(folder / name, overwrite=True)
        assert refused.value.code == "own-file"
    assert content(tracker.store.folder) == before


def test_a_file_that_is_there_is_replaced_only_when_told(tracker, saved):
    before = saved.read_bytes()
    with pytest.raises(Refused) as refused:
        tracker.backup(saved)
    assert (refused.value.code, saved.read_bytes()) == ("file-exists", before)
    assert tracker.backup(saved, overwrite=True)["entries"] == 5
    assert saved.read_bytes() == tracker.store.published.read_bytes()


def test_a_log_that_lies_about_is_not_made_a_part_of_a_backup(tracker, file, tmp_path):
    file.parent.mkdir()
    log = file.with_name("backup.duckdb.wal")
    log.write_bytes(b"of something else")
    with pytest.raises(Refused) as refused:
        tracker.backup(file)
    assert (refused.value.code, list(file.parent.iterdir())) == ("log-beside", [log])
    log.unlink()
    tracker.backup(file)
    log.write_bytes(b"of something else")
    with pytest.raises(BadFile) as unfit:
        Tracker.restore(file, tmp_path / "other")
    assert unfit.value.code == "backup-with-log"
    assert not (tmp_path / "other").exists()


def test_a_backup_that_cannot_be_written_leaves_what_was_there(tracker, saved):
    before = saved.read_bytes()
    process, told = writer.start(writer.back_up_on_a_small_disk, tracker.store.folder, saved)
    assert writer.reports(told) == [("StoreUnavailable", "unwritable")]
    process.join()
    assert (saved.read_bytes(), list(saved.parent.iterdir())) == (before, [saved])
    for impossible in (saved.parent / "missing" / "file", saved.parent):
        with pytest.raises(StoreUnavailable) as refused:
            tracker.backup(impossible, overwrite=True)
        assert refused.value.code == "unwritable"


def test_where_there_is_no_store_there_is_nothing_to_keep(tmp_path):
    with pytest.raises(StoreUnavailable) as refused:
        Tracker(Store(tmp_path / "nowhere")).backup(tmp_path / "backup.duckdb")
    assert (refused.value.code, list(tmp_path.iterdir())) == ("no-store", [])


def test_a_restored_store_is_the_one_that_was_kept(tracker, saved, tmp_path):
    restored = Tracker.restore(saved, tmp_path / "deep" / "other")
    assert notes(restored) == ["before"]
    assert restored.verify()["ledger"] == 4
    assert restored.store.published.read_bytes() == saved.read_bytes()
    assert stat.S_IMODE(restored.store.published.stat().st_mode) == 0o444
    assert sorted(content(restored.store.folder)) == ["commitments.duckdb", "ledger.duckdb"]
    restored.record(make.event(note="goes on"), by="ann")
    assert notes(restored) == ["before", "goes on"]
    assert notes(tracker) == ["before", "after"]


def test_a_store_is_replaced_only_when_told_and_what_was_there_is_kept(tracker, saved):
    """Whoever has the store open sees the restored one at their next question."""
    before = content(tracker.store.folder)
    assert notes(tracker) == ["before", "after"]
    with pytest.raises(Refused) as refused:
        Tracker.restore(saved, tracker.store.folder)
    assert (refused.value.code, content(tracker.store.folder)) == ("restore-exists", before)
    with tracker.store.reading() as con:
        told = backup.restore(Store(tracker.store.folder), saved, overwrite=True)
        assert con.execute("SELECT count(*) FROM history").fetchone() == (2,)
    assert notes(tracker) == ["before"]
    assert content(Path(told["replaced"])) == before
    again = Tracker.restore(
        Path(told["replaced"]) / "commitments.duckdb", tracker.store.folder, overwrite=True
    )
    assert notes(again) == notes(tracker) == ["before", "after"]
    assert tracker.verify()["events"] == 2


@pytest.mark.parametrize("damage", ["ledger", "both", "log"])
def test_a_damaged_store_is_restored_like_any_other(tracker, saved, damage):
    tracker.store.release()
    (tracker.store.folder / "ledger.duckdb.wal").write_bytes(os.urandom(5000))
    if damage != "log":
        tracker.store.ledger_file.write_bytes(os.urandom(5000))
    if damage == "both":
        tracker.store.published.chmod(0o644)
        tracker.store.published.write_bytes(b"")
    before = content(tracker.store.folder)
    told = backup.restore(tracker.store, saved, overwrite=True)
    assert notes(tracker) == ["before"]
    assert content(Path(told["replaced"])) == before
    assert tracker.verify()["ledger"] == 4


UNSOUND = [
    (lambda file: os.truncate(file, file.stat().st_size - 300_000), BadFile, "not-backup"),
    (lambda file: file.write_bytes(b""), BadFile, "not-backup"),
    (lambda file: file.write_bytes(b"some text"), BadFile, "not-backup"),
    (lambda file: file.unlink(), BadFile, "no-file"),
    ("CREATE OR REPLACE TABLE ledger (i INTEGER)", BadFile, "not-backup"),
    ("UPDATE ledger SET actor = 'eve' WHERE seq = 2", VerificationFailed, "chain-broken"),
    ("DELETE FROM ledger WHERE seq = 4", VerificationFailed, "projection-differs"),
    ("UPDATE events SET note = 'Never.'", VerificationFailed, "projection-differs"),
    ("UPDATE schema_migrations SET version = 999 WHERE version = 1", StoreUnavailable, "newer-schema"),
]


def test_what_is_no_sound_backup_replaces_nothing(tracker, saved, tmp_path):
    before = content(tracker.store.folder)
    for number, (spoil, error, code) in enumerate(UNSOUND):
        file = shutil.copyfile(saved, tmp_path / "spoilt.duckdb")
        if callable(spoil):
            spoil(file)
        else:
            with duckdb.connect(str(file)) as con:
                con.execute(spoil)
        # Neither a store that is there, nor one that is not.
        folder = tracker.store.folder if number % 2 else tmp_path / "other"
        with pytest.raises(error) as refused:
            Tracker.restore(file, folder, overwrite=True)
        assert refused.value.code == code, spoil
    assert content(tracker.store.folder) == before
    assert not (tmp_path / "other").exists()
    assert [p for p in tracker.store.folder.iterdir() if p.is_dir()] == []


def test_the_command_keeps_and_restores_and_says_in_one_line_what_it_did(tracker, tmp_path):
    command = Command(tracker.store.folder, tmp_path)
    file = tmp_path / "backup.duckdb"
    head = tracker.info()["head_hash"]
    assert command("backup", str(file)) == f"{file}: 3 entries, head {head}\n"
    assert command.refused(1, "backup", str(file)).endswith("already. Replace it with --overwrite.")
    assert command.json("backup", str(file), "--overwrite")["head_hash"] == head
    tracker.record(make.event(), by="ann")
    assert "Replace it with --overwrite, which keeps its files aside" in command.refused(
        1, "restore", str(file)
    )
    first, second = command("restore", str(file), "--overwrite").splitlines()
    assert first == f"{tracker.store.folder}: 3 entries, head {head}"
    assert second.startswith(f"what it replaces is kept in {tracker.store.folder}/replaced-")
    assert "the ledger holds" in command("verify")
    other = Command(tmp_path / "other", tmp_path)
    assert "There is no store" in other.refused(5, "backup", str(tmp_path / "nothing.duckdb"))
    told = json.loads(other("restore", str(file), "--format", "json"))
    assert (told["entries"], told["replaced"], told["store"]) == (3, None, str(tmp_path / "other"))


def test_a_ledger_that_is_destroyed_is_made_again_from_its_published_copy_by_what_the_message_says(
    tracker, tmp_path
):
    tracker.record(make.event(note="acknowledged"), by="ann")
    tracker.store.release()
    os.truncate(tracker.store.ledger_file, 8192)
    command = Command(tracker.store.folder, tmp_path)
    line = command.refused(5, "list")
    advice = line.partition("with: tracker ")[2]
    command(*advice.split())
    assert notes(tracker) == ["acknowledged"]
    assert "the ledger holds" in command("verify")


def test_a_ledger_that_lacks_what_readers_saw_is_not_written_to(tracker, tmp_path):
    """Somebody put an old copy of the ledger back by hand."""
    store = tracker.store
    old = shutil.copy2(store.ledger_file, tmp_path / "old.duckdb")
    tracker.record(make.event(note="seen"), by="ann")
    store.release()
    for copy in (shutil.copy2, shutil.copyfile):
        copy(old, store.ledger_file)
        with pytest.raises(StoreUnavailable) as refused:
            tracker.record(make.event(note="lost?"), by="ann")
        assert refused.value.code == "ledger-behind"
        assert notes(tracker) == ["seen"]
    Tracker.restore(store.published, store.folder, overwrite=True)
    tracker.record(make.event(note="goes on"), by="ann")
    assert notes(tracker) == ["seen", "goes on"]
    assert tracker.verify()["events"] == 2
