"""The files of a store folder: what each is for, and how one takes the place of another.

Every step is whole or not at all, so that a crash between two steps leaves what the next
writer can finish. Who changes anything here holds the lock.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tracker.errors import StoreUnavailable

ROOM = 2 * 2**20
"""Bytes that a write may need beside the copy of the ledger."""
_ABANDONED = 60.0
"""Seconds after which a passing folder that nobody holds was left by somebody who died."""


class Folder:
    """A folder with the ledger, the engine's log of it, a lock, and the published copy."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.ledger = self.path / "ledger.duckdb"
        self.log = self.path / "ledger.duckdb.wal"
        self.published = self.path / "commitments.duckdb"
        self.lock = self.path / "store.lock"
        self._incoming = self.path / ".incoming"

    def exists(self) -> bool:
        """Whether it holds a store."""
        return self.ledger.exists() or self.published.exists() or self._is_incoming()

    def is_stale(self) -> bool:
        """Whether a writer has died before publication. Raises `StoreUnavailable` without a store."""
        if not self.exists():
            raise StoreUnavailable("no-store", path=str(self.path))
        if self._is_incoming() or not self.published.exists():
            return True
        return self.ledger.exists() and (
            self.log.exists() or _changed(self.ledger) > _changed(self.published)
        )

    def is_settled(self) -> bool:
        """Whether both files are as the last publication left them. Raises `StoreUnavailable`."""
        if self.is_stale():
            return False
        return not self.ledger.exists() or _changed(self.ledger) == _changed(self.published)

    def check_room(self) -> None:
        """What is written must also find room to be published."""
        size = self.ledger.stat().st_size if self.ledger.exists() else 0
        if shutil.disk_usage(self.path).free < size + ROOM:
            raise StoreUnavailable("disk-full", path=str(self.path))

    def publish(self) -> None:
        """Put a copy of the closed ledger file in the place readers look at."""
        if self.log.exists():
            # Only a disk without room keeps the engine from folding its log into the file.
            raise StoreUnavailable("disk-full", path=str(self.path))
        # Read-only keeps a plain client from opening it for writing and losing its edits.
        replace(self.ledger, self.published, mode=0o444)

    def recover(self) -> None:
        """Make a ledger that is lost or empty from the published copy, if there is one."""
        if self.published.exists() and not (self.ledger.exists() and self.ledger.stat().st_size):
            # The engine would begin an empty ledger, and the last copy would be overwritten.
            replace(self.published, self.ledger)

    def set_aside(self, file: Path) -> Path:
        """Move a file out of the way without losing it; return where it is now."""
        aside = file.with_name(f"{file.name}.{_instant(time.time())}.aside")
        os.rename(file, aside)
        return aside

    def begin(self, whole: Path) -> None:
        """Begin to put in place a folder that holds both files, made ready; it moves here at once."""
        now = time.time_ns()  # One time for both: they are in step. And another one than any before.
        for file in whole.iterdir():
            os.utime(file, ns=(now, now))
        os.rename(whole, self._incoming)
        sync(self.path)

    def complete(self) -> Path | None:
        """Finish what was begun, if anything was.

        What it replaces is kept in a folder of its own, which is returned. To go on
        after a crash at any point comes to the same.
        """
        if not self._is_incoming():
            return None
        kept = None
        ledger, published = (self._incoming / file.name for file in (self.ledger, self.published))
        if published.exists():
            kept = self._keep(_instant(ledger.stat().st_mtime))
            os.replace(published, self.published)
        self.log.unlink(missing_ok=True)
        os.replace(ledger, self.ledger)
        sync(self.path)
        with suppress(OSError):
            self._incoming.rmdir()
        return kept

    def _is_incoming(self) -> bool:
        return (self._incoming / self.ledger.name).exists()

    def _keep(self, name: str) -> Path | None:
        """Keep what is here in a folder beside it; None when there is nothing."""
        kept = self.path / f"replaced-{name}"
        for file in (self.ledger, self.log, self.published):
            if file.exists() and not (kept / file.name).exists():
                kept.mkdir(exist_ok=True)
                _link(file, kept / file.name)
        if not kept.exists():
            return None
        sync(kept)
        return kept

    def sweep(self) -> None:
        """Remove what processes left that were killed while they read, published or made a store."""
        for file in (self.ledger, self.published):
            _fresh(file).unlink(missing_ok=True)
        with suppress(OSError):
            self._incoming.rmdir()  # Its files are in place.
        sweep(self.path, READER, MAKING)


READER, MAKING, BACKUP = ".reader-", ".making-", ".tracker-backup-"
"""How the names of passing folders begin."""


@contextmanager
def passing(parent: Path, kind: str) -> Iterator[Path]:
    """A folder inside another for a moment. If its owner is killed, a sweep removes it."""
    with (
        tempfile.TemporaryDirectory(dir=parent, prefix=kind, ignore_cleanup_errors=True) as name,
        _opened(Path(name)) as handle,
    ):
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield Path(name)


def sweep(parent: Path, *kinds: str) -> None:
    """Remove the passing folders whose owners were killed."""
    for entry in os.scandir(parent):
        if entry.name.startswith(kinds):
            # Its owner may remove it at this very moment.
            with suppress(OSError):
                _sweep(Path(entry.path))


def _sweep(abandoned: Path) -> None:
    # Between its making and its locking nobody holds it either.
    if time.time() - abandoned.stat().st_mtime > _ABANDONED:
        with _opened(abandoned) as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(abandoned)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def replace(file: Path, place: Path, mode: int = 0o644) -> None:
    """Copy a closed database file to a place, durably, and whole or not at all.

    The copy has the time of change of the original: the two are in step while they agree.
    """
    fresh = _fresh(place)
    fresh.unlink(missing_ok=True)
    try:
        shutil.copyfile(file, fresh)
        os.utime(fresh, ns=(_changed(file), _changed(file)))
        sync(fresh)
        fresh.chmod(mode)
        os.replace(fresh, place)
    finally:
        fresh.unlink(missing_ok=True)
    sync(place.parent)


def _link(file: Path, place: Path) -> None:
    try:
        os.link(file, place)
    except OSError:
        # A file system without links.
        shutil.copy2(file, place)


def sync(path: Path) -> None:
    """Make durable what is in a file, or the names in a folder."""
    with _opened(path) as handle:
        os.fsync(handle)


def _fresh(place: Path) -> Path:
    """The name of a copy while it is made."""
    return place.with_name(f".{place.name}.new")


def _changed(file: Path) -> int:
    return file.stat().st_mtime_ns


def _instant(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
