"""The server around the pages: what every answer says to browsers, and which requests get none.

`streamlit run` finds `app` here.
"""

import base64
import hashlib
import os
import re
import sys
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

# `streamlit run` puts this folder on the path, not the one that holds the package.
sys.path.insert(0, str(Path(__file__).parent.parent))

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import access, components, i18n
from tracker import roles

SHELL = Path(st.__file__).parent / "static" / "index.html"


def _policy() -> str:
    """What a page may load and run: what this server sends, and of scripts within pages only those known."""
    inline = [*re.findall(r"<script>(.*?)</script>", SHELL.read_text(encoding="utf-8"), re.DOTALL)]
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


LOGIN, BACK = "/auth/login", "tracker_back"
LONGEST = 1500
_COOKIE = f"Path={roles.CALLBACK}; HttpOnly; SameSite=Lax"
_FAILED = f"{access.FAILED}=1; Max-Age=30; Path=/; HttpOnly; SameSite=Lax"
_SIGNED_IN = re.compile(r'_streamlit_user="?[\w.]')
"""How the cookie begins by which Streamlit knows somebody, unless it takes the cookie away."""


class Guard:
    """Refuses requests under names that are not this server's, and those that come from other sites.

    Without the first, a page elsewhere could point its own name at this machine and read what
    is here. Streamlit's own look at the second lets in every page of this machine, whatever its
    port, and asks a server on the internet for the address of this one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)

        asked = Headers(scope=scope)
        path = scope["path"]

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if path == LOGIN:
                    told = quote(_page(asked), safe="")
                    headers.append("set-cookie", f"{BACK}={told}; Max-Age=600; {_COOKIE}")
                # People come by the same way after they have signed out, but then without this cookie.
                elif message["status"] == 302 and BACK in (kept := HTTPConnection(scope).cookies):
                    headers["location"] = _within(unquote(kept[BACK]))
                    headers.append("set-cookie", f"{BACK}=; Max-Age=0; {_COOKIE}")
                    if not any(_SIGNED_IN.match(cookie) for cookie in headers.getlist("set-cookie")):
                        headers.append("set-cookie", _FAILED)
            await send(message)

        if why := _refused(asked.get("host", ""), asked.get("origin")):
            words = i18n.words("en")
            refusal = PlainTextResponse(words(f"access.request.{why}"), status_code=403)
            return await refusal(scope, receive, answer)
        return await self.app(scope, receive, answer)


def _page(asked: Headers) -> str:
    """The page from which somebody went to sign in, for Streamlit would bring them back to the first."""
    told = urlsplit(asked.get("referer", ""))
    return urlunsplit(("", "", told.path, told.query, "")) if told.netloc == asked.get("host") else "/"


def _within(page: str) -> str:
    """The address of a page of this server, and of no other."""
    inside = re.fullmatch(r"/[^/\\\s].*", page) and page.isprintable() and len(page) <= LONGEST
    return quote(page, safe="/?&=%+:,@~") if inside else "/"


def _refused(host: str, origin: str | None) -> str | None:
    """Why a request gets no answer, as a code of the catalogue; None if it gets one."""
    if origin is not None and urlsplit(origin).netloc != host:
        return "origin"
    name = urlsplit(f"//{host}").hostname
    if name == _public or roles.is_loopback(name):
        return None
    # Whoever binds another address, or says that there is a proxy, means to be reached by other names.
    local = roles.is_loopback(st.get_option("server.address")) and not os.environ.get(access.PROXY)
    return "host" if local else None


def _failed(error: Exception) -> bool:
    """What somebody sees of a mistake in this program: that there was one. Streamlit logs the rest."""
    components.broken()
    return True


async def _unanswered(request: Request, error: Exception) -> Response:
    """A mistake outside the pages, or a provider that cannot be reached. The server logs it."""
    if request.url.path == LOGIN:
        return RedirectResponse(_within(_page(request.headers)), 302, {"set-cookie": _FAILED})
    return PlainTextResponse(i18n.words("en")("access.request.failed"), status_code=500)


_login = roles.read_login(Path(os.environ[access.LOGIN])) if os.environ.get(access.LOGIN) else None
_public = urlsplit(_login.origin).hostname if _login else None
app = st.App(
    "app.py",
    middleware=[Middleware(Guard)],
    on_script_error=_failed,
    exception_handlers={Exception: _unanswered},
    secrets=_login.secrets() if _login else None,
)
