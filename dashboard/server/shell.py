"""The page into which Streamlit draws, in the language of its reader, and the files that go with it.

Streamlit's own says that every page is in English, and has English words in it. Whoever asks
for a page without naming a language is sent to the same page in the one that their browser
prefers, so that every address that is copied opens the same everywhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import i18n, language

ASSETS = Path(__file__).parent.parent / "assets"
ROUTE = Mount("/assets", StaticFiles(directory=ASSETS))
"""Where the files that go with the page are."""
_SCRIPTS = ("pictures.js", "kiosk.js")
_SHELL = Path(st.__file__).parent / "static" / "index.html"
_HEADERS = {"Cache-Control": "no-cache"}
_MADE = {"{n}MB per file": "import.per_file", "Help for {n}": "forms.help_for"}
"""Words of Streamlit's with something in their midst, and ours for them."""


class Shell:
    """Answers requests for pages; all others are passed on. `pages` are the paths of all of them."""

    def __init__(self, app: ASGIApp, *, pages: Sequence[str]) -> None:
        self.app = app
        self.paths = {f"/{page}" for page in pages}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in self.paths
        answer: ASGIApp = _answer(scope) if is_page else self.app
        return await answer(scope, receive, send)


def _answer(scope: Scope) -> Response:
    told = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    code = dict(told).get(language.NAME)
    if code in i18n.LANGUAGES:
        return HTMLResponse(_page(str(code)), headers=_HEADERS)
    code = i18n.nearest(*_wanted(Headers(scope=scope).get("accept-language", "")))
    rest = [(name, value) for name, value in told if name != language.NAME]
    # Relative, for a server in front of this one may have put more before the path.
    page = scope["path"].removeprefix("/") or "./"
    return RedirectResponse(
        f"{page}?{urlencode([*rest, (language.NAME, code)])}",
        status_code=302,
        headers=_HEADERS | {"Vary": "Accept-Language"},
    )


def _wanted(accepted: str) -> list[str]:
    """The languages that a browser accepts, the best first (RFC 9110, section 12.5.4)."""
    found = re.findall(
        r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?", accepted[:500]
    )
    return [code for code, _ in sorted(found, key=lambda pair: -float(pair[1] or 1))]


@lru_cache
def _page(code: str) -> str:
    t = i18n.words(code)
    told = json.dumps(_replaced(code), ensure_ascii=False)
    style = f'<link rel="stylesheet" href="{_asset("site.css")}">'
    fonts = f'<link rel="stylesheet" href="{_asset("fonts/fonts.css")}">'
    script = f'<script defer src="{_asset("shell.js")}" data-words="{escape(told)}"></script>'
    script += "".join(f'<script defer src="{_asset(name)}"></script>' for name in _SCRIPTS)
    page = _SHELL.read_text(encoding="utf-8")
    page = page.replace('<html lang="en">', f'<html lang="{code}">', 1)
    page = re.sub(r"<title>.*?</title>", f"<title>{escape(t('site.title'))}</title>", page, count=1)
    page = re.sub(r"(<noscript>).*?(</noscript>)", rf"\1{escape(t('site.script'))}\2", page, flags=re.DOTALL)
    # Streamlit's script reads what ours tells it.
    page = page.replace('<script type="module"', f'{script}<script type="module"', 1)
    page = page.replace("</head>", f"{style}</head>", 1)
    # What there is to see until the page is drawn. Fonts come after it: nothing waits for them.
    opening = f'<div id="root"><p class="opening">{escape(t("site.title"))}</p></div>'
    return page.replace('<div id="root"></div>', opening + fonts, 1)


def _asset(name: str) -> str:
    """Where a file is; the address changes with what is in it, so that nobody is shown an old one."""
    return f"./assets/{name}?{hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:8]}"


def _replaced(code: str) -> dict[str, str]:
    """Words of Streamlit's own, which it has in English alone, and ours for them."""
    english, t = i18n.words("en"), i18n.words(code)
    told = {english(key): t(key) for key in english.keys() if key.startswith("streamlit.")}  # noqa: SIM118
    told |= {word: t(key, n="{n}") for word, key in _MADE.items()}
    return {word: ours for word, ours in told.items() if word != ours}
