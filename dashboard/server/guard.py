"""What every answer says to browsers, which requests get none, and the way back after signing in."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import access, i18n
from tracker import roles

LOGIN, BACK = "/auth/login", "tracker_back"
"""Where Streamlit sends people off to sign in, and the cookie that knows from which page."""
LONGEST = 1500
_FAILED = f"{access.FAILED}=1; Max-Age=30; Path=/; HttpOnly; SameSite=Lax"
_WAY_BACK = f"Path={roles.CALLBACK}; HttpOnly; SameSite=Lax"
_SHELL = Path(st.__file__).parent / "static" / "index.html"
_SIGNED_IN = re.compile(r'_streamlit_user="?[\w.]')
"""How the cookie begins by which Streamlit knows somebody, unless it takes the cookie away."""


def _policy() -> str:
    """What a page may load and run: what this server sends, and of scripts within pages those known here."""
    inline = re.findall(r"<script>(.*?)</script>", _SHELL.read_text(encoding="utf-8"), re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in [*inline, access.KEEP_NAME])
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


HEADERS = {
    "Content-Security-Policy": _policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses requests under names that are not this server's, and those that come from other sites.

    Without the first, a page elsewhere could point its own name at this machine and read what
    is here. Streamlit's own look at the second lets in every page of this machine, whatever its
    port, and asks a server on the internet for the address of this one.

    `origin` is the address at which people sign in, if they can; a `local` server answers at
    that name and at those of its own machine alone.
    """

    def __init__(self, app: ASGIApp, *, origin: str | None = None, local: bool = True) -> None:
        self.app = app
        told = urlsplit(origin or "")
        self.name = told.hostname
        self.encrypted = told.scheme == "https"
        self.local = local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        asked = Headers(scope=scope)
        why = self._refused(asked.get("host", ""), asked.get("origin"))

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                for cookie in () if why else _way_back(scope, asked, message, headers):
                    headers.append("set-cookie", cookie)
                if self.encrypted:
                    message["headers"] = [(name, _secure(name, value)) for name, value in message["headers"]]
            await send(message)

        if why:
            refusal = PlainTextResponse(i18n.words("en")(f"access.request.{why}"), status_code=403)
            return await refusal(scope, receive, answer)
        return await self.app(scope, receive, answer)

    def _refused(self, host: str, origin: str | None) -> str | None:
        """Why a request gets no answer, as a code of the catalogue; None if it gets one."""
        if origin is not None and _split(origin).netloc != host:
            return "origin"
        name = _split(f"//{host}").hostname
        return "host" if self.local and name != self.name and not roles.is_loopback(name) else None


def _came_from(asked: Headers) -> str:
    """The page of this server from which a request came, or the first page."""
    told = _split(asked.get("referer", ""))
    return (
        _within(urlunsplit(("", "", told.path, told.query, ""))) if told.netloc == asked.get("host") else "/"
    )


def _split(address: str) -> SplitResult:
    """The parts of an address; none of what is no address at all."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _way_back(scope: Scope, asked: Headers, message: Message, headers: MutableHeaders) -> Iterable[str]:
    """Brings people who sign in back to where they were, and not to the first page or to none.

    Yields the cookies that this needs.
    """
    if scope["path"] == LOGIN and message["status"] >= 400:
        # The provider cannot be reached.
        message["status"] = 302
        headers["location"] = _came_from(asked)
        yield _FAILED
    elif scope["path"] == LOGIN:
        yield f"{BACK}={quote(_came_from(asked), safe='')}; Max-Age=600; {_WAY_BACK}"
    # People come by the same way after they have signed out, but then without this cookie.
    elif message["status"] == 302 and BACK in (kept := HTTPConnection(scope).cookies):
        headers["location"] = _within(unquote(kept[BACK]))
        yield f"{BACK}=; Max-Age=0; {_WAY_BACK}"
        if not any(_SIGNED_IN.match(cookie) for cookie in headers.getlist("set-cookie")):
            yield _FAILED


def _within(page: str) -> str:
    """The address of a page of this server, and of no other."""
    inside = re.fullmatch(r"/[^/\\\s].*", page) and page.isprintable() and len(page) <= LONGEST
    return quote(page, safe="/?&=%+:,@~") if inside else "/"


def _secure(name: bytes, value: bytes) -> bytes:
    """A cookie that browsers send over encrypted connections alone; other headers as they are."""
    plain = name.lower() != b"set-cookie" or b"; secure" in value.lower()
    return value if plain else value + b"; Secure"
