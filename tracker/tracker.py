"""The front door for Python: open a store, ask it, write to it."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from tracker import approval, config, holdings, inventory, moves, queries
from tracker.clocks import At
from tracker.errors import Invalid, Problem
from tracker.ledger import Draft, Entry
from tracker.store import Store
from tracker.terms import Door, Entity

if TYPE_CHECKING:
    import pyarrow as pa

    from tracker.facts import Facts
    from tracker.models import StatusEvent, Thing
    from tracker.moves import Move
    from tracker.queries import Row
    from tracker.quotes import Checked
    from tracker.terms import Stage


class Imported(NamedTuple):
    """What an import of a facts file did: ledger entries made, and things left as others made them."""

    entries: int
    kept: tuple[str, ...]


class Tracker:
    """A tracker on one store. Use it as a context manager, or keep it; it holds no lock.

    Every failure of the data or the store is a member of `tracker.errors.TrackerError`.
    """

    def __init__(self, store: Store, *, door: Door = Door.PYTHON) -> None:
        self.store = store
        self.door = door

    @classmethod
    def open(cls, store: str | Path | None = None, *, door: Door = Door.PYTHON) -> Self:
        """Open a store folder, by default the one of `TRACKER_STORE` or the user's own.

        A folder that holds no store gets one, filled with the data set that ships with
        the package. `door` is what the ledger says of how changes came in.
        """
        opened = Store(Path(store).expanduser() if store is not None else config.default_store())
        if not opened.exists():
            fill(opened, config.seed())
        return cls(opened, door=door)

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
        `pillar`, `party`, `schedule`, `disputed`, `search`, `due`, `as_of`, `known_on`, `sort`.
        """
        with self.store.reading() as con:
            return queries.commitments(con, **filters)

    def commitment(
        self, commitment_id: str, *, as_of: dt.date | None = None, known_on: dt.date | None = None
    ) -> Row:
        """One commitment. Raises `UnknownId`."""
        with self.store.reading() as con:
            return queries.commitment(con, commitment_id, At.of(as_of, known_on))

    def history(
        self, commitment_id: str, *, as_of: dt.date | None = None, known_on: dt.date | None = None
    ) -> list[Row]:
        """Its events in order of happening, each with its evidence. Raises `UnknownId`."""
        at = At.of(as_of, known_on)
        with self.store.reading() as con:
            queries.commitment(con, commitment_id, at)
            return queries.history(con, commitment_id, at)

    def as_of(self, day: dt.date) -> list[Row]:
        """Commitments as they stood on a day, by all that is known now."""
        return self.commitments(as_of=day)

    def as_known(self, day: dt.date, known_at: dt.datetime) -> list[Row]:
        """Commitments as they stood on a day, by what was known at a moment (UTC, without zone)."""
        with self.store.reading() as con:
            return queries.rows(con, "FROM as_known(?, ?) ORDER BY id", [day, known_at])

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
                **inventory.info(con),
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
        merge: bool = False,
    ) -> int:
        """Record that a commitment reached a stage; return its new version.

        `sources` are new sources that the event cites; they are entered in the same batch.
        `key` makes a retry land once. Raises `StaleVersion` when `expect_version` is no
        longer the newest; with `merge` only when others recorded or withdrew an event since,
        or the wording does not fit the event any more.
        """
        drafts = [Draft.add(s) for s in sources] + [Draft.event(event, expect_version)]
        return self.append(drafts, by=by, key=key, merge=merge)[-1].version

    def add(self, *things: Thing, by: str | None = None, key: str | None = None) -> list[Entry]:
        """Enter new things: sources, agreements, commitments, checks, disputes."""
        return self.append([Draft.add(t) for t in things], by=by, key=key)

    def revise(
        self,
        thing: Thing,
        *,
        expect_version: int | None = None,
        by: str | None = None,
        key: str | None = None,
        merge: bool = False,
    ) -> int:
        """Replace the content of a known thing; return its new version.

        With `merge`, `thing` is a revision of `expect_version`, and fields that others revised
        since are kept as they left them. Raises `StaleVersion` when `expect_version` is no
        longer the newest; with `merge` only when both changed the same field (`contested`).
        """
        draft = Draft.revise(thing, expect_version)
        return self.append([draft], by=by, key=key, merge=merge)[-1].version

    def withdraw(
        self,
        entity: Entity,
        entity_id: str,
        *,
        reason: str,
        version: int | None = None,
        undo: bool = False,
        expect_version: int | None = None,
        by: str | None = None,
        key: str | None = None,
        merge: bool = False,
    ) -> int:
        """Take something out of what counts, or with `undo` back in; return its new version.

        A source, check or dispute as a whole, or the event of a commitment that `version`
        names. Everything stays on record. Raises `Refused` when it does not stand (or, with
        `undo`, when it does), `StaleVersion` when `expect_version` is no longer the newest;
        with `merge` only when others have touched the same.
        """
        from tracker.models import Withdrawal

        told = Withdrawal.parse({"version": version, "reason": reason})
        draft = Draft.withdraw(entity, entity_id, told, expect_version, undo=undo)
        return self.append([draft], by=by, key=key, merge=merge)[-1].version

    def code(
        self,
        commitment_id: str,
        version: int,
        stage: Stage | str,
        *,
        note: str | None = None,
        by: str | None = None,
        key: str | None = None,
    ) -> str:
        """Record a second judgement of an event, made without sight of the first; return its identifier.

        Raises `Invalid` when the event does not stand, is the coder's own, or was judged by
        them already.
        """
        from tracker.models import Coding
        from tracker.naming import coding_id

        coding = Coding.parse(
            {
                "id": coding_id(commitment_id, key),
                "commitment_id": commitment_id,
                "event_version": version,
                "stage": stage,
                "note": note,
            }
        )
        self.add(coding, by=by, key=key)
        return coding.id

    def rehearse(self, drafts: Sequence[Draft], *, by: str | None = None, merge: bool = False) -> list[Move]:
        """What would change if these drafts were recorded now; nothing is."""
        with self.store.rehearsing(drafts, actor=_named(by), merge=merge) as (before, after):
            return moves.between(before, after)

    def propose(self, drafts: Sequence[Draft], *, by: str | None = None, key: str | None = None) -> Entry:
        """Ask for changes that count once somebody else approves them; return the proposal's entry.

        Raises what recording them would raise.
        """
        from tracker.models import Change, Proposal
        from tracker.naming import proposal_id

        changes = [
            Change(
                entity=d.entity,
                entity_id=d.entity_id,
                kind=d.kind,
                payload=d.payload,
                expect_version=d.expect_version,
            )
            for d in drafts
        ]
        proposal = Proposal.parse({"id": proposal_id(drafts[-1].entity_id, key), "changes": changes})
        (entry,) = self.store.append([Draft.add(proposal)], actor=_named(by), key=key, door=self.door)
        return entry

    def decide(
        self,
        proposal_id: str,
        *,
        approve: bool,
        reason: str | None = None,
        by: str | None = None,
        key: str | None = None,
    ) -> list[Entry]:
        """Approve a proposal, which records its changes in the name of its author, or decline it.

        Raises `Refused` when it was decided before, or when its author approves it;
        `StaleVersion` when others have touched the same since; `Invalid` when it is declined
        without a reason.
        """
        from tracker.models import Decision

        if not approve and not reason:
            raise Invalid([Problem("reason", "missing")])
        draft = Draft.decide(proposal_id, Decision.parse({"reason": reason}), approve=approve)
        return self.store.append([draft], actor=_named(by), key=key, door=self.door, merge=True)

    def proposals(
        self, *, state: str | None = None, commitment_id: str | None = None, limit: int | None = None
    ) -> list[Row]:
        """Changes that wait for approval or waited, the longest waiting first."""
        with self.store.reading() as con:
            return approval.proposals(con, state=state, commitment_id=commitment_id, limit=limit)

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        by: str | None = None,
        key: str | None = None,
        merge: bool = False,
    ) -> list[Entry]:
        """Record drafts as one batch; return its entries. `by` is the system's user unless told."""
        return self.store.append(drafts, actor=_named(by), key=key, door=self.door, merge=merge)

    # Carrying

    def export(self, path: str | Path, *, release: str | Path | None = None) -> int:
        """Write the whole data set to one Parquet file; return its number of rows.

        `release` is a file beside it that states which data set it is.
        """
        from tracker import exchange
        from tracker import release as releases

        with self.store.reading() as con:
            count = exchange.write(con, Path(path))
            if release is not None:
                releases.write(con, Path(path), Path(release))
            return count

    def backup(self, path: str | Path, *, overwrite: bool = False) -> Row:
        """Write the whole store to one file while it is in use; return what the file holds.

        Any reader of DuckDB files can open it; `Tracker.restore` makes a store of it again.
        Raises `Refused` for a file that is there, unless told to replace it.
        """
        from tracker import backup

        return backup.write(self.store, Path(path), overwrite=overwrite)

    @classmethod
    def restore(cls, path: str | Path, store: str | Path | None = None, *, overwrite: bool = False) -> Self:
        """Put a backup in the place of a store, whole or not at all, and open that.

        The backup is proved before; what it replaces is kept in the store folder. Raises
        `Refused` for a store that is there, unless told to replace it, `BadFile`,
        `VerificationFailed`, or `StoreUnavailable` for a backup of a later version.
        """
        from tracker import backup

        restored = Store(Path(store).expanduser() if store is not None else config.default_store())
        backup.restore(restored, Path(path), overwrite=overwrite)
        return cls(restored)

    def import_facts(self, facts: Facts, *, by: str) -> Imported:
        """Enter what is new in a facts file and revise what it says differently.

        What somebody else than `by` has revised, withdrawn or replaced since is kept as they
        left it and named, and so is what cannot be entered because a source was withdrawn.
        A file that is already in makes no entries.
        """
        from tracker import reconcile

        held = holdings.NOTHING
        if self.store.exists():
            with self.store.reading() as con:
                held = holdings.held(con)
        drafts, kept = reconcile.differences(facts, held, by)
        entries = self.append(drafts, by=by) if drafts else []
        return Imported(len(entries), tuple(kept))

    def stored(self, facts: Facts) -> dict[str, int]:
        """How much of a facts file the store holds, counted in the store, by entity."""
        from tracker.ledger import canonical

        things = [(t.entity.value, t.id) for t in facts.things]
        events = [(e.commitment_id, canonical(e.model_dump(mode="json"))) for e in facts.events]
        translations = [(t.entity.value, t.id, t.translation.language) for t in facts.translations]
        with self.store.reading() as con:
            return holdings.stored(con, things, events, translations)

    def import_export(self, path: str | Path) -> int:
        """Take over an exported file that continues this store; return the entries that were new."""
        from tracker import intake

        return self.store.adopt(intake.read_export(Path(path)))

    def verify(self) -> dict[str, int]:
        """Walk the hash chain, make the store anew from the ledger and compare tables, views and macros.

        Also compares the ledger with its published copy. Returns the rows of what was
        compared. Raises `VerificationFailed`.
        """
        from tracker import verification

        self.store.compare()
        with self.store.reading() as con:
            return verification.verify(con, self.store.now())

    def verify_sources(self, folder: str | Path) -> list[Checked]:
        """Hold every quote on record against the archived copies in a folder."""
        from tracker import quotes

        with self.store.reading() as con:
            return quotes.check(con, Path(folder))

    def verify_release(self, path: str | Path) -> Row:
        """Hold a release file against this store; return what it states. Raises `VerificationFailed`."""
        from tracker import release

        with self.store.reading() as con:
            return release.check(con, Path(path))


def _named(by: str | None) -> str:
    """Who asks: the name that is told, or the system's user."""
    return by if by is not None else getpass.getuser()


def fill(store: Store, seed: Path) -> int:
    """Make a store and fill it from an exported file; return the number of entries."""
    from tracker import exchange

    return store.adopt(exchange.read(seed))
