"""Processes that tests start: a writer, and a user who may read a folder but not write there."""

from __future__ import annotations

import os
import resource
import signal
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import make

from tracker import errors, locking
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
