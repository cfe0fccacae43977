"""On its own machine: the name that the browser keeps, and what comes by way of somebody else."""

from __future__ import annotations

import http.client
from urllib.parse import quote

import chromium
from chromium import FORM, Served, visit
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = chromium.needed
SEARCH = "commitment?id=sof-mou&look=1"
NAME = '김 O\'Neil; path=/ <script>alert("1")</script> & **b**'


def test_a_name_is_asked_once_and_known_in_every_tab_and_after_a_reload(
    context: BrowserContext, page: Page, served: Served
) -> None:
    visit(page, served, SEARCH)
    expect(page.get_by_role("textbox", name="Your name")).to_have_value("")
    page.get_by_role("textbox", name="Your name").fill(NAME)
    page.get_by_role("textbox", name="Where you looked").fill("first.example")
    page.get_by_role("button", name="Save search").click()
    expect(page.get_by_text("Saved: a search")).to_be_visible()
    page.wait_for_function("document.cookie.includes('tracker_name=')")
    kept = {cookie["name"]: cookie for cookie in context.cookies()}["tracker_name"]
    assert (kept["value"], kept["path"]) == (quote(NAME, safe=""), "/")
    visit(page, served, "commitment?id=gsomia&edit=1")
    expect(page.get_by_role("textbox", name="Your name")).to_have_value(NAME)
    page.reload()
    expect(page.get_by_role("textbox", name="Your name")).to_have_value(NAME)
    query = "SELECT actor, door FROM ledger ORDER BY seq DESC LIMIT 1"
    assert served.tracker.sql(query).to_pylist() == [{"actor": NAME, "door": "dashboard"}]


def test_whatever_stands_in_the_cookie_is_text_or_nothing(
    context: BrowserContext, page: Page, served: Served
) -> None:
    for cookie, name in [
        ("%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "<img src=x onerror=alert(1)>"),
        ("a%00%1b%5B2J", ""),
        ("%E2%80%AEevil", ""),
        ("a" * 201, ""),
        ("%41" * 1200, ""),
        ("%ff%fe", "\ufffd\ufffd"),
    ]:
        context.add_cookies([{"name": "tracker_name", "value": cookie, "url": served.address}])
        visit(page, served, SEARCH)
        expect(page.get_by_role("textbox", name="Your name")).to_have_value(name)


def test_what_comes_through_a_proxy_can_only_read(
    context: BrowserContext, page: Page, served: Served
) -> None:
    context.set_extra_http_headers({"X-Forwarded-For": "203.0.113.9"})
    visit(page, served, "commitment?id=sof-mou&edit=1")
    expect(page.get_by_text("you came by way of another server")).to_be_visible()
    expect(page.locator(FORM)).to_have_count(0)
    expect(page.get_by_role("button", name="Record")).to_have_count(0)


def test_a_name_that_is_not_this_machines_gets_no_answer(served: Served) -> None:
    host = served.address.removeprefix("http://")
    for name, status in [("evil.example", 403), ("0.0.0.0", 403), ("localhost", 200), ("127.0.0.1", 200)]:
        asked = http.client.HTTPConnection(host, timeout=20)
        asked.request("GET", "/?lang=en", headers={"Host": f"{name}:{host.rpartition(':')[2]}"})
        answer = asked.getresponse()
        told = answer.read().decode()
        asked.close()
        assert answer.status == status, name
        assert ("--behind-proxy" in told) == (status == 403)
