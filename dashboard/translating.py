"""Fields for the title and the pledge of a commitment in other languages."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import i18n, telling
from dashboard.entering import Content
from dashboard.forms import Form
from dashboard.session import t, words
from tracker.spoken import Maker

HEAD = "translations"
PARTS = ("title", "pledge")


def languages(base: Content) -> list[str]:
    """Those on record, and those of the dashboard in which the commitment is not worded itself."""
    own = telling.language_of(base["title"])
    known = [told["language"] for told in base.get(HEAD) or ()]
    return list(dict.fromkeys([*known, *(code for code in i18n.LANGUAGES if code != own)]))


def fields(base: Content) -> list[str]:
    """The fields of all languages."""
    return [f"{HEAD}.{language}.{part}" for language in languages(base) for part in PARTS]


def first(base: Content) -> dict[str, str]:
    """What the fields hold in the beginning."""
    told = {each["language"]: each for each in base.get(HEAD) or ()}
    return {
        f"{HEAD}.{language}.{part}": told.get(language, {}).get(part) or ""
        for language in languages(base)
        for part in PARTS
    }


def label(field: str) -> str:
    """The name of a field."""
    _, language, part = field.split(".")
    return t(f"revise.translations.{part}", language=i18n.language(language, words().language))


def draw(told: Form, base: Content) -> None:
    """The fields, and what becomes of what is typed in them."""
    st.caption(t("revise.translations.how"))
    for language in languages(base):
        told.text(f"{HEAD}.{language}.title")
        told.area(f"{HEAD}.{language}.pledge", height=90)


def made(typed: Content, base: Content) -> list[dict[str, Any]] | None:
    """The translations as they were typed; whoever changes one answers for it."""
    known = {each["language"]: each for each in base.get(HEAD) or ()}
    found = []
    for language in languages(base):
        told = {part: typed[f"{HEAD}.{language}.{part}"] or None for part in PARTS}
        before = known.get(language)
        if before is not None and told == {part: before[part] for part in PARTS}:
            found.append(before)
        elif any(told.values()):
            found.append({"language": language, "made_by": Maker.HUMAN.value, **told})
    # Nothing where nothing was leaves no trace; taking all of them out does.
    return found or (None if base.get(HEAD) is None else [])
