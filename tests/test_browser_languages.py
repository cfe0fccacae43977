"""Three languages in a real browser: that of the reader, that of the address, and from one to another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from chromium import Served, needed, settled, visit, window_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needed


def test_who_names_no_language_gets_their_own_and_the_address_says_so(
    browser: Browser, served: Served
) -> None:
    from playwright.sync_api import expect

    for wanted, code, title in (
        ("ko-KR", "ko", "약속 목록"),
        ("fr-CA", "fr", "Engagements"),
        ("de-DE", "en", "Commitments"),
    ):
        context = window_of(browser, locale=wanted)
        page = context.new_page()
        page.goto(f"{served.address}/commitments?status=ongoing")
        expect(page.locator("h1")).to_have_text(title)
        assert page.url == f"{served.address}/commitments?status=ongoing&lang={code}"
        assert page.evaluate("document.documentElement.lang") == code
        context.close()


def test_a_copied_address_opens_in_its_language_whatever_the_browser_speaks(
    page: Page, served: Served
) -> None:
    from playwright.sync_api import expect

    page.goto(f"{served.address}/commitments?status=ongoing&as_of=2026-01-31&lang=ko")
    expect(page.locator("h1")).to_have_text("약속 목록")
    expect(page.get_by_text("2026년 1월 31일").first).to_be_visible()
    expect(page.locator(".choices a[aria-current]", has_text="지속 이행 중")).to_be_visible()
    # Hangul is not left to whatever fonts the machine has.
    loaded = "(all) => [...all].some((font) => /KR/.test(font.family) && font.status === 'loaded')"
    assert page.evaluate(f"document.fonts.ready.then({loaded})")


def test_what_somebody_chose_opens_the_same_for_somebody_else(
    page: Page, another: Page, served: Served
) -> None:
    from playwright.sync_api import expect

    visit(page, served, "commitments?as_of=2026-01-31&lang=ko")
    choices = page.locator(".choices")
    for chosen in ("지속 이행 중", "최근 변동순", "표"):
        choices.get_by_role("link", name=chosen, exact=True).click()
        expect(choices.get_by_role("link", name=chosen, exact=True)).to_have_attribute("aria-current", "true")
    first = "td a, th[scope=row] a"
    expect(page.locator(first).first).to_be_visible()
    settled(page)
    told = dict(parse_qsl(urlsplit(page.url).query))
    assert told == {
        "as_of": "2026-01-31", "lang": "ko", "status": "ongoing", "sort": "stage_since", "view": "table",
    }  # fmt: skip
    another.goto(page.url)
    expect(another.locator(first)).to_have_count(page.locator(first).count())
    settled(another)
    for part in (".lead", "table.linked"):
        assert another.locator(part).inner_text() == page.locator(part).inner_text()

    visit(page, served, "?as_of=2026-01-31&lang=ko")
    page.get_by_role("radio", name="당사자", exact=True).click()
    page.wait_for_url("**/?*by=party*")
    another.goto(page.url)
    expect(another.get_by_role("radio", name="당사자", exact=True)).to_be_checked()
    page.go_back()
    expect(page.get_by_role("radio", name="당사자", exact=True)).not_to_be_checked()


def test_links_keep_language_and_day_load_nothing_anew_and_back_leads_back(
    page: Page, served: Served
) -> None:
    from playwright.sync_api import expect

    loaded: list[str] = []
    page.on("request", lambda r: loaded.append(r.url) if r.resource_type == "document" else None)
    start = f"{served.address}/commitments?status=ongoing&as_of=2026-01-31&lang=fr"
    page.goto(start)
    expect(page.locator("h1")).to_have_text("Engagements")
    page.get_by_role("link", name="Sources", exact=True).click()
    expect(page.locator("h1")).to_have_text("Sources")
    assert page.url == f"{served.address}/sources?as_of=2026-01-31&lang=fr"
    page.go_back()
    expect(page.locator("h1")).to_have_text("Engagements")
    assert page.url == start
    settled(page)
    # The page on which one is, without what it was narrowed to.
    page.get_by_role("link", name="Engagements", exact=True).click()
    expect(page.get_by_text(re.compile(r"^(\d+)\sengagements\ssur\s\1\."))).to_be_visible()
    assert page.url == f"{served.address}/commitments?as_of=2026-01-31&lang=fr"
    assert len(loaded) == 1
    page.get_by_role("link", name="KO", exact=True).click()
    expect(page.locator("h1")).to_have_text("약속 목록")
    assert page.url == f"{served.address}/commitments?as_of=2026-01-31&lang=ko"
    assert page.evaluate("document.documentElement.lang") == "ko"


@pytest.mark.parametrize("held", [False, True])
def test_a_day_just_typed_goes_along_with_the_link_that_is_selected_next(
    page: Page, served: Served, held: bool
) -> None:
    from playwright.sync_api import expect

    visit(page, served, "commitments?lang=en&status=pledged")
    page.get_by_role("button", name="Today").click()
    day = page.get_by_role("spinbutton").first
    day.click()
    page.keyboard.type("20260301")
    expect(page.get_by_role("group", name="As it stood on")).to_contain_text("2026")
    link = page.locator(".rows li a").first.bounding_box()
    assert link
    page.mouse.move(link["x"] + link["width"] / 2, link["y"] + link["height"] / 2)
    page.mouse.down()
    if held:
        # The list changes while the link is still held.
        expect(page.get_by_text("You see how things stood on")).to_be_visible()
    page.mouse.up()
    expect(page.locator("h1")).not_to_have_text("Commitments")
    expect(page.get_by_text("You see how things stood on")).to_be_visible()
    told = dict(parse_qsl(urlsplit(page.url).query))
    assert (told.get("as_of"), told.get("lang"), "id" in told) == ("2026-03-01", "en", True)
    if held:
        return
    # Or it is taken in where one is, without a step out of the field.
    settled(page)
    page.get_by_role("button", name="1 Mar 2026").click()
    page.get_by_role("spinbutton").first.click()
    page.keyboard.type("20250601")
    page.keyboard.press("Enter")
    page.wait_for_url("**as_of=2025-06-01**")
    expect(page.get_by_text("You see how things stood on 1 Jun 2025")).to_be_visible()
    expect(page.get_by_test_id("stDateInputCalendar")).to_have_count(0)
