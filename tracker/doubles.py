"""Which new sources are on record already, under another identifier.

A source is the same as another at the same address, or, where one of them has no address, under the
same title by the same publisher; unless both say when they were published, and neither date is a
part of the other.
Neither http or https, www, capitals in the host, nor a slash at the end makes another address;
a section of a page (#) does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tracker.errors import Problem
from tracker.ledger import Draft
from tracker.terms import Entity, EntryKind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PLACE = """
    rtrim(
        lower(regexp_extract(url, '^https?://(www[.])?([^/?#]*?)(:80|:443)?([/?#]|$)', 2, 'i'))
        || regexp_extract(url, '^https?://[^/?#]*(.*)$', 1, 'is'), '/#')
"""
_SAME = f"""
WITH told AS (
    SELECT unnest(CAST(CAST($told AS JSON) AS STRUCT(
        number INTEGER, id VARCHAR, title VARCHAR, publisher VARCHAR, published VARCHAR, url VARCHAR)[]),
        max_depth := 2)
),
new AS (SELECT *, {_PLACE} AS place FROM told),
known AS (
    SELECT -1 AS number, id, title, publisher, published, url, {_PLACE} AS place FROM sources
    UNION ALL FROM new
),
found AS (
    SELECT n AS new, k AS known FROM new AS n JOIN known AS k ON k.place = n.place
    UNION ALL
    SELECT n, k FROM new AS n JOIN known AS k ON k.title = n.title AND k.publisher = n.publisher
    WHERE n.url IS NULL OR k.url IS NULL
)
SELECT DISTINCT ON (new.number) new.id, known.id, known.title FROM found
WHERE known.number < new.number AND known.id <> new.id
    AND coalesce(
        starts_with(known.published, new.published) OR starts_with(new.published, known.published), true)
ORDER BY new.number, known.number, known.id
"""


def problems(con: DuckDBPyConnection, drafts: Sequence[Draft]) -> Iterator[Problem]:
    """One for each new source of a batch that is on record, or told earlier in the batch."""
    told = [
        {"number": number, "id": draft.entity_id}
        | {name: draft.payload.get(name) for name in ("title", "publisher", "published", "url")}
        for number, draft in enumerate(drafts)
        if draft.entity is Entity.SOURCE and draft.kind is EntryKind.ADD
    ]
    if not told:
        return
    for at, known, title in con.execute(_SAME, {"told": json.dumps(told)}).fetchall():
        yield Problem("url", "on_record", {"at": at, "id": known, "title": title})
