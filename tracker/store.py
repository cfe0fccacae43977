"""The embedded store: a folder with the ledger, a lock, and the published read-only file.

A writer locks, opens, runs one transaction, closes, publishes a copy by replacing the old
one, and unlocks. Readers open only the published file, so they never meet a lock. This is
the only module that opens a database for writing.
"""

from __future__ import annotations

import datetime as dt
import errno
import filecmp
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from tracker import admission, config, ledger, locking, projections, schema
from tracker.errors import StoreUnavailable, VerificationFailed
from tracker.ledger import Draft, Entry

# Plain DuckDB 1.5 clients must be able to read what we publish, and this storage version
# refuses a write-ahead log that does not belong to the file.
STORAGE = {"storage_compatibility_version": "v1.5.0"}

BULK = 1000
"""Drafts from which on a batch is worth more than one thread."""
ROOM = 2 * 2**20
"""Bytes that a write may need beside the copy of the ledger."""

T = TypeVar("T")


def utc_now() -> dt.datetime:
    """Now, UTC, without zone: the form in which times are recorded."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class _Generation:
    """One published state, held open. Its file lives on while anybody reads it."""

    file: tuple[int, int]
    """Inode and time of change; the system gives the inode of a file that is gone to another."""
    connection: duckdb.DuckDBPyConnection


class _Outdated(Exception):
    """The published file is of an earlier schema version."""


class Store:
    """One store folder. Safe to share between threads; cheap to create, opens on first use."""

    def __init__(self, folder: Path, *, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self.folder = folder.absolute()
        self.ledger_file = self.folder / "ledger.duckdb"
        self.published = self.folder / "commitments.duckdb"
        self._log = self.folder / "ledger.duckdb.wal"
        self._lock_file = self.folder / "store.lock"
        self._clock = clock
        self._generation: _Generation | None = None
        self._generation_lock = threading.Lock()

    def exists(self) -> bool:
        """Whether the folder holds a store."""
        return self.ledger_file.exists() or self.published.exists()

    def now(self) -> dt.datetime:
        """Now, by the clock of this store (UTC, without zone)."""
        return self._clock()

    # Reading

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor on one published state; the state stays the same until it is given back."""
        with engine_errors(self.published):
            self._heal()
            try:
                cursor = self._open_generation().cursor()
            except _Outdated:
                self.create()
                cursor = self._open_generation().cursor()
        try:
            with engine_errors(self.published, ours_only=True):
                yield cursor
        finally:
            cursor.close()

    def release(self) -> None:
        """Let go of the published state; the next reader opens it again."""
        with self._generation_lock:
            self._generation = None

    def _open_generation(self) -> duckdb.DuckDBPyConnection:
        with self._generation_lock:
            now = self.published.stat()
            file = (now.st_ino, now.st_mtime_ns)
            if self._generation is None or self._generation.file != file:
                self._generation = _Generation(file, self._connect_published())
            return self._generation.connection

    def _connect_published(self) -> duckdb.DuckDBPyConnection:
        # Within a process DuckDB shares one instance per path and would go on showing the
        # old state while anybody still reads it; a link of its own gives each state a path.
        try:
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=".reader-") as folder:
                link = Path(folder) / "commitments.duckdb"
                os.link(self.published, link)
                return _checked(duckdb.connect(str(link), read_only=True))
        except OSError:
            # A folder of somebody else's, or a file system without links: a copy has a path too.
            with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
                copy = Path(folder) / "commitments.duckdb"
                shutil.copyfile(self.published, copy)
                return _checked(duckdb.connect(str(copy), read_only=True))

    def _heal(self) -> None:
        """Publish what a writer that died between commit and publication left behind."""
        if not self._stale():
            return
        wait = None if self.published.exists() else config.lock_seconds()
        try:
            with engine_errors(self.ledger_file), locking.held(self._lock_file, timeout=wait):
                self._catch_up()
        except StoreUnavailable as error:
            # Somebody is writing and will publish, or there is no right or room to publish
            # here; whatever was acknowledged is in the published file.
            if error.code == "damaged" or not self.published.exists():
                raise

    def _catch_up(self) -> None:
        if self._stale():
            self._open_ledger().close()
            self._publish()

    def compare(self) -> None:
        """Compare the ledger with what is published, which is a copy of it, byte for byte.

        Raises `VerificationFailed` when they differ. Where there is no right to lock the
        store there is none to read a ledger that somebody may be writing; then nothing is
        compared.
        """
        if not self.exists():
            raise StoreUnavailable("no-store", path=str(self.folder))
        with engine_errors(self.ledger_file):
            try:
                with locking.held(self._lock_file, timeout=config.lock_seconds()):
                    self._catch_up()
                    filecmp.clear_cache()  # It would trust times of change, which can be set.
                    if self.ledger_file.exists() and not filecmp.cmp(
                        self.ledger_file, self.published, shallow=False
                    ):
                        raise VerificationFailed("copies-differ", path=str(self.ledger_file))
            except StoreUnavailable as error:
                if error.code != "read-only":
                    raise
            except OSError as error:
                if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
                    raise

    def _stale(self) -> bool:
        if not self.ledger_file.exists():
            if not self.published.exists():
                raise StoreUnavailable("no-store", path=str(self.folder))
            return False
        return (
            self._log.exists()
            or not self.published.exists()
            or self.ledger_file.stat().st_mtime_ns > self.published.stat().st_mtime_ns
        )

    # Writing

    def append(self, drafts: Sequence[Draft], *, actor: str, key: str | None = None) -> list[Entry]:
        """Record drafts as one batch, project them and publish; return the ledger entries.

        Raises `StaleVersion`, `Invalid`, `UnknownId`, `Refused` or `StoreUnavailable`;
        then nothing was changed, but for code `unpublished`: then it is recorded, and
        readers will see it as soon as it can be published.
        """

        return self._write(lambda con: _record(con, drafts, actor, self._clock(), key))

    @contextmanager
    def rehearsing(
        self, drafts: Sequence[Draft], *, actor: str
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
        """Lend two states: the published one, and a copy of it with these drafts recorded.

        Needs no right to write to the store and takes no lock. Raises what `append` raises.
        """
        with self.reading() as before, tempfile.TemporaryDirectory(prefix="tracker-") as folder:
            copy = Path(folder) / "rehearsal.duckdb"
            with engine_errors(copy):
                shutil.copyfile(self.published, copy)
                with duckdb.connect(str(copy), config=dict(STORAGE)) as after:
                    _record(after, drafts, actor, self._clock(), None)
                    yield before, after

    def adopt(self, entries: Sequence[Entry]) -> int:
        """Take over sealed entries that continue this ledger; return how many were new.

        Raises `VerificationFailed` when they do not form a chain, or with code `diverged`
        when this ledger holds something else.
        """
        ledger.verify(entries)

        def write(con: duckdb.DuckDBPyConnection) -> int:
            head = ledger.head(con)
            seen = head.seq if head else 0
            if head is not None and (len(entries) < seen or entries[seen - 1].hash != head.hash):
                if len(entries) < seen and _holds(con, entries):
                    return 0
                raise VerificationFailed("diverged", path=str(self.folder), entries=seen)
            start = seen
            while start < len(entries):
                stop = start
                while stop < len(entries) and entries[stop].recorded_at == entries[start].recorded_at:
                    stop += 1
                admission.admit(con, entries[start:stop])
                projections.project(con, entries[start].seq, entries[stop - 1].seq)
                start = stop
            return len(entries) - seen

        return self._write(write)

    def create(self) -> None:
        """Make the folder and an empty store in it; bring an older store up to date."""
        self._write(lambda con: None)

    def _write(self, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        with engine_errors(self.ledger_file):
            self.folder.mkdir(parents=True, exist_ok=True)
            with locking.held(self._lock_file, timeout=config.lock_seconds()):
                is_new = not self.exists()
                self._check_room()
                con = self._open_ledger()
                try:
                    con.execute("BEGIN")
                    result = work(con)
                    con.execute("COMMIT")
                except BaseException:
                    _rollback(con)
                    con.close()
                    if is_new:
                        # A first write that is refused makes no store.
                        self._log.unlink(missing_ok=True)
                        self.ledger_file.unlink(missing_ok=True)
                    raise
                try:
                    con.close()
                    self._publish()
                except (StoreUnavailable, duckdb.Error, OSError) as error:
                    raise StoreUnavailable("unpublished", path=str(self.folder)) from error
                return result

    def _open_ledger(self) -> duckdb.DuckDBPyConnection:
        if not os.access(self.folder, os.W_OK):
            raise StoreUnavailable("read-only", path=str(self.folder))
        if self.published.exists() and not (self.ledger_file.exists() and self.ledger_file.stat().st_size):
            # The engine would begin an empty ledger, and the last copy would be overwritten.
            self._copy(self.published, self.ledger_file)
        crashed = self._log.exists()
        con = duckdb.connect(str(self.ledger_file), config=dict(STORAGE))
        try:
            if not crashed:
                _check_length(con, self.ledger_file)
            schema.migrate(con, self._clock())
        except BaseException:
            con.close()
            raise
        return con

    def _check_room(self) -> None:
        """What is written must also find room to be published."""
        size = self.ledger_file.stat().st_size if self.ledger_file.exists() else 0
        if shutil.disk_usage(self.folder).free < size + ROOM:
            raise StoreUnavailable("disk-full", path=str(self.folder))

    def _publish(self) -> None:
        """Put a copy of the closed ledger file in the place readers look at, all or nothing."""
        if self._log.exists():
            # Only a disk without room keeps the engine from folding its log into the file.
            raise StoreUnavailable("disk-full", path=str(self.folder))
        # Read-only keeps a plain client from opening it for writing and losing its edits.
        self._copy(self.ledger_file, self.published, mode=0o444)

    def _copy(self, file: Path, place: Path, mode: int = 0o644) -> None:
        """Copy a closed database file to a place, durably, and whole or not at all."""
        fresh = self.folder / f".{place.name}.new"
        fresh.unlink(missing_ok=True)
        try:
            shutil.copyfile(file, fresh)
            with fresh.open("rb") as copied:
                os.fsync(copied.fileno())
            fresh.chmod(mode)
            os.replace(fresh, place)
        finally:
            fresh.unlink(missing_ok=True)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _record(
    con: duckdb.DuckDBPyConnection,
    drafts: Sequence[Draft],
    actor: str,
    now: dt.datetime,
    key: str | None,
) -> list[Entry]:
    if len(drafts) < BULK:
        # Waking threads for statements over a few rows costs a third of a write.
        con.execute("SET threads = 1")
    before = ledger.head(con)
    entries = admission.append(con, drafts, actor=actor, now=now, key=key)
    if entries and (before is None or entries[0].seq > before.seq):
        projections.project(con, entries[0].seq, entries[-1].seq)
    return entries


def _check_length(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """The engine opens a file that was cut short, and we would publish it over a whole one."""
    row = con.execute("SELECT block_size * used_blocks FROM pragma_database_size()").fetchone()
    assert row is not None
    if file.stat().st_size < row[0]:
        raise StoreUnavailable("damaged", path=str(file), detail="cut short")


def _checked(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    try:
        if schema.standing(con) == "current":
            return con
    except StoreUnavailable:
        con.close()
        raise
    con.close()
    raise _Outdated


def _holds(con: duckdb.DuckDBPyConnection, entries: Sequence[Entry]) -> bool:
    if not entries:
        return True
    last = next(ledger.read(con, "seq = ?", entries[-1].seq), None)
    return last is not None and last.hash == entries[-1].hash


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    # The first error says what went wrong; a dead transaction has nothing to add.
    with suppress(duckdb.Error):
        con.execute("ROLLBACK")


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
