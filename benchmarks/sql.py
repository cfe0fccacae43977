"""Strangers' SQL: what a process of its own costs, and what a dashboard under attack is like.

Prints, from one run: how long a query takes in the engine itself and through a warm worker;
then, while two browsers type the whole corpus of hostile statements into the page under its
true limits, what became of them, the largest worker, how fast the server and a page of it
answer meanwhile, and the memory of the dashboard before and after. Nothing is asserted.
"""

from __future__ import annotations

import collections
import contextlib
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import duckdb
import playwright.sync_api as playwright
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import attacks
import processes

from tracker import Tracker, sql

ROUNDS = 15
ATTACKERS = 2
PORT = 8693
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUERY = "SELECT status, count(*) AS n FROM commitments GROUP BY ALL ORDER BY ALL"
MARKED = {"secret": "/etc/hostname", "out": "/tmp/tracker-attack", "port": "9"}
WATCH = """() => {
  let ran = false;
  const said = document.documentElement.dataset;
  delete said.done;
  const app = document.querySelector('[data-testid=stApp]');
  window.watching?.disconnect();
  window.watching = new MutationObserver(() => {
    if (app.dataset.testScriptState === 'running') ran = true;
    else if (ran && app.dataset.testScriptState === 'notRunning') said.done = 'yes';
  });
  window.watching.observe(app, {attributes: true});
}"""


def seconds(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]
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


def attack(address: str, number: int, folder: str) -> None:
    """Type every so-manieth statement into the page, and print what became of it."""
    places = MARKED | {"folder": folder, "ledger": f"{folder}/ledger.duckdb"}
    places |= {"published": f"{folder}/commitments.duckdb"}
    corpus = [("refused", t) for t in attacks.of(attacks.REFUSED)]
    corpus += [("bounded", t) for t in attacks.of(attacks.BOUNDED)]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{address}/ask")
        for expected, text in corpus[number::ATTACKERS]:
            for name, place in places.items():
                text = text.replace(f"{{{name}}}", place)
            print(json.dumps([expected, typed(page, text), text[:60]]), flush=True)
        browser.close()


def typed(page: Page, text: str) -> str:
    """What the page says of a statement."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    editor = page.get_by_role("textbox", name="SQL")
    editor.fill(text)
    page.evaluate(WATCH)
    editor.press("Control+Enter")
    try:
        page.wait_for_selector("html[data-done]")
    except playwright.Error:
        return "silent"
    alert = page.get_by_test_id("stAlertContentError")
    if not alert.count():
        return "answered"
    told = alert.inner_text()
    return "stopped" if "was stopped" in told else "failed" if "worker" in told else "refused"


def under_attack(folder: Path) -> None:
    """What the dashboard is like while strangers try everything."""
    with served(folder) as (address, server), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(60_000)
        opened(page, address)
        quiet = [opened(page, address) for _ in range(5)]
        before, over = resident(server), threading.Event()
        largest: dict[int, float] = {}
        health: list[float] = []

        def watch() -> None:
            while not over.is_set():
                for worker in processes.workers(server):
                    for process in processes.descendants(worker):
                        largest[process] = max(largest.get(process, 0), resident(process, "VmHWM"))
                health.append(
                    seconds(lambda: urllib.request.urlopen(f"{address}/_stcore/health", timeout=60).read())
                )
                time.sleep(0.05)

        watching = threading.Thread(target=watch)
        watching.start()
        command = [sys.executable, __file__, address, str(folder)]
        attackers = [
            subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, text=True) for n in range(ATTACKERS)
        ]
        loud = []
        while any(attacker.poll() is None for attacker in attackers):
            loud.append(opened(page, address))
        over.set()
        watching.join()
        outcomes = [json.loads(line) for a in attackers if a.stdout for line in a.stdout]
        after = resident(server)
        browser.close()
    for (expected, outcome), n in sorted(collections.Counter((e, o) for e, o, _ in outcomes).items()):
        print(f"to be {expected}: {n} {outcome}")
    for expected, outcome, text in outcomes:
        if outcome in ("silent", "failed") or (expected, outcome) == ("refused", "answered"):
            print(f"  look at this: {outcome}: {text!r}")
    print(f"statements seen running: {len(largest)}, the largest {max(largest.values()):.0f} MiB")
    shown("health during the attack", health)
    shown("a page when all is quiet", quiet)
    shown("a page during the attack", loud)
    print(f"memory of the dashboard: {before:.0f} MiB before, {after:.0f} MiB after")


def opened(page: Page, address: str) -> float:
    """Seconds until the overview is drawn."""
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    return time.perf_counter() - began


def shown(label: str, times: list[float]) -> None:
    print(f"{label}: {len(times)} times, median {statistics.median(times):.3f} s, worst {max(times):.3f} s")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        tracker = Tracker.open(Path(name) / "store")
        overhead(tracker)
        if CHROMIUM is None:
            print("no Chromium found; the attack is skipped")
        else:
            under_attack(tracker.store.folder)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        attack(sys.argv[1], int(sys.argv[3]), sys.argv[2])
    else:
        main()
