"""Whoever changes a rule raises the edition of the rule book."""

from __future__ import annotations

import ast
import hashlib
import tomllib
from pathlib import Path

import tracker
from tracker.rules import RULES_VERSION

PACKAGE = Path(tracker.__file__).parent
MODULES = (
    "rules.py",
    "steps.py",
    "proof.py",
    "schedule.py",
    "record.py",
    "judging.py",
    "dates.py",
    "lifecycle.py",
    "terms.py",
)
TABLES = ("lifecycle.toml",)
RELEASED = {1: "b54db1420285bab2e543d290584ba18f3843834280b6315f8ec77d9b89950ed3"}
"""Digests of the editions by which stores have judged: those stay what they were."""
EDITIONS = tomllib.loads((PACKAGE / "rulebook.toml").read_text(encoding="utf-8"))["edition"]


def code(text: str) -> str:
    """A module as the interpreter sees it: without comments, docstrings and its own edition."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [s for s in body if not _silent(s)]  # type: ignore[attr-defined]
    # A dump of the tree differs from one version of Python to the next.
    return ast.unparse(tree)


def _silent(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0]) == "RULES_VERSION"
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def digest(modules: dict[str, str], tables: dict[str, str]) -> str:
    sealed = hashlib.sha256()
    for name, text in sorted(modules.items()):
        sealed.update(f"{name}\n{code(text)}\n".encode())
    for name, text in sorted(tables.items()):
        sealed.update(f"{name}\n{tomllib.loads(text)}\n".encode())
    return sealed.hexdigest()


def files(names: tuple[str, ...]) -> dict[str, str]:
    return {name: (PACKAGE / name).read_text(encoding="utf-8") for name in names}


def test_the_newest_edition_is_the_one_that_judges() -> None:
    assert [e["number"] for e in EDITIONS] == list(range(1, len(EDITIONS) + 1))
    assert EDITIONS[-1]["number"] == RULES_VERSION
    assert all(e["changes"] and e["since"] for e in EDITIONS)


def test_an_edition_that_was_released_stays_what_it_was_and_the_next_one_differs() -> None:
    digests = {e["number"]: e["digest"] for e in EDITIONS}
    newest = digests.pop(RULES_VERSION)
    assert digests == RELEASED, "A new edition is entered after the last, whose digest goes into RELEASED."
    assert newest not in RELEASED.values()


def test_the_rules_are_those_of_the_newest_edition() -> None:
    found = digest(files(MODULES), files(TABLES))
    assert found == EDITIONS[-1]["digest"], (
        "The rules have changed. Raise RULES_VERSION in tracker/rules.py and enter the new edition in "
        f'tracker/rulebook.toml with digest = "{found}".'
    )


def test_a_change_of_a_rule_changes_the_digest_and_a_change_of_words_does_not() -> None:
    modules, tables = files(MODULES), files(TABLES)
    before = digest(modules, tables)
    words = {n: t.replace('"""', '"""Said otherwise. ', 1) + "# A remark.\n" for n, t in modules.items()}
    assert digest(words, tables) == before
    for name, old, new in (
        ("schedule.py", "days=90", "days=91"),
        ("proof.py", "SourceKind.BLOG: Weight.WORD", "SourceKind.BLOG: Weight.ACT"),
        ("rules.py", "len(strong) >= 2", "len(strong) >= 3"),
        ("terms.py", "WORD = 2", "WORD = 5"),
        ("judging.py", "s.withdrawn_at IS NULL", "true"),
    ):
        assert modules[name].count(old) == 1
        assert digest(modules | {name: modules[name].replace(old, new)}, tables) != before
    stages = tables["lifecycle.toml"].replace('signed = "both"', 'signed = "act"')
    assert digest(modules, {"lifecycle.toml": stages}) != before
