"""Commands that record what happened, or that nothing was found: update, check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker import formats, lifecycle, terms
from tracker.cli import change, output
from tracker.errors import Invalid, Problem, Refused
from tracker.terms import Kind, Stage
from tracker.words import Words

if TYPE_CHECKING:
    from tracker.models import Source, StatusEvent
    from tracker.queries import Row

_DESCRIBES = ("url", "title", "publisher", "published", "reliability", "origin", "speaks_for")


@click.command("update")
@click.argument("commitment_id", metavar="ID")
@click.option("--stage", required=True, help="Stage reached, in the lifecycle of its kind.")
@click.option("--on", "happened_on", required=True, metavar="EDTF", help="When: 2026-02-25, 2026-02, 2026~ …")
@click.option("--note", required=True, help="What happened.")
@output.BY
@click.option("--party", metavar="NAME", help="Whose step it was, if not of all parties.")
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
@click.option("--origin", help="Whose words a new source passes on, if not its publisher's own.")
@click.option(
    "--speaks-for", multiple=True, metavar="PARTY", help="Party for which a new source speaks; repeatable."
)
@click.option("--credibility", help="1 confirmed to 5 improbable, 6 cannot be judged (default).", default="6")
@click.option("--quote", metavar="TEXT", help="Words of the one source that say so.")
@click.option(
    "--archive", type=click.Path(path_type=Path), metavar="FILE", help="Copy in which the quote stands."
)
@click.option(
    "--supersedes", type=click.IntRange(min=1), metavar="VERSION", help="Event that this one replaces."
)
@click.option("--because", metavar="TEXT", help="Why it replaces it.")
@output.DRY_RUN
@output.EXPECT
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
    party: str | None,
    sources: tuple[str, ...],
    contradicts: tuple[str, ...],
    credibility: str,
    quote: str | None,
    archive: Path | None,
    supersedes: int | None,
    because: str | None,
    dry_run: bool,
    expect_version: int | None,
    form: str,
    **new: Any,
) -> None:
    """Record that a commitment reached a stage.

    Cites at least one source: one on record by --source, or a new one by --url, --title,
    --publisher, --published and --reliability. The status follows from the stage by rule,
    and the stage counts if the evidence proves it.
    """
    from tracker import queries
    from tracker.ledger import Draft

    if (supersedes is None) != (because is None):
        raise click.UsageError("--supersedes and --because go together")
    if archive is not None and quote is None:
        raise click.UsageError("--archive goes with --quote")
    if quote is not None and len(sources) + _is_new(new) != 1:
        raise click.UsageError("--quote goes with exactly one source that supports")
    tracker = output.opened(ctx)
    with tracker.store.reading() as con:
        before = queries.commitment(con, commitment_id)
    new_id = _new_id(new)
    entered, problems = _source(new_id, new, by)
    # There is one source that supports, or no quote.
    quoted = _quoted(quote, archive) if quote is not None else {}
    evidence = [_evidence(text, "supports", credibility) | quoted for text in sources]
    evidence += [_evidence(text, "contradicts", credibility) for text in contradicts]
    if new_id is not None:
        evidence.append({"source_id": new_id, "credibility": credibility} | quoted)
    fields: dict[str, Any] = {"stage": stage, "happened_on": happened_on, "note": note, "evidence": evidence}
    fields |= {"party": party, "supersedes": supersedes, "because": because}
    event = _event({"commitment_id": commitment_id, **fields}, Kind(before["kind"]), problems)
    if dry_run:
        drafts = [*(Draft.add(s) for s in entered), Draft.event(event, expect_version)]
        change.rehearse(tracker, drafts, by, form)
        return
    version = tracker.record(event, expect_version=expect_version, by=by, sources=entered)
    with tracker.store.reading() as con:
        after = queries.commitment(con, commitment_id)
        told = next(e for e in queries.history(con, commitment_id) if e["version"] == version)
    if form == "json":
        click.echo(formats.as_json({c: after[c] for c in queries.COMMITMENT_COLUMNS}))
        return
    was, now = (f"{row['stage']} ({row['status']})" for row in (before, after))
    click.echo(f"{commitment_id}: {was} → {now}, version {version}")
    _remark(event, after, told)
    parties = [p["name"] for p in after["parties"]]
    words = Words("en")
    for name in new["speaks_for"]:
        if name not in parties:
            click.echo(words("command.not_a_party", name=name, parties=", ".join(parties)))
    if archive is not None:
        source_id = next(e.source_id for e in event.evidence if e.quote)
        click.echo(words("command.keep_copy", file=archive, name=f"{source_id}{archive.suffix}"))


def _remark(event: StatusEvent, after: Row, told: Row) -> None:
    """Say in a line why the stage told is not the one that stands, if it is not."""
    words = Words("en")
    if not told["supported"]:
        row = lifecycle.of(Kind(after["kind"]))[Stage(event.stage)]
        rule = words(f"requirement.{row.requirement.value}")
        click.echo(words("command.claimed", stage=event.stage, proof=row.proof, rule=rule))
    elif after["stage"] != event.stage:
        click.echo(words("command.later_event", told=event.stage, stage=after["stage"]))


def _evidence(text: str, bearing: str, credibility: str) -> dict[str, Any]:
    source_id, _, graded = text.partition(":")
    return {"source_id": source_id, "bearing": bearing, "credibility": graded or credibility}


def _quoted(quote: str, archive: Path | None) -> dict[str, Any]:
    """The quote with the words around it and the digest of the copy. Raises `Refused`."""
    if archive is None:
        return {"quote": quote}
    from tracker import quotes

    digest, text = quotes.read(archive)
    around = quotes.selector(text, quote.strip())
    if not quote.strip() or around is None:
        raise Refused("quote-not-there", path=str(archive))
    prefix, suffix = around
    return {"quote": quote, "prefix": prefix or None, "suffix": suffix or None, "archive_sha256": digest}


def _is_new(new: dict[str, Any]) -> bool:
    return any(new[name] for name in _DESCRIBES)


def _new_id(new: dict[str, Any]) -> str | None:
    """An identifier for the source that the options describe; None when they describe none."""
    from tracker.naming import source_id

    return source_id(new["publisher"] or "", new["published"] or "") if _is_new(new) else None


def _source(source_id: str | None, new: dict[str, Any], by: str) -> tuple[list[Source], list[Problem]]:
    """The new source, if there is one, or what is wrong with it."""
    from tracker.models import Source

    if source_id is None:
        return [], []
    fields = {
        "id": source_id,
        "kind": new["source_kind"],
        "language": new["language"],
        "reliability_reason": new["reliability_reason"] or f"Graded on entry by {by}; no reason given",
    } | {name: new[name] for name in _DESCRIBES if new[name] not in (None, ())}
    try:
        return [Source.parse(fields)], []
    except Invalid as error:
        # Named as the options that fill them; the place in a list says little there.
        return [], [
            replace(p, field=f"--{p.field.partition('.')[0].replace('_', '-')}") for p in error.problems
        ]


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
@output.BY
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
    """Record a search that found nothing new.

    Prints what it changed: silence makes nothing late, a search beyond the date does.
    """
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
    tracker = output.opened(ctx)
    before = {i: change.answers(tracker, i) for i in check.commitment_ids}
    tracker.add(check, by=by)
    click.echo(f"{name}: {len(before)} checked on {checked_on}")
    for commitment_id, was in before.items():
        click.echo(f"{commitment_id}: {change.difference(was, change.answers(tracker, commitment_id))}")
