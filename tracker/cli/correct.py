"""Commands that correct, and show what was corrected: withdraw, diff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker import formats
from tracker.cli import change, output
from tracker.errors import Refused
from tracker.terms import Entity
from tracker.words import Words

if TYPE_CHECKING:
    from rich.text import Text

    from tracker.queries import Row

_THINGS = {
    "event": Entity.COMMITMENT,
    "source": Entity.SOURCE,
    "check": Entity.CHECK,
    "dispute": Entity.DISPUTE,
}


@click.command("withdraw")
@click.argument("thing", type=click.Choice(list(_THINGS)))
@click.argument("thing_id", metavar="ID")
@click.option("--version", type=click.IntRange(min=1), metavar="N", help="Version that made the event.")
@click.option("--reason", required=True, help="Why it is not to count, or to count again.")
@output.BY
@click.option("--undo", is_flag=True, help="Let it count again.")
@output.DRY_RUN
@output.EXPECT
@output.format_option("text", "json")
@click.pass_context
def withdraw_command(
    ctx: click.Context,
    /,
    thing: str,
    thing_id: str,
    version: int | None,
    reason: str,
    by: str,
    undo: bool,
    dry_run: bool,
    expect_version: int | None,
    form: str,
) -> None:
    """Take something out of what counts, or back in.

    It stays on record and can be seen as it was. Of a commitment, ID names the commitment
    and --version the event; tracker show ID prints the versions.
    """
    from tracker.ledger import Draft
    from tracker.models import Withdrawal

    if (thing == "event") != (version is not None):
        raise click.UsageError("--version goes with an event, and an event with --version")
    entity = _THINGS[thing]
    told = Withdrawal.parse({"version": version, "reason": reason})
    tracker = output.opened(ctx)
    if dry_run:
        drafts = [Draft.withdraw(entity, thing_id, told, expect_version, undo=undo)]
        change.rehearse(tracker, drafts, by, form)
        return
    before = change.answers(tracker, thing_id) if thing == "event" else {}
    new = tracker.withdraw(
        entity, thing_id, reason=reason, version=version, undo=undo, expect_version=expect_version, by=by
    )
    action = "restore" if undo else "withdraw"
    if form == "json":
        said = {"thing": thing, "id": thing_id, "event_version": version, "action": action, "version": new}
        click.echo(formats.as_json(said))
        return
    name = f"{thing} {thing_id}" + (f" {version}" if version is not None else "")
    click.echo(f"{name}: {Words('en')(f'entry.{action}')}, version {new}")
    if before:
        click.echo(f"{thing_id}: {change.difference(before, change.answers(tracker, thing_id))}")


@click.command("diff")
@click.argument("commitment_id", metavar="ID")
@click.option(
    "--from",
    "old",
    type=click.IntRange(min=1),
    metavar="N",
    help="Version to start from; the wording before.",
)
@click.option("--to", "new", type=click.IntRange(min=1), metavar="N", help="Version to end with; the newest.")
@output.format_option("text", "json")
@click.pass_context
def diff_command(
    ctx: click.Context, /, commitment_id: str, old: int | None, new: int | None, form: str
) -> None:
    """Show what was reworded in a commitment, word by word.

    [-What went-] and {+what came+}, with who changed it, when and why. A version that
    recorded an event has the wording of the one before.
    """
    from tracker import queries, redline

    tracker = output.opened(ctx)
    with tracker.store.reading() as con:
        newest = queries.commitment(con, commitment_id)["version"]
        wordings = redline.wordings(con, commitment_id)
    for version in (old, new):
        if version is not None and version > newest:
            raise Refused("no-version", id=commitment_id, version=version, newest=newest)
    after = _at(wordings, new if new is not None else newest)
    before = _at(wordings, old) if old is not None else wordings[max(wordings.index(after) - 1, 0)]
    found = _compared(commitment_id, wordings, before, after)
    if form == "json":
        click.echo(formats.as_json(found))
    elif found["fields"]:
        _print(found)
    else:
        facts = {"old": old or before["version"], "new": new or newest}
        click.echo(Words("en")("diff.same", id=commitment_id, **facts))


def _at(wordings: list[Row], version: int) -> Row:
    """The wording in force at a version."""
    return next(w for w in reversed(wordings) if w["version"] <= version)


def _compared(commitment_id: str, wordings: list[Row], before: Row, after: Row) -> dict[str, Any]:
    """The fields that differ, with the redline of each, and the revisions in between."""
    from tracker.redline import readable, redline, reworded

    first, last = sorted((wordings.index(before), wordings.index(after)))
    return {
        "id": commitment_id,
        "from": before["version"],
        "to": after["version"],
        "revisions": [
            {
                "version": w["version"],
                "recorded_by": w["recorded_by"],
                "recorded_at": w["known_from"],
                "because": w["because"],
            }
            for w in wordings[first + 1 : last + 1]
        ],
        "fields": [
            {
                "field": name,
                "before": before[name],
                "after": after[name],
                "pieces": [p._asdict() for p in redline(readable(before[name]), readable(after[name]))],
            }
            for name in reworded(before, after)
        ],
    }


def _print(found: dict[str, Any]) -> None:
    import sys

    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    words = Words("en")
    console = Console(highlight=False)
    # Where nobody looks, lines are left whole for the next program.
    whole = not sys.stdout.isatty()

    def line(text: Text, indent: int = 0) -> None:
        if whole:
            console.print(Text(" " * indent) + text, soft_wrap=True)
        else:
            console.print(Padding(text, (0, 0, 0, indent)))

    line(Text(words("diff.between", id=found["id"], old=found["from"], new=found["to"]), style="bold"))
    for told in found["revisions"]:
        because = words("sheet.because", because=told["because"]) if told["because"] else ""
        facts = {"version": told["version"], "by": told["recorded_by"], "day": told["recorded_at"].date()}
        line(output.plain(words("sheet.reworded", because=because, **facts)))
    for field in found["fields"]:
        console.print()
        line(Text(field["field"], style="bold"))
        line(_redlined(field["pieces"]), 2)


_MARKS = {"gone": ("[-", "-]", "red strike"), "new": ("{+", "+}", "green"), "same": ("", "", "")}


def _redlined(pieces: list[dict[str, str]]) -> Text:
    from rich.text import Text

    found = Text()
    for piece in pieces:
        opening, closing, style = _MARKS[piece["kind"]]
        found.append_text(output.plain(f"{opening}{piece['text']}{closing}", style))
    return found
