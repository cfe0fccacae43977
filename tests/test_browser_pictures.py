"""Pictures that carry: a mark opens its commitment, files are saved, tables open, without a server's help."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from chromium import Served, needed, settled, visit, visit_in_peace

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

pytestmark = needed

CHART = "[data-testid=stVegaLiteChart]"


def saved(page: Page, tools: Locator, form: str) -> tuple[str, bytes]:
    """The name and the content of a file that is saved from under a picture."""
    with page.expect_download() as download:
        tools.get_by_role("button", name=re.compile(form.upper())).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_picture_opens_what_it_shows_and_goes_where_its_reader_goes(page: Page, served: Served) -> None:
    from playwright.sync_api import expect

    visit_in_peace(page, served, "?lang=ko")
    page.evaluate("window.before = true")
    # The course is the second picture: what is saved of it says what it is, and from whom.
    tools = page.locator(".picture").nth(1)
    expect(page.locator(CHART).nth(1).locator("svg .mark-area path").first).to_be_attached()
    name, drawn = saved(page, tools, "svg")
    assert re.fullmatch(r"지금까지의-경과-\d{4}-\d\d-\d\d\.svg", name)
    text = drawn.decode()
    assert text.startswith("<svg")
    assert all(word in text for word in ("지금까지의 경과", "약속됨", "base64,", "정해진 규칙"))
    name, drawn = saved(page, tools, "png")
    assert name.endswith(".png")
    assert drawn.startswith(b"\x89PNG")
    assert len(drawn) > 20_000
    name, told = saved(page, tools, "csv")
    rows = list(csv.reader(io.StringIO(told.decode("utf-8-sig"))))
    assert told.startswith(b"\xef\xbb\xbf")
    assert rows[0][0] == "날짜"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", rows[1][0])
    assert sum(map(int, rows[-1][1:])) == 55

    # The table is made when somebody opens it, and leads on.
    expect(tools.locator("table")).to_have_count(0)
    tools.locator("summary").click()
    expect(tools.locator("tbody tr")).to_have_count(len(rows) - 1)
    expect(tools.locator("tbody a").first).to_have_attribute("href", re.compile("as_of=.*lang=ko"))

    # A mark is a link within the page that is there, on the same clocks and in the same language.
    mark = page.locator(CHART).first.locator("svg .mark-symbol.role-mark path").first
    mark.scroll_into_view_if_needed()
    title = (mark.get_attribute("aria-label") or "").split(":")[0]
    mark.click()
    page.wait_for_url(re.compile(r"/commitment\?id=[\w-]+&lang=ko"))
    settled(page)
    assert title
    assert page.evaluate("window.before")
    page.go_back()
    expect(page.locator(CHART)).to_have_count(4)
    # With the key for it, it opens in another tab.
    with page.context.expect_page() as other:
        mark.click(modifiers=["ControlOrMeta"])
    other.value.wait_for_url(re.compile("/commitment"))
    other.value.close()
    assert "commitment" not in page.url

    # A day of the past, by its stretch of the picture.
    page.locator(CHART).nth(1).locator("svg .mark-rect.role-mark path").nth(20).click(force=True)
    page.wait_for_url(re.compile(r"as_of=20\d\d"))
    assert page.evaluate("window.before")


def test_what_stands_below_a_picture_stays_where_it_is(context: BrowserContext, served: Served) -> None:
    """A link that moves away under the pointer is not selected by a click."""
    from playwright.sync_api import expect

    page = context.new_page()
    page.add_init_script(
        """(() => {
          const places = window.places = [];
          const idle = "[data-testid=stApp][data-test-script-state=notRunning]";
          // Before that, the framework is still loading what draws texts.
          const texts = () => document.querySelectorAll(".picture").length === 2;
          (function look() {
            const headings = [...document.querySelectorAll("h2")];
            const named = (words) => headings.find((h) => h.textContent.startsWith(words));
            const place = (words) => named(words)?.getBoundingClientRect().y;
            const [above, below] = ["How far is it", "How do we know"].map(place);
            if (below && texts() && document.querySelector(idle)) places.push(below - above);
            requestAnimationFrame(look);
          })();
        })()"""
    )
    visit(page, served, "commitment?id=fadp-talks")
    expect(page.locator(CHART).locator("svg.marks")).to_have_count(2)
    places = page.evaluate("window.places")
    assert len(places) > 1
    # What axes and legends add to each of the two is not known before.
    assert max(places) - min(places) <= 32
