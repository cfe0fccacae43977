"""A second pair of eyes: changes that wait as a proposal until somebody else approves them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tracker.errors import Refused
from tracker.holdings import unknown
from tracker.ledger import Draft
from tracker.terms import Entity, EntryKind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DECISIONS = (EntryKind.APPROVE, EntryKind.DECLINE)


def changes(payload: dict[str, Any], author: str | None = None) -> list[Draft]:
    """The changes that a proposal asks for, in the name of its author."""
    return [
        Draft(
            Entity(change["entity"]),
            change["entity_id"],
            EntryKind(change["kind"]),
            change["payload"],
            change["expect_version"],
            author,
        )
        for change in payload["changes"]
    ]


def expanded(con: DuckDBPyConnection, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, every approval followed by the changes that it lets in.

    Raises `UnknownId` when there is no such proposal.
    """
    if not any(draft.kind is EntryKind.APPROVE for draft in drafts):
        return list(drafts)
    found: list[Draft] = []
    for draft in drafts:
        found.append(draft)
        if draft.kind is EntryKind.APPROVE:
            payload, author = _proposal(con, draft.entity_id)
            found += changes(payload, author)
    return found


def check(con: DuckDBPyConnection, drafts: Sequence[Draft], actor: str) -> None:
    """A proposal is decided once, and nobody approves their own. Raises `Refused` or `UnknownId`."""
    decisions = [draft for draft in drafts if draft.kind in DECISIONS]
    if len({draft.entity_id for draft in decisions}) < len(decisions):
        raise Refused("turned-twice")
    for draft in decisions:
        if draft.entity is not Entity.PROPOSAL:
            raise Refused("not-a-proposal", entity=draft.entity.value, id=draft.entity_id)
        _, author = _proposal(con, draft.entity_id)
        row = con.execute(
            "SELECT kind, actor FROM ledger "
            "WHERE entity = 'proposal' AND entity_id = ? AND kind IN ('approve', 'decline')",
            [draft.entity_id],
        ).fetchone()
        if row is not None:
            raise Refused("decided-already", id=draft.entity_id, kind=row[0], by=row[1])
        if draft.kind is EntryKind.APPROVE and same_person(author, draft.actor or actor):
            raise Refused("own-proposal", id=draft.entity_id, by=author)


def same_person(one: str, other: str) -> bool:
    """Whether two names are of one person, however they were typed."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _proposal(con: DuckDBPyConnection, proposal_id: str) -> tuple[dict[str, Any], str]:
    """What a proposal says, and who made it. Raises `UnknownId`."""
    row = con.execute(
        "SELECT payload, actor FROM ledger WHERE entity = 'proposal' AND entity_id = ? AND kind = 'add'",
        [proposal_id],
    ).fetchone()
    if row is None:
        raise unknown(con, Entity.PROPOSAL.value, proposal_id)
    return json.loads(row[0]), row[1]


def proposals(
    con: DuckDBPyConnection,
    *,
    state: str | None = None,
    commitment_id: str | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Rows of the table `proposals` with the `commitments` they are about, the longest waiting first.

    `state` is one of theirs, or `decided` for those that wait no more, the newest first.
    """
    rows = con.execute(
        "SELECT *, (SELECT coalesce(list({id: d.commitment_id, title: d.title} ORDER BY d.title), []) "
        "FROM definitions AS d WHERE d.known_to = TIMESTAMP '9999-12-31' "
        "AND list_contains(p.commitment_ids, d.commitment_id)) AS commitments FROM proposals AS p "
        "WHERE ($state IS NULL OR state = $state OR ($state = 'decided' AND state <> 'waiting')) "
        "AND ($commitment IS NULL OR list_contains(commitment_ids, $commitment)) "
        "ORDER BY state <> 'waiting', "
        "if(state = 'waiting', epoch_us(proposed_at), -epoch_us(decided_at)), id "
        "LIMIT coalesce($limit, 9223372036854775807)",
        {"state": state, "commitment": commitment_id, "limit": limit},
    )
    names = [column[0] for column in rows.description]
    found = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    for row in found:
        row["changes"] = json.loads(row["changes"])
    return found
