"""The command of the second person: see what waits, approve it or decline it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tracker import formats
from tracker.cli import output
from tracker.errors import StaleVersion

if TYPE_CHECKING:
    from tracker.queries import Row

_COLUMNS = ("id", "proposed_at", "proposed_by", "commitment_ids", "changes")


@click.command("approve")
@click.argument("proposal_id", metavar="[ID]", required=False)
@click.option("--decline", is_flag=True, help="Decline it instead; its author may do so too.")
@click.option("--reason", help="Why; needed with --decline.")
@click.option("--by", envvar="TRACKER_BY", help="Your name; also TRACKER_BY.")
@output.format_option("table", "csv", "json")
@click.pass_context
def approve_command(
    ctx: click.Context, proposal_id: str | None, decline: bool, reason: str | None, by: str | None, form: str
) -> None:
    """Approve a change that waits for a second person.

    Without ID, list what waits. An approved change is recorded in the name of its author,
    who cannot approve it.
    """
    if proposal_id is None:
        if decline or reason:
            raise click.UsageError("--decline and --reason need the ID of a proposal")
        waiting = output.opened(ctx).proposals(state="waiting")
        output.emit([_in_short(row) if form == "table" else row for row in waiting], _COLUMNS, form)
        return
    if by is None:
        raise click.UsageError("Missing option '--by'")
    try:
        entries = output.opened(ctx).decide(proposal_id, approve=not decline, reason=reason, by=by)
    except StaleVersion as error:
        error.code = "stale-proposal"
        raise
    if form == "json":
        told: Any = {"id": proposal_id, "state": "declined" if decline else "approved"}
        told["entries"] = [entry.seq for entry in entries]
        click.echo(formats.as_json(told))
    else:
        changes = "; ".join(f"{e.entity_id} version {e.version}" for e in entries[1:])
        click.echo(f"{proposal_id}: " + (f"approved: {changes}" if changes else "declined"))


def _in_short(row: Row) -> Row:
    """A proposal with its changes in a word each."""
    told = [f"{c['kind']} {c['entity']} {c['payload'].get('stage', '')}".rstrip() for c in row["changes"]]
    return {**row, "changes": "; ".join(told), "commitment_ids": ", ".join(row["commitment_ids"])}
