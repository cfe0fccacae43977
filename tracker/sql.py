"""Somebody else's SQL: one read-only statement on the published file, in a limited child.

Settings of the engine bound neither memory nor time, so the operating system does: the
child has limits of its own and is killed when its time is up.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from tracker.errors import QueryRefused

if TYPE_CHECKING:
    import pyarrow as pa

    from tracker.store import Store

SECONDS = 5.0
ALL_ROWS = 1_000_000
"""Rows without a stated limit; more would not be an answer but a copy of the store."""

_ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}
"""All the child knows of ours: allocators that take little more than they need."""


@dataclass(frozen=True)
class Answer:
    """What a statement gave: rows, whether there were more, and how long it took (seconds)."""

    table: pa.Table
    truncated: bool
    seconds: float


def run(store: Store, text: str, *, limit: int | None = None, seconds: float = SECONDS) -> Answer:
    """Run one statement and return at most `limit` rows. Raises `QueryRefused`."""
    import pyarrow as pa

    if not text.strip():
        raise QueryRefused("query-empty")
    with store.reading():
        pass
    rows = limit if limit is not None else ALL_ROWS
    worker = str(files("tracker").joinpath("sql_worker.py"))
    began = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-P", worker, str(store.published), str(rows), str(int(seconds) + 1)],
            input=text.encode(errors="replace"),
            capture_output=True,
            env=_ENVIRONMENT,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise QueryRefused("query-too-slow", seconds=seconds) from error
    except OSError as error:
        raise QueryRefused("query-worker", detail=error.strerror or str(error)) from error
    took = time.perf_counter() - began
    if done.returncode == 3:
        refusal = json.loads(done.stderr.splitlines()[-1])
        raise QueryRefused(refusal["code"], **refusal["facts"])
    if done.returncode != 0:
        raise _death(done.returncode, done.stderr.decode(errors="replace").strip())
    with pa.ipc.open_stream(done.stdout) as answer:
        table = answer.read_all()
    truncated = (table.schema.metadata or {}).get(b"truncated") == b"1"
    return Answer(table.replace_schema_metadata(None), truncated, took)


def _death(code: int, told: str) -> QueryRefused:
    """Why a child ended that did not say: the limits end it by a signal or a failed allocation."""
    last = told.splitlines()[-1] if told else f"exit code {code}"
    if code < 0 or "memory" in last.lower():
        return QueryRefused("query-too-large")
    return QueryRefused("query-worker", detail=last)
