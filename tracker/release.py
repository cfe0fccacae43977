"""The release file: one small text that states which data set this is, and proves it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker import inventory, queries
from tracker.clocks import At, today
from tracker.errors import BadFile, VerificationFailed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


FORMAT, LICENSE = "commitment-tracker release 1", "CC-BY-4.0"


def state(con: DuckDBPyConnection, exported: Path) -> dict[str, Any]:
    """What a release states of a store and the file exported from it.

    The version of a data set is the hash of its newest ledger entry; with the edition of
    the rule book it determines every answer.
    """
    info = inventory.info(con)
    return {
        "format": FORMAT,
        "file": exported.name,
        "file_sha256": hashlib.sha256(exported.read_bytes()).hexdigest(),
        "head_hash": info["head_hash"],
        "entries": info["counts"]["ledger"],
        "recorded_at": _instant(info["recorded_at"]),
        "rules_version": info["rules_version"],
        "schema_version": info["schema_version"],
        "counts": info["counts"],
        "license": LICENSE,
    }


def write(con: DuckDBPyConnection, exported: Path, path: Path) -> dict[str, Any]:
    """Write the release file for an exported one; return what it states."""
    stated = state(con, exported)
    path.write_text(json.dumps(stated, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return stated


def _instant(told: dt.datetime | None) -> str | None:
    return told.isoformat() + "Z" if told is not None else None


def check(con: DuckDBPyConnection, path: Path) -> dict[str, Any]:
    """Hold a release against the store: it must be a state of this ledger, and its file unaltered.

    Returns what it states, and as `file_there` whether the file was beside it to be compared.
    All that the entries determine is computed anew. Which edition of the rules and of the schema
    made it they do not: that is only held to be none of tomorrow. Raises `BadFile`, or
    `VerificationFailed` with code `release-differs` naming what does not hold.
    """
    stated = _read(path)
    entries, head = stated["entries"], stated["head_hash"]
    last = queries.one(con, "SELECT hash, recorded_at FROM ledger WHERE seq = ?", [entries])
    if last.get("hash") != head:
        raise VerificationFailed("release-differs", path=str(path), what="head_hash")
    recorded_at = last.get("recorded_at")
    then = inventory.info(con, At(today(), recorded_at or dt.datetime.min))
    expected = {
        "format": FORMAT,
        "license": LICENSE,
        "recorded_at": _instant(recorded_at),
        "counts": then["counts"],
    }
    differing = [name for name, value in expected.items() if stated.get(name) != value]
    for name in ("rules_version", "schema_version"):
        edition = stated.get(name)
        if type(edition) is not int or not 1 <= edition <= then[name]:
            differing.append(name)
    if differing:
        raise VerificationFailed("release-differs", path=str(path), what=", ".join(differing))
    exported = path.parent / Path(stated["file"]).name
    there = exported.is_file()
    if there and hashlib.sha256(exported.read_bytes()).hexdigest() != stated["file_sha256"]:
        raise VerificationFailed("release-differs", path=str(path), what=exported.name)
    return stated | {"file_there": there}


def _read(path: Path) -> dict[str, Any]:
    """What a release file states. Raises `BadFile`."""
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
        head, entries, file, _ = (stated[k] for k in ("head_hash", "entries", "file", "file_sha256"))
        if type(entries) is not int or not 0 <= entries < 2**63:
            raise ValueError
        # A store without entries has no newest one.
        if not (isinstance(head, str) if entries else head is None):
            raise ValueError
        if not isinstance(file, str) or not Path(file).name:
            raise ValueError
    except OSError as error:
        raise BadFile("unreadable", path=str(path), detail=error.strerror or "") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadFile("not-release", path=str(path)) from error
    return dict(stated)
