"""Fields for the title and the pledge of a commitment in other languages.

Whoever changes a text answers for it, and so does who says to have read it; nothing else changes hands.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import i18n, telling
from dashboard.entry.entering import Content
from dashboard.entry.forms import Form
from dashboard.session import t, words
from tracker.spoken import Maker, PledgeTranslation, spoken

HEAD = "translations"
PARTS = ("title", "pledge")
READ = "read"


def languages(base: Content) -> list[str]:
    """Those on record, and those of the dashboard in which the commitment is not worded itself."""
    own = telling.language_of(base["title"], base["pledge"])
    known = [told["language"] for told in base.get(HEAD) or ()]
    return list(dict.fromkeys([*known, *(code for code in i18n.LANGUAGES if code != own)]))


def fields(base: Content) -> list[str]:
    """The fields of all languages."""
    known = _known(base)
    return [
        f"{HEAD}.{language}.{part}"
        for language in languages(base)
        for part in (*PARTS, *([READ] if _is_machine(known.get(language)) else ()))
    ]


def first(base: Content) -> dict[str, str]:
    """What the fields hold in the beginning."""
    known = _known(base)
    return {
        f"{HEAD}.{language}.{part}": (getattr(known.get(language), part, None) or "")
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
    known = _known(base)
    for language in languages(base):
        told.text(f"{HEAD}.{language}.title")
        told.area(f"{HEAD}.{language}.pledge", height=90)
        if _is_machine(known.get(language)):
            told.tick(f"{HEAD}.{language}.{READ}")


def made(typed: Content, base: Content) -> list[dict[str, Any]] | None:
    """The translations as they were typed, each text with who answers for it now."""
    known = _known(base)
    found = []
    for language in languages(base):
        before = known[language].told() if language in known else {}
        read = typed.get(f"{HEAD}.{language}.{READ}")
        told = {}
        for part in PARTS:
            if text := typed[f"{HEAD}.{language}.{part}"]:
                was, maker = before.get(part, (None, Maker.HUMAN))
                told[part] = (text, maker if text == was and not read else Maker.HUMAN)
        if told:
            found.append(spoken(language, told))
    # Nothing where nothing was leaves no trace; taking all of them out does.
    return found or (None if base.get(HEAD) is None else [])


def _known(base: Content) -> dict[str, PledgeTranslation]:
    told = (PledgeTranslation.parse(each) for each in base.get(HEAD) or ())
    return {each.language: each for each in told}


def _is_machine(told: PledgeTranslation | None) -> bool:
    """Whether there is a text among them that nobody has read."""
    return told is not None and any(maker is Maker.MACHINE for _, maker in told.told().values())
