"""The way from page to page and from language to language, as HTML whose links carry both clocks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import i18n, language, linked
from dashboard.session import t

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGES = (
    "overview", "commitments", "commitment", "next", "changes", "attention", "sources", "corrections",
    "approvals", "add", "import", "ask", "method", "coding",
)  # fmt: skip
"""Every page, in the order in which they are offered; the first stands at the root of the server."""


_UNDER = {"commitment": "commitments", "import": "add", "coding": "method"}
"""Pages that are not offered, under those that lead to them."""


def path(page: str) -> str:
    """Where a page stands on the server, without the slash before it."""
    return "" if page == PAGES[0] else page


def bar(shown: Sequence[str], current: str) -> None:
    """Links to these pages, and to this page in the other languages."""
    at = current if current in shown else _UNDER.get(current)
    pages = "".join(
        _link(page, ("page" if at == current else "true") if page == at else "") for page in shown
    )
    here = st.query_params.to_dict()
    languages = "".join(_language(code, current, here) for code in i18n.LANGUAGES)
    st.html(
        f'<nav class="site" aria-label="{escape(t("site.pages"))}">{pages}'
        f'<span class="languages">{languages}</span></nav>'
    )


def _link(page: str, current: str) -> str:
    mark = f' aria-current="{current}"' if current else ""
    href = linked.address(path(page) or "./")
    return f'<a href="{escape(href)}"{mark}>{escape(t(f"page.{page}"))}</a>'


def _language(code: str, page: str, here: dict[str, str]) -> str:
    """The same page in a language, loaded anew: the frame around a page has a language as well."""
    mark = ' aria-current="true"' if code == language.chosen() else ""
    href = linked.address(path(page) or "./", **here | {language.NAME: code})
    name = escape(i18n.words(code)("site.language"))
    return (
        f'<a href="{escape(href)}" lang="{code}" hreflang="{code}" title="{name}" data-reload{mark}>'
        f"{code.upper()}</a>"
    )
