"""How do we know: sources, disputes, corrections and second judgements, one function per question."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tracker import search as looking
from tracker.clocks import At, now
from tracker.queries import Row, one, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection


def disputes(
    con: DuckDBPyConnection,
    commitment_id: str | None = None,
    at: At | None = None,
    *,
    source_id: str | None = None,
    withdrawn: bool = False,
) -> list[Row]:
    """Disputes that stand, or that were withdrawn, open ones first; of one commitment or source, or all."""
    return rows(
        con,
        "FROM disputes_known($known_at) WHERE (withdrawn_at IS NOT NULL) = $withdrawn "
        "AND ($id IS NULL OR list_contains(commitment_ids, $id)) "
        "AND ($source IS NULL OR list_contains(flatten([s.source_ids for s in sides]), $source)) "
        "ORDER BY settled, id",
        {"known_at": now(at).known_at, "id": commitment_id, "source": source_id, "withdrawn": withdrawn},
    )


def dispute(con: DuckDBPyConnection, dispute_id: str, at: At | None = None) -> Row:
    """One dispute, withdrawn or not; empty where there is none."""
    return one(
        con,
        "FROM disputes_known($known_at) WHERE id = $id",
        {"known_at": now(at).known_at, "id": dispute_id},
    )


def contested(con: DuckDBPyConnection, ids: Sequence[str], at: At | None = None) -> set[str]:
    """Those of the commitments named about which a dispute is open or evidence speaks against an event."""
    found = rows(
        con,
        "SELECT id FROM (SELECT unnest(commitment_ids) AS id FROM disputes_known($known_at) "
        "WHERE NOT settled AND withdrawn_at IS NULL) WHERE id IN (SELECT unnest($ids)) "
        "UNION SELECT e.commitment_id FROM evidence_known($known_at) AS e "
        "JOIN history_known($known_at) AS h USING (commitment_id, version) "
        "WHERE e.commitment_id IN (SELECT unnest($ids)) "
        "AND e.bearing = 'contradicts' AND e.withdrawn_at IS NULL AND h.withdrawn_at IS NULL "
        "AND h.certain_on <= $day",
        now(at).bound() | {"ids": list(ids)},
    )
    return {row["id"] for row in found}


def agreements(con: DuckDBPyConnection, at: At | None = None, limit: int | None = None) -> list[Row]:
    """Agreements by title."""
    return rows(
        con,
        "FROM agreements_known($known_at) ORDER BY title, id LIMIT $limit",
        {"known_at": now(at).known_at, "limit": limit},
    )


def sources_by_id(con: DuckDBPyConnection, ids: list[str], at: At | None = None) -> dict[str, Row]:
    """Sources by identifier."""
    found = rows(
        con,
        "FROM sources_known($known_at) WHERE id IN (SELECT unnest(CAST($ids AS VARCHAR[])))",
        {"known_at": now(at).known_at, "ids": ids},
    )
    return {row["id"]: row for row in found}


def searched(con: DuckDBPyConnection, check_ids: list[str]) -> dict[str, tuple[str, ...]]:
    """The commitments that each of these searches was for."""
    found = rows(
        con,
        "SELECT id, list(commitment_id ORDER BY commitment_id) AS commitment_ids FROM checks "
        "WHERE id IN (SELECT unnest(CAST($ids AS VARCHAR[]))) GROUP BY id",
        {"ids": check_ids},
    )
    return {row["id"]: tuple(row["commitment_ids"]) for row in found}


def corrections(con: DuckDBPyConnection, limit: int = 200, at: At | None = None) -> list[Row]:
    """What was corrected, newest first, with the title of what it is about and what it touches.

    `commitments`, those it touches, are mappings of `id` and `title`.
    """
    return rows(
        con,
        """
        WITH newest AS (
            FROM corrections WHERE recorded_at <= $known_at ORDER BY seq DESC LIMIT $limit
        ),
        touched AS (
            SELECT seq, entity_id AS commitment_id FROM newest WHERE entity IN ('event', 'commitment')
            UNION ALL
            SELECT n.seq, unnest(p.commitment_ids)
            FROM newest AS n
            JOIN disputes_known($known_at) AS p ON n.entity = 'dispute' AND p.id = n.entity_id
            UNION ALL
            SELECT n.seq, k.commitment_id
            FROM newest AS n JOIN checks_known($known_at) AS k ON n.entity = 'check' AND k.id = n.entity_id
        ),
        named AS (
            SELECT t.seq, list({id: d.commitment_id, title: d.title} ORDER BY d.title) AS commitments
            FROM touched AS t JOIN definitions AS d ON d.commitment_id = t.commitment_id
                AND d.known_from <= $known_at AND $known_at < d.known_to
            GROUP BY t.seq
        )
        SELECT n.*, coalesce(
                s.title, p.claim, if(n.entity <> 'check', t.commitments[1].title, NULL)) AS title,
            coalesce(t.commitments, []) AS commitments
        FROM newest AS n
        LEFT JOIN named AS t ON t.seq = n.seq
        LEFT JOIN sources_known($known_at) AS s ON n.entity = 'source' AND s.id = n.entity_id
        LEFT JOIN disputes_known($known_at) AS p ON n.entity = 'dispute' AND p.id = n.entity_id
        ORDER BY n.seq DESC
        """,
        {"known_at": now(at).known_at, "limit": limit},
    )


def grade_matrix(con: DuckDBPyConnection, at: At | None = None) -> list[Row]:
    """Items of evidence that count, by reliability of the source and credibility of the information."""
    return rows(
        con,
        "SELECT e.reliability, e.credibility, count(*) AS n FROM evidence_known($known_at) AS e "
        "JOIN history_known($known_at) AS h USING (commitment_id, version) "
        "WHERE e.withdrawn_at IS NULL AND h.withdrawn_at IS NULL GROUP BY ALL ORDER BY ALL",
        {"known_at": now(at).known_at},
    )


def sources(
    con: DuckDBPyConnection,
    *,
    reliability: str | None = None,
    kind: str | None = None,
    search: str | None = None,
    source_id: str | None = None,
    standing: bool = False,
    at: At | None = None,
    limit: int = 1000,
) -> list[Row]:
    """Sources with the number of commitments each bears on, most used first; `standing` leaves out
    those that were withdrawn."""
    at = now(at)
    return rows(
        con,
        f"""
        SELECT s.*, count(DISTINCT c.commitment_id) AS cited_by
        FROM sources_known($known_at) AS s
        LEFT JOIN evidence_known($known_at) AS c ON c.source_id = s.id
        WHERE ($reliability IS NULL OR s.reliability = $reliability)
            AND ($kind IS NULL OR s.kind = $kind)
            AND ($id IS NULL OR s.id = $id)
            AND (NOT $standing OR s.withdrawn_at IS NULL)
            AND ($search IS NULL OR {looking.found_in("plain(s.id)")} OR s.id IN (
                SELECT id FROM source_versions
                WHERE known_from <= $known_at AND $known_at < known_to AND {looking.found_in("searchable")}))
        GROUP BY ALL ORDER BY cited_by DESC, s.id LIMIT $limit
        """,
        {
            "known_at": at.known_at,
            "reliability": reliability,
            "kind": kind,
            "search": search,
            **(looking.held(con, search) if search is not None else looking.NOTHING),
            "id": source_id,
            "standing": standing,
            "limit": limit,
        },
    )


RECENT = 200
"""Entries of the ledger that are recent."""
_BY_FORM = f"seq > (SELECT max(seq) FROM ledger) - {RECENT} AND door IN ('dashboard', 'login')"


def recent_sources(con: DuckDBPyConnection, limit: int) -> list[str]:
    """Sources that people cited or entered last by a form, the newest first."""
    found = con.execute(
        f"SELECT kind, entity_id, payload FROM ledger WHERE {_BY_FORM} "
        "AND (kind = 'event' OR (entity = 'source' AND kind = 'add')) ORDER BY seq DESC"
    ).fetchall()
    ids: dict[str, None] = {}
    for kind, entity_id, payload in found:
        cited = [e["source_id"] for e in json.loads(payload)["evidence"]] if kind == "event" else [entity_id]
        ids |= dict.fromkeys(cited)
    return list(ids)[:limit]


def last_event(con: DuckDBPyConnection, actor: str) -> Row:
    """What somebody recorded last as a status by a form; empty if that is not recent."""
    found = one(
        con,
        f"SELECT payload FROM ledger WHERE {_BY_FORM} AND kind = 'event' AND actor = $actor "
        "ORDER BY seq DESC LIMIT 1",
        {"actor": actor},
    )
    return json.loads(found["payload"]) if found else {}


def citing(con: DuckDBPyConnection, source_id: str, at: At | None = None) -> list[Row]:
    """Commitments that cite a source, with what it says of which event."""
    return rows(
        con,
        "SELECT e.commitment_id AS id, d.title, h.happened_on, h.stage, e.bearing, e.credibility, e.proves "
        "FROM evidence_known($known_at) AS e "
        "JOIN history_known($known_at) AS h USING (commitment_id, version) "
        "JOIN definitions AS d ON d.commitment_id = e.commitment_id "
        "AND d.known_from <= $known_at AND $known_at < d.known_to "
        "WHERE e.source_id = $id AND h.withdrawn_at IS NULL ORDER BY h.happened_latest, d.title",
        {"known_at": now(at).known_at, "id": source_id},
    )


def codings(con: DuckDBPyConnection) -> list[Row]:
    """Second judgements of events that stand, each beside the first."""
    return rows(
        con,
        "SELECT c.commitment_id, c.event_version AS version, d.title, d.kind, h.happened_on, h.note, "
        "h.recorded_by AS first_coder, h.stage AS first_stage, "
        "c.recorded_by AS second_coder, c.stage AS second_stage, c.note AS second_note "
        "FROM codings AS c "
        "JOIN history AS h ON h.commitment_id = c.commitment_id AND h.version = c.event_version "
        "JOIN definitions AS d ON d.commitment_id = c.commitment_id AND d.known_to = TIMESTAMP '9999-12-31' "
        "WHERE h.withdrawn_at IS NULL ORDER BY c.recorded_at, c.id",
    )


def uncoded(con: DuckDBPyConnection, coder: str, limit: int = 1) -> list[Row]:
    """Events for a second coder, as the first saw them but without the stage: what happened, and the sources.

    Those that nobody judged twice come first; the order among them is the same for everybody
    and says nothing about the stage.
    """
    return rows(
        con,
        "SELECT h.commitment_id, h.version, d.title, d.pledge, d.kind, h.happened_on, h.note, h.source_ids "
        "FROM history AS h "
        "JOIN definitions AS d ON d.commitment_id = h.commitment_id AND d.known_to = TIMESTAMP '9999-12-31' "
        "LEFT JOIN codings AS c ON c.commitment_id = h.commitment_id AND c.event_version = h.version "
        "WHERE h.withdrawn_at IS NULL AND lower(h.recorded_by) <> lower($coder) "
        "GROUP BY ALL HAVING coalesce(bool_and(lower(c.recorded_by) <> lower($coder)), true) "
        "ORDER BY count(c.id), any_value(md5(h.commitment_id || h.version)), h.version LIMIT $limit",
        {"coder": coder, "limit": limit},
    )
