"""Charts are values: rows in, a valid Vega-Lite specification out."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from typing import Any

import pytest

from dashboard import charts, i18n, theme
from dashboard.charts import drawing
from tracker import agenda, provenance, queries, tally, trends
from tracker.clocks import At
from tracker.terms import Schedule, Status
from tracker.tracker import Tracker

TODAY = dt.date(2026, 11, 22)
T = i18n.words("en")


def drawn(tracker: Tracker, name: str, ground: str = "light") -> dict[str, Any]:
    """A chart of the shipped data, validated against the schema of Vega-Lite."""
    with tracker.store.reading() as con:
        if name == "standing":
            chart = charts.standing(tally.standing(con), T, ground)
        elif name == "bars":
            chart = charts.standing(tally.stage_counts(con), T, ground)
        elif name == "agenda":
            dates = agenda.agenda(con, At(TODAY))
            until = max(row["due_latest"] for row in dates)
            chart = charts.ahead(dates, TODAY, until, "Today", T, ground, drawing.address)
        elif name == "course":
            rows = trends.course(con, At(TODAY))
            chart = charts.course(rows, T, ground, lambda day: f"./?as_of={day}")
        elif name == "groups":
            rows = trends.groups(con, "kind", At(TODAY))
            chart = charts.groups(
                rows, T, ground, lambda kind: T(f"kind.{kind}"), lambda kind, status: f"{kind}&{status}"
            )
        elif name.startswith("plan-"):
            chart = charts.plan(
                trends.plan(con, name.removeprefix("plan-"), At(TODAY)), TODAY, "Today", T, ground
            )
        elif name == "grades":
            chart = charts.grades(provenance.grade_matrix(con), T, ground)
        else:
            row = queries.commitment(con, name)
            due = (row["due"], row["due_earliest"], row["due_latest"]) if row["due"] else None
            chart = charts.history(row["kind"], queries.history(con, name), due, TODAY, T, ground)
    spec: dict[str, Any] = chart.to_dict()
    return spec


def values(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the first data set that has more than one."""
    found = [spec.get("data", {})] + [layer.get("data", {}) for layer in spec.get("layer", ())]
    sets = [d["values"] for d in found if "values" in d] + list(spec.get("datasets", {}).values())
    return max(sets, key=len)


EVERY = (
    "standing",
    "bars",
    "agenda",
    "grades",
    "course",
    "groups",
    "gsomia",
    "materiel-joint-meetings",
    "ministerial-2plus2",
    "plan-cpsp",
    "plan-bilateral-naval-exercise",
    "plan-fadp-talks",
)
MOST = 1000
"""Rows that a chart may take to the browser."""


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("ground", ["light", "dark"])
def test_every_chart_is_valid_small_and_has_no_empty_layer(shipped: Tracker, name: str, ground: str) -> None:
    spec = drawn(shipped, name, ground)
    assert spec["height"] > 0
    assert 0 < len(values(spec)) <= MOST
    for layer in spec.get("layer", ()):
        assert layer.get("data", {}).get("values", [True]), layer["mark"]


@pytest.mark.parametrize("name", EVERY)
def test_what_can_be_pointed_at_says_what_it_is(shipped: Tracker, name: str) -> None:
    spec = drawn(shipped, name)
    pointed = [layer for layer in spec.get("layer", [spec]) if "tooltip" in layer["encoding"]]
    assert pointed
    described = [layer for layer in spec.get("layer", [spec]) if layer["mark"].get("aria") is not False]
    for layer in described:
        assert "description" in layer["encoding"] or "description" in layer["mark"], layer["mark"]


def test_every_commitment_is_one_mark_that_links_to_it(shipped: Tracker) -> None:
    rows = values(drawn(shipped, "standing"))
    assert {r["href"] for r in rows} == {f"commitment?id={c['id']}" for c in shipped.commitments()}
    assert all(r["description"].startswith(r["title"]) for r in rows)


def test_bars_count_what_marks_would_show(shipped: Tracker) -> None:
    assert sum(r["n"] for r in values(drawn(shipped, "bars"))) == 55


def test_passed_dates_stand_left_of_the_line_and_coming_ones_right(shipped: Tracker) -> None:
    rows = values(drawn(shipped, "agenda"))
    assert {r["state"] for r in rows if r["last"] < r["day"]} == {"Date passed, not known"}
    assert {r["state"] for r in rows if r["last"] >= r["day"]} == {"Due within 90\u00a0days", "Upcoming"}


