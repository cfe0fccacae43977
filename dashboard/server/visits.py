"""When a browser was here before: two cookies that hold a time each, and nothing about anybody.

`seen_now` is when this visit last asked for a page, `seen_prev` when the visit before last did. The
`Guard` before this adds that they go over encrypted connections alone, where there are such.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOW, BEFORE = "seen_now", "seen_prev"
SILENCE = dt.timedelta(minutes=30)
"""After so long without a page, the next one begins a new visit."""
KEPT = dt.timedelta(days=400)
"""How long browsers keep cookies at most (RFC 6265bis)."""
_FORM = "%Y-%m-%dT%H:%MZ"


def present() -> dt.datetime:
    """This moment, in UTC."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


class Visits:
    """Notes in the browser when it asks for a page. `pages` are the paths of all of them."""

    def __init__(
        self, app: ASGIApp, *, pages: Sequence[str], clock: Callable[[], dt.datetime] = present
    ) -> None:
        self.app = app
        self.paths = {f"/{page}" for page in pages}
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in self.paths:
            return await self.app(scope, receive, send)
        now = self.clock()
        told = HTTPConnection(scope).cookies
        last = _moment(told.get(NOW), now)
        cookies = {NOW: now}
        if last is not None and now - last > SILENCE:
            cookies[BEFORE] = last

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, moment in cookies.items():
                    kept = f"Max-Age={int(KEPT.total_seconds())}; Path=/; HttpOnly; SameSite=Lax"
                    headers.append("set-cookie", f"{name}={moment.strftime(_FORM)}; {kept}")
            await send(message)

        return await self.app(scope, receive, answer)


def last() -> dt.datetime | None:
    """When the reader's visit before this one ended, in UTC; None on a first visit."""
    return _moment(st.context.cookies.get(BEFORE), present())


def _moment(told: object, now: dt.datetime) -> dt.datetime | None:
    """The time that a cookie holds; None for what is none, lies ahead or is older than cookies can be."""
    if not isinstance(told, str):
        return None
    try:
        moment = dt.datetime.strptime(told, _FORM)
    except ValueError:
        return None
    return moment if now - KEPT <= moment <= now else None
