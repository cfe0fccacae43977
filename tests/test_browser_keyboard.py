"""A status update from beginning to end without a mouse."""

from __future__ import annotations

import re

import chromium
from chromium import FORM, Served, settled, visit
from playwright.sync_api import Page, expect

pytestmark = chromium.needed

STOPS = 40
"""Steps with Tab from one place to the next that somebody may have to make at most."""
FOCUSED = """() => {
    const at = document.activeElement;
    return (at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.innerText ?? "").trim();
}"""


def reach(page: Page, name: str, key: str = "Tab") -> None:
    """Go from stop to stop until the keyboard is at what has this name."""
    for _ in range(STOPS):
        page.keyboard.press(key)
        if str(page.evaluate(FOCUSED)).splitlines()[-1:] == [name]:
            return
    raise AssertionError(f"{name} is not among the next {STOPS} stops")


def pick(page: Page, field: str, option: str) -> None:
    """Choose from a list by typing a part."""
    reach(page, field)
    page.keyboard.type(option)
    expect(page.get_by_role("option").first).to_contain_text(option)
    page.keyboard.press("Enter")
    settled(page)


def test_a_status_update_by_keyboard_alone(page: Page, served: Served) -> None:
    visit(page, served, "commitment?id=sof-mou")
    reach(page, "Record a status change")
    page.keyboard.press("Enter")
    # The keyboard goes on in the form that was asked for.
    expect(page.locator(FORM)).to_be_focused()
    # Fields come one by one; nobody types ahead of them.
    expect(page.get_by_role("radio")).not_to_have_count(0)
    expect(page.get_by_role("combobox")).to_have_count(5)
    expect(page.get_by_role("textbox", name="What happened")).to_be_visible()
    settled(page)
    page.keyboard.press("Tab")
    for _ in range(STOPS):
        page.keyboard.press("ArrowDown")
        if str(page.evaluate(FOCUSED)) == "Signed → Delivered":
            break
    expect(page.get_by_role("radio", name="Signed → Delivered")).to_be_checked()
    reach(page, "When it happened")
    page.keyboard.type("2026-11-20")
    reach(page, "Your name")
    page.keyboard.type("Jo Kim")
    pick(page, "Sources on file that say so", "Herald Business")
    page.keyboard.press("Escape")
    pick(page, "How believable is what they say?", "confirmed")
    reach(page, "Save status")
    page.keyboard.press("Enter")
    # What is wrong is told above the button; the keyboard is taken there.
    refused = page.locator("[class*='st-key-refused-']")
    expect(refused).to_be_focused()
    expect(refused).to_contain_text("What happened is missing")
    reach(page, "What happened", "Shift+Tab")
    page.keyboard.type("Both commands signed it in Seoul.")
    reach(page, "Save status")
    page.keyboard.press("Enter")
    told = page.locator(".st-key-recorded")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Saved: Signed, 20 Nov 2026.")
    expect(page.get_by_text("Delivered", exact=False).first).to_be_visible()
    assert served.tracker.commitment("sof-mou")["status"] == "delivered"
    # A slip is mended from here.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"replaces=\d+"))
    expect(page.get_by_role("heading", name="Replace an event")).to_be_visible()
    expect(page.locator(FORM)).to_be_focused()
    expect(page.get_by_role("textbox", name="What happened")).to_have_value(
        "Both commands signed it in Seoul."
    )
