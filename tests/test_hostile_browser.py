"""Hostile texts on every page, in a real Chromium: shown letter for letter, and nothing comes of them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import quote

import chromium
import hostile
import openpyxl
import pytest
from chromium import Served, settled, visit
from harmless import plain, unharmed
from playwright.sync_api import Page, expect

from tracker.store import Store
from tracker.tracker import Tracker

pytestmark = chromium.needed

MARKS = "svg.marks [aria-label$=', Dec\u00a02026']"
READS = "texts => texts.every(t => document.body.innerText.replaceAll('\\u2060', '').includes(t))"
FITS = """() => [...document.querySelectorAll('[data-testid=stMain]')]
  .every(e => e.scrollWidth <= e.clientWidth)"""
LONG = list(hostile.SHOWN).index("long")
PAGES = {
    "": ("script", "md-bullet", "st-emoji", "rich"),
    "commitments": (),
    "commitment?id=treaty": tuple(hostile.SHOWN),
    f"commitment?id=c-{LONG}": ("long",),
    "commitment?id=c-0&edit=1": ("script",),
    "attention?id=treaty": tuple(hostile.SHOWN),
    "next": ("script", "svg"),
    "changes?period=all&sort=status": ("script", "svg"),
    "changes?period=<img src=x onerror=window.hit=1>&q=<img src=x onerror=window.hit=1>": (),
    "sources": ("script", "md-image", "latex", "unclosed"),
    f"sources?source=s-{LONG}": ("long",),
    "sources?story=quarrel": (),
    "sources?source=<img src=x onerror=window.hit=1>": (),
    "commitment?id=<img src=x onerror=window.hit=1>": (),
    "corrections": ("img-quoted", "svg"),
    "approvals": (),
    "method": ("img-quoted",),
    "coding": (),
    "import": (),
    "add": (),
    "add?what=commitment&like=treaty": (),
    "add?what=dataset&id=set": (),
    "sources?source=s-0&edit=s-0": (),
    "commitment?id=c-0&edit=step&step=0": (),
}
"""Every page, and texts that are to be read on it."""


@pytest.fixture(scope="module")
def served(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """The dashboard on a store that holds such texts wherever text can stand."""
    made = tmp_path_factory.mktemp("hostile") / "store"
    hostile.fill(Tracker(Store(made)))
    folder = server.tracker.store.folder
    server.tracker.store.release()
    shutil.rmtree(folder)
    shutil.copytree(made, folder)
    return server


def test_every_page_shows_it_and_nothing_comes_of_it(page: Page, served: Served) -> None:
    asked: set[str] = set()
    broken: list[str] = []
    page.on("request", lambda r: asked.add(re.sub(r"^\w+://([^/]*).*", r"\1", r.url)))
    page.on("pageerror", lambda e: broken.append(str(e)))
    page.on("dialog", lambda d: broken.append(d.message))
    for path, names in PAGES.items():
        visit(page, served, quote(path, safe="?=&"))
        page.wait_for_function(READS, arg=[plain(hostile.SHOWN[name]) for name in names[-1:]])
        text = unharmed(page, path)
        missing = [name for name in names if plain(hostile.SHOWN[name]) not in text]
        assert not missing, (path, missing)
        # The same page on a phone: a word of five hundred letters is broken.
        page.set_viewport_size({"width": 390, "height": 900})
        # Charts are drawn anew in their own time.
        page.wait_for_function(FITS)
        unharmed(page, f"{path} on a phone")
        page.set_viewport_size({"width": 1180, "height": 1400})
    listed = ""
    for leaf in (1, 2):
        visit(page, served, f"commitments?page={leaf}")
        expect(page.locator(".rows li").first).to_be_visible()
        listed += unharmed(page, f"leaf {leaf} of the list")
    assert [name for name, text in hostile.SHOWN.items() if plain(text) not in listed] == []
    visit(page, served, "commitment?id=c-0")
    assert page.title().startswith("<script>window.hit=1</script>")
    hosts = {h for h in asked if not h.startswith(("data:", "blob:"))}
    assert hosts == {served.address.removeprefix("http://")}
    assert not broken


def test_a_chart_says_it_in_its_marks_and_tooltips(page: Page, served: Served) -> None:
    visit(page, served)
    marks = page.locator(MARKS)
    expect(marks.first).to_be_attached()
    told = [(mark, (mark.get_attribute("aria-label") or "").rpartition(": ")[0]) for mark in marks.all()]
    hovered = [(mark, title) for mark, title in told if title in hostile.SHOWN.values()][:3]
    assert len(hovered) == 3
    for mark, title in hovered:
        page.mouse.move(0, 0)
        mark.hover(force=True)
        expect(page.locator("#vg-tooltip-element")).to_contain_text(title)
    unharmed(page, "the overview with a tooltip")


def test_lists_to_choose_from_show_it(page: Page, served: Served) -> None:
    visit(page, served, "commitment?id=treaty&edit=1")
    for text in ("img", "md-script-link", "st-colour"):
        field = page.get_by_role("combobox", name="Sources on file that say so")
        field.click()
        field.fill(hostile.SHOWN[text])
        expect(page.get_by_role("option").first).to_contain_text(hostile.SHOWN[text])
        page.keyboard.press("Escape")
    unharmed(page, "the form")


def test_an_answer_shows_it_and_its_files_are_harmless(page: Page, served: Served, tmp_path: Path) -> None:
    names = '"<img src=x onerror=window.hit=1>", 1 AS "![a](http://far.example/)"'
    query = f"SELECT title AS {names} FROM commitments"  # noqa: S608 -- names from these lines
    visit(page, served, f"ask?q={quote(query)}")
    expect(page.get_by_text(re.compile(r"^\d+\srows ·"))).to_be_visible()
    unharmed(page, "an answer")
    page.get_by_test_id("stDataFrame").hover()
    toolbar = page.get_by_test_id("stElementToolbar")
    expect(toolbar.get_by_role("button", name="Search")).to_be_visible()
    expect(toolbar.get_by_role("button", name=re.compile("CSV"))).to_have_count(0)
    titles = {row["title"] for row in served.tracker.commitments()}
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel", exact=True).click()
    download.value.save_as(tmp_path / "answer.xlsx")
    header, *rows = openpyxl.load_workbook(tmp_path / "answer.xlsx").active.iter_rows()
    assert {row[0].value for row in rows} == titles
    assert {cell.data_type for cell in (*header, *(row[0] for row in rows))} == {"s"}
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    download.value.save_as(tmp_path / "answer.csv")
    lines = (tmp_path / "answer.csv").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if re.match(r'"?[=+\-@＝＋－＠]', line)]
    settled(page)
