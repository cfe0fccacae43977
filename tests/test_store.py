import fcntl
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import make
import pytest
import writer

from tracker.errors import Invalid, Refused, StaleVersion, StoreUnavailable
from tracker.ledger import Draft
from tracker.store import Store
from tracker.tracker import Tracker


def notes(tracker: Tracker) -> list[str]:
    return [event["note"] for event in tracker.history("treaty")]


def plain_client() -> str:
    found = shutil.which("duckdb", path=str(Path(sys.executable).parent)) or shutil.which("duckdb")
    if found is None:
        pytest.skip("the plain client of the package duckdb-cli is not installed")
    return found


def ask(client: str, published: Path, query: str) -> str:
    done = subprocess.run(
        [client, "-readonly", "-noheader", "-list", str(published), "-c", query],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def test_a_new_store_is_empty_and_sound(tmp_path):
    store = Store(tmp_path / "deep" / "store")
    assert not store.exists()
    store.create()
    assert store.exists()
    assert Tracker(store).commitments() == []
    assert Tracker(store).verify()["ledger"] == 0


def test_a_folder_without_a_store_is_said_to_have_none(tmp_path):
    with pytest.raises(StoreUnavailable) as refused:
        Tracker(Store(tmp_path / "nowhere")).commitments()
    assert refused.value.code == "no-store"
    assert not (tmp_path / "nowhere").exists()


def test_a_first_write_that_is_refused_makes_no_store(tmp_path):
    store = Store(tmp_path / "store")
    with pytest.raises(Invalid):
        Tracker(store).add(make.commitment(), by="ann")
    assert not store.exists()


def test_what_is_acknowledged_is_published(tracker):
    entries = tracker.store.append([Draft.event(make.event())], actor="ann")
    with duckdb.connect(str(tracker.store.published), read_only=True) as con:
        assert con.execute("SELECT max(seq), arg_max(hash, seq) FROM ledger").fetchone() == (
            4,
            entries[-1].hash,
        )


def test_the_published_file_is_for_reading_only(tracker):
    for _ in range(2):
        assert stat.S_IMODE(tracker.store.published.stat().st_mode) == 0o444
        tracker.record(make.event(), by="ann")


EVENTS, LINES = "SELECT count(*) FROM events", "SELECT max(seq) FROM ledger"


def test_readers_of_every_kind_see_one_state_at_a_time_beside_working_writers(tracker):
    """Two statements of one reader, on two tables, agree whatever is published in between."""
    client = plain_client()
    store = tracker.store
    started = [writer.start(writer.write, store.folder, name, 6) for name in ("p", "q")]
    plain, seen_plainly = writer.start(writer.look, store.published, EVENTS, LINES)
    seen = {"ours": [], "another program": []}

    def work() -> None:
        while any(process.is_alive() for process, _ in started):
            with store.reading() as con:
                seen["ours"].append((con.execute(EVENTS).fetchone()[0], con.execute(LINES).fetchone()[0]))

    with ThreadPoolExecutor(1) as pool:
        ours = pool.submit(work)
        while any(process.is_alive() for process, _ in started):
            events, lines = ask(client, store.published, f"{EVENTS}; {LINES}").split()
            seen["another program"].append((int(events), int(lines)))
        ours.result()
    plain.terminate()
    seen["another process"] = writer.reports(seen_plainly)
    assert sum(len(writer.reports(told)) for _, told in started) == 12
    for name, states in seen.items():
        assert states, name
        assert {lines - events for events, lines in states} == {3}, name
    # Nobody goes back in time.
    for name in ("another program", "another process"):
        assert seen[name] == sorted(seen[name])
    assert ask(client, store.published, EVENTS) == "12"
    assert ask(client, store.published, "SELECT stage FROM commitments") == "pledged"
    assert ask(client, store.published, "SELECT stage FROM as_of(DATE '2025-01-01')") == "pledged"


def test_a_reader_keeps_one_state_while_a_writer_publishes_the_next(tracker):
    count = "SELECT count(*) FROM history"
    with tracker.store.reading() as held:
        assert held.execute(count).fetchone() == (0,)
        tracker.record(make.event(), by="ann")
        with tracker.store.reading() as fresh:
            assert fresh.execute(count).fetchone() == (1,)
            tracker.record(make.event("signed"), by="ann")
            assert fresh.execute(count).fetchone() == (1,)
        assert held.execute(count).fetchone() == (0,)
    with tracker.store.reading() as con:
        assert con.execute(count).fetchone() == (2,)


def test_a_reader_sees_what_another_process_wrote(tracker):
    assert notes(tracker) == []
    process, told = writer.start(writer.write, tracker.store.folder, "other", 1)
    assert writer.reports(told) == ["other 0"]
    process.join()
    assert notes(tracker) == ["other 0"]


def test_a_reader_that_may_not_link_sees_what_another_process_wrote(tracker, monkeypatch, tmp_path):
    def refuse(*paths):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    told = []
    for name in ("first", "second"):
        assert notes(tracker) == told
        # Two writes each: the second may give its file the inode of the one that was read.
        process, connection = writer.start(writer.write, tracker.store.folder, name, 2)
        told += writer.reports(connection)
        process.join()
    with tracker.store.reading() as con:
        tracker.record(make.event(note="meanwhile"), by="ann")
        assert con.execute("SELECT count(*) FROM history").fetchone() == (4,)
        assert len(notes(tracker)) == 5
    assert list((tmp_path / "temporary").iterdir()) == []


def test_readers_cannot_write(tracker):
    with pytest.raises(duckdb.Error, match="read-only"), tracker.store.reading() as con:
        con.execute("DELETE FROM ledger")
    assert tracker.verify()["ledger"] == 3


def test_nothing_is_left_lying_about(tracker):
    tracker.record(make.event(), by="ann")
    tracker.commitments()
    tracker.store.release()
    assert sorted(p.name for p in tracker.store.folder.iterdir()) == [
        "commitments.duckdb",
        "ledger.duckdb",
        "store.lock",
    ]


def test_threads_lose_nothing(tracker):
    def work(name: str) -> None:
        for number in range(10):
            tracker.record(make.event(note=f"{name} {number}"), by=name)
        assert f"{name} 9" in notes(tracker)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, "abcd"))
    assert sorted(notes(tracker)) == [f"{name} {number}" for name in "abcd" for number in range(10)]
    assert tracker.verify()["events"] == 40


