"""The `tracker` command: parse, call one thing, print. Heavy imports wait until they are needed."""

from __future__ import annotations

import datetime as dt
import importlib
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from tracker import locking
from tracker.errors import BadFile, Invalid, Problem, StaleVersion, StoreUnavailable, TrackerError, UnknownId

if TYPE_CHECKING:
    from tracker.words import Words

_LONGEST = 2_000
"""Characters of a complaint; what was given may be of any length, and stands in it."""
_BETWEEN = 5
"""Entries of somebody else that one line can name."""
_COMMANDS = {
    "dashboard": "serve",
    "init": "keep",
    "info": "ask",
    "list": "ask",
    "show": "ask",
    "sql": "ask",
    "update": "record",
    "check": "record",
    "withdraw": "correct",
    "add": "write",
    "revise": "write",
    "diff": "correct",
    "code": "judge",
    "approve": "approve",
    "import": "keep",
    "export": "keep",
    "verify": "keep",
    "backup": "backup",
    "restore": "backup",
}


class _Lazy(click.Group):
    """Imports the module of a command only when the command is called or explained."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"tracker.cli.{_COMMANDS[cmd_name]}")
        found: click.Command = getattr(module, f"{cmd_name}_command")
        return found


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--store",
    envvar="TRACKER_STORE",
    metavar="FOLDER",
    help="Store to use; also TRACKER_STORE. Default: a folder in your data directory.",
)
@click.version_option(package_name="commitment-tracker", message="tracker %(version)s")
@click.pass_context
def cli(ctx: click.Context, store: str | None) -> None:
    """Track what was promised, how far it is, and how we know.

    Exit codes: 0 done; 1 refused; 2 usage; 3 somebody else was first; 4 verification
    failed; 5 store busy or out of reach.
    """
    if store is not None and "://" in store:
        raise click.BadParameter("a store is a folder, not an address", param_hint="--store")
    ctx.obj = store


def main() -> None:
    """Run the command; every failure is one line on standard error and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal without Hangul shows its code instead of ending the command.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    # Pydantic would search every installed package for plugins, at each start.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        with locking.telling(_say_wait):
            cli.main(prog_name="tracker", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.exceptions.NoArgsIsHelpError as help_wanted:
        help_wanted.show()
        sys.exit(help_wanted.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        _complain(usage(error))
        sys.exit(error.exit_code)
    except TrackerError as error:
        _complain(sentence(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader has seen enough; nothing went wrong.
        _abandon_output()
        sys.exit(0)
    except OSError as error:
        _abandon_output()
        _complain(sentence(StoreUnavailable("system", detail=error.strerror or str(error))))
        sys.exit(StoreUnavailable.exit_code)
    except Exception as error:
        if os.environ.get("TRACKER_DEBUG"):
            raise
        _complain(sentence(TrackerError("unexpected", detail=f"{type(error).__name__}: {error}")))
        sys.exit(TrackerError.exit_code)


def _say_wait(wait: locking.Wait) -> None:
    """One line for a command that seems to stand still."""
    from tracker.words import Words

    words, holder = Words("en"), wait.holder
    if holder is None:
        _complain(words("command.waiting", seconds=wait.seconds))
        return
    since = holder.since.replace(tzinfo=dt.UTC).astimezone().strftime("%H:%M:%S")
    key = "command.waiting_for_name" if holder.name else "command.waiting_for"
    _complain(words(key, seconds=wait.seconds, process=holder.process, name=holder.name, since=since))


def _complain(text: str) -> None:
    from tracker.formats import shown

    click.echo(f"tracker: {shown(text, _LONGEST)}", err=True)


def _abandon_output() -> None:
    """What is still buffered can no longer be printed; a second complaint at exit helps nobody."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def usage(error: click.ClickException) -> str:
    """The one line that says what is wrong with the command line, and where its help is."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "tracker"
    return " ".join(f"{error.format_message().rstrip('.')}. See: {path} --help".split())


def sentence(error: TrackerError) -> str:
    """The one line that says what went wrong and how to mend it."""
    from tracker.words import Words

    words = Words("en")
    facts: dict[str, Any] = dict(error.facts)
    if "entity" in facts:
        facts["entity"] = words(f"entity.{facts['entity']}")
    code = error.code
    if isinstance(error, Invalid):
        facts["problems"] = "; ".join(_problem(words, p) for p in error.problems)
    if isinstance(error, BadFile) and "problems" in facts:
        # A file has keys, not options.
        facts["problems"] = "; ".join(_problem(words, p, named=False) for p in facts["problems"])
    if code == "damaged" and facts.get("copy"):
        code = "damaged-copy"
    if error.code == "not-taken":
        facts["found"] = words(f"format.{facts['found']}")
    if isinstance(error, UnknownId) and error.near:
        code, facts["near"] = "unknown-id-near", ", ".join(error.near)
    if isinstance(error, StaleVersion):
        newest = error.between[-_BETWEEN:]
        facts["between"] = "; ".join(
            ["…"] * (len(error.between) > len(newest)) + [_entry(words, e) for e in newest]
        )
        if error.contested and code == "stale":
            code = "stale-contested"
            facts["contested"] = ", ".join(": ".join(c.place) for c in error.contested)
    told = words(f"error.{code}", **facts)
    if isinstance(error, BadFile) and error.further:
        told += " " + words("command.further", n=len(error.further))
    return " ".join(told.split())


def _entry(words: Words, entry: Mapping[str, Any]) -> str:
    """Who did what."""
    what = entry["payload"].get("stage") or ", ".join(entry["fields"])
    did = words(
        "command.did", version=entry["version"], by=entry["actor"], kind=words(f"entry.{entry['kind']}")
    )
    return f"{did} {what}".rstrip()


def _problem(words: Words, problem: Problem, *, named: bool = True) -> str:
    facts = dict(problem.facts)
    if "entity" in facts:
        facts["entity"] = words(f"entity.{facts['entity']}")
    # Fields are named as the options that fill them, if any; positions in a list say little there.
    path = [part for part in problem.field.split(".") if not part.isdecimal()]
    keys = ("problem.field." + "-".join(path[:n]) for n in range(len(path), 0, -1))
    name = next((words(key) for key in keys if named and key in words), problem.field)
    code = problem.code
    if code == "enum" and path[-1] == "credibility":
        code = "credibility"
    if f"problem.{code}" not in words:
        facts, code = {"code": code}, "other"
    return f"{name} {words(f'problem.{code}', **facts)}".strip()
