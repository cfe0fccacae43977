"""The lock of a store: one writer at a time, waiters in the kernel's queue, which is fair."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.errors import StoreUnavailable


@contextmanager
def held(file: Path, timeout: float | None) -> Iterator[None]:
    """Hold the lock on a file. Waits at most `timeout` seconds; None means not at all.

    Raises `StoreUnavailable` with code `busy`, and OSError where the file cannot be made.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    if timeout is None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise StoreUnavailable("busy", path=str(file.parent), seconds=0) from error
    else:
        _queue_for(handle, timeout, file.parent)
    try:
        yield
    finally:
        os.close(handle)


def _queue_for(handle: int, timeout: float, folder: Path) -> None:
    """Wait for a lock, but not for ever."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    except OSError:
        pass
    granted, abandoned = threading.Event(), threading.Event()
    deciding = threading.Lock()

    def wait() -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with deciding:
            if abandoned.is_set():
                os.close(handle)
            granted.set()

    threading.Thread(target=wait, daemon=True).start()
    if granted.wait(timeout):
        return
    with deciding:
        if not granted.is_set():
            abandoned.set()
            raise StoreUnavailable("busy", path=str(folder), seconds=timeout)
