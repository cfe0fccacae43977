"""Commands that ask: info, list, show, sql."""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path
from typing import Any

import click

from tracker import formats, terms
from tracker.cli import output
from tracker.errors import BadFile, QueryRefused, StoreUnavailable

DAY = click.DateTime(formats=["%Y-%m-%d"])
_TABLE = ("id", "title", "stage", "status", "stage_since", "schedule", "confidence")
_MAY_GO = ("confidence", "stage_since", "schedule", "stage")
"""Columns that a narrow terminal does without, in this order."""


def _words(enum: Any) -> click.Choice[str]:
    return click.Choice([member.value for member in enum])


@click.command("info")
@output.format_option("table", "json")
@click.pass_context
def info_command(ctx: click.Context, /, form: str) -> None:
    """Say where the store is and what it holds."""
    from importlib.metadata import version

    found = output.opened(ctx).info() | {"version": version("commitment-tracker")}
    if form == "json":
        click.echo(formats.as_json(found))
        return
    for name, value in (found | found.pop("counts")).items():
        click.echo(f"{name:<16}{formats.cell(value)}")


@click.command("list")
@click.option("--status", type=_words(terms.Status), metavar="STATUS", help="Only this status.")
@click.option("--stage", type=_words(terms.Stage), metavar="STAGE", help="Only this stage.")
@click.option("--kind", type=_words(terms.Kind), metavar="KIND", help="Only this kind.")
@click.option("--pillar", metavar="TEXT", help="Only pillars with this text in their name.")
@click.option("--schedule", type=_words(terms.Schedule), metavar="SCHEDULE", help="Only this schedule.")
@click.option("--disputed", is_flag=True, help="Only those about which sources disagree.")
@click.option("--search", metavar="TEXT", help="Only those with this text in id, title, pledge or bodies.")
@click.option("--as-of", type=DAY, metavar="DAY", help="As it stood on a day.")
@click.option("--known-on", type=DAY, metavar="DAY", help="By what was on record at the end of a day (UTC).")
@output.format_option(*output.FORMATS)
@click.pass_context
def list_command(
    ctx: click.Context,
    /,
    form: str,
    disputed: bool,
    as_of: dt.datetime | None,
    known_on: dt.datetime | None,
    **filters: str | None,
) -> None:
    """List commitments as they stand.

    The table shows the columns that fit your terminal, csv and json have all of them.
    The words to filter by, in order: tracker sql "from lifecycle"
    """
    rows = output.opened(ctx).commitments(
        **filters,
        disputed=True if disputed else None,
        as_of=as_of.date() if as_of else None,
        known_on=known_on.date() if known_on else None,
    )
    if form == "table":
        output.as_table(rows, _TABLE, may_go=_MAY_GO)
    else:
        output.emit(rows, _columns(), form)


def _columns() -> list[str]:
    """The columns of the SQL view, which must not drift."""
    from tracker.queries import COMMITMENT_COLUMNS

    return list(COMMITMENT_COLUMNS)


@click.command("show")
@click.argument("commitment_id", metavar="ID")
@click.option("--as-of", type=DAY, metavar="DAY", help="As it stood on a day.")
@output.format_option("text", "json")
@click.pass_context
def show_command(ctx: click.Context, /, commitment_id: str, as_of: dt.datetime | None, form: str) -> None:
    """Show one commitment on one sheet.

    What was promised, how far it is, how we know, what is still missing, who disagrees.
    """
    from tracker.cli import sheet

    tracker = output.opened(ctx)
    with tracker.store.reading() as con:
        found = sheet.collect(con, commitment_id, as_of.date() if as_of else None)
    if form == "json":
        click.echo(formats.as_json(found))
    else:
        sheet.print_text(found)


@click.command("sql")
@click.argument("query", required=False)
@click.option(
    "-f", "--file", "path", type=click.Path(path_type=Path, dir_okay=False), help="Read it from a file."
)
@output.format_option("table", "csv", "json", "parquet")
@click.option(
    "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file instead."
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most so many rows.")
@click.pass_context
def sql_command(
    ctx: click.Context,
    /,
    query: str | None,
    path: Path | None,
    form: str,
    target: Path | None,
    limit: int | None,
) -> None:
    """Ask in SQL, with one statement that reads.

    QUERY is the statement, or - to read it from standard input. What can be asked:
    tracker sql "show all tables"
    """
    from tracker import sql

    if (query is None) == (path is None):
        raise click.UsageError("give a query, - for standard input, or -f FILE")
    if form == "parquet" and target is None and sys.stdout.isatty():
        raise click.UsageError("--format parquet needs --output FILE")
    if target is not None and form == "table":
        raise click.UsageError("--output goes with --format csv, json or parquet")
    text = _text(query, path)
    try:
        answer = sql.run(output.opened(ctx).store, text, limit=limit, seconds=60)
    except QueryRefused as error:
        raise _pointed(error) from error
    try:
        output.write_table(answer.table, form, target)
    except OSError as error:
        if target is None:
            raise
        raise StoreUnavailable("unwritable", path=str(target), detail=error.strerror) from error
    if answer.truncated:
        click.echo(f"tracker: only the first {answer.table.num_rows} rows; there are more", err=True)


def _pointed(error: QueryRefused) -> QueryRefused:
    """The same error with the engine's drawing of the place reduced to the number of its line."""
    detail = re.sub(
        r"\s*^LINE (\d+):.*", r" (line \1)", str(error.facts.get("detail", "")), flags=re.M | re.S
    )
    return QueryRefused(error.code, **{**error.facts, "detail": detail})


def _text(query: str | None, path: Path | None) -> str:
    name = str(path) if path is not None else "standard input"
    try:
        if path is not None:
            return path.read_text(encoding="utf-8")
        return sys.stdin.buffer.read().decode() if query == "-" else query or ""
    except OSError as error:
        raise BadFile("unreadable", path=name, detail=error.strerror) from error
    except UnicodeDecodeError as error:
        raise BadFile("not-text", path=name) from error
