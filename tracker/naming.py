"""Identifiers for things that people enter without naming them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def source_id(con: DuckDBPyConnection, publisher: str, published: str) -> str:
    """A free identifier for a source, from who published it and when."""
    return _free(con, "source", _slug(f"{publisher} {published}") or "source")


def check_id(con: DuckDBPyConnection, checked_on: str) -> str:
    """A free identifier for a check, from its day."""
    return _free(con, "check", _slug(f"check {checked_on}"))


def _slug(text: str) -> str:
    """Lower-case ASCII letters, digits and hyphens; what has no such form is left out."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def _free(con: DuckDBPyConnection, entity: str, stem: str) -> str:
    rows = con.execute(
        "SELECT entity_id FROM ledger WHERE entity = ? AND version = 1 AND starts_with(entity_id, ?)",
        [entity, stem],
    ).fetchall()
    taken = {row[0] for row in rows}
    return next(n for n in (stem, *(f"{stem}-{i}" for i in range(2, len(taken) + 3))) if n not in taken)