@pytest.mark.parametrize(
    ("days", "english", "korean"),
    [(89, "89 days", "89일"), (237, "8 months", "8개월"), (906, "2.5 years", "2.5년")],
)
def test_what_is_far_is_told_in_months_and_years(days: int, english: str, korean: str) -> None:
    assert (i18n.distance(days, "en"), i18n.distance(days, "ko")) == (english, korean)


def test_a_date_that_is_no_day_is_a_window(shipped: Tracker) -> None:
    rows = values(drawn(shipped, "agenda"))
    assert all(r["first"] <= r["last"] for r in rows)
    assert {r["due"].replace("\u00a0", " ") for r in rows if r["first"] < r["last"]} >= {
        "May 2026",
        "Nov 2026",
    }


def test_a_long_name_has_two_lines_and_its_step_one_of_its_own(shipped: Tracker) -> None:
    names = {r["label"]: r["name"] for r in values(drawn(shipped, "agenda"))}
    series = "First bilateral naval exercise and possible series:"
    assert names[f"{series} Exercise completed"] == [series, "Exercise completed"]
    assert all(" ".join(lines) == label for label, lines in names.items())
    assert max(len(lines) for lines in names.values()) == 2


def test_the_course_stacks_every_commitment_and_each_day_leads_to_that_day(shipped: Tracker) -> None:
    spec = drawn(shipped, "course")
    rows = values(spec)
    tops = [name for name in rows[0] if name.startswith("to")]
    assert max(rows[-1][top] for top in tops) == 55
    assert rows[-1]["href"] == f"./?as_of={TODAY}"
    told = json.dumps(spec, ensure_ascii=False)
    for status in (Status.DELIVERED, Status.ONGOING, Status.IN_PROGRESS, Status.PLEDGED):
        assert f"{theme.STATUS[status].sign} {T(f'status.{status}')}" in told


def test_names_at_the_end_of_areas_keep_apart(shipped: Tracker) -> None:
    spec = drawn(shipped, "course")
    heights = sorted(
        row["height"] for layer in spec["layer"] for row in layer.get("data", {}).get("values", ())[:9]
    )
    unique = sorted(set(heights))
    assert len(unique) == 5
    assert min(b - a for a, b in itertools.pairwise(unique)) >= 18
    assert unique[0] >= 0


def test_each_part_of_a_bar_leads_to_its_commitments(shipped: Tracker) -> None:
    rows = values(drawn(shipped, "groups"))
    assert sum(r["to"] - r["from"] for r in rows) == 55
    assert {r["href"] for r in rows} >= {"dialogue&ongoing", "mou&delivered"}
    assert all(r["status"].split(" ")[0] in {m.sign for m in theme.STATUS.values()} for r in rows)


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_every_number_on_the_field_of_grades_can_be_read(shipped: Tracker, ground: str) -> None:
    cells = values(drawn(shipped, "grades", ground))
    most = max(cell["n"] for cell in cells)
    for cell in cells:
        under = theme.mixed(*theme.RAMP[ground], cell["n"] / most)
        assert theme.contrast(theme.INKS[not cell["white"]], under) >= 4.5, cell


def test_a_plan_tells_by_how_much_a_step_missed_its_day(shipped: Tracker) -> None:
    rows = values(drawn(shipped, "plan-cpsp"))
    told = {row["name"]: row["said"] for row in rows}
    assert told["Preferred supplier named"] == "1\u00a0day earlier"
    assert told["Final proposals due"] == "as planned"
    naval = {row["name"]: row for row in values(drawn(shipped, "plan-bilateral-naval-exercise"))}
    assert naval["Arrival at Esquimalt"]["said"] == "183\u00a0days past, not recorded"


def test_every_status_and_schedule_has_a_look_of_its_own() -> None:
    for looks, words in ((theme.STATUS, Status), (theme.SCHEDULE, Schedule)):
        assert set(looks) == set(words)
        for ground in ("light", "dark"):
            assert len({(theme.colour(m, ground), m.shape, m.sign) for m in looks.values()}) == len(looks)


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_marks_and_text_stand_out_from_the_paper(ground: str) -> None:
    paper = theme.PAPER[ground]
    assert theme.contrast(theme.TEXT[ground], paper) >= 4.5
    for mark in (*theme.STATUS.values(), *theme.SCHEDULE.values(), *theme.CHANGE.values()):
        assert theme.contrast(theme.colour(mark, ground), paper) >= 3, mark
