"""Somebody else's SQL: one read-only statement on the published file, in a limited child.

Settings of the engine bound neither memory nor time, so the operating system does: the
child has limits of its own and is killed when its time is up.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import QueryRefused
from tracker.sandbox import SANDBOX, Tick

if TYPE_CHECKING:
    import pyarrow as pa

    from tracker.store import Store

SECONDS = 5.0
ALL_ROWS = 1_000_000
"""Rows without a stated limit; more would not be an answer but a copy of the store."""
ANSWER = 64 << 20
"""Bytes of rows."""
CELL = 4 << 20
"""Bytes of one value."""
TEXT = 100_000
"""Bytes of a statement."""


@dataclass(frozen=True)
class Answer:
    """What a statement gave."""

    table: pa.Table
    truncated: bool
    """Whether there are more rows than these."""
    seconds: float
    """How long the engine took."""
    total: int | None
    """How many rows there are in all, if that is known."""


def warm_up() -> None:
    """Start the process in which statements run, ahead of the first. Raises `QueryRefused`."""
    SANDBOX.start()


def run(
    store: Store,
    text: str,
    *,
    limit: int | None = None,
    seconds: float = SECONDS,
    size: int = ANSWER,
    count: int = 0,
    tick: Tick | None = None,
) -> Answer:
    """Run one statement and return at most `limit` rows of at most `size` bytes. Raises `QueryRefused`.

    Of an answer that is cut the rows are counted, up to `count`. `tick` is called now and
    then while the statement runs; what it raises ends the statement.
    """
    import pyarrow as pa

    try:
        length = len(text.encode())
    except UnicodeEncodeError as error:
        raise QueryRefused("query-not-text") from error
    if not text.strip():
        raise QueryRefused("query-empty")
    if length > TEXT:
        raise QueryRefused("query-too-long", bytes=length, most=TEXT)
    with store.reading():
        database = _opened(store.published)
    try:
        rows = limit if limit is not None else ALL_ROWS
        question = {"text": text, "rows": rows, "bytes": size, "cell": min(size, CELL), "count": count}
        known, stream = SANDBOX.ask(database, question, seconds=seconds, tick=tick)
    finally:
        os.close(database)
    with pa.ipc.open_stream(stream) as reader:
        return Answer(reader.read_all(), known["truncated"], known["seconds"], known["total"])


def _opened(published: Path) -> int:
    """The published file opened for reading, by no name that would tell a stranger where it is."""
    try:
        with tempfile.TemporaryDirectory(dir=published.parent, prefix=".reader-") as folder:
            nameless = Path(folder) / "data"
            os.link(published, nameless)
            return os.open(nameless, os.O_RDONLY)
    except OSError:
        # A folder of somebody else's, or a file system without links: a copy has no name either.
        with tempfile.TemporaryDirectory(prefix="tracker-") as folder:
            nameless = Path(folder) / "data"
            shutil.copyfile(published, nameless)
            return os.open(nameless, os.O_RDONLY)
