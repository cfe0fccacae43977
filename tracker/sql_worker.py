"""The process that runs strangers' SQL: it has the engine ready, and forks a child for every statement.

Run as a file, with an environment of its own, by `tracker.sandbox`; imports nothing of the
tracker. The parent never opens a database and reads no statement: it forks, kills the child
whose asker has gone, and says how a child ended. A child opens the one file that it was
handed, gives up every right that it can give up, runs one statement and is gone.

A frame on a socket is one letter, the length of what follows, and that: `Q` the question, `S` the
statement begins, `R` it is refused and why, `H` what is known of the answer, `T` its rows
in Arrow, and from the parent `E` the exit code of a child.
"""

import ctypes
import gc
import json
import math
import os
import re
import resource
import select
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from typing import Any, NoReturn
from unicodedata import east_asian_width

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

MEMORY = 512 << 20
"""Bytes of data; above what the engine allows itself, because not all it uses is counted there."""
ADDRESSES = 4 << 30
"""Bytes of addresses; allocators reserve far more than they use, and fail in strange places without."""
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_persistent_secrets": "false",
    "secret_directory": "",
    "memory_limit": "256MB",
    "threads": "1",
    "async_threads": "0",
    "temp_directory": "",
    "max_temp_directory_size": "0B",
    "pivot_limit": "1000",
    "errors_as_json": "true",
    "python_enable_replacements": "false",
    "python_scan_all_frames": "false",
}
LOCKS = (
    "USE commitments",
    # What nobody wrote to a disk could be written to.
    "DETACH memory",
    "SET enable_external_access = false",
    "SET disabled_filesystems = 'LocalFileSystem,HTTPFileSystem'",
    "SET lock_configuration = true",
)
READS = {
    *("select", "from", "with", "values", "table", "describe", "desc", "show", "summarize"),
    *("pivot", "unpivot", "("),
}
"""What a statement that reads begins with."""
EFFECTS = re.compile(
    r"\b(checkpoint|force_checkpoint|write_log|truncate_duckdb_logs|(enable|disable)_(logging|profiling)"
    r"|(de)?register_external_resource(_type)?|(create|destroy)_external_resource|setval|nextval) \("
)
"""Functions that do something; the locks above make most of them fail, and none reaches beyond the child."""
WITHOUT_ARROW = re.compile(
    r"\b(INTERVAL|BIT|BIGNUM|UHUGEINT|GEOMETRY|VARIANT|UNION|TIME WITH TIME ZONE)\b|STRUCT(?!\()"
)
"""Types that Arrow or Parquet has no form for; their values leave as text."""
TOO_MUCH = ("out of memory", "bad_alloc", "could not allocate", "failed to allocate")
"""How the engine says that it has not enough memory."""
SHORT = 0.3
"""Seconds for which a child is as important as any other process."""
BATCH = 10_000
COUNTING = 1.0
"""Seconds for which the rows beyond those asked for are counted."""
NEAR = 3
"""Names that are offered in place of one that is not there."""
SPARE = 60
"""Columns of a line that are shown on either side of a fault."""


