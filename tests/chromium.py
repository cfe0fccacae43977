"""The dashboard in a real Chromium: one server and one browser for all tests, a fresh store by module."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tracker.store import Store
from tracker.tracker import Tracker

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

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
DESKTOP: ViewportSize = {"width": 1180, "height": 1400}
PHONE: ViewportSize = {"width": 360, "height": 780}
PATIENCE = 20_000
"""Milliseconds for which a page may take its time."""
MAIN = "from tracker.cli import main; main()"

_OVERFLOW = """Math.max(...[document.documentElement, document.querySelector("[data-testid=stMain]")]
  .map((part) => part.scrollWidth - part.clientWidth))"""
_ASKED = """
const send = WebSocket.prototype.send, heard = new WeakSet();
const told = () => { window.said = performance.now(); };
window.answered = true;
WebSocket.prototype.send = function (message) {
  told();
  window.answered = false;
  if (!heard.has(this)) {
    heard.add(this);
    this.addEventListener("message", () => { told(); window.answered = true; });
  }
  return send.call(this, message);
};"""
"""Keeps when page and server last said anything, and whether it was the server."""
_SETTLED = """() => {
  const idle = document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
  return idle !== null && window.answered !== false && !(performance.now() - window.said < 150);
}"""
"""Between two runs that were asked for in a row a page looks idle for a moment."""
FORM = "[class*='st-key-form-']"
"""Where a form stands on a page."""

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


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The dashboard on a store, served by the command; its address."""
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
    yield address
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture(scope="session")
def server(shipped_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served") / "store"
    shutil.copytree(shipped_original, folder)
    with serving(folder) as address:
        yield Served(address, Tracker(Store(folder)))


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
    from playwright.sync_api import expect, sync_playwright

    assert CHROMIUM, "this run requires Chromium"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def window_of(browser: Browser, **options: Any) -> BrowserContext:
    """A window of somebody's own, with the options of Playwright's `new_context`."""
    opened = browser.new_context(**options)
    opened.set_default_timeout(PATIENCE)
    opened.add_init_script(_ASKED)
    return opened


class Window:
    """A window that is kept from test to test, with one tab that stays open.

    To read and compile the scripts of the dashboard costs a new tab as much as all that it does
    with them. After each test the window is as if nobody had been there, but for listeners and
    scripts that were put on the tab: a test that needs any opens a page of its own.
    """

    def __init__(self, browser: Browser) -> None:
        self.context = window_of(browser, viewport=DESKTOP, reduced_motion="reduce")
        self._tab: Page | None = None

    @property
    def tab(self) -> Page:
        if self._tab is None or self._tab.is_closed():
            self._tab = self.context.new_page()
        return self._tab

    def tidy(self) -> None:
        for page in self.context.pages:
            if page is not self._tab:
                page.close()
        if self.context.pages:
            if self.tab.url.startswith("http"):
                self.tab.evaluate("localStorage.clear(); sessionStorage.clear()")
            self.tab.goto("about:blank")
            self.tab.set_viewport_size(DESKTOP)
            self.tab.emulate_media(media="null", color_scheme="null")
        self.context.unroute_all()
        self.context.set_extra_http_headers({})
        self.context.clear_cookies()


@pytest.fixture(scope="session")
def first_window(browser: Browser) -> Window:
    return Window(browser)


@pytest.fixture(scope="session")
def second_window(browser: Browser) -> Window:
    return Window(browser)


@pytest.fixture
def context(first_window: Window) -> Iterator[BrowserContext]:
    """What all pages of one person share, such as cookies."""
    yield first_window.context
    first_window.tidy()


@pytest.fixture
def page(context: BrowserContext, first_window: Window) -> Page:
    """An empty page as wide as a desk allows."""
    return first_window.tab


@pytest.fixture
def phone(page: Page) -> Page:
    """The same, as narrow as a phone."""
    page.set_viewport_size(PHONE)
    return page


@pytest.fixture
def another(second_window: Window) -> Iterator[Page]:
    """The page of somebody else."""
    yield second_window.tab
    second_window.tidy()


def visit(page: Page, served: Served, path: str = "") -> None:
    """Open an address and wait until its script has run."""
    from playwright.sync_api import expect

    page.goto(f"{served.address}/{path}")
    expect(page.locator("h1").first).to_be_visible()
    settled(page)


def settled(page: Page) -> None:
    """Wait until nothing is asked of the server, and what it answered stands there."""
    page.wait_for_function(_SETTLED)


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


@contextmanager
def in_peace(page: Page, served: Served) -> Iterator[None]:
    """See that the pages asked for here ask no other machine, break no script and may load all they want."""
    asked: set[str] = set()
    broken: list[str] = []
    listeners = {
        "request": lambda r: asked.add(re.sub(r"^\w+://([^/]*).*", r"\1", r.url)),
        "pageerror": lambda e: broken.append(str(e)),
        "response": lambda r: broken.append(f"{r.status} {r.url}") if r.status >= 400 else None,
        # What the page may not load or run, the browser tells in the console.
        "console": lambda m: broken.append(m.text) if "Content Security Policy" in m.text else None,
    }
    for event, listener in listeners.items():
        page.on(event, listener)  # type: ignore[call-overload]
    yield
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    hosts = {h for h in asked if not h.startswith(("data:", "blob:"))}
    assert hosts == {served.address.removeprefix("http://")}
    assert not broken


def visit_in_peace(page: Page, served: Served, path: str) -> None:
    with in_peace(page, served):
        visit(page, served, path)


def overflow(page: Page) -> int:
    """By how much a page is wider than its window, which nobody should have to scroll."""
    from playwright.sync_api import TimeoutError as Late

    # Pictures take the width of a window a moment after it got that.
    with suppress(Late):
        page.wait_for_function(f"() => {_OVERFLOW} <= 0", timeout=PATIENCE / 4)
    wide: int = page.evaluate(_OVERFLOW)
    return wide
