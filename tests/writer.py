"""Processes that tests start: a writer, and a user who may read a folder but not write there."""

from __future__ import annotations

import fcntl
import os
import random
import resource
import signal
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import make

from tracker import errors, locking
from tracker.cli import sentence
from tracker.store import Store
from tracker.tracker import Tracker

NOBODY = 65534

# A server that has imported all this already starts a process in milliseconds.
processes = get_context("forkserver")
processes.set_forkserver_preload(["__main__", "tracker.tracker", "tracker.models", "edtf"])


def start(target, *arguments):
    """Start a process and return it with the connection on which it reports."""
    ours, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=target, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def reports(connection: Connection) -> list:
    """Everything a process reported, once it has ended."""
    told = []
    while True:
        try:
            told.append(connection.recv())
        except EOFError:
            return told


def write(folder: Path, name: str, count: int, told: Connection) -> None:
    """Record events on `treaty`, and report the note of each as soon as it is acknowledged."""
    tracker = Tracker(Store(folder))
    for number in range(count):
        note = f"{name} {number}"
        tracker.record(make.event(note=note), by=name)
        told.send(note)


def revise(folder: Path, seen: int, due: str, told: Connection) -> None:
    """Revise when `treaty` is due, and report what was contested; None where nothing was."""
    tracker = Tracker(Store(folder))
    try:
        tracker.revise(make.commitment(due=due), expect_version=seen, by=due, merge=True)
        told.send((due, None))
    except errors.StaleVersion as stale:
        told.send((due, [tuple(c) for c in stale.contested]))


def look(published: Path, first: str, second: str, told: Connection) -> None:
    """Open the published file again and again as any program would; report two answers from each time."""
    while True:
        with duckdb.connect(str(published), read_only=True) as con:
            told.send((con.execute(first).fetchone()[0], con.execute(second).fetchone()[0]))


def visit(folder: Path, warm_up: Path, told: Connection) -> None:
    """Read and try to write as somebody without rights in the folder; report what came of it."""
    tracker = Tracker(Store(warm_up))
    # Imports must be done before this process gives up the right to read its own libraries.
    tracker.record(make.event("signed", "2024-05"), by="ann")
    tracker.verify()
    if os.getuid() == 0:
        os.setuid(NOBODY)
    tracker = Tracker(Store(folder))
    told.send(tracker.verify()["ledger"])
    try:
        tracker.record(make.event(), by="eve")
    except errors.TrackerError as error:
        told.send((type(error).__name__, error.code))
    told.send(tracker.verify()["ledger"])


def append_line(file: Path, line: str) -> None:
    with file.open("a") as out:
        out.write(f"{line}\n")


def queue(lock: Path, name: str, order: Path, told: Connection) -> None:
    """Wait for a lock; report for whom, and that it was had, and write the name down meanwhile."""
    locking.NOTICE = 0.0
    with (
        locking.telling(lambda wait: told.send(("waits for", wait.holder and wait.holder.name))),
        locking.held(lock, 60, name=name),
    ):
        append_line(order, name)
        told.send("had it")


def hold(lock: Path, name: str, told: Connection) -> None:
    """Hold a lock until killed."""
    with locking.held(lock, 0, name=name):
        told.send("holds")
        signal.pause()


def fork(lock: Path, told: Connection) -> None:
    """Hold a lock, fork, and release it; the child lives on for as long as this process."""
    with locking.held(lock, 0):
        alive, ours = os.pipe()
        if os.fork() == 0:
            os.close(ours)
            os.read(alive, 1)
            os._exit(0)
    told.send("released, and the child lives")
    signal.pause()


def back_up_on_a_small_disk(folder: Path, file: Path, told: Connection) -> None:
    """Make a backup where files can hardly grow; report what came of it."""
    tracker = Tracker(Store(folder))
    tracker.commitments()
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        tracker.backup(file, overwrite=True)
    except errors.TrackerError as error:
        told.send((type(error).__name__, error.code))


def hold_folder(folder: Path, told: Connection) -> None:
    """Use a passing folder until killed."""
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_SH)
    told.send("holds")
    signal.pause()


def die_after(file: Path, config: dict[str, str], statements: Sequence[str], told: Connection) -> None:
    """Run statements on a database file, and die before it is closed."""
    con = duckdb.connect(str(file), config=config)
    for statement in statements:
        con.execute(statement)
    os.kill(os.getpid(), signal.SIGKILL)


def write_until_refused(folder: Path, room: int, told: Connection) -> None:
    """Record events that take space where no file may grow beyond some bytes.

    Reports the note of each as soon as it is acknowledged; at last that of the refused one, and why.
    """
    tracker = Tracker(Store(folder))
    tracker.commitments()
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    for number in range(1000):
        note = f"{number} " + random.Random(number).randbytes(4500).hex()
        try:
            tracker.record(make.event(note=note), by="ann", key=str(number))
        except errors.TrackerError as error:
            told.send((note, error.code))
            return
        told.send(note)


def without_rights(base: Path, cases: Sequence[tuple[str, int]], told: Connection) -> None:
    """Read and write a store of one's own while rights on a part of it are taken away, one by one."""
    warm = Tracker(Store(base / "warm-up"))
    # Imports must be done before this process gives up the right to read its own libraries.
    warm.record(make.event("signed", "2024-05"), by="ann")
    warm.verify()
    if os.getuid() == 0:
        for path in [base, *base.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
        os.setuid(NOBODY)
    folder = base / "store"
    for part, mode in cases:
        before = (base / part).stat().st_mode
        (base / part).chmod(mode)
        found = [attempt(lambda: Tracker(Store(folder)).commitments()), attempt(lambda: write_one(folder))]
        (base / part).chmod(before)
        told.send((part, mode, *found, len(Tracker(Store(folder)).history("treaty"))))


def write_one(folder: Path) -> None:
    Tracker(Store(folder)).record(make.event(), by="eve")


def attempt(work: Callable[[], object]) -> str:
    """What came of it: nothing, or the code of a refusal, which has a sentence of one line."""
    try:
        work()
    except errors.TrackerError as error:
        line = sentence(error)
        assert line
        assert "\n" not in line
        return error.code
    return ""
