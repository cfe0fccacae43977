"""Identifiers for things that people enter without naming them.

Where the key of the request is given, it decides what would be chance: a repeated request
names the same thing again, and so lands once.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Container


def dataset_id(file: str) -> str:
    """An identifier for a data set, from the name of its file."""
    return _slug(file.rpartition(".")[0] or file) or "data-set"


def source_id(publisher: str, published: str, key: str | None = None) -> str:
    """An identifier for a source, from who published it and when."""
    return _own(_slug(f"{publisher} {published}") or "source", key)


def check_id(checked_on: str, key: str | None = None) -> str:
    """An identifier for a check, from its day."""
    return _own(_slug(f"check {checked_on}"), key)


def dispute_id(claim: str, key: str | None = None) -> str:
    """An identifier for a dispute, from its claim."""
    return _own(_slug(claim)[:50].strip("-") or "dispute", key)


def coding_id(commitment_id: str, key: str | None = None) -> str:
    """An identifier for a second judgement, from what it is about."""
    return _own(f"coding-{commitment_id[:80].strip('-')}", key)


def proposal_id(about: str, key: str | None = None) -> str:
    """An identifier for a proposal, from what it is about."""
    return _own(f"proposal-{about[:80].strip('-')}", key)


def suggested(title: str, taken: Container[str], key: str, sort: str) -> str:
    """A free identifier from a title, or from the sort of thing where the title has no Latin letter."""
    stem = _slug(title)[:60].strip("-")
    if not stem:
        return _own(sort, key)
    return _own(stem, key) if stem in taken else stem


def _slug(text: str) -> str:
    """Lower-case ASCII letters, digits and hyphens; what has no such form is left out."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def _own(stem: str, key: str | None) -> str:
    # Two people may enter two documents of one publisher and day at the same moment.
    mark = secrets.token_hex(3) if key is None else hashlib.sha256(key.encode()).hexdigest()[:6]
    return f"{stem}-{mark}"
