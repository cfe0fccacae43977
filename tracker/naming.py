"""Identifiers for things that people enter without naming them."""

from __future__ import annotations

import re
import secrets
import unicodedata


def source_id(publisher: str, published: str) -> str:
    """An identifier for a source, from who published it and when."""
    return _own(_slug(f"{publisher} {published}") or "source")


def check_id(checked_on: str) -> str:
    """An identifier for a check, from its day."""
    return _own(_slug(f"check {checked_on}"))


def dispute_id(claim: str) -> str:
    """An identifier for a dispute, from its claim."""
    return _own(_slug(claim)[:50].strip("-") or "dispute")


def coding_id(commitment_id: str) -> str:
    """An identifier for a second judgement, from what it is about."""
    return _own(f"coding-{commitment_id[:80].strip('-')}")


def _slug(text: str) -> str:
    """Lower-case ASCII letters, digits and hyphens; what has no such form is left out."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def _own(stem: str) -> str:
    # Two people may enter two documents of one publisher and day at the same moment.
    return f"{stem}-{secrets.token_hex(3)}"
