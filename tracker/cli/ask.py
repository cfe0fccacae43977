"""Commands that ask: info, list, show, sql."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click

from tracker import terms
from tracker.cli import output

DAY = click.DateTime(formats=["%Y-%m-%d"])
_TABLE = ("id", "title", "stage", "status", "stage_since", "schedule", "confidence")


def _words(enum: Any) -> click.Choice[str]:
    return click.Choice([member.value for member in enum])


@click.command("info")
@output.format_option("table", "json")
@click.pass_context
def info_command(ctx: click.Context, form: str) -> None:
    """Where the store is, what it holds, and the version of its data."""
    from importlib.metadata import version

    found = output.opened(ctx).info() | {"version": version("commitment-tracker")}
    if form == "json":
        click.echo(output.as_json(found))
        return
    counts = found.pop("counts")
    rows = [{"name": k, "value": v} for k, v in (found | counts).items()]
    output.as_table(rows, ("name", "value"))


@click.command("list")
@click.option("--status", type=_words(terms.Status), help="Only this status.")
@click.option("--stage", type=_words(terms.Stage), help="Only this stage.")
@click.option("--kind", type=_words(terms.Kind), help="Only this kind.")
@click.option("--pillar", help="Only pillars with this text in their name.")
@click.option("--schedule", type=_words(terms.Schedule), help="Only this schedule.")
@click.option("--disputed", is_flag=True, help="Only those about which sources disagree.")
@click.option("--search", metavar="TEXT", help="Only those with this text in id, title, pledge or bodies.")
@click.option("--as-of", type=DAY, metavar="DAY", help="As it stood on a day.")
@click.option("--known-on", type=DAY, metavar="DAY", help="By what was on record at the end of a day (UTC).")
@output.format_option(*output.FORMATS)
@click.pass_context
def list_command(
    ctx: click.Context,
    form: str,
    disputed: bool,
    as_of: dt.datetime | None,
    known_on: dt.datetime | None,
    **filters: str | None,
) -> None:
    """Commitments as they stand. The table shows some columns, csv and json all of them."""
    rows = output.opened(ctx).commitments(
        **filters,
        disputed=True if disputed else None,
        as_of=as_of.date() if as_of else None,
        known_on=known_on.date() if known_on else None,
    )
    output.emit(rows, _TABLE if form == "table" else _columns(), form)


def _columns() -> list[str]:
    """The columns of the SQL view, which must not drift."""
    from tracker.queries import COMMITMENT_COLUMNS

    return list(COMMITMENT_COLUMNS)


@click.command("show")
@click.argument("commitment_id", metavar="ID")
@click.option("--as-of", type=DAY, metavar="DAY", help="As it stood on a day.")
@output.format_option("text", "json")
@click.pass_context
def show_command(ctx: click.Context, commitment_id: str, as_of: dt.datetime | None, form: str) -> None:
    """One commitment: what was promised, how far it is, how we know, what is missing."""
    from tracker.cli import sheet

    tracker = output.opened(ctx)
    with tracker.store.reading() as con:
        found = sheet.collect(con, commitment_id, as_of.date() if as_of else None)
    if form == "json":
        click.echo(output.as_json(found))
    else:
        sheet.print_text(found)


@click.command("sql")
@click.argument("query", required=False)
@click.option("-f", "--file", "path", type=click.Path(path_type=Path, dir_okay=False), help="Read it from a file.")
@output.format_option("table", "csv", "json", "parquet")
@click.option(
    "--output", "target", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file instead."
)
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most so many rows.")
@click.pass_context
def sql_command(
    ctx: click.Context,
    query: str | None,
    path: Path | None,
    form: str,
    target: Path | None,
    limit: int | None,
) -> None:
    """Ask in SQL: one statement that reads. Use - to read it from standard input."""
    from tracker import sql

    if (query is None) == (path is None):
        raise click.UsageError("give a query, - for standard input, or -f FILE")
    if form == "parquet" and target is None and sys.stdout.isatty():
        raise click.UsageError("--format parquet needs --output FILE")
    tracker = output.opened(ctx)
    answer = sql.run(tracker.store, _text(query, path), limit=limit, seconds=60)
    try:
        output.write_table(answer.table, form, target)
    except OSError as error:
        from tracker.errors import StoreUnavailable

        raise StoreUnavailable("unwritable", path=str(target), detail=error.strerror) from error
    if answer.truncated:
        click.echo(f"tracker: first {answer.table.num_rows} rows of more", err=True)


def _text(query: str | None, path: Path | None) -> str:
    from tracker.errors import BadFile

    if path is None:
        return sys.stdin.read() if query == "-" else query or ""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile("unreadable", path=str(path), detail=getattr(error, "strerror", "not text")) from error
