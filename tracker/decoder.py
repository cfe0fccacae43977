"""Decodes a file that comes from elsewhere, within limits that the operating system keeps.

Run as a file by `tracker.intake`, with the file as standard input; imports nothing of the tracker.
What may go wrong with a hostile file goes wrong here: it expands to more than the memory holds, it
takes forever, it makes the library that reads it die. Answers in lines of JSON: the values found,
then one object that says that this was all, or why there is none.
"""

import datetime as dt
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

DEPTH = 30
"""Levels of lists and mappings in a YAML file."""
ADDRESSES = 4 << 30
"""Bytes of addresses; allocators reserve far more than they use."""
CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_persistent_secrets": "false",
    "threads": "1",
    "async_threads": "0",
    "temp_directory": "",
    "max_temp_directory_size": "0B",
    "python_enable_replacements": "false",
}
LOCKS = (
    "SET allowed_paths = ['/dev/fd/0']",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
BATCH = 1000


class Refusal(Exception):
    """The file is not what it should be: a code for the catalogue and the facts of its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


def tree(data: bytes) -> Any:
    """What a YAML text says, in what JSON knows; days and times in ISO 8601. Raises `Refusal`.

    Of the format it takes what a file of data needs. Two values for one key are refused, for a
    parser drops the first, and so are aliases, by which a short text says endlessly much.
    """
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = data.decode("utf-8-sig")
        _check_shape(yaml.parse(text, loader), yaml)
        found = _loader(loader, yaml)(text).get_single_data()
        return json.loads(json.dumps(found, default=_day, allow_nan=False))
    # Besides its own errors the library lets through those of the types that it makes.
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise Refusal("not-yaml") from error


def _check_shape(events: Iterator[Any], yaml: Any) -> None:
    depth = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise Refusal("yaml-alias", line=line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH:
                raise Refusal("yaml-depth", line=line, most=DEPTH)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _loader(base: Any, yaml: Any) -> Any:
    class Loader(base):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen = set()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if (key.tag, key.value) in seen:
                        raise Refusal("duplicate-key", key=key.value[:100], line=key.start_mark.line + 1)
                    seen.add((key.tag, key.value))
            return super().construct_mapping(node, deep)

    return Loader


def _day(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(value)


def rows(statements: list[str]) -> Iterator[tuple[int, Any]]:
    """The rows that statements on the Parquet file give, each with the place of its statement.

    The file is `/dev/fd/0` in them. Raises `Refusal`.
    """
    import duckdb

    con = duckdb.connect(config=dict(CONFIG))
    for lock in LOCKS:
        con.execute(lock)
    try:
        for place, statement in enumerate(statements):
            con.execute(statement)
            while batch := con.fetchmany(BATCH):
                for row in batch:
                    yield place, row
    except duckdb.OutOfMemoryException as error:
        raise MemoryError from error
    except (duckdb.Error, RuntimeError, UnicodeDecodeError) as error:
        if any(sign in str(error).lower() for sign in ("out of memory", "bad_alloc", "could not allocate")):
            raise MemoryError from error
        raise Refusal("not-export") from error


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    with suppress(ValueError, OSError):  # macOS knows this limit and does not let it be set.
        resource.setrlimit(resource.RLIMIT_AS, (memory + ADDRESSES, memory + ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, seconds + 2)


def main() -> None:
    """Decode standard input as the first argument, a JSON object, asks."""
    asked = json.loads(sys.argv[1])
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    os.nice(5)
    _limit(asked["memory"], asked["seconds"])
    count = 0
    told: dict[str, object]
    try:
        if "statements" in asked:
            CONFIG["memory_limit"] = f"{asked['memory'] // 2 >> 20}MB"
            for place, row in rows(asked["statements"]):
                sys.stdout.write(json.dumps([place, *row], default=_day) + "\n")
                count += 1
                # What is said of a file before its rows may be enough.
                if count % BATCH < len(asked["statements"]):
                    sys.stdout.flush()
        else:
            sys.stdout.write(json.dumps([0, tree(sys.stdin.buffer.read())]) + "\n")
            count = 1
        told = {"all": count}
    except Refusal as refusal:
        told = {"refused": refusal.code, "facts": refusal.facts}
    except MemoryError:
        told = {"refused": "file-expands", "facts": {}}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
