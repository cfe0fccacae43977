"""A few moves on tables that every writer of them needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def insert(con: DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows as one statement."""
    con.execute(f"INSERT INTO {table} BY NAME {reading(con, table)}", [as_text(rows)])


def reading(con: DuckDBPyConnection, table: str) -> str:
    """A query that gives rows out of one JSON text, typed by the columns of a table."""
    # Row-wise binding is a hundred times slower.
    if table not in _shapes:
        columns = con.execute(f"DESCRIBE {table}").fetchall()
        _shapes[table] = ", ".join(f'"{name}" {kind}' for name, kind, *_ in columns)
    return f"SELECT unnest(CAST(CAST(? AS JSON) AS STRUCT({_shapes[table]})[]), max_depth := 2)"


_shapes: dict[str, str] = {}
"""The columns of tables. Nothing is written to tables of another program's shape."""


def as_text(rows: list[dict[str, Any]]) -> str:
    """The JSON text of rows."""
    return json.dumps(rows, default=str)


def value(con: DuckDBPyConnection, query: str, *values: object) -> Any:
    """The one value that a query gives."""
    row = con.execute(query, values).fetchone()
    assert row is not None
    return row[0]


def exists(con: DuckDBPyConnection, table: str) -> bool:
    """Whether there is a table of that name."""
    return bool(value(con, "SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", table))
