"""From ledger entries to the tables that readers use, in the writer's transaction.

Typed tables follow by SQL (the folder `projection`, one file per sort of entry); judgements
follow by `tracker.judging`. The same code keeps the store current, rebuilds it for
verification, and makes it anew when the schema or the rule book has changed.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from tracker import judging, lifecycle, proof
from tracker.dates import Edtf
from tracker.rules import RULES_VERSION
from tracker.tables import exists, insert, value
from tracker.terms import Credibility, Reliability, SourceKind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLES = (
    "lifecycle",
    "ceilings",
    "dates",
    "dataset_versions",
    "source_versions",
    "agreement_versions",
    "definitions",
    "heads",
    "milestone_versions",
    "translation_versions",
    "events",
    "withdrawals",
    "citations",
    "check_versions",
    "dispute_versions",
    "codings",
    "proposals",
    "judgements",
    "findings",
)
"""Every table that follows from the ledger and the rule book."""

RULED = ("judgements", "findings")
"""Those of them that say what the rules said, and which edition of them."""

_KEPT = ("ledger", "schema_migrations", "rulebook")
"""Tables that do not."""

_DATE_TEXTS = """
SELECT DISTINCT unnest(
    json_extract_string(payload, ['$.published', '$.dated', '$.due', '$.happened_on'])
    || json_extract_string(payload, '$.milestones[*].expected')
    || json_extract_string(payload, '$.milestones[*].reached')
) AS edtf
FROM fresh
"""

_SECTIONS = (
    "dataset",
    "source",
    "agreement",
    "commitment",
    "event",
    "check",
    "dispute",
    "coding",
    "withdrawal",
    "proposal",
)
"""Sorts of entries in the order in which they may refer to each other."""

_TRANSLATED = {"dataset", "agreement", "commitment", "dispute"}
"""What can be told in more than one language."""

_SHOWS = {
    "datasets": "dataset_versions",
    "sources": "source_versions",
    "agreements": "agreement_versions",
    "milestones": "milestone_versions",
    "translations": "translation_versions",
    "checks": "check_versions",
    "disputes": "dispute_versions",
    "history": "events",
}
"""Views, and the tables whose columns they show."""

_MARKED = ("source", "check", "dispute")
"""What can be withdrawn as a whole."""

_BATCH = """
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT *, CASE WHEN kind = 'event' THEN 'event'
    WHEN kind IN ('withdraw', 'restore') THEN 'withdrawal' ELSE entity END AS section
FROM ledger WHERE seq BETWEEN {first} AND {last};

CREATE OR REPLACE TEMP TABLE latest AS
FROM fresh WHERE kind IN ('add', 'revise')
QUALIFY row_number() OVER (PARTITION BY entity, entity_id ORDER BY version DESC) = 1;

CREATE OR REPLACE TEMP TABLE touched AS
SELECT entity_id AS commitment_id FROM fresh WHERE entity = 'commitment' GROUP BY ALL;
"""

_HEADS = """
UPDATE heads SET known_to = f.recorded_at
FROM fresh AS f
WHERE f.entity = 'commitment' AND f.entity_id = heads.commitment_id
    AND heads.known_to = TIMESTAMP '9999-12-31';
INSERT INTO heads BY NAME
SELECT entity_id AS commitment_id, max(version) AS version, max(recorded_at) AS known_from,
    TIMESTAMP '9999-12-31' AS known_to
