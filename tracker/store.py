"""The embedded store: a folder with the ledger, a lock, and the published read-only file.

A writer locks, opens, runs one transaction, closes, publishes a copy by replacing the old
one, and unlocks. Readers open only the published file, so they never meet a lock. Only
this module and `tracker.recovery` open a store for writing.
"""

from __future__ import annotations

import datetime as dt
import errno
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import duckdb

from tracker import admission, config, ledger, locking, projections, recovery
from tracker.errors import StoreUnavailable, VerificationFailed
from tracker.faults import engine_errors, meaning
from tracker.folder import MAKING, Folder, passing
from tracker.generations import Generations, Outdated
from tracker.ledger import Draft, Entry
from tracker.terms import Door

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

    def own_files(self) -> tuple[Path, ...]:
        """What belongs to the store and is nobody else's to write."""
        return (self.ledger_file, self.published, self._files.log, self._files.lock)

    def now(self) -> dt.datetime:
        """Now, by the clock of this store (UTC, without zone)."""
        return self._clock()

    # Reading

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor on one published state; the state stays the same until it is given back."""
        with engine_errors(self.published, denied="unreachable"):
            self._heal()
            cursor = self._cursor()
        try:
            with engine_errors(self.published, ours_only=True):
                yield cursor
        finally:
            cursor.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        try:
            return self._generations.cursor()
        except Outdated:
            self.create()
        except (duckdb.Error, StoreUnavailable) as error:
            if meaning(error, self.published).code != "damaged" or not self.ledger_file.exists():
                raise
            self._heal(damaged=True)
        return self._generations.cursor()

    def release(self) -> None:
        """Let go of the published state; the next reader opens it again."""
        self._generations.release()

    def _heal(self, *, damaged: bool = False) -> None:
        """Publish what a writer that died between commit and publication left behind.

        Or, for a published file that is damaged, publish what is in the ledger.
        """
        if not damaged and self._files.is_settled():
            return
        wait = None if self.published.exists() and not damaged else config.lock_seconds()
        try:
            with engine_errors(self.ledger_file), locking.held(self._files.lock, wait):
                if damaged or not self._files.is_settled():
                    recovery.settle(self._files, self._clock())
        except StoreUnavailable as error:
            # Somebody is writing and will publish, or there is no right or room to publish
            # here; whatever was acknowledged is in the published file.
            if error.code == "damaged" or not self.published.exists():
                raise

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
                with locking.held(self._files.lock, config.lock_seconds()):
                    if self._files.is_stale():
                        recovery.settle(self._files, self._clock())
                    if self.ledger_file.exists() and not recovery.are_alike(self._files):
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

        return self._write(
            lambda con: _record(con, drafts, actor, self._clock(), key, door, merge), name=actor
        )

    @contextmanager
    def rehearsing(
        self, drafts: Sequence[Draft], *, actor: str, merge: bool = False
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
        """Lend two states: the published one, and a copy of it with these drafts recorded.

        Needs no right to write to the store and takes no lock. Raises what `append` raises.
        """
        with self._rehearsal(
            lambda con: _record(con, drafts, actor, self._clock(), None, merge=merge)
        ) as states:
            yield states

    @contextmanager
    def rehearsing_adoption(
        self, entries: Sequence[Entry]
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
        """The same with entries of another ledger taken over. Raises what `adopt` raises."""
        ledger.verify(entries)
        with self._rehearsal(lambda con: _adopt(con, entries, self.folder)) as states:
            yield states

    @contextmanager
    def _rehearsal(
        self, work: Callable[[duckdb.DuckDBPyConnection], object]
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
        with tempfile.TemporaryDirectory(prefix="tracker-") as folder, ExitStack() as states:
            copy = Path(folder) / "rehearsal.duckdb"
            states.enter_context(engine_errors(copy))
            while True:
                with ExitStack() as opened:
                    before = opened.enter_context(self.reading())
                    shutil.copyfile(self.published, copy)
                    after = opened.enter_context(duckdb.connect(str(copy), config=dict(recovery.STORAGE)))
                    # Somebody may have published between the two.
                    if ledger.head(before) == ledger.head(after):
                        states.push(opened.pop_all())
                        break
            work(after)
            yield before, after

    def adopt(self, entries: Sequence[Entry]) -> int:
        """Take over sealed entries that continue this ledger; return how many were new.

        Raises `VerificationFailed` when they do not form a chain, or with code `diverged`
        when this ledger holds something else.
        """
        ledger.verify(entries)
        return self._write(lambda con: _adopt(con, entries, self.folder))

    def take(self, whole: Path) -> Path | None:
        """Put a folder with a ledger and its published copy in the place of what this store has.

        All or nothing: what was begun when the process is killed is finished by the next
        reader or writer. Returns the folder in which what it replaces is kept, if anything.
        """
        with (
            engine_errors(self.ledger_file),
            locking.held(self._files.lock, config.lock_seconds()),
        ):
            self._files.complete()
            self._files.sweep()
            self._files.begin(whole)
            return self._files.complete()

    def create(self) -> None:
        """Make the folder and an empty store in it; bring an older store up to date."""
        self._write(lambda con: None)

    def _write(self, work: Callable[[duckdb.DuckDBPyConnection], T], name: str | None = None) -> T:
        with engine_errors(self.ledger_file):
            self.folder.mkdir(parents=True, exist_ok=True)
            with locking.held(self._files.lock, config.lock_seconds(), name=name):
                self._files.sweep()
                self._files.check_room()
                if not self.exists():
                    return self._make(work)
                result = self._committed(self._files, work)
                try:
                    self._files.publish()
                except (StoreUnavailable, OSError) as error:
                    raise StoreUnavailable("unpublished", path=str(self.folder)) from error
                return result

    def _make(self, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """Make a store with a first write in it. If that is refused, or killed, there is none."""
        with passing(self.folder, MAKING) as folder:
            whole = Folder(folder / "whole")
            whole.path.mkdir()
            result = self._committed(whole, work)
            whole.publish()
            self._files.begin(whole.path)
            self._files.complete()
            return result

    def _committed(self, files: Folder, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        con = recovery.open_ledger(files, self._clock())
        try:
            con.execute("BEGIN")
            result = work(con)
            con.execute("COMMIT")
        except BaseException:
            _rollback(con)
            con.close()
            raise
        with suppress(duckdb.Error):
            con.close()  # What it could not fold into the file stays beside it, and is not published.
        return result


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


def _adopt(con: duckdb.DuckDBPyConnection, entries: Sequence[Entry], folder: Path) -> int:
    """Enter what continues the ledger of this connection, batch by batch; return how many entries."""
    head = ledger.head(con)
    seen = head.seq if head else 0
    if head is not None and (len(entries) < seen or entries[seen - 1].hash != head.hash):
        if len(entries) < seen and _holds(con, entries):
            return 0
        raise VerificationFailed("diverged", path=str(folder), entries=seen)
    start = seen
    while start < len(entries):
        stop = start
        while stop < len(entries) and entries[stop].recorded_at == entries[start].recorded_at:
            stop += 1
        admission.admit(con, entries[start:stop])
        projections.project(con, entries[start].seq, entries[stop - 1].seq)
        start = stop
    return len(entries) - seen


def _holds(con: duckdb.DuckDBPyConnection, entries: Sequence[Entry]) -> bool:
    if not entries:
        return True
    last = next(ledger.read(con, "seq = ?", entries[-1].seq), None)
    return last is not None and last.hash == entries[-1].hash


def _rollback(con: duckdb.DuckDBPyConnection) -> None:
    # The first error says what went wrong; a dead transaction has nothing to add.
    with suppress(duckdb.Error):
        con.execute("ROLLBACK")
