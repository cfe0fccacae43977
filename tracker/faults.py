"""What errors of the engine and of the operating system mean for a store, and one it does not report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from tracker.errors import StoreUnavailable


@contextmanager
def engine_errors(path: Path, *, ours_only: bool = False, denied: str = "read-only") -> Iterator[None]:
    """Let no driver or operating-system error out; say what it means for the store.

    `denied` is the code for a right that is missing: to write, unless told otherwise.
    """
    try:
        yield
    except duckdb.Error as error:
        # A failed checksum has no class of its own.
        if not isinstance(error, _ENGINE_FAULTS) and type(error) is not duckdb.Error:
            raise
        raise meaning(error, path, denied) from error
    except OSError as error:
        if ours_only:
            raise
        raise meaning(error, path, denied) from error


# Faults of files and of the machine. A statement that does not bind is a fault of ours and
# must not be blamed on the store.
_ENGINE_FAULTS = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
    duckdb.TransactionException,
    duckdb.OutOfMemoryException,
    duckdb.PermissionException,
    duckdb.ConnectionException,
)
DENIED = "Permission denied"
_MEANINGS = (
    ("No space left", "disk-full"),
    ("Disk quota exceeded", "disk-full"),
    ("File too large", "disk-full"),
    ("Could not set lock", "busy"),
    ("Read-only file system", "read-only"),
    ("read-only", "read-only"),
)


def meaning(error: Exception, path: Path, denied: str = "read-only") -> StoreUnavailable:
    """What an error that concerns a file means for the store; one of ours means what it says."""
    if isinstance(error, StoreUnavailable):
        return error
    text = str(error)
    if DENIED in text:
        return StoreUnavailable(denied, path=str(path), detail=DENIED)
    for sign, code in _MEANINGS:
        if sign in text:
            return StoreUnavailable(code, path=str(path), seconds=0)
    if isinstance(error, OSError) and not isinstance(error, duckdb.Error):
        return StoreUnavailable("unreachable", path=str(path), detail=error.strerror or text)
    first: Any = text.splitlines()[0] if text else type(error).__name__
    return StoreUnavailable("damaged", path=str(path), detail=first)


def check_length(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """The engine opens a file that was cut short, and we would publish it over a whole one."""
    row = con.execute("SELECT block_size * used_blocks FROM pragma_database_size()").fetchone()
    assert row is not None
    if file.stat().st_size < row[0]:
        raise StoreUnavailable("damaged", path=str(file), detail="cut short")
