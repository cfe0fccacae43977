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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import duckdb

from tracker import admission, config, ledger, locking, projections, schema
from tracker.errors import StoreUnavailable, VerificationFailed
from tracker.faults import engine_errors
from tracker.folder import Folder
from tracker.generations import Generations, Outdated
from tracker.ledger import Draft, Entry
from tracker.terms import Door

# Plain DuckDB 1.5 clients must be able to read what we publish, and this storage version
# refuses a write-ahead log that does not belong to the file.
STORAGE = {"storage_compatibility_version": "v1.5.0"}

BULK = 1000
"""Drafts from which on a batch is worth more than one thread."""

T = TypeVar("T")


def utc_now() -> dt.datetime:
    """Now, UTC, without zone: the form in which times are recorded."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class Store:
    """One store folder. Safe to share between threads; cheap to create, opens on first use."""

    def __init__(self, folder: Path, *, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self._files = Folder(folder)
        self.folder = self._files.path
        self.ledger_file = self._files.ledger
        self.published = self._files.published
        self._clock = clock
        self._generations = Generations(self.published)

    def exists(self) -> bool:
        """Whether the folder holds a store."""
        return self._files.exists()

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
                cursor = self._generations.cursor()
            except Outdated:
                self.create()
                cursor = self._generations.cursor()
        try:
            with engine_errors(self.published, ours_only=True):
                yield cursor
        finally:
            cursor.close()

    def release(self) -> None:
        """Let go of the published state; the next reader opens it again."""
        self._generations.release()

    def _heal(self) -> None:
        """Publish what a writer that died between commit and publication left behind."""
        if not self._files.is_stale():
            return
        wait = None if self.published.exists() else config.lock_seconds()
        try:
            with engine_errors(self.ledger_file), locking.held(self._files.lock, timeout=wait):
                self._catch_up()
        except StoreUnavailable as error:
            # Somebody is writing and will publish, or there is no right or room to publish
            # here; whatever was acknowledged is in the published file.
            if error.code == "damaged" or not self.published.exists():
                raise

    def _catch_up(self) -> None:
        if self._files.is_stale():
            self._open_ledger().close()
            self._files.publish()

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
                with locking.held(self._files.lock, timeout=config.lock_seconds()):
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

    # Writing

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        actor: str,
        key: str | None = None,
        door: Door = Door.PYTHON,
        merge: bool = False,
    ) -> list[Entry]:
        """Record drafts as one batch, project them and publish; return the ledger entries.

        With `merge`, a draft whose author did not see the newest version is put on top of it
        where the two do not touch the same (see `tracker.merging`).

        Raises `StaleVersion`, `Invalid`, `UnknownId`, `Refused` or `StoreUnavailable`;
        then nothing was changed, but for code `unpublished`: then it is recorded, and
        readers will see it as soon as it can be published.
        """

        return self._write(lambda con: _record(con, drafts, actor, self._clock(), key, door, merge))

    @contextmanager
    def rehearsing(
        self, drafts: Sequence[Draft], *, actor: str, merge: bool = False
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
        """Lend two states: the published one, and a copy of it with these drafts recorded.

        Needs no right to write to the store and takes no lock. Raises what `append` raises.
        """
        with self.reading() as before, tempfile.TemporaryDirectory(prefix="tracker-") as folder:
            copy = Path(folder) / "rehearsal.duckdb"
            with engine_errors(copy):
                shutil.copyfile(self.published, copy)
                with duckdb.connect(str(copy), config=dict(STORAGE)) as after:
                    _record(after, drafts, actor, self._clock(), None, merge=merge)
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
            with locking.held(self._files.lock, timeout=config.lock_seconds()):
                is_new = not self.exists()
                self._files.check_room()
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
                        self._files.log.unlink(missing_ok=True)
                        self.ledger_file.unlink(missing_ok=True)
                    raise
                try:
                    con.close()
                    self._files.publish()
                except (StoreUnavailable, duckdb.Error, OSError) as error:
                    raise StoreUnavailable("unpublished", path=str(self.folder)) from error
                return result

    def _open_ledger(self) -> duckdb.DuckDBPyConnection:
        if not os.access(self.folder, os.W_OK):
            raise StoreUnavailable("read-only", path=str(self.folder))
        self._files.recover()
        crashed = self._files.log.exists()
        con = duckdb.connect(str(self.ledger_file), config=dict(STORAGE))
        try:
            if not crashed:
                _check_length(con, self.ledger_file)
            schema.migrate(con, self._clock())
        except BaseException:
            con.close()
            raise
        return con


def _record(
    con: duckdb.DuckDBPyConnection,
    drafts: Sequence[Draft],
    actor: str,
    now: dt.datetime,
    key: str | None,
    door: Door = Door.PYTHON,
    merge: bool = False,
) -> list[Entry]:
    if len(drafts) < BULK:
        # Waking threads for statements over a few rows costs a third of a write.
        con.execute("SET threads = 1")
    before = ledger.head(con)
    entries = admission.append(con, drafts, actor=actor, now=now, key=key, door=door, merge=merge)
    if entries and (before is None or entries[0].seq > before.seq):
        projections.project(con, entries[0].seq, entries[-1].seq)
    return entries


def _check_length(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """The engine opens a file that was cut short, and we would publish it over a whole one."""
    row = con.execute("SELECT block_size * used_blocks FROM pragma_database_size()").fetchone()
    assert row is not None
    if file.stat().st_size < row[0]:
        raise StoreUnavailable("damaged", path=str(file), detail="cut short")


def _holds(con: duckdb.DuckDBPyConnection, entries: Sequence[Entry]) -> bool:
    if not entries:
        return True
    last = next(ledger.read(con, "seq = ?", entries[-1].seq), None)
    return last is not None and last.hash == entries[-1].hash


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    # The first error says what went wrong; a dead transaction has nothing to add.
    with suppress(duckdb.Error):
        con.execute("ROLLBACK")
