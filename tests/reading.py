"""The pages through Streamlit's own test driver: how they are opened, and what they say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

import dashboard

ENTRY = Path(dashboard.__file__).parent / "app.py"
PAGES = ("overview", "commitments", "sources", "ask", "method")
COMMITMENT = "app_pages/commitment.py"


@pytest.fixture
def reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Opens pages of the dashboard on the store of the test."""
    monkeypatch.setenv("TRACKER_STORE", str(folder))
    for name in ("TRACKER_READ_ONLY", "TRACKER_ROLES", "TRACKER_BEHIND_PROXY"):
        monkeypatch.delenv(name, raising=False)
    # The test driver binds no address; on one that others reach, nobody may record anything.
    st.config.set_option("server.address", "127.0.0.1")
    # What the dashboard's own settings say, which the driver does not read, takes a fifth of each run.
    for option in ("runner.magicEnabled", "browser.gatherUsageStats"):
        st.config.set_option(option, False)
    # The test driver leaves its script behind as `__main__`, where child processes look.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    # It would search every installed package for components, each time: half of what a page takes.
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", list)
    st.cache_resource.clear()

    def look(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(ENTRY), default_timeout=60)
        app.switch_page(page if "/" in page else f"app_pages/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception[0].value
        return app

    yield look
    st.cache_resource.clear()


def said(app: AppTest) -> str:
    """All words of the page, the escapes of Markdown undone; HTML with its tags and without.

    Where a line may not end is not told.
    """
    parts = [*app.title, *app.header, *app.markdown, *app.caption, *app.info, *app.error, *app.warning]
    text = "\n".join(str(p.value) for p in [*parts, *app.success])
    pieces = [piece.proto.body for piece in app.get("html")]
    plain = [Anchors(piece).text for piece in pieces]
    found = "\n".join([text.replace("\\", "").replace("\u2060", ""), *pieces, *plain])
    return found.replace("\u00a0", " ")


def links(app: AppTest) -> dict[str, str]:
    """Labels of the links between pages, with their queries."""
    told = {p.proto.label.replace("\\", ""): p.proto.query_string for p in app.get("page_link")}
    found = [link for piece in app.get("html") for link in Anchors(piece.proto.body).found]
    return told | {text: href.partition("?")[2] for text, href in found}


def press(app: AppTest, label: str) -> AppTest:
    """Press a button, or follow a link that opens a form."""
    button = next((b for b in app.button if b.label == label), None)
    if button is not None:
        button.click()
    else:
        app.query_params.update(parse_qsl(links(app)[label]))
    app.run()
    assert not app.exception, app.exception[0].value
    return app


def put(app: AppTest, form: str, **typed: Any) -> AppTest:
    """Fill fields of a form by their names."""
    kinds = (app.text_input, app.text_area, app.multiselect, app.selectbox, app.radio, app.checkbox)
    for field, value in typed.items():
        widget = next(w for kind in kinds for w in kind if w.key == f"{form}:{field}")
        widget.set_value(value)
    return app


class Anchors(HTMLParser):
    """The text of a piece of HTML, and texts and addresses of its links."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.text = ""
        self._href: str | None = None
        self._text: list[str] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._text = dict(attrs)["href"], []

    def handle_data(self, data: str) -> None:
        self.text += data
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            self.found.append((" ".join(self._text), self._href))
