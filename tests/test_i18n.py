"""Words: every one of them in the catalogue, none in the code, dates as people say them."""

from __future__ import annotations

import ast
import functools
import re
from collections import defaultdict
from pathlib import Path

import pytest

import dashboard
from dashboard import i18n, wording
from tracker import lifecycle, models, spoken, terms

T = i18n.words("en")
PACKAGE = Path(dashboard.__file__).parent
SCRIPTS = sorted(PACKAGE.rglob("*.py"))
CALLS = {
    "title", "header", "subheader", "caption", "write", "markdown", "info", "error", "warning", "success",
    "button", "form_submit_button", "text_input", "text_area", "selectbox", "multiselect", "radio",
    "checkbox", "expander", "download_button", "metric", "page_link", "tabs",
}  # fmt: skip
FREE = {"SQL", "answer.csv", "answer.parquet"}
"""Names that are the same in every language."""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-02-25", "25 Feb 2026"),
        ("2026-02", "Feb 2026"),
        ("2026", "2026"),
        ("2026-21", "spring 2026"),
        ("2026-02~", "about Feb 2026"),
        ("2026?", "perhaps 2026"),
        ("2026-02/2026-03", "Feb 2026 to Mar 2026"),
        (None, "no date"),
    ],
)
def test_dates_are_said_no_more_exactly_than_they_are(text: str | None, said: str) -> None:
    assert i18n.date(text, T).replace("\u00a0", " ") == said


def test_a_vague_date_is_explained_and_an_exact_one_is_not() -> None:
    assert i18n.reading("2026-11", T).replace("\u00a0", " ") == "(between 1 and 30 Nov 2026)"
    within = i18n.reading("2026-21", T, "date.within")
    assert within.replace("\u00a0", " ") == "Between 1 Mar and 31 May 2026."
    assert i18n.reading("2026-11-20", T) == ""


def test_the_end_of_a_line_parts_no_number_from_what_it_counts_and_no_date() -> None:
    assert T("overview.kept", n=1, total=2, delivered=1, ongoing=0).startswith("1\u00a0of\u00a02\u00a0com")
    assert i18n.words("fr")("overview.claimed", n=4).startswith("Pour\u00a04\u00a0engagements")
    assert i18n.date("2026-02-25", T) == "25\u00a0Feb\u00a02026"


@pytest.mark.parametrize(("n", "said"), [(0, "None"), (1, "1 is"), (2, "2 are")])
def test_numbers_bend_their_sentence(n: int, said: str) -> None:
    assert T("overview.late", n=n).replace("\u00a0", " ").startswith(said)


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("kind", terms.Kind),
        ("stage", terms.Stage),
        ("status", terms.Status),
        ("schedule", terms.Schedule),
        ("confidence", terms.Confidence),
        ("bearing", terms.Bearing),
        ("reliability", terms.Reliability),
        ("credibility", terms.Credibility),
        ("source_kind", terms.SourceKind),
        ("basis", terms.Basis),
        ("method.status_of", terms.Status),
        ("method.schedule_of", terms.Schedule),
        ("ask.example", [p.stem for p in (PACKAGE / "examples").glob("*.sql")]),
    ],
)
def test_every_word_of_the_vocabulary_has_a_label(prefix: str, words: list[str]) -> None:
    for word in words:
        assert T(f"{prefix}.{getattr(word, 'value', word)}")


def test_every_field_of_everything_on_record_has_a_name() -> None:
    fields = {f for thing in models.THINGS.values() for f in thing.model_fields}
    for field in fields - {"entity", "id", "because", "changes"}:
        assert wording.name(field)


def test_every_part_of_a_translation_has_a_name() -> None:
    for code in i18n.LANGUAGES:
        words = i18n.words(code)
        for told in spoken.Translation.__subclasses__():
            keys = [(f"wording.translations.{part}", f"wording.part.{part}") for part in told.model_fields]
            names = [words(own if own in words else general) for own, general in keys]
            assert len(set(names)) == len(names), (code, told)


def test_every_stage_of_a_lifecycle_has_a_label() -> None:
    assert {T(f"stage.{row.stage}") for row in lifecycle.table()}


@functools.cache
def calls() -> dict[str, list[tuple[str, ast.Call]]]:
    """All calls by the name of the function or method, with where they stand."""
    found: dict[str, list[tuple[str, ast.Call]]] = defaultdict(list)
    for script in SCRIPTS:
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                target = node.func
                label = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
                found[label].append((f"{script.name}:{node.lineno}", node))
    return found


def test_no_sentence_stands_in_the_code() -> None:
    loose = [
        f"{place}: {argument.value!r}"
        for name in CALLS
        for place, call in calls()[name]
        for argument in [
            *call.args[:1],
            *(k.value for k in call.keywords if k.arg in ("label", "help", "placeholder")),
        ]
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and re.search(r"[A-Za-z]{2,}", argument.value)
        and argument.value not in FREE
        and not argument.value.startswith("app_pages/")
    ]
    assert not loose


def test_every_key_that_the_code_names_is_in_the_catalogue() -> None:
    for place, call in calls()["t"]:
        if call.args and isinstance(call.args[0], ast.Constant):
            assert call.args[0].value in T, f"{place}: {call.args[0].value}"


def test_no_key_of_the_dashboard_is_unused() -> None:
    import tomllib

    text = "\n".join(s.read_text(encoding="utf-8") for s in SCRIPTS)
    catalogue = (PACKAGE / "locales" / "en.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(catalogue)
    mine = [k for k in sorted(T.keys()) if k.split(".")[0] in tables]
    built = re.findall(r"""["']([a-z_.]+\.)\{|["']([a-z_.]+\.)["'] \+""", text)
    prefixes = (*(p for pair in built for p in pair if p), "streamlit.")
    unused = [k for k in mine if f'"{k}"' not in text and f"'{k}'" not in text and not k.startswith(prefixes)]
    assert not unused


@pytest.mark.parametrize(
    ("language", "told"), [("en", "1,234\u00a0of\u00a012,345"), ("fr", "1\u202f234"), ("ko", "12,345")]
)
def test_counts_in_a_sentence_are_written_as_the_language_writes_them(language: str, told: str) -> None:
    said = i18n.words(language)("commitments.count", n=1234, total=12345)
    assert told in said
