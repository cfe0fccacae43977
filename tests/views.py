"""Every view of the dashboard by its address: what is pictured, and what is looked at for everyone."""

from __future__ import annotations

from dashboard.markup.navigation import PAGES, path

LANGUAGES = ("en", "fr", "ko")
GROUNDS = ("light", "dark")

_SOURCE = "pm-leaders-statement-2025-10-30"
_PAGES = {page: path(page) for page in PAGES} | {"commitment": "commitment?id=gsomia"}
_STATES = {
    "unproven": "commitment?id=space-security-dialogue",
    "record": "commitment?id=gsomia&edit=1",
    "revise": "commitment?id=gsomia&edit=wording",
    "table": "commitments?view=table&status=ongoing",
    "nothing": "commitments?q=zzz&status=ongoing",
    "search": "attention?look=1",
    "grade": f"sources?source={_SOURCE}&regrade={_SOURCE}",
    "dispute": "sources?dispute=new",
    "source": "add?what=source",
    "pledge": "add?what=commitment",
    "answer": "ask?q=SELECT+status,+count(*)+AS+n+FROM+commitments+GROUP+BY+ALL",
    "fault": "ask?q=SELECT+stattus+FROM+commitments",
    "past": "?as_of=2026-01-31",
    "unknown": "commitment?id=gsomja",
    "kiosk": "?kiosk=600",
}
VIEWS = _PAGES | _STATES
"""Pages as one comes to them, then forms that stand open, answers, refusals, the past, the wall screen."""


def address(view: str, language: str) -> str:
    """The path and query of a view in a language."""
    told = VIEWS[view]
    return f"{told}{'&' if '?' in told else '?'}lang={language}"
