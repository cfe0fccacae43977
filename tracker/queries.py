"""One function per question, on a cursor that `Store.reading` lends. Rows leave as mappings.

Nothing here writes. Values are always bound; no text of a reader enters the SQL. `at` is the
point on both clocks for which a question is asked, by default the present.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from tracker import search
from tracker.clocks import PRESENT, At, now
from tracker.errors import Refused
from tracker.holdings import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from tracker.dates import Edtf

Row = dict[str, Any]

COMMITMENT_COLUMNS = (
    "id",
    "title",
    "pledge",
    "kind",
    "pillar",
    "agreement_id",
    "parties",
    "headline",
    "due",
    "due_earliest",
    "due_latest",
    "cadence",
    "fulfilment_test",
    "stage",
    "status",
    "stage_since",
    "schedule",
    "confidence",
    "disputed",
    "official_stage",
    "evidence_reaches",
    "last_checked",
    "version",
    "recorded_at",
)
"""The columns of the view `commitments` and of its macros, in order."""


SUPPORTED = "coalesce(f.supported, true)"
"""Whether the evidence meets the rule, by the finding `f`. The first edition of the rules asked for none."""


def rows(con: DuckDBPyConnection, query: str, values: Any = ()) -> list[Row]:
    """The rows of a query as mappings."""
    cursor = con.execute(query, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def one(con: DuckDBPyConnection, query: str, values: Any = ()) -> Row:
    """The first row of a query; empty when there is none."""
    found = rows(con, query, values)
    return found[0] if found else {}


TITLES = f"({search.found_in('folded')} OR coalesce({search.found_in('plain(told)')}, false)) DESC"
"""What is found in a title, as it is on record or told to the reader, before what is found elsewhere."""
# Without case and accents; those of plain ASCII have no accents to look for, and in Hangul the order
# of the characters is that of the alphabet.
_ALPHABETIC = """CASE WHEN strlen(coalesce(told, title)) = length(coalesce(told, title)) THEN
    lower(coalesce(told, title)) WHEN ord(coalesce(told, title)) >= 4352 THEN coalesce(told, title)
    ELSE replace(lower(strip_accents(coalesce(told, title))), 'œ', 'oe') END"""
SORTS = {
    "title": f"headline DESC, {_ALPHABETIC}",
    "due": f"due_latest NULLS LAST, due_earliest, {_ALPHABETIC}",
    "stage_since": f"since_latest DESC NULLS LAST, {_ALPHABETIC}",
    "evidence_reaches": f"evidence_reaches NULLS FIRST, {_ALPHABETIC}",
    "recorded_at": f"recorded_at DESC, {_ALPHABETIC}",
}
"""Orders in which commitments can be asked for."""


class Filters(TypedDict, total=False):
    """What commitments can be narrowed to; what is absent or None narrows nothing.

    `pillar` and `search` match parts, whatever their case, accents and spaces, and names and
    texts in other languages too; but the whole name of a pillar means that pillar alone. `search`
    looks in identifier, title, pledge, the parties with their bodies, and the sources cited, and
    knows half-typed syllables of Hangul and their initials (see `tracker.search`). `party` is the
    name of one; `due` finds those whose stated date may fall within it, `claimed` those of which
    sources tell more than the evidence supports.
    """

    status: str | None
    stage: str | None
    kind: str | None
    pillar: str | None
    party: str | None
    schedule: str | None
    disputed: bool | None
    headline: bool | None
    search: str | None
    due: Edtf | None
    claimed: bool | None


def commitments(
    con: DuckDBPyConnection,
    *,
    as_of: dt.date | None = None,
    known_on: dt.date | None = None,
    at: At | None = None,
    sort: str | None = None,
    language: str | None = None,
    limit: int | None = None,
    offset: int = 0,
    **filters: Unpack[Filters],
) -> list[Row]:
    """Commitments as they stand, in an order of `SORTS`.

    Where none is named, headline ones come first, then the order is by title; of a search, those
    before all others in whose title it finds something.
    `known_on` is a day of UTC, taken to its end; `at` names both clocks at once. Titles are put
    in order as they are told in `language`, where they are.
    """
    looking = filters.get("search") is not None
    folded, first = (_FOLDED, f"{TITLES}, ") if looking and sort is None else ("", "")
    return rows(
        con,
        f"SELECT c.* EXCLUDE (since_latest) FROM (SELECT c.*, since_latest {_FOUND}) AS c {_TOLD} {folded} "
        f"ORDER BY {first}{SORTS[sort or 'title']}, id LIMIT $limit OFFSET $offset",
        _values(con, at or At.of(as_of, known_on), filters)
        | {"language": language, "limit": limit if limit is not None else 2**62, "offset": offset},
    )


def count(con: DuckDBPyConnection, at: At | None = None, **filters: Unpack[Filters]) -> int:
    """How many commitments there are of those that `commitments` finds."""
    found: int = one(con, f"SELECT count(*) AS n {_FOUND}", _values(con, now(at), filters))["n"]
    return found


_TOLD = """
    LEFT JOIN (
        SELECT entity_id, original, text AS told FROM translations_known($known_at)
        WHERE entity = 'commitment' AND field = 'title' AND language = $language
    ) AS t ON t.entity_id = c.id AND t.original = c.title
