"""Answers to SQL of any shape: shown, and drawn."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from dashboard.query import quickchart, results
from dashboard.query.quickchart import Choice, Form
from tracker import sql

LONG = "x" * (results.LONGEST + 1)


def shown(library, query):
    return results.shown(sql.run(library.store, query).table)


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("12345678901234567890::hugeint", "12345678901234567890"),
        ("(2 ** 40)::hugeint", 2**40),
        ("9007199254740993", "9007199254740993"),
        ("1.50::decimal(9, 2)", 1.5),
        ("'inf'::double", float("inf")),
        ("null", None),
        ("true", True),
        ("date '2024-02-29'", dt.date(2024, 2, 29)),
        ("date '290000-01-01'", "290000-01-01"),
        ("timestamp '2024-02-29 12:00'", dt.datetime(2024, 2, 29, 12)),
        ("timestamp 'infinity'", "infinity"),
        ("time '12:00'", "12:00:00"),
        ("interval '3 months 2 days'", "3 months 2 days"),
        ("'\\xAA\\x00'::blob", "aa00"),
        ("'101'::bit", "101"),
        ("'국방부'", "국방부"),
        ("['국방부', null]", '["국방부", null]'),
        ("{'a': 1, 'b': [date '2024-01-01']}", '{"a": 1, "b": ["2024-01-01"]}'),
        ("map {'k': 1}", '[["k", 1]]'),
        ("1::union(a int, b varchar)", "1"),
        ("'a'::enum ('a', 'b')", "a"),
    ],
)
def test_every_value_is_shown(library, value, seen):
    assert shown(library, f"select {value} as v").table.to_pylist() == [{"v": seen}]


def test_what_the_engine_can_hold_at_all_can_be_shown_and_drawn(library):
    table = shown(library, "from test_all_types()").table
    assert table.num_rows == 3
    kinds = {field.name: results.kind(field.type) for field in table.schema}
    columns = table.to_pydict()
    assert {*kinds.values()} == {"number", "time", "text"}
    numbers = [name for name, kind in kinds.items() if kind == "number"]
    for form in Form:
        for x in kinds:
            choice = Choice(form, x, numbers[0], x if x in quickchart.colourable(columns) else None)
            assert quickchart.drawn(kinds, columns, choice, "rows", "light")[0].to_dict()["mark"]


def test_a_long_value_is_cut_and_said_to_be(library):
    seen = shown(library, f"select '{LONG}' as long, ['{LONG}'] as many, 'short' as short")
    (row,) = seen.table.to_pylist()
    assert seen.cut
    assert (row["long"], row["short"]) == (LONG[:-1] + "…", "short")
    assert len(row["many"]) == results.LONGEST + 1


def test_a_table_of_many_columns_says_how_many_it_leaves_out(library):
    seen = shown(library, "select " + ", ".join(f"{n} as c{n}" for n in range(results.WIDEST + 7)))
    assert (seen.table.num_columns, seen.left) == (results.WIDEST, 7)


def test_columns_of_one_name_are_shown_side_by_side(library):
    assert shown(library, "select 1 as a, 2 as a").table.to_pylist() == [{"a": 1, "a_2": 2}]


DAYS = [dt.date(2026, 1, day) for day in (1, 2, 3)]


@pytest.mark.parametrize(
    ("columns", "choice"),
    [
        ({"name": ["a", "b", "c"], "n": [1, 2, 3]}, Choice(Form.BAR, "name", "n", None)),
        ({"n": [1, 2, 3], "day": DAYS}, Choice(Form.LINE, "day", "n", None)),
        (
            {"day": DAYS[:1] * 3, "who": ["a", "b", "a"], "n": [1, 2, 3]},
            Choice(Form.LINE, "day", "n", "who"),
        ),
        ({"a": [1, 2, 3], "b": [3, 2, 1]}, Choice(Form.POINT, "a", "b", None)),
        ({"title": ["x", "y", "z"], "kind": ["a", "a", "b"]}, Choice(Form.BAR, "kind", None, None)),
        ({"n": [1, 1, 2]}, Choice(Form.BAR, "n", None, None)),
        ({"n": []}, None),
        ({}, None),
    ],
)
def test_a_chart_suits_the_columns(columns, choice):
    table = pa.table(columns)
    kinds = {field.name: results.kind(field.type) for field in table.schema}
    assert quickchart.suggestion(kinds, table.to_pydict()) == choice
    if choice is not None:
        spec = quickchart.drawn(kinds, columns, choice, "rows", "dark")[0].to_dict()
        titles = {channel.get("title") for channel in spec["encoding"].values()}
        assert {choice.x, choice.y or "rows"} <= titles


def test_names_that_charts_take_for_paths_are_drawn():
    columns = {"a.b[0]": ["x", "y"], "'quoted' \\ :Q": [1.0, float("nan")]}
    choice = Choice(Form.BAR, "a.b[0]", "'quoted' \\ :Q", None)
    spec = quickchart.drawn({"a.b[0]": "text", "'quoted' \\ :Q": "number"}, columns, choice, "", "light")[0]
    assert spec.to_dict()["data"]["values"] == [{"c0": "x", "c1": 1.0}, {"c0": "y", "c1": None}]


def test_more_bars_than_can_be_read_are_left_out_and_counted():
    columns = {"name": [f"n{n}" for n in range(60)], "n": [*range(60)]}
    choice = Choice(Form.BAR, "name", "n", None)
    drawn, left = quickchart.drawn({"name": "text", "n": "number"}, columns, choice, "", "light")
    assert (len(drawn.to_dict()["data"]["values"]), left) == (quickchart.BARS, 10)


def test_decimals_of_any_size_are_numbers_or_texts():
    table = pa.table({"d": pa.array([Decimal("1.25"), None]), "e": pa.array([Decimal(10) ** 30, Decimal(1)])})
    assert results.shown(table).table.to_pydict() == {"d": [1.25, None], "e": ["1" + "0" * 30, "1"]}
