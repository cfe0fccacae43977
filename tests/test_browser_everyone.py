"""The dashboard for everyone: on a phone, by screen reader as far as axe-core can tell, on a wall, on paper.

Here every page is opened in every language on a phone, and looked at by axe in one of them, rotated, on
light ground by all rules and on dark ground by those about colours; forms, refusals and other views
likewise, at a desk. `make pictures` does the same for all views, languages, grounds and widths.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import axe
import pytest
from chromium import DESKTOP, PATIENCE, PHONE, Served, in_peace, needed, overflow, settled, visit
from views import LANGUAGES, PAGES, VIEWS, address

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = needed

_FOLLOW = """(to) => {
  history.pushState(null, "", to);
  dispatchEvent(new PopStateEvent("popstate", {state: null}));
}"""
STATES = [view for view in VIEWS if view not in PAGES]


def go(page: Page, where: str) -> None:
    """Open a page from a page, as a link does; both have titles of their own."""
    before = page.locator("h1").first.inner_text()
    page.evaluate(_FOLLOW, f"/{where}")
    page.wait_for_function(
        "(before) => ![before, undefined].includes(document.querySelector('h1')?.innerText)", arg=before
    )
    settled(page)


def shut_out(page: Page) -> list[str]:
    """What axe finds at a desk: on light ground, and of colours on dark ground."""
    # Of what one has to scroll to, axe tells no colours.
    page.set_viewport_size({"width": DESKTOP["width"], "height": 6000})
    found = axe.findings(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => getComputedStyle(document.querySelector('.stApp')).colorScheme === 'dark'")
    settled(page)
    found += [f"dark: {told}" for told in axe.findings(page, axe.COLOURS)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_a_phone_asks_nobody_else_and_shuts_nobody_out(
    phone: Page, served: Served, language: str
) -> None:
    from playwright.sync_api import expect

    wide: dict[str, int] = {}
    found: dict[str, list[str]] = {}
    with in_peace(phone, served):
        for place, name in enumerate(PAGES):
            if place:
                go(phone, address(name, language))
            else:
                visit(phone, served, address(name, language))
            wide[name] = overflow(phone)
            if place % len(LANGUAGES) == LANGUAGES.index(language):
                found[name] = shut_out(phone)
    # The way to where one is is in sight in a strip that is wider than the phone.
    expect(phone.locator(".site > [aria-current]")).to_be_in_viewport(ratio=0.9)
    edges = phone.evaluate("""async () => {
      const way = document.querySelector(".site"), look = getComputedStyle(way);
      const seen = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
        done(["--before", "--after"].map((name) => look.getPropertyValue(name))))));
      way.scrollLeft = 0;
      const first = await seen();
      way.scrollLeft = way.scrollWidth;
      return [first, await seen()];
    }""")
    assert edges == [["0px", "48px"], ["48px", "0px"]]
    assert {name: by for name, by in wide.items() if by > 0} == {}
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_refusals_and_other_views_do_so_too(phone: Page, served: Served, language: str) -> None:
    with in_peace(phone, served):
        for name in STATES[LANGUAGES.index(language) :: len(LANGUAGES)]:
            visit(phone, served, address(name, language))
            assert overflow(phone) <= 0, name
            assert shut_out(phone) == [], name


def test_a_keyboard_gets_past_the_links_at_the_top(page: Page, served: Served) -> None:
    from playwright.sync_api import expect

    visit(page, served, "commitment?id=gsomia&lang=fr")
    expect(page.get_by_role("button", name="Consigner un changement de statut")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Consigner un changement de statut")).to_be_focused()


def test_titles_in_another_language_say_so(page: Page, served: Served) -> None:
    from playwright.sync_api import expect

    visit(page, served, "commitment?id=gsomia&lang=fr")
    hangul = page.locator(".evidence a").filter(has_text=re.compile("[가-힣]"))
    expect(hangul.nth(1)).to_be_visible()
    assert {link.get_attribute("lang") for link in hangul.all()} == {"ko"}


def turned(page: Page, station: str) -> None:
    """Let the time of one picture pass, until the next one is there."""
    from playwright.sync_api import TimeoutError as Late

    for patience in (PATIENCE / 4, PATIENCE / 4, PATIENCE):
        page.clock.fast_forward(61_000)
        with suppress(Late):
            page.wait_for_url(f"**/?kiosk=60&station={station}&lang=ko", timeout=patience)
            return
    pytest.fail(f"the wall screen stands still at {page.url}")


def test_the_wall_screen_goes_on_stops_and_ends(context: BrowserContext, served: Served) -> None:
    from playwright.sync_api import expect

    page = context.new_page()
    page.clock.install()
    visit(page, served, "?kiosk=60&lang=ko")
    expect(page.locator(".site")).to_have_count(0)
    turned(page, "2")
    expect(page.locator(".kiosk a[aria-current]")).to_have_text("2")
    page.get_by_role("button", name="일시 정지").click()
    expect(page.get_by_role("button", name="계속")).to_be_visible()
    page.clock.fast_forward(61_000)
    assert page.url.endswith("/?kiosk=60&station=2&lang=ko")
    page.get_by_role("button", name="계속").click()
    turned(page, "3")
    page.get_by_role("link", name="나가기").click()
    expect(page.locator(".site")).to_be_visible()
    assert page.url == f"{served.address}/?lang=ko"


def test_a_picture_on_the_wall_is_large_and_has_room(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    visit(page, served, "next?kiosk=600&station=6&lang=en")
    page.wait_for_function("""() => {
      const chart = document.querySelector("svg.marks");
      const seen = chart?.getBoundingClientRect();
      // Type of 13 pixels, and what says that there is more than the wall has room for, stand on the screen.
      const more = document.querySelector("[data-testid=stMain] p.note:not(.how, .ways)");
      return more?.textContent.endsWith("more have no room here.")
        && more.getBoundingClientRect().bottom < 1080 && seen?.width / chart?.getAttribute("width") > 1.5;
    }""")


def test_paper_has_what_is_told_without_what_one_does_with_it(page: Page, served: Served) -> None:
    from playwright.sync_api import expect

    visit(page, served, "commitment?id=gsomia&edit=1&lang=en")
    told = page.locator("details.fold p:not(.ways)").first
    expect(told).to_be_hidden()
    page.emulate_media(media="print")
    expect(told).to_be_visible()
    for unneeded in (".site", "[class*='st-key-form-']", ".st-key-clocks", ".picture", ".fold .ways"):
        expect(page.locator(unneeded).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.emulate_media(media="null")
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) > 1


def test_pictures_on_paper_are_drawn_for_it_or_told_as_tables(page: Page, served: Served) -> None:
    from playwright.sync_api import expect

    visit(page, served, "?lang=en")
    chart = page.locator("svg.marks").first
    expect(chart).to_be_visible()
    before = chart.get_attribute("width")
    told = page.evaluate("""() => {
      const rooms = [...document.querySelectorAll("[class*=st-key-picture-]")];
      // The last one is out of sight; it is as if it had not been drawn yet.
      rooms.at(-1).querySelector("svg.marks")?.remove();
      dispatchEvent(new Event("beforeprint"));
      const tables = [...document.querySelectorAll(".picture.instead caption")].map((c) => c.textContent);
      return [rooms.length, tables.at(-1)];
    }""")
    assert told == [4, "Dates passed, and dates to come"]
    expect(chart).to_have_attribute("width", "680")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(chart).to_have_attribute("width", str(before))

    # With the keyboard the paper waits for them all.
    visit(page, served, "?lang=en")
    page.evaluate("window.print = () => { window.printed = document.querySelectorAll('svg.marks').length }")
    page.keyboard.press("Control+P")
    page.wait_for_function("() => window.printed === 4")
