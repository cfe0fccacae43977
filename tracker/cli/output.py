"""How rows leave the command: a table for people; CSV, JSON and Parquet for machines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracker import formats
from tracker.errors import StoreUnavailable
from tracker.formats import Rows

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.console import Console
    from rich.text import Text

    from tracker.tracker import Tracker

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("table", "csv", "json")

BY = click.option("--by", required=True, envvar="TRACKER_BY", help="Your name; also TRACKER_BY.")
EXPECT = click.option(
    "--expect-version",
    type=click.IntRange(min=0),
    metavar="N",
    help="Refuse if it has changed since version N.",
)
RAW = click.option(
    "--raw",
    is_flag=True,
    help="In CSV, no apostrophe before texts that spreadsheets would take for formulas.",
)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would move, and record nothing.")


def format_option(*formats: str) -> Callable[[Command], Command]:
    """`--format` with the given choices; the first is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print.",
    )


def folder(ctx: click.Context) -> Path:
    """The store folder that `--store` names, or the default one."""
    from tracker import config

    return Path(ctx.obj).expanduser() if ctx.obj else config.default_store()


def opened(ctx: click.Context) -> Tracker:
    """The tracker on the store that `--store` names, announcing a new store on standard error."""
    from tracker import config
    from tracker.store import Store
    from tracker.terms import Door
    from tracker.tracker import Tracker

    if folder(ctx).exists() and not folder(ctx).is_dir():
        raise StoreUnavailable("not-a-folder", path=str(folder(ctx)))
    new = not Store(folder(ctx)).exists()
    found = Tracker.open(folder(ctx), door=Door.COMMAND)
    if new:
        click.echo(f"tracker: new store at {found.store.folder}, filled from {config.seed().name}", err=True)
    return found


def emit(rows: Rows, columns: Sequence[str], form: str, *, raw: bool = False) -> None:
    """Print rows to standard output."""
    if form == "json":
        click.echo(formats.as_json([{c: row[c] for c in columns} for row in rows]))
    elif form == "csv":
        put(formats.as_csv(rows, columns, raw=raw))
    else:
        as_table(rows, columns)


def plain(told: str, style: str = "") -> Text:
    """What the data say, for the terminal: neither markup, as in square brackets, nor a control sequence."""
    from rich.text import Text

    return Text(formats.shown(told), style=style)


def put(told: str) -> None:
    """Print what another program is to read; where a person looks, nothing of it steers the terminal."""
    click.echo(formats.shown(told) if sys.stdout.isatty() else told, nl=False)


def as_table(rows: Rows, columns: Sequence[str], *, may_go: Sequence[str] = ()) -> None:
    """A table as wide as the terminal, or as wide as it needs when nobody looks.

    `may_go` names columns that a narrow terminal does without, the first to go first.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=10_000)
    texts = [[plain(formats.cell(row[c])) for c in columns] for row in rows]
    widths = {
        name: max(plain(name).cell_len, *(line[place].cell_len for line in texts), 0)
        for place, name in enumerate(columns)
    }
    shown = list(widths)
    leaving = list(may_go)
    while not (fits := _needed(widths[c] for c in shown) <= console.width) and leaving:
        shown.remove(leaving.pop(0))
    if sum(min(widths[c], _SPLINTER) + _GAP for c in shown) > console.width + _GAP:
        _as_records(console, texts, shown)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in shown:
        numeric = bool(rows) and all(isinstance(r[name], int | float | None) for r in rows)
        # Where there is room, only long texts are broken; a word or a date stays in one piece.
        table.add_column(
            plain(name),
            overflow="fold",
            justify="right" if numeric else "left",
            no_wrap=fits and widths[name] <= _WORD,
        )
    for line in texts:
        table.add_row(*(text for name, text in zip(columns, line, strict=True) if name in shown))
    console.print(table)


_WORD = 36
"""Cells up to which a column is not broken over lines."""
_PROSE = 24
"""Cells that a column of longer texts needs at least."""
_SPLINTER = 10
"""Cells below which a column of broken words cannot be read."""
_GAP = 3


def _as_records(console: Console, texts: list[list[Text]], columns: Sequence[str]) -> None:
    """Rows one below the other, a line for each value: for more columns than fit side by side."""
    from rich.table import Table

    for position, line in enumerate(texts):
        record = Table.grid(padding=(0, 2))
        for name, text in zip(columns, line, strict=True):
            record.add_row(plain(name), text)
        console.print(record, end="\n" if position == len(texts) - 1 else "\n\n")


def _needed(widths: Iterable[int]) -> int:
    """Cells that a table needs at least."""
    return sum((width if width <= _WORD else _PROSE) + _GAP for width in widths) - _GAP


def write_table(table: pa.Table, form: str, target: Path | None, *, raw: bool = False) -> None:
    """An answer to SQL, to a file or to standard output."""
    if form == "xlsx":
        workbook = formats.table_as_xlsx(table)
        if target is None:
            sys.stdout.buffer.write(workbook)
        else:
            target.write_bytes(workbook)
        return
    if form == "parquet":
        import pyarrow.parquet as pq

        pq.write_table(formats.distinct(table), target if target is not None else sys.stdout.buffer)
        return
    if form == "table":
        named = formats.distinct(table)
        as_table(formats.rows(named), named.column_names)
        return
    if form == "csv":
        told = formats.table_as_csv(table, raw=raw)
    else:
        told = formats.as_json(formats.rows(formats.distinct(table))) + "\n"
    if target is None:
        put(told)
    else:
        target.write_text(told, encoding="utf-8")
