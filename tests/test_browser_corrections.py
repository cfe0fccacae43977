"""The two clocks, and corrections, as a reader and an editor meet them in a real Chromium."""

from __future__ import annotations

import datetime as dt
import re

import chromium
import make
from chromium import FORM, Served, settled, visit
from playwright.sync_api import Page, expect

pytestmark = chromium.needed

EVENT = "#event-{}"


def test_the_story_of_a_treaty_can_be_replayed_from_the_address(page: Page, served: Served) -> None:
    for day, stage in (("2025-11-01", "Concluded"), ("2026-02-01", "Approved"), ("2026-03-01", "Signed")):
        visit(page, served, f"commitment?id=gsomia&as_of={day}")
        expect(page.get_by_text("You see how things stood on")).to_be_visible()
        expect(page.get_by_role("cell", name=stage).first).to_be_visible()
        expect(page.locator(".lead").first).to_contain_text(f"{stage} since")
        expect(page.get_by_text("In progress").first).to_be_visible()
        expect(page.get_by_role("button", name="Record a status change")).to_have_count(0)
    claim = page.get_by_text("Was the Cabinet vote the last political hurdle?")
    claim.click()
    expect(page.get_by_text("Yes, final hurdle cleared")).to_be_visible()
    expect(page.locator("details[open]").get_by_text("Does not hold").first).to_be_visible()


def test_the_past_is_carried_from_page_to_page_and_copied_with_the_address(
    page: Page, another: Page, served: Served
) -> None:
    visit(page, served, "?as_of=2026-02-01")
    page.get_by_role("link", name="Commitments", exact=True).click()
    page.wait_for_url("**/commitments?as_of=2026-02-01&lang=en")
    # The page before stands until this one is drawn, with links of the same name.
    expect(page.get_by_role("heading", name="Commitments", level=1)).to_be_visible()
    settled(page)
    page.get_by_role("link", name=re.compile("GSOMIA-type treaty")).click()
    page.wait_for_url(re.compile("id=gsomia.*as_of=2026-02-01|as_of=2026-02-01.*id=gsomia"))
    expect(page.get_by_text("Approved").first).to_be_visible()
    another.goto(page.url)
    expect(another.get_by_text("You see how things stood on")).to_be_visible()
    expect(another.get_by_role("cell", name="Approved").first).to_be_visible()
    page.get_by_role("button", name="Back to today").click()
    expect(page.get_by_text("You see how things stood on")).to_have_count(0)
    expect(page.get_by_role("button", name="Record a status change")).to_be_visible()
    assert "as_of" not in page.url


def test_before_anything_was_known_nothing_is_shown(page: Page, served: Served) -> None:
    visit(page, served, "?known_on=2020-01-01")
    expect(page.get_by_text("Nothing was on record then.")).to_be_visible()


