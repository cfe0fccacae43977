"""Two people in two browsers at one commitment: what is merged, what is asked, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import chromium
import pytest
from chromium import DESKTOP, FORM, Served, settled, visit, window_of
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tracker import holdings, locking
from tracker.models import Commitment

pytestmark = chromium.needed


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """The browser of somebody else."""
    context = window_of(browser, viewport=DESKTOP)
    yield context.new_page()
    context.close()


def field(page: Page, name: str) -> Locator:
    return page.locator(FORM).get_by_role("textbox", name=name, exact=True)


def reword(page: Page, by: str, **fields: str) -> None:
    """Type into the form that rewords a commitment; underscores stand for spaces."""
    for name, text in (fields | {"Why_is_it_changed?": f"{by} says so."} | {"Your_name": by}).items():
        field(page, name.replace("_", " ")).fill(text)
    page.keyboard.press("Tab")
    settled(page)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save wording").click()


def wording(served: Served, commitment_id: str) -> dict[str, object]:
    with served.tracker.store.reading() as con:
        version, content = holdings.content(con, "commitment", commitment_id)
    return content | {"version": version}


def test_different_fields_are_merged_and_both_are_told(page: Page, other: Page, served: Served) -> None:
    before = wording(served, "military-ai")
    third = page.context.new_page()
    visit(third, served)
    for editor in (page, other):
        visit(editor, served, "commitment?id=military-ai")
        editor.get_by_role("button", name="Edit the wording").click()
        expect(field(editor, "Date")).to_be_visible()
    reword(page, "김조", Date="2027-03")
    reword(other, "Bo", What_was_promised="군사 분야의 책임 있는 인공지능을 위해 협력한다.")
    save(other)
    expect(other.get_by_text("Saved: What was promised.")).to_be_visible()
    save(page)
    expect(page.get_by_text("Saved: Date.")).to_be_visible()
    expect(page.get_by_text("what others recorded meanwhile")).to_be_visible()
    expect(page.get_by_text("revised – What was promised. Bo says so.")).to_be_visible()
    now = wording(served, "military-ai")
    assert now == before | {
        "due": "2027-03",
        "pledge": "군사 분야의 책임 있는 인공지능을 위해 협력한다.",
        "version": before["version"] + 2,
        "because": "김조 says so.",
    }
    # Whoever only looks is told, and shown the newest by a click.
    newer = third.get_by_role("button", name="2 newer entries: show them")
    newer.click(timeout=30_000)
    expect(newer).to_have_count(0)
    head = served.tracker.info()["counts"]["ledger"]
    expect(third.get_by_text(f"entry {head} of the ledger")).to_be_visible()


def test_the_same_field_is_asked_and_nothing_is_lost(page: Page, other: Page, served: Served) -> None:
    for editor in (page, other):
        visit(editor, served, "commitment?id=gsomia&edit=wording")
    reword(
        page, "김조", Date="2026-12", What_was_promised="조약을 발효시킨다.", Fulfilment_test="관보에 실린다."
    )
    reword(other, "Bo", Date="2027", What_was_promised="Bring it into force.")
    save(other)
    expect(other.get_by_text("Saved: What was promised, Date.")).to_be_visible()
    save(page)
    expect(page.get_by_text("You and somebody else changed the same")).to_be_visible()
    cards = page.locator("[class*='st-key-contested-']")
    expect(cards).to_have_count(2)
    expect(cards.nth(0)).to_contain_text("protecting military and defence secrets")
    expect(cards.nth(0)).to_contain_text("Bring it into force.")
    expect(cards.nth(0)).to_contain_text("조약을 발효시킨다.")
    expect(cards.nth(1)).to_contain_text("Theirs: Bo")
    save(page)
    expect(page.get_by_text("Date: what is to hold? is not answered yet").first).to_be_visible()
    settled(page)
    cards.nth(0).get_by_text("Mine, as it stands above").click()
    cards.nth(1).get_by_text("Theirs", exact=True).last.click()
    settled(page)
    # What is answered may still be edited, and what is typed survives that the page is loaded again.
    field(page, "What was promised").fill("조약을 맺고 발효시킨다.")
    page.keyboard.press("Tab")
    settled(page)
    save(page)
    expect(page.get_by_text("Saved: What was promised, Date, Fulfilment test.")).to_be_visible()
    now = wording(served, "gsomia")
    assert (now["pledge"], now["due"]) == ("조약을 맺고 발효시킨다.", "2027")
    assert now["fulfilment_test"] == "관보에 실린다."


def test_what_was_typed_survives_another_page_a_refusal_and_that_the_page_is_loaded_again(
    page: Page, served: Served
) -> None:
    before = wording(served, "sof-mou")["version"]
    visit(page, served, "commitment?id=sof-mou")
    page.get_by_role("button", name="Edit the wording").click()
    expect(field(page, "Date")).to_be_visible()
    reword(page, "김조", Date="soon", Title="특수전 양해각서")
    page.get_by_role("link", name="Sources", exact=True).click()
    expect(page.locator("h1")).to_have_text("Sources")
    settled(page)
    page.go_back()
    expect(field(page, "Title")).to_have_value("특수전 양해각서")
    expect(field(page, "Date")).to_have_value("soon")
    settled(page)
    page.reload()
    expect(field(page, "Title")).to_have_value("특수전 양해각서")
    settled(page)
    save(page)
    expect(page.get_by_text("Date is not a date").first).to_be_visible()
    settled(page)
    page.reload()
    expect(field(page, "Date")).to_have_value("soon")
    expect(field(page, "Your name")).to_have_value("김조")
    reword(page, "김조", Date="2027")
    save(page)
    expect(page.get_by_text("Saved: Title, Date.")).to_be_visible()
    assert "draft" not in page.url
    page.reload()
    expect(page.locator("h1")).to_have_text("특수전 양해각서")
    page.go_back()
    expect(page.get_by_text("What was entered in this form before is on record.")).to_be_visible()
    expect(field(page, "Why is it changed?")).to_have_value("")
    assert wording(served, "sof-mou")["version"] == before + 1


def test_what_was_typed_while_the_connection_was_cut_is_kept(context: BrowserContext, served: Served) -> None:
    page = context.new_page()
    page.add_init_script(
        """{
          const Plain = WebSocket;
          window.lines = [];
          window.WebSocket = class extends Plain {
            constructor(...told) { super(...told); window.lines.push(this); }
          };
        }"""
    )
    visit(page, served, "commitment?id=indo-pacific-dialogue")
    page.get_by_role("button", name="Edit the wording").click()
    expect(field(page, "Date")).to_be_visible()
    reword(page, "Jo Kim", Title="Dialogue on the Indo-Pacific")
    page.evaluate("window.lines.at(-1).close()")
    field(page, "Date").fill("2027")
    field(page, "Date").press("Tab")
    page.wait_for_function("() => window.lines.length > 1")
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-connection-state", "CONNECTED")
    save(page)
    expect(page.get_by_text("Saved: Title, Date.")).to_be_visible()


def test_while_somebody_else_writes_one_sees_the_wait_and_two_clicks_land_once(
    page: Page, served: Served
) -> None:
    visit(page, served, "commitment?id=fadp-talks&edit=wording")
    before = wording(served, "fadp-talks")["version"]
    reword(page, "Jo", Date="2028")
    with locking.held(served.tracker.store.folder / "store.lock", 5, name="Bo Tremblay"):
        page.get_by_role("button", name="Save wording").dblclick()
        expect(page.get_by_text("Bo Tremblay is writing. Yours waits its turn")).to_be_visible()
        expect(field(page, "Date")).to_have_value("2028")
    expect(page.get_by_text("Saved: Date.")).to_be_visible()
    settled(page)
    assert wording(served, "fadp-talks")["version"] == before + 1


def test_another_status_meanwhile_is_shown_beside_ones_own(page: Page, other: Page, served: Served) -> None:
    from test_browser import type_update

    visit(page, served, "commitment?id=shipbuilding-mou&edit=1")
    type_update(page, "Signed after all.")
    visit(other, served, "commitment?id=shipbuilding-mou&edit=1")
    type_update(other, "Taken back.", "Withdrawn → Not delivered")
    other.get_by_role("button", name="Save status").click()
    expect(other.get_by_text("Saved: Withdrawn")).to_be_visible()
    page.get_by_role("button", name="Save status").click()
    expect(page.get_by_text("Someone else changed this while you were editing")).to_be_visible()
    expect(page.get_by_text("Theirs: Withdrawn")).to_be_visible()
    expect(page.get_by_text("Yours: Signed")).to_be_visible()
    expect(field(page, "What happened")).to_have_value("Signed after all.")
    with served.tracker.store.reading() as con:
        _, content = holdings.content(con, "commitment", "shipbuilding-mou")
    served.tracker.revise(Commitment.parse(content | {"due": "2027", "because": "So."}), by="ann")
    page.get_by_role("button", name="Record mine too").click()
    expect(page.get_by_text("Saved: Signed")).to_be_visible()
    expect(page.get_by_text("revised – Date. So.")).to_be_visible()
    notes = [e["note"] for e in served.tracker.history("shipbuilding-mou")]
    assert {"Taken back.", "Signed after all."} <= set(notes)
    assert served.tracker.verify()["ledger"] >= 345
