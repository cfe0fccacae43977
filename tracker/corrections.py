"""What may be withdrawn, restored, replaced or judged a second time: rules on what stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tracker.errors import Problem, Refused
from tracker.ledger import Draft
from tracker.terms import Entity, EntryKind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_WHOLE = (Entity.SOURCE, Entity.CHECK, Entity.DISPUTE)
"""What can be withdrawn as a whole; of a commitment, its events."""
_TURNS = (EntryKind.WITHDRAW, EntryKind.RESTORE)


def check(con: DuckDBPyConnection, drafts: Sequence[Draft]) -> None:
    """Only what stands can be withdrawn, revised, replaced or cited, only what does not, restored.

    Raises `Refused`.
    """
    _check_once(con, drafts)
    for draft in drafts:
        if draft.kind in _TURNS:
            _check_turn(con, draft)
        elif draft.kind is EntryKind.EVENT and draft.payload.get("supersedes") is not None:
            _check_event(con, draft.entity_id, draft.payload["supersedes"], standing=True)
        elif draft.kind is EntryKind.REVISE and draft.entity in _WHOLE:
            _check_whole(con, draft.entity, draft.entity_id, standing=True)
    _check_cited(con, drafts)


def _check_once(con: DuckDBPyConnection, drafts: Sequence[Draft]) -> None:
    """Nothing turns twice in a batch, and of an event and all that ever replaced it, only one does."""
    turned = [_target(d) for d in drafts if d.kind in _TURNS]
    replaced = [(d.entity_id, d.payload.get("supersedes")) for d in drafts if d.kind is EntryKind.EVENT]
    turned += [(Entity.COMMITMENT, *r) for r in replaced if r[1] is not None]
    worded = {(d.entity, d.entity_id, None) for d in drafts if d.kind in (EntryKind.ADD, EntryKind.REVISE)}
    if len(set(turned)) < len(turned) or not worded.isdisjoint(turned):
        raise Refused("turned-twice")
    # Each is held against what stands before the batch, so two could come to stand in one line.
    count = Counter(commitment_id for _, commitment_id, version in turned if version is not None)
    several = sorted(commitment_id for commitment_id, n in count.items() if n > 1)
    if not several:
        return
    first: dict[tuple[str, int], int] = {}
    for commitment_id, version, supersedes in con.execute(
        "SELECT commitment_id, version, supersedes FROM events "
        "WHERE commitment_id IN (SELECT unnest(CAST(? AS VARCHAR[]))) ORDER BY version",
        [several],
    ).fetchall():
        first[commitment_id, version] = first[commitment_id, supersedes] if supersedes else version
    lines = [(i, first.get((i, v), v)) for _, i, v in turned if count[i] > 1 and v is not None]
    if len(set(lines)) < len(lines):
        raise Refused("turned-twice")


def _check_cited(con: DuckDBPyConnection, drafts: Sequence[Draft]) -> None:
    cited = {e["source_id"] for d in drafts if d.kind is EntryKind.EVENT for e in d.payload["evidence"]}
    if not cited:
        return
    # One question for the whole batch: an import cites by the million.
    rows = con.execute(
        "SELECT id FROM sources "
        "WHERE withdrawn_at IS NOT NULL AND id IN (SELECT unnest(CAST(? AS VARCHAR[])))",
        [sorted(cited)],
    ).fetchall()
    gone = {source_id for (source_id,) in rows}
    gone |= {d.entity_id for d in drafts if d.kind is EntryKind.WITHDRAW and d.entity is Entity.SOURCE}
    gone &= cited
    if gone:
        raise Refused("withdrawn", entity=Entity.SOURCE.value, id=min(gone))


def _target(draft: Draft) -> tuple[Entity, str, Any]:
    return draft.entity, draft.entity_id, draft.payload["version"]


def _check_turn(con: DuckDBPyConnection, draft: Draft) -> None:
    standing = draft.kind is EntryKind.WITHDRAW
    version = draft.payload["version"]
    if (draft.entity is Entity.COMMITMENT) != (version is not None) or (
        version is None and draft.entity not in _WHOLE
    ):
        raise Refused("not-withdrawable", entity=draft.entity.value, id=draft.entity_id)
    if version is None:
        _check_whole(con, draft.entity, draft.entity_id, standing=standing)
    else:
        _check_event(con, draft.entity_id, version, standing=standing)


def _check_whole(con: DuckDBPyConnection, entity: Entity, thing_id: str, *, standing: bool) -> None:
    row = con.execute(
        f"SELECT withdrawn_at IS NULL FROM {entity.value}s WHERE id = ? LIMIT 1", [thing_id]
    ).fetchone()
    if row is not None and row[0] is not standing:
        code = "withdrawn" if standing else "not-withdrawn"
        raise Refused(code, entity=entity.value, id=thing_id)


def _check_event(con: DuckDBPyConnection, commitment_id: str, version: int, *, standing: bool) -> None:
    row = con.execute(
        "SELECT withdrawn_at IS NULL FROM history WHERE commitment_id = ? AND version = ?",
        [commitment_id, version],
    ).fetchone()
    if row is None:
        raise Refused("no-event", id=commitment_id, version=version)
    if row[0] is not standing:
        code = "event-withdrawn" if standing else "event-not-withdrawn"
        raise Refused(code, id=commitment_id, version=version)
    if not standing and (other := con.execute(_STANDS_INSTEAD, [commitment_id, version]).fetchone()):
        raise Refused("event-superseded", id=commitment_id, version=version, by=other[0])


# Of an event, what replaced it, and what replaced that, only one ever counts.
_STANDS_INSTEAD = """
WITH RECURSIVE told AS (
    SELECT version, supersedes, withdrawn_at FROM history_known(TIMESTAMP '9999-12-30')
    WHERE commitment_id = $1
),
line AS (
    FROM told WHERE version = $2
    UNION
    SELECT t.* FROM told AS t JOIN line AS l ON t.supersedes = l.version OR l.supersedes = t.version
)
SELECT version FROM line WHERE withdrawn_at IS NULL LIMIT 1
"""


def party_problems(
    con: DuckDBPyConnection, drafts: Sequence[Draft], commitment_id: str, parties: Sequence[str]
) -> Iterator[Problem]:
    """Of an event that stands after the batch, the party whose step it was is a party of the pledge."""
    turned = {
        d.payload["version"]: d.kind for d in drafts if d.entity_id == commitment_id and d.kind in _TURNS
    }
    replaced = {
        d.payload.get("supersedes")
        for d in drafts
        if d.entity_id == commitment_id and d.kind is EntryKind.EVENT
    }
    rows = con.execute(
        "SELECT version, party, withdrawn_at IS NULL FROM history_known(TIMESTAMP '9999-12-30') "
        "WHERE commitment_id = ? AND party IS NOT NULL ORDER BY version",
        [commitment_id],
    ).fetchall()
    for version, party, stands in rows:
        back = turned.get(version) is EntryKind.RESTORE
        gone = version in replaced or (version in turned and not back)
        if (stands or back) and not gone and party not in parties:
            facts = {"party": party, "version": version}
            yield (
                Problem("party", "party_gone", facts) if back else Problem("parties", "party_of_event", facts)
            )


def coding_problems(con: DuckDBPyConnection, draft: Draft, actor: str, kind: str) -> Iterator[Problem]:
    """A second judgement is of an event that stands, by somebody who has not judged it yet.

    `kind` is that of the commitment. A judgement is revised by nobody but its author.
    """
    payload = draft.payload
    row = con.execute(
        "SELECT h.recorded_by, h.withdrawn_at IS NULL, c.stage IS NOT NULL "
        "FROM history AS h LEFT JOIN lifecycle AS c ON c.kind = ? AND c.stage = ? "
        "WHERE h.commitment_id = ? AND h.version = ?",
        [kind, payload["stage"], payload["commitment_id"], payload["event_version"]],
    ).fetchone()
    if row is None or not row[1]:
        yield Problem("event_version", "no_event")
        return
    if row[0].casefold() == actor.casefold():
        yield Problem("event_version", "own_event")
    if not row[2]:
        yield Problem("stage", "stage_of_another_kind")
    done = con.execute(
        "SELECT 1 FROM codings WHERE commitment_id = ? AND event_version = ? "
        "AND lower(recorded_by) = lower(?) AND id <> ?",
        [payload["commitment_id"], payload["event_version"], actor, draft.entity_id],
    ).fetchone()
    if done is not None:
        yield Problem("event_version", "coded_already")
    coder = con.execute("SELECT recorded_by FROM codings WHERE id = ?", [draft.entity_id]).fetchone()
    if coder is not None and coder[0].casefold() != actor.casefold():
        yield Problem("id", "coding_of_another", {"coder": coder[0]})