"""
# Titles were folded when they were recorded; U+001F parts them from the identifier before them.
_FOLDED = """
    JOIN (
        SELECT commitment_id, split_part(searchable, chr(31), 2) AS folded FROM definitions
        WHERE known_from <= $known_at AND $known_at < known_to
    ) AS f ON f.commitment_id = c.id
"""
_FOUND = f"""
    FROM as_known($day, $known_at) AS c LEFT JOIN (
        SELECT edtf, latest AS since_latest FROM dates) AS s ON s.edtf = c.stage_since
    WHERE ($status IS NULL OR status = $status)
        AND ($stage IS NULL OR stage = $stage)
        AND ($kind IS NULL OR kind = $kind)
        AND ($party IS NULL OR list_contains([p.name for p in parties], $party))
        AND ($pillar IS NULL OR pillar = $pillar OR pillar IN (
            SELECT p FROM (SELECT unnest(list(DISTINCT pillar)) AS p FROM definitions)
            WHERE contains(plain(p), plain($pillar)) AND NOT EXISTS (FROM definitions WHERE pillar = $pillar)
            UNION ALL SELECT original FROM translations_known($known_at)
            WHERE field = 'name' AND contains(plain("text"), plain($pillar))))
        AND ($schedule IS NULL OR schedule = $schedule)
        AND ($disputed IS NULL OR disputed = $disputed)
        AND ($headline IS NULL OR headline = $headline)
        AND ($claimed IS NULL OR $claimed = (id IN (
            SELECT commitment_id FROM answers_known($day, $known_at)
            WHERE party IS NULL AND claimed_stage IS NOT NULL)))
        AND ($due_first IS NULL OR (due_earliest <= $due_last AND $due_first <= due_latest))
        AND ($search IS NULL OR id IN ({search.COMMITMENTS}))
