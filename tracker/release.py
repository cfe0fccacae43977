"""The release file: one small text that states which data set this is, and proves it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker import queries
from tracker.errors import BadFile, VerificationFailed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def state(con: DuckDBPyConnection, exported: Path) -> dict[str, Any]:
    """What a release states of a store and the file exported from it.

    The version of a data set is the hash of its newest ledger entry; with the edition of
    the rule book it determines every answer.
    """
    info = queries.info(con)
    return {
        "format": "commitment-tracker release 1",
        "file": exported.name,
        "file_sha256": hashlib.sha256(exported.read_bytes()).hexdigest(),
        "head_hash": info["head_hash"],
        "entries": info["counts"]["ledger"],
        "recorded_at": info["recorded_at"].isoformat() + "Z" if info["recorded_at"] else None,
        "rules_version": info["rules_version"],
        "schema_version": info["schema_version"],
        "counts": info["counts"],
        "license": "CC-BY-4.0",
    }


def write(con: DuckDBPyConnection, exported: Path, path: Path) -> dict[str, Any]:
    """Write the release file for an exported one; return what it states."""
    stated = state(con, exported)
    path.write_text(json.dumps(stated, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return stated


def check(con: DuckDBPyConnection, path: Path) -> dict[str, Any]:
    """Hold a release against the store: it must be a state of this ledger, and its file unaltered.

    Returns what it states. Raises `BadFile`, or `VerificationFailed` with code
    `release-differs` naming what does not hold.
    """
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
        head, entries, file, digest = (stated[k] for k in ("head_hash", "entries", "file", "file_sha256"))
        if type(entries) is not int or not 0 <= entries < 2**63:
            raise ValueError
        if not isinstance(head, str) or not isinstance(file, str) or not Path(file).name:
            raise ValueError
    except OSError as error:
        raise BadFile("unreadable", path=str(path), detail=error.strerror or "") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadFile("not-release", path=str(path)) from error
    row = queries.one(con, "SELECT hash FROM ledger WHERE seq = ?", [entries])
    if row.get("hash") != head:
        raise VerificationFailed("release-differs", path=str(path), what="head_hash")
    exported = path.parent / Path(file).name
    if exported.is_file() and hashlib.sha256(exported.read_bytes()).hexdigest() != digest:
        raise VerificationFailed("release-differs", path=str(path), what=exported.name)
    return dict(stated)
