"""The dashboard as its user meets it: a real server, a real Chromium, real clicks."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import chromium
import make
from chromium import MAIN, Served, choose, visit
from playwright.sync_api import Page, expect

pytestmark = chromium.needed


def tile(page: Page, status: str) -> int:
    """The number on the overview's tile of a status."""
    link = page.locator(f".tiles a[href*='status={status}'] .n")
    expect(link).to_have_text(re.compile(r"\d+"))
    return int(link.inner_text())


def type_update(page: Page, note: str, stage: str = "Signed → Delivered") -> None:
    page.get_by_test_id("stRadio").get_by_text(stage, exact=True).click()
    page.get_by_role("textbox", name="When it happened").fill("2026-11-20")
    page.get_by_role("textbox", name="Your name").fill("Jo Kim")
    page.get_by_role("textbox", name="What happened").fill(note)
    choose(page, "Sources on file that say so", "Herald Business")
    choose(page, "How believable is what they say?", "confirmed")


def test_an_update_through_the_form_moves_the_count_and_is_kept(page: Page, served: Served) -> None:
    visit(page, served)
    delivered, pledged = tile(page, "delivered"), tile(page, "pledged")
    visit(page, served, "commitment?id=sof-mou")
    page.get_by_role("button", name="Record a status change").click()
    type_update(page, "Both commands signed it in Seoul.")
    page.get_by_role("button", name="Save status").click()
    expect(page.get_by_text("Saved: Signed, 20 Nov 2026.")).to_be_visible()
    page.get_by_role("link", name="Overview").click()
    expect(page.locator(".tiles a[href*='status=delivered'] .n")).to_have_text(str(delivered + 1))
    expect(page.locator(".tiles a[href*='status=pledged'] .n")).to_have_text(str(pledged - 1))
    page.reload()
    expect(page.locator(".tiles a[href*='status=delivered'] .n")).to_have_text(str(delivered + 1))
    assert served.tracker.commitment("sof-mou")["status"] == "delivered"


def test_a_refused_form_says_why_beside_the_field_and_keeps_what_was_typed(
    page: Page, served: Served
) -> None:
    visit(page, served, "commitments")
    page.get_by_role("link", name="Space Security Dialogue").click()
    page.get_by_role("button", name="Record a status change").click()
    page.get_by_role("textbox", name="What happened").fill("일차 회의가 열렸다.")
    page.get_by_role("button", name="Save status").click()
    expect(page.get_by_text("There is a problem.")).to_be_visible()
    expect(page.get_by_text("New stage is missing").first).to_be_visible()
    expect(page.get_by_role("textbox", name="What happened")).to_have_value("일차 회의가 열렸다.")
    page.get_by_role("textbox", name="Your name").fill("Jo Kim")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your name is missing")).to_have_count(0)
    expect(page.get_by_role("textbox", name="What happened")).to_have_value("일차 회의가 열렸다.")
    assert served.tracker.commitment("space-security-dialogue")["version"] == 5


def test_an_update_from_another_process_shows_at_the_next_interaction(page: Page, served: Served) -> None:
    visit(page, served)
    before = tile(page, "ongoing")
    command = [
        "update",
        "indo-pacific-dialogue",
        "--stage",
        "ongoing",
        "--on",
        "2026-11",
        "--note",
        "It meets.",
    ]
    cited = ["--by", "ann", "--source", "heraldcorp-22-2026-02-26:2"]
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "--store", str(served.tracker.store.folder), *command, *cited],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page.get_by_role("link", name="Commitments", exact=True).click()
    page.get_by_role("link", name="Overview").click()
    expect(page.locator(".tiles a[href*='status=ongoing'] .n")).to_have_text(str(before + 1))


def test_a_click_on_a_mark_opens_the_commitment_and_back_returns(page: Page, served: Served) -> None:
    visit(page, served)
    page.locator('svg.marks [aria-label^="Cyber Policy Consultations"]').first.click()
    page.wait_for_url("**/commitment?id=cyber-policy-consultations&lang=en")
    expect(page.locator("h1")).to_have_text("Cyber Policy Consultations")
    page.go_back()
    expect(page.get_by_text("Where every commitment stands")).to_be_visible()


def test_a_filtered_view_is_a_link(page: Page, another: Page, served: Served) -> None:
    visit(page, served, "commitments")
    choose(page, "Kind", "Procurement")
    expect(page.get_by_text("1 of 55 commitments.")).to_be_visible()
    assert page.url.endswith("commitments?lang=en&kind=procurement")
    another.goto(page.url)
    expect(another.get_by_text("1 of 55 commitments.")).to_be_visible()


def test_a_number_of_the_overview_leads_to_its_commitments_and_can_be_narrowed(
    page: Page, served: Served
) -> None:
    visit(page, served)
    page.locator(".tiles a[href*='status=ongoing'] .n").click()
    expect(page.get_by_text(re.compile(r"\d+\sof\s55\scommitments\."))).to_be_visible()
    assert page.url.endswith("commitments?status=ongoing&lang=en")
    page.get_by_role("searchbox", name="Search").fill("united nations command")
    expect(page.get_by_text("1 of 55 commitments.")).to_be_visible()


def test_a_query_is_answered_and_downloaded(page: Page, served: Served, tmp_path: Path) -> None:
    visit(page, served, "ask")
    page.get_by_role("textbox", name="SQL").fill(
        "SELECT id, title FROM sources WHERE language = 'ko' ORDER BY id"
    )
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text(re.compile(r"\d+\srows ·"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    target = tmp_path / "answer.csv"
    download.value.save_as(target)
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    korean = [
        s for s in served.tracker.sql("SELECT id, title FROM sources WHERE language = 'ko'").to_pylist()
    ]
    assert sorted(r["title"] for r in rows) == sorted(s["title"] for s in korean)


def test_what_a_reader_does_leaves_a_store_that_verifies(served: Served) -> None:
    event = make.event("ongoing", "2026-11-01", "heraldcorp-22-2026-02-26", commitment_id="maritime-security")
    served.tracker.record(event, by="ann")
    assert served.tracker.verify()["ledger"] >= 345