def test_processes_lose_nothing(tracker):
    started = [writer.start(writer.write, tracker.store.folder, name, 5) for name in ("p", "q", "r")]
    told = [note for _, connection in started for note in writer.reports(connection)]
    assert len(told) == 15
    assert sorted(notes(tracker)) == sorted(told)
    assert tracker.verify()["events"] == 15


def test_of_two_who_saw_the_same_version_one_is_refused(tracker):
    def write(name: str) -> str:
        try:
            tracker.record(make.event(note=name), by=name, expect_version=1)
        except StaleVersion as refused:
            return str(refused.between[0]["actor"])
        return ""

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(write, ["ann", "ben", "eve", "joe"]))
    winner = notes(tracker)
    assert len(winner) == 1
    assert sorted(answers) == sorted(["", *winner * 3])


def test_a_store_in_use_is_reported_busy_and_can_still_be_read(tracker, monkeypatch):
    monkeypatch.setenv("TRACKER_LOCK_SECONDS", "0.01")
    with (tracker.store.folder / "store.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreUnavailable) as refused:
            tracker.record(make.event(), by="ann")
        assert refused.value.code == "busy"
        assert notes(tracker) == []
    monkeypatch.undo()
    tracker.record(make.event(note="now"), by="ann")
    assert notes(tracker) == ["now"]


@pytest.mark.parametrize("told", ["soon", "-1", "nan", "inf"])
def test_a_patience_that_is_no_number_is_refused(tracker, monkeypatch, told):
    monkeypatch.setenv("TRACKER_LOCK_SECONDS", told)
    with pytest.raises(Refused) as refused:
        tracker.record(make.event(), by="ann")
    assert (refused.value.code, refused.value.facts["value"]) == ("bad-seconds", told)
    monkeypatch.undo()
    assert notes(tracker) == []


def test_a_folder_that_may_only_be_read_can_be_read(originals):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(originals / "small", folder / "store")
        shutil.copytree(originals / "small", folder / "warm-up")
        (folder / "store").chmod(0o555)
        try:
            process, told = writer.start(writer.visit, folder / "store", folder / "warm-up")
            assert writer.reports(told) == [3, ("StoreUnavailable", "read-only"), 3]
            process.join()
        finally:
            (folder / "store").chmod(0o755)


def test_a_file_where_the_folder_should_be_is_out_of_reach(tmp_path):
    (tmp_path / "store").write_text("not a folder")
    with pytest.raises(StoreUnavailable):
        Store(tmp_path / "store").create()
