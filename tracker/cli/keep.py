"""Commands that keep the store: init, import, export, verify."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from tracker import formats
from tracker.cli import output
from tracker.errors import BadFile, Refused, StoreUnavailable, VerificationFailed

if TYPE_CHECKING:
    from tracker.quotes import Checked
    from tracker.tracker import Tracker

FILE = click.Path(path_type=Path)
Load: TypeAlias = "Callable[[Tracker, str], None]"
"""Enters what was read into a tracker, in somebody's name, and reports."""


@click.command("init")
@click.option("--from", "path", type=FILE, help="Fill it from a facts file or an exported data set.")
@click.option("--empty", is_flag=True, help="Leave it empty.")
@click.option(
    "--by", default="import", envvar="TRACKER_BY", show_default=True, help="Your name, for a facts file."
)
@click.pass_context
def init_command(ctx: click.Context, path: Path | None, empty: bool, by: str) -> None:
    """Make a store.

    It is filled with the data set that ships with the tracker unless told otherwise.
    """
    from tracker import config
    from tracker.store import Store
    from tracker.terms import Door
    from tracker.tracker import Tracker

    if path is not None and empty:
        raise click.UsageError("--from and --empty exclude each other")
    store = Store(output.folder(ctx))
    if store.exists():
        with store.reading() as con:
            row = con.execute("SELECT count(*) FROM ledger").fetchone()
        raise Refused("store-exists", path=str(store.folder), n=row[0] if row else 0)
    source = None if empty else path or config.seed()
    # The first write makes the store, so that a file that is refused leaves nothing behind.
    if source is None:
        store.create()
    else:
        _loader(source)(Tracker(store, door=Door.COMMAND), by)
    click.echo(f"store: {store.folder}")


@click.command("import")
@click.argument("path", metavar="FILE", type=FILE)
@click.option(
    "--by", default="import", envvar="TRACKER_BY", show_default=True, help="Your name, for a facts file."
)
@click.pass_context
def import_command(ctx: click.Context, path: Path, by: str) -> None:
    """Read a file into the store.

    FILE is a facts file (.yaml), or a data set (.parquet) exported from this store or a
    later state of it. What the store already holds is not entered again.
    """
    load = _loader(path)
    load(output.opened(ctx), by)


def _loader(path: Path) -> Load:
    """Read and check a file now; return what enters it into a tracker and reports."""
    if not path.exists():
        raise BadFile("no-file", path=str(path))
    if path.suffix in (".yaml", ".yml"):
        return _facts_loader(path)
    if path.suffix == ".parquet":
        return _export_loader(path)
    raise BadFile("unknown-format", path=str(path))


def _facts_loader(path: Path) -> Load:
    from tracker import intake

    found = intake.read_facts(path)

    def load(tracker: Tracker, by: str) -> None:
        imported = tracker.import_facts(found, by=by)
        stored = tracker.stored(found)
        rows = [{"entity": k, "read": n, "stored": stored[k]} for k, n in found.counts.items()]
        output.as_table(rows, ("entity", "read", "stored"))
        for commitment_id, verdict, computed in found.differing():
            click.echo(
                f"note: {commitment_id}: the file's own verdict is {verdict}, its last event says "
                f"{computed}; the verdict is kept as a note, the status follows the events"
            )
        for name in imported.kept:
            click.echo(
                f"note: {name}: corrected here since, or cites a source that was withdrawn; left as it is"
            )
        click.echo(f"ledger: {imported.entries} new entries")

    return load


def _export_loader(path: Path) -> Load:
    from tracker import intake

    entries = intake.read_export(path)

    def load(tracker: Tracker, by: str) -> None:
        new = tracker.store.adopt(entries)
        click.echo(f"ledger: {len(entries)} entries read, {new} new")

    return load


@click.command("export")
@click.argument("path", metavar="FILE", type=FILE)
@click.option(
    "--release", type=FILE, metavar="FILE", help="Write beside it what it is: version, digest, counts."
)
@click.pass_context
def export_command(ctx: click.Context, path: Path, release: Path | None) -> None:
    """Write the whole data set to a file.

    FILE is a Parquet file: one row per commitment, everything about it nested. The same
    content gives the same bytes. A release file states the version of the data set; hold
    it against a store with: tracker verify --release FILE
    """
    if path.suffix != ".parquet":
        raise BadFile("export-format", path=str(path))
    tracker = output.opened(ctx)
    try:
        count = tracker.export(path, release=release)
    except OSError as error:
        if release is None:
            raise
        raise StoreUnavailable("unwritable", path=str(release), detail=error.strerror) from error
    click.echo(f"{path}: {count} commitments")
    if release is not None:
        click.echo(f"{release}: {path.name}")


@click.command("verify")
@click.option(
    "--sources",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Hold the quotes against the archived copies in a folder, named <source id>.<ending>.",
)
@click.option("--release", type=FILE, metavar="FILE", help="Hold a release file against the store.")
@output.format_option("table", "json")
@click.pass_context
def verify_command(ctx: click.Context, folder: Path | None, release: Path | None, form: str) -> None:
    """Prove that nothing was altered.

    Walks the hash chain, rebuilds every table from the ledger, and compares; compares the
    ledger with its published copy.
    """
    tracker = output.opened(ctx)
    counts = tracker.verify()
    stated = tracker.verify_release(release) if release is not None else None
    checked = tracker.verify_sources(folder) if folder is not None else None
    if form == "json":
        found: dict[str, Any] = dict(counts)
        if checked is not None:
            found["quotes"] = [c._asdict() for c in checked]
        if stated is not None:
            found["release"] = stated
        click.echo(formats.as_json(found))
    else:
        output.as_table([{"table": k, "rows": v} for k, v in counts.items()], ("table", "rows"))
        click.echo("the ledger holds, and every table follows from it")
        if stated is not None:
            click.echo(f"the release {stated['head_hash'] or 'of an empty store'} holds")
            if not stated["file_there"]:
                click.echo(f"note: {stated['file']} is not beside {release} and was not compared")
        if checked:
            output.as_table([c._asdict() for c in checked], _CHECKED, may_go=("quote",))
        if checked is not None:
            click.echo(_summary(checked))
    _refuse_failed(checked or [])


_CHECKED = ("commitment_id", "version", "source_id", "result", "copy", "quote")
_NAMED = 5
"""Quotes that one line can name."""


def _summary(checked: Sequence[Checked]) -> str:
    """How many quotes came to which result, in one line."""
    from collections import Counter

    results = Counter(c.result.value for c in checked)
    told = ", ".join(f"{n} {result}" for result, n in sorted(results.items()))
    return f"quotes: {told or 'none on record'}"


def _refuse_failed(checked: Sequence[Checked]) -> None:
    """Raise `VerificationFailed` when quotes fail, naming them."""
    failed = [c for c in checked if c.fails]
    if failed:
        which = "; ".join(
            f"{c.commitment_id} {c.version} from {c.source_id}: {c.result}, copy {c.copy}"
            for c in failed[:_NAMED]
        ) + ("; …" if len(failed) > _NAMED else "")
        raise VerificationFailed("quotes-fail", n=len(failed), total=len(checked), which=which)
