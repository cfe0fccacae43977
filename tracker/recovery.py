"""What a crash, a full disk or a hand in the folder left behind, put right by who holds the lock.

Whatever was acknowledged is in the published file; nothing is put in its place that does
not continue it.
"""

from __future__ import annotations

import datetime as dt
import filecmp
import os
from pathlib import Path

import duckdb

from tracker import schema
from tracker.errors import StoreUnavailable
from tracker.faults import check_length, meaning
from tracker.folder import Folder

# Plain DuckDB 1.5 clients must be able to read what we publish, and this storage version
# refuses a write-ahead log that does not belong to the file.
STORAGE = {"storage_compatibility_version": "v1.5.0"}


def open_ledger(files: Folder, now: dt.datetime) -> duckdb.DuckDBPyConnection:
    """The ledger of a store, open for writing and of the present schema.

    Raises `StoreUnavailable` or an error of the engine or the system; then nothing was lost.
    """
    if not os.access(files.path, os.W_OK):
        raise StoreUnavailable("read-only", path=str(files.path))
    files.complete()
    files.recover()
    known = None
    if files.exists() and not files.is_settled():
        known = _published_head(files.published)
    try:
        con = _connect(files, known)
    except (duckdb.Error, StoreUnavailable) as error:
        fault = meaning(error, files.ledger)
        if fault.code != "damaged" or not _can_be_read(files.published):
            raise
        facts = {**fault.facts, **_places(files)}
        raise StoreUnavailable("damaged", **facts) from error
    try:
        schema.migrate(con, now)
    except BaseException:
        con.close()
        raise
    return con


def settle(files: Folder, now: dt.datetime) -> None:
    """Publish what was committed and not published, or find that the two files agree."""
    open_ledger(files, now).close()
    if files.published.exists() and are_alike(files):
        changed = files.ledger.stat().st_mtime_ns
        os.utime(files.published, ns=(changed, changed))
    else:
        files.publish()


def are_alike(files: Folder) -> bool:
    """Whether the published file is what it should be: a copy of the ledger, byte for byte."""
    filecmp.clear_cache()  # It would trust times of change, which can be set.
    return filecmp.cmp(files.ledger, files.published, shallow=False)


def _published_head(published: Path) -> tuple[int, str] | None:
    """Number and hash of the newest entry that readers see; None when there is none to be read.

    Raises `StoreUnavailable` when it is of a later version.
    """
    if not published.exists():
        return None
    try:
        with duckdb.connect(str(published), read_only=True) as con:
            check_length(con, published)
            schema.standing(con)
            head = con.execute("SELECT max(seq), max_by(hash, seq) FROM ledger").fetchone()
    except (duckdb.Error, StoreUnavailable) as error:
        if meaning(error, published).code != "damaged":
            raise
        return None
    return head if head is not None and head[1] is not None else None


def _places(files: Folder) -> dict[str, str]:
    """What a restoration from the published copy has to name."""
    return {"copy": str(files.published), "store": str(files.path)}


def _can_be_read(published: Path) -> bool:
    try:
        with duckdb.connect(str(published), read_only=True) as con:
            check_length(con, published)
            return schema.standing(con) != ""
    except (duckdb.Error, StoreUnavailable):
        return False


def _connect(files: Folder, known: tuple[int, str] | None) -> duckdb.DuckDBPyConnection:
    """The ledger with its log played back, if it continues what readers see."""
    aside = refused = None
    try:
        con = _played_back(files)
    except (duckdb.Error, StoreUnavailable) as error:
        if not files.log.exists() or meaning(error, files.ledger).code != "damaged":
            raise
        # The log is not of this state of the ledger: of an earlier one, of another, or torn.
        aside, refused = files.set_aside(files.log), error
        con = None
    try:
        if con is None:
            con = _opened(files.ledger)
        if known is not None and not _holds(con, *known):
            con.close()
            raise StoreUnavailable("ledger-behind", path=str(files.ledger), **_places(files))
    except (duckdb.Error, StoreUnavailable):
        if aside is None or refused is None:
            raise
        # Without its log the ledger is no better; both stay as they are.
        os.rename(aside, files.log)
        raise refused from None
    return con


def _opened(file: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(str(file), config=dict(STORAGE))
    try:
        check_length(con, file)
    except BaseException:
        con.close()
        raise
    return con


def _played_back(files: Folder) -> duckdb.DuckDBPyConnection:
    if not files.log.exists():
        return _opened(files.ledger)
    con = duckdb.connect(str(files.ledger), config=dict(STORAGE))
    try:
        # Said so, a full disk is an error; when it closes the file, the engine says nothing.
        con.execute("CHECKPOINT")
        check_length(con, files.ledger)
    except BaseException:
        con.close()
        raise
    if not files.log.exists():
        return con
    con.close()
    files.set_aside(files.log)  # There was nothing in it that the engine could read.
    return _opened(files.ledger)


def _holds(con: duckdb.DuckDBPyConnection, seq: int, hash_: str) -> bool:
    try:
        return con.execute("FROM ledger WHERE seq = ? AND hash = ?", [seq, hash_]).fetchone() is not None
    except duckdb.CatalogException:
        return False
