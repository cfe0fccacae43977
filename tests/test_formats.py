import csv
import datetime as dt
import io
import json
from decimal import Decimal

import pyarrow as pa
import pytest

from tracker import formats


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "a", "a"], ["a", "a_2", "a_3"]),
        (["a", "a", "a_2"], ["a", "a_3", "a_2"]),
        (["a_2", "a", "a"], ["a_2", "a", "a_3"]),
        ([], []),
    ],
)
def test_columns_of_one_name_get_names_of_their_own(names, expected):
    table = pa.Table.from_arrays([pa.array([n]) for n in range(len(names))], names=names)
    assert formats.distinct(table).column_names == expected
    if names:
        header, values = csv.reader(io.StringIO(formats.table_as_csv(table)))
        assert (header, values) == (expected, [str(n) for n in range(len(names))])


VALUES = [
    (None, "", None),
    (True, "true", True),
    (Decimal("1.50"), "1.50", 1.5),
    (Decimal("2"), "2", 2),
    (dt.date(2024, 2, 29), "2024-02-29", "2024-02-29"),
    (dt.datetime(2024, 2, 29, 12), "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"),
    (dt.time(12), "12:00:00", "12:00:00"),
    (b"\x00\xff", "00ff", "00ff"),
    (float("nan"), "nan", None),
    (
        ["국방부", {"day": dt.date(2024, 1, 1)}],
        '["국방부", {"day": "2024-01-01"}]',
        ["국방부", {"day": "2024-01-01"}],
    ),
]


@pytest.mark.parametrize(("value", "in_csv", "in_json"), VALUES)
def test_values_as_text_and_as_json(value, in_csv, in_json):
    assert formats.cell(value) == in_csv
    assert json.loads(formats.as_json(value)) == in_json