FROM fresh WHERE entity = 'commitment' GROUP BY entity_id ORDER BY entity_id;
"""


def project(con: DuckDBPyConnection, first: int, last: int) -> None:
    """Bring every table up to date with the ledger entries `first` to `last`, one batch."""
    con.execute(_BATCH.format(first=int(first), last=int(last)))
    _read_dates(con)
    # A statement costs milliseconds even when there is nothing for it to do.
    sections, now = con.execute("SELECT list(DISTINCT section), max(recorded_at) FROM fresh").fetchall()[0]
    present = set(sections)
    for section in _SECTIONS:
        if section in present:
            con.execute(_sql(section))
    if present & _TRANSLATED:
        con.execute(_sql("translation"))
    if "withdrawal" in present:
        _mark(con)
    if present & {"commitment", "event", "withdrawal"}:
        con.execute(_HEADS)
    judging.judge(con, now)
    adopted = adopted_at(con)
    # Entries taken over from another store may be older than the rule book is here.
    if adopted is not None and now <= adopted:
        forget_before(con, adopted)


def _mark(con: DuckDBPyConnection) -> None:
    """Withdraw or restore whole things; what they bear on is judged anew."""
    for entity in _MARKED:
        if value(con, "SELECT count(*) FROM marked WHERE entity = ?", entity):
            con.execute(_sql("mark").format(entity=entity))
    con.execute(
        "INSERT INTO touched SELECT commitment_id FROM citations "
        "WHERE source_id IN (SELECT entity_id FROM marked WHERE entity = 'source') "
        "UNION SELECT commitment_id FROM checks "
        "WHERE id IN (SELECT entity_id FROM marked WHERE entity = 'check') "
        "UNION SELECT unnest(commitment_ids) FROM disputes "
        "WHERE id IN (SELECT entity_id FROM marked WHERE entity = 'dispute')"
    )


@cache
def _sql(section: str) -> str:
    return files("tracker").joinpath("projection", f"{section}.sql").read_text(encoding="utf-8")


def _read_dates(con: DuckDBPyConnection) -> None:
    rows = con.execute(
        f"SELECT edtf FROM ({_DATE_TEXTS}) WHERE edtf IS NOT NULL AND edtf NOT IN (SELECT edtf FROM dates) "
        "ORDER BY edtf"
    ).fetchall()
    texts = [Edtf(text) for (text,) in rows]
    if texts:
        insert(con, "dates", [{"edtf": t, "earliest": t.earliest, "latest": t.latest} for t in texts])


def rebuild(con: DuckDBPyConnection) -> None:
    """Project the whole ledger of a store whose other tables are empty, batch by batch."""
    batches = con.execute(
        "SELECT min(seq), max(seq) FROM ledger GROUP BY recorded_at ORDER BY recorded_at"
    ).fetchall()
    for first, last in batches:
        project(con, first, last)


def remake(con: DuckDBPyConnection, now: dt.datetime) -> None:
    """Drop all that follows from the ledger and make it anew, by the present rules.

    What earlier editions of the rule book said is kept as what was believed until `now`:
    this program can no longer compute it.
    """
    former = {table: f"former_{table}" for table in RULED if exists(con, table)}
    for table, kept in former.items():
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {kept} AS FROM {table} WHERE rules_version < {RULES_VERSION}"
        )
    _drop(con)
    _make(con)
    rebuild(con)
    if value(con, "SELECT coalesce(max(version), 0) FROM rulebook") < RULES_VERSION:
        began = any(value(con, f"SELECT count(*) FROM {kept}") for kept in former.values())
        con.execute("INSERT INTO rulebook VALUES (?, ?)", [RULES_VERSION, now if began else None])
    adopted = adopted_at(con)
    if adopted is not None:
        forget_before(con, adopted)
        for table, kept in former.items():
            # The first edition knew no parties.
            lacking = ", [] AS answers" if table == "judgements" and not _has(con, kept, "answers") else ""
            con.execute(
                f"INSERT INTO {table} BY NAME "
                f"SELECT * REPLACE (least(known_to, ?) AS known_to){lacking} FROM {kept}",
                [adopted],
            )


def adopted_at(con: DuckDBPyConnection) -> dt.datetime | None:
    """When the present rule book took over from another; None where it judged from the beginning."""
    found: dt.datetime | None = value(
        con, "SELECT max(adopted_at) FROM rulebook WHERE version = ?", RULES_VERSION
    )
    return found


def forget_before(con: DuckDBPyConnection, adopted: dt.datetime) -> None:
    """Let what the present rule book says begin when it was adopted."""
    ours = f"rules_version = {RULES_VERSION}"
    for table in RULED:
        con.execute(f"DELETE FROM {table} WHERE known_to <= ? AND {ours}", [adopted])
        con.execute(f"UPDATE {table} SET known_from = ? WHERE known_from < ? AND {ours}", [adopted, adopted])


def _has(con: DuckDBPyConnection, table: str, column: str) -> bool:
    return column in [row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()]


def _drop(con: DuckDBPyConnection) -> None:
    """Drop every view, macro and table but those that do not follow from the ledger."""
    tables = con.execute(
        "SELECT 'VIEW', view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary "
        "UNION ALL "
        "SELECT 'TABLE', table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary"
    ).fetchall()
    standing = [found for found in tables if found[1] not in _KEPT]
    if not standing:
        return
    macros = con.execute(
        "SELECT DISTINCT if(function_type = 'macro', 'MACRO', 'MACRO TABLE'), function_name "
        "FROM duckdb_functions() WHERE NOT internal AND function_type IN ('macro', 'table_macro')"
    ).fetchall()
    con.execute("".join(f'DROP {what} "{name}";' for what, name in [*macros, *standing]))


def _make(con: DuckDBPyConnection) -> None:
    """Make every table, view and macro, and fill those that do not depend on entries."""
    con.execute(_sql("schema"))
    _describe_columns(con)
    insert(con, "lifecycle", [row._asdict() for row in lifecycle.table()])
    insert(
        con,
        "ceilings",
        [
            {
                "kind": kind,
                "reliability": reliability,
                "credibility": credibility.value,
                "proves": proof.ceiling(kind, reliability, credibility).name.lower(),
            }
            for kind in SourceKind
            for reliability in Reliability
            for credibility in Credibility
        ],
    )


def _describe_columns(con: DuckDBPyConnection) -> None:
    """Give columns of views the comment of the column that they show."""
    shown = ", ".join(f"('{view}', '{table}')" for view, table in _SHOWS.items())
    comments = con.execute(
        "WITH described AS MATERIALIZED (FROM duckdb_columns() WHERE NOT internal) "
        "SELECT shown.seen, v.column_name, t.comment "
        f"FROM (VALUES {shown}) AS shown(seen, kept) "
        "JOIN described AS v ON v.table_name = shown.seen AND v.comment IS NULL "
        "JOIN described AS t ON t.table_name = shown.kept AND t.column_name = v.column_name"
    ).fetchall()
    quoted = [(view, column, comment.replace("'", "''")) for view, column, comment in comments]
    con.execute("".join(f"""COMMENT ON COLUMN {v}."{c}" IS '{comment}';""" for v, c, comment in quoted))
