"""Commands that write: update, check, add, revise."""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker import formats, lifecycle, terms
from tracker.cli import output
from tracker.errors import BadFile, Invalid, Problem
from tracker.terms import Kind

if TYPE_CHECKING:
    from tracker.models import Source, StatusEvent

BY = click.option("--by", required=True, envvar="TRACKER_BY", help="Your name; also TRACKER_BY.")
EXPECT = click.option(
    "--expect-version",
    type=click.IntRange(min=0),
    metavar="N",
    help="Refuse if it has changed since version N.",
)
_DESCRIBES = ("url", "title", "publisher", "published", "reliability")
_THINGS = ("dataset", "source", "agreement", "commitment", "dispute")


@click.command("update")
@click.argument("commitment_id", metavar="ID")
@click.option("--stage", required=True, help="Stage reached, in the lifecycle of its kind.")
@click.option("--on", "happened_on", required=True, metavar="EDTF", help="When: 2026-02-25, 2026-02, 2026~ …")
@click.option("--note", required=True, help="What happened.")
@BY
@click.option(
    "--source", "sources", multiple=True, metavar="ID[:CREDIBILITY]", help="Source on record; repeatable."
)
@click.option(
    "--contradicts", multiple=True, metavar="ID[:CREDIBILITY]", help="Source that says otherwise; repeatable."
)
@click.option("--url", help="Address of a new source.")
@click.option("--title", help="Title of a new source.")
@click.option("--publisher", help="Publisher of a new source.")
@click.option("--published", metavar="EDTF", help="When a new source was published.")
@click.option(
    "--source-kind",
    type=click.Choice([k.value for k in terms.SourceKind]),
    default="unknown",
    show_default=True,
    help="Who speaks in a new source.",
)
@click.option("--language", default="und", show_default=True, help="Language of a new source (BCP 47).")
@click.option(
    "--reliability", type=click.Choice([r.value for r in terms.Reliability]), help="Of a new source."
)
@click.option("--reliability-reason", help="Why that grade.")
@click.option("--credibility", help="1 confirmed to 5 improbable, 6 cannot be judged (default).", default="6")
@EXPECT
@output.format_option("text", "json")
@click.pass_context
def update_command(
    ctx: click.Context,
    /,
    commitment_id: str,
    stage: str,
    happened_on: str,
    note: str,
    by: str,
    sources: tuple[str, ...],
    contradicts: tuple[str, ...],
    credibility: str,
    expect_version: int | None,
    form: str,
    **new: str | None,
) -> None:
    """Record that a commitment reached a stage.

    Cites at least one source: one on record by --source, or a new one by --url, --title,
    --publisher, --published and --reliability. The status follows from the stage by rule.
    """
    from tracker import queries

    tracker = output.opened(ctx)
    with tracker.store.reading() as con:
        before = queries.commitment(con, commitment_id)
    new_id = _new_id(new)
    entered, problems = _source(new_id, new, by)
    evidence = [_evidence(text, "supports", credibility) for text in sources]
    evidence += [_evidence(text, "contradicts", credibility) for text in contradicts]
    if new_id is not None:
        evidence.append({"source_id": new_id, "credibility": credibility})
    fields = {"stage": stage, "happened_on": happened_on, "note": note, "evidence": evidence}
    event = _event({"commitment_id": commitment_id, **fields}, Kind(before["kind"]), problems)
    version = tracker.record(event, expect_version=expect_version, by=by, sources=entered)
    after = tracker.commitment(commitment_id)
    if form == "json":
        click.echo(formats.as_json({c: after[c] for c in queries.COMMITMENT_COLUMNS}))
    else:
        was, now = (f"{row['stage']} ({row['status']})" for row in (before, after))
        click.echo(f"{commitment_id}: {was} → {now}, version {version}")
        if after["stage"] != event.stage:
            click.echo(f"note: {event.stage} is on record; a later event keeps the stage at {after['stage']}")


def _evidence(text: str, bearing: str, credibility: str) -> dict[str, Any]:
    source_id, _, graded = text.partition(":")
    return {"source_id": source_id, "bearing": bearing, "credibility": graded or credibility}


def _new_id(new: dict[str, str | None]) -> str | None:
    """An identifier for the source that the options describe; None when they describe none."""
    from tracker.naming import source_id

    if not any(new[name] for name in _DESCRIBES):
        return None
    return source_id(new["publisher"] or "", new["published"] or "")


