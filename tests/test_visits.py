"""Cookies that hold when a browser was here: a time each, and what is none is not believed."""

from __future__ import annotations

import asyncio
import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from conftest import Clock
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.server.guard import Guard
from dashboard.server.visits import BEFORE, NOW, Visits

START = dt.datetime(2026, 11, 20, 9)


class Browser:
    """A browser without a window, at a server of this process."""

    def __init__(self, origin: str = "http://localhost") -> None:
        async def page(request: object) -> PlainTextResponse:
            return PlainTextResponse("a page")

        self.clock = Clock(START)
        server = Starlette(
            routes=[Route(path, page) for path in ("/", "/changes", "/feed")],
            middleware=[
                Middleware(Guard, origin=origin, local=True),
                Middleware(Visits, pages=["", "changes"], clock=self.clock),
            ],
        )
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(server), base_url=origin)
        self.cookies = self._client.cookies

    def get(self, path: str, minutes: float = 0) -> httpx.Response:
        """Ask for a page so many minutes later than for the one before."""
        self.clock.now += dt.timedelta(minutes=minutes)
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(self._client.get(path))).result()


def test_a_first_visit_has_none_before_it() -> None:
    browser = Browser()
    answer = browser.get("/changes")
    assert dict(browser.cookies) == {NOW: "2026-11-20T09:00Z"}
    (cookie,) = answer.headers.get_list("set-cookie")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_half_an_hour_of_silence_ends_a_visit_and_pages_within_it_do_not() -> None:
    browser = Browser()
    for minutes in (0, 20, 29):
        browser.get("/", minutes)
    assert BEFORE not in browser.cookies
    browser.get("/changes", 31)
    assert browser.cookies[BEFORE] == "2026-11-20T09:49Z"
    browser.get("/", 5)
    assert browser.cookies[BEFORE] == "2026-11-20T09:49Z"
    assert browser.cookies[NOW] == "2026-11-20T10:25Z"


def test_what_is_no_page_is_no_visit() -> None:
    browser = Browser()
    assert "set-cookie" not in browser.get("/feed").headers


@pytest.mark.parametrize(
    "told", ["2026-11-20", "<script>", "2026-11-21T09:00Z", "2020-01-01T00:00Z", "9" * 5000, ""]
)
def test_a_time_that_nobody_could_have_set_is_not_believed(told: str) -> None:
    browser = Browser()
    browser.cookies.set(NOW, told)
    browser.get("/changes", 60)
    assert BEFORE not in [cookie.name for cookie in browser.cookies.jar]


def test_over_an_encrypted_connection_they_stay_there() -> None:
    for cookie in Browser("https://t.example").get("/").headers.get_list("set-cookie"):
        assert cookie.endswith("; Secure")
