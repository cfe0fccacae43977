"""Charts are values: rows in, a valid Vega-Lite specification out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from dashboard import charts, i18n, theme
from tracker import agenda, provenance, queries
from tracker.clocks import At
from tracker.terms import Schedule, Status
from tracker.tracker import Tracker

TODAY = dt.date(2026, 11, 22)
T = i18n.words("en")


def drawn(tracker: Tracker, name: str, ground: str = "light") -> dict[str, Any]:
    """A chart of the shipped data, validated against the schema of Vega-Lite."""
    with tracker.store.reading() as con:
        if name == "standing":
            chart = charts.standing(queries.standing(con), T, ground)
        elif name == "bars":
            chart = charts.standing(queries.stage_counts(con), T, ground)
        elif name == "agenda":
            chart = charts.agenda(agenda.agenda(con, At(TODAY)), T, ground)
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


@pytest.mark.parametrize(
    "name", ["standing", "bars", "agenda", "grades", "gsomia", "materiel-joint-meetings"]
)
@pytest.mark.parametrize("ground", ["light", "dark"])
def test_every_chart_is_valid(shipped: Tracker, name: str, ground: str) -> None:
    assert drawn(shipped, name, ground)["height"] > 0


def test_every_commitment_is_one_mark_that_links_to_it(shipped: Tracker) -> None:
    rows = values(drawn(shipped, "standing"))
    assert {r["href"] for r in rows} == {f"commitment?id={c['id']}" for c in shipped.commitments()}
    assert all(r["description"].startswith(r["title"]) for r in rows)


def test_bars_count_what_marks_would_show(shipped: Tracker) -> None:
    assert sum(r["n"] for r in values(drawn(shipped, "bars"))) == 55


def test_passed_dates_stand_left_of_the_line_and_coming_ones_right(shipped: Tracker) -> None:
    rows = values(drawn(shipped, "agenda"))
    assert {r["state"] for r in rows if r["days"] < 0} == {"Passed, not known"}
    assert {r["state"] for r in rows if r["days"] >= 0} == {"To come"}


def test_no_layer_is_empty(shipped: Tracker) -> None:
    for name in ("agenda", "gsomia", "ministerial-2plus2", "sof-mou"):
        for layer in drawn(shipped, name)["layer"]:
            if "values" in layer.get("data", {}):
                assert layer["data"]["values"], name


def test_every_status_and_schedule_has_a_look_of_its_own() -> None:
    for looks, words in ((theme.STATUS, Status), (theme.SCHEDULE, Schedule)):
        assert set(looks) == set(words)
        for ground in ("light", "dark"):
            assert len({(theme.colour(m, ground), m.shape, m.sign) for m in looks.values()}) == len(looks)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_marks_and_text_stand_out_from_the_paper(ground: str) -> None:
    paper = luminance(theme.PAPER[ground])

    def contrast(colour: str) -> float:
        one, other = sorted((luminance(colour), paper), reverse=True)
        return (one + 0.05) / (other + 0.05)

    assert contrast(theme.TEXT[ground]) >= 4.5
    for mark in (*theme.STATUS.values(), *theme.SCHEDULE.values()):
        assert contrast(theme.colour(mark, ground)) >= 3, mark