"""


def _values(con: DuckDBPyConnection, at: At, filters: Filters) -> dict[str, Any]:
    """What is bound to the names in `_FOUND`."""
    told: dict[str, Any] = dict.fromkeys(Filters.__annotations__) | dict(filters)
    due = told.pop("due")
    window = {"due_first": due.earliest, "due_last": due.latest} if due is not None else {}
    looked = search.sought(con, told["search"], at.known_at)
    return at.bound() | told | {"due_first": None, "due_last": None} | window | looked


def commitment(con: DuckDBPyConnection, commitment_id: str, at: At | None = None) -> Row:
    """One commitment as it stands.

    Raises `UnknownId` with the nearest known ones, or `Refused` where it was not on record then.
    """
    at = now(at)
    row = one(con, "FROM as_known($day, $known_at) WHERE id = $id", at.bound() | {"id": commitment_id})
    if not row:
        if one(con, "FROM commitments WHERE id = ?", [commitment_id]):
            known = at.known_at != PRESENT
            code = "not-known-then" if known else "not-on-record"
            raise Refused(
                code, id=commitment_id, day=at.day.isoformat(), known=at.known_at.date().isoformat()
            )
        raise unknown(con, "commitment", commitment_id)
    return row


def answers(con: DuckDBPyConnection, commitment_id: str, at: At | None = None) -> list[Row]:
    """The three answers to how far: for all parties together first, then for each."""
    return rows(
        con,
        "FROM answers_known($day, $known_at) WHERE commitment_id = $id ORDER BY party NULLS FIRST",
        now(at).bound() | {"id": commitment_id},
    )


def claims(con: DuckDBPyConnection, ids: Sequence[str], at: At | None = None) -> dict[str, str]:
    """What sources claim beyond what the evidence supports, by commitment, of those named."""
    found = rows(
        con,
        "SELECT commitment_id AS id, claimed_stage FROM answers_known($day, $known_at) "
        "WHERE party IS NULL AND claimed_stage IS NOT NULL AND commitment_id IN (SELECT unnest($ids))",
        now(at).bound() | {"ids": list(ids)},
    )
    return {row["id"]: row["claimed_stage"] for row in found}


def definition(con: DuckDBPyConnection, commitment_id: str, at: At | None = None) -> Row:
    """The wording on record: everything about a commitment that is not judged."""
    return one(
        con,
        "FROM definitions WHERE commitment_id = $id AND known_from <= $known_at AND $known_at < known_to",
        {"known_at": now(at).known_at, "id": commitment_id},
    )


def wordings(con: DuckDBPyConnection, commitment_id: str, at: At | None = None) -> list[Row]:
    """Every wording a commitment has had, oldest first."""
    return rows(
        con,
        "FROM definitions WHERE commitment_id = $id AND known_from <= $known_at ORDER BY known_from",
        {"known_at": now(at).known_at, "id": commitment_id},
    )


def agreement(con: DuckDBPyConnection, agreement_id: str, at: At | None = None) -> Row:
    """One agreement."""
    return one(
        con,
        "FROM agreements_known($known_at) WHERE id = $id",
        {"known_at": now(at).known_at, "id": agreement_id},
    )


def history(con: DuckDBPyConnection, commitment_id: str, at: At | None = None) -> list[Row]:
    """Events in order of happening, each with its evidence, the sources of it, and what the rule found.

    Events that were withdrawn or replaced are among them, and say so.
    """
    point = now(at).bound() | {"id": commitment_id}
    events = rows(
        con,
        f"SELECT h.*, f.requirement, if(h.withdrawn_at IS NULL, {SUPPORTED}, NULL) AS supported "
        "FROM history_known($known_at) AS h "
        "LEFT JOIN findings AS f ON f.commitment_id = h.commitment_id AND f.version = h.version "
        "AND f.known_from <= $known_at AND $known_at < f.known_to "
        "WHERE h.commitment_id = $id AND h.certain_on <= $day "
        "ORDER BY h.happened_earliest, h.happened_latest, h.version",
        point,
    )
    cited = rows(
        con,
        "SELECT e.* EXCLUDE (position), s.* EXCLUDE (version, reliability, origin, withdrawn_at) "
        "FROM evidence_known($known_at) AS e JOIN sources_known($known_at) AS s ON s.id = e.source_id "
        "WHERE e.commitment_id = $id ORDER BY e.version, e.position",
        {"known_at": point["known_at"], "id": commitment_id},
    )
    for event in events:
        event["evidence"] = [c for c in cited if c["version"] == event["version"]]
    return events


def milestones(con: DuckDBPyConnection, commitment_id: str, at: At | None = None) -> list[Row]:
    """Steps on the way, in order; one reached after the day asked for is still open then."""
    return rows(
        con,
        "SELECT * REPLACE (if(reached_latest <= $day, reached, NULL) AS reached, "
        "if(reached_latest <= $day, reached_earliest, NULL) AS reached_earliest, "
        "if(reached_latest <= $day, reached_latest, NULL) AS reached_latest) "
        "FROM milestones_known($known_at) WHERE commitment_id = $id ORDER BY position",
        now(at).bound() | {"id": commitment_id},
    )


def checks(con: DuckDBPyConnection, commitment_id: str, at: At | None = None) -> list[Row]:
    """Searches that found nothing new, newest first."""
    return rows(
        con,
        "FROM checks_known($known_at) WHERE commitment_id = $id AND checked_on <= $day "
        "ORDER BY checked_on DESC, id",
        now(at).bound() | {"id": commitment_id},
    )


def datasets(con: DuckDBPyConnection, at: At | None = None) -> list[Row]:
    """What the pledges are about, and where the evidence ends."""
    return rows(con, "FROM datasets_known($known_at) ORDER BY id", {"known_at": now(at).known_at})


def newest(con: DuckDBPyConnection, at: At | None = None) -> Row:
    """Number, time and hash of the newest entry, of all or of those known then; empty without any."""
    return one(
        con,
        "SELECT seq, recorded_at, hash FROM ledger WHERE recorded_at <= $known_at ORDER BY seq DESC LIMIT 1",
        {"known_at": now(at).known_at},
    )
