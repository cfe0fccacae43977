"""What a reader waits for, measured inside a real Chromium beside an empty Streamlit page.

Every page is opened in turns with the empty one, so that a busy moment of the machine falls on
all alike. The tracker is served twice: with the pledges that it is shipped with, and with
100,000 made up ones (`--crowd 0` leaves those out). Nothing is asserted; compare the ratios
of one run, not single figures.
"""

from __future__ import annotations

import argparse
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

import crowd
from playwright.sync_api import Page, sync_playwright

REPEATS = 7
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
EMPTY = "import streamlit as st\nst.title('empty')\n"
WIDGETS = """
import streamlit as st
def one():
    st.title("one")
    typed = st.text_input("Search", live=True)
    st.write("found " + typed)
    if st.button("Save"):
        st.success("Saved: it")
def two():
    st.title("the other page")
st.navigation([st.Page(one, default=True), st.Page(two)], position="top").run()
"""
"""Two pages of nothing but a title, and one of each widget that is measured in ours."""
MARKS = """
window.at = {};
const note = (name) => { if (!(name in at)) at[name] = performance.now(); };
window.watch = (told) => { window.told = told; window.at = {}; };
addEventListener("click", () => { window.clicked = performance.now(); }, true);
addEventListener("input", () => { window.typed = performance.now(); }, true);
new MutationObserver(() => {
  const app = document.querySelector("[data-testid=stApp]");
  if (!app) return;
  if (document.querySelector("h1")) note("heading");
  if (window.told && app.innerText.includes(told.text)) note("text");
  if (window.told?.mark && document.querySelector(`svg [aria-label^="${told.mark}"]`)) note("picture");
  const ready = window.told ? "text" in at : "heading" in at;
  if (ready && app.dataset.testScriptState === "notRunning") note("done");
}).observe(document, {childList: true, subtree: true, attributes: true, characterData: true});
"""
PATHS = {"overview": "?lang=en", "commitments": "commitments?lang=en", "commitment": "commitment?lang=en&id="}
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


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


def opened(page: Page, address: str) -> dict[str, float]:
    """Milliseconds from the request: first paint, and the script done with its heading shown."""
    page.goto(address)
    page.wait_for_function("'done' in window.at")
    page.wait_for_selector(IDLE)
    paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"
    told: dict[str, float] = page.evaluate(f"({{paint: {paint}, done: at.done}})")
    return told


def waited(page: Page, since: str, until: str = "done") -> float:
    """Milliseconds from the last click or key to what was watched for."""
    page.wait_for_function(f"'{until}' in window.at")
    took: float = page.evaluate(f"at.{until} - window.{since}")
    return took


def switched(page: Page, link: str, heading: str) -> float:
    page.evaluate("told => watch(told)", {"text": heading})
    page.get_by_role("link", name=link, exact=True).first.click()
    return waited(page, "clicked")


def narrowed(page: Page, role: str, text: str, found: str) -> float:
    field = page.get_by_role(role, name="Search")
    page.evaluate("told => watch(told)", {"text": found})
    field.fill(text)
    return waited(page, "typed")


def choose(page: Page, field: str, option: str) -> None:
    page.get_by_role("combobox", name=field).click()
    page.get_by_role("listbox").wait_for()
    page.keyboard.type(option)
    page.get_by_role("option", name=re.compile(option)).first.click()
    if page.get_by_role("listbox").count():
        page.keyboard.press("Escape")
    page.get_by_role("listbox").wait_for(state="detached")


def submitted(page: Page, address: str, commitment: str, source: str, day: int) -> dict[str, float]:
    """Milliseconds from the click to the confirmation, to the new mark in the picture, and to the end."""
    page.goto(f"{address}/commitment?lang=en&id={commitment}&edit=1")
    page.get_by_test_id("stRadio").get_by_text("Signed", exact=False).first.click()
    page.get_by_role("textbox", name="When it happened").fill(f"2026-10-{day:02}")
    page.get_by_role("textbox", name="Your name").fill("bench")
    page.get_by_role("textbox", name="What happened").fill("Measured.")
    choose(page, "Sources on file that say so", source)
    choose(page, "How believable is what they say?", "probably true")
    page.wait_for_selector(IDLE)
    page.evaluate("told => watch(told)", {"text": "Saved: ", "mark": f"{day}\u00a0Oct\u00a02026"})
    page.get_by_role("button", name="Save status").click()
    page.wait_for_function("['text', 'picture', 'done'].every((name) => name in window.at)")
    told: dict[str, float] = page.evaluate(
        "Object.fromEntries(['text', 'picture', 'done'].map((name) => [name, at[name] - clicked]))"
    )
    return told


