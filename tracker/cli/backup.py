"""Commands that keep a store safe: backup, restore."""

from __future__ import annotations

from pathlib import Path

import click

from tracker import formats
from tracker.cli import output
from tracker.words import Words

FILE = click.Path(path_type=Path)


@click.command("backup")
@click.argument("path", metavar="FILE", type=FILE)
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
@output.format_option("text", "json")
@click.pass_context
def backup_command(ctx: click.Context, /, path: Path, overwrite: bool, form: str) -> None:
    """Write the whole store to one file, while it is in use.

    FILE is a DuckDB file that any client can read; tracker restore FILE makes a store of
    it again. It is opened and read before it is given its name.
    """
    from tracker import backup
    from tracker.store import Store

    told = backup.write(Store(output.folder(ctx)), path, overwrite=overwrite)
    if form == "json":
        click.echo(formats.as_json(told))
    else:
        click.echo(Words("en")("command.backed_up", n=told["entries"], file=path, head=told["head_hash"]))


@click.command("restore")
@click.argument("path", metavar="FILE", type=FILE)
@click.option("--overwrite", is_flag=True, help="Replace the store that is there; its files are kept aside.")
@output.format_option("text", "json")
@click.pass_context
def restore_command(ctx: click.Context, /, path: Path, overwrite: bool, form: str) -> None:
    """Put a backup in the place of a store.

    The backup is proved first, as tracker verify does it, and brought up to date if an
    earlier version wrote it. All or nothing: a dashboard that runs shows the restored
    store at its next interaction.
    """
    from tracker import backup
    from tracker.store import Store

    words = Words("en")
    told = backup.restore(Store(output.folder(ctx)), path, overwrite=overwrite)
    if form == "json":
        click.echo(formats.as_json(told))
        return
    click.echo(words("command.restored", n=told["entries"], store=told["store"], head=told["head_hash"]))
    if told["replaced"]:
        click.echo(words("command.replaced", folder=told["replaced"]))
