"""Judgements on the tables: what is on record goes to the rules, and what they say is stored.

Both clocks stand in the rows: a judgement that no longer holds is closed, never removed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker import rules
from tracker.record import Event, Item, Record
from tracker.tables import as_text, insert, reading
from tracker.terms import Bearing, Credibility, Kind, Reliability, SourceKind, Stage

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FOREVER = dt.datetime(9999, 12, 31)
_TOUCHED = "(SELECT commitment_id FROM touched)"


def judge(con: DuckDBPyConnection, now: dt.datetime) -> None:
    """Judge the commitments in the table `touched` anew; close what no longer holds, add what is new."""
    known = {"known_from": now, "known_to": _FOREVER, "rules_version": rules.RULES_VERSION}
    spans: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    for commitment_id, (record, cited) in _records(con).items():
        for span in rules.timeline(record):
            said = asdict(span.judgement)
            said["answers"] = list(said["answers"])
            spans.append(
                {"commitment_id": commitment_id, "valid_from": span.since, "valid_to": span.until}
                | said
                | known
            )
        for finding in rules.findings(record):
            items = [
                {"source_id": source_id, "proves": weight and weight.name.lower()}
                for source_id, weight in zip(cited[finding.version], finding.weights, strict=True)
            ]
            found.append(
                {
                    "commitment_id": commitment_id,
                    "version": finding.version,
                    "requirement": finding.requirement,
                    "supported": finding.supported,
                    "items": items,
                }
                | known
            )
    _replace(con, "judgements", "valid_from", spans, now)
    _replace(con, "findings", "version", found, now)


def _replace(
    con: DuckDBPyConnection, table: str, place: str, rows: list[dict[str, Any]], now: dt.datetime
) -> None:
    """Let these rows be what is known from now on; `place` tells the rows of a commitment apart."""
    # A batch mostly moves a few commitments, and for those the engine takes longer to compare.
    told = con.execute(
        f"SELECT * EXCLUDE (known_from, known_to) FROM {table} "
        f"WHERE known_to = TIMESTAMP '9999-12-31' AND commitment_id IN {_TOUCHED}"
    )
    names = [name for name, *_ in told.description]
    standing = {}
    for said in told.fetchall():
        row = dict(zip(names, said, strict=True))
        standing[_key(row, place)] = row
    new, kept = [], set()
    for row in rows:
        before = standing.get(_key(row, place))
        if before is not None and all(before[name] == row[name] for name in names):
            kept.add(_key(row, place))
        else:
            new.append(row)
    gone = [row | {"known_from": None, "known_to": now} for key, row in standing.items() if key not in kept]
    if gone:
        con.execute(
            f"UPDATE {table} SET known_to = gone.known_to FROM ({reading(con, table)}) AS gone "
            f"WHERE {table}.known_to = TIMESTAMP '9999-12-31' "
            f"AND {table}.commitment_id = gone.commitment_id AND {table}.{place} = gone.{place}",
            [as_text(gone)],
        )
    if new:
        insert(con, table, new)


def _key(row: Mapping[str, Any], place: str) -> tuple[str, Any]:
    return row["commitment_id"], row[place]


def _records(con: DuckDBPyConnection) -> dict[str, tuple[Record, dict[int, list[str]]]]:
    """What counts about each touched commitment, and the sources of each event in order."""
    items, cited = _items(con)
    events: dict[str, list[Event]] = defaultdict(list)
    for commitment_id, version, stage, party, *when in con.execute(
        "SELECT commitment_id, version, stage, party, happened_on, happened_earliest, happened_latest, "
        "CAST(recorded_at AS DATE) FROM events AS e "
        f"WHERE commitment_id IN {_TOUCHED} AND NOT EXISTS (FROM withdrawals AS w "
        "WHERE w.commitment_id = e.commitment_id AND w.version = e.version "
        "AND w.known_to = TIMESTAMP '9999-12-31') ORDER BY commitment_id, version"
    ).fetchall():
        happened_on, earliest, latest, recorded_on = when
        events[commitment_id].append(
            Event(
                version,
                Stage(stage),
                happened_on,
                earliest,
                latest,
                recorded_on,
                tuple(items[commitment_id][version]),
                party,
            )
        )
    checks: dict[str, list[dt.date]] = defaultdict(list)
    for commitment_id, day in con.execute(
        "SELECT commitment_id, checked_on FROM checks "
        f"WHERE withdrawn_at IS NULL AND commitment_id IN {_TOUCHED}"
    ).fetchall():
        checks[commitment_id].append(day)
    settled: dict[str, bool] = dict(
        con.execute(
            "SELECT id, bool_and(settled) FROM (SELECT unnest(commitment_ids) AS id, settled FROM disputes "
            f"WHERE withdrawn_at IS NULL) WHERE id IN {_TOUCHED} GROUP BY id"
        ).fetchall()
    )
    definitions = con.execute(
        "SELECT d.commitment_id, d.kind, CAST(f.known_from AS DATE), "
        "list_transform(d.parties, lambda p: p.name), d.due_latest, d.cadence, d.lapses_after "
        "FROM definitions AS d "
        "JOIN (SELECT commitment_id, min(known_from) AS known_from FROM definitions "
        f"WHERE commitment_id IN {_TOUCHED} GROUP BY ALL) AS f USING (commitment_id) "
        "WHERE d.known_to = TIMESTAMP '9999-12-31' ORDER BY commitment_id"
    ).fetchall()
    return {
        commitment_id: (
            Record(
                Kind(kind),
                recorded_on,
                tuple(parties),
                due,
                cadence,
                lapses_after,
                tuple(events[commitment_id]),
                tuple(checks[commitment_id]),
                commitment_id in settled,
                settled.get(commitment_id) is False,
            ),
            cited[commitment_id],
        )
        for commitment_id, kind, recorded_on, parties, due, cadence, lapses_after in definitions
    }


def _items(
    con: DuckDBPyConnection,
) -> tuple[dict[str, dict[int, list[Item]]], dict[str, dict[int, list[str]]]]:
    """The evidence that counts, and its sources, by commitment and event."""
    items: dict[str, dict[int, list[Item]]] = defaultdict(lambda: defaultdict(list))
    cited: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for commitment_id, version, source_id, *grades, origin, speaks_for, published in con.execute(
        "SELECT c.commitment_id, c.version, c.source_id, c.bearing, s.reliability, c.credibility, s.kind, "
        "s.origin, s.speaks_for, s.published_latest "
        "FROM citations AS c JOIN sources AS s ON s.id = c.source_id AND s.withdrawn_at IS NULL "
        f"WHERE c.commitment_id IN {_TOUCHED} ORDER BY c.commitment_id, c.version, c.position"
    ).fetchall():
        bearing, reliability, credibility, kind = grades
        cited[commitment_id][version].append(source_id)
        items[commitment_id][version].append(
            Item(
                Bearing(bearing),
                Reliability(reliability),
                Credibility(credibility),
                SourceKind(kind),
                origin,
                tuple(speaks_for),
                published,
            )
        )
    return items, cited
