"""Files that come from elsewhere: what they are is looked at, and they are decoded within limits.

A short file can say endlessly much. It is decoded by a process of its own that the operating
system stops at its limits (`tracker.decoder`); what that hands over is counted, and then checked
like everything else that is entered.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from tracker import config, exchange
from tracker.errors import BadFile, Refused
from tracker.ledger import Entry

if TYPE_CHECKING:
    from tracker.facts import Facts


class Limits(NamedTuple):
    """What a file may take."""

    size: int
    """Bytes of the file."""
    memory: int
    """Bytes of memory of the process that decodes it."""
    seconds: int
    made: int
    """Bytes that come of it."""
    entries: int
    """Entries of a ledger, or things and events, that it may hold."""


UPLOAD = Limits(size=20 << 20, memory=512 << 20, seconds=20, made=64 << 20, entries=50_000)
"""For a file that a browser sends; others use the same server at the same moment."""
AT_ONCE = 2
"""Files that are decoded at the same moment; others wait for their turn."""
TURN_SECONDS = 30.0
SKEW = dt.timedelta(days=1)
"""How far the clock of another machine may be ahead of ours."""

_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "PYTHONHASHSEED": "0"}
"""All that the process knows of ours."""
_SIGNS = {
    "zip": b"PK\x03\x04",
    "gzip": b"\x1f\x8b",
    "zstd": b"\x28\xb5\x2f\xfd",
    "bzip2": b"BZh",
    "xz": b"\xfd7zXZ",
    "7z": b"7z\xbc\xaf",
    "rar": b"Rar!",
    "pdf": b"%PDF",
    "ole": b"\xd0\xcf\x11\xe0",
    "parquet": b"PAR1",
}
"""How files of some formats begin."""
_turns = threading.BoundedSemaphore(AT_ONCE)


def limits() -> Limits:
    """For a file that somebody gives to the command or the package. Raises `Refused`."""
    size = config.import_megabytes() << 20
    return Limits(size=size, memory=size, seconds=600, made=size, entries=size // 100)


def read_facts(path: Path) -> Facts:
    """Read and validate a facts file. Raises `BadFile` naming the places that are wrong."""
    with _opened(path) as file:
        return _facts(file, path.stem, str(path), limits())


def read_export(path: Path) -> list[Entry]:
    """The ledger entries of an exported file, in order. Raises `BadFile`."""
    with _opened(path) as file:
        if _form(file) != "parquet":
            raise BadFile("not-export", path=str(path))
        return _export(file, str(path), limits())


def read(file: IO[bytes], name: str, dataset_id: str) -> Facts | list[Entry]:
    """What a file holds that a browser sent, whatever it is called: facts or the entries of a ledger.

    `dataset_id` is the data set that facts are about. Raises `BadFile` under the name that it has.
    """
    form = _form(file)
    if form == "parquet":
        return _export(file, name, UPLOAD)
    if form is not None:
        raise BadFile("not-taken", path=name, found=form)
    return _facts(file, dataset_id, name, UPLOAD)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        # Only that: a pipe under the name of a file would hold us up, or never end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadFile("not-a-file", path=str(path))
        file = path.open("rb")
    except FileNotFoundError as error:
        raise BadFile("no-file", path=str(path)) from error
    except OSError as error:
        raise BadFile("unreadable", path=str(path), detail=error.strerror or "") from error
    with file:
        yield file


def _form(file: IO[bytes]) -> str | None:
    """The format that a file begins like; None for text, `binary` for what is neither."""
    head = os.pread(file.fileno(), 4096, 0)
    found = next((form for form, sign in _SIGNS.items() if head.startswith(sign)), None)
    return found or ("binary" if b"\0" in head else None)


def _facts(file: IO[bytes], dataset_id: str, name: str, most: Limits) -> Facts:
    from tracker import facts

    with closing(_decoded(file, {}, name, most)) as lines:
        ((_, tree),) = lines
    # Whatever else is wrong with it: so much is not gone through.
    if _count(tree) > most.entries:
        raise BadFile("file-entries", path=name, most=most.entries)
    return facts.told(tree, dataset_id, name)


def _count(tree: Any) -> int:
    """Rows of the sections of a facts file, those of histories included."""
    sections = tree.values() if isinstance(tree, dict) else ()
    rows = [row for section in sections if isinstance(section, list) for row in section]
    histories = (row.get("history") for row in rows if isinstance(row, dict))
    return len(rows) + sum(len(history) for history in histories if isinstance(history, list))


def _export(file: IO[bytes], name: str, most: Limits) -> list[Entry]:
    rows: list[Any] = []
    ours = False
    asked = {"statements": exchange.statements("/dev/fd/0")}
    with closing(_decoded(file, asked, name, most)) as lines:
        for place, *row in lines:
            if place == 1:
                ours = True
            elif place > 1:
                rows.append(row)
            if len(rows) > most.entries or (place == 0 and row[0] > most.entries):
                raise BadFile("file-entries", path=name, most=most.entries)
    found = exchange.entries(rows, ours, name)
    if found and found[-1].recorded_at > dt.datetime.now(dt.UTC).replace(tzinfo=None) + SKEW:
        # Nothing could be recorded after it until then.
        raise BadFile("invalid-entry", path=name, seq=found[-1].seq)
    return found


def _decoded(
    file: IO[bytes], asked: dict[str, Any], name: str, most: Limits
) -> Generator[list[Any], None, None]:
    """The lines that the decoder gives. Raises `BadFile`, or `Refused` when too many wait for it."""
    size = os.fstat(file.fileno()).st_size
    if size > most.size:
        raise BadFile("file-too-large", path=name, megabytes=size / (1 << 20), most=most.size >> 20)
    if not _turns.acquire(timeout=TURN_SECONDS):
        raise Refused("import-busy", seconds=TURN_SECONDS)
    try:
        yield from _lines(file, asked | {"memory": most.memory, "seconds": most.seconds}, name, most)
    finally:
        _turns.release()


def _lines(file: IO[bytes], asked: dict[str, Any], name: str, most: Limits) -> Iterator[list[Any]]:
    worker = str(files("tracker").joinpath("decoder.py"))
    file.seek(0)
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", worker, json.dumps(asked)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            cwd="/",
        )
    except OSError as error:
        raise BadFile("unreadable", path=name, detail=error.strerror or str(error)) from error
    # It stops itself, unless it cannot.
    deadline = threading.Timer(most.seconds + 5, process.kill)
    deadline.start()
    expands = BadFile("file-expands", path=name, megabytes=most.memory >> 20, seconds=most.seconds)
    made = 0
    try:
        assert process.stdout is not None
        while line := process.stdout.readline(most.made + 1):
            made += len(line)
            if made > most.made:
                raise expands
            # It died, or was ended, in the middle of a line.
            if not line.endswith(b"\n"):
                raise expands
            told = json.loads(line)
            if isinstance(told, list):
                yield told
            elif told.get("refused") == "file-expands":
                raise expands
            elif "refused" in told:
                raise BadFile(told["refused"], path=name, **told["facts"])
            else:
                return
        raise expands
    finally:
        deadline.cancel()
        process.kill()
        process.communicate()
