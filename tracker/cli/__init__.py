"""The `tracker` command: parse, call one thing, print. Heavy imports wait until they are needed."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from tracker.errors import Invalid, Problem, StaleVersion, TrackerError, UnknownId

_COMMANDS = {
    "dashboard": "serve",
    "init": "keep",
    "info": "ask",
    "list": "ask",
    "show": "ask",
    "sql": "ask",
    "update": "write",
    "check": "write",
    "add": "write",
    "revise": "write",
    "import": "keep",
    "export": "keep",
    "verify": "keep",
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
    ctx.obj = store


def main() -> None:
    """Run the command; every expected failure is one line on standard error and an exit code."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except TrackerError as error:
        click.echo(f"tracker: {sentence(error)}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output has gone; a second complaint at exit helps nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


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
    if isinstance(error, UnknownId) and error.near:
        code, facts["near"] = "unknown-id-near", ", ".join(error.near)
    if isinstance(error, StaleVersion):
        facts["between"] = "; ".join(
            f"{e['actor']} {words('entry.' + e['kind'])} {e['payload'].get('stage', '')}".strip()
            for e in error.between
        )
    return " ".join(words(f"error.{code}", **facts).split())


def _problem(words: Any, problem: Problem) -> str:
    facts = dict(problem.facts)
    if "entity" in facts:
        facts["entity"] = words(f"entity.{facts['entity']}")
    first = problem.field.split(".")[0]
    key = f"problem.field.{first}"
    code = problem.code
    if code == "enum" and problem.field.endswith("credibility"):
        code = "credibility"
    if code == "literal_error" or f"problem.{code}" not in words:
        facts, code = {"code": code}, "other"
    name = words(key) if key in words else problem.field
    return f"{name} {words(f'problem.{code}', **facts)}"
