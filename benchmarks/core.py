"""What a user of the command and of the package waits for, in seconds, from one run.

Processes are measured in turns, so that a busy moment of the machine falls on all alike;
each number is a median. Nothing is asserted; compare the ratios, not single figures.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from tracker import StatusEvent, Tracker, sql

ROUNDS = 7
SCRIPT = Path(sys.executable).with_name("tracker")
COMMAND = [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-c", "from tracker.cli import main; main()"]
CITED = ("id=cited", "title=T", "publisher=P", "kind=official", "language=en", "reliability=A")
CITED += ("reliability_reason=It is only measured",)
ASK = """import sys, duckdb, pyarrow
duckdb.connect(sys.argv[1], read_only=True).sql(sys.argv[2]).to_arrow_table()"""
QUERY = "SELECT status, count(*) AS n FROM commitments GROUP BY ALL ORDER BY ALL"


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turns(works: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """The median time of each, after one round that only warms the machine up."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(ROUNDS + 1):
        for name, work in works.items():
            once = seconds(work)
            if number:
                taken[name].append(once)
    return {name: statistics.median(times) for name, times in taken.items()}


def show(title: str, found: Mapping[str, float], base: str) -> None:
    print(f"\n{title} (median of {ROUNDS}; ratio to: {base})")
    for name, value in found.items():
        print(f"  {name:<34} {value * 1000:8.0f} ms  {value / found[base]:6.2f} ×")


def process(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)


def event(note: str) -> StatusEvent:
    cited = [{"source_id": "cited", "credibility": 2}]
    said = {"stage": "signed", "happened_on": "2026-02-25", "note": note, "evidence": cited}
    return StatusEvent.parse({"commitment_id": "gsomia", **said})


def plain(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as con:
        con.execute(QUERY).fetchall()


def main(folder: Path) -> None:
    os.environ["TRACKER_STORE"] = str(folder)
    created = seconds(lambda: Tracker.open(folder).commitments())
    tracker = Tracker.open(folder)
    print(f"new store with {len(tracker.commitments())} commitments: {created * 1000:.0f} ms")
    subprocess.run(
        [*COMMAND, "add", "source", *CITED, "--by", "bench"], check=True, stdout=subprocess.DEVNULL
    )
    update = ["update", "gsomia", "--stage", "signed", "--on", "2026-02-25", "--note", "Measured."]
    show(
        "cold processes",
        in_turns(
            {
                "python -c pass": process(sys.executable, "-c", "pass"),
                'python -c "import duckdb"': process(sys.executable, "-c", "import duckdb"),
                "tracker --help": process(*COMMAND, "--help"),
                "tracker list": process(*COMMAND, "list"),
                "tracker show": process(*COMMAND, "show", "gsomia"),
                "tracker update": process(*COMMAND, *update, "--by", "bench", "--source", "cited:2"),
            }
        ),
        'python -c "import duckdb"',
    )
    show(
        "in one process",
        in_turns(
            {
                "bare DuckDB query, fresh connection": lambda: plain(tracker.store.published),
                "Tracker.commitments()": tracker.commitments,
                "Tracker.record(): append, publish": lambda: tracker.record(event("Measured."), by="bench"),
                "the same query in a fresh process": process(
                    sys.executable, "-c", ASK, str(tracker.store.published), QUERY
                ),
                "sql.run(): in a limited child": lambda: sql.run(tracker.store, QUERY),
            }
        ),
        "bare DuckDB query, fresh connection",
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        main(Path(name) / "store")
