"""A file is sent through a real browser: what it would do is shown, and one click records it once."""

from __future__ import annotations

import re
from pathlib import Path

import chromium
import make
import pytest
from chromium import Served, overflow, settled, visit
from conftest import DATA
from harmless import unharmed
from playwright.sync_api import Page, expect
from test_intake import laughs, one_row, workbook

from tracker.store import Store
from tracker.tracker import Tracker

pytestmark = chromium.needed


def send(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


def begin(page: Page, served: Served) -> None:
    visit(page, served, "import")
    expect(page.get_by_text("20 MB per file")).to_be_visible()
    page.get_by_role("textbox", name="Your name").fill("Jo Kim")
    page.get_by_role("textbox", name="Your name").press("Enter")
    expect(page.get_by_text("Press Enter to apply")).to_have_count(0)
    settled(page)


def entries(served: Served) -> int:
    count: int = served.tracker.info()["counts"]["ledger"]
    return count


def test_facts_are_shown_first_and_recorded_once(page: Page, served: Served) -> None:
    begin(page, served)
    before = entries(served)
    send(page, "facts.yaml", (DATA / "facts.yaml").read_bytes())
    expect(page.get_by_text("It is a facts file.")).to_be_visible()
    expect(page.get_by_text("23 entries would be recorded.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("commitment 4"))).to_be_visible()
    assert entries(served) == before
    page.get_by_role("button", name="Record 23 entries").dblclick()
    expect(page.get_by_text("23 entries recorded.")).to_be_visible()
    assert entries(served) == before + 23
    assert served.tracker.commitment("joint-forum")["version"] == 4
    send(page, "the same.txt", (DATA / "facts.yaml").read_bytes())
    expect(page.get_by_text("Nothing in it is new.")).to_be_visible()
    assert entries(served) == before + 23
    assert overflow(page) <= 0


def test_what_cannot_be_taken_is_refused_with_its_reasons(
    page: Page, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(page, served)
    before = entries(served)
    right = (DATA / "facts.yaml").read_text(encoding="utf-8")
    wrong = right.replace("letter: A", "letter: <img src=x onerror=window.hit=1>")
    cases = [
        ("facts.yaml", wrong.encode(), "2 places are wrong:"),
        ("facts.yaml", laughs(), "uses an alias in line 2"),
        ("<img src=x onerror=window.hit=1>.parquet", one_row(1_000_000), "it holds more than 50000 entries"),
        ("facts.yaml", workbook(), "is a ZIP archive, such as a workbook"),
        ("data.parquet", b"PAR1" + bytes(100), "is not a data set exported by the tracker"),
    ]
    for name, content, said in cases:
        send(page, name, content)
        expect(page.get_by_text("Nothing of this file can be recorded.")).to_be_visible()
        expect(page.get_by_text(said)).to_be_visible()
        unharmed(page, name)
    assert entries(served) == before


def test_an_export_that_goes_on_from_here_is_taken_over_and_any_other_refused(
    page: Page, served: Served, tmp_path: Path
) -> None:
    served.tracker.export(tmp_path / "base.parquet")
    other = Tracker(Store(tmp_path / "other"))
    other.import_export(tmp_path / "base.parquet")
    event = make.event("signed", "2026-11-20", "heraldcorp-22-2026-02-26", commitment_id="sof-mou")
    other.record(event, by="ann")
    other.export(tmp_path / "newer.parquet")
    begin(page, served)
    send(page, "newer.parquet", (tmp_path / "newer.parquet").read_bytes())
    expect(page.get_by_text("1 entry would be recorded.")).to_be_visible()
    # Somebody else is first.
    event = make.event("signed", "2026-11-19", "heraldcorp-22-2026-02-26", commitment_id="shipbuilding-mou")
    served.tracker.record(event, by="ben")
    page.get_by_role("button", name="Record 1 entry").click()
    expect(page.get_by_text("both have entries that the other lacks").first).to_be_visible()
    assert served.tracker.commitment("sof-mou")["stage"] == "pledged"


def test_a_file_that_no_page_asked_for_is_not_taken(page: Page, served: Served) -> None:
    visit(page, served)
    place, sent = "/_stcore/upload_file/somebody/something", "{method: 'PUT', body: 'x'}"
    answer = page.evaluate(f"async () => (await fetch('{place}', {sent})).text()")
    assert answer == "No page of this server asked for a file."