def saved(page: Page, address: str) -> float:
    """The same on the empty page: from the click to the end of its script."""
    page.goto(address)
    page.wait_for_selector(IDLE)
    page.evaluate("told => watch(told)", {"text": "Saved: it"})
    page.get_by_role("button", name="Save").click()
    return waited(page, "clicked")


def line(label: str, times: list[float], base: list[float]) -> None:
    middle, beside = statistics.median(times), statistics.median(base)
    print(f"  {label:<42} {middle:6.0f} ms   {middle / beside:5.2f} × the empty page")


def measure(page: Page, empty: str, widgets: str, address: str, commitment: str, source: str) -> None:
    """Print everything for one server, beside an empty page and one of empty widgets."""
    times: dict[str, list[dict[str, float]]] = {"empty page": []} | {name: [] for name in PATHS}
    where = {
        name: f"{address}/{path}{commitment if name == 'commitment' else ''}" for name, path in PATHS.items()
    }
    for turn in range(REPEATS + 2):
        for name, told in ({"empty page": empty} | where).items():
            found = opened(page, told)
            if turn >= 2:
                times[name].append(found)
    for moment, words in (("paint", "first paint"), ("done", "open, to the end of the script")):
        base = [one[moment] for one in times["empty page"]]
        for name, found in times.items():
            line(f"{words}: {name}", [one[moment] for one in found], base)

    switch: dict[str, list[float]] = {"empty": [], "ours": []}
    filters: dict[str, list[float]] = {"empty": [], "ours": []}
    for turn in range(REPEATS):
        opened(page, widgets)
        switch["empty"].append(switched(page, "two", "the other page"))
        switched(page, "one", "one")
        filters["empty"].append(narrowed(page, "textbox", f"a{turn}", f"found a{turn}"))
        opened(page, where["overview"])
        switch["ours"].append(switched(page, "Commitments", "Order"))
        filters["ours"].append(narrowed(page, "searchbox", f"no such words {turn}", "No commitment matches"))
    line("page switch: overview to commitments", switch["ours"], switch["empty"])
    line("filter: a search, to what it finds", filters["ours"], filters["empty"])

    base = [saved(page, widgets) for _ in range(REPEATS)]
    submitted(page, address, commitment, source, 1)
    done = [submitted(page, address, commitment, source, day) for day in range(2, 2 + REPEATS)]
    for moment, words in (
        ("text", "confirmed"),
        ("picture", "new mark in the picture"),
        ("done", "all done"),
    ):
        line(f"submit: {words}", [one[moment] for one in done], base)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--crowd", type=int, default=100_000, help="made up commitments; 0 leaves them out")
    crowded = parser.parse_args().crowd
    if CHROMIUM is None:
        print("no Chromium found; skipped")
        return
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        (folder / "empty.py").write_text(EMPTY)
        (folder / "widgets.py").write_text(WIDGETS)
        run = [sys.executable, "-m", "streamlit", "run", "--server.headless", "true", "--server.port"]
        tracker = [sys.executable, "-c", "from tracker.cli import main; main()", "--store"]
        subprocess.run([*tracker, str(folder / "real"), "init"], check=True, stdout=subprocess.DEVNULL)
        stores = [("the shipped 55 commitments", folder / "real", "sof-mou", "SBS News: Korea")]
        if crowded:
            crowd.fill(folder / "crowd", crowded)
            # The 2nd made up one is a memorandum, which can be signed.
            stores.append((f"{crowded:,} made up commitments", folder / "crowd", "pledge-1", "Statement 1"))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        # What we watch with is not what the page may run.
        page = browser.new_page(
            viewport={"width": 1180, "height": 1500}, reduced_motion="reduce", bypass_csp=True
        )
        page.set_default_timeout(120_000)
        page.add_init_script(MARKS)
        with (
            served([*run, "8691", str(folder / "empty.py")], 8691) as empty,
            served([*run, "8693", str(folder / "widgets.py")], 8693) as widgets,
        ):
            for label, store, commitment, source in stores:
                serve = [*tracker, str(store), "dashboard", "--no-browser", "--port", "8692"]
                with served(serve, 8692) as address:
                    print(f"\n{label} (medians of {REPEATS})")
                    measure(page, empty, widgets, address, commitment, source)
        browser.close()


if __name__ == "__main__":
    main()
