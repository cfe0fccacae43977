"""One function per question, on a cursor that `Store.reading` lends. Rows leave as mappings.

Nothing here writes. Values are always bound; no text of a reader enters the SQL.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tracker.errors import Refused
from tracker.holdings import unknown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]

COMMITMENT_COLUMNS = (
    "id",
    "title",
    "pledge",
    "kind",
    "pillar",
    "agreement_id",
    "parties",
    "headline",
    "due",
    "due_earliest",
    "due_latest",
    "cadence",
    "fulfilment_test",
    "stage",
    "status",
    "stage_since",
    "schedule",
    "confidence",
    "disputed",
    "official_stage",
    "evidence_reaches",
    "last_checked",
    "version",
    "recorded_at",
)
"""The columns of the view `commitments` and of its macros, in order."""


def rows(con: DuckDBPyConnection, query: str, values: Any = ()) -> list[Row]:
    """The rows of a query as mappings."""
    cursor = con.execute(query, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def one(con: DuckDBPyConnection, query: str, values: Any = ()) -> Row:
    """The first row of a query; empty when there is none."""
    found = rows(con, query, values)
    return found[0] if found else {}


def commitments(
    con: DuckDBPyConnection,
    *,
    status: str | None = None,
    stage: str | None = None,
    kind: str | None = None,
    pillar: str | None = None,
    schedule: str | None = None,
    disputed: bool | None = None,
    headline: bool | None = None,
    search: str | None = None,
    as_of: dt.date | None = None,
    known_on: dt.date | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Row]:
    """Commitments as they stand, headline ones first, then by title.

    `pillar` and `search` match parts, whatever their case and accents; `search` looks in
    identifier, title, pledge, the parties with their bodies, and the sources cited. `known_on`
    is a day of UTC, taken to its end.
    """
    source, values = _as_known(as_of, known_on)
    return rows(
        con,
        f"""
        FROM {source}
        WHERE ($status IS NULL OR status = $status)
            AND ($stage IS NULL OR stage = $stage)
            AND ($kind IS NULL OR kind = $kind)
            AND ($pillar IS NULL OR contains(plain(pillar), plain($pillar)))
            AND ($schedule IS NULL OR schedule = $schedule)
            AND ($disputed IS NULL OR disputed = $disputed)
            AND ($headline IS NULL OR headline = $headline)
            AND ($search IS NULL
                OR contains(plain(concat_ws(' ', id, title, pledge,
                    array_to_string(flatten([[p.name] || p.bodies for p in parties]), ' '))), plain($search))
                OR id IN (
                    SELECT c.commitment_id FROM citations AS c JOIN sources AS s ON s.id = c.source_id
                    WHERE contains(plain(concat_ws(' ', s.title, s.publisher)), plain($search))))
        ORDER BY headline DESC, title, id
        LIMIT $limit OFFSET $offset
        """,
        values
        | {
            "status": status,
            "stage": stage,
            "kind": kind,
            "pillar": pillar,
            "schedule": schedule,
            "disputed": disputed,
            "headline": headline,
            "search": search,
            "limit": limit if limit is not None else 2**62,
            "offset": offset,
        },
    )


def _as_known(as_of: dt.date | None, known_on: dt.date | None) -> tuple[str, Row]:
    """The relation that holds commitments on one or both clocks, and its parameters."""
    if as_of is None and known_on is None:
        return "commitments", {}
    day = as_of or dt.datetime.now(dt.UTC).date()
    if known_on is None:
        return "as_of($day)", {"day": day}
    end = dt.datetime.combine(known_on, dt.time.max)
    return "as_known($day, $known_at)", {"day": day, "known_at": end}


def commitment(con: DuckDBPyConnection, commitment_id: str, *, as_of: dt.date | None = None) -> Row:
    """One commitment as it stands. Raises `UnknownId` with the nearest known ones."""
    source, values = _as_known(as_of, None)
    row = one(con, f"FROM {source} WHERE id = $id", values | {"id": commitment_id})
    if not row:
        if as_of is not None and one(con, "FROM commitments WHERE id = ?", [commitment_id]):
            raise Refused("not-on-record", id=commitment_id, day=as_of.isoformat())
        raise unknown(con, "commitment", commitment_id)
    return row


def definition(con: DuckDBPyConnection, commitment_id: str) -> Row:
    """The wording on record: everything about a commitment that is not judged."""
    return one(
        con,
        "FROM definitions WHERE commitment_id = ? AND known_to = TIMESTAMP '9999-12-31'",
        [commitment_id],
    )


def agreement(con: DuckDBPyConnection, agreement_id: str) -> Row:
    """One agreement."""
    return one(con, "FROM agreements WHERE id = ?", [agreement_id])


def history(con: DuckDBPyConnection, commitment_id: str) -> list[Row]:
    """Events in order of happening, each with its evidence and the sources of it in full."""
    events = rows(
        con,
        "FROM history WHERE commitment_id = ? ORDER BY happened_earliest, happened_latest, version",
        [commitment_id],
    )
    cited = rows(
        con,
        "SELECT c.version, c.bearing, c.credibility, c.locator, c.quote, s.* EXCLUDE (version) "
        "FROM citations AS c JOIN sources AS s ON s.id = c.source_id "
        "WHERE c.commitment_id = ? ORDER BY c.version, c.position",
        [commitment_id],
    )
    for event in events:
        event["evidence"] = [c for c in cited if c["version"] == event["version"]]
    return events


def milestones(con: DuckDBPyConnection, commitment_id: str) -> list[Row]:
    """Steps on the way, in order."""
    return rows(con, "FROM milestones WHERE commitment_id = ? ORDER BY position", [commitment_id])


def checks(con: DuckDBPyConnection, commitment_id: str) -> list[Row]:
    """Searches that found nothing new, newest first."""
    return rows(con, "FROM checks WHERE commitment_id = ? ORDER BY checked_on DESC, id", [commitment_id])


def disputes(con: DuckDBPyConnection, commitment_id: str | None = None) -> list[Row]:
    """Disputes, open ones first; of one commitment, or all."""
    return rows(
        con,
        "FROM disputes WHERE $id IS NULL OR list_contains(commitment_ids, $id) ORDER BY settled, id",
        {"id": commitment_id},
    )


def contested(con: DuckDBPyConnection) -> set[str]:
    """Commitments about which a dispute is open or evidence on record speaks against an event."""
    found = rows(
        con,
        "SELECT unnest(commitment_ids) AS id FROM disputes WHERE NOT settled "
        "UNION SELECT commitment_id FROM citations WHERE bearing = 'contradicts'",
    )
    return {row["id"] for row in found}


def sources_by_id(con: DuckDBPyConnection, ids: list[str]) -> dict[str, Row]:
    """Sources by identifier."""
    found = rows(con, "FROM sources WHERE id IN (SELECT unnest(CAST(? AS VARCHAR[])))", [ids])
    return {row["id"]: row for row in found}


def status_counts(con: DuckDBPyConnection) -> dict[str, int]:
    """Commitments by status."""
    found = rows(con, "SELECT status, count(*) AS n FROM commitments GROUP BY ALL")
    return {row["status"]: row["n"] for row in found}


def schedule_counts(con: DuckDBPyConnection) -> dict[str, int]:
    """Commitments by schedule."""
    found = rows(con, "SELECT schedule, count(*) AS n FROM commitments GROUP BY ALL")
    return {row["schedule"]: row["n"] for row in found}


def standing(con: DuckDBPyConnection, limit: int = 300) -> list[Row]:
    """One row per commitment for the picture of where each stands."""
    return rows(
        con,
        "SELECT id, title, kind, stage, status, schedule, confidence, disputed, headline, stage_since "
        "FROM commitments ORDER BY title, id LIMIT ?",
        [limit],
    )


def changes(con: DuckDBPyConnection, limit: int = 8) -> list[Row]:
    """The newest changes of stage, by when they were recorded and then by when they happened."""
    return rows(
        con,
        """
        SELECT h.commitment_id AS id, h.version, d.title, h.happened_on, h.stage, h.status, h.note,
            h.recorded_at, h.recorded_by,
            lag(h.stage) OVER (
                PARTITION BY h.commitment_id ORDER BY h.happened_latest, h.version
            ) AS stage_before
        FROM history AS h
        JOIN definitions AS d ON d.commitment_id = h.commitment_id AND d.known_to = TIMESTAMP '9999-12-31'
        WHERE h.withdrawn_at IS NULL AND h.stage <> 'precursor'
        QUALIFY stage IS DISTINCT FROM stage_before
        ORDER BY h.recorded_at DESC, h.happened_latest DESC, h.commitment_id, h.version DESC
        LIMIT ?
        """,
        [limit],
    )


def grade_matrix(con: DuckDBPyConnection) -> list[Row]:
    """Items of evidence by reliability of the source and credibility of the information."""
    return rows(
        con,
        "SELECT reliability, credibility, count(*) AS n FROM evidence GROUP BY ALL ORDER BY ALL",
    )


def sources(
    con: DuckDBPyConnection,
    *,
    reliability: str | None = None,
    kind: str | None = None,
    search: str | None = None,
    limit: int = 1000,
) -> list[Row]:
    """Sources with the number of commitments each bears on, most used first."""
    return rows(
        con,
        """
        SELECT s.id, s.title, s.publisher, s.kind, s.published, s.language, s.reliability,
            s.reliability_reason, s.url, s.note, count(DISTINCT c.commitment_id) AS cited_by
        FROM sources AS s LEFT JOIN citations AS c ON c.source_id = s.id
        WHERE ($reliability IS NULL OR s.reliability = $reliability)
            AND ($kind IS NULL OR s.kind = $kind)
            AND ($search IS NULL
                OR contains(plain(concat_ws(' ', s.id, s.title, s.publisher)), plain($search)))
        GROUP BY ALL ORDER BY cited_by DESC, s.id LIMIT $limit
        """,
        {"reliability": reliability, "kind": kind, "search": search, "limit": limit},
    )


def facets(con: DuckDBPyConnection) -> dict[str, list[str]]:
    """The values that occur in the columns one filters by."""
    return {
        column: [r["v"] for r in rows(con, f"SELECT DISTINCT {column} AS v FROM commitments ORDER BY v")]
        for column in ("kind", "pillar")
    }


def datasets(con: DuckDBPyConnection) -> list[Row]:
    """What the pledges are about, and where the evidence ends."""
    return rows(con, "FROM datasets ORDER BY id")


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
        SELECT function_name || '(' || array_to_string(parameters, ', ') || ')', comment, (
            SELECT columns FROM columns WHERE name = 'commitments')
        FROM duckdb_functions() WHERE function_type = 'table_macro' AND NOT internal
        ORDER BY name <> 'commitments', NOT contains(name, '('), name
        """,
    )


def info(con: DuckDBPyConnection) -> Row:
    """Version of the data set, schema version, and how much there is of everything."""
    head = one(con, "SELECT hash AS head_hash, seq, recorded_at FROM ledger ORDER BY seq DESC LIMIT 1")
    counts = {
        name: one(con, f"SELECT count(*) AS n FROM {name}")["n"]
        for name in (
            "commitments",
            "history",
            "evidence",
            "sources",
            "agreements",
            "milestones",
            "checks",
            "disputes",
            "ledger",
        )
    }
    schema = one(con, "SELECT max(version) AS v FROM schema_migrations")["v"]
    return {
        "head_hash": head.get("head_hash"),
        "recorded_at": head.get("recorded_at"),
        "schema_version": schema,
        "counts": counts,
    }


def stage_counts(con: DuckDBPyConnection) -> list[Row]:
    """Commitments by stage and status: the picture of where each stands when there are very many."""
    return rows(con, "SELECT stage, status, count(*) AS n FROM commitments GROUP BY ALL ORDER BY ALL")
