"""The lock of a store: one writer at a time, the others in a queue, first come, first served.

The lock is `flock` on a file; the system frees it when its holder dies, however it dies.
The kernel wakes those who wait for it, but whoever happens to ask first gets it. So each
waiter takes a ticket, a locked byte of the same file at the position of the present
instant, and asks for the lock when no lower byte is locked. A ticket goes with its owner.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import StoreUnavailable

NOTICE = 1.0
"""Seconds after which a wait is worth telling."""
_FRONT, _BEHIND = 0.002, 0.02
"""Seconds between two looks: of the next in turn, and of those behind."""
_NAME = 200
"""Characters of a name; what is longer is none."""


@dataclass(frozen=True)
class Holder:
    """Who holds the lock, by their own account: process, name if any, and since when (UTC)."""

    process: int
    name: str | None
    since: dt.datetime


@dataclass(frozen=True)
class Wait:
    """A wait for somebody else: how long it may take at most (seconds), and for whom, if that is known."""

    seconds: float
    holder: Holder | None


_listener: ContextVar[Callable[[Wait], None] | None] = ContextVar("listener", default=None)


@contextlib.contextmanager
def telling(listener: Callable[[Wait], None]) -> Iterator[None]:
    """Within this context, tell the listener once of every wait that lasts longer than `NOTICE` seconds.

    It is called in the thread that waits, which goes on waiting afterwards. A context is
    that of one thread: a listener of one session hears nothing of another.
    """
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextlib.contextmanager
def held(file: Path, timeout: float | None, *, name: str | None = None) -> Iterator[None]:
    """Hold the lock on a file. Waits at most `timeout` seconds; None means not at all.

    `name` tells others who holds it. Raises `StoreUnavailable` with code `busy`, and
    OSError where the file cannot be made.
    """
    handle = _locked(file, timeout)
    try:
        _sign(handle, name)
        yield
    finally:
        with contextlib.suppress(OSError):
            os.ftruncate(handle, 0)
        # A child that was forked meanwhile has the file open too; without this it would keep the lock.
        fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)


def _locked(file: Path, timeout: float | None) -> int:
    """The open file, locked."""
    began = time.monotonic()
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            taken = _taken(handle) if timeout is None else _queue_for(handle, timeout, began)
            if not taken:
                raise StoreUnavailable("busy", path=str(file.parent), seconds=timeout or 0)
            if _is_still(file, handle):
                return handle
        except BaseException:
            os.close(handle)
            raise
        # Somebody removed the file while we waited; the next writer locks another one.
        os.close(handle)


def _queue_for(handle: int, timeout: float, began: float) -> bool:
    """Wait for the lock behind those who came before; say whether it was granted."""
    ticket = _Ticket(handle)
    told = False
    try:
        while True:
            waited = time.monotonic() - began
            # Somebody in front who was stopped and not ended must not cost the others their turn.
            in_front = waited > timeout / 2 or ticket.is_first()
            if in_front and _taken(handle):
                return True
            if waited >= timeout:
                return False
            if waited >= NOTICE and not told:
                told = True
                if (listener := _listener.get()) is not None:
                    listener(Wait(timeout, _holder(handle)))
            time.sleep(min(_FRONT if in_front else _BEHIND, timeout - waited))
    finally:
        ticket.give_back()


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(file: Path, handle: int) -> bool:
    try:
        return os.path.samestat(file.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


class _Ticket:
    """A place in the queue: a locked byte of a file that was opened for this alone."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        # The clock counts from the start of the machine and is the same for all its processes.
        self._place = time.monotonic_ns()
        while self._ask(_SET, fcntl.F_WRLCK, self._place, 1) is None:
            self._place += 1

    def is_first(self) -> bool:
        """Whether nobody who came before still waits."""
        return self._ask(_GET, fcntl.F_WRLCK, 0, self._place) == fcntl.F_UNLCK

    def give_back(self) -> None:
        """Leave the queue."""
        self._ask(_SET, fcntl.F_UNLCK, self._place, 1)

    def _ask(self, command: int | None, kind: int, start: int, length: int) -> int | None:
        """The kind of lock that the system answers with; None when somebody else's is in the way."""
        if command is None:
            return fcntl.F_UNLCK
        try:
            told = fcntl.fcntl(
                self._handle, command, struct.pack(_FLOCK, kind, os.SEEK_SET, start, length, 0)
            )
        except BlockingIOError:
            return None
        except OSError:
            # A file system without such locks has a lock, but no queue.
            return fcntl.F_UNLCK
        found: int = struct.unpack(_FLOCK, told)[0]
        return found


_SET, _GET = (fcntl.F_OFD_SETLK, fcntl.F_OFD_GETLK) if sys.platform == "linux" else (None, None)
"""Locks that belong to an open file, not to a process. Without them, waiters have no order."""
_FLOCK = "hhqqi0q"
"""struct flock of the C library on Linux: kind, whence, start, length, process."""


def _sign(handle: int, name: str | None) -> None:
    """Say in the file who holds it. On a full disk nothing is said."""
    told = {"process": os.getpid(), "name": name, "since": dt.datetime.now(dt.UTC).isoformat()}
    with contextlib.suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(told).encode(), 0)


def _holder(handle: int) -> Holder | None:
    """Who says to hold the file, which anybody who may write to the store can have written."""
    try:
        told = json.loads(os.pread(handle, 4096, 0))
        process, name = int(told["process"]), told["name"]
        since = dt.datetime.fromisoformat(told["since"]).astimezone(dt.UTC).replace(tzinfo=None)
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    sound = isinstance(name, str) and name.isprintable() and 0 < len(name) <= _NAME
    return Holder(process, name if sound else None, since)
