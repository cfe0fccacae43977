"""Proof that nothing was altered: the hash chain, and every table rebuilt from the ledger."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import duckdb

from tracker import ledger, projections, schema
from tracker.errors import VerificationFailed
from tracker.rules import RULES_VERSION

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def verify(con: DuckDBPyConnection) -> dict[str, int]:
    """Walk the chain, rebuild all tables elsewhere, compare; return the rows of each.

    Raises `VerificationFailed` naming the entry or the table that does not hold.
    """
    entries = list(ledger.read(con))
    ledger.verify(entries)
    with duckdb.connect(":memory:") as fresh:
        schema.migrate(fresh, dt.datetime(1970, 1, 1))
        ledger.insert(fresh, entries)
        projections.rebuild(fresh)
        if (adopted := projections.adopted_at(con)) is not None:
            # What another rule book said before, this program cannot compute.
            projections.forget_before(fresh, adopted)
        counts = {"ledger": len(entries)}
        for table in projections.TABLES:
            kept, made = (_fingerprint(c, table) for c in (con, fresh))
            if kept != made:
                raise VerificationFailed("projection-differs", table=table)
            counts[table] = kept[0]
    return counts


def _fingerprint(con: DuckDBPyConnection, table: str) -> tuple[int, int]:
    """Rows and an order-free digest of a table's content."""
    # Judgements of earlier editions of the rules are kept as they were, beyond proof.
    ours = f"WHERE rules_version = {RULES_VERSION}" if table == "judgements" else ""
    row = con.execute(f"SELECT count(*), coalesce(sum(hash(t)), 0) FROM {table} AS t {ours}").fetchone()
    assert row is not None
    return int(row[0]), int(row[1])
