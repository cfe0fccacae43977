"""What holds the house together: who imports whom, what is public, and that every word is there."""

import ast
import re
import subprocess
import sys
import tomllib
from enum import EnumMeta
from pathlib import Path
from typing import get_args

import click
import pytest
from importlinter.cli import lint_imports
from pydantic_core.core_schema import ErrorType

import tracker as package
from tracker import errors, models, terms
from tracker.cli import cli
from tracker.words import Words

PACKAGE = Path(package.__file__).parent
CATALOGUE = Words("en").keys()
VOCABULARY = {
    "kind": terms.Kind,
    "stage": terms.Stage,
    "status": terms.Status,
    "schedule": terms.Schedule,
    "confidence": terms.Confidence,
    "bearing": terms.Bearing,
    "reliability": terms.Reliability,
    "credibility": terms.Credibility,
    "source_kind": terms.SourceKind,
    "basis": terms.Basis,
    "entity": terms.Entity,
    "entry": terms.EntryKind,
    "door": terms.Door,
    "weight": terms.Weight,
    "requirement": terms.Requirement,
}
FAMILIES = ("error", "problem", "difference")
"""Tables of sentences; each has a test of its own."""
SPOKEN = {"entity": {"event"}}
"""Words of a table beyond its vocabulary: what is withdrawn of a commitment is an event."""


def modules() -> dict[str, ast.Module]:
    return {str(path): ast.parse(path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))}


def keys(prefix: str) -> set[str]:
    """The keys of the English catalogue under a prefix, without it."""
    return {k.removeprefix(f"{prefix}.") for k in CATALOGUE if k.startswith(f"{prefix}.")}


def first_texts(*callees: str, position: int = 0) -> set[str]:
    """The literal texts that calls to these names have at a position."""
    found = set()
    for module in modules().values():
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or len(node.args) <= position:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            given = node.args[position]
            if name in callees and isinstance(given, ast.Constant) and isinstance(given.value, str):
                found.add(given.value)
    return found


def texts() -> set[str]:
    """Every literal text in the code."""
    return {
        node.value
        for module in modules().values()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_imports_go_where_the_contracts_let_them(monkeypatch, capsys):
    # The linter puts its working directory on the path, and reads the contracts there.
    monkeypatch.chdir(PACKAGE.parent)
    monkeypatch.setattr(sys, "path", [*sys.path])
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


def test_every_public_name_is_there():
    assert package.__all__ == sorted(package.__all__)
    assert [name for name in package.__all__ if not hasattr(package, name)] == []
    (told,) = (n for n in ast.parse(Path(package.__file__).read_text()).body if isinstance(n, ast.If))
    assert sorted(a.name for node in told.body for a in node.names) == package.__all__
    family = {n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, Exception)}
    assert family <= set(package.__all__)
    assert {
        n for n, v in vars(terms).items() if isinstance(v, EnumMeta) and v.__module__ == "tracker.terms"
    } - {"EntryKind"} <= set(package.__all__)
    with pytest.raises(AttributeError):
        _ = package.nothing_of_the_kind


def test_types_are_shipped():
    assert (PACKAGE / "py.typed").exists()


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["list", "--format", "csv"], ["show", "treaty"]])
def test_the_command_starts_without_heavy_libraries(tracker, folder, arguments):
    program = (
        "import sys; from tracker.cli import cli;"
        f"cli.main({['--store', str(folder), *arguments]!r}, standalone_mode=False);"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "tracker" in loaded
    assert (
        loaded & {"streamlit", "altair", "pandas", "numpy", "pyarrow", "pydantic", "edtf", "yaml", "babel"}
        == set()
    )
    assert arguments != ["--help"] or loaded & {"duckdb", "rich"} == set()


def test_every_command_and_option_explains_itself():
    context = click.Context(cli)
    names = cli.list_commands(context)
    assert {"dashboard", "init", "info", "list", "show", "update", "check", "add", "revise", "sql"} <= set(
        names
    )
    for name in names:
        command = cli.get_command(context, name)
        assert command is not None
        assert (command.name, command.get_short_help_str(80)[-1:]) == (name, ".")
        for parameter in command.params:
            assert isinstance(parameter, click.Argument) or parameter.help, (name, parameter.name)


def test_every_error_has_its_sentence_and_every_sentence_its_error():
    family = {
        n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, errors.TrackerError)
    }
    raised = first_texts(*family, "Refusal") | {"invalid", "stale", "unknown-id"}
    raised -= {entity.value for entity in terms.Entity}  # UnknownId and StaleVersion begin with the entity
    assert raised - keys("error") == set()
    assert keys("error") - texts() == set()


def test_every_problem_has_its_sentence_and_every_sentence_its_problem():
    ours = first_texts("PydanticCustomError") | first_texts("Problem", position=1)
    sentences = {key for key in keys("problem") if not key.startswith("field.")}
    assert ours - sentences == set()
    assert sentences - texts() - set(get_args(ErrorType)) == set()


def test_every_difference_has_its_sentence_and_every_sentence_its_difference():
    assert first_texts("Difference") - keys("difference") == set()
    assert keys("difference") - texts() == set()


def test_every_field_with_a_name_of_its_own_is_a_field():
    fields = {name for m in vars(models).values() if hasattr(m, "model_fields") for name in m.model_fields}
    named = {part for key in keys("problem") if key.startswith("field.") for part in key[6:].split("-")}
    assert named - fields == set()


@pytest.mark.parametrize("table", VOCABULARY)
def test_every_word_of_the_vocabulary_is_in_the_catalogue(table):
    # Grades stand in the data as their numbers, weights as their names.
    by_name = VOCABULARY[table] is terms.Weight
    words = {m.name.lower() if by_name else str(m.value) for m in VOCABULARY[table]}
    assert keys(table) == words | SPOKEN.get(table, set())


def test_the_catalogue_holds_nothing_else():
    """Every other sentence is said somewhere, by its whole name or by a name put together there."""
    other = {key for key in CATALOGUE if key.partition(".")[0] not in {*VOCABULARY, *FAMILIES}}
    said = texts()
    assert {key for key in other - said if f"{key.partition('.')[0]}." not in said} == set()
    tables = "|".join({key.partition(".")[0] for key in CATALOGUE})
    named = {text for text in said if re.fullmatch(rf"({tables})\.[a-z_]+", text)}
    assert named - set(CATALOGUE) == set()


def test_both_locks_pin_the_same_versions():
    def pins(name: str) -> set[str]:
        lines = (PACKAGE.parent / name).read_text().splitlines()
        return {line.removesuffix(" \\") for line in lines if line[:1].isalnum()}

    assert pins("requirements.lock") < pins("requirements-dev.lock")
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())
    needed = {re.split(r"[\[>]", dependency)[0] for dependency in project["project"]["dependencies"]}
    assert needed - {pin.split("==")[0] for pin in pins("requirements.lock")} == set()
