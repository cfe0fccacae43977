"""One Parquet file for the whole data set: one row per commitment, everything nested in it.

The readable columns are for anybody's Parquet reader; `entries` carries the ledger lines
themselves, so that an import rebuilds the very same ledger, hash for hash. Every line
stands in one row: those of a commitment in its own, those of a source, agreement, check
or dispute in the row of the first commitment that refers to it. What no commitment refers
to stands in the file's key-value metadata, under `unattached_entries`.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from tracker.errors import BadFile, Invalid, StoreUnavailable
from tracker.ledger import LARGEST, OPTIONAL, SHAPE, TYPES, Entry, canonical
from tracker.rules import RULES_VERSION

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ENTRY = "{" + ", ".join(f"{c}: {c}" for c in TYPES) + "}"

_ATTACHED = """
WITH refs AS (
    SELECT DISTINCT 'commitment' AS entity, commitment_id AS entity_id, commitment_id FROM definitions
    UNION ALL SELECT 'agreement', agreement_id, commitment_id FROM definitions
    UNION ALL SELECT 'source', unnest(source_ids || related_source_ids), commitment_id FROM definitions
    UNION ALL SELECT 'source', unnest(a.source_ids), d.commitment_id
        FROM definitions AS d JOIN agreements AS a ON a.id = d.agreement_id
    UNION ALL SELECT 'source', source_id, commitment_id FROM citations
    UNION ALL SELECT 'check', id, commitment_id FROM checks
    UNION ALL SELECT 'coding', id, commitment_id FROM codings
    UNION ALL SELECT 'dispute', id, unnest(commitment_ids) FROM disputes
    UNION ALL SELECT 'source', source_id, unnest(commitment_ids) FROM (
        SELECT commitment_ids, unnest(flatten(list_transform(sides, lambda s: s.source_ids))) AS source_id
        FROM disputes
    )
),
owners AS (SELECT entity, entity_id, min(commitment_id) AS commitment_id FROM refs GROUP BY ALL),
attached AS (
    SELECT o.commitment_id, l.*
    FROM ledger AS l LEFT JOIN owners AS o USING (entity, entity_id)
)
"""

_ROWS = f"""
{_ATTACHED},
told AS (
    SELECT h.commitment_id, list({{
        version: h.version, happened_on: h.happened_on, happened_earliest: h.happened_earliest,
        happened_latest: h.happened_latest, stage: h.stage, status: h.status, note: h.note,
        recorded_at: h.recorded_at, recorded_by: h.recorded_by,
        withdrawn_at: h.withdrawn_at, withdrawn_by: h.withdrawn_by,
        withdrawn_because: h.withdrawn_because, superseded_by: h.superseded_by, party: h.party,
        supported: f.supported, evidence: e.items
    }} ORDER BY h.version) AS history
    FROM history_known(TIMESTAMP '9999-12-30') AS h
    LEFT JOIN findings AS f ON f.commitment_id = h.commitment_id AND f.version = h.version
        AND f.known_to = TIMESTAMP '9999-12-31'
    LEFT JOIN (
        SELECT c.commitment_id, c.version, list({{
            source_id: c.source_id, bearing: c.bearing, reliability: s.reliability,
            credibility: c.credibility, locator: c.locator, quote: c.quote, prefix: c.prefix,
            suffix: c.suffix, archive_sha256: c.archive_sha256, source: s
        }} ORDER BY c.position) AS items
        FROM citations AS c JOIN sources AS s ON s.id = c.source_id GROUP BY ALL
    ) AS e ON e.commitment_id = h.commitment_id AND e.version = h.version
    GROUP BY h.commitment_id
),
steps AS (
    SELECT commitment_id, list(m ORDER BY m.position) AS milestones FROM milestones AS m GROUP BY ALL
),
looked AS (
    SELECT commitment_id, list(k ORDER BY k.checked_on, k.id) AS checks FROM checks AS k GROUP BY ALL
),
argued AS (
    SELECT commitment_id, list(d ORDER BY d.id) AS disputes
    FROM (SELECT unnest(commitment_ids) AS commitment_id, d FROM disputes AS d) GROUP BY ALL
),
spoken AS (
    SELECT entity_id AS commitment_id, list({{
        "language": t.language, field: t.field, "text": t.text, made_by: t.made_by, original: t.original
    }} ORDER BY t.language, t.field) AS translations
    FROM translations AS t WHERE entity = 'commitment' GROUP BY entity_id
),
standing AS (
    SELECT commitment_id, claimed_stage, answers FROM judgements
    WHERE known_to = TIMESTAMP '9999-12-31' AND valid_from <= CAST(? AS DATE) AND CAST(? AS DATE) < valid_to
),
kept AS (
    SELECT commitment_id, list({_ENTRY} ORDER BY seq) AS entries
    FROM attached WHERE commitment_id IS NOT NULL GROUP BY ALL
)
SELECT
    c.*, CAST(? AS DATE) AS stands_on, w.claimed_stage, w.answers,
    d.parties_basis, d.cadence_note, d.source_ids, d.related_source_ids,
    d.open_questions, d.conflicts, d.assessment,
    a AS agreement, coalesce(told.history, []) AS history, coalesce(steps.milestones, []) AS milestones,
    coalesce(looked.checks, []) AS checks, coalesce(argued.disputes, []) AS disputes,
    coalesce(spoken.translations, []) AS translations, kept.entries
