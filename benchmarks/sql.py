"""Strangers' SQL: what a process of its own costs, and what a dashboard under attack is like.

Prints, from one run: how long a query takes in the engine itself and through a warm worker;
then, while several readers at once ask the page the whole corpus of hostile statements under
its true limits, what became of them, the largest worker, how fast the server and a page of it
answer meanwhile, and the memory of the dashboard before and after. Nothing is asserted.
The readers speak Streamlit's own protocol: browsers would take the machine for themselves.
"""

from __future__ import annotations

import collections
import contextlib
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import duckdb
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import attacks
import processes

from tracker import Tracker, sql

ROUNDS = 15
ATTACKS = 3
ATTACKERS = 4
PORT = 8693
QUERY = "SELECT status, count(*) AS n FROM commitments GROUP BY ALL ORDER BY ALL"
AIMED = {"secret": "/etc/hostname", "out": "/tmp/tracker-attack", "port": "9"}


class Outcome(NamedTuple):
    """A statement, what should become of it, and what did."""

    expected: str
    found: str
    text: str


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def overhead(tracker: Tracker) -> None:
    """One query in the engine, on a fresh connection, and through a warm worker, in turns."""

    def bare() -> None:
        with duckdb.connect(str(tracker.store.published), read_only=True) as con:
            con.sql(QUERY).to_arrow_table()

    def warm() -> None:
        sql.run(tracker.store, QUERY)

    bare(), warm()
    times = [(seconds(bare), seconds(warm)) for _ in range(ROUNDS)]
    engine, worker = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"engine alone {engine * 1000:.0f} ms, through a warm worker {worker * 1000:.0f} ms: "
          f"{(worker - engine) * 1000:+.0f} ms, {worker / engine:.2f} ×")  # fmt: skip


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """A dashboard: its address, and its process."""
    program = [sys.executable, "-c", "from tracker.cli import main; main()", "--store", str(folder)]
    command = [*program, "dashboard", "--no-browser", "--port", str(PORT)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        address = next(line.split()[1] for line in process.stdout if line.startswith("dashboard: "))
        (server,) = (p for p in processes.descendants(process.pid) if not processes.workers(p) - {p})
        yield address, server
    finally:
        process.terminate()
        process.wait()


def resident(process: int, figure: str = "VmRSS") -> float:
    """Memory of a process in MiB, now or at its most."""
    try:
        told = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(rf"{figure}:\s+(\d+)", told)
    return int(found[1]) / 1024 if found else 0


@contextlib.contextmanager
def reader(address: str) -> Iterator[ClientConnection]:
    """A connection as a browser keeps one."""
    host = address.removeprefix("http://").replace("localhost", "127.0.0.1")
    with connect(f"ws://{host}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as opened:  # type: ignore[list-item]
        yield opened


def drawn(connection: ClientConnection, page: str, **query: str) -> str:
    """Ask for a page; the error that it says when it is drawn, if any."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = urlencode(query)
    connection.send(asked.SerializeToString())
    said = ""
    while True:
        told = ForwardMsg()
        told.ParseFromString(connection.recv())  # type: ignore[arg-type]
        kind = told.WhichOneof("type")
        if kind == "delta" and told.delta.new_element.WhichOneof("type") == "alert":
            said = told.delta.new_element.alert.body
        if kind == "script_finished":
            return said


def attack(address: str, number: int, folder: Path) -> list[Outcome]:
    """Ask every so-manieth statement of the corpus, one after the other."""
    places = AIMED | {"folder": str(folder), "ledger": f"{folder}/ledger.duckdb"}
    places |= {"published": f"{folder}/commitments.duckdb"}
    corpus = [("refused", t) for t in attacks.of(attacks.REFUSED)]
    corpus += [("bounded", t) for t in attacks.of(attacks.BOUNDED)]
    found = []
    with reader(address) as connection:
        for expected, text in corpus[number::ATTACKERS]:
            aimed = text
            for name, place in places.items():
                aimed = aimed.replace(f"{{{name}}}", place)
            said = drawn(connection, "ask", q=aimed)
            found.append(Outcome(expected, _outcome(said), text))
    return found


def _outcome(said: str) -> str:
    signs = {"was stopped": "stopped", "Other queries": "kept waiting", "worker": "failed"}
    for sign, outcome in signs.items():
        if sign in said:
            return outcome
    return "refused" if said else "answered"


def opened(address: str) -> None:
    """Come, and see the overview."""
    with reader(address) as connection:
        drawn(connection, "")


def under_attack(folder: Path) -> None:
    """What the dashboard is like while strangers try everything."""
    with served(folder) as (address, server), ThreadPoolExecutor() as pool:
        # Whatever a server keeps once it has been used a while, it keeps before the attack.
        with reader(address) as connection:
            for text in attacks.HARMLESS * 2:
                drawn(connection, "ask", q=text)
        for _ in range(20):
            opened(address)
        quiet = [seconds(lambda: opened(address)) for _ in range(5)]
        over = threading.Event()
        largest: dict[int, float] = {}
        health: list[float] = []
        loud: list[float] = []

        def watch() -> None:
            while not over.wait(0.02):
                for worker in processes.workers(server):
                    for process in processes.descendants(worker):
                        largest[process] = max(largest.get(process, 0), resident(process, "VmHWM"))

        def visit() -> None:
            while not over.wait(0.5):
                health.append(seconds(lambda: urllib.request.urlopen(f"{address}/_stcore/health").read()))
                loud.append(seconds(lambda: opened(address)))

        around = [pool.submit(watch), pool.submit(visit)]
        began = time.perf_counter()
        outcomes: list[Outcome] = []
        held = [resident(server)]
        # What a server only keeps for later it keeps once; what it loses, it loses at every attack.
        for _ in range(ATTACKS):
            attackers = [pool.submit(attack, address, number, folder) for number in range(ATTACKERS)]
            outcomes += [outcome for attacker in attackers for outcome in attacker.result()]
            held.append(resident(server))
        took = time.perf_counter() - began
        over.set()
        for one in around:
            one.result()
    print(f"{len(outcomes)} statements by {ATTACKERS} readers at once in {took:.0f} s")
    counts = collections.Counter((outcome.expected, outcome.found) for outcome in outcomes)
    for (expected, found), n in sorted(counts.items()):
        print(f"  to be {expected}: {n} {found}")
    for outcome in outcomes:
        if outcome.found == "failed" or outcome[:2] == ("refused", "answered"):
            print(f"  look at this: {outcome.found}: {outcome.text[:60]!r}")
    print(f"statements seen running: {len(largest)}, the largest {max(largest.values()):.0f} MiB")
    shown("health during the attack", health)
    shown("a page when all is quiet", quiet)
    shown("a page during the attack", loud)
    told = ", ".join(f"{megabytes:.0f}" for megabytes in held[1:])
    print(f"memory of the dashboard: {held[0]:.0f} MiB before, after each round {told} MiB")


def shown(label: str, times: list[float]) -> None:
    print(f"{label}: {len(times)} times, median {statistics.median(times):.3f} s, worst {max(times):.3f} s")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        tracker = Tracker.open(Path(name) / "store")
        overhead(tracker)
        under_attack(tracker.store.folder)


if __name__ == "__main__":
    main()
