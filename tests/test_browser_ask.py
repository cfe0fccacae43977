"""The page that asks the data, in a real browser: keyboard, address, waiting, leaving, files."""

from __future__ import annotations

import os
import re
from pathlib import Path

import processes
import pyarrow.parquet as pq
import pytest
from chromium import Served, needed, overflow, settled, visit
from playwright.sync_api import Page, expect

pytestmark = needed

LONG = "SELECT sleep_ms(600000)"


def ask(page: Page, query: str) -> None:
    """Type a query and run it, as one does who has both hands on the keyboard."""
    editor = page.get_by_role("textbox", name="SQL")
    editor.fill(query)
    editor.press("Control+Enter")


def ask_long(page: Page) -> set[int]:
    """Ask what takes longer than anybody waits; the process in which it runs."""
    ask(page, LONG)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    found = {s for server in processes.descendants(os.getpid()) for s in processes.statements(server)}
    assert len(found) == 1
    return found


def test_a_query_is_shared_by_its_address(page: Page, another: Page, served: Served) -> None:
    visit(page, served, "ask")
    query = "SELECT id FROM commitments WHERE headline"
    ask(page, query)
    expect(page.get_by_text(re.compile(r"^5\srows ·"))).to_be_visible()
    another.goto(page.url)
    expect(another.get_by_text(re.compile(r"^5\srows ·"))).to_be_visible()
    expect(another.get_by_role("textbox", name="SQL")).to_have_value(
        "SELECT id FROM commitments WHERE headline"
    )
    expect(another.get_by_text("This query came with the address.")).to_be_visible()


def test_one_goes_back_and_forth_between_queries(page: Page, served: Served) -> None:
    visit(page, served, "ask")
    editor = page.get_by_role("textbox", name="SQL")
    ask(page, "SELECT 1 AS a")
    expect(page.get_by_text(re.compile(r"^1\srow ·"))).to_be_visible()
    ask(page, "FROM range(2)")
    expect(page.get_by_text(re.compile(r"^2\srows ·"))).to_be_visible()
    page.go_back()
    expect(page.get_by_text(re.compile(r"^1\srow ·"))).to_be_visible()
    expect(editor).to_have_value("SELECT 1 AS a")
    page.go_forward()
    expect(page.get_by_text(re.compile(r"^2\srows ·"))).to_be_visible()
    expect(editor).to_have_value("FROM range(2)")


def test_who_closes_the_page_frees_the_worker(page: Page, served: Served) -> None:
    visit(page, served, "ask")
    (statement,) = ask_long(page)
    page.close()
    processes.await_end(statement)


def test_a_query_can_be_stopped(page: Page, served: Served) -> None:
    visit(page, served, "ask")
    (statement,) = ask_long(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("You stopped the query.")).to_be_visible()
    processes.await_end(statement)
    expect(page.get_by_role("textbox", name="SQL")).to_have_value(LONG)


def test_who_looks_around_while_a_query_runs_gets_the_answer_nevertheless(page: Page, served: Served) -> None:
    visit(page, served, "ask")
    ask(page, "SELECT sleep_ms(2000), 7 AS seven")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_text("lifecycle", exact=True).click()
    expect(page.get_by_role("button", name="ordinal")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^1\srow ·"))).to_be_visible()


def test_names_are_added_to_what_is_being_typed(page: Page, served: Served) -> None:
    visit(page, served, "ask")
    page.get_by_role("searchbox").fill("proves the stage")
    settled(page)
    editor = page.get_by_role("textbox", name="SQL")
    editor.fill("FROM lifecycle SELECT")
    page.get_by_role("button", name="proof", exact=True).click()
    expect(editor).to_have_value("FROM lifecycle SELECT proof")
    editor.press_sequentially(" LIMIT 3")
    page.get_by_role("button", name="Counts by status").click()
    expect(page.get_by_text(re.compile(r"^\d\srows ·"))).to_be_visible()
    page.get_by_role("button", name="Bring back what I had typed").click()
    expect(editor).to_have_value("FROM lifecycle SELECT proof LIMIT 3")


def test_the_fault_of_a_query_is_marked_and_mended(page: Page, served: Served) -> None:
    visit(page, served, "ask")
    ask(page, "SELECT id, '한국' AS k\nFROM comitments\nWHERE headline")
    expect(page.get_by_text('Did you mean "commitments"?')).to_be_visible()
    expect(page.locator(".fault")).to_have_text("Line 2, column 6:FROM comitments")
    expect(page.locator(".fault mark")).to_have_text("comitments")
    page.get_by_role("button", name="Use commitments instead").click()
    expect(page.get_by_text(re.compile(r"^5\srows ·"))).to_be_visible()


def test_files_have_every_row_and_not_the_thousand_shown(page: Page, served: Served, tmp_path: Path) -> None:
    visit(page, served, "ask")
    ask(page, "SELECT range AS n, 'row ' || range AS name FROM range(2500)")
    expect(page.get_by_text(re.compile(r"^first\s1,000\sof\s2,500\srows ·"))).to_be_visible()
    expect(page.get_by_text("Files have all 2,500 rows.")).to_be_visible()
    for name in ("CSV", "Parquet"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        download.value.save_as(tmp_path / name)
    lines = (tmp_path / "CSV").read_text().splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("n,name", "2499,row 2499", 2501)
    assert pq.read_table(tmp_path / "Parquet").column("n").to_pylist() == list(range(2500))


def test_an_answer_is_drawn_as_a_chart(page: Page, served: Served) -> None:
    visit(page, served, "ask")
    ask(page, "SELECT status, count(*) AS n FROM commitments GROUP BY ALL")
    page.get_by_role("tab", name="Chart").click()
    named = "[role=graphics-document][aria-label='{}']"
    expect(page.locator(named.format("Bars: n by status"))).to_be_attached()
    expect(page.get_by_role("img").get_by_text("in-progress")).to_be_visible()
    page.get_by_role("combobox", name="Value").click()
    page.get_by_role("option", name="Number of rows").click()
    expect(page.locator(named.format("Bars: Number of rows by status"))).to_be_attached()


@pytest.mark.parametrize("query", ["from commitments", "from test_all_types()", "select 'x' from nowhere"])
def test_no_answer_is_wider_than_a_phone(phone: Page, served: Served, query: str) -> None:
    visit(phone, served, f"ask?q={query}")
    expect(phone.get_by_text(re.compile(r"rows ·|could not be run")).first).to_be_visible()
    assert overflow(phone) <= 0
