"""Commands that enter things and revise them: add, revise."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

import click

from tracker import formats
from tracker.cli import output
from tracker.errors import BadFile

_MOST = 4 << 20
"""Bytes of a file of fields; the content of one entry has fewer."""
_THINGS = ("dataset", "source", "agreement", "commitment", "dispute")


def _print_fields(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Say which fields a thing has, and leave."""
    if wanted:
        from tracker.cli import fields

        click.echo(fields.describe(_model(ctx.params["thing"]).model_json_schema()))
        ctx.exit()


@click.command("add")
@click.argument("thing", type=click.Choice(_THINGS), is_eager=True)
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option(
    "-f", "--file", "path", type=click.Path(path_type=Path), help="JSON object with the fields; - for stdin."
)
@click.option(
    "--fields",
    "wanted",
    is_flag=True,
    expose_value=False,
    callback=_print_fields,
    help="Print the fields that THING has, and do nothing.",
)
@output.BY
@click.pass_context
def add_command(ctx: click.Context, thing: str, fields: tuple[str, ...], path: Path | None, by: str) -> None:
    """Enter a source, agreement, commitment, dispute, or dataset (what a data set is about).

    Fields are given one by one, nested ones as JSON: title="…" parties='["…"]'
    All fields of a thing, and which it needs: tracker add THING --fields
    """
    entered = _model(thing).parse(_object(path) | _fields(fields))
    tracker = output.opened(ctx)
    tracker.add(entered, by=by)
    click.echo(f"{thing} {entered.id}: version 1")


@click.command("revise")
@click.argument("thing", type=click.Choice(_THINGS))
@click.argument("thing_id", metavar="ID")
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option(
    "-f", "--file", "path", type=click.Path(path_type=Path), help="JSON object with the fields; - for stdin."
)
@click.option("--because", metavar="TEXT", help="Why it replaces what was said before.")
@output.BY
@output.DRY_RUN
@output.EXPECT
@click.option("--merge", is_flag=True, help="Keep other fields as others changed them since version N.")
@output.format_option("text", "json")
@click.pass_context
def revise_command(
    ctx: click.Context,
    /,
    thing: str,
    thing_id: str,
    fields: tuple[str, ...],
    path: Path | None,
    because: str | None,
    by: str,
    dry_run: bool,
    expect_version: int | None,
    merge: bool,
    form: str,
) -> None:
    """Change fields of something on record.

    What is not named stays as it is, and what was said before stays in the ledger. The
    fields of a thing: tracker add THING --fields
    """
    from tracker import holdings

    tracker = output.opened(ctx)
    with tracker.store.reading() as con:
        version, content = holdings.content(con, thing, thing_id)
    # The reason is that of one change; the next has its own or none.
    content.pop("because", None)
    told = content | _object(path) | _fields(fields) | {"id": thing_id}
    changed = _model(thing).parse(told | ({"because": because} if because is not None else {}))
    # Without a stated version the one just read is meant: what was not named must not be undone.
    expected = expect_version if expect_version is not None else version
    merge = merge or expect_version is None
    if dry_run:
        from tracker.cli import change
        from tracker.ledger import Draft

        change.rehearse(tracker, [Draft.revise(changed, expected)], by, form, merge=merge)
        return
    new = tracker.revise(changed, expect_version=expected, by=by, merge=merge)
    if form == "json":
        click.echo(formats.as_json({"thing": thing, "id": thing_id, "version": new}))
    else:
        click.echo(f"{thing} {thing_id}: version {new}")


def _model(thing: str) -> Any:
    from tracker import models
    from tracker.terms import Entity

    return models.THINGS[Entity(thing)]


def _fields(pairs: tuple[str, ...]) -> dict[str, Any]:
    """`name=value` pairs; a value that is a JSON object, list, true, false or null is read as such."""
    told: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise click.UsageError(f"expected FIELD=VALUE, got {pair!r}")
        told[name] = value
        if value[:1] in ("{", "[") or value in ("true", "false", "null"):
            with contextlib.suppress(json.JSONDecodeError):
                told[name] = json.loads(value)
    return told


def _object(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    name = "standard input" if str(path) == "-" else str(path)
    try:
        with sys.stdin.buffer if str(path) == "-" else path.open("rb") as file:
            data = file.read(_MOST + 1)
        if len(data) > _MOST:
            raise BadFile("file-too-large", path=name, megabytes=len(data) / (1 << 20), most=_MOST >> 20)
        value = json.loads(data)
    except OSError as error:
        raise BadFile("unreadable", path=name, detail=error.strerror) from error
    except (ValueError, RecursionError) as error:
        raise BadFile("not-json", path=name) from error
    if not isinstance(value, dict):
        raise BadFile("not-json", path=name)
    return value
