"""What is awaited: dates of commitments and of the steps towards them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tracker.queries import Row, one, rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def agenda(con: DuckDBPyConnection, today: dt.date, limit: int = 12) -> list[Row]:
    """Dates that are awaited, oldest first: those of commitments and of their open milestones.

    `days` counts from today to the latest day of the date. `state` is late, unknown or next;
    for the date of a commitment it is its schedule, and for a milestone, which no rule calls
    late, whether its day has passed. A milestone in whose window the date of its commitment
    lies stands for both; `binds` tells such dates from mere steps. `basis` is stated,
    inferred, or rhythm: last edition plus interval.
    """
    return rows(
        con,
        """
        WITH awaited AS (
            SELECT c.*, j.deadline
            FROM commitments AS c
            JOIN judgements AS j ON j.commitment_id = c.id AND j.known_to = TIMESTAMP '9999-12-31'
                AND j.valid_from <= $today AND $today < j.valid_to
            WHERE c.status NOT IN ('delivered', 'not-delivered')
        ),
        dated AS (
            SELECT a.id, a.title, m.name AS step, m.expected AS due, m.expected_latest AS due_latest,
                m.expected_basis AS basis,
                coalesce(a.deadline BETWEEN m.expected_earliest AND m.expected_latest, false) AS binds,
                if(binds, a.schedule, 'unknown') AS passed
            FROM awaited AS a JOIN milestones AS m ON m.commitment_id = a.id
            WHERE m.expected IS NOT NULL AND m.reached IS NULL
            UNION ALL
            SELECT a.id, a.title, NULL,
                if(a.due_latest = a.deadline, a.due, CAST(a.deadline AS VARCHAR)),
                a.deadline, if(a.due_latest = a.deadline, 'stated', 'rhythm'), true, a.schedule
            FROM awaited AS a
            WHERE a.deadline IS NOT NULL AND NOT EXISTS (
                FROM milestones AS m
                WHERE m.commitment_id = a.id AND m.reached IS NULL
                    AND a.deadline BETWEEN m.expected_earliest AND m.expected_latest)
        )
        SELECT * EXCLUDE (passed), date_diff('day', $today, due_latest) AS days,
            if(due_latest >= $today, 'next', passed) AS state
        FROM dated
        QUALIFY row_number() OVER (PARTITION BY days < 0 ORDER BY abs(days), title, step) <= $limit
        ORDER BY days, title, step
        """,
        {"today": today, "limit": limit},
    )


def deadline(con: DuckDBPyConnection, commitment_id: str, day: dt.date) -> dt.date | None:
    """The latest day of the date that is awaited on a day, stated or derived from the rhythm."""
    row = one(
        con,
        "SELECT deadline FROM judgements WHERE commitment_id = $id AND known_to = TIMESTAMP '9999-12-31' "
        "AND valid_from <= $day AND $day < valid_to",
        {"id": commitment_id, "day": day},
    )
    found: dt.date | None = row.get("deadline")
    return found
