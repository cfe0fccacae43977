"""What shuts people out of a page, as axe-core finds it: WCAG 2.0 to 2.2, A and AA, and best practice."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules whose findings can differ between a light and a dark ground."""
TOLERATED = {
    ("presentation-role-conflict", "stFileUploaderDropzone"): (
        "Streamlit gives the area onto which files are dropped a name beside the role of no meaning; "
        "the button in it has a name of its own"
    ),
}
"""Findings in Streamlit's own parts, by rule and a word of the element, with why we live with each."""

# Half-way from one colour to another nothing can be told. What moves as one scrolls stands still.
_STILL = """() => document.getAnimations().every((one) => one.timeline !== document.timeline
  || one.playState !== "running" || one.effect.getComputedTiming().endTime > 5000)"""
_RUN = """(only) => axe.run(document, {resultTypes: ["violations"], runOnly: only}).then((found) =>
  found.violations.flatMap((rule) => rule.nodes.map((node) =>
    [rule.id, rule.impact, node.target.join(" "), node.html.slice(0, 300), node.failureSummary])))"""


@cache
def _script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def findings(page: Page, rules: list[str] | None = None) -> list[str]:
    """Whatever is found on a page, but for what is tolerated; `rules` alone, or all of them."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_script())
    page.wait_for_function(_STILL)
    only: dict[str, Any] = {"type": "tag", "values": [*WCAG, "best-practice"]}
    if rules is not None:
        only = {"type": "rule", "values": rules}
    return [
        f"{rule} ({impact}) at {target}: {' '.join(why.split())} {html}"
        for rule, impact, target, html, why in page.evaluate(_RUN, only)
        if not any(rule == known and word in html for known, word in TOLERATED)
    ]
