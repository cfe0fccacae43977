"""The append-only, hash-chained ledger: what a change is, and how its lines are sealed and read.

What may enter it is decided by `tracker.admission`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import rfc8785

from tracker.errors import VerificationFailed
from tracker.terms import Entity, EntryKind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tracker.models import Decision, StatusEvent, Thing, Withdrawal

GENESIS = "0" * 64
TYPES = {
    "seq": "BIGINT",
    "recorded_at": "TIMESTAMP",
    "actor": "VARCHAR",
    "entity": "VARCHAR",
    "entity_id": "VARCHAR",
    "version": "INTEGER",
    "kind": "VARCHAR",
    "payload": "VARCHAR",
    "idempotency_key": "VARCHAR",
    "door": "VARCHAR",
    "previous_hash": "VARCHAR",
    "hash": "VARCHAR",
}
"""Columns of an entry, and their types in SQL."""
OPTIONAL = ("idempotency_key", "door")
"""Columns that may be empty."""
LARGEST = 1 << 20
"""Bytes that the payload of an entry may have."""
COLUMNS = ", ".join(TYPES)
SHAPE = "STRUCT(" + ", ".join(f"{name} {type_}" for name, type_ in TYPES.items()) + ")"
"""The type of one entry in SQL."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A change somebody wants to make, not yet numbered or sealed.

    `expect_version` is the version of the entity the author had seen (0: none yet);
    None means the author did not look. `actor` is whose change it is, where that is not who
    lets it in.
    """

    entity: Entity
    entity_id: str
    kind: EntryKind
    payload: dict[str, Any]
    expect_version: int | None = None
    actor: str | None = None

    @classmethod
    def add(cls, thing: Thing) -> Draft:
        """Enter a new thing."""
        return cls(thing.entity, thing.id, EntryKind.ADD, thing.model_dump(mode="json"), 0)

    @classmethod
    def revise(cls, thing: Thing, expect_version: int | None = None) -> Draft:
        """Replace the content of a known thing."""
        payload = thing.model_dump(mode="json")
        return cls(thing.entity, thing.id, EntryKind.REVISE, payload, expect_version)

    @classmethod
    def event(cls, event: StatusEvent, expect_version: int | None = None) -> Draft:
        """Record that a commitment reached a stage."""
        payload = event.model_dump(mode="json")
        return cls(Entity.COMMITMENT, event.commitment_id, EntryKind.EVENT, payload, expect_version)

    @classmethod
    def withdraw(
        cls,
        entity: Entity,
        entity_id: str,
        told: Withdrawal,
        expect_version: int | None = None,
        *,
        undo: bool = False,
    ) -> Draft:
        """Take something out of what counts, or back in; both stay on record."""
        kind = EntryKind.RESTORE if undo else EntryKind.WITHDRAW
        return cls(entity, entity_id, kind, told.model_dump(mode="json"), expect_version)

    @classmethod
    def decide(cls, proposal_id: str, decision: Decision, *, approve: bool) -> Draft:
        """Approve a proposal, so that its changes are recorded, or decline it."""
        kind = EntryKind.APPROVE if approve else EntryKind.DECLINE
        return cls(Entity.PROPOSAL, proposal_id, kind, decision.model_dump(mode="json"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. `payload` is canonical JSON (RFC 8785), `recorded_at` UTC.

    `door` (see `tracker.terms.Door`) is None on lines that are older than it.
    """

    seq: int
    recorded_at: dt.datetime
    actor: str
    entity: str
    entity_id: str
    version: int
    kind: str
    payload: str
    idempotency_key: str | None
    door: str | None
    previous_hash: str
    hash: str

    def sealed(self) -> str:
        """SHA-256, as hexadecimal, over the canonical form of everything but the hash itself."""
        content: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        del content["hash"]
        if self.door is None:
            # Lines that are older than this column keep the hash they were sealed with.
            del content["door"]
        content["recorded_at"] = self.recorded_at.isoformat(timespec="microseconds") + "Z"
        content["payload"] = json.loads(self.payload)
        return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def canonical(payload: Any) -> str:
    """RFC 8785 text of a JSON value."""
    return rfc8785.dumps(payload).decode()


def verify(entries: Iterable[Entry], after: Entry | None = None) -> Entry | None:
    """Walk the chain and return its head.

    Raises `VerificationFailed` at the first entry that was altered, lost or put in.
    """
    for entry in entries:
        expected = (after.seq + 1, after.hash) if after else (1, GENESIS)
        try:
            holds = entry.sealed() == entry.hash and canonical(json.loads(entry.payload)) == entry.payload
        except ValueError:
            holds = False
        holds = holds and (after is None or entry.recorded_at >= after.recorded_at)
        if not holds or (entry.seq, entry.previous_hash) != expected:
            raise VerificationFailed("chain-broken", seq=entry.seq)
        after = entry
    return after


def read(con: DuckDBPyConnection, where: str = "true", *values: object) -> Iterator[Entry]:
    """Entries in order. `where` is a condition of this module's callers, never of a reader."""
    rows = con.execute(f"SELECT {COLUMNS} FROM ledger WHERE {where} ORDER BY seq", values)
    while batch := rows.fetchmany(10_000):
        yield from (Entry(*row) for row in batch)


def head(con: DuckDBPyConnection) -> Entry | None:
    """The newest entry."""
    return next(read(con, "seq = (SELECT max(seq) FROM ledger)"), None)


def insert(con: DuckDBPyConnection, entries: Sequence[Entry]) -> None:
    """Insert sealed entries as they are."""
    # One statement over one JSON text: row-wise binding is a hundred times slower.
    rows = [
        {f.name: getattr(e, f.name) for f in fields(e)} | {"recorded_at": e.recorded_at.isoformat()}
        for e in entries
    ]
    con.execute(
        f"INSERT INTO ledger BY NAME SELECT unnest(CAST(CAST(? AS JSON) AS {SHAPE}[]), max_depth := 2)",
        [json.dumps(rows)],
    )
