"""Values and tables as text that other programs read: JSON and CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Rows = Sequence[Mapping[str, Any]]

# Controls but for tab and line feed, and what overrides the direction of writing.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def as_json(value: Any) -> str:
    """JSON with readable Hangul and ISO dates, and nothing in it that steers a terminal."""
    told = json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", told)


def shown(text: str, most: int | None = None) -> str:
    """Text for people: what would steer a terminal is spelled out, and what is beyond `most` is cut."""
    if most is not None and len(text) > most:
        text = text[:most] + "…"
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def as_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """CSV (RFC 4180) with a header; nested values as JSON, times in ISO 8601."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row[c]) for c in columns])
    return out.getvalue()


def table_as_csv(table: pa.Table) -> str:
    """CSV of an Arrow table, every column under a name of its own."""
    named = distinct(table)
    # A part at a time: a row takes many times more room in Python than in Arrow.
    parts = (named.slice(start, _PART) for start in range(0, named.num_rows, _PART))
    return as_csv((row for part in parts for row in rows(part)), named.column_names)


_PART = 5000


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """The rows of a table whose columns have names of their own; days that Python does not know as text."""
    columns = []
    for column in table.columns:
        try:
            columns.append(column.to_pylist())
        except (OverflowError, ValueError):
            columns.append([_value(scalar) for scalar in column])
    return [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def _value(scalar: Any) -> Any:
    """One value of a table of which some are beyond the years that Python knows."""
    import numpy as np
    import pyarrow as pa

    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        if isinstance(scalar, pa.MapScalar):
            return [(_value(entry["key"]), _value(entry["value"])) for entry in scalar.values]
        if isinstance(scalar, pa.StructScalar):
            return {key: _value(value) for key, value in scalar.items()}
        if isinstance(scalar, pa.ListScalar):
            return [_value(value) for value in scalar]
        width = 2**31 if isinstance(scalar, pa.Date32Scalar) else 2**63
        if abs(scalar.value) == width - 1:
            return "infinity" if scalar.value > 0 else "-infinity"
        return str(np.datetime64(scalar.value, getattr(scalar.type, "unit", "D")))


def distinct(table: pa.Table) -> pa.Table:
    """The table with a name of its own for every column: SQL may name two alike, a mapping may not."""
    names: list[str] = []
    for name in table.column_names:
        number, told = 1, name
        while told in names or (number > 1 and told in table.column_names):
            number += 1
            told = f"{name}_{number}"
        names.append(told)
    return table.rename_columns(names)


def cell(value: Any) -> str:
    """One value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict | tuple):
        return json.dumps(plain(value), ensure_ascii=False)
    return str(value) if isinstance(value, int | float | Decimal) else str(plain(value))


def plain(value: Any) -> Any:
    """The value in what JSON knows: times in ISO 8601, bytes in hexadecimal, the rest as text."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, dt.datetime):
        return value.isoformat() if value.tzinfo else value.isoformat() + "Z"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, int | float | str) else str(value)
