"""What errors of the engine and of the operating system mean for a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from tracker.errors import StoreUnavailable


@contextmanager
def engine_errors(path: Path, *, ours_only: bool = False) -> Iterator[None]:
    """Let no driver or operating-system error out; say what it means for the store."""
    try:
        yield
    except duckdb.Error as error:
        # A failed checksum has no class of its own.
        if not isinstance(error, _ENGINE_FAULTS) and type(error) is not duckdb.Error:
            raise
        raise _unavailable(error, path) from error
    except OSError as error:
        if ours_only:
            raise
        raise _unavailable(error, path) from error


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
_MEANINGS = (
    ("No space left", "disk-full"),
    ("Could not set lock", "busy"),
    ("Permission denied", "read-only"),
    ("Read-only file system", "read-only"),
    ("read-only", "read-only"),
)


def _unavailable(error: Exception, path: Path) -> StoreUnavailable:
    text = str(error)
    for sign, code in _MEANINGS:
        if sign in text:
            return StoreUnavailable(code, path=str(path), seconds=0)
    if isinstance(error, OSError) and not isinstance(error, duckdb.Error):
        return StoreUnavailable("unreachable", path=str(path), detail=error.strerror or text)
    first: Any = text.splitlines()[0] if text else type(error).__name__
    return StoreUnavailable("damaged", path=str(path), detail=first)
