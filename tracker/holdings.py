"""What the ledger holds, for those who write: newest contents, versions, what is missing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import rfc8785

from tracker.errors import UnknownId

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def unknown(con: DuckDBPyConnection, entity: str, entity_id: str) -> UnknownId:
    """The error for an unknown identifier, with the nearest known ones."""
    rows = con.execute(
        "SELECT entity_id FROM ledger WHERE entity = ? AND version = 1 "
        "AND jaro_winkler_similarity(entity_id, ?) > 0.8 "
        "ORDER BY jaro_winkler_similarity(entity_id, ?) DESC, entity_id LIMIT 3",
        [entity, entity_id, entity_id],
    ).fetchall()
    return UnknownId(entity, entity_id, [r[0] for r in rows])


def content(con: DuckDBPyConnection, entity: str, entity_id: str) -> tuple[int, dict[str, Any]]:
    """Newest version and newest content of one thing. Raises `UnknownId`."""
    row = con.execute(
        "SELECT max(version), arg_max(payload, version) FILTER (kind IN ('add', 'revise')) FROM ledger "
        "WHERE entity = ? AND entity_id = ?",
        [entity, entity_id],
    ).fetchone()
    if row is None or row[0] is None:
        raise unknown(con, entity, entity_id)
    return row[0], json.loads(row[1])


class Told(NamedTuple):
    """One event on record, as a facts file would tell it."""

    version: int
    payload: dict[str, Any]
    """Without what it replaces, and why."""
    by: str
    supersedes: int | None
    withdrawn_by: str | None
    """Who withdrew or replaced it; None while it stands."""


class Held(NamedTuple):
    """All that is on record, as an import needs it."""

    contents: dict[tuple[str, str], tuple[int, str, str]]
    """Newest version, newest content as canonical JSON and its author, by entity and identifier."""
    events: dict[str, list[Told]]
    """Events in the order of their versions, by commitment."""
    withdrawn: set[tuple[str, str]]
    """Sources, searches and disputes that do not count."""


NOTHING = Held({}, {}, set())
"""What a store holds that is not there yet."""


def held(con: DuckDBPyConnection) -> Held:
    """Everything on record."""
    contents = con.execute(
        "SELECT entity, entity_id, max(version), "
        "arg_max(payload, version) FILTER (kind IN ('add', 'revise')), "
        "arg_max(actor, version) FILTER (kind IN ('add', 'revise')) FROM ledger GROUP BY ALL"
    ).fetchall()
    told: dict[str, list[Told]] = {}
    for entity_id, version, payload, actor, withdrawn_by in con.execute(
        "SELECT l.entity_id, l.version, l.payload, l.actor, h.withdrawn_by "
        "FROM ledger AS l JOIN history AS h ON h.commitment_id = l.entity_id AND h.version = l.version "
        "WHERE l.kind = 'event' ORDER BY l.seq"
    ).fetchall():
        content, supersedes = _first_told(payload)
        told.setdefault(entity_id, []).append(Told(version, content, actor, supersedes, withdrawn_by))
    withdrawn = con.execute(
        "SELECT 'source', id FROM sources WHERE withdrawn_at IS NOT NULL "
        "UNION SELECT 'check', id FROM checks WHERE withdrawn_at IS NOT NULL "
        "UNION SELECT 'dispute', id FROM disputes WHERE withdrawn_at IS NOT NULL"
    ).fetchall()
    return Held(
        {(entity, entity_id): tuple(newest) for entity, entity_id, *newest in contents},
        told,
        {(entity, entity_id) for entity, entity_id in withdrawn},
    )


def _first_told(payload: str) -> tuple[dict[str, Any], int | None]:
    """An event as if it replaced none, and what it replaces."""
    content: dict[str, Any] = json.loads(payload)
    content.pop("because", None)
    return content, content.pop("supersedes", None)


_STORED = """
WITH held AS (
    SELECT unnest(
        CAST(CAST(? AS JSON) AS STRUCT(entity VARCHAR, id VARCHAR, language VARCHAR)[]), max_depth := 2)
),
things AS (FROM held WHERE "language" IS NULL),
ours AS (SELECT id FROM things WHERE entity = 'commitment'),
wording AS (
    SELECT * FROM definitions
    WHERE known_to = TIMESTAMP '9999-12-31' AND commitment_id IN (SELECT id FROM ours)
)
SELECT
    (SELECT count(*) FROM datasets JOIN things USING (id) WHERE entity = 'dataset') AS datasets,
    (SELECT count(*) FROM sources JOIN things USING (id) WHERE entity = 'source') AS sources,
    (SELECT count(*) FROM agreements JOIN things USING (id) WHERE entity = 'agreement') AS agreements,
    (SELECT count(*) FROM disputes JOIN things USING (id) WHERE entity = 'dispute') AS disputes,
    (SELECT count(*) FROM wording) AS commitments,
    (SELECT count(*) FROM wording WHERE headline) AS headline,
    (SELECT sum(len(open_questions)) FROM wording) AS open_questions,
    (SELECT sum(len(conflicts)) FROM wording) AS conflicts,
    (SELECT count(assessment) FROM wording) AS assessments,
    (SELECT count(DISTINCT (t.entity, t.entity_id, t.language)) FROM translations AS t
     JOIN held ON held.entity = t.entity AND held.id = t.entity_id AND held.language = t.language
    ) AS translations,
    (SELECT count(*) FROM milestones WHERE commitment_id IN (SELECT id FROM ours)) AS milestones
"""
_STORED_EVENTS = """
SELECT h.commitment_id, l.payload,
    (SELECT count(*) FROM citations AS c
     WHERE c.commitment_id = h.commitment_id AND c.version = h.version) AS evidence
FROM events AS h JOIN ledger AS l
    ON l.entity = 'commitment' AND l.entity_id = h.commitment_id AND l.version = h.version
WHERE h.commitment_id IN (SELECT unnest(CAST(? AS VARCHAR[])))
"""


def stored(
    con: DuckDBPyConnection,
    things: Iterable[tuple[str, str]],
    events: Iterable[tuple[str, str]],
    translations: Iterable[tuple[str, str, str]],
) -> dict[str, int]:
    """How many of these things, with what is part of them, and of these events the tables hold.

    An event is given as the identifier of its commitment and its canonical JSON, a translation as
    its thing and its language.
    """
    held = [{"entity": entity, "id": thing_id, "language": None} for entity, thing_id in things]
    held += [{"entity": e, "id": thing_id, "language": code} for e, thing_id, code in translations]
    cursor = con.execute(_STORED, [json.dumps(held)])
    names = [column[0] for column in cursor.description or ()]
    row = cursor.fetchone()
    assert row is not None
    counts = {name: int(value or 0) for name, value in zip(names, row, strict=True)}
    wanted = Counter(events)
    kept = []
    for commitment_id, payload, evidence in con.execute(
        _STORED_EVENTS, [sorted({commitment_id for commitment_id, _ in wanted})]
    ).fetchall():
        if '"supersedes"' in payload:
            payload = rfc8785.dumps(_first_told(payload)[0]).decode()
        if wanted[commitment_id, payload]:
            wanted[commitment_id, payload] -= 1
            kept.append(evidence)
    return counts | {"events": len(kept), "evidence": sum(kept)}
