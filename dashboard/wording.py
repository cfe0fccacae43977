"""How the wording of a commitment changed: word by word, by whom, and why."""

from __future__ import annotations

import html
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import components, i18n
from dashboard.session import t, words
from tracker.redline import readable, redline, reworded

_TAGS = {"gone": "del", "new": "ins"}
_TERMS = {"kind": "kind", "expected_basis": "basis", "stage": "stage", "confidence": "confidence"}
"""Fields and parts whose values are words of a table of the catalogue."""


def changes(wordings: Sequence[Mapping[str, Any]]) -> None:
    """Every revision, newest first, with what it changed; nothing where there was none."""
    if len(wordings) < 2:
        return
    st.header(t("wording.title"))
    for before, after in reversed(list(itertools.pairwise(wordings))):
        when = i18n.day(after["known_from"].date(), words().language)
        because = components.md(after["because"]) if after["because"] else t("wording.no_reason")
        by = components.md(after["recorded_by"])
        st.markdown(t("wording.by", by=by, date=when, version=after["version"], because=because))
        fields = reworded(before, after)
        if not fields:
            st.caption(t("wording.same"))
        for field in fields:
            st.html(compared(t(f"wording.field.{field}"), field, before[field], after[field]))


def compared(name: str, field: str, before: Any, after: Any) -> str:
    """Two values of a field, under its name, as HTML that marks what went and what came."""
    return (
        f'<p class="redline"><b>{html.escape(name)}</b><br>'
        f"{_marked(_text(field, before), _text(field, after))}</p>"
    )


def _text(field: str, value: Any) -> str:
    """A value in the words of the reader."""
    return readable(_worded(field, value), lambda part: t(f"wording.part.{part}")) or "–"


def _worded(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {part: _worded(part, v) for part, v in value.items()}
    if isinstance(value, list):
        return [_worded(name, item) for item in value]
    if isinstance(value, bool):
        return t("moved.yes" if value else "moved.no")
    return t(f"{_TERMS[name]}.{value}") if value is not None and name in _TERMS else value


def _marked(before: str, after: str) -> str:
    parts = []
    for piece in redline(before, after):
        text = html.escape(piece.text).replace("\n", "<br>")
        tag = _TAGS.get(piece.kind)
        parts.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(parts)
