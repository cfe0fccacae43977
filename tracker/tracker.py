"""The front door for Python: open a store, ask it, write to it."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from tracker import config, holdings, queries
from tracker.ledger import Draft, Entry
from tracker.store import Store
from tracker.terms import Entity

if TYPE_CHECKING:
    import pyarrow as pa

    from tracker.facts import Facts
    from tracker.models import StatusEvent, Thing
    from tracker.queries import Row


class Imported(NamedTuple):
    """What an import of a facts file did: ledger entries made, and things left as others made them."""

    entries: int
    kept: tuple[str, ...]


class Tracker:
    """A tracker on one store. Use it as a context manager, or keep it; it holds no lock.

    Every failure of the data or the store is a member of `tracker.errors.TrackerError`.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    @classmethod
    def open(cls, store: str | Path | None = None) -> Self:
        """Open a store folder, by default the one of `TRACKER_STORE` or the user's own.

        A folder that holds no store gets one, filled with the data set that ships with
        the package.
        """
        opened = Store(Path(store).expanduser() if store is not None else config.default_store())
        if not opened.exists():
            fill(opened, config.seed())
        return cls(opened)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.store.release()

    # Asking

    def commitments(self, **filters: Any) -> list[Row]:
        """Commitments as they stand, one mapping per row of the SQL view `commitments`.

        Filters are those of `tracker.queries.commitments`: `status`, `stage`, `kind`,
        `pillar`, `schedule`, `disputed`, `search`, `as_of`, `known_on`.
        """
        with self.store.reading() as con:
            return queries.commitments(con, **filters)

    def commitment(self, commitment_id: str, *, as_of: dt.date | None = None) -> Row:
        """One commitment. Raises `UnknownId`."""
        with self.store.reading() as con:
            return queries.commitment(con, commitment_id, as_of=as_of)

    def history(self, commitment_id: str) -> list[Row]:
        """Its events in order of happening, each with its evidence. Raises `UnknownId`."""
        with self.store.reading() as con:
            queries.commitment(con, commitment_id)
            return queries.history(con, commitment_id)

    def sql(self, text: str, *, limit: int | None = None) -> pa.Table:
        """The answer to one read-only statement, as an Arrow table. Raises `QueryRefused`."""
        from tracker import sql

        return sql.run(self.store, text, limit=limit).table

    def info(self) -> Row:
        """Where the store is, what it holds, and the hash of its newest entry."""
        with self.store.reading() as con:
            return {
                "store": str(self.store.folder),
                "published": str(self.store.published),
                **queries.info(con),
            }

    # Writing

    def record(
        self,
        event: StatusEvent,
        *,
        expect_version: int | None = None,
        by: str | None = None,
        sources: Sequence[Thing] = (),
        key: str | None = None,
    ) -> int:
        """Record that a commitment reached a stage; return its new version.

        `sources` are new sources that the event cites; they are entered in the same batch.
        `key` makes a retry land once. Raises `StaleVersion` when `expect_version` is no
        longer the newest.
        """
        drafts = [Draft.add(s) for s in sources] + [Draft.event(event, expect_version)]
        return self._append(drafts, by, key)[-1].version

    def add(self, *things: Thing, by: str | None = None, key: str | None = None) -> list[Entry]:
        """Enter new things: sources, agreements, commitments, checks, disputes."""
        return self._append([Draft.add(t) for t in things], by, key)

    def revise(
        self,
        thing: Thing,
        *,
        expect_version: int | None = None,
        by: str | None = None,
        key: str | None = None,
    ) -> int:
        """Replace the content of a known thing; return its new version."""
        return self._append([Draft.revise(thing, expect_version)], by, key)[-1].version

    def _append(self, drafts: Sequence[Draft], by: str | None, key: str | None) -> list[Entry]:
        return self.store.append(drafts, actor=by if by is not None else getpass.getuser(), key=key)

    # Carrying

    def export(self, path: str | Path) -> int:
        """Write the whole data set to one Parquet file; return its number of rows."""
        from tracker import exchange

        with self.store.reading() as con:
            return exchange.write(con, Path(path))

    def import_facts(self, facts: Facts, *, by: str) -> Imported:
        """Enter what is new in a facts file and revise what it says differently.

        What somebody else than `by` has revised since is kept as they left it and named.
        A file that is already in makes no entries.
        """
        known: dict[tuple[str, str], tuple[int, str, str]] = {}
        told: dict[str, set[str]] = {}
        if self.store.exists():
            with self.store.reading() as con:
                known, told = holdings.contents(con), holdings.event_payloads(con)
        drafts, kept = _differences(facts, known, told, by)
        entries = self.store.append(drafts, actor=by) if drafts else []
        return Imported(len(entries), tuple(kept))

    def stored(self, facts: Facts) -> dict[str, int]:
        """How much of a facts file the store holds, counted in the store, by entity."""
        from tracker.ledger import canonical

        things = [(t.entity.value, t.id) for t in facts.things]
        events = [(e.commitment_id, canonical(e.model_dump(mode="json"))) for e in facts.events]
        with self.store.reading() as con:
            return holdings.stored(con, things, events)

    def import_export(self, path: str | Path) -> int:
        """Take over an exported file that continues this store; return the entries that were new."""
        from tracker import exchange

        return self.store.adopt(exchange.read(Path(path)))

    def verify(self) -> dict[str, int]:
        """Walk the hash chain, rebuild every table from the ledger and compare.

        Also compares the ledger with its published copy. Returns the rows of what was
        compared. Raises `VerificationFailed`.
        """
        from tracker import verification

        self.store.compare()
        with self.store.reading() as con:
            return verification.verify(con)


def fill(store: Store, seed: Path) -> int:
    """Make a store and fill it from an exported file; return the number of entries."""
    from tracker import exchange

    return store.adopt(exchange.read(seed))


def _differences(
    facts: Facts,
    contents: dict[tuple[str, str], tuple[int, str, str]],
    told: dict[str, set[str]],
    by: str,
) -> tuple[list[Draft], list[str]]:
    """The drafts that bring a store to what a facts file says, and what others changed since."""
    from tracker.ledger import canonical

    drafts: list[Draft] = []
    kept: list[str] = []
    for thing in facts.things:
        known = contents.get((thing.entity, thing.id))
        if known is None:
            drafts.append(Draft.add(thing))
        elif known[1] != canonical(thing.model_dump(mode="json")):
            if known[2] == by:
                drafts.append(Draft.revise(thing, known[0]))
            else:
                kept.append(f"{thing.entity} {thing.id}")
    for event in facts.events:
        if canonical(event.model_dump(mode="json")) not in told.get(event.commitment_id, ()):
            known = contents.get((Entity.COMMITMENT, event.commitment_id))
            drafts.append(Draft.event(event, known[0] if known else None))
    return drafts, kept
