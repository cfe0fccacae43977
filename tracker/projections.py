"""From ledger entries to the tables that readers use, in the writer's transaction.

Typed tables follow by SQL (the folder `projection`, one file per sort of entry); judgements
follow by `tracker.rules`. The same code keeps the store current and rebuilds it for verification.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tracker import lifecycle, rules
from tracker.dates import Edtf
from tracker.terms import Bearing, Credibility, Kind, Reliability, SourceKind, Stage

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLES = (
    "lifecycle",
    "dates",
    "datasets",
    "sources",
    "agreements",
    "definitions",
    "heads",
    "milestones",
    "history",
    "citations",
    "checks",
    "disputes",
    "judgements",
)
"""Every table that follows from the ledger and the lifecycle file."""

_DATE_TEXTS = """
SELECT DISTINCT unnest(
    json_extract_string(payload, ['$.published', '$.dated', '$.due', '$.happened_on'])
    || json_extract_string(payload, '$.milestones[*].expected')
    || json_extract_string(payload, '$.milestones[*].reached')
) AS edtf
FROM fresh
"""


def fill_lifecycle(con: DuckDBPyConnection) -> None:
    """Write the lifecycle table from its file."""
    con.execute("DELETE FROM lifecycle")
    con.executemany("INSERT INTO lifecycle VALUES (?, ?, ?, ?, ?, ?)", [list(r) for r in lifecycle.table()])


_SECTIONS = ("dataset", "source", "agreement", "commitment", "event", "check", "dispute")
"""Sorts of entries in the order in which they may refer to each other."""

_BATCH = """
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT *, if(kind = 'event', 'event', entity) AS section
FROM ledger WHERE seq BETWEEN {first} AND {last};

CREATE OR REPLACE TEMP TABLE latest AS
FROM fresh WHERE kind <> 'event'
QUALIFY row_number() OVER (PARTITION BY entity, entity_id ORDER BY version DESC) = 1;

CREATE OR REPLACE TEMP TABLE touched AS
SELECT entity_id AS commitment_id FROM fresh WHERE entity = 'commitment' GROUP BY ALL;

