"""Signing in: a real dashboard, a real OpenID Connect provider on this machine, a real Chromium."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import chromium
import pytest
from chromium import DESKTOP, FORM, MAIN, Served, settled, visit, window_of
from playwright.sync_api import Browser, BrowserContext, Page, expect

import dashboard
import tracker
from tracker.store import Store
from tracker.tracker import Tracker

pytestmark = chromium.needed
SEARCH = "commitment?id=sof-mou&look=1"
PEOPLE = {
    "ann": {"email": "Ann@Example.org", "email_verified": True, "name": "Ann <b>Lee</b>"},
    "bob": {"email": "bob@example.org", "email_verified": True, "name": "Bob"},
}
EDITOR = '[people]\n"ann@example.org" = "editor"\n'


@dataclass
class Open:
    """A dashboard at which people sign in."""

    served: Served
    roles: Path
    log: Path
    secrets: tuple[str, ...]
    process: int

    def let(self, text: str) -> None:
        """Change the file of roles as editors do."""
        new = self.roles.with_suffix(".new")
        new.write_text(text)
        new.replace(self.roles)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a provider that knows two people and wants its clients registered."""
    port = free_port()
    people = [json.dumps({"sub": sub} | claims) for sub, claims in PEOPLE.items()]
    options = ["--port", str(port), "--require-registration", "true", "--require-nonce", "true"]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", *options]
    for claims in people:
        command += ["--user-claims", claims]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if "running on" in line.lower():
            break
    yield f"http://localhost:{port}"
    process.terminate()
    process.wait()
    process.stderr.close()


@pytest.fixture(scope="module")
def site(provider: str, shipped_original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """A dashboard with login, one page of which has a mistake."""
    folder = tmp_path_factory.mktemp("login")
    shutil.copytree(shipped_original, folder / "store")
    package = folder / "site" / "dashboard"
    shutil.copytree(Path(dashboard.__file__).parent, package)
    (package / "app_pages" / "method.py").write_text("raise RuntimeError('an inner matter')")
    port = free_port()
    callback = f"http://localhost:{port}/oauth2callback"
    registered = urllib.request.Request(
        f"{provider}/oauth2/clients",
        json.dumps({"redirect_uris": [callback]}).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(registered) as answer:
        client = json.load(answer)
    cookie_secret = secrets.token_hex(32)
    login = folder / "planted-name.toml"
    login.write_text(
        "[auth]\n"
        f'redirect_uri = "{callback}"\n'
        f'cookie_secret = "{cookie_secret}"\n'
        f'client_id = "{client["client_id"]}"\n'
        f'client_secret = "{client["client_secret"]}"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n'
    )
    login.chmod(0o600)
    roles = folder / "roles.toml"
    roles.write_text(EDITOR)
    roles.chmod(0o644)
    log = folder / "log"
    given = ["--no-browser", "--port", str(port), "--login", str(login), "--roles", str(roles)]
    command = [sys.executable, "-c", MAIN, "--store", str(folder / "store"), "dashboard", *given]
    path = os.pathsep.join(map(str, (package.parent, Path(tracker.__file__).parent.parent)))
    options = {"env": os.environ | {"PYTHONPATH": path}, "cwd": folder}
    with log.open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, **options)
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if line.startswith("store: "):
            break
    assert f"dashboard: http://localhost:{port}\n" in told
    served = Served(f"http://localhost:{port}", Tracker(Store(folder / "store")))
    hidden = (cookie_secret, client["client_secret"], login.name)
    yield Open(served, roles, log, hidden, process.pid)
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture
def editable(site: Open) -> Iterator[Open]:
    """The same, at the end with the roles that it began with."""
    yield site
    site.let(EDITOR)


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """One browser for the module: a new one would fetch all of Streamlit's scripts again."""
    opened = window_of(browser, viewport=DESKTOP, reduced_motion="reduce")
    # The page of the provider has its looks from elsewhere.
    opened.route(re.compile(r"^https?://(?!localhost)"), lambda route: route.abort())
    yield opened
    opened.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """A page of somebody who is not known yet."""
    window.clear_cookies()
    opened = window.new_page()
    yield opened
    opened.close()


def sign_in(page: Page, site: Open, sub: str) -> None:
    """Sign in from where one is."""
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/oauth2/authorize?**")
    page.get_by_role("button", name=sub, exact=True).click()
    page.wait_for_url(f"{site.served.address}/**")
    expect(page.locator("h1").first).to_be_visible()
    settled(page)


def save_search(page: Page, place: str) -> None:
    page.get_by_role("textbox", name="Where you looked").fill(place)
    page.get_by_role("button", name="Save search").click()


def searches(site: Open, place: str) -> list[dict[str, object]]:
    """Who recorded searches in a place, and by what door."""
    query = "SELECT actor, door FROM ledger WHERE entity = 'check' AND payload LIKE '%' || $place || '%'"
    rows: list[dict[str, object]] = site.served.tracker.sql(query.replace("$place", f"'{place}'")).to_pylist()
    return rows


def test_from_the_click_to_the_name_on_the_page_and_in_the_ledger(site: Open, page: Page) -> None:
    visit(page, site.served, SEARCH)
    expect(page.locator(FORM)).to_have_count(0)
    expect(page.get_by_role("button", name="Record")).to_have_count(0)
    sign_in(page, site, "ann")
    assert page.url == f"{site.served.address}/{SEARCH}&lang=en"
    expect(page.get_by_text("Ann <b>Lee</b>")).to_be_visible()
    expect(page.get_by_text(re.compile("Recorded as ann.?@example\\.org"))).to_be_visible()
    expect(page.get_by_role("textbox", name="Your name")).to_have_count(0)
    save_search(page, "first.example")
    expect(page.get_by_text("Saved: a search")).to_be_visible()
    assert searches(site, "first.example") == [{"actor": "ann@example.org", "door": "login"}]
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert "tracker_name" not in cookies
    assert cookies["_streamlit_user"]["httpOnly"]
    assert cookies["_streamlit_user"]["sameSite"] == "Lax"


def test_a_role_taken_away_is_gone_at_the_next_click_and_nothing_typed_is_lost(
    editable: Open, page: Page
) -> None:
    visit(page, editable.served, SEARCH)
    sign_in(page, editable, "ann")
    page.get_by_role("textbox", name="Remark").fill("Nobody *answers*.")
    page.get_by_role("textbox", name="Where you looked").fill("second.example")
    page.keyboard.press("Tab")
    settled(page)
    editable.let('[people]\n"ann@example.org" = "reader"\n')
    page.get_by_role("button", name="Save search").click()
    expect(page.get_by_text("Your role is that of a reader.")).to_be_visible()
    expect(page.get_by_test_id("stCode")).to_contain_text("second.example")
    expect(page.get_by_test_id("stCode")).to_contain_text("Nobody *answers*.")
    expect(page.locator(FORM)).to_have_count(0)
    assert searches(editable, "second.example") == []
    editable.let("[people\n")
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_text("cannot be used at the moment")).to_be_visible()
    assert "is not TOML" in editable.log.read_text()
    editable.let(EDITOR)
    page.get_by_role("link", name="Commitments", exact=True).click()
    page.get_by_role("link", name="Special operations MOU").first.click()
    expect(page.get_by_role("button", name="Record a status change")).to_be_visible()


