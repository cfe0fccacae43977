"""The schema of a store: numbered migrations, applied when it is opened for writing."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from typing import TYPE_CHECKING

from tracker import projections
from tracker.errors import StoreUnavailable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def migrations() -> list[tuple[int, str, str]]:
    """Every migration: number, name, SQL."""
    folder = files("tracker").joinpath("migrations")
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(int(n[:4]), n[5:-4], folder.joinpath(n).read_text(encoding="utf-8")) for n in names]


def migrate(con: DuckDBPyConnection, now: dt.datetime) -> None:
    """Apply the migrations the store lacks, each in a transaction with the record of it.

    Raises `StoreUnavailable` with code `newer-schema` for a store of a later version.
    """
    con.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations"
        "(version INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
    )
    done = version(con)
    todo = migrations()
    if done > todo[-1][0]:
        raise StoreUnavailable("newer-schema", found=done, known=todo[-1][0])
    for number, name, sql in todo:
        if number <= done:
            continue
        con.execute("BEGIN")
        try:
            con.execute(sql)
            projections.fill_lifecycle(con)
            con.execute("INSERT INTO schema_migrations VALUES (?, ?, ?)", [number, name, now])
            con.execute("COMMIT")
        except BaseException:
            con.execute("ROLLBACK")
            raise
    if done < todo[-1][0]:
        # A crash while later writes replay a log that alters tables is a known trap.
        con.execute("CHECKPOINT")


def version(con: DuckDBPyConnection) -> int:
    """The newest migration that a store has; 0 for none."""
    row = con.execute("SELECT coalesce(max(version), 0) FROM schema_migrations").fetchone()
    assert row is not None
    newest: int = row[0]
    return newest
