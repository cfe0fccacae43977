"""The schema of a store: numbered migrations of the ledger, and the tables that follow from it."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import duckdb

from tracker import projections
from tracker.errors import StoreUnavailable
from tracker.rules import RULES_VERSION
from tracker.tables import value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@cache
def migrations() -> list[tuple[int, str, str]]:
    """Every migration: number, name, SQL.

    A change of the tables that follow from the ledger is a migration too, if an empty one:
    after any, and after a change of the rules, they are made anew.
    """
    folder = files("tracker").joinpath("migrations")
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(int(n[:4]), n[5:-4], folder.joinpath(n).read_text(encoding="utf-8")) for n in names]


def migrate(con: DuckDBPyConnection, now: dt.datetime) -> None:
    """Bring a store up to the present schema and rule book, in one transaction.

    Raises `StoreUnavailable` with code `newer-schema` for a store of a later version.
    """
    if standing(con) == "current":
        return
    con.execute("BEGIN")
    try:
        con.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations"
            "(version INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
        )
        done = version(con)
        for number, name, sql in migrations():
            if number > done:
                con.execute(sql)
                con.execute("INSERT INTO schema_migrations VALUES (?, ?, ?)", [number, name, now])
        projections.remake(con, now)
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    # A crash while later writes replay a log that alters tables is a known trap.
    con.execute("CHECKPOINT")


def standing(con: DuckDBPyConnection) -> str:
    """Whether a store is `current` or `outdated`.

    Raises `StoreUnavailable` with code `newer-schema` for a store of a later version.
    """
    found, known = version(con), migrations()[-1][0]
    if found > known:
        raise StoreUnavailable("newer-schema", found=found, known=known)
    if found < known:
        return "outdated"
    edition = value(con, "SELECT coalesce(max(version), 0) FROM rulebook")
    if edition > RULES_VERSION:
        raise StoreUnavailable("newer-rules", found=edition, known=RULES_VERSION)
    return "current" if edition == RULES_VERSION else "outdated"


def version(con: DuckDBPyConnection) -> int:
    """The newest migration that a store has; 0 for none."""
    # To list the tables costs ten times as much as to ask one; every reader comes through here.
    try:
        newest: int = value(con, "SELECT coalesce(max(version), 0) FROM schema_migrations")
    except duckdb.CatalogException:
        return 0
    return newest
