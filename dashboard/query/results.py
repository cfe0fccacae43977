"""An answer to SQL in a form that a browser can draw, whatever its types."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from tracker import formats

LONGEST = 1000
"""Characters of a value that a table shows; files have all of them."""
WIDEST = 100
"""Columns that a table shows."""
EXACT = 2**53
"""Beyond it a browser rounds whole numbers."""
YEARS = (1, 9999)

Kind = Literal["number", "time", "text"]


class Shown(NamedTuple):
    """What a table shows of an answer, and what it leaves to the files."""

    table: pa.Table
    cut: bool
    """Whether a long value was cut."""
    left: int
    """Columns that are not shown."""


def shown(table: pa.Table) -> Shown:
    """The answer with every value as a number, a time, or a text that is not too long."""
    named = formats.distinct(table)
    columns, cut = [], False
    for name in named.column_names[:WIDEST]:
        column = _drawable(named.select([name]))
        if pa.types.is_string(column.type):
            lengths = pc.utf8_length(column)
            if (pc.max(lengths).as_py() or 0) > LONGEST:
                cut = True
                head = pc.binary_join_element_wise(pc.utf8_slice_codeunits(column, 0, LONGEST), "…", "")
                column = pc.if_else(pc.greater(lengths, LONGEST), head, column)
        columns.append(column)
    drawn = pa.Table.from_arrays(columns, names=named.column_names[:WIDEST])
    return Shown(drawn, cut, max(0, named.num_columns - WIDEST))


def kind(column: pa.DataType) -> Kind:
    """What a column of a shown table can stand for in a chart."""
    if pa.types.is_integer(column) or pa.types.is_floating(column):
        return "number"
    return "time" if pa.types.is_date(column) or pa.types.is_timestamp(column) else "text"


def _drawable(alone: pa.Table) -> pa.ChunkedArray:
    """The only column of a table, as numbers, times or texts."""
    column: pa.ChunkedArray = alone.column(0)
    told = column.type
    if pa.types.is_boolean(told) or pa.types.is_string(told) or pa.types.is_floating(told):
        return column
    if pa.types.is_integer(told) and _within(column, -EXACT, EXACT):
        return column
    if pa.types.is_decimal(told) and _within(column, -EXACT, EXACT):
        return column.cast(pa.float64() if told.scale else pa.int64())
    if pa.types.is_date(told) and _within(column, dt.date(YEARS[0], 1, 1), dt.date(YEARS[1], 12, 31)):
        return column
    if pa.types.is_timestamp(told):
        try:
            # What Python can tell as a time, a browser can.
            pc.min_max(column).as_py()
        except (OverflowError, ValueError):
            pass
        else:
            return column.cast(pa.timestamp("us", told.tz), safe=False)
    if pa.types.is_dictionary(told) and pa.types.is_string(told.value_type):
        return column.cast(pa.string())
    values = (row[alone.column_names[0]] for row in formats.rows(alone))
    return pa.chunked_array(
        [pa.array([None if value is None else _text(value) for value in values], pa.string())]
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else formats.cell(value)


def _within(column: pa.ChunkedArray, least: Any, most: Any) -> bool:
    try:
        found = pc.min_max(column).as_py()
    except (OverflowError, ValueError):
        return False
    return found["min"] is None or (found["min"] >= least and found["max"] <= most)
