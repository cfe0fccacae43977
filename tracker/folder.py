"""The files of a store folder: what each is for, and how one takes the place of another."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tracker.errors import StoreUnavailable

ROOM = 2 * 2**20
"""Bytes that a write may need beside the copy of the ledger."""


class Folder:
    """A folder with the ledger, the engine's log of it, a lock, and the published copy."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.ledger = self.path / "ledger.duckdb"
        self.log = self.path / "ledger.duckdb.wal"
        self.published = self.path / "commitments.duckdb"
        self.lock = self.path / "store.lock"

    def exists(self) -> bool:
        """Whether it holds a store."""
        return self.ledger.exists() or self.published.exists()

    def is_stale(self) -> bool:
        """Whether a writer died between commit and publication. Raises `StoreUnavailable` without a store."""
        if not self.ledger.exists():
            if not self.published.exists():
                raise StoreUnavailable("no-store", path=str(self.path))
            return False
        return (
            self.log.exists()
            or not self.published.exists()
            or self.ledger.stat().st_mtime_ns > self.published.stat().st_mtime_ns
        )

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


def replace(file: Path, place: Path, mode: int = 0o644) -> None:
    """Copy a closed database file to a place, durably, and whole or not at all."""
    fresh = place.with_name(f".{place.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        shutil.copyfile(file, fresh)
        with fresh.open("rb") as copied:
            os.fsync(copied.fileno())
        fresh.chmod(mode)
        os.replace(fresh, place)
    finally:
        fresh.unlink(missing_ok=True)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
