"""How things stood over time, group beside group, and against their plans.

Each answer is one pass over what the rules said of every commitment; its size depends on the
number of days, groups or milestones that are asked for, never on the number of commitments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from tracker.clocks import At, now
from tracker.queries import Row, rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Group = Literal["pillar", "kind", "party"]
"""What commitments can be grouped by."""

POINTS = 200
"""Days that a course shows at most."""


def course(con: DuckDBPyConnection, at: At | None = None, points: int = POINTS) -> list[Row]:
    """How many commitments had each status, on days from the first event to the day asked for.

    Every row has `day`, `until` (the day of the next row; the day after the last one) and the
    number for each status that occurs. Where the days on which something changed are few, all of
    them are there, and the first days of months between them; where they are many, the counts
    are those of the days that are shown.
    """
    counted = rows(
        con,
        """
        WITH spans AS MATERIALIZED (
            SELECT status, valid_from, valid_to FROM judgements
            WHERE known_from <= $known_at AND $known_at < known_to AND valid_from <= $day
        ),
        moves AS MATERIALIZED (
            SELECT day, status, sum(n) AS n FROM (
                SELECT valid_from AS day, status, 1 AS n FROM spans
                UNION ALL SELECT valid_to, status, -1 FROM spans WHERE valid_to <= $day
            ) GROUP BY ALL HAVING sum(n) <> 0
        ),
        reach AS MATERIALIZED (
            SELECT min(day) AS first, count(DISTINCT day) AS changes,
                1 + date_diff('month', min(day), $day) * 2 // $points AS months
            FROM moves HAVING min(day) IS NOT NULL
        ),
        days AS MATERIALIZED (
            SELECT first AS day FROM reach
            UNION SELECT DISTINCT day FROM moves WHERE (SELECT changes <= $points // 2 - 1 FROM reach)
            UNION SELECT CAST(unnest(range(
                date_trunc('month', first) + to_months(1), CAST($day AS TIMESTAMP), to_months(months)
            )) AS DATE) FROM reach
            UNION SELECT CAST($day AS DATE) FROM reach
        ),
        shown AS (
            SELECT d.day, m.status, sum(m.n) AS n
            FROM moves AS m ASOF JOIN days AS d ON d.day >= m.day
            GROUP BY ALL
        )
        SELECT d.day, s.status, CAST(sum(coalesce(n, 0)) OVER (
                PARTITION BY s.status ORDER BY d.day) AS INTEGER) AS n
        FROM days AS d CROSS JOIN (SELECT DISTINCT status FROM moves) AS s
        LEFT JOIN shown USING (day, status)
        ORDER BY d.day
        """,
        now(at).bound() | {"points": points},
    )
    told: dict[Any, Row] = {}
    for row in counted:
        told.setdefault(row["day"], {"day": row["day"]})[row["status"]] = row["n"]
    found = list(told.values())
    for row, following in zip(found, [*found[1:], {"day": None}], strict=False):
        row["until"] = following["day"]
    return found


_GROUPS: dict[str, str] = {
    "pillar": "SELECT pillar AS name, status FROM as_known($day, $known_at)",
    "kind": "SELECT kind AS name, status FROM as_known($day, $known_at)",
    # What one party has done of a joint pledge may differ from what both have.
    "party": """
        SELECT p.name, coalesce(l.status, c.status) AS status
        FROM (SELECT *, unnest(parties) AS p FROM as_known($day, $known_at)) AS c
        LEFT JOIN answers_known($day, $known_at) AS a ON a.commitment_id = c.id AND a.party = p.name
        LEFT JOIN lifecycle AS l ON l.kind = c.kind AND l.stage = a.stage
    """,
}


def groups(con: DuckDBPyConnection, by: Group, at: At | None = None, limit: int = 20) -> list[Row]:
    """The largest groups, each with `name`, `total` and the number for each status that occurs.

    A joint pledge counts for every party, with the status that the party's own part has.
    """
    counted = rows(
        con,
        f"""
        WITH counted AS (
            SELECT name, status, count(*) AS n FROM ({_GROUPS[by]}) GROUP BY ALL
        ),
        summed AS (SELECT name, CAST(sum(n) AS BIGINT) AS total FROM counted GROUP BY name)
        FROM counted JOIN summed USING (name)
        QUALIFY dense_rank() OVER (ORDER BY total DESC, name) <= $limit
        ORDER BY total DESC, name
        """,
        now(at).bound() | {"limit": limit},
    )
    told: dict[str, Row] = {}
    for row in counted:
        told.setdefault(row["name"], {"name": row["name"], "total": row["total"]})[row["status"]] = row["n"]
    return list(told.values())


def plan(con: DuckDBPyConnection, commitment_id: str, at: At | None = None) -> list[Row]:
    """What was planned beside what came: milestones in order, then the date of the commitment itself.

    `name` is empty for the commitment's own date, which it reached when it was delivered.
    `slip` counts the days between the planned window and the reached one, negative if it came
    early and 0 if they meet; for what is still open, the days since the window closed. It is
    empty where nothing was planned, and where what is open is not due.
    """
    return rows(
        con,
        """
        WITH things AS (
            SELECT position, name, expected AS planned, expected_earliest AS planned_earliest,
                expected_latest AS planned_latest, expected_basis AS basis,
                if(reached_latest <= $day, reached, NULL) AS came,
                if(reached_latest <= $day, reached_earliest, NULL) AS came_earliest,
                if(reached_latest <= $day, reached_latest, NULL) AS came_latest
            FROM milestones_known($known_at) WHERE commitment_id = $id
            UNION ALL
            SELECT 1000000, NULL, c.due, c.due_earliest, c.due_latest, 'stated', d.edtf, d.earliest, d.latest
            FROM as_known($day, $known_at) AS c
            LEFT JOIN dates AS d ON d.edtf = c.stage_since AND c.status = 'delivered'
            WHERE c.id = $id AND c.due IS NOT NULL
        )
        SELECT * EXCLUDE (position), CASE
            WHEN planned IS NULL THEN NULL
            WHEN came IS NULL AND planned_latest < $day THEN date_diff('day', planned_latest, $day)
            WHEN came IS NULL THEN NULL
            WHEN came_earliest > planned_latest THEN date_diff('day', planned_latest, came_earliest)
            WHEN came_latest < planned_earliest THEN date_diff('day', planned_earliest, came_latest)
            ELSE 0 END AS slip
        FROM things WHERE planned IS NOT NULL OR came IS NOT NULL
        ORDER BY position
        """,
        now(at).bound() | {"id": commitment_id},
    )
