"""What may enter the ledger: the only code that adds an entry.

Everything here runs inside the writer's transaction on its connection; `tracker.store`
decides when. Rules that need other records or the clock are checked here, once, for every
door: form, command, import and Python.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from tracker import approval, corrections, doubles, merging
from tracker.errors import Invalid, Problem, Refused, StaleVersion, VerificationFailed
from tracker.holdings import unknown
from tracker.ledger import GENESIS, LARGEST, Draft, Entry, canonical, head, insert, read
from tracker.terms import Door, Entity, EntryKind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def append(
    con: DuckDBPyConnection,
    drafts: Sequence[Draft],
    *,
    actor: str,
    now: dt.datetime,
    key: str | None = None,
    door: Door = Door.PYTHON,
    merge: bool = False,
) -> list[Entry]:
    """Number, seal and insert drafts as one batch; return the entries.

    A key that is already in the ledger returns the entries it made then: a repeated
    request lands once, and another request under its key is refused. With `merge`, what
    others recorded since the version an author saw is kept where it can be. Raises
    `StaleVersion`, `UnknownId`, `Invalid` or `Refused`.
    """
    from tracker.models import Request

    request = Request.parse({"by": actor, "key": key})
    drafts = approval.expanded(con, drafts)
    # A batch is what was recorded at one instant.
    batch = "recorded_at = (SELECT recorded_at FROM ledger WHERE idempotency_key = ?)"
    if request.key is not None and (done := list(read(con, batch, f"{request.key}#0"))):
        if not _is_repeated(con, drafts, done, merge):
            raise Refused("key-reused", request=request.key)
        return done
    approval.check(con, drafts, request.by)
    known = _versions(con, drafts)
    if merge:
        drafts = _merged(con, drafts, known)
        # What others wrote may refer to more.
        known = _versions(con, drafts)
    _check(con, drafts, known, now, request.by)
    last = head(con)
    # Two batches never share an instant: it is what tells what was known when.
    if last is not None and now <= last.recorded_at:
        now = last.recorded_at + dt.timedelta(microseconds=1)
    entries: list[Entry] = []
    for number, draft in enumerate(drafts):
        entity = (draft.entity, draft.entity_id)
        known[entity] = known.get(entity, 0) + 1
        payload = canonical(draft.payload)
        if (size := len(payload.encode())) > LARGEST:
            facts = {"entity": draft.entity.value, "id": draft.entity_id}
            raise Refused("entry-too-large", bytes=size, most=LARGEST, **facts)
        blank = Entry(
            seq=last.seq + 1 if last else 1,
            recorded_at=now,
            actor=draft.actor or request.by,
            entity=draft.entity.value,
            entity_id=draft.entity_id,
            version=known[entity],
            kind=draft.kind.value,
            payload=payload,
            idempotency_key=f"{request.key}#{number}" if request.key is not None else None,
            door=door.value,
            previous_hash=last.hash if last else GENESIS,
            hash="",
        )
        last = Entry(**{f.name: getattr(blank, f.name) for f in fields(blank)} | {"hash": blank.sealed()})
        entries.append(last)
    insert(con, entries)
    return entries


def _content(line: Entry | Draft) -> tuple[str, str, str, Any]:
    """What an entry or a draft says, whoever says it and when."""
    payload = json.loads(line.payload) if isinstance(line.payload, str) else line.payload
    return str(line.entity), line.entity_id, str(line.kind), payload


def _merged(
    con: DuckDBPyConnection, drafts: Sequence[Draft], known: Mapping[tuple[str, str], int]
) -> list[Draft]:
    """Drafts on top of what is known of each thing before any of them is recorded."""
    return [merging.merged(con, d, known.get((d.entity.value, d.entity_id), 0)) for d in drafts]


def _is_repeated(
    con: DuckDBPyConnection, drafts: Sequence[Draft], done: Sequence[Entry], merge: bool
) -> bool:
    """Whether drafts say what these entries record, if need be once they are merged as they were then."""
    recorded = [_content(e) for e in done]
    if not merge or recorded == [_content(d) for d in drafts]:
        return recorded == [_content(d) for d in drafts]
    then: dict[tuple[str, str], int] = {}
    for entry in done:
        then.setdefault((entry.entity, entry.entity_id), entry.version - 1)
    try:
        return recorded == [_content(d) for d in _merged(con, drafts, then)]
    except StaleVersion:
        return False


def admit(con: DuckDBPyConnection, batch: Sequence[Entry]) -> None:
    """Insert sealed entries of one batch, if they pass the rules that drafts must pass.

    Raises `VerificationFailed` when no tracker can have written them here.
    """
    drafts = [
        Draft(Entity(e.entity), e.entity_id, EntryKind(e.kind), json.loads(e.payload), actor=e.actor)
        for e in batch
    ]
    known = _versions(con, drafts)
    try:
        approval.check(con, drafts, batch[0].actor)
        _check(con, drafts, known, batch[0].recorded_at, batch[0].actor, sealed=True)
    except Refused as error:
        raise VerificationFailed("chain-broken", seq=batch[0].seq) from error
    keys = _keys_in_use(con, [e.idempotency_key for e in batch if e.idempotency_key is not None])
    for entry in batch:
        entity = (entry.entity, entry.entity_id)
        known[entity] = known.get(entity, 0) + 1
        if entry.version != known[entity] or entry.idempotency_key in keys:
            raise VerificationFailed("chain-broken", seq=entry.seq)
        if entry.idempotency_key is not None:
            keys.add(entry.idempotency_key)
    insert(con, batch)


def _keys_in_use(con: DuckDBPyConnection, keys: Sequence[str]) -> set[str]:
    rows = con.execute(
        "SELECT idempotency_key FROM ledger WHERE idempotency_key IN (SELECT unnest(CAST(? AS VARCHAR[])))",
        [keys],
    ).fetchall()
    return {key for (key,) in rows}


def _versions(con: DuckDBPyConnection, drafts: Sequence[Draft]) -> dict[tuple[str, str], int]:
    """The newest version of everything the drafts write to or refer to."""
    ids = {d.entity_id for d in drafts}
    ids |= {ref for d in drafts for _, ref, _ in _references(d)}
    rows = con.execute(
        "SELECT entity, entity_id, max(version) FROM ledger "
        "WHERE entity_id IN (SELECT unnest(CAST(? AS VARCHAR[]))) GROUP BY ALL",
        [sorted(ids)],
    ).fetchall()
    return {(entity, entity_id): version for entity, entity_id, version in rows}


def _check(
    con: DuckDBPyConnection,
    drafts: Sequence[Draft],
    known: dict[tuple[str, str], int],
    now: dt.datetime,
    actor: str,
    *,
    sealed: bool = False,
) -> None:
    """Every rule that needs other records or the clock; what was sealed need not pass one that came later."""
    # A day that has begun anywhere on earth (UTC+14) is not in the future.
    today = (now + dt.timedelta(hours=14)).date()
    upcoming = dict(known)
    drafted: dict[str, dict[str, Any]] = {}
    for draft in drafts:
        entity = (draft.entity, draft.entity_id)
        version = upcoming.get(entity, 0)
        if draft.kind is EntryKind.ADD and version:
            raise Refused("id-taken", entity=draft.entity.value, id=draft.entity_id)
        if draft.kind is not EntryKind.ADD and not version:
            raise unknown(con, draft.entity.value, draft.entity_id)
        # Batches may write to one thing twice; their author saw what was there before, or knows of both.
        seen = known.get(entity, 0)
        if draft.expect_version not in (None, seen, version):
            raise merging.stale(con, draft, seen)
        upcoming[entity] = version + 1
        if draft.entity is Entity.COMMITMENT and draft.kind in (EntryKind.ADD, EntryKind.REVISE):
            if version:
                _check_kind_kept(con, draft)
            drafted[draft.entity_id] = draft.payload
    corrections.check(con, drafts)
    problems = list(_party_problems(con, drafts, drafted))
    if not sealed:
        problems += doubles.problems(con, drafts)
    for draft in drafts:
        for target, ref, field in _references(draft):
            if (target, ref) not in upcoming:
                facts = {"entity": target.value, "id": ref, "at": draft.entity_id}
                problems.append(Problem(field, "unknown_reference", facts))
        if draft.kind is EntryKind.EVENT:
            problems += _event_problems(con, draft, drafted)
        if draft.entity is Entity.CODING:
            problems += _coding_problems(con, draft, drafted, draft.actor or actor)
        if draft.entity is Entity.PROPOSAL and draft.kind is EntryKind.ADD:
            # What could not be recorded is not proposed either.
            asked = approval.changes(draft.payload, draft.actor)
            asked = _merged(con, asked, _versions(con, asked))
            _check(con, asked, _versions(con, asked), now, actor, sealed=sealed)
        problems += _in_the_future(draft.payload, today)
    if problems:
        raise Invalid(problems)


def _in_the_future(payload: dict[str, Any], today: dt.date) -> Iterator[Problem]:
    """Dates of what is said to have happened; only what is due or expected may lie ahead."""
    from tracker.dates import Edtf

    told = {f: payload.get(f) for f in ("happened_on", "checked_on", "published", "dated")}
    for position, step in enumerate(payload.get("milestones", ())):
        told[f"milestones.{position}.reached"] = step["reached"]
    for field, text in told.items():
        if text is not None and Edtf(text).begins_after(today):
            yield Problem(field, "in_the_future")


def _event_problems(
    con: DuckDBPyConnection, draft: Draft, drafted: dict[str, dict[str, Any]]
) -> Iterator[Problem]:
    """What is wrong with an event, given the commitment it belongs to."""
    from tracker.models import StatusEvent
    from tracker.terms import Kind

    wording = _wording(con, draft.entity_id, drafted)
    assert wording is not None
    event = StatusEvent.model_validate(draft.payload)
    event.belongs_to(Kind(wording["kind"]))
    parties = [p["name"] for p in wording["parties"]]
    if event.party is not None and event.party not in parties:
        yield Problem("party", "not_a_party", {"parties": ", ".join(parties)})


def _party_problems(
    con: DuckDBPyConnection, drafts: Sequence[Draft], drafted: dict[str, dict[str, Any]]
) -> Iterator[Problem]:
    """A wording keeps the parties whose steps stand, and a step comes back only to its party."""
    changed = {
        d.entity_id
        for d in drafts
        if d.entity is Entity.COMMITMENT and d.kind in (EntryKind.REVISE, EntryKind.RESTORE)
    }
    for commitment_id in sorted(changed):
        wording = _wording(con, commitment_id, drafted)
        if wording is not None:
            parties = [p["name"] for p in wording["parties"]]
            yield from corrections.party_problems(con, drafts, commitment_id, parties)


def _coding_problems(
    con: DuckDBPyConnection, draft: Draft, drafted: dict[str, dict[str, Any]], actor: str
) -> Iterator[Problem]:
    """What is wrong with a second judgement; that its commitment is not there is told elsewhere."""
    wording = _wording(con, draft.payload["commitment_id"], drafted)
    if wording is not None:
        yield from corrections.coding_problems(con, draft, actor, wording["kind"])


def _wording(
    con: DuckDBPyConnection, commitment_id: str, drafted: dict[str, dict[str, Any]]
) -> dict[str, Any] | None:
    """Kind and parties of a commitment, as the batch words it or as it is on record."""
    if commitment_id not in drafted:
        row = con.execute(
            "SELECT kind, list_transform(parties, lambda p: p.name) FROM definitions "
            "WHERE commitment_id = ? AND known_to = TIMESTAMP '9999-12-31'",
            [commitment_id],
        ).fetchone()
        if row is None:
            return None
        drafted[commitment_id] = {"kind": row[0], "parties": [{"name": name} for name in row[1]]}
    return drafted[commitment_id]


def _check_kind_kept(con: DuckDBPyConnection, draft: Draft) -> None:
    """A new kind must have every stage that was ever seen in what happened, by the first coder or another."""
    from tracker import lifecycle
    from tracker.terms import Kind

    rows = con.execute(
        "SELECT stage FROM events WHERE commitment_id = $id "
        "UNION SELECT stage FROM codings WHERE commitment_id = $id",
        {"id": draft.entity_id},
    )
    kind = Kind(draft.payload["kind"])
    if lost := sorted(stage for (stage,) in rows.fetchall() if stage not in lifecycle.of(kind)):
        raise Invalid(
            [Problem("kind", "kind_without_stages", {"kind": kind.value, "stages": ", ".join(lost)})]
        )


def _references(draft: Draft) -> Iterator[tuple[Entity, str, str]]:
    """What a draft refers to: entity, identifier, and the field that says so."""
    payload = draft.payload
    if draft.kind in (EntryKind.WITHDRAW, EntryKind.RESTORE) or draft.entity is Entity.PROPOSAL:
        return
    if draft.entity is Entity.CODING:
        yield Entity.COMMITMENT, payload["commitment_id"], "commitment_id"
    if draft.kind is EntryKind.EVENT:
        for position, item in enumerate(payload["evidence"]):
            yield Entity.SOURCE, item["source_id"], f"evidence.{position}.source_id"
        return
    if draft.entity is Entity.COMMITMENT:
        yield Entity.AGREEMENT, payload["agreement_id"], "agreement_id"
    for field in ("source_ids", "related_source_ids"):
        for ref in payload.get(field, ()):
            yield Entity.SOURCE, ref, field
    for ref in payload.get("commitment_ids", ()):
        yield Entity.COMMITMENT, ref, "commitment_ids"
    for position, side in enumerate(payload.get("sides", ())):
        for ref in side["source_ids"]:
            yield Entity.SOURCE, ref, f"sides.{position}.source_ids"
