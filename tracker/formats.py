"""Values and tables as other programs read them: JSON, CSV and workbooks of spreadsheets."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tracker.errors import Refused

if TYPE_CHECKING:
    import pyarrow as pa

Rows = Sequence[Mapping[str, Any]]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a workbook."""
CELLS = 500_000
"""Cells that a workbook may have here; more take a spreadsheet minutes to open, and us to write."""
COLUMNS = 16_384
CHARACTERS = 32_767
"""Columns of a sheet and characters of a cell that the format allows; a longer text is cut."""
_PART = 5000
# What spreadsheets take for the beginning of a formula, wide forms included, after white space that
# some of them skip; and the apostrophes that we put before it.
_FORMULA = re.compile(r"[\s']*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?%?")
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


def as_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, raw: bool = False) -> str:
    """CSV (RFC 4180) with a header; nested values as JSON, times in ISO 8601.

    Spreadsheets compute what begins like a formula, even in quotation marks. A text that does so
    gets an apostrophe before it, and so does one that has such an apostrophe already; numbers
    stay as they are. With `raw` every text stays as it is.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    told = cell if raw else inert
    writer.writerow([told(name) for name in columns])
    for row in rows:
        writer.writerow([told(row[c]) for c in columns])
    return out.getvalue()


def table_as_csv(table: pa.Table, *, raw: bool = False) -> str:
    """CSV of an Arrow table, every column under a name of its own."""
    named = distinct(table)
    return as_csv(_by_parts(named), named.column_names, raw=raw)


def inert(value: Any) -> str:
    """One value as text that no spreadsheet computes."""
    text = cell(value)
    computed = isinstance(value, str) and _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if computed else text


def table_as_xlsx(table: pa.Table) -> bytes:
    """A workbook (Office Open XML) of one sheet: texts as texts, numbers and days as such, lists as JSON.

    No cell is a formula or a link. Raises `Refused` for a table that is too large for a workbook.
    """
    # It costs a tenth of a second to import.
    import xlsxwriter

    named = distinct(table)
    if not fits_workbook(named.num_rows, named.num_columns):
        facts = {"rows": named.num_rows, "columns": named.num_columns}
        raise Refused("workbook-too-large", cells=CELLS, most=COLUMNS, **facts)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": True}) as book:
        sheet = book.add_worksheet()
        looks: dict[type, Any] = {
            dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        heading = book.add_format({"bold": True})
        for place, name in enumerate(named.column_names):
            sheet.write_string(0, place, _fitting(name), heading)
        sheet.freeze_panes(1, 0)
        for line, row in enumerate(_by_parts(named), start=1):
            for place, value in enumerate(row.values()):
                _write(sheet, line, place, value, looks)
    return file.getvalue()


def fits_workbook(rows: int, columns: int) -> bool:
    """Whether a table of this size is written as a workbook."""
    return rows * columns <= CELLS and columns <= COLUMNS


def _write(sheet: Any, line: int, place: int, value: Any, looks: Mapping[type, Any]) -> None:
    """One cell, in the type that keeps the value whole; there is one for texts, which takes any value."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float | Decimal) and _exact(value):
        sheet.write_number(line, place, float(value))
    elif type(value) in looks and value.year >= 1900 and getattr(value, "tzinfo", None) is None:
        sheet.write_datetime(line, place, value, looks[type(value)])
    else:
        sheet.write_string(line, place, _fitting(cell(value)))


def _exact(number: float | Decimal) -> bool:
    """Whether spreadsheets, which keep fifteen digits, keep it as it is."""
    if isinstance(number, int):
        return abs(number) < 10**15
    digits = len(number.as_tuple().digits) if isinstance(number, Decimal) else 0
    return digits <= 15 and math.isfinite(float(number))


def _fitting(text: str) -> str:
    """As much of a text as a cell takes, which counts in units of UTF-16."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CHARACTERS:
        return text
    return units[: 2 * (CHARACTERS - 1)].decode("utf-16-le", errors="ignore") + "…"


def _by_parts(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows, made a part at a time: one takes many times more room in Python than in Arrow."""
    for start in range(0, table.num_rows, _PART):
        yield from rows(table.slice(start, _PART))


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
