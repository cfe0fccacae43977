"""Every language says the same: each key, each fact, each plural form, and nothing in English."""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Iterator
from typing import Any

import pytest
from babel import Locale

from dashboard import i18n

ENGLISH = i18n.words("en")
OTHERS = [code for code in i18n.LANGUAGES if code != "en"]
NAMES = re.compile(
    r"`[^`]*`|\{[^{}]*\}|tracker [\w-]+.*|--[\w-]+|day, month, year"
    r"|\b(?:Commitment tracker|DuckDB SQL|OpenID Connect|Apache License)\b"
)
"""What is called the same in every language."""


def forms(language: str, key: str) -> dict[str, str]:
    """The sentences of a key by plural form; `other` alone where it does not bend."""
    told: Any = i18n.words(language)._entries[key]
    return told if isinstance(told, dict) else {"other": told}


def sentences(language: str) -> Iterator[tuple[str, str]]:
    """Every sentence of a language, each with its key."""
    for key in ENGLISH.keys():  # noqa: SIM118
        for sentence in forms(language, key).values():
            yield key, sentence


def facts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_key_is_there_and_none_besides(language: str) -> None:
    assert i18n.words(language).keys() == ENGLISH.keys()


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_uses_facts_that_it_is_given(language: str) -> None:
    for key in ENGLISH.keys():  # noqa: SIM118
        given = {fact for sentence in forms("en", key).values() for fact in facts(sentence)}
        told = {fact for sentence in forms(language, key).values() for fact in facts(sentence)}
        assert told - {"n"} == given - {"n"}, key
        assert "n" not in told or "n" in given or "other" in forms("en", key), key


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_whatever_bends_has_every_form_that_its_numbers_need(language: str) -> None:
    rule = Locale.parse(language).plural_form
    needed = {rule(n) for n in range(1000)}
    for key in ENGLISH.keys():  # noqa: SIM118
        told = forms(language, key)
        if len(forms("en", key)) > 1:
            assert needed <= told.keys(), key


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_was_left_in_english(language: str) -> None:
    left = []
    for key in ENGLISH.keys():  # noqa: SIM118
        english = set(forms("en", key).values())
        for sentence in forms(language, key).values():
            words = re.findall(r"[A-Za-z]{2,}", NAMES.sub(" ", sentence))
            if sentence in english and len(words) > 1:
                left.append(f"{key}: {sentence}")
    assert not left


def test_no_sentence_of_korean_runs_on_in_latin_letters() -> None:
    run = re.compile(r"[A-Za-z]*[a-z]{2,}(?:[ ,]+[A-Za-z]*[a-z]{2,}){2,}")
    told = ((key, run.search(NAMES.sub(" | ", sentence))) for key, sentence in sentences("ko"))
    assert [f"{key}: {found[0]}" for key, found in told if found] == []


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("fr", "2026-02-01", "1er févr. 2026"),
        ("fr", "2026-02-21", "21 févr. 2026"),
        ("fr", "2026-02", "févr. 2026"),
        ("fr", "2026-21", "printemps 2026"),
        ("ko", "2026-02-21", "2026년 2월 21일"),
        ("ko", "2026-02", "2026년 2월"),
        ("ko", "2026", "2026년"),
        ("ko", None, "날짜 없음"),
    ],
)
def test_dates_are_said_as_the_language_says_them(language: str, text: str | None, said: str) -> None:
    assert i18n.date(text, i18n.words(language)).replace("\u00a0", " ") == said


def test_moments_and_great_numbers() -> None:
    moment = dt.datetime(2026, 2, 21, 9, 5)
    assert [i18n.moment(moment, code).replace("\u00a0", " ") for code in i18n.LANGUAGES] == [
        "21 Feb 2026, 09:05 UTC",
        "21 févr. 2026, 09:05 UTC",
        "2026년 2월 21일 09:05 UTC",
    ]
    # French has a form for millions alone.
    assert i18n.words("fr")("import.entries", n=2_000_000)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (["ko-KR"], "ko"),
        (["fr-CA", "en"], "fr"),
        (["de-DE", "fr"], "fr"),
        (["de-DE"], "en"),
        (["zh-Hant-TW", "tlh"], "en"),
        ([], "en"),
    ],
)
def test_readers_get_the_language_that_they_like_best_of_ours(wanted: list[str], given: str) -> None:
    assert i18n.nearest(*wanted) == given


def test_french_has_the_spaces_of_canada() -> None:
    """None before a semicolon, a question or an exclamation mark; one that does not break before a colon."""
    wrong = re.compile(r"\s(?=[;?!](?:\s|$))|[ \u202f](?=:(?:\s|$))|« | »")
    assert [f"{key}: {sentence}" for key, sentence in sentences("fr") if wrong.search(sentence)] == []
