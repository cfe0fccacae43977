"""Commands that ask: info, list, show, sql."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from tracker import formats, queries, terms
from tracker.cli import output
from tracker.clocks import At
from tracker.errors import BadFile, Invalid, Problem, QueryRefused, StoreUnavailable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tracker.dates import Edtf

DAY = click.DateTime(formats=["%Y-%m-%d"])
_TABLE = ("id", "title", "stage", "status", "stage_since", "schedule", "confidence")
_MAY_GO = ("confidence", "stage_since", "schedule", "stage")
"""Columns that a narrow terminal does without, in this order."""
_LOOK = ("id", "title", "schedule", "evidence_reaches", "last_checked", "silent", "days")
AS_OF = click.option("--as-of", type=DAY, metavar="DAY", help="As it stood on a day.")
KNOWN_ON = click.option(
    "--known-on", type=DAY, metavar="DAY", help="By what was on record at the end of a day (UTC)."
)


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
    from tracker.words import Words

    words = Words("en")
    for name, value in (found | found.pop("counts")).items():
        remark = f"  ({words(f'info.{name}')})" if f"info.{name}" in words else ""
        click.echo(f"{name:<16}{formats.cell(value)}{remark}")


@click.command("list")
@click.option("--status", type=_words(terms.Status), metavar="STATUS", help="Only this status.")
@click.option("--stage", type=_words(terms.Stage), metavar="STAGE", help="Only this stage.")
@click.option("--kind", type=_words(terms.Kind), metavar="KIND", help="Only this kind.")
@click.option("--pillar", metavar="TEXT", help="Only this pillar, or those with this text in their name.")
@click.option("--schedule", type=_words(terms.Schedule), metavar="SCHEDULE", help="Only this schedule.")
@click.option("--disputed", is_flag=True, help="Only those about which sources disagree.")
@click.option(
    "--search",
    metavar="TEXT",
    help="Only those with this text in id, title, pledge, bodies or sources, in any language.",
)
@click.option("--due", metavar="EDTF", help="Only those whose stated date may fall within: 2026, 2026-11 …")
@click.option("--claimed", is_flag=True, help="Only those of which sources say more than they prove.")
@AS_OF
@KNOWN_ON
@click.option(
    "--sort",
    type=click.Choice(list(queries.SORTS)),
    help="Order; by title, headline commitments and titles that a search finds first, where none is named.",
)
@click.option("--needs-look", is_flag=True, help="Only open ones, those worth a search most first.")
@output.format_option(*output.FORMATS)
@output.RAW
@click.pass_context
def list_command(
    ctx: click.Context,
    /,
    form: str,
    raw: bool,
    disputed: bool,
    due: str | None,
    claimed: bool,
    as_of: dt.datetime | None,
    known_on: dt.datetime | None,
    needs_look: bool,
    **filters: Any,
) -> None:
    """List commitments as they stand.

    The table shows the columns that fit your terminal, csv and json have all of them.
    The words to filter by, in order: tracker sql "from lifecycle"
    """
    if needs_look and ctx.get_parameter_source("sort") is not ParameterSource.DEFAULT:
        raise click.UsageError("--needs-look has an order of its own; leave out --sort")
    filters |= {"disputed": True if disputed else None, "claimed": claimed or None}
    filters["due"] = _date(due) if due is not None else None
    at = At.of(_day(as_of), _day(known_on))
    with output.opened(ctx).store.reading() as con:
        rows = queries.commitments(con, **filters, at=at)
        claims = queries.claims(con, [row["id"] for row in rows], at) if form == "table" else {}
        if needs_look:
            _emit_looks(con, {row["id"] for row in rows}, at, form, raw)
            return
    if form == "table":
        output.as_table([_told(row, claims) for row in rows], _TABLE, may_go=_MAY_GO)
    else:
        output.emit(rows, queries.COMMITMENT_COLUMNS, form, raw=raw)


def _day(day: dt.datetime | None) -> dt.date | None:
    return day.date() if day is not None else None


def _date(text: str) -> Edtf:
    """A vague date. Raises `Invalid`."""
    from tracker.dates import Edtf, EndBeforeStart

    try:
        return Edtf(text.strip())
    except EndBeforeStart as error:
        raise Invalid([Problem("--due", "end_before_start")]) from error
    except ValueError as error:
        raise Invalid([Problem("--due", "edtf")]) from error


def _told(row: queries.Row, claims: dict[str, str]) -> queries.Row:
    """A row whose stage says, too, what sources claim beyond it."""
    if row["id"] not in claims:
        return row
    from tracker.words import Words

    claimed = Words("en")("sheet.claimed", stage=claims[row["id"]])
    return row | {"stage": f"{row['stage']} ({claimed})"}


def _emit_looks(con: DuckDBPyConnection, chosen: set[str], at: At, form: str, raw: bool) -> None:
    """Print the chosen commitments by how much a search for them is worth."""
    from tracker import agenda

    rows = [row for row in agenda.needs_look(con, at, limit=2**62) if row["id"] in chosen]
    if form == "table":
        from tracker.words import Words

        # Nobody looked, and nothing is known: neither is an empty cell.
        words = Words("en")
        never, nowhere = words("sheet.never"), words("sheet.nowhere")
        rows = [
            row
            | {
                "last_checked": row["last_checked"] or never,
                "evidence_reaches": row["evidence_reaches"] or nowhere,
            }
            for row in rows
        ]
        output.as_table(rows, _LOOK, may_go=("days", "schedule", "silent"))
    else:
        output.emit(rows, _LOOK, form, raw=raw)


@click.command("show")
@click.argument("commitment_id", metavar="ID")
@AS_OF
@KNOWN_ON
@output.format_option("text", "json")
@click.pass_context
def show_command(
    ctx: click.Context,
    /,
    commitment_id: str,
    as_of: dt.datetime | None,
    known_on: dt.datetime | None,
    form: str,
) -> None:
    """Show one commitment on one sheet.

    What was promised; how far it is by what officials say, what the evidence supports and
    the calendar; how we know, what is still missing, who disagrees.
    """
    from tracker.cli import sheet

    tracker = output.opened(ctx)
    with tracker.store.reading() as con:
        found = sheet.collect(con, commitment_id, _day(as_of), _day(known_on))
    if form == "json":
        click.echo(formats.as_json(found))
    else:
        from tracker.cli import sheet_text

        sheet_text.print_text(found)


@click.command("sql")
@click.argument("query", required=False)
@click.option(
    "-f", "--file", "path", type=click.Path(path_type=Path, dir_okay=False), help="Read it from a file."
)
@output.format_option("table", "csv", "json", "parquet", "xlsx")
@output.RAW
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
    raw: bool,
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
    if form in ("parquet", "xlsx") and target is None and sys.stdout.isatty():
        raise click.UsageError(f"--format {form} needs --output FILE")
    if target is not None and form == "table":
        raise click.UsageError("--output goes with --format csv, json, parquet or xlsx")
    text = _text(query, path)
    sql.warm_up()
    try:
        answer = sql.run(output.opened(ctx).store, text, limit=limit, seconds=60)
    except QueryRefused as error:
        raise _pointed(error) from error
    try:
        output.write_table(answer.table, form, target, raw=raw)
    except OSError as error:
        if target is None:
            raise
        raise StoreUnavailable("unwritable", path=str(target), detail=error.strerror) from error
    if answer.truncated:
        click.echo(f"tracker: only the first {answer.table.num_rows} rows; there are more", err=True)


def _pointed(error: QueryRefused) -> QueryRefused:
    """The same error on one line, with the place of the fault; a terminal gets a drawing of it, too."""
    facts: dict[str, Any] = dict(error.facts)
    if "line" not in facts:
        return error
    from tracker.words import Words

    detail, drawn = facts["detail"].rsplit("\n\n", 1)
    if sys.stderr.isatty():
        click.echo(drawn, err=True)
    shown, begin, end = facts["shown"], facts["begin"], facts["end"]
    marked = f"{shown[:begin]}>>{shown[begin:end]}<<{shown[end:]}"
    place = Words("en")("command.place", line=facts["line"], column=facts["column"], shown=marked.strip())
    return QueryRefused(error.code, **facts | {"detail": f"{detail} {place}"})


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
