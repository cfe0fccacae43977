"""A store as one file: taken while it is in use, proved before it is put back.

A backup is a copy of the published file, which holds everything and is never changed in
place; the ledger and the engine's log of it are never copied while somebody may write.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from tracker import ledger, recovery, schema, verification
from tracker.errors import BadFile, Refused, StoreUnavailable
from tracker.faults import check_length, engine_errors, meaning
from tracker.folder import BACKUP, MAKING, passing, replace, sweep, sync

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tracker.queries import Row
    from tracker.store import Store


def write(store: Store, path: Path, *, overwrite: bool = False) -> Row:
    """Write all that readers see to one file, whole or not at all; return what it holds.

    That is `file`, `entries`, `head_hash` and `schema_version`, as read from the written
    file. Raises `Refused` for a file that is there, unless told to replace it, and for one
    of the store's own.
    """
    path = path.absolute()
    if path.resolve() in {file.resolve() for file in store.own_files()}:
        raise Refused("own-file", path=str(path))
    if path.exists() and not overwrite:
        raise Refused("file-exists", path=str(path))
    if _log(path).exists():
        raise Refused("log-beside", path=str(path), log=str(_log(path)))
    with store.reading():
        pass  # What a dead writer left is published now.
    try:
        sweep(path.parent, BACKUP)
        with passing(path.parent, BACKUP) as folder:
            copy = folder / "backup.duckdb"
            shutil.copyfile(store.published, copy)
            sync(copy)
            with engine_errors(store.published), duckdb.connect(str(copy), read_only=True) as con:
                check_length(con, copy)
                told = _told(con)
            os.replace(copy, path)
            sync(path.parent)
    except OSError as error:
        raise StoreUnavailable("unwritable", path=str(path), detail=error.strerror) from error
    return {"file": str(path), **told}


def restore(store: Store, path: Path, *, overwrite: bool = False) -> Row:
    """Put a backup in the place of a store, whole or not at all; return what the store holds then.

    That is `store`, `entries`, `head_hash`, `schema_version`, and `replaced`: the folder in
    which the files are kept that were there before, or None. The backup is proved first:
    its chain, and that everything else follows from it. One of an earlier version is
    brought up to date; one of a later version is refused with `StoreUnavailable`. Raises
    `Refused` for a store that is there, unless told to replace it, `BadFile` for a file
    that is no backup, and `VerificationFailed` for one that was altered.
    """
    if not path.is_file():
        raise BadFile("no-file", path=str(path))
    if _log(path).exists():
        raise BadFile("backup-with-log", path=str(path), log=str(_log(path)))
    if store.exists() and not overwrite:
        raise Refused("restore-exists", path=str(store.folder))
    is_new = not store.folder.exists()
    try:
        with engine_errors(store.folder):
            store.folder.mkdir(parents=True, exist_ok=True)
            with passing(store.folder, MAKING) as folder:
                whole = folder / "whole"
                whole.mkdir()
                told = _prepare(store, path, whole)
                kept = store.take(whole)
    except BaseException:
        if is_new:
            with suppress(OSError):
                store.folder.rmdir()
        raise
    store.release()
    return {"store": str(store.folder), **told, "replaced": str(kept) if kept else None}


def _prepare(store: Store, path: Path, whole: Path) -> dict[str, Any]:
    """Make both files of a store from a backup, in a folder, if it holds; return what they hold."""
    file = whole / store.ledger_file.name
    try:
        shutil.copyfile(path, file)
    except PermissionError as error:
        raise BadFile("unreadable", path=str(path), detail=error.strerror) from error
    try:
        with duckdb.connect(str(file), config=dict(recovery.STORAGE)) as con:
            check_length(con, file)
            con.execute("SELECT 1 FROM ledger LIMIT 1")
            schema.migrate(con, store.now())
            verification.verify(con, store.now())
            told = _told(con)
    except (duckdb.Error, StoreUnavailable) as error:
        fault = meaning(error, path)
        if fault.code != "damaged":
            raise
        detail = str(fault.facts["detail"]).replace(str(file), str(path))
        raise BadFile("not-backup", path=str(path), detail=detail) from error
    sync(file)
    replace(file, whole / store.published.name, mode=0o444)
    return told


def _told(con: DuckDBPyConnection) -> dict[str, Any]:
    """What a file holds. Every line of its ledger is read."""
    row = con.execute("SELECT count(*), bit_xor(hash(entry)) FROM ledger AS entry").fetchone()
    assert row is not None
    head = ledger.head(con)
    return {
        "entries": row[0],
        "head_hash": head.hash if head else None,
        "schema_version": schema.version(con),
    }


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")
