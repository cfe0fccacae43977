"""One journey through what is known and how: a search, a grade, a dispute, each as its user meets it."""

from __future__ import annotations

import re

import chromium
from chromium import Served, choose, settled, visit
from playwright.sync_api import Page, expect

pytestmark = chromium.needed

CYBER = "Cyber Policy Consultations"
STATEMENT = "gac-22-statement-2026-02-25"


def test_a_search_turns_what_is_not_known_into_late(page: Page, served: Served) -> None:
    visit(page, served, "attention")
    row = page.get_by_role("row", name=CYBER)
    expect(row).to_contain_text("Date passed, not known")
    row.get_by_role("link", name="Record").click()
    expect(page.get_by_role("textbox", name="Day of the search")).not_to_be_empty()
    settled(page)
    page.get_by_role("button", name="Save search").click()
    expect(page.get_by_text("Where you looked is missing").first).to_be_visible()
    expect(page.get_by_text("Commitments you looked for is missing")).to_have_count(0)
    settled(page)
    page.get_by_role("textbox", name="Your name").fill("Jo Kim")
    page.get_by_role("textbox", name="Where you looked").fill("Global Affairs Canada\n외교부")
    page.get_by_role("textbox", name="Languages").fill("en, ko")
    page.get_by_role("button", name="Save search").click()
    expect(page.get_by_text(f"{CYBER}: Date passed, not known → Late")).to_be_visible()
    settled(page)
    assert "id=" not in page.url
    expect(row).to_contain_text("Late")
    expect(row).to_contain_text("nothing new")
    row.get_by_role("link", name=CYBER).click()
    expect(page.locator("h1")).to_have_text(CYBER)
    expect(page.get_by_text("Late").first).to_be_visible()


def test_a_grade_is_rehearsed_before_it_counts(page: Page, served: Served) -> None:
    visit(page, served, f"sources?source={STATEMENT}")
    page.get_by_role("button", name="Change the grade or withdraw").click()
    choose(page, "New reliability", "unreliable")
    page.get_by_role("textbox", name="Why").fill("It was not the final text.")
    page.get_by_role("textbox", name="Your name").fill("Jo Kim")
    before = served.tracker.info()["head_hash"]
    page.get_by_role("button", name="What would move?").click()
    expect(page.get_by_text(re.compile(r"\d+\scommitments? would move:"))).to_be_visible()
    assert served.tracker.info()["head_hash"] == before
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved: the new grade counts.")).to_be_visible()
    page.get_by_role("link", name="Corrections").click()
    expect(page.get_by_text("It was not the final text.")).to_be_visible()
    expect(page.get_by_text("Jo Kim revised the source:")).to_be_visible()


def test_a_dispute_is_recorded_and_reads_as_a_story(page: Page, served: Served) -> None:
    visit(page, served, "sources")
    page.get_by_role("button", name="Record a dispute").click()
    page.get_by_role("textbox", name="What is disputed, as a question").fill("Who hosted the talks?")
    page.get_by_role("textbox", name="What side 1 says").fill("Canada did.")
    choose(page, "Sources of side 1", "True North")
    page.get_by_role("textbox", name="What side 2 says").fill("Korea did.")
    choose(page, "Sources of side 2", "SBS News: Korea")
    choose(page, "Commitments it touches", "Special operations")
    page.get_by_role("textbox", name="Your name").fill("Jo Kim")
    page.get_by_role("button", name="Save dispute").click()
    expect(page.get_by_text("1 commitment moved:")).to_be_visible()
    story = page.get_by_text("Who hosted the talks?")
    expect(story).to_be_visible()
    expect(page.get_by_text("Canada did.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Special operations MOU")).first.click()
    fold = page.locator(".fold", has_text="Who hosted the talks?")
    expect(fold.get_by_role("link", name="Settle or change this dispute")).to_be_visible()
