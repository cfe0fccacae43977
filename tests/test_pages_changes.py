"""The page of changes: what it says to somebody who was here before, and what it shows of what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import make
import pytest
import streamlit as st
from conftest import Clock
from reading import said

from dashboard.server import visits
from tracker.terms import Entity
from tracker.tracker import Tracker


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lets the browser of the test have been here before, at a time of UTC."""

    def at(moment: str) -> None:
        monkeypatch.setattr(type(st.context), "cookies", {visits.BEFORE: moment})

    return at


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is read on 10 June 2025."""
    monkeypatch.setattr(visits, "present", lambda: dt.datetime(2025, 6, 10, 12))


@pytest.fixture
def busy(tracker: Tracker, clock: Clock, today: None) -> Tracker:
    clock.set("2025-06-03T10:00")
    tracker.record(make.event("pledged", "2024-03-04", note="They <b>said</b> so."), by="ann")
    clock.set("2025-06-08T14:05")
    tracker.record(make.event("signed", "2025-06-07"), by="bea")
    clock.set("2025-06-09T09:00")
    tracker.withdraw(Entity.COMMITMENT, "treaty", version=3, reason="It was another treaty.", by="ann")
    return tracker


def test_who_was_here_is_told_what_is_new_since(
    busy: Tracker, reader: Any, visited: Callable[[str], None]
) -> None:
    visited("2025-06-05T08:00Z")
    told = said(reader("changes"))
    assert "Since your last visit on 5 Jun 2025: 1 status recorded and 1 correction." in told
    assert "8 Jun 2025" in told
    assert "14:05 UTC" in told
    assert "recorded by bea" in told
    assert "Why: It was another treaty." in told
    assert 'href="commitment?id=treaty"' in told
    assert "3 Jun 2025" not in told.split("What somebody")[0]
    visited("2025-06-09T10:00Z")
    told = said(reader("changes"))
    assert "Nothing has changed since your last visit on 9 Jun 2025." in told
    assert "The last change was recorded on 9 Jun 2025." in told
    assert 'href="changes?since=2025-06-09"' in told


def test_who_was_not_here_before_gets_a_month_and_is_told_why(busy: Tracker, reader: Any) -> None:
    told = said(reader("changes"))
    assert "Since 11 May 2025:" in told
    assert "This browser has not been here before" in told
    # What people wrote is shown as they wrote it.
    assert "They &lt;b&gt;said&lt;/b&gt; so." in told


def test_the_address_says_what_is_shown(busy: Tracker, reader: Any) -> None:
    for query, lead in (
        ({"period": "7"}, "Since 3 Jun 2025: 2 statuses recorded and 1 correction."),
        ({"period": "all"}, "On record so far:"),
        ({"since": "2025-06-08", "until": "2025-06-08"}, "From 8 Jun 2025 to 8 Jun 2025: 1 status recorded."),
        ({"period": "7", "by": "bea"}, "Since 3 Jun 2025: 1 status recorded."),
        ({"period": "all", "q": "no such thing"}, "No change in this time fits what you chose."),
        ({"since": "never", "period": "<b>", "sort": "x", "batch": "9" * 14}, "Since 11 May"),
        ({"period": "7", "lang": "fr"}, "Depuis le 3 juin 2025"),
        ({"period": "7", "lang": "ko"}, "2025년 6월 3일 이후"),
    ):
        assert lead in said(reader("changes", **query)), query
    only = said(reader("changes", period="7", sort="correction"))
    assert "Correction (1)" in only
    assert "recorded by bea" not in only


def test_on_an_earlier_clock_it_is_the_log_of_that_day(
    busy: Tracker, reader: Any, visited: Callable[[str], None]
) -> None:
    visited("2025-06-09T10:00Z")
    told = said(reader("changes", known_on="2025-06-08"))
    assert "Since 9 May 2025:" in told
    assert "bea" in told
    assert "It was another treaty." not in told


def test_an_import_is_one_line_that_leads_to_what_it_brought(
    filled: Tracker, reader: Any, today: None
) -> None:
    told = said(reader("changes"))
    total = filled.info()["counts"]["ledger"]
    assert f"{total} entries recorded together" in told
    opened = said(reader("changes", batch=str(total), sort="commitment"))
    assert "Recorded together by compiler" in opened
    assert opened.count("<p>New commitment") == filled.info()["counts"]["commitments"]


def test_a_long_log_has_pages(tracker: Tracker, reader: Any, clock: Clock, today: None) -> None:
    for minute in range(6):
        clock.set(f"2025-06-02T10:0{minute}")
        tracker.add(*(make.source(f"s{minute}-{n:02}", title=f"Paper {minute}-{n:02}") for n in range(20)))
    app = reader("changes", sort="source")
    told = said(app)
    assert told.count("<p>New source") == 100
    assert "Page 1 of 2" in told
    assert "page=2" in told
    app.query_params["page"] = "2"
    rest = said(app.run())
    assert rest.count("<p>New source") == 21
    assert "Paper 0-00" in rest
    assert "Paper 5-19" not in rest


def test_an_empty_store_says_so(store: Any, reader: Any) -> None:
    assert "Nothing is on record yet." in said(reader("changes", period="all"))


def test_the_overview_says_what_is_new_and_leads_there(
    busy: Tracker, reader: Any, visited: Callable[[str], None]
) -> None:
    assert "Since your last visit" not in said(reader("overview"))
    visited("2025-06-05T08:00Z")
    told = said(reader("overview"))
    assert "Since your last visit on 5 Jun 2025: 1 status recorded and 1 correction." in told
    assert '<a href="changes">See what changed</a>' in told
    assert "Since your last visit" not in said(reader("overview", known_on="2025-06-08"))
