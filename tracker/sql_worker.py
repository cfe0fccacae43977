"""The child process that runs one statement of a stranger and dies.

Run as a file, with an environment of its own, by `tracker.sql`; imports nothing of the tracker. Reads the
statement from standard input and answers in Arrow on standard output, or refuses with
one line of JSON on standard error and exit code 3.
"""

import json
import re
import resource
import sys
from contextlib import suppress
from typing import NoReturn

import duckdb
import pyarrow as pa

MEMORY = 768 << 20
"""Bytes of data; above what the engine allows itself, because not all it uses is counted there."""
ADDRESSES = 4 << 30
"""Bytes of addresses; allocators reserve far more than they use, and fail in strange places without."""
ANSWER = 64 << 20
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_persistent_secrets": "false",
    "memory_limit": "256MB",
    "threads": "1",
    "temp_directory": "",
    "max_temp_directory_size": "0B",
    "python_enable_replacements": "false",
    "python_scan_all_frames": "false",
}
LOCKS = (
    "SET enable_external_access = false",
    "SET disabled_filesystems = 'LocalFileSystem,HTTPFileSystem'",
    "SET lock_configuration = true",
)


_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_EXPLAIN_ANALYZE = re.compile(r"\s*explain\s*(analyze\b|\([^)]*\banalyze)", re.IGNORECASE)


def refuse(code: str, **facts: object) -> NoReturn:
    print(json.dumps({"code": code, "facts": facts}), file=sys.stderr)
    sys.exit(3)


def one_statement(con: duckdb.DuckDBPyConnection, text: str) -> duckdb.Statement:
    # The Python client has no name for some statements and raises ValueError for them.
    try:
        statements = con.extract_statements(text)
        kinds = [s.type for s in statements]
    except ValueError:
        refuse("query-not-read-only")
    if not statements:
        refuse("query-empty")
    if len(statements) > 1:
        refuse("query-not-one", n=len(statements))
    if kinds[0] not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
        refuse("query-not-read-only")
    # It runs what it explains.
    if _EXPLAIN_ANALYZE.match(_COMMENT.sub(" ", statements[0].query)):
        refuse("query-not-read-only")
    return statements[0]


def bound(con: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> duckdb.DuckDBPyRelation:
    """The statement as a relation, not yet run. Its errors name the line."""
    try:
        return con.sql(statement.query)
    except duckdb.Error as error:
        # This door of the engine forgets the place of the fault; another one knows it.
        try:
            con.execute(f"EXPLAIN\n{statement.query}")
        except duckdb.Error as told:
            place = re.search(r"\n+LINE (\d+):(.*)", str(told), re.DOTALL)
            if place and statement.type is duckdb.StatementType.SELECT:
                line = f"\n\nLINE {int(place[1]) - 1}:{place[2]}"
                refuse("query-failed", detail=f"{error}{line}")
        raise


def limit_process(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    with suppress(ValueError, OSError):  # macOS knows this limit and does not let it be set.
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str, rows: int, seconds: int) -> None:
    text = sys.stdin.buffer.read().decode()
    con = duckdb.connect(path, read_only=True, config=dict(CONFIG))
    for lock in LOCKS:
        con.execute(lock)
    limit_process(seconds)
    try:
        # A relation streams: rows beyond the limit are never made.
        relation = bound(con, one_statement(con, text))
        reader: pa.RecordBatchReader = relation.to_arrow_reader(min(rows + 1, 10_000))
        batches, count, size = [], 0, 0
        for batch in reader:
            batches.append(batch)
            count += batch.num_rows
            size += batch.nbytes
            if size > ANSWER:
                refuse("query-too-large")
            if count > rows:
                break
        table = pa.Table.from_batches(batches, reader.schema)
    except (duckdb.OutOfMemoryException, MemoryError):
        refuse("query-too-large")
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        # What fails while rows stream comes as an error of Arrow.
        if "Out of Memory" in str(error) or "memory" in str(error).split(":")[0].lower():
            refuse("query-too-large")
        refuse("query-failed", detail=str(error).strip())
    told = {b"truncated": b"1" if count > rows else b"0"}
    with pa.ipc.new_stream(sys.stdout.buffer, table.schema.with_metadata(told)) as answer:
        answer.write_table(table.slice(0, rows).replace_schema_metadata(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