def test_a_reader_sees_no_form_and_reading_may_need_a_name_until_one_signs_out(
    editable: Open, page: Page
) -> None:
    editable.let('read = "listed"\n[people]\n"bob@example.org" = "reader"\n')
    page.goto(f"{editable.served.address}/commitment?id=sof-mou&edit=1")
    expect(page.get_by_role("heading", name="Sign in to read")).to_be_visible()
    expect(page.get_by_role("link", name="Commitments")).to_have_count(0)
    expect(page.get_by_text("CANSOFCOM")).to_have_count(0)
    sign_in(page, editable, "bob")
    expect(page.get_by_role("heading", name="Special operations MOU")).to_be_visible()
    expect(page.locator(FORM)).to_have_count(0)
    expect(page.get_by_role("button", name="Record")).to_have_count(0)
    page.get_by_text("Bob", exact=True).click()
    expect(page.get_by_text("Reader: you may read.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    page.wait_for_url(f"{editable.served.address}/**")
    expect(page.get_by_role("heading", name="Sign in to read")).to_be_visible()
    expect(page.get_by_text("did not work")).to_have_count(0)


def test_a_change_waits_for_somebody_else_and_its_author_cannot_approve_it(
    editable: Open, page: Page
) -> None:
    approvers = '"ann@example.org" = "approver"\n"bob@example.org" = "approver"\n'
    editable.let(f"approval = true\n[people]\n{approvers}")
    visit(page, editable.served, SEARCH)
    sign_in(page, editable, "ann")
    save_search(page, "third.example")
    expect(page.get_by_text("waits until somebody else approves it")).to_be_visible()
    expect(page.get_by_text("1 change of this commitment waits")).to_be_visible()
    page.get_by_role("link", name="See what waits").first.click()
    expect(page.get_by_text("Somebody else approves it; you may take it back.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    assert searches(editable, "third.example") == []
    page.context.clear_cookies()
    visit(page, editable.served, "approvals")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    sign_in(page, editable, "bob")
    expect(page.get_by_text(re.compile("Proposed by ann.?@example\\.org"))).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved, and recorded in the name of its author.")).to_be_visible()
    expect(page.get_by_text(re.compile("approved by bob.?@example\\.org"))).to_be_visible()
    assert searches(editable, "third.example") == [{"actor": "ann@example.org", "door": "login"}]


def test_who_does_not_get_through_the_provider_is_told_so(site: Open, page: Page) -> None:
    visit(page, site.served, "commitments")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Deny").click()
    page.wait_for_url(f"{site.served.address}/commitments?lang=en")
    expect(page.get_by_text("Signing in did not work.")).to_be_visible()


def fetch(address: str) -> str:
    """What stands at an address, whatever its status."""
    try:
        with urllib.request.urlopen(address) as answer:
            text: str = answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            text = error.read().decode()
    return text


def test_a_mistake_of_the_program_shows_nothing_of_its_inside(site: Open, page: Page) -> None:
    page.goto(f"{site.served.address}/method")
    expect(page.get_by_text("Something failed that should not have")).to_be_visible()
    shown = page.content()
    assert "an inner matter" not in shown
    assert "Traceback" not in shown
    assert "RuntimeError: an inner matter" in site.log.read_text()


def test_secrets_are_in_no_log_page_or_list_of_processes(site: Open, page: Page) -> None:
    visit(page, site.served)
    seen = [page.content()]
    for path in (
        "oauth2callback?state=a&code=b",
        "auth/login?provider=c",
        "auth/login",
        "_stcore/host-config",
    ):
        seen.append(fetch(f"{site.served.address}/{path}"))
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    known = subprocess.run(["ps", "axeww"], capture_output=True, text=True, check=True).stdout
    assert "TRACKER_LOGIN=" in known
    assert not any(secret in known for secret in site.secrets[:2])
    seen.append("\n".join(line for line in listed.splitlines() if "--login" not in line))
    seen.append(site.log.read_text())
    assert "streamlit run" in listed
    for hidden in site.secrets:
        assert not any(hidden in text for text in seen)
