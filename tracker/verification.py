"""Proof that nothing was altered: the hash chain, and everything else made anew from the ledger."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb

from tracker import ledger, projections, schema
from tracker.errors import VerificationFailed
from tracker.rules import RULES_VERSION
from tracker.tables import value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def verify(con: DuckDBPyConnection, now: dt.datetime) -> dict[str, int]:
    """Walk the chain, rebuild the store elsewhere, compare; return the rows of each table.

    Raises `VerificationFailed` naming the entry, or the table, view or macro that does not hold.
    What earlier editions of the rule book said, this program cannot compute; of it only the
    frame is proved: that it ends where the next edition was adopted, and gives one answer.
    """
    entries = list(ledger.read(con))
    ledger.verify(entries)
    with _nothing_recorded() as (fresh, shapes):
        _compare_shapes(_shapes(con), shapes)
        _check_editions(con, now)
        ledger.insert(fresh, entries)
        projections.rebuild(fresh)
        if (adopted := projections.adopted_at(con)) is not None:
            projections.forget_before(fresh, adopted)
        counts = {"ledger": len(entries)}
        for table in projections.TABLES:
            kept, made = (_fingerprint(c, table) for c in (con, fresh))
            if kept != made:
                raise VerificationFailed("projection-differs", table=table)
            counts[table] = kept[0]
    return counts


@contextmanager
def _nothing_recorded() -> Iterator[tuple[DuckDBPyConnection, Mapping[tuple[str, str], tuple[Any, Any]]]]:
    """Lend a store of this version in memory with nothing on record, and what stands in it."""
    # To make one costs half of the verification of a small store; what is recorded is taken back.
    with _one_at_a_time:
        fresh, shapes = _blank()
        fresh.execute("BEGIN")
        try:
            yield fresh, shapes
        finally:
            try:
                fresh.execute("ROLLBACK")
            except duckdb.Error:
                _blank.cache_clear()


_one_at_a_time = threading.Lock()


@cache
def _blank() -> tuple[DuckDBPyConnection, Mapping[tuple[str, str], tuple[Any, Any]]]:
    fresh = duckdb.connect(":memory:")
    schema.migrate(fresh, dt.datetime(1970, 1, 1))
    return fresh, _shapes(fresh)


_SHAPES = (
    "SELECT view_name, 'view', sql, comment FROM duckdb_views() WHERE NOT internal AND NOT temporary",
    "SELECT table_name, 'table', sql, comment FROM duckdb_tables() WHERE NOT internal AND NOT temporary",
    "SELECT table_name, 'column ' || column_name, data_type, comment FROM duckdb_columns() "
    "WHERE NOT internal AND table_name NOT IN (FROM temporary)",
    "SELECT function_name, function_type || CAST(parameters AS VARCHAR), macro_definition, comment "
    "FROM duckdb_functions() WHERE NOT internal AND function_type IN ('macro', 'table_macro')",
    "SELECT 'schema_migrations', 'migration ' || version, name, NULL FROM schema_migrations",
)
"""Name, part, content and comment of all that a program of this version makes, whatever is recorded."""


def _shapes(con: DuckDBPyConnection) -> dict[tuple[str, str], tuple[Any, Any]]:
    temporary = "WITH temporary AS (SELECT table_name FROM duckdb_tables() WHERE temporary) "
    found = con.execute(temporary + " UNION ALL ".join(_SHAPES)).fetchall()
    return {(name, part): (_settled(content), comment) for name, part, content, comment in found}


def _settled(content: str | None) -> str:
    """SQL in one form: what was stored and read again, the engine writes with other names and orders."""
    text = re.sub(r"\bTIMESTAMP_US\b", "TIMESTAMP", content or "")
    return re.sub(r"(?<=EXCLUDE \()[^()]*", lambda names: ", ".join(sorted(names[0].split(", "))), text)


def _compare_shapes(
    kept: Mapping[tuple[str, str], tuple[Any, Any]], made: Mapping[tuple[str, str], tuple[Any, Any]]
) -> None:
    for name, part in sorted(kept.keys() | made.keys()):
        if kept.get((name, part)) != made.get((name, part)):
            raise VerificationFailed("projection-differs", table=name)


def _check_editions(con: DuckDBPyConnection, now: dt.datetime) -> None:
    """The editions follow each other, and none speaks of a time that was not its own."""
    editions = con.execute("SELECT version, adopted_at FROM rulebook ORDER BY version").fetchall()
    numbers = [number for number, _ in editions]
    # An edition that found nothing judged by another judges from the beginning.
    adopted = [at for _, at in editions if at is not None]
    fits = (
        len(set(numbers)) == len(numbers)
        and numbers[:1] >= [1]
        and numbers[-1:] == [RULES_VERSION]
        and [at for _, at in editions] == [None] * (len(editions) - len(adopted)) + adopted
        and adopted == sorted(set(adopted))
        and all(at <= now for at in adopted)
    )
    if not fits:
        raise VerificationFailed("projection-differs", table="rulebook")
    for table in projections.RULED:
        if value(con, f"SELECT count(*) FROM ({_ASTRAY.format(table=table)})"):
            raise VerificationFailed("projection-differs", table=table)
        if value(con, f"SELECT count(*) FROM ({_TWICE[table].format(ours=RULES_VERSION)})"):
            raise VerificationFailed("projection-differs", table=table)


# An edition ends where the next one was adopted, and one that was adopted begins there.
_ASTRAY = """
SELECT 1 FROM {table} AS t
WHERE t.rules_version NOT BETWEEN 1 AND (SELECT max(version) FROM rulebook)
    OR t.known_to > (
        SELECT coalesce(arg_min(adopted_at, version), TIMESTAMP '0001-01-01') FROM rulebook
        WHERE version > t.rules_version HAVING count(*) > 0)
    OR t.known_from < (SELECT adopted_at FROM rulebook WHERE version = t.rules_version)
"""
# What the present edition says is compared row by row; of earlier ones, each is asked but once.
_AT_ONCE = (
    "SELECT 1 FROM {table} AS a JOIN {table} AS b ON a.commitment_id = b.commitment_id AND a.rowid < b.rowid "
    "AND a.known_from < b.known_to AND b.known_from < a.known_to AND {same} "
    "WHERE a.rules_version < {{ours}} AND b.rules_version < {{ours}}"
)
_TWICE = {
    "judgements": _AT_ONCE.format(
        table="judgements", same="a.valid_from < b.valid_to AND b.valid_from < a.valid_to"
    ),
    "findings": _AT_ONCE.format(table="findings", same="a.version = b.version"),
}


def _fingerprint(con: DuckDBPyConnection, table: str) -> tuple[int, int]:
    """Rows and an order-free digest of a table's content."""
    # What earlier editions of the rules said is kept as it was, beyond proof.
    ours = f"WHERE rules_version = {RULES_VERSION}" if table in projections.RULED else ""
    row = con.execute(f"SELECT count(*), coalesce(sum(hash(t)), 0) FROM {table} AS t {ours}").fetchone()
    assert row is not None
    return int(row[0]), int(row[1])
