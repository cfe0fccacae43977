"""Sentences for people: TOML catalogues with dotted keys, plural forms from CLDR.

A catalogue holds words and placeholders, never rules. A table of plural forms (`one`,
`other`, …; `zero` for exactly none) is chosen by the fact named `n`. Whole numbers that count
something are written as the language writes them; others, such as versions and years, as they are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

_PLURALS = {"zero", "one", "two", "few", "many", "other"}
_COUNTS = ("n", "total", "open")
"""Facts that count something."""


class Words:
    """The words of one language, from the catalogues of one or more packages; later ones win."""

    def __init__(self, language: str, packages: Iterable[str] = ("tracker",)) -> None:
        self.language = language
        self._entries: dict[str, str | dict[str, str]] = {}
        for package in packages:
            self._entries |= _catalogue(package, language)

    def __call__(self, key: str, /, **facts: object) -> str:
        """The sentence for a key, filled with facts. Raises KeyError for a key nobody wrote."""
        entry = self._entries[key]
        if isinstance(entry, dict):
            # Forms that are used for millions alone need not be written for what is never so many.
            entry = entry.get(self._plural(facts["n"], entry), entry["other"])
        # What has no thousands is the same in every language.
        large = {
            name: self._number(value)
            for name in _COUNTS
            if isinstance(value := facts.get(name), int) and abs(value) >= 1000
        }
        return entry.format_map(facts | large)

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def keys(self) -> list[str]:
        """Every key of the language."""
        return list(self._entries)

    def _number(self, number: int) -> str:
        if self.language == "en":
            return f"{number:,}"
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.language)

    def _plural(self, number: Any, forms: Mapping[str, str]) -> str:
        # "None is late" reads better than "0 are late", whatever the grammar of zero.
        if number == 0 and "zero" in forms:
            return "zero"
        if self.language == "en":
            # The command speaks English; loading CLDR for its one rule would slow every start.
            return "one" if number == 1 else "other"
        from babel import Locale

        form: str = Locale.parse(self.language).plural_form(number)
        return form


@lru_cache
def _catalogue(package: str, language: str) -> dict[str, str | dict[str, str]]:
    text = files(package).joinpath("locales", f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text)))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str | dict[str, str]]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and not (value.keys() <= _PLURALS and "other" in value):
            yield from _flat(value, f"{key}.")
        else:
            yield key, value
