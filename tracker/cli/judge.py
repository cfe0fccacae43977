"""The command of the second coder: judge events blind, and see how far the coders agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker import formats
from tracker.cli import output
from tracker.errors import Invalid, Problem
from tracker.terms import Kind

if TYPE_CHECKING:
    from tracker.queries import Row
    from tracker.tracker import Tracker


@click.command("code")
@click.argument("commitment_id", metavar="[ID]", required=False)
@click.argument("version", type=click.IntRange(min=1), metavar="[VERSION]", required=False)
@click.option("--stage", help="The stage that you see in what happened and in its sources.")
@click.option("--note", help="Remark.")
@click.option("--by", envvar="TRACKER_BY", help="Your name; also TRACKER_BY.")
@click.option("--next", "wants_next", is_flag=True, help="Print the next event to judge, without its stage.")
@click.option("--agreement", "wants_agreement", is_flag=True, help="Print how far the coders agree.")
@output.format_option("text", "json")
@click.pass_context
def code_command(
    ctx: click.Context,
    /,
    commitment_id: str | None,
    version: int | None,
    stage: str | None,
    note: str | None,
    by: str | None,
    wants_next: bool,
    wants_agreement: bool,
    form: str,
) -> None:
    """Judge an event a second time, without sight of the first judgement.

    Ask for one with --next, and answer with its ID, VERSION and --stage. A second
    judgement changes no answer; it tells how reliable the first ones are.
    """
    judges = any(value is not None for value in (commitment_id, version, stage, note))
    if (wants_next, wants_agreement, judges).count(True) != 1:
        raise click.UsageError("give either ID VERSION --stage, or --next, or --agreement")
    if by is None and not wants_agreement:
        raise click.UsageError("Missing option '--by'")
    if wants_agreement:
        _agreement(output.opened(ctx), form)
    elif wants_next:
        _next(output.opened(ctx), by or "", form)
    elif commitment_id is None or version is None or stage is None:
        raise click.UsageError("a judgement needs ID, VERSION and --stage")
    else:
        tracker = output.opened(ctx)
        _check_stage(tracker, commitment_id, stage)
        coding_id = tracker.code(commitment_id, version, stage, note=note, by=by)
        if form == "json":
            said = {"id": coding_id, "commitment_id": commitment_id, "version": version, "stage": stage}
            click.echo(formats.as_json(said))
        else:
            click.echo(f"{coding_id}: {commitment_id} {version} judged {stage}")


def _check_stage(tracker: Tracker, commitment_id: str, stage: str) -> None:
    """Refuse a stage of another kind with the stages there are."""
    from tracker import lifecycle

    kind = Kind(tracker.commitment(commitment_id)["kind"])
    stages = [s.value for s in lifecycle.of(kind)]
    if stage not in stages:
        facts = {"kind": kind.value, "stages": ", ".join(stages)}
        raise Invalid([Problem("stage", "stage_of_other_kind", facts)])


def _next(tracker: Tracker, by: str, form: str) -> None:
    """Print the next event for a coder: what happened, its sources, and the stages to choose from."""
    from tracker import lifecycle, provenance

    with tracker.store.reading() as con:
        found = next(iter(provenance.uncoded(con, by)), None)
        known = provenance.sources_by_id(con, found["source_ids"]) if found else {}
    if found is not None:
        told = ("id", "title", "publisher", "kind", "published", "url", "language", "reliability")
        found["sources"] = [{k: known[i][k] for k in told} for i in found["source_ids"]]
        found["stages"] = [
            {"stage": r.stage.value, "proof": r.proof} for r in lifecycle.of(Kind(found["kind"])).values()
        ]
    if form == "json":
        click.echo(formats.as_json(found))
    else:
        _print_blind(found)


def _print_blind(found: Row | None) -> None:
    from rich.console import Console
    from rich.padding import Padding

    from tracker.words import Words

    words = Words("en")
    console = Console(highlight=False)

    def line(text: str, indent: int = 0, style: str = "") -> None:
        console.print(Padding(output.plain(text, style), (0, 0, 0, indent)))

    if found is None:
        line(words("code.none_left"))
        return
    line(f"{found['commitment_id']} {found['version']}: {found['title']}", style="bold")
    line(words("code.pledge", pledge=found["pledge"]))
    line(words("code.happened", date=found["happened_on"], note=found["note"]))
    for source in found["sources"]:
        told = [source["publisher"], source["title"], source["published"], source["url"]]
        line(f"- {source['reliability']} {', '.join(t for t in told if t)}", 2)
    line(words("code.which"))
    for stage in found["stages"]:
        line(f"{stage['stage']}: {stage['proof']}", 2)
    line(words("code.how", id=found["commitment_id"], version=found["version"]))


def _agreement(tracker: Tracker, form: str) -> None:
    """Print Krippendorff's alpha with its interval, and where the coders differ."""
    from tracker import coding, provenance

    with tracker.store.reading() as con:
        codings = provenance.codings(con)
    found = coding.agreement(codings)
    dissent = [row for row in codings if row["first_stage"] != row["second_stage"]]
    if form == "json":
        click.echo(formats.as_json(found._asdict() | {"dissent": dissent}))
        return
    from tracker.words import Words

    words = Words("en")
    if found.alpha is None:
        click.echo(words("code.no_alpha"))
    else:
        click.echo(words("code.alpha", alpha=found.alpha, low=found.low, high=found.high))
    click.echo(words("code.judged", n=found.events, coders=found.coders, alike=found.alike))
    if dissent:
        columns = ("commitment_id", "version", "first_coder", "first_stage", "second_coder", "second_stage")
        output.as_table(dissent, (*columns, "second_note"), may_go=("second_note", "first_coder"))