def _source(source_id: str | None, new: dict[str, str | None], by: str) -> tuple[list[Source], list[Problem]]:
    """The new source, if there is one, or what is wrong with it."""
    from tracker.models import Source

    if source_id is None:
        return [], []
    fields = {
        "id": source_id,
        "kind": new["source_kind"],
        "language": new["language"],
        "reliability_reason": new["reliability_reason"] or f"Graded on entry by {by}; no reason given",
    } | {name: new[name] for name in _DESCRIBES if new[name] is not None}
    try:
        return [Source.parse(fields)], []
    except Invalid as error:
        # Named as the options that fill them.
        return [], [replace(p, field=f"--{p.field.replace('_', '-')}") for p in error.problems]


def _event(fields: dict[str, Any], kind: Kind, others: list[Problem]) -> StatusEvent:
    """The event. Raises `Invalid` with everything that is wrong with it and its new source."""
    from tracker.models import StatusEvent

    problems = list(others)
    try:
        event = StatusEvent.parse(fields)
        event.belongs_to(kind)
    except Invalid as error:
        stages = {"kind": kind.value, "stages": ", ".join(lifecycle.of(kind))}
        for problem in error.problems:
            if (problem.field, problem.code) == ("stage", "enum"):
                problem = Problem("stage", "stage_of_other_kind", stages)
            if (problem.field, problem.code) == ("evidence", "too_short"):
                problem = Problem("evidence", "no_source")
            problems.append(problem)
    if problems:
        raise Invalid(problems)
    return event


@click.command("check")
@click.argument("commitment_ids", metavar="ID...", nargs=-1, required=True)
@click.option("--on", "checked_on", required=True, metavar="DAY", help="Day of the search.")
@click.option("--place", "places", multiple=True, required=True, help="Where you looked; repeatable.")
@click.option("--language", "languages", multiple=True, help="Language covered (BCP 47); repeatable.")
@click.option("--term", "terms_", multiple=True, help="Words you looked for; repeatable.")
@click.option("--note", help="Remark.")
@BY
@click.pass_context
def check_command(
    ctx: click.Context,
    commitment_ids: tuple[str, ...],
    checked_on: str,
    places: tuple[str, ...],
    languages: tuple[str, ...],
    terms_: tuple[str, ...],
    note: str | None,
    by: str,
) -> None:
    """Record a search that found nothing new."""
    from tracker.models import Check
    from tracker.naming import check_id

    name = check_id(checked_on)
    check = Check.parse(
        {
            "id": name,
            "commitment_ids": commitment_ids,
            "checked_on": checked_on,
            "places": places,
            "languages": languages,
            "terms": terms_,
            "note": note,
        }
    )
    output.opened(ctx).add(check, by=by)
    click.echo(f"{name}: {len(commitment_ids)} checked on {checked_on}")


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
@BY
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
@BY
@EXPECT
@click.pass_context
def revise_command(
    ctx: click.Context,
    thing: str,
    thing_id: str,
    fields: tuple[str, ...],
    path: Path | None,
    by: str,
    expect_version: int | None,
) -> None:
    """Change fields of something on record.

    What is not named stays as it is, and what was said before stays in the ledger. The
    fields of a thing: tracker add THING --fields
    """
    from tracker import holdings

    tracker = output.opened(ctx)
    with tracker.store.reading() as con:
        version, content = holdings.content(con, thing, thing_id)
    changed = _model(thing).parse(content | _object(path) | _fields(fields) | {"id": thing_id})
    # Without a stated version the one just read is meant: what was not named must not be undone.
    new = tracker.revise(
        changed, expect_version=expect_version if expect_version is not None else version, by=by
    )
    click.echo(f"{thing} {thing_id}: version {new}")


def _model(thing: str) -> Any:
    from tracker import models

    return {
        "dataset": models.Dataset,
        "source": models.Source,
        "agreement": models.Agreement,
        "commitment": models.Commitment,
        "dispute": models.Dispute,
    }[thing]


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
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        value = json.loads(data)
    except OSError as error:
        raise BadFile("unreadable", path=name, detail=error.strerror) from error
    except (ValueError, RecursionError) as error:
        raise BadFile("not-json", path=name) from error
    if not isinstance(value, dict):
        raise BadFile("not-json", path=name)
    return value
