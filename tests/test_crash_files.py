"""Files of a store that were cut, spoilt, lost, left over or taken away, and disks that are full."""

import os
import random
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

import make
import pytest
import writer

from tracker.cli import sentence
from tracker.errors import StoreUnavailable
from tracker.recovery import STORAGE
from tracker.store import Store
from tracker.tracker import Tracker


def notes(tracker: Tracker) -> list[str]:
    return [event["note"] for event in tracker.history("treaty")]


def garbage(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def empty(path: Path) -> None:
    os.truncate(path, 0)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def scratch(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


def hurt(path: Path, damage) -> None:
    path.chmod(0o644)
    damage(path)


@pytest.mark.parametrize("damage", [garbage, cut, scratch])
def test_a_damaged_ledger_is_reported_to_readers_and_writers_with_the_way_out(tracker, damage):
    store = tracker.store
    store.release()
    hurt(store.ledger_file, damage)
    for action in (tracker.commitments, lambda: tracker.record(make.event(), by="ann")):
        with pytest.raises(StoreUnavailable) as refused:
            action()
        assert (refused.value.code, refused.value.facts["path"]) == ("damaged", str(store.ledger_file))
        assert f"restore {store.published} --overwrite" in sentence(refused.value)
    hurt(store.published, damage)
    with pytest.raises(StoreUnavailable) as refused:
        tracker.commitments()
    # There is no way out to name.
    assert refused.value.code == "damaged"
    assert "restore" not in sentence(refused.value)


@pytest.mark.parametrize("damage", [garbage, empty, cut, scratch, Path.unlink])
@pytest.mark.parametrize("noticed", [True, False], ids=["at another time", "at its old time"])
def test_a_damaged_or_lost_published_file_is_mended_by_the_next_reader(tracker, damage, noticed):
    store = tracker.store
    tracker.record(make.event(note="kept"), by="ann")
    store.release()
    before = store.published.stat()
    hurt(store.published, damage)
    if not noticed and store.published.exists():
        os.utime(store.published, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert notes(tracker) == ["kept"]
    assert stat.S_IMODE(store.published.stat().st_mode) == 0o444
    assert store.published.read_bytes() == store.ledger_file.read_bytes()


@pytest.mark.parametrize("loss", [Path.unlink, empty])
def test_a_lost_ledger_comes_back_from_the_published_file(tracker, loss):
    loss(tracker.store.ledger_file)
    tracker.record(make.event(note="goes on"), by="ann")
    assert notes(tracker) == ["goes on"]
    assert tracker.verify()["ledger"] == 4


def test_where_both_files_are_lost_there_is_no_store_and_none_is_made_by_looking(tracker):
    store = tracker.store
    for file in (store.ledger_file, store.published):
        file.unlink()
    for ask in (tracker.commitments, tracker.verify):
        with pytest.raises(StoreUnavailable) as refused:
            ask()
        assert refused.value.code == "no-store"
    assert [p.name for p in store.folder.iterdir()] == ["store.lock"]


def logged(folder: Path, *statements: str) -> bytes:
    """The log that a process leaves which dies after these statements on the ledger of a folder."""
    file = folder / "ledger.duckdb"
    process, told = writer.start(writer.die_after, file, dict(STORAGE), statements)
    assert writer.reports(told) == []
    process.join()
    log = file.with_name(f"{file.name}.wal")
    content = log.read_bytes()
    log.unlink()
    assert content
    return content


FOREIGN = "CREATE TABLE foreign_to_it (i INTEGER)"


def test_a_log_that_does_not_belong_is_set_aside_and_nothing_is_lost(tracker, originals, tmp_path):
    store = tracker.store
    log = store.folder / "ledger.duckdb.wal"
    store.release()
    earlier = logged(store.folder, FOREIGN)
    tracker.record(make.event(note="acknowledged"), by="ann")
    shutil.copytree(originals / "empty", tmp_path / "other")
    foreign = logged(tmp_path / "other", FOREIGN)
    rubbish = os.urandom(5000)

    def spoilt() -> bytes:
        present = logged(store.folder, FOREIGN)
        return present[:-5] + bytes([present[-5] ^ 255]) + present[-4:]

    contents = {
        "of an earlier state": lambda: earlier,
        "of another ledger": lambda: foreign,
        "of nothing": lambda: rubbish,
        "empty": lambda: b"",
        "torn": lambda: logged(store.folder, FOREIGN)[:-1],
        "spoilt": spoilt,
    }
    said = ["acknowledged"]
    for name, content in contents.items():
        for writes in (False, True):
            log.write_bytes(content())
            if writes:
                tracker.record(make.event(note=f"beside one {name}"), by="ann")
                said.append(f"beside one {name}")
            assert notes(tracker) == said, name
            assert not log.exists(), name
    tracker.verify()
    # Where the engine could not play it back, nobody decides for good that it was worth nothing.
    aside = {p.read_bytes() for p in store.folder.iterdir() if p.name.endswith(".aside")}
    assert {earlier, foreign, rubbish} <= aside


def test_a_log_that_belongs_is_played_back_by_the_next_who_comes(tracker):
    store = tracker.store
    store.release()
    log = store.folder / "ledger.duckdb.wal"
    content = logged(store.folder, "UPDATE dataset_versions SET version = version", FOREIGN)
    log.write_bytes(content)
    assert notes(tracker) == []
    assert not log.exists()
    with tracker.store.reading() as con:
        assert con.execute("SELECT count(*) FROM foreign_to_it").fetchone() == (0,)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(
            "mounting a small file system needs a right that this user has not; the next test needs none"
        )
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_refuses_the_update_and_keeps_every_acknowledged_one(originals, small_disk):
    folder = small_disk / "store"
    shutil.copytree(originals / "small", folder)
    tracker = Tracker(Store(folder))
    ballast = small_disk / "ballast"
    ballast.write_bytes(
        bytes(shutil.disk_usage(small_disk).free - 3 * tracker.store.published.stat().st_size)
    )
    acknowledged = []

    def squeeze() -> None:
        for number in range(100):
            note = f"{number} " + random.Random(number).randbytes(4500).hex()
            tracker.record(make.event(note=note), by="ann", key=str(number))
            acknowledged.append(note)
            with ballast.open("ab") as file:
                file.write(bytes(min(400_000, shutil.disk_usage(small_disk).free)))

    with pytest.raises(StoreUnavailable) as refused:
        squeeze()
    assert refused.value.code == "disk-full"
    assert acknowledged
    assert set(acknowledged) <= set(notes(tracker))
    ballast.unlink()
    # The refused one may or may not have been written; its retry lands once all the same.
    key = str(len(acknowledged))
    for _ in range(2):
        tracker.record(make.event(note="again"), by="ann", key=key)
    found = notes(tracker)
    assert set(acknowledged) <= set(found)
    assert len(found) == len(acknowledged) + 1
    assert tracker.verify()["events"] == len(found)


@pytest.mark.parametrize("more", [4_000, 60_000, 300_000])
def test_where_files_can_grow_no_further_every_acknowledged_update_is_kept(tracker, more):
    """Like a full disk, but one that is found to be full in the middle of a write."""
    store = tracker.store
    store.release()
    room = store.ledger_file.stat().st_size + more
    process, told = writer.start(writer.write_until_refused, store.folder, room)
    *acknowledged, (last, code) = writer.reports(told)
    process.join()
    assert code in ("disk-full", "unpublished")
    found = notes(tracker)
    assert set(acknowledged) <= set(found)
    assert last in found or code == "disk-full"
    tracker.record(make.event(note=last), by="ann", key=last.split()[0])
    assert sorted(notes(tracker)) == sorted([*acknowledged, last])
    assert tracker.verify()["events"] == len(acknowledged) + 1


def test_what_cannot_be_published_is_recorded_all_the_same_and_said_so(tracker):
    store = tracker.store
    store.published.unlink()
    store.published.mkdir()
    with pytest.raises(StoreUnavailable) as refused:
        tracker.record(make.event("pledged", "2024-03-04", "gazette"), by="ann")
    assert refused.value.code == "unpublished"
    store.published.rmdir()
    assert tracker.commitment("treaty")["stage"] == "pledged"


RIGHTS = [
    ("store", 0o500, "", "read-only", 0),
    ("store", 0o000, "unreachable", "read-only", 0),
    ("store/ledger.duckdb", 0o400, "", "read-only", 0),
    ("store/ledger.duckdb", 0o000, "", "read-only", 0),
    ("store/commitments.duckdb", 0o000, "unreachable", "", 1),
    ("store/store.lock", 0o000, "", "read-only", 1),
    ("store/store.lock", 0o400, "", "read-only", 1),
]
"""What is taken away of which part; what comes of reading and of writing; the events on record after it."""


def test_rights_that_are_taken_away_are_said_in_one_line_and_lose_nothing(originals, tmp_path):
    """As a user whom permissions bind, root or not."""
    base = Path(tempfile.mkdtemp())
    try:
        base.chmod(0o755)
        for name in ("store", "warm-up"):
            shutil.copytree(originals / "small", base / name)
        process, told = writer.start(writer.without_rights, base, [case[:2] for case in RIGHTS])
        outcomes = writer.reports(told)
        process.join()
    finally:
        (base / "store").chmod(0o755)
        shutil.rmtree(base)
    assert outcomes == RIGHTS