FROM as_of(CAST(? AS DATE)) AS c
JOIN definitions AS d ON d.commitment_id = c.id AND d.known_to = TIMESTAMP '9999-12-31'
JOIN agreements AS a ON a.id = c.agreement_id
JOIN standing AS w ON w.commitment_id = c.id
LEFT JOIN told ON told.commitment_id = c.id
LEFT JOIN steps ON steps.commitment_id = c.id
LEFT JOIN looked ON looked.commitment_id = c.id
LEFT JOIN argued ON argued.commitment_id = c.id
LEFT JOIN spoken ON spoken.commitment_id = c.id
JOIN kept ON kept.commitment_id = c.id
ORDER BY c.id
"""


def write(con: DuckDBPyConnection, path: Path) -> int:
    """Write the data set to a Parquet file and return its number of rows.

    Same content, same bytes: the state columns hold for the day of the newest ledger
    entry (`stands_on`), not for the day of the export. Replaces the file whole or not at all.
    """
    row = con.execute("SELECT CAST(max(recorded_at) AS DATE), arg_max(hash, seq) FROM ledger").fetchone()
    assert row is not None
    day, head = row
    unattached = con.execute(
        f"{_ATTACHED} SELECT coalesce(CAST(to_json(list({_ENTRY} ORDER BY seq)) AS VARCHAR), '[]') "
        "FROM attached WHERE commitment_id IS NULL"
    ).fetchone()
    assert unattached is not None
    metadata = {
        "format": "commitment-tracker 1",
        "license": "CC-BY-4.0",
        "head_hash": head or "",
        "rules_version": str(RULES_VERSION),
        "unattached_entries": unattached[0],
    }
    literal = ", ".join(f"{key}: {_quoted(value)}" for key, value in metadata.items())
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        written = con.execute(
            f"COPY ({_ROWS}) TO {_quoted(str(fresh))} "
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{literal}}})",
            [day] * 4,
        ).fetchone()
        assert written is not None
        os.replace(fresh, path)
    except (duckdb.Error, OSError) as error:
        code = "disk-full" if "No space left" in str(error) else "unwritable"
        raise StoreUnavailable(
            code, path=str(path), detail=str(error).splitlines()[0].rsplit(": ", 1)[-1]
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    count: int = written[0]
    return count


def statements(file: str) -> tuple[str, ...]:
    """What to ask of an exported file to have its entries.

    How many rows it says that it has; a row if it is one of ours; the entries that stand in rows,
    and those that stand in none.
    """
    literal, columns = _quoted(file), ", ".join(f"e.{c}" for c in TYPES)
    apart = (
        f"FROM parquet_kv_metadata({literal}) "
        "WHERE decode(key) = 'unattached_entries' AND json_type(decode(value)) = 'ARRAY'"
    )
    # Lines of older files lack the columns that came later.
    shape = _quoted(json.dumps([TYPES]))
    return (
        f"SELECT num_rows FROM parquet_file_metadata({literal})",
        f"SELECT 1 {apart}",
        f"SELECT {columns} FROM (SELECT CAST(unnest(entries) AS {SHAPE}) AS e FROM read_parquet({literal}))",
        f"SELECT {columns} FROM (SELECT unnest(from_json(decode(value), {shape})) AS e {apart})",
    )


def read(path: Path) -> list[Entry]:
    """The ledger entries of an exported file of our own, in order. Raises `BadFile`.

    What comes from elsewhere is read by `tracker.intake`, which keeps it within limits.
    """
    if not path.exists():
        raise BadFile("no-file", path=str(path))
    with duckdb.connect(":memory:") as con:
        try:
            _, ours, attached, apart = (con.execute(s).fetchall() for s in statements(str(path)))
        except duckdb.Error as error:
            raise BadFile("not-export", path=str(path)) from error
    return entries([*attached, *apart], bool(ours), str(path))


def entries(rows: Iterable[Sequence[Any]], ours: bool, name: str) -> list[Entry]:
    """The entries of a file in order, each one that this program could have written.

    `rows` are its entries, times as such or in ISO 8601; `ours` says whether the file bears our
    mark. Raises `BadFile` under the name of the file.
    """
    try:
        if not ours:
            raise ValueError(name)
        made = sorted(map(_entry, rows), key=lambda e: e.seq)
    except (ValueError, TypeError) as error:
        raise BadFile("not-export", path=name) from error
    _admit(made, name)
    return made


_PYTHON: dict[str, type] = {"BIGINT": int, "INTEGER": int, "TIMESTAMP": dt.datetime, "VARCHAR": str}
_AT = list(TYPES).index("recorded_at")


def _entry(row: Sequence[Any]) -> Entry:
    """One entry from its columns. Raises ValueError or TypeError."""
    told = list(row)
    if isinstance(told[_AT], str):
        told[_AT] = dt.datetime.fromisoformat(told[_AT])
    for value, (name, type_) in zip(told, TYPES.items(), strict=True):
        if type(value) is not _PYTHON[type_] and not (value is None and name in OPTIONAL):
            raise TypeError(name)
    return Entry(*told)


def _admit(entries: Sequence[Entry], name: str) -> None:
    """Every entry must be something this program could have written."""
    from tracker import models
    from tracker.terms import Door, Entity, EntryKind

    names = {EntryKind.ADD: "id", EntryKind.REVISE: "id", EntryKind.EVENT: "commitment_id"}
    for entry in entries:
        try:
            kind, payload = EntryKind(entry.kind), json.loads(entry.payload)
            key = (entry.idempotency_key or "").rpartition("#")[0] or None
            asked = models.Request.parse({"by": entry.actor, "key": key})
            model = models.recorded(Entity(entry.entity), kind)
            fits = (
                model is not None
                and (asked.by, asked.key) == (entry.actor, key)
                and entry.door in (None, *Door)
                and len(entry.payload.encode()) <= LARGEST
                and canonical(model.parse(payload).model_dump(mode="json")) == entry.payload
                and (kind not in names or payload[names[kind]] == entry.entity_id)
            )
        except (Invalid, ValueError, KeyError, RecursionError) as error:
            raise BadFile("invalid-entry", path=name, seq=entry.seq) from error
        if not fits:
            raise BadFile("invalid-entry", path=name, seq=entry.seq)


def _quoted(text: str) -> str:
    """A SQL string literal; COPY takes no parameters where these stand."""
    return "'" + text.replace("'", "''") + "'"
