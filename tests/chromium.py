"""The dashboard in a real Chromium: one server and one browser for all tests, a fresh store by module."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tracker.store import Store
from tracker.tracker import Tracker

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
REQUIRED = os.environ.get("TRACKER_REQUIRE_BROWSER") == "1"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MAIN = "from tracker.cli import main; main()"

needed = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and not REQUIRED, reason="no Chromium found; install your system's package chromium"
    ),
]
"""What a module of such tests is marked with."""


@dataclass
class Served:
    """A running dashboard and the tracker on the same store."""

    address: str
    tracker: Tracker


@pytest.fixture(scope="session")
def server(shipped_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The dashboard, served by the command."""
    folder = tmp_path_factory.mktemp("served") / "store"
    shutil.copytree(shipped_original, folder)
    command = [sys.executable, "-c", MAIN, "--store", str(folder), "dashboard", "--no-browser"]
    # So long that what ends a query is never its time.
    environment = os.environ | {"TRACKER_SQL_SECONDS": "600"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    address = ""
    for line in process.stdout:
        if line.startswith("dashboard: "):
            address = line.removeprefix("dashboard: ").strip()
            break
    assert address, "the server ended before it printed its address"
    yield Served(address, Tracker(Store(folder)))
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="module")
def served(server: Served, shipped_original: Path) -> Served:
    """The same on a store that no other module has changed."""
    folder = server.tracker.store.folder
    server.tracker.store.release()
    shutil.rmtree(folder)
    shutil.copytree(shipped_original, folder)
    return server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "this run requires Chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        viewport={"width": 1180, "height": 1400}, reduced_motion="reduce", accept_downloads=True
    )
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page as narrow as a phone."""
    opened = browser.new_context(viewport={"width": 360, "height": 780}, reduced_motion="reduce")
    yield opened.new_page()
    opened.close()


def visit(page: Page, served: Served, path: str = "") -> None:
    """Open an address and wait until its script has run."""
    from playwright.sync_api import expect

    page.goto(f"{served.address}/{path}")
    expect(page.locator("h1").first).to_be_visible()
    settled(page)


def settled(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def choose(page: Page, field: str, option: str) -> None:
    """Pick from a list by typing, as one does with a hundred sources."""
    from playwright.sync_api import expect

    def opened() -> None:
        page.get_by_role("combobox", name=field).click()
        expect(page.get_by_role("listbox")).to_be_visible(timeout=1500)

    # A list that is just closing takes the click for itself.
    for _ in range(4):
        try:
            opened()
            break
        except AssertionError:
            continue
    page.keyboard.type(option)
    page.get_by_role("option", name=re.compile(option)).first.click()
    # Lists for several choices stay open.
    if page.get_by_role("listbox").count():
        page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)


def overflow(page: Page) -> int:
    """By how much a page is wider than its window, which nobody should have to scroll."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide
