"""Commands that write: update, check, add, revise."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from tracker import terms
from tracker.cli import output
from tracker.errors import BadFile

BY = click.option("--by", required=True, envvar="TRACKER_BY", help="Your name; also TRACKER_BY.")
EXPECT = click.option(
    "--expect-version", type=click.IntRange(min=0), metavar="N", help="Refuse if it has changed since version N."
)
_THINGS = ("dataset", "source", "agreement", "commitment", "dispute")


@click.command("update")
@click.argument("commitment_id", metavar="ID")
@click.option("--stage", required=True, help="Stage reached, in the lifecycle of its kind.")
@click.option("--on", "happened_on", required=True, metavar="EDTF", help="When: 2026-02-25, 2026-02, 2026~ …")
@click.option("--note", required=True, help="What happened.")
@BY
@click.option("--source", "sources", multiple=True, metavar="ID[:CREDIBILITY]", help="Source on record; repeatable.")
@click.option("--contradicts", multiple=True, metavar="ID[:CREDIBILITY]", help="Source that says otherwise; repeatable.")
@click.option("--url", help="Address of a new source.")
@click.option("--title", help="Title of a new source.")
@click.option("--publisher", help="Publisher of a new source.")
@click.option("--published", metavar="EDTF", help="When a new source was published.")
@click.option("--source-kind", type=click.Choice([k.value for k in terms.SourceKind]), default="unknown")
@click.option("--language", default="und", show_default=True, help="Language of a new source (BCP 47).")
@click.option("--reliability", type=click.Choice([r.value for r in terms.Reliability]), help="Of a new source.")
@click.option("--reliability-reason", help="Why that grade.")
@click.option("--credibility", help="1 confirmed to 5 improbable, 6 cannot be judged (default).", default="6")
@EXPECT
@output.format_option("text", "json")
@click.pass_context
def update_command(
    ctx: click.Context,
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
    """Record that a commitment reached a stage, citing at least one source."""
    from tracker.models import Source, StatusEvent

    tracker = output.opened(ctx)
    with tracker.store.reading() as con:
        from tracker import queries

        before = queries.commitment(con, commitment_id)
        entered = _new_source(con, new, by)
    evidence = [_evidence(text, "supports", credibility) for text in sources]
    evidence += [_evidence(text, "contradicts", credibility) for text in contradicts]
    added: list[Source] = []
    if entered is not None:
        added.append(entered)
        evidence.append({"source_id": entered.id, "credibility": credibility})
    event = StatusEvent.parse(
        {
            "commitment_id": commitment_id,
            "stage": stage,
            "happened_on": happened_on,
            "note": note,
            "evidence": evidence,
        }
    )
    version = tracker.record(event, expect_version=expect_version, by=by, sources=added)
    after = tracker.commitment(commitment_id)
    if form == "json":
        click.echo(output.as_json({c: after[c] for c in queries.COMMITMENT_COLUMNS}))
    else:
        click.echo(
            f"{commitment_id}: {before['stage']} ({before['status']}) → {after['stage']} ({after['status']}), "
            f"version {version}"
        )


def _evidence(text: str, bearing: str, credibility: str) -> dict[str, Any]:
    source_id, _, graded = text.partition(":")
    return {"source_id": source_id, "bearing": bearing, "credibility": graded or credibility}


def _new_source(con: Any, new: dict[str, str | None], by: str) -> Any:
    """The source that the options describe, or None when they describe none."""
    from tracker.naming import source_id
    from tracker.models import Source

    told = {k: new[k] for k in ("url", "title", "publisher", "published", "reliability") if new[k] is not None}
    if not told:
        return None
    return Source.parse(
        {
            **told,
            "id": source_id(con, told.get("publisher") or "", told.get("published") or ""),
            "kind": new["source_kind"],
            "language": new["language"],
            "reliability_reason": new["reliability_reason"] or f"Graded on entry by {by}; no reason given",
        }
    )


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
    """Record that you looked and found nothing new."""
    from tracker.models import Check
    from tracker.naming import check_id

    tracker = output.opened(ctx)
    with tracker.store.reading() as con:
        name = check_id(con, checked_on)
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
    tracker.add(check, by=by)
    click.echo(f"{name}: {len(commitment_ids)} checked on {checked_on}")


@click.command("add")
@click.argument("thing", type=click.Choice(_THINGS))
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("-f", "--file", "path", type=click.Path(path_type=Path), help="JSON object with the fields; - for stdin.")
@BY
@click.pass_context
def add_command(
    ctx: click.Context, thing: str, fields: tuple[str, ...], path: Path | None, by: str
) -> None:
    """Enter a new source, agreement, commitment, dispute or data set.

    Fields are given one by one, nested ones as JSON: title="…" parties='["…"]'
    """
    entered = _model(thing).parse(_object(path) | _fields(fields))
    tracker = output.opened(ctx)
    tracker.add(entered, by=by)
    click.echo(f"{thing} {entered.id}: version 1")


@click.command("revise")
@click.argument("thing", type=click.Choice(_THINGS))
@click.argument("thing_id", metavar="ID")
@click.argument("fields", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option("-f", "--file", "path", type=click.Path(path_type=Path), help="JSON object with the fields; - for stdin.")
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
    """Change fields of something on record; what is not named stays as it is."""
    from tracker import queries

    tracker = output.opened(ctx)
    with tracker.store.reading() as con:
        version, content = queries.content(con, thing, thing_id)
    changed = _model(thing).parse(content | _object(path) | _fields(fields) | {"id": thing_id})
    # Without a stated version the one just read is meant: what was not named must not be undone.
    new = tracker.revise(changed, expect_version=expect_version if expect_version is not None else version, by=by)
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
            try:
                told[name] = json.loads(value)
            except json.JSONDecodeError:
                pass
    return told


def _object(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        value = json.loads(text)
    except OSError as error:
        raise BadFile("unreadable", path=str(path), detail=error.strerror) from error
    except ValueError as error:
        raise BadFile("not-json", path=str(path)) from error
    if not isinstance(value, dict):
        raise BadFile("not-json", path=str(path))
    return value
