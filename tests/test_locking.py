"""The queue of writers: first come, first served, whoever gives up, is killed or goes away."""

import json
import os
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import writer
from command import Command

from tracker import locking
from tracker.errors import StoreUnavailable


@pytest.fixture
def lock(tmp_path) -> Path:
    return tmp_path / "store.lock"


@pytest.fixture
def impatient(monkeypatch):
    """Waits are told at once."""
    monkeypatch.setattr(locking, "NOTICE", 0.0)


def handles() -> int:
    return len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0


def test_those_who_wait_get_the_lock_in_the_order_in_which_they_came(lock, impatient):
    """Threads of this process and other processes, in turns."""
    order, processes, answers = [], [], []
    with ThreadPoolExecutor(4) as pool:
        with locking.held(lock, 0, name="ann"):
            for number in range(4):
                process, told = writer.start(writer.queue, lock, f"process {number}", lock.with_name("order"))
                processes.append((process, told))
                assert told.recv() == ("waits for", "ann")
                queued = threading.Event()

                def work(name=f"thread {number}", queued=queued):
                    with locking.telling(lambda wait: queued.set()), locking.held(lock, 60, name=name):
                        writer.append_line(lock.with_name("order"), name)

                answers.append(pool.submit(work))
                assert queued.wait(60)
                order += [f"process {number}", f"thread {number}"]
        for process, told in processes:
            assert writer.reports(told) == ["had it"]
            process.join()
        for answer in answers:
            answer.result()
    assert lock.with_name("order").read_text().splitlines() == order


def test_who_gives_up_leaves_nothing_behind_and_keeps_nobody_waiting(lock):
    with locking.held(lock, 0):
        before = handles(), threading.active_count()
        for _ in range(5):
            with pytest.raises(StoreUnavailable) as refused, locking.held(lock, 0.01):
                pass
            assert (refused.value.code, refused.value.facts["seconds"]) == ("busy", 0.01)
        assert (handles(), threading.active_count()) == before
    with locking.held(lock, None):
        pass


def test_a_killed_waiter_and_a_killed_holder_keep_nobody_waiting(lock, impatient):
    holder, told = writer.start(writer.hold, lock, "holder")
    assert told.recv() == "holds"
    waiter, waits = writer.start(writer.queue, lock, "waiter", lock.with_name("order"))
    assert waits.recv() == ("waits for", "holder")
    waiter.kill()
    waiter.join()
    with ThreadPoolExecutor(1) as pool:
        queued = threading.Event()

        def work():
            with locking.telling(lambda wait: queued.set()), locking.held(lock, 60):
                return "got it"

        answer = pool.submit(work)
        assert queued.wait(60)
        holder.kill()
        assert answer.result(60) == "got it"
    assert not lock.with_name("order").exists()


def test_a_wait_is_told_once_with_who_is_in_the_way_and_how_long_it_may_take(lock, impatient):
    told = []
    with locking.held(lock, 0, name="Jo Kim"):
        with (
            pytest.raises(StoreUnavailable),
            locking.telling(told.append),
            locking.held(lock, 0.1),
        ):
            pass
        (wait,) = told
        assert (wait.seconds, wait.holder.process, wait.holder.name) == (0.1, os.getpid(), "Jo Kim")
    # Nobody is said to hold what nobody holds.
    assert lock.read_bytes() == b""


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00",
        b"[]",
        b'{"process": "many", "name": "x", "since": "2025-06-01T00:00:00+00:00"}',
        b'{"process": 1, "name": "x", "since": "soon"}',
    ],
)
def test_whatever_stands_in_the_file_nobody_is_named_who_cannot_be(lock, impatient, content):
    told = []
    with locking.held(lock, 0):
        lock.write_bytes(content)
        with pytest.raises(StoreUnavailable), locking.telling(told.append), locking.held(lock, 0.01):
            pass
    assert [wait.holder for wait in told] == [None]
    # And a file that a killed writer left keeps nobody out.
    lock.write_bytes(content)
    with locking.held(lock, None):
        pass


@pytest.mark.parametrize("name", ["x" * 1000, "\x1b[31mred", 7, None])
def test_a_name_that_would_not_fit_a_line_is_not_told(lock, impatient, name):
    told = []
    with locking.held(lock, 0):
        lock.write_text(json.dumps({"process": 7, "name": name, "since": "2025-06-01T09:00:00+02:00"}))
        with pytest.raises(StoreUnavailable), locking.telling(told.append), locking.held(lock, 0.01):
            pass
    assert (told[0].holder.process, told[0].holder.name) == (7, None)
    assert told[0].holder.since.isoformat() == "2025-06-01T07:00:00"


def test_a_child_that_was_forked_while_the_lock_was_held_does_not_keep_it(lock):
    process, told = writer.start(writer.fork, lock)
    assert told.recv() == "released, and the child lives"
    with locking.held(lock, None):
        process.kill()
    process.join()


def test_a_lock_file_that_is_removed_meanwhile_locks_no_two(lock, impatient):
    removed = threading.Event()

    def work():
        with locking.telling(lambda wait: removed.set()), locking.held(lock, 60):
            with pytest.raises(StoreUnavailable), locking.held(lock, None):
                pass
            return "alone"

    with ThreadPoolExecutor(1) as pool:
        with locking.held(lock, 0):
            answer = pool.submit(work)
            assert removed.wait(60)
            lock.unlink()
        assert answer.result(60) == "alone"


def test_the_command_says_for_whom_it_waits_and_goes_on_when_they_are_done(tracker, tmp_path):
    command = Command(tracker.store.folder, tmp_path)
    asked = ["check", "treaty", "--on", "2025-05-01", "--place", "The library", "--by", "Ben"]
    with locking.held(tracker.store.folder / "store.lock", 0, name="Jo Kim"):
        process = command.start(*asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = process.stderr.readline().decode()
    said, complained = process.communicate()
    assert re.fullmatch(
        rf"tracker: waiting for another writer \(Jo Kim, process {os.getpid()}, since [\d:]+\), up to 30 s\n",
        line,
    )
    assert (process.returncode, complained) == (0, b"")
    assert b"treaty: evidence reaches none" in said
    assert tracker.commitment("treaty")["last_checked"] is not None
