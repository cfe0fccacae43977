"""Published states, held open for readers: each is one file, which lives on while anybody reads it."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tracker import schema
from tracker.faults import check_length
from tracker.folder import READER, passing


class Outdated(Exception):
    """The published file is of an earlier schema version."""


@dataclass(frozen=True)
class _Generation:
    file: tuple[int, int]
    """Inode and time of change; the system gives the inode of a file that is gone to another."""
    connection: duckdb.DuckDBPyConnection


class Generations:
    """The newest published state of a store. Safe to share between threads."""

    def __init__(self, published: Path) -> None:
        self._published = published
        self._newest: _Generation | None = None
        self._lock = threading.Lock()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor on the newest state. Raises `Outdated`; `StoreUnavailable` for a later version."""
        with self._lock:
            now = self._published.stat()
            file = (now.st_ino, now.st_mtime_ns)
            if self._newest is None or self._newest.file != file:
                self._newest = _Generation(file, _connect(self._published))
            return self._newest.connection.cursor()

    def release(self) -> None:
        """Let go of the state; the next reader opens it again."""
        with self._lock:
            self._newest = None


def _connect(published: Path) -> duckdb.DuckDBPyConnection:
    # Within a process DuckDB shares one instance per path and would go on showing the
    # old state while anybody still reads it; a link of its own gives each state a path.
    try:
        with passing(published.parent, READER) as folder:
            link = folder / published.name
            os.link(published, link)
            return _opened(link)
    except OSError:
        # A folder of somebody else's, or a file system without links: a copy has a path too.
        with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
            copy = Path(folder) / published.name
            shutil.copyfile(published, copy)
            return _opened(copy)


def _opened(file: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(str(file), read_only=True)
    try:
        check_length(con, file)
        if schema.standing(con) == "current":
            return con
    except BaseException:
        con.close()
        raise
    con.close()
    raise Outdated
