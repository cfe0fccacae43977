"""What is on record in other languages: by thing and by name, in one language at a time.

A translation of words that are no longer on record is none.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from tracker.clocks import At, now
from tracker.queries import Row, rows
from tracker.terms import Entity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def told(
    con: DuckDBPyConnection,
    ids: Collection[str],
    language: str,
    at: At | None = None,
    entity: Entity = Entity.COMMITMENT,
) -> dict[tuple[str, str, str], Row]:
    """The texts of these things in a language, with `made_by`, by identifier, field and original."""
    found = rows(
        con,
        "SELECT entity_id, field, original, text, made_by FROM translations_known($known_at) "
        "WHERE entity = $entity AND language = $language AND field <> 'name' "
        "AND entity_id IN (SELECT unnest(CAST($ids AS VARCHAR[])))",
        {
            "known_at": now(at).known_at,
            "entity": entity.value,
            "language": language,
            "ids": list(dict.fromkeys(ids)),
        },
    )
    return {(row["entity_id"], row["field"], row["original"]): row for row in found}


def languages(con: DuckDBPyConnection, at: At | None = None) -> dict[str, bool]:
    """The languages in which anything is told beside its own, each with whether a machine made some of it."""
    found = rows(
        con,
        "SELECT language, bool_or(made_by = 'machine') AS machine FROM translations_known($known_at) "
        "GROUP BY language ORDER BY language",
        {"known_at": now(at).known_at},
    )
    return {row["language"]: row["machine"] for row in found}


def names(con: DuckDBPyConnection, language: str, at: At | None = None) -> dict[str, str]:
    """Pillars, parties, bodies and milestones in a language, by what they are called on record."""
    found = rows(
        con,
        "SELECT original, min(text) AS text FROM translations_known($known_at) "
        "WHERE field = 'name' AND language = $language GROUP BY original",
        {"known_at": now(at).known_at, "language": language},
    )
    return {row["original"]: row["text"] for row in found}
