"""What was recorded, when, by whom and why: the entries of the ledger as readers ask for them.

A line of the log is one entry, or all that one person recorded at one moment where that is
more than `TOGETHER`. Nothing is kept for it: every line follows from what is on record.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from tracker import search
from tracker.clocks import At, now
from tracker.queries import Row, one, rows
from tracker.redline import FIELDS
from tracker.terms import EntryKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

SORTS = (
    "status", "correction", "commitment", "revision", "dispute", "check", "source", "agreement", "proposal",
    "coding",
)  # fmt: skip
"""Sorts of changes, those that readers ask for first. What replaces, withdraws or restores is a correction;
a dispute that is revised, such as by settling it, stays a dispute; with the agreements go the
descriptions of data sets."""
TOGETHER = 20
"""Entries of one moment and person that are still told one by one."""
AUTHORS = 50
SHORT = 60
"""Letters up to which a value that was changed is told."""
_SILENT = ("id", "because")


class Wanted(TypedDict, total=False):
    """What the log can be narrowed to; what is absent or None narrows nothing.

    `first` and `last` are moments of UTC, both included. `search` (see `tracker.search`) looks in
    commitments, sources and titles of agreements, and finds what touches such a commitment. `batch` is the
    number of an entry: with it come all that were recorded with it, one by one.
    """

    first: dt.datetime | None
    last: dt.datetime | None
    sort: str | None
    by: str | None
    search: str | None
    batch: int | None


_ENTRIES = f"""
    touching AS MATERIALIZED (
        WITH meant AS (
            SELECT commitment_id FROM definitions
            WHERE $search IS NOT NULL AND known_from <= $known_at AND $known_at < known_to
                AND {search.found("searchable", "searchable_names")}
        )
        SELECT 'commitment' AS entity, commitment_id AS entity_id FROM meant
        UNION SELECT 'check', id FROM check_versions SEMI JOIN meant USING (commitment_id)
        UNION SELECT 'coding', id FROM codings SEMI JOIN meant USING (commitment_id)
        UNION SELECT entity, id FROM (
            SELECT 'dispute' AS entity, id, unnest(commitment_ids) AS commitment_id FROM dispute_versions
            WHERE $search IS NOT NULL
            UNION ALL SELECT 'proposal', id, unnest(commitment_ids) FROM proposals WHERE $search IS NOT NULL
        ) SEMI JOIN meant USING (commitment_id)
        UNION SELECT 'source', id FROM source_versions
        WHERE $search IS NOT NULL AND {search.found_in("searchable")}
        UNION SELECT 'agreement', id FROM agreement_versions
        WHERE $search IS NOT NULL AND {search.found_in("plain(title)")}
    ),
    entries AS (
        SELECT seq, recorded_at, actor, entity, entity_id, version, kind,
            CASE WHEN kind IN ('withdraw', 'restore') THEN 'correction'
                WHEN kind = 'event' AND (entity_id, version) IN (
                    SELECT (commitment_id, superseded_by) FROM withdrawals WHERE superseded_by IS NOT NULL)
                THEN 'correction'
                WHEN kind = 'event' THEN 'status'
                WHEN kind = 'revise' AND entity <> 'dispute' THEN 'revision'
                WHEN entity = 'dataset' THEN 'agreement' ELSE entity END AS sort
        FROM ledger
        WHERE recorded_at <= $known_at
            AND ($first IS NULL OR recorded_at >= $first) AND ($last IS NULL OR recorded_at <= $last)
            AND ($by IS NULL OR actor = $by)
            AND ($batch IS NULL OR recorded_at = (SELECT recorded_at FROM ledger WHERE seq = $batch))
            AND ($search IS NULL OR (entity, entity_id) IN (SELECT (entity, entity_id) FROM touching))
            -- What had not happened yet on that day, or was not looked for.
            AND NOT (kind = 'event' AND (entity_id, version) IN (
                SELECT (commitment_id, version) FROM events WHERE certain_on > $day))
            AND NOT (entity = 'check' AND entity_id IN (
                SELECT id FROM check_versions WHERE checked_on > $day))
    ),
    batches AS (
        SELECT recorded_at, actor, count(*) AS n, max(seq) AS seq, histogram(sort) AS sorts
        FROM entries WHERE $sort IS NULL OR sort = $sort GROUP BY recorded_at, actor
    ),
    lines AS (
        SELECT seq, recorded_at, actor, n, sorts FROM batches WHERE n > $together
        UNION ALL
        SELECT e.seq, e.recorded_at, e.actor, NULL, NULL
        FROM entries AS e JOIN batches AS b ON b.recorded_at = e.recorded_at AND b.actor = e.actor
        WHERE b.n <= $together AND ($sort IS NULL OR e.sort = $sort)
    )
