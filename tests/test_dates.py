import datetime as dt

import pytest

from tracker import dates
from tracker.dates import Edtf


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2026-02-25", "2026-02-25", "2026-02-25"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-21", "2026-03-01", "2026-05-31"),
        ("2026-22", "2026-06-01", "2026-08-31"),
        ("2026-23", "2026-09-01", "2026-11-30"),
        ("2026-24", "2026-12-01", "2027-02-28"),
        ("2027-24", "2027-12-01", "2028-02-29"),
        ("2026-02~", "2026-02-01", "2026-02-28"),
        ("2026?", "2026-01-01", "2026-12-31"),
        ("2026-02-25%", "2026-02-25", "2026-02-25"),
        ("2025-11/2026-02", "2025-11-01", "2026-02-28"),
        ("2026-05/2026", "2026-05-01", "2026-12-31"),
        ("2026-21~/2026-22?", "2026-03-01", "2026-08-31"),
        ("1000", "1000-01-01", "1000-12-31"),
        ("8999-12-31", "8999-12-31", "8999-12-31"),
    ],
)
def test_a_date_knows_the_first_and_last_day_it_can_mean(text, earliest, latest):
    date = Edtf(text)
    assert (date.earliest.isoformat(), date.latest.isoformat()) == (earliest, latest)
    assert date == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13",
        "2026-00",
        "2026-20",
        "2026-02-30",
        "2026-02-29",
        "2026-2",
        "26-02-25",
        "25/02/2026",
        "2026-02-25T10:00",
        " 2026",
        "2026\n",
        "202X",
        "Y12026",
        "-2026",
        "2026/..",
        "../2026",
        "2026-25",
        "2026-33",
        "0000",
        "0001",
        "9999",
        "２０２６-０２",
        "2026-02/2026-02-30",
    ],
)
def test_what_is_not_a_day_month_season_year_or_interval_is_no_date(text):
    with pytest.raises(ValueError, match=r".*"):
        Edtf(text)


@pytest.mark.parametrize("text", ["2026-02-02/2026-02-01", "2026/2025", "2026-03/2026-02~"])
def test_an_interval_that_ends_before_it_starts_is_refused_as_such(text):
    with pytest.raises(dates.EndBeforeStart):
        Edtf(text)


@pytest.mark.parametrize(
    ("text", "exact"),
    [("2026-02-25", True), ("2026-02-25~", False), ("2026-02", False), ("2026-02-25/2026-02-25", False)],
)
def test_only_one_unqualified_day_is_exact(text, exact):
    assert Edtf(text).exact is exact


@pytest.mark.parametrize(
    ("day", "length", "later"),
    [
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2023-01-31", "P1M", "2023-02-28"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2024-08-31", "P6M", "2025-02-28"),
        ("2024-12-31", "P2M", "2025-02-28"),
        ("2024-11-19", "P18M", "2026-05-19"),
        ("2024-02-28", "P2D", "2024-03-01"),
        ("2023-02-28", "P1W", "2023-03-07"),
        ("2023-12-31", "P1Y", "2024-12-31"),
    ],
)
def test_a_duration_later_stays_within_the_month_it_lands_in(day, length, later):
    assert dates.after(dt.date.fromisoformat(day), length).isoformat() == later


@pytest.mark.parametrize("text", ["P1Y", "P18M", "P2W", "P90D", "P2Y6M", "P100Y"])
def test_a_duration_of_days_or_longer_is_kept_as_it_was_written(text):
    assert dates.duration(text) == text


@pytest.mark.parametrize(
    "text", ["", "P", "P0D", "1Y", "P1Y ", "yearly", "PT24H", "P1DT1H", "-P1Y", "P1.5Y", "P101Y", "P99999Y"]
)
def test_a_duration_that_no_calendar_can_follow_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        dates.duration(text)
