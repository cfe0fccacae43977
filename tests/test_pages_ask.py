"""The page that asks the data, as its script says it: stops, odd answers, and what is in the address."""

from __future__ import annotations

from typing import Any

import pytest
from reading import said

from dashboard.query import asking
from tracker.tracker import Tracker


def ask(app: Any, text: str) -> Any:
    app.text_area(key="sql").set_value(text)
    next(b for b in app.button if b.label == "Run").click()
    return app.run()


@pytest.fixture
def page(library: Tracker, reader: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The page, on a store that only readers share."""
    monkeypatch.setenv("TRACKER_STORE", str(library.store.folder))
    return reader("ask")


def test_a_query_that_takes_too_long_is_stopped_and_told_so(
    page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_SQL_SECONDS", "0.2")
    assert "The query was stopped after 0.2 seconds." in said(ask(page, "SELECT sleep_ms(60000)"))


TOLD = {
    "SELECT 1; SELECT 2": "One statement at a time: this text has 2.",
    "SELECT repeat('x', 5000000)": "is larger than 4 MB",
    "SELECT repeat('x', 10000) FROM range(100000)": "it needed more memory, or gave more, than is allowed",
    "SELECT 1 -- " + "x" * 100_000: "The query has 100012 bytes; at most 100000 are read.",
    "SELECT 1 -- " + "x" * asking.ADDRESS: "too long for an address",
    "": "There is no query.",
    "FROM commitments WHERE false": "The query gives no rows. Its columns: id, title,",
    "SELECT " + ", ".join(map(str, range(120))): "20 more columns, beyond the first 100",
    "SELECT repeat('x', 2000)": "Values of more than 1,000 characters are cut here",
    "FROM range(200000)": "first 1,000 rows of more",
    "SELECT range FROM range(200000)": "Files have the first 100,000 rows",
    'SELECT 1 AS "<b>*a*</b>" FROM x': "&lt;b&gt;*a*&lt;/b&gt;&quot; FROM <mark>x</mark>",
}


def test_whatever_becomes_of_a_query_is_told_in_words(page: Any) -> None:
    for text, told in TOLD.items():
        page = ask(page, text)
        assert told in said(page), text[:60]
        assert not page.exception


def test_only_a_query_of_somebody_else_is_said_to_be_one(page: Any, reader: Any) -> None:
    page = ask(page, "SELECT 1 AS one")
    page = ask(page, "SELECT 2 AS two")
    page.query_params["q"] = "SELECT 1 AS one"
    assert "came with the address" not in said(page.run())
    assert page.dataframe[0].value.columns.to_list() == ["one"]
    linked = reader("ask", q="SELECT 3 AS three")
    assert "came with the address" in said(linked)
    assert linked.dataframe[0].value.columns.to_list() == ["three"]


def test_only_what_fits_is_in_the_address(page: Any) -> None:
    page = ask(page, "SELECT '국방부' AS 부")
    assert page.query_params["q"] == "SELECT '국방부' AS 부"
    page = ask(page, "SELECT 1 -- " + "부" * (asking.ADDRESS // 9 + 1))
    assert "q" not in page.query_params