"""


def _values(con: DuckDBPyConnection, at: At | None, wanted: Wanted) -> dict[str, Any]:
    """What is bound to the names in `_ENTRIES`."""
    told: dict[str, Any] = dict.fromkeys(Wanted.__annotations__) | dict(wanted)
    sought = search.NOTHING if told["search"] is None else search.held(con, told["search"])
    return now(at).bound() | told | sought | {"together": TOGETHER if told["batch"] is None else 2**62}


def counts(con: DuckDBPyConnection, at: At | None = None, **wanted: Unpack[Wanted]) -> dict[str, int]:
    """How many entries there are of each sort, whatever sort is asked for."""
    found = rows(
        con,
        f"WITH {_ENTRIES} SELECT sort, count(*) AS n FROM entries GROUP BY sort",
        _values(con, at, {**wanted, "sort": None}),
    )
    return {row["sort"]: row["n"] for row in found}


def length(con: DuckDBPyConnection, at: At | None = None, **wanted: Unpack[Wanted]) -> int:
    """How many lines `lines` finds."""
    found: int = one(con, f"WITH {_ENTRIES} SELECT count(*) AS n FROM lines", _values(con, at, wanted))["n"]
    return found


def entry(con: DuckDBPyConnection, number: int, at: At | None = None) -> Row:
    """Who recorded an entry (`actor`) and when; empty where there was none of that number."""
    return one(
        con,
        "SELECT actor, recorded_at FROM ledger WHERE seq = $seq AND recorded_at <= $known_at",
        {"seq": number, "known_at": now(at).known_at},
    )


def authors(con: DuckDBPyConnection, at: At | None = None) -> list[str]:
    """Who recorded something, those who recorded most first; at most `AUTHORS` of them."""
    found = rows(
        con,
        "SELECT actor FROM ledger WHERE recorded_at <= $known_at GROUP BY actor "
        "ORDER BY count(*) DESC, actor LIMIT $most",
        {"known_at": now(at).known_at, "most": AUTHORS},
    )
    return [row["actor"] for row in found]


def by_month(
    con: DuckDBPyConnection, first: dt.datetime, last: dt.datetime, at: At | None = None
) -> list[Row]:
    """Lines of each month and sort: `month` is its first day, `sort` one of `SORTS` or `together`.

    What somebody recorded in bulk counts once, for otherwise an import would hide all the rest.
    """
    return rows(
        con,
        f"""
        WITH {_ENTRIES}
        SELECT CAST(date_trunc('month', l.recorded_at) AS DATE) AS month,
            if(l.n IS NULL, e.sort, 'together') AS sort, count(*) AS n
        FROM lines AS l JOIN entries AS e USING (seq) GROUP BY ALL ORDER BY ALL
        """,
        _values(con, at, {"first": first, "last": last}),
    )


def lines(
    con: DuckDBPyConnection,
    at: At | None = None,
    *,
    limit: int = 100,
    offset: int = 0,
    **wanted: Unpack[Wanted],
) -> list[Row]:
    """Lines of the log, newest first, with all that a reader is told of each.

    A line of many entries has their number as `n`, and as `sorts` how many of each sort they are.
    Any other says what it did (`entity`, `kind`, `sort`), to what (`title`, and as `commitments`
    those it touches), when that happened (`happened_on`), to which `stage`, whether the evidence
    `supported` that when it was recorded, whether it `counts` by now, and why (`note`, `because`).
    Where it is about a commitment, `before` and `after` are the stages by the rules just before it
    was recorded and then. What revises says as `fields` what it changed, from what to what where
    that is short (`values`), and which `milestones`.
    """
    found = rows(
        con,
        f"""
        WITH {_ENTRIES},
        shown AS MATERIALIZED (
            SELECT s.seq, s.recorded_at, s.actor, s.n, s.sorts,
                e.entity, e.entity_id, e.version, e.kind, e.sort,
                least($day, CAST(s.recorded_at AS DATE)) AS day
            FROM (FROM lines ORDER BY seq DESC LIMIT $limit OFFSET $offset) AS s JOIN entries AS e USING (seq)
        ),
        single AS (
            SELECT s.*, l.payload, CASE l.kind WHEN 'event' THEN s.version
                ELSE CAST(l.payload->>'version' AS INTEGER) END AS event_version
            FROM shown AS s JOIN ledger AS l USING (seq) WHERE s.n IS NULL
        ),
        touched AS (
            SELECT seq, entity_id AS commitment_id FROM single WHERE entity = 'commitment'
            UNION SELECT s.seq, c.commitment_id FROM single AS s
            JOIN check_versions AS c ON s.entity = 'check' AND c.id = s.entity_id
            UNION SELECT s.seq, c.commitment_id FROM single AS s
            JOIN codings AS c ON s.entity = 'coding' AND c.id = s.entity_id
            UNION SELECT s.seq, unnest(d.commitment_ids) FROM single AS s
            JOIN disputes_known($known_at) AS d ON s.entity = 'dispute' AND d.id = s.entity_id
            UNION SELECT s.seq, unnest(p.commitment_ids) FROM single AS s
            JOIN proposals AS p ON s.entity = 'proposal' AND p.id = s.entity_id
        ),
        named AS (
            SELECT t.seq, list({{id: d.commitment_id, title: d.title}} ORDER BY d.title) AS commitments
            FROM touched AS t JOIN definitions AS d ON d.commitment_id = t.commitment_id
                AND d.known_from <= $known_at AND $known_at < d.known_to
            GROUP BY t.seq
        )
        SELECT w.seq, w.recorded_at, w.actor, w.n, w.sorts, w.entity, w.entity_id, w.version, w.kind, w.sort,
            coalesce(x.title, g.title, q.claim) AS title, coalesce(n.commitments, []) AS commitments,
            h.happened_on, h.stage, h.note AS happened,
            coalesce(f.supported, true) AS supported, h.withdrawn_at IS NULL AS counts,
            if(s.kind = 'event', NULL, s.payload->>'note') AS note,
            coalesce(s.payload->>'reason', s.payload->>'because') AS because,
            CAST(s.payload->>'settled' AS BOOLEAN) AS settled, s.payload->>'holds' AS holds,
            s.payload->>'publisher' AS publisher, s.payload->>'reliability' AS reliability,
            CAST(s.payload->'places' AS VARCHAR[]) AS places,
            b.stage AS before, a.stage AS after, a.status AS after_status
        FROM shown AS w
        LEFT JOIN single AS s USING (seq)
        LEFT JOIN named AS n USING (seq)
        LEFT JOIN history_known($known_at) AS h ON s.entity = 'commitment' AND h.commitment_id = s.entity_id
            AND h.version = s.event_version
        LEFT JOIN findings AS f ON f.commitment_id = h.commitment_id AND f.version = h.version
            AND f.known_from <= s.recorded_at AND s.recorded_at < f.known_to
        LEFT JOIN sources_known($known_at) AS x ON s.entity = 'source' AND x.id = s.entity_id
        LEFT JOIN agreements_known($known_at) AS g ON s.entity = 'agreement' AND g.id = s.entity_id
        LEFT JOIN disputes_known($known_at) AS q ON s.entity = 'dispute' AND q.id = s.entity_id
        LEFT JOIN judgements AS b ON s.entity = 'commitment' AND b.commitment_id = s.entity_id
            AND b.known_from < s.recorded_at AND s.recorded_at <= b.known_to
            AND b.valid_from <= s.day AND s.day < b.valid_to
        LEFT JOIN judgements AS a ON s.entity = 'commitment' AND a.commitment_id = s.entity_id
            AND a.known_from <= s.recorded_at AND s.recorded_at < a.known_to
            AND a.valid_from <= s.day AND s.day < a.valid_to
        ORDER BY w.seq DESC
        """,
        _values(con, at, wanted) | {"limit": limit, "offset": offset},
    )
    revised = [row["seq"] for row in found if row["n"] is None and row["kind"] == EntryKind.REVISE]
    changed = _revisions(con, revised) if revised else {}
    return [row | changed.get(row["seq"], {"fields": [], "values": {}, "milestones": []}) for row in found]


def _revisions(con: DuckDBPyConnection, entries: Sequence[int]) -> dict[int, Row]:
    """What each of these entries changed of the wording before it."""
    found = rows(
        con,
        """
        SELECT l.seq, arg_max(p.payload, p.version) AS before, any_value(l.payload) AS after
        FROM ledger AS l JOIN ledger AS p ON p.entity = l.entity AND p.entity_id = l.entity_id
            AND p.kind IN ('add', 'revise') AND p.version < l.version
        WHERE l.seq IN (SELECT unnest(CAST($entries AS BIGINT[]))) GROUP BY l.seq
        """,
        {"entries": list(entries)},
    )
    return {row["seq"]: _revision(json.loads(row["before"]), json.loads(row["after"])) for row in found}


def _revision(before: Mapping[str, Any], after: Mapping[str, Any]) -> Row:
    fields = [name for name in after if name not in _SILENT and before.get(name) != after[name]]
    fields.sort(key=lambda name: FIELDS.index(name) if name in FIELDS else len(FIELDS))
    known = before.get("milestones") or []
    steps = [step for step in after.get("milestones") or [] if step not in known]
    values = {name: (before.get(name), after[name]) for name in fields}
    short = {name: told for name, told in values.items() if all(map(_is_short, told))}
    return {"fields": fields, "values": short, "milestones": steps}


def _is_short(value: Any) -> bool:
    return value is None or isinstance(value, bool | int) or (isinstance(value, str) and len(value) <= SHORT)
