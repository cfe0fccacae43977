"""The fields that describe a source that is not on file yet, in whatever form they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import streamlit as st

from dashboard import i18n, language
from dashboard.entry import forms
from dashboard.entry.forms import Form
from dashboard.session import con, t, words
from tracker import naming, provenance
from tracker.errors import Invalid, Problem
from tracker.models import Source
from tracker.terms import Reliability, SourceKind

FIELDS = ("title", "publisher", "url", "published", "language", "kind", "reliability", "reliability_reason")
"""In the order in which the eye meets them."""
RECENT = 8
"""Sources that are offered before all others because somebody used them last."""
NEEDED = ("title", "publisher", "reliability")


def on_file(chosen: Iterable[str]) -> dict[str, str]:
    """Sources to choose from, in words: those cited or entered last, then the most used that count.

    Those that were chosen already are among them.
    """
    chosen, recent = list(chosen), provenance.recent_sources(con(), RECENT)
    known = {s["id"]: s for s in provenance.sources(con(), standing=True, limit=forms.OFFERED)}
    first = dict.fromkeys(recent) | dict.fromkeys(known)
    known |= provenance.sources_by_id(con(), [i for i in (*recent, *chosen) if i not in known])
    order = [i for i in first if i in known and not known[i]["withdrawn_at"]]
    return {i: _line(known[i]) for i in dict.fromkeys((*order, *chosen)) if i in known}


def _line(source: Mapping[str, Any]) -> str:
    told = i18n.labelled(source["publisher"], f"{source['title']} ({source['reliability']})", words())
    return f"{told} – {t('sources.withdrawn')}" if source["withdrawn_at"] else told


def draw(told: Form, prefix: str = "", beside: Callable[[], None] = lambda: None) -> None:
    """The fields, under names that begin with the prefix; `beside` draws what stands beside the grade."""
    for field in ("title", "publisher", "url"):
        told.text(prefix + field, max_chars=2000)
    with st.container(horizontal=True):
        for field, example in (("published", t("record.date_example")), ("language", "en, fr, ko")):
            with st.container():
                told.text(prefix + field, placeholder=example)
        with st.container():
            told.select(prefix + "kind", [k.value for k in SourceKind], lambda k: t(f"source_kind.{k}"))
    with st.container(horizontal=True):
        with st.container():
            told.graded(prefix + "reliability", Reliability, "reliability")
        beside()
    told.text(prefix + "reliability_reason", help=t("record.reason_help"))


def first(prefix: str = "") -> dict[str, Any]:
    """What stands in the fields to begin with."""
    return {prefix + "language": language.chosen()}


def is_begun(typed: Mapping[str, Any], prefix: str = "") -> bool:
    """Whether anything was typed that tells of a source; the language stands there by itself."""
    return any(typed[prefix + field] for field in FIELDS if field != "language")


def made(
    typed: Mapping[str, Any], key: str, by: str, prefix: str = "", **more: Any
) -> tuple[Source | None, list[Problem]]:
    """The source that was typed, and what is wrong with it, by the names of the fields.

    `key` is that of the request: a repeated one makes the same source. `more` are further fields
    of the model.
    """
    told = {field: typed[prefix + field] or None for field in FIELDS}
    problems = [Problem(prefix + field, "missing") for field in NEEDED if not told[field]]
    told |= {
        "id": naming.source_id(told["publisher"] or "", told["published"] or "", key),
        "kind": told["kind"] or SourceKind.UNKNOWN,
        "language": told["language"] or "und",
        "reliability_reason": told["reliability_reason"] or t("record.no_reason", by=by),
    }
    try:
        source = Source.parse(told | more)
    except Invalid as error:
        named = {problem.field for problem in problems}
        found = [Problem(prefix + p.field, p.code, p.facts) for p in error.problems]
        return None, problems + [p for p in found if p.field not in named]
    return (None, problems) if problems else (source, [])
