"""How rows leave the command: a table for people; CSV, JSON and Parquet for machines."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("table", "csv", "json")
Rows = Sequence[Mapping[str, Any]]


def format_option(*formats: str) -> Any:
    """`--format` with the given choices; the first is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print.",
    )


def opened(ctx: click.Context) -> Any:
    """The tracker on the store that `--store` names, announcing a new store on standard error."""
    from tracker import config
    from tracker.tracker import Tracker

    folder = Path(ctx.obj).expanduser() if ctx.obj else config.default_store()
    if not (folder / "ledger.duckdb").exists() and not (folder / "commitments.duckdb").exists():
        click.echo(f"tracker: new store at {folder}, filled from {config.seed().name}", err=True)
    return Tracker.open(folder)


def emit(rows: Rows, columns: Sequence[str], form: str) -> None:
    """Print rows to standard output."""
    if form == "json":
        click.echo(as_json([{c: row[c] for c in columns} for row in rows]))
    elif form == "csv":
        click.echo(as_csv(rows, columns), nl=False)
    else:
        as_table(rows, columns)


def as_json(value: Any) -> str:
    """JSON with readable Hangul and ISO dates."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=plain)


def as_csv(rows: Rows, columns: Sequence[str]) -> str:
    """CSV (RFC 4180) with a header; nested values as JSON, times in ISO 8601."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(row[c]) for c in columns])
    return out.getvalue()


def as_table(rows: Rows, columns: Sequence[str]) -> None:
    """A table as wide as the terminal, or as wide as it needs when nobody looks."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=False)
    if not sys.stdout.isatty():
        console = Console(highlight=False, width=10_000)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for position, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(r[column], int | float | None) for r in rows)
        table.add_column(
            column, overflow="fold", justify="right" if numeric else "left", no_wrap=position == 0
        )
    for row in rows:
        # Text, not markup: what a source wrote in square brackets is not a style.
        table.add_row(*(Text(cell(row[c])) for c in columns))
    console.print(table)


def cell(value: Any) -> str:
    """One value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=plain)
    return str(plain(value))


def plain(value: Any) -> Any:
    """Dates and times in ISO 8601; anything else unknown to JSON as text."""
    if isinstance(value, dt.datetime):
        text = value.isoformat()
        return text if value.tzinfo else text + "Z"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value if isinstance(value, int | float | str) else str(value)


def write_table(table: pa.Table, form: str, target: Path | None) -> None:
    """An answer to SQL, to a file or to standard output."""
    if form == "parquet":
        import pyarrow.parquet as pq

        pq.write_table(table, target if target is not None else sys.stdout.buffer)
        return
    columns = _unique(table.column_names)
    rows = table.rename_columns(columns).to_pylist()
    if target is None:
        emit(rows, columns, form)
    elif form == "csv":
        target.write_text(as_csv(rows, columns), encoding="utf-8")
    elif form == "json":
        target.write_text(as_json(rows) + "\n", encoding="utf-8")
    else:
        raise click.UsageError("--output goes with --format csv, json or parquet")


def _unique(names: Sequence[str]) -> list[str]:
    """SQL may name two columns alike; a mapping may not."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return out