def test_an_event_is_withdrawn_with_a_reason_and_brought_back(page: Page, served: Served) -> None:
    visit(page, served, "commitment?id=fadp-talks")
    before = served.tracker.commitment("fadp-talks")["stage"]
    newest = max(
        e["version"] for e in served.tracker.history("fadp-talks") if e["stage"] == before and e["supported"]
    )
    page.locator(EVENT.format(newest)).get_by_role("link", name="Correct").click()
    # While a page is drawn anew, what stood elsewhere on it is still there as well.
    expect(page.get_by_role("button", name="Withdraw this event")).to_have_count(1)
    settled(page)
    page.get_by_role("button", name="Withdraw this event").click()
    expect(page.get_by_text("Why? is missing").first).to_be_visible()
    page.get_by_role("textbox", name="Why?").fill("The readout was of another meeting.")
    page.get_by_role("textbox", name="Your name").fill("Jo Kim")
    page.get_by_role("button", name="Withdraw this event").click()
    expect(page.get_by_text("Withdrawn. It stays on record and no longer counts.")).to_be_visible()
    assert served.tracker.commitment("fadp-talks")["stage"] == "pledged"
    page.get_by_text("1 event withdrawn or replaced").click()
    expect(page.get_by_text("The readout was of another meeting.")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Bring it back").click()
    settled(page)
    page.get_by_role("textbox", name="Why?").fill("It was the right one after all.")
    page.locator(FORM).get_by_role("button", name="Bring it back").click()
    expect(page.get_by_text("It counts again.")).to_be_visible()
    assert served.tracker.commitment("fadp-talks")["stage"] == before


def test_an_event_is_replaced_by_a_better_one(page: Page, served: Served) -> None:
    visit(page, served, "commitment?id=indo-pacific-dialogue")
    first = min(e["version"] for e in served.tracker.history("indo-pacific-dialogue"))
    page.locator(EVENT.format(first)).get_by_role("link", name="Correct").click()
    page.get_by_role("button", name="Replace it with a better one").click()
    expect(page.get_by_role("heading", name="Replace an event")).to_be_visible()
    # The form before this one goes with the end of the script.
    settled(page)
    note = page.get_by_role("textbox", name="What happened")
    expect(note).not_to_have_value("")
    note.fill("The ministers agreed to launch it.")
    page.get_by_role("textbox", name="Your name").fill("Jo Kim")
    page.get_by_role("button", name="Save status").click()
    expect(page.get_by_text("Why is it replaced? is missing").first).to_be_visible()
    settled(page)
    page.get_by_role("textbox", name="Why is it replaced?").fill("The note was vague.")
    page.get_by_role("button", name="Save status").click()
    expect(page.get_by_text("Saved: Pledged")).to_be_visible()
    told = {e["version"]: e for e in served.tracker.history("indo-pacific-dialogue")}
    newest = told[max(told)]
    assert newest["supersedes"] == first
    assert told[first]["withdrawn_because"] == "The note was vague."
    kept = [(e["source_id"], e["credibility"]) for e in told[first]["evidence"]]
    assert [(e["source_id"], e["credibility"]) for e in newest["evidence"]] == kept


def test_a_new_wording_is_shown_word_by_word(page: Page, served: Served) -> None:
    from tracker import holdings
    from tracker.models import Commitment

    with served.tracker.store.reading() as con:
        _, content = holdings.content(con, "commitment", "military-ai")
    content |= {"title": "Responsible military AI and weapons", "because": "As the text has it."}
    served.tracker.revise(Commitment.parse(content), by="ann")
    visit(page, served, "commitment?id=military-ai")
    expect(page.get_by_role("heading", name="How the wording changed")).to_be_visible()
    expect(page.locator("del")).to_have_text("autonomy")
    expect(page.locator("ins")).to_have_text("weapons")
    expect(page.get_by_text("As the text has it.")).to_be_visible()


def test_what_is_told_without_proof_is_shown_as_claimed(page: Page, served: Served) -> None:
    visit(page, served, "commitments?claimed=1")
    expect(page.get_by_role("link", name="Canadian Patrol Submarine Project (Korean bid)")).to_be_visible()
    visit(page, served, "commitment?id=cpsp")
    expect(page.get_by_text("Claimed: Redirected").first).to_be_visible()
    expect(page.get_by_text("Sources say that it has ended (Redirected)")).to_be_visible()


def test_a_search_and_a_dispute_are_withdrawn_and_brought_back(page: Page, served: Served) -> None:
    cyber = "cyber-policy-consultations"
    today = dt.datetime.now(dt.UTC).date()
    served.tracker.add(make.check("browser-look", today, cyber), by="ann")
    form = page.locator(FORM)
    visit(page, served, f"commitment?id={cyber}")
    page.get_by_role("button", name="Withdraw this search").click()
    settled(page)
    form.get_by_role("textbox", name="Why?").fill("It was another day.")
    form.get_by_role("textbox", name="Your name").fill("Jo Kim")
    form.get_by_role("button", name="Withdraw this search").click()
    expect(page.get_by_text("schedule: Late → Date passed, not known")).to_be_visible()
    page.get_by_role("button", name="Bring it back").click()
    settled(page)
    expect(form.get_by_role("textbox", name="Your name")).to_have_value("Jo Kim")
    form.get_by_role("textbox", name="Why?").fill("It was that day.")
    form.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_text("It counts again.")).to_be_visible()

    visit(page, served, "sources?source=tnsr-2025-10")
    page.locator("p.linked a[href*='story=']").first.click()
    page.wait_for_url(re.compile("story="))
    page.get_by_role("button", name="Withdraw this dispute").click()
    settled(page)
    form.get_by_role("textbox", name="Why?").fill("Nobody asks.")
    form.get_by_role("textbox", name="Your name").fill("Jo Kim")
    form.get_by_role("button", name="Withdraw this dispute").click()
    expect(page.get_by_text("It stays on record and no longer counts.")).to_be_visible()
    expect(page.get_by_text("Nobody asks.")).to_be_visible()
    page.get_by_role("button", name="All sources and disputes").click()
    page.get_by_text("1 dispute withdrawn").click()
    page.locator("p.linked:not(.note) a[href*='story=']").first.click()
    page.get_by_role("button", name="Bring it back").click()
    settled(page)
    form.get_by_role("textbox", name="Why?").fill("Somebody does.")
    form.get_by_role("textbox", name="Your name").fill("Jo Kim")
    form.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_text("It counts again.")).to_be_visible()


def test_a_day_that_nobody_can_choose_shows_the_present(page: Page, served: Served) -> None:
    for path in ("?as_of=9999-12-31", "commitment?id=gsomia&known_on=1800-01-01"):
        visit(page, served, path)
        expect(page.locator("h1")).to_be_visible()
        expect(page.get_by_text("You see how things stood on")).to_have_count(0)
        expect(page.get_by_test_id("stPopoverButton")).to_contain_text("Today")
