"""What a store is and holds as a whole: versions, how much there is of everything, its relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.clocks import At, now
from tracker.queries import Row, newest, one, rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COUNTED = {
    "commitments": "as_known($day, $known_at)",
    "history": "history_known($known_at)",
    "evidence": "evidence_known($known_at)",
    "sources": "sources_known($known_at)",
    "agreements": "agreements_known($known_at)",
    "milestones": "milestones_known($known_at)",
    "checks": "checks_known($known_at)",
    "disputes": "disputes_known($known_at)",
    "ledger": "ledger WHERE recorded_at <= $known_at",
}
"""What is counted of a data set, by the name of the view of the present."""


def info(con: DuckDBPyConnection, at: At | None = None) -> Row:
    """Version of the data set, how much there was of everything, and the schema and rules of the store."""
    point = now(at).bound()
    head = newest(con, at)
    counts = {
        name: one(
            con,
            f"SELECT count(*) AS n FROM {relation}",
            {word: value for word, value in point.items() if f"${word}" in relation},
        )["n"]
        for name, relation in COUNTED.items()
    }
    schema = one(con, "SELECT max(version) AS v FROM schema_migrations")["v"]
    edition = one(con, "SELECT max(version) AS v FROM rulebook")["v"]
    return {
        "head_hash": head.get("hash"),
        "recorded_at": head.get("recorded_at"),
        "schema_version": schema,
        "rules_version": edition,
        "counts": counts,
    }


def relations(con: DuckDBPyConnection) -> list[Row]:
    """Every table, view and table macro with its comment and columns, as readers see them."""
    return rows(
        con,
        """
        WITH columns AS (
            SELECT table_name AS name, list(
                {name: column_name, type: data_type, comment: comment} ORDER BY column_index
            ) AS columns
            FROM duckdb_columns() WHERE NOT internal GROUP BY table_name
        ),
        relations AS (
            SELECT view_name AS name, comment FROM duckdb_views() WHERE NOT internal
            UNION ALL SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal
        )
        SELECT name, comment, columns FROM relations JOIN columns USING (name)
        UNION ALL
        SELECT function_name || '(' || array_to_string(parameters, ', ') || ')', f.comment, (
            -- Macros have no comments on columns; those of the view of the present serve.
            SELECT columns FROM columns
            WHERE name = CASE WHEN starts_with(function_name, 'as_') THEN 'commitments'
                ELSE replace(function_name, '_known', '') END)
        FROM duckdb_functions() AS f WHERE function_type = 'table_macro' AND NOT internal
        ORDER BY name <> 'commitments', NOT contains(name, '('), name
        """,
    )
