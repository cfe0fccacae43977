"""What stands before the pages: cookies, and the way back to where somebody was before signing in."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.server.guard import BACK, LOGIN, Guard

CALLBACK = "/oauth2callback"


class Client:
    """A browser without a window, at a server of this process."""

    def __init__(self, server: Starlette, origin: str) -> None:
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(server), base_url=origin)
        self.cookies = self._client.cookies

    def get(self, path: str, **headers: str) -> httpx.Response:
        # In a thread of its own: where a browser has been driven, this one has a loop already.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(self._client.get(path, headers=headers))).result()


def client(origin: str) -> Client:
    """Asks a server that signs everybody in who comes back from the provider with a code."""

    def login(request: Request) -> Response:
        if "down" in request.query_params:
            return PlainTextResponse("Authentication error", 400)
        return RedirectResponse("https://id.example.org/authorize", 302)

    def callback(request: Request) -> Response:
        answer = RedirectResponse("/", 302)
        if "code" in request.query_params:
            answer.set_cookie("_streamlit_user", ".eJx", httponly=True)
        else:
            answer.delete_cookie("_streamlit_user")
        return answer

    routes = [Route(LOGIN, login), Route(CALLBACK, callback)]
    inner = Starlette(routes=routes, middleware=[Middleware(Guard, origin=origin, local=True)])
    return Client(inner, origin)


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("https://t.example/commitment?id=a&edit=1", "/commitment?id=a&edit=1"),
        ("https://t.example/sources?q=%EA%B5%AD", "/sources?q=%EA%B5%AD"),
        ("https://t.example/commitments", "/commitments"),
        ("https://t.example/", "/"),
        ("https://evil.example/commitments", "/"),
        ("https://t.example//evil.example/", "/"),
        ("https://t.example/\\evil.example", "/"),
        ("https://t.example/" + "a" * 2000, "/"),
        ("not an address", "/"),
        ("https://[", "/"),
        ("", "/"),
    ],
)
def test_who_signs_in_is_back_where_they_were_and_nowhere_else(page: str, back: str) -> None:
    asked = client("https://t.example")
    left = asked.get(LOGIN, Referer=page)
    assert left.headers["location"] == "https://id.example.org/authorize"
    come = asked.get(f"{CALLBACK}?code=1")
    assert come.headers["location"] == back
    assert BACK not in asked.cookies
    assert "tracker_sign_in_failed" not in asked.cookies


def test_a_forged_way_back_leads_to_no_other_place() -> None:
    for page in (
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/a\r\nX: b",
    ):
        asked = client("https://t.example")
        asked.cookies.set(BACK, quote(page, safe=""))
        assert asked.get(f"{CALLBACK}?code=1").headers["location"] == "/", page


def test_only_who_went_to_sign_in_is_told_that_it_failed() -> None:
    asked = client("https://t.example")
    assert asked.get(CALLBACK).headers["location"] == "/"
    assert "tracker_sign_in_failed" not in asked.cookies
    asked.get(LOGIN)
    asked.get(CALLBACK)
    assert asked.cookies["tracker_sign_in_failed"] == "1"


def test_a_provider_that_cannot_be_reached_leads_back_to_where_one_was() -> None:
    asked = client("https://t.example")
    left = asked.get(f"{LOGIN}?down", Referer="https://t.example/sources?id=a")
    assert (left.status_code, left.headers["location"]) == (302, "/sources?id=a")
    assert asked.cookies["tracker_sign_in_failed"] == "1"
    assert BACK not in asked.cookies


def test_cookies_of_a_server_behind_tls_go_over_tls_alone() -> None:
    for origin, count in (("https://t.example", 2), ("http://localhost:8501", 0)):
        asked = client(origin)
        asked.get(LOGIN)
        told = asked.get(f"{CALLBACK}?code=1").headers.get_list("set-cookie")
        assert len(told) == 2
        assert sum(cookie.endswith("; Secure") for cookie in told) == count


def test_a_name_that_is_neither_the_servers_nor_the_machines_gets_no_answer() -> None:
    asked = client("https://t.example")
    for host in (
        "evil.example",
        "t.example.evil.example",
        "10.0.0.1",
        "0.0.0.0",
        "localhost.evil.example",
        "[",
        "[::1",
        "",
    ):
        assert asked.get(LOGIN, Host=host).status_code == 403, host
    for host in ("t.example", "localhost:8501", "127.0.0.1", "[::1]:8501"):
        assert asked.get(LOGIN, Host=host).status_code == 302, host


def test_a_request_from_what_is_no_address_gets_no_answer() -> None:
    for origin in ("https://[", "null", "https://t.example.evil.example"):
        assert client("https://t.example").get(LOGIN, Origin=origin).status_code == 403, origin
