"""Many at once: writers, an open dashboard and plain readers on one store, for about a minute.

Eight processes make fifty updates each: six by Python, two by the command. Half of the
updates name the version that was seen of one of a few commitments that all write to, and
are made again after a conflict. Meanwhile two sessions of a dashboard load pages, and four
processes read the published file as any DuckDB client would. What is printed was counted
from the ledger afterwards; nothing is asserted. `--updates N` makes it shorter or longer.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import duckdb
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tracker import StaleVersion, StatusEvent, Tracker

WRITERS, COMMANDS, READERS, SESSIONS = 8, 2, 4, 2
PROGRAM = [sys.executable, "-c", "from tracker.cli import main; main()"]
SOURCE = "pm-leaders-statement-2025-10-30"
PAGES = ("", "commitments", "commitment?id=gsomia", "attention", "sources")
BETWEEN_READS, BETWEEN_PAGES = 0.25, 1.0
"""Seconds from one look to the next, of a program and of a person."""

processes = get_context("forkserver")


def update(commitment_id: str, note: str) -> StatusEvent:
    said = {"stage": "pledged", "happened_on": "2025-10-30", "note": note}
    cited = [{"source_id": SOURCE, "credibility": 2}]
    return StatusEvent.parse({"commitment_id": commitment_id, "evidence": cited, **said})


def write(folder: Path, number: int, updates: int, shared: list[str], own: list[str], told: Any) -> None:
    """Make updates by Python; report each as commitment, version, expected version, conflicts, seconds."""
    tracker, chance = Tracker.open(folder), random.Random(number)
    for count in range(updates):
        note, conflicts, began = f"writer {number}, update {count}", 0, time.perf_counter()
        contested = count % 2 == 0
        commitment_id = chance.choice(shared if contested else own)
        while True:
            seen = tracker.commitment(commitment_id)["version"] if contested else None
            try:
                version = tracker.record(
                    update(commitment_id, note), by=f"writer {number}", expect_version=seen
                )
                break
            except StaleVersion:
                conflicts += 1
                began = time.perf_counter()
            except Exception as error:
                told.put(("error", f"{type(error).__name__}: {error}"))
                break
        else:
            continue
        told.put(("update", note, commitment_id, version, seen, conflicts, time.perf_counter() - began))


def command(folder: Path, number: int, updates: int, shared: list[str], own: list[str], told: Any) -> None:
    """The same by the command, a process for each update."""
    chance = random.Random(number)
    for count in range(updates):
        note, conflicts = f"command {number}, update {count}", 0
        contested = count % 2 == 0
        commitment_id = chance.choice(shared if contested else own)
        while True:
            asked = [
                "--store",
                str(folder),
                "update",
                commitment_id,
                "--stage",
                "pledged",
                "--on",
                "2025-10-30",
            ]
            asked += [
                "--note",
                note,
                "--by",
                f"command {number}",
                "--source",
                f"{SOURCE}:2",
                "--format",
                "json",
            ]
            seen = None
            if contested:
                shown = subprocess.run(
                    [*PROGRAM, "--store", str(folder), "show", commitment_id, "--format", "json"],
                    capture_output=True,
                    check=True,
                )
                seen = json.loads(shown.stdout)["version"]
                asked += ["--expect-version", str(seen)]
            began = time.perf_counter()
            done = subprocess.run([*PROGRAM, *asked], capture_output=True, text=True, check=False)
            took = time.perf_counter() - began
            if done.returncode == StaleVersion.exit_code:
                conflicts += 1
                continue
            if done.returncode:
                told.put(("error", done.stderr))
            else:
                version = json.loads(done.stdout)["version"]
                told.put(("update", note, commitment_id, version, seen, conflicts, took))
            break


def read(published: Path, done: Event, told: Any) -> None:
    """Read as any client: two statements on two tables, which must be of one state."""
    last, reads, mixed, back = 0, 0, 0, 0
    while not done.is_set():
        try:
            with duckdb.connect(str(published), read_only=True) as con:
                (lines,) = con.execute("SELECT max(seq) FROM ledger").fetchone() or (0,)
                (events,) = con.execute("SELECT count(*) FROM ledger WHERE kind = 'event'").fetchone() or (0,)
                (projected,) = con.execute("SELECT count(*) FROM events").fetchone() or (0,)
        except duckdb.Error as error:
            told.put(("reader error", str(error)))
            continue
        reads, mixed, back, last = reads + 1, mixed + (events != projected), back + (lines < last), lines
        time.sleep(BETWEEN_READS)
    told.put(("reads", reads, mixed, back))


def look(port: int, number: int, done: Event, told: Any) -> None:
    """A session of the dashboard, as a browser has it: load one page after the other."""
    times, chance = [], random.Random(number)
    address = f"localhost:{port}"
    with connect(
        f"ws://{address}/_stcore/stream",
        origin=Origin(f"http://{address}"),
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    ) as socket:
        while not done.is_set():
            page, _, query = chance.choice(PAGES).partition("?")
            asked = BackMsg()
            asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
            began = time.perf_counter()
            socket.send(asked.SerializeToString())
            kind: str | None = ""
            while kind != "script_finished":
                answer = ForwardMsg()
                answer.ParseFromString(socket.recv(timeout=120))
                kind = answer.WhichOneof("type")
                element = answer.delta.new_element
                shown = element.WhichOneof("type") if kind == "delta" else None
                if shown == "exception":
                    told.put(("page error", element.exception.message))
                if shown == "alert" and element.alert.format == Alert.ERROR:
                    told.put(("page error", element.alert.body))
            times.append(time.perf_counter() - began)
            time.sleep(BETWEEN_PAGES)
    told.put(("pages", times))


@contextlib.contextmanager
def dashboard(folder: Path) -> Iterator[int]:
    """A running dashboard; its port."""
    arguments = ["--store", str(folder), "dashboard", "--no-browser"]
    process = subprocess.Popen([*PROGRAM, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = next(line for line in process.stdout if line.startswith("dashboard: "))
        yield int(address.rsplit(":", 1)[1])
    finally:
        process.terminate()
        process.wait()


def run(folder: Path, updates: int) -> tuple[list[tuple[Any, ...]], float]:
    """Let them all loose; return what they told and how long the writers took (seconds)."""
    tracker = Tracker.open(folder)
    ids = [row["id"] for row in tracker.commitments()]
    shared, rest = ids[:4], ids[4:]
    with processes.Manager() as manager:
        told, done = manager.Queue(), manager.Event()
        with dashboard(folder) as port:
            watching = [
                processes.Process(target=read, args=(tracker.store.published, done, told))
                for _ in range(READERS)
            ]
            watching += [processes.Process(target=look, args=(port, n, done, told)) for n in range(SESSIONS)]
            writing = [
                processes.Process(
                    target=command if number < COMMANDS else write,
                    args=(folder, number, updates, shared, rest[number::WRITERS], told),
                )
                for number in range(WRITERS)
            ]
            for process in watching:
                process.start()
            began = time.perf_counter()
            for process in writing:
                process.start()
            for process in writing:
                process.join()
            took = time.perf_counter() - began
            done.set()
            for process in watching:
                process.join()
        found = []
        while not told.empty():
            found.append(told.get())
    return found, took


def percentiles(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    shown = {"median": cuts[49], "p95": cuts[94], "p99": cuts[98], "worst": max(times)}
    return ", ".join(f"{name} {value:.2f} s" for name, value in shown.items())


def report(folder: Path, found: list[tuple[Any, ...]], took: float, updates: int) -> None:
    """Count, in the ledger, what became of everything that was acknowledged."""
    tracker = Tracker.open(folder)
    acknowledged = [row for row in found if row[0] == "update"]
    recorded = {
        (e["note"], row["id"], e["version"])
        for row in tracker.commitments()
        for e in tracker.history(row["id"])
    }
    lost = [row for row in acknowledged if row[1:4] not in recorded]
    notes = Counter(note for note, _, _ in recorded if "update" in note)
    conflicts = sum(row[5] for row in acknowledged)
    overrun = [row for row in acknowledged if row[4] is not None and row[3] != row[4] + 1]
    errors = [row for row in found if row[0].endswith("error")]
    pages = [seconds for row in found if row[0] == "pages" for seconds in row[1]]
    reads, mixed, back = (
        sum(column) for column in zip(*(r[1:] for r in found if r[0] == "reads"), strict=True)
    )
    by = {who: [r[6] for r in acknowledged if r[1].startswith(who)] for who in ("writer", "command")}
    print(f"{WRITERS} writers, {COMMANDS} of them by the command, beside {SESSIONS} sessions of a dashboard")
    print(f"and {READERS} plain readers, for {took:.0f} s")
    print(f"errors shown            {len(errors)}")
    for row in errors[:10]:
        print(f"  {row}")
    print(f"updates acknowledged    {len(acknowledged)} of {WRITERS * updates}")
    print(f"  lost                  {len(lost)}")
    print(f"  recorded twice        {sum(n > 1 for n in notes.values())}")
    print(f"  over somebody's head  {len(overrun)}")
    print(f"conflicts reported      {conflicts}, each made again and acknowledged")
    print(f"an update by Python     {percentiles(by['writer'])}")
    print(f"one by the command      {percentiles(by['command'])}")
    print(f"plain reads             {reads}, of two states {mixed}, back in time {back}")
    print(f"pages loaded            {len(pages)}, {percentiles(pages)}")
    print(f"ledger                  {tracker.verify()['ledger']} entries, verified")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--updates", type=int, default=50, help="updates of each writer")
    updates = options.parse_args().updates
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "store"
        # Eight writers in closed loops wait for each other longer than eight people would.
        os.environ.setdefault("TRACKER_LOCK_SECONDS", "60")
        Tracker.open(folder)
        found, took = run(folder, updates)
        report(folder, found, took, updates)


if __name__ == "__main__":
    main()