DELETE FROM heads WHERE commitment_id IN (SELECT commitment_id FROM touched);
INSERT INTO heads BY NAME
SELECT entity_id AS commitment_id, max(version) AS version, max(recorded_at) AS recorded_at
FROM fresh WHERE entity = 'commitment' GROUP BY ALL ORDER BY ALL;
"""


def project(con: DuckDBPyConnection, first: int, last: int) -> None:
    """Bring every table up to date with the ledger entries `first` to `last`, one batch."""
    con.execute(_BATCH.format(first=int(first), last=int(last)))
    _read_dates(con)
    # A statement costs milliseconds even when there is nothing for it to do.
    present = {row[0] for row in con.execute("SELECT DISTINCT section FROM fresh").fetchall()}
    for section in _SECTIONS:
        if section in present:
            con.execute(_sql(section))
    _judge(con)


@cache
def _sql(section: str) -> str:
    return files("tracker").joinpath("projection", f"{section}.sql").read_text(encoding="utf-8")


def _read_dates(con: DuckDBPyConnection) -> None:
    rows = con.execute(
        f"SELECT edtf FROM ({_DATE_TEXTS}) WHERE edtf IS NOT NULL AND edtf NOT IN (SELECT edtf FROM dates) "
        "ORDER BY edtf"
    ).fetchall()
    texts = [Edtf(text) for (text,) in rows]
    _insert(con, "dates", [{"edtf": t, "earliest": t.earliest, "latest": t.latest} for t in texts])


def _judge(con: DuckDBPyConnection) -> None:
    """Judge the touched commitments anew; close what no longer holds, add what is new."""
    now = _value(con, "SELECT max(recorded_at) FROM fresh")
    con.execute("CREATE OR REPLACE TEMP TABLE judged AS FROM judgements LIMIT 0")
    _insert(
        con,
        "judged",
        [
            {
                "commitment_id": commitment_id,
                "valid_from": span.since,
                "valid_to": span.until,
                "known_from": now,
                "known_to": dt.datetime(9999, 12, 31),
                **{name: getattr(span.judgement, name) for name in span.judgement.__slots__},
                "rules_version": rules.RULES_VERSION,
            }
            for commitment_id, record in _records(con).items()
            for span in rules.timeline(record)
        ],
    )
    said = "* EXCLUDE (known_from, known_to)"
    standing = (
        "judgements WHERE known_to = TIMESTAMP '9999-12-31' "
        "AND commitment_id IN (SELECT commitment_id FROM touched)"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE gone AS SELECT {said} FROM {standing} EXCEPT SELECT {said} FROM judged"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE come AS SELECT {said} FROM judged EXCEPT SELECT {said} FROM {standing}"
    )
    con.execute(
        "UPDATE judgements SET known_to = ? FROM gone WHERE known_to = TIMESTAMP '9999-12-31' "
        "AND judgements.commitment_id = gone.commitment_id AND judgements.valid_from = gone.valid_from",
        [now],
    )
    con.execute(
        "INSERT INTO judgements BY NAME SELECT *, CAST(? AS TIMESTAMP) AS known_from, "
        "TIMESTAMP '9999-12-31' AS known_to FROM come ORDER BY commitment_id, valid_from",
        [now],
    )


def _records(con: DuckDBPyConnection) -> dict[str, rules.Record]:
    """All that is on record about each touched commitment."""
    touched = "(SELECT commitment_id FROM touched)"
    items: dict[tuple[str, int], list[rules.Item]] = defaultdict(list)
    for commitment_id, version, *grades, publisher in con.execute(
        "SELECT c.commitment_id, c.version, c.bearing, s.reliability, c.credibility, s.kind, s.publisher "
        "FROM citations AS c JOIN sources AS s ON s.id = c.source_id "
        f"WHERE c.commitment_id IN {touched} ORDER BY c.commitment_id, c.version, c.position"
    ).fetchall():
        bearing, reliability, credibility, kind = grades
        items[commitment_id, version].append(
            rules.Item(
                Bearing(bearing),
                Reliability(reliability),
                Credibility(credibility),
                SourceKind(kind),
                publisher,
            )
        )
    events: dict[str, list[rules.Event]] = defaultdict(list)
    for commitment_id, version, stage, *when in con.execute(
        "SELECT commitment_id, version, stage, happened_on, happened_earliest, happened_latest, "
        "CAST(recorded_at AS DATE) FROM history "
        f"WHERE withdrawn_at IS NULL AND commitment_id IN {touched} ORDER BY commitment_id, version"
    ).fetchall():
        happened_on, earliest, latest, recorded_on = when
        events[commitment_id].append(
            rules.Event(
                version,
                Stage(stage),
                happened_on,
                earliest,
                latest,
                recorded_on,
                tuple(items[commitment_id, version]),
            )
        )
    checks: dict[str, list[dt.date]] = defaultdict(list)
    for commitment_id, day in con.execute(
        f"SELECT commitment_id, checked_on FROM checks WHERE commitment_id IN {touched}"
    ).fetchall():
        checks[commitment_id].append(day)
    settled: dict[str, bool] = dict(
        con.execute(
            "SELECT id, bool_and(settled) FROM (SELECT unnest(commitment_ids) AS id, settled FROM disputes) "
            f"WHERE id IN {touched} GROUP BY id"
        ).fetchall()
    )
    definitions = con.execute(
        "SELECT d.commitment_id, d.kind, CAST(f.known_from AS DATE), d.due_latest, d.cadence "
        "FROM definitions AS d "
        "JOIN (SELECT commitment_id, min(known_from) AS known_from FROM definitions GROUP BY ALL) AS f "
        "USING (commitment_id) "
        f"WHERE d.known_to = TIMESTAMP '9999-12-31' AND commitment_id IN {touched} "
        "ORDER BY commitment_id"
    ).fetchall()
    return {
        commitment_id: rules.Record(
            Kind(kind),
            recorded_on,
            due,
            cadence,
            tuple(events[commitment_id]),
            tuple(checks[commitment_id]),
            commitment_id in settled,
            settled.get(commitment_id) is False,
        )
        for commitment_id, kind, recorded_on, due, cadence in definitions
    }


def rebuild(con: DuckDBPyConnection) -> None:
    """Project the whole ledger of a store whose other tables are empty, batch by batch."""
    batches = con.execute(
        "SELECT min(seq), max(seq) FROM ledger GROUP BY recorded_at ORDER BY recorded_at"
    ).fetchall()
    for first, last in batches:
        project(con, first, last)


def _insert(con: DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows as one statement over one JSON text, typed by the table's own columns."""
    columns = con.execute(f"DESCRIBE {table}").fetchall()
    shape = ", ".join(f'"{name}" {kind}' for name, kind, *_ in columns)
    con.execute(
        f"INSERT INTO {table} BY NAME "
        f"SELECT unnest(CAST(CAST(? AS JSON) AS STRUCT({shape})[]), max_depth := 2)",
        [json.dumps(rows, default=str)],
    )


def _value(con: DuckDBPyConnection, query: str) -> Any:
    row = con.execute(query).fetchone()
    assert row is not None
    return row[0]