class Refusal(Exception):
    """The statement is not answered: a code for the catalogue and the facts of its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.told = {"code": code, "facts": facts}


# The parent


class Parent:
    """The process that forks, and the children it has."""

    def __init__(self, asks: socket.socket) -> None:
        self.asks = asks
        self.libc = ctypes.CDLL(None)
        self.controls: dict[int, socket.socket] = {}
        self.began: dict[int, float] = {}
        self.poller = select.poll()
        self.poller.register(asks, select.POLLIN)

    def serve(self) -> None:
        """Fork a child for everything that is asked, until nobody can ask any more."""
        woken, wake = os.pipe()
        os.set_blocking(woken, False)
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self.poller.register(woken, select.POLLIN)
        try:
            while True:
                for number, _ in self.poller.poll(100 if self.began else None):
                    if number == woken:
                        with suppress(BlockingIOError):
                            os.read(woken, 512)
                    elif number == self.asks.fileno():
                        asked, files, _, _ = socket.recv_fds(self.asks, 1, 2)
                        if not asked:
                            return
                        self.fork(socket.socket(fileno=files[0]), files[1])
                    else:
                        self.abandon(number)
                # Only now, so that no number above is that of a file that was closed meanwhile.
                self.bury()
                self.demote()
        finally:
            for child in self.controls:
                os.kill(child, signal.SIGKILL)

    def fork(self, control: socket.socket, database: int) -> None:
        """Have a child answer what is asked on a socket."""
        try:
            child = os.fork()
        except OSError as error:
            _refuse(control, Refusal("query-worker", detail=error.strerror))
            os.close(database)
            return control.close()
        if child == 0:
            _become(control, database, self.libc)
        os.close(database)
        self.controls[child] = control
        self.began[child] = time.monotonic()
        self.poller.register(control, 0)

    def abandon(self, number: int) -> None:
        """Kill the child whose asker has gone."""
        self.poller.unregister(number)
        for child, control in self.controls.items():
            if control.fileno() == number:
                os.kill(child, signal.SIGKILL)

    def bury(self) -> None:
        """Wait for the children that have ended, and say how."""
        while self.controls:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                return
            control = self.controls.pop(child)
            self.began.pop(child, None)
            with suppress(KeyError):
                self.poller.unregister(control)
            told = json.dumps(os.waitstatus_to_exitcode(status)).encode()
            # Whoever has the answer and does not listen any more must not hold up the others.
            with suppress(OSError):
                control.send(_head(b"E", told) + told, socket.MSG_DONTWAIT)
            control.close()

    def demote(self) -> None:
        """Let what takes long wait for everything else on this machine."""
        for child, began in list(self.began.items()):
            if time.monotonic() - began > SHORT:
                os.setpriority(os.PRIO_PROCESS, child, 19)
                del self.began[child]


# A child


def _become(control: socket.socket, database: int, libc: Any) -> NoReturn:
    """Answer in this process, and end it."""
    try:
        parent = os.getppid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if sys.platform == "linux":
            libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
            if os.getppid() != parent:
                os._exit(1)
            with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
                file.write("1000")
        os.dup2(1, 2)  # What the engine prints when it dies is for nobody.
        _close_but(control.fileno(), database)
        answer(control, database)
        os._exit(0)
    except Exception as error:
        # A fault of ours; its name is all that may be told to a stranger.
        with suppress(OSError):
            _refuse(control, Refusal("query-worker", detail=type(error).__name__))
    finally:
        os._exit(1)


def _close_but(*kept: int) -> None:
    """Close every file that another child or the parent uses."""
    first = 3
    for number in sorted(kept):
        # An empty range is all of them to the call behind this one.
        if first < number:
            os.closerange(first, number)
        first = number + 1
    os.closerange(first, max(first + 1, 256))


def _head(kind: bytes, body: bytes | memoryview) -> bytes:
    return struct.pack(">cQ", kind, len(body))


def _tell(control: socket.socket, kind: bytes, body: bytes | memoryview) -> None:
    control.sendall(_head(kind, body))
    control.sendall(body)


def _refuse(control: socket.socket, refusal: Refusal) -> None:
    _tell(control, b"R", json.dumps(refusal.told).encode())


def _question(control: socket.socket) -> dict[str, Any]:
    def exactly(length: int) -> bytes:
        found = b""
        while len(found) < length:
            found += (more := control.recv(length - len(found)))
            if not more:
                os._exit(1)
        return found

    _, length = struct.unpack(">cQ", exactly(9))
    asked: dict[str, Any] = json.loads(exactly(length))
    return asked


def answer(control: socket.socket, database: int) -> None:
    """Run the statement that is asked on the control socket, and say there what came of it."""
    asked = _question(control)
    try:
        con = duckdb.connect(config=dict(CONFIG))
        # Through a number, so that nobody who asks is told where the file is.
        con.execute(f"ATTACH '/dev/fd/{database}' AS commitments (READ_ONLY)")
        for lock in LOCKS:
            con.execute(lock)
        _limit(asked["seconds"])
    except (duckdb.Error, OSError) as error:
        return _refuse(control, Refusal("query-worker", detail=str(error).partition("\n")[0]))
    _tell(control, b"S", b"")
    try:
        known, table = run(con, asked)
        # It becomes bytes before anything is said, for that may take too much, too.
        rows = _as_bytes(table)
    except Refusal as refusal:
        return _refuse(control, refusal)
    except MemoryError:
        return _refuse(control, Refusal("query-too-large"))
    _tell(control, b"H", json.dumps(known).encode())
    _tell(control, b"T", rows)


def _as_bytes(table: pa.Table) -> memoryview:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return memoryview(sink.getvalue())


def _limit(seconds: float) -> None:
    """Give up what the operating system can take away."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    with suppress(ValueError, OSError):  # macOS knows this limit and does not let it be set.
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    whole = math.ceil(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole))
    # In case nobody is left to stop it: the signal ends a process that does not wait for it.
    signal.setitimer(signal.ITIMER_REAL, seconds + 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Neither a file nor a connection can be opened any more, nor a process or thread started.
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


# A statement


def run(con: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> tuple[dict[str, Any], pa.Table]:
    """What is known of the answer, and its rows. Raises `Refusal`."""
    text, rows, size = asked["text"], asked["rows"], asked["bytes"]
    began = time.perf_counter()
    try:
        statement = one_statement(con, text)
        # A relation streams: rows beyond the limit are never made.
        relation = _exportable(bound(con, statement))
        reader: pa.RecordBatchReader = relation.to_arrow_reader(min(rows + 1, BATCH))
        batches, count, weight = [], 0, 0
        for batch in reader:
            batches.append(batch)
            count += batch.num_rows
            weight += batch.nbytes
            _weigh(batch, asked["cell"])
            if weight > size:
                raise Refusal("query-too-large")
            if count > rows:
                break
        table = pa.Table.from_batches(batches, reader.schema).slice(0, rows)
        known = {"seconds": time.perf_counter() - began, "truncated": count > rows, "total": None}
        known["total"] = _counted(reader, count, asked["count"]) if count > rows else count
        return known, table
    except (duckdb.Error, pa.ArrowException, OSError, RuntimeError) as error:
        # What fails while rows stream comes as an error of Arrow.
        raise _told(error, text) from error


def one_statement(con: duckdb.DuckDBPyConnection, text: str) -> duckdb.Statement:
    """The one statement of a text, which reads. Raises `Refusal`."""
    # The Python client has no name for some statements and raises ValueError for them.
    try:
        statements = con.extract_statements(text)
        kinds = [s.type for s in statements]
    except ValueError as error:
        raise Refusal("query-not-read-only") from error
    if not statements:
        raise Refusal("query-empty")
    if len(statements) > 1:
        raise Refusal("query-not-one", n=len(statements))
    words = _words(text)
    reads = kinds[0] is duckdb.StatementType.SELECT
    # A pivot over whatever values there are is one for the engine too, in two steps.
    reads |= kinds[0] is duckdb.StatementType.MULTI and words[0] in READS and "pivot" in words
    reads |= kinds[0] is duckdb.StatementType.EXPLAIN and _only_explains(words)
    if not reads or EFFECTS.search(" ".join(words)):
        raise Refusal("query-not-read-only")
    return statements[0]


def _words(text: str) -> list[str]:
    """The words of a statement as the engine reads them, in lower case, without comments."""
    data = text.encode()
    tokens = duckdb.tokenize(text)
    ends = [start for start, _ in tokens[1:]] + [len(data)]
    return [
        data[start:end].decode(errors="replace").strip().strip('"').lower()
        for (start, kind), end in zip(tokens, ends, strict=True)
        if kind is not duckdb.token_type.comment
    ]


def _only_explains(words: list[str]) -> bool:
    """Whether a statement to be explained would read, and is not run: ANALYZE runs it."""
    if words[1:3] == ["(", "format"]:
        return words[4:5] == [")"] and words[5] in READS
    # A bracket opens options, or the statement.
    place = 2 if words[1] == "(" else 1
    return words[place] in READS


def bound(con: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> duckdb.DuckDBPyRelation:
    """The statement as a relation, not yet run."""
    try:
        return con.sql(statement.query)
    except duckdb.Error as error:
        # This door of the engine forgets the place of the fault; another one knows it.
        if "{" not in str(error) and statement.type is duckdb.StatementType.SELECT:
            try:
                con.execute(f"EXPLAIN {statement.query}")
            except duckdb.Error as known:
                raise _told(known, statement.query, before=len("EXPLAIN ")) from known
        raise


def _exportable(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """The relation with text in place of what other programs could not read."""
    hard = [WITHOUT_ARROW.search(str(kind)) is not None for kind in relation.types]
    if not any(hard):
        return relation
    named = ['"' + name.replace('"', '""') + '"' for name in relation.columns]
    columns = enumerate(zip(named, hard, strict=True), start=1)
    return relation.project(
        ", ".join(f"CAST(#{n} AS VARCHAR) AS {name}" if h else f"#{n} AS {name}" for n, (name, h) in columns)
    )


def _weigh(batch: pa.RecordBatch, most: int) -> None:
    """Raises `Refusal` for a cell of more bytes than one may have."""
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if column.nbytes <= most:
            continue
        if pa.types.is_string(column.type) or pa.types.is_binary(column.type):
            largest = pc.max(pc.binary_length(column)).as_py() or 0
        else:
            largest = max(column.slice(row, 1).nbytes for row in range(len(column)))
        if largest > most:
            raise Refusal("query-cell-too-large", column=name[:100], megabytes=most >> 20)


def _counted(reader: pa.RecordBatchReader, count: int, most: int) -> int | None:
    """How many rows there are in all, if they can be counted soon; they are not kept."""
    deadline = time.monotonic() + COUNTING
    while count <= most and time.monotonic() < deadline:
        try:
            count += reader.read_next_batch().num_rows
        except StopIteration:
            return count
    return None


# What went wrong


def _told(error: Exception, text: str, before: int = 0) -> Refusal:
    """An error of the engine as a refusal with the place of the fault.

    `before` are the bytes that stood before the text when the engine read it.
    """
    kind, _, rest = str(error).partition(": ")
    said: dict[str, str] = {}
    if brace := rest.startswith("{"):
        with suppress(ValueError):
            said = json.loads(rest)
    message = said.get("exception_message") or (str(error) if not brace else kind)
    if any(sign in f"{kind} {message}".lower() for sign in TOO_MUCH):
        return Refusal("query-too-large")
    if kind.endswith("Error") and said:
        message = f"{kind}: {message}"
    facts: dict[str, object] = {"detail": message.strip()}
    place = re.fullmatch(r"\[(\d+),(\d+)\]", said.get("location", ""))
    if place and int(place[1]) >= before:
        facts |= _place(text.encode(), int(place[1]) - before, int(place[2]))
        if said.get("error_subtype") in ("MISSING_ENTRY", "COLUMN_NOT_FOUND"):
            facts |= {"name": said.get("name", ""), "near": said.get("candidates", "").split(",")[:NEAR]}
        facts["detail"] = f"{facts['detail']}\n\n{_drawn(facts)}"
    return Refusal("query-failed", **facts)


def _place(data: bytes, start: int, length: int) -> dict[str, object]:
    """Line, column and character of a fault, the line, and where in it the fault begins and ends."""
    head = data[:start].decode(errors="replace")
    line = head.count("\n")
    full = data.decode(errors="replace").split("\n")[line]
    column = len(head) - (head.rfind("\n") + 1)
    faulty = data[start : start + length].decode(errors="replace").partition("\n")[0]
    first = max(0, column - SPARE)
    shown = full[first : column + SPARE * 2].rstrip()
    begin = min(column - first, len(shown))
    end = min(begin + max(1, len(faulty)), len(shown))
    here = {"line": line + 1, "column": column + 1, "at": len(head)}
    return here | {"shown": shown, "begin": begin, "end": end}


def _drawn(facts: dict[str, Any]) -> str:
    """The line with a mark under the fault, as wide as a terminal draws it."""
    label = f"LINE {facts['line']}: "
    begin, end = facts["begin"], facts["end"]

    def wide(text: str) -> int:
        return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)

    marks = "^" * max(1, wide(facts["shown"][begin:end]))
    return f"{label}{facts['shown']}\n{' ' * (len(label) + wide(facts['shown'][:begin]))}{marks}"


if __name__ == "__main__":
    # What is frozen is not copied when a child comes to collect garbage.
    gc.freeze()
    Parent(socket.socket(fileno=int(sys.argv[1]))).serve()
    os._exit(0)
