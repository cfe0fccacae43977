"""What a reader waits for, measured inside a real Chromium.

Prints, from one run: the time from the click on "Save status" to the confirmation and to
the end of the page's script, and the time to open each page beside an empty Streamlit
page on the same machine. Nothing is asserted; compare ratios, not single figures.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

REPEATS = 7
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
EMPTY = "import streamlit as st\nst.title('empty')\n"
WATCH = """() => {
  window.saved = window.done = null;
  const clicked = () => { window.clicked = performance.now(); };
  document.addEventListener('click', clicked, {capture: true, once: true});
  const app = () => document.querySelector('[data-testid=stApp]').dataset.testScriptState;
  new MutationObserver(() => {
    const now = performance.now();
    if (window.saved === null && document.body.innerText.includes('Saved: ')) window.saved = now;
    if (window.saved !== null && window.done === null && app() === 'notRunning') window.done = now;
  }).observe(document.body, {childList: true, subtree: true, attributes: true, characterData: true});
}"""


@contextlib.contextmanager
def served(command: list[str], port: int) -> Iterator[str]:
    """A server, from the moment it answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1),
            ):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def opened(page: Page, address: str) -> float:
    """Seconds from the request to the end of the script, with a warm browser cache."""
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    return time.perf_counter() - began


def choose(page: Page, field: str, option: str) -> None:
    page.get_by_role("combobox", name=field).click()
    page.get_by_role("listbox").wait_for()
    page.keyboard.type(option)
    page.get_by_role("option", name=re.compile(option)).first.click()
    if page.get_by_role("listbox").count():
        page.keyboard.press("Escape")
    page.get_by_role("listbox").wait_for(state="detached")


def submitted(page: Page, address: str, day: int) -> tuple[float, float]:
    """Seconds from the click to the confirmation, and to the end of the script."""
    opened(page, f"{address}/commitment?id=sof-mou&edit=1")
    page.get_by_test_id("stRadio").get_by_text("Signed", exact=False).first.click()
    page.get_by_role("textbox", name="When it happened").fill(f"2026-10-{day:02}")
    page.get_by_role("textbox", name="Your name").fill("bench")
    page.get_by_role("textbox", name="What happened").fill("Measured.")
    choose(page, "Sources on file that say so", "SBS News: Korea")
    choose(page, "How believable is what they say?", "probably true")
    page.evaluate(WATCH)
    page.get_by_role("button", name="Save status").click()
    page.wait_for_function("window.done !== null")
    clicked, saved, done = page.evaluate("[window.clicked, window.saved, window.done]")
    return (saved - clicked) / 1000, (done - clicked) / 1000


def main() -> None:
    if CHROMIUM is None:
        print("no Chromium found; skipped")
        return
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "empty.py").write_text(EMPTY)
        run = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(folder / "empty.py"),
            "--server.headless",
            "true",
        ]
        tracker = [
            sys.executable,
            "-c",
            "from tracker.cli import main; main()",
            "--store",
            str(folder / "store"),
        ]
        subprocess.run([*tracker, "init"], check=True, stdout=subprocess.DEVNULL)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1180, "height": 1500}, reduced_motion="reduce")
        page.set_default_timeout(60_000)
        with (
            served([*run, "--server.port", "8691"], 8691) as empty,
            served([*tracker, "dashboard", "--no-browser", "--port", "8692"], 8692) as address,
        ):
            paths = {"overview": "", "commitments": "commitments", "commitment": "commitment?id=gsomia"}
            times: dict[str, list[float]] = {"empty page": []} | {p: [] for p in paths}
            for path in ("", *paths.values()):
                opened(page, f"{address}/{path}")
            opened(page, empty)
            for _ in range(REPEATS):
                times["empty page"].append(opened(page, empty))
                for label, path in paths.items():
                    times[label].append(opened(page, f"{address}/{path}"))
            base = statistics.median(times["empty page"])
            for label, taken in times.items():
                middle = statistics.median(taken)
                print(f"open {label:<12} median {middle:.2f} s, {middle / base:.2f} x the empty page")
            first = submitted(page, address, 1)
            print(f"first submit after the start: confirmed {first[0]:.2f} s, page done {first[1]:.2f} s")
            rows = [submitted(page, address, day) for day in range(2, 2 + REPEATS)]
            saved, done = (statistics.median(column) for column in zip(*rows, strict=True))
            worst = max(row[1] for row in rows)
            print(
                f"submit: confirmed median {saved:.2f} s, page done median {done:.2f} s, worst {worst:.2f} s"
            )
        browser.close()


if __name__ == "__main__":
    main()
