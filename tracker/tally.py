"""How all commitments stand together: how many there are of each, one mark for each, and what moved last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.clocks import At, now
from tracker.queries import SUPPORTED, Row, rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def status_counts(con: DuckDBPyConnection, at: At | None = None) -> dict[str, int]:
    """Commitments by status."""
    found = rows(
        con, "SELECT status, count(*) AS n FROM as_known($day, $known_at) GROUP BY ALL", now(at).bound()
    )
    return {row["status"]: row["n"] for row in found}


def schedule_counts(con: DuckDBPyConnection, at: At | None = None) -> dict[str, int]:
    """Commitments by schedule."""
    found = rows(
        con, "SELECT schedule, count(*) AS n FROM as_known($day, $known_at) GROUP BY ALL", now(at).bound()
    )
    return {row["schedule"]: row["n"] for row in found}


def standing(con: DuckDBPyConnection, at: At | None = None, limit: int = 300) -> list[Row]:
    """One row per commitment for the picture of where each stands.

    `note` is that of the newest event that the evidence supports.
    """
    return rows(
        con,
        f"""
        WITH noted AS (
            SELECT h.commitment_id, arg_max(h.note, (h.happened_latest, h.version)) AS note
            FROM history_known($known_at) AS h
            LEFT JOIN findings AS f ON f.commitment_id = h.commitment_id AND f.version = h.version
                AND f.known_from <= $known_at AND $known_at < f.known_to
            WHERE h.withdrawn_at IS NULL AND h.certain_on <= $day AND {SUPPORTED}
            GROUP BY ALL
        )
        SELECT c.id, c.title, c.kind, c.stage, c.status, c.schedule, c.confidence, c.disputed, c.headline,
            c.stage_since, n.note
        FROM as_known($day, $known_at) AS c LEFT JOIN noted AS n ON n.commitment_id = c.id
        ORDER BY c.title, c.id LIMIT $limit
        """,
        now(at).bound() | {"limit": limit},
    )


def stage_counts(con: DuckDBPyConnection, at: At | None = None) -> list[Row]:
    """Commitments by stage and status: the picture of where each stands when there are very many."""
    return rows(
        con,
        "SELECT stage, status, count(*) AS n FROM as_known($day, $known_at) GROUP BY ALL ORDER BY ALL",
        now(at).bound(),
    )


def changes(con: DuckDBPyConnection, limit: int = 8, at: At | None = None) -> list[Row]:
    """The newest changes of stage, by when they were recorded and then by when they happened.

    What the evidence does not support changes nothing; it is among them as a claim.
    """
    return rows(
        con,
        f"""
        SELECT h.commitment_id AS id, h.version, d.title, h.happened_on, h.stage, h.status, h.note,
            h.recorded_at, h.recorded_by, {SUPPORTED} AS supported,
            last_value(if({SUPPORTED}, h.stage, NULL) IGNORE NULLS) OVER (
                PARTITION BY h.commitment_id ORDER BY h.happened_latest, h.version
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS stage_before
        FROM history_known($known_at) AS h
        LEFT JOIN findings AS f ON f.commitment_id = h.commitment_id AND f.version = h.version
            AND f.known_from <= $known_at AND $known_at < f.known_to
        JOIN definitions AS d ON d.commitment_id = h.commitment_id
            AND d.known_from <= $known_at AND $known_at < d.known_to
        WHERE h.withdrawn_at IS NULL AND h.stage <> 'precursor'
            AND h.certain_on <= $day
        QUALIFY stage IS DISTINCT FROM stage_before
        ORDER BY h.recorded_at DESC, h.happened_latest DESC, h.commitment_id, h.version DESC
        LIMIT $limit
        """,
        now(at).bound() | {"limit": limit},
    )


def facets(con: DuckDBPyConnection, at: At | None = None) -> dict[str, list[str]]:
    """The values that occur in the columns one filters by."""
    found = rows(
        con,
        "SELECT list(DISTINCT kind ORDER BY kind) AS kind, list(DISTINCT pillar ORDER BY pillar) AS pillar "
        "FROM as_known($day, $known_at)",
        now(at).bound(),
    )[0]
    return {column: values or [] for column, values in found.items()}
