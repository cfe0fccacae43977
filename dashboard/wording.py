"""How the wording of a commitment changed: word by word, by whom, and why."""

from __future__ import annotations

import html
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import components, i18n
from dashboard.session import t, words
from tracker.redline import Piece, readable, redline, reworded

_TAGS = {"gone": "del", "new": "ins"}
_TERMS = {"kind": "kind", "expected_basis": "basis", "stage": "stage", "confidence": "confidence"}
"""Fields and parts whose values are words of a table of the catalogue."""
_LINES = {"names", "positions"}
"""Parts in which what stands on record is told line by line."""
_NAMES = ("wording.field", "record.field", "quarrel.field", "proposed.field")
"""Tables of the catalogue in which the fields of things have their names."""


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
            if field == "translations" and not before[field]:
                names = [i18n.language(told["language"], words().language) for told in after[field]]
                st.caption(t("wording.translated", languages=i18n.listed(names, words().language)))
                continue
            st.html(compared(t(f"wording.field.{field}"), field, before[field], after[field]))


def name(field: str) -> str:
    """The name of a field of anything on record."""
    return next(t(f"{table}.{field}") for table in _NAMES if f"{table}.{field}" in words())


def compared(name: str, field: str, before: Any, after: Any) -> str:
    """Two values of a field, under its name, as HTML that marks what went and what came."""
    return _under(name, _marked(redline(text(field, before), text(field, after))))


def beside(name: str, field: str, before: Any, after: Any) -> str:
    """The same where the one before stands beside it: marked only if it is still much the same."""
    old, new = text(field, before), text(field, after)
    pieces = redline(old, new)
    same = sum(len(piece.text) for piece in pieces if piece.kind == "same")
    return _under(name, _marked(pieces if 2 * same > max(len(old), len(new)) else [Piece("same", new)]))


def _under(name: str, told: str) -> str:
    return f'<p class="redline"><b>{html.escape(name)}</b><br>{told}</p>'


def text(field: str, value: Any) -> str:
    """A value in the words of the reader."""
    return readable(_worded(field, value)) or "–"


def _part(name: str, of: str) -> str:
    """The name of a part of a field."""
    return next((t(key) for key in (f"wording.{of}.{name}", f"wording.part.{name}") if key in words()), name)


def _worded(name: str, value: Any) -> Any:
    if isinstance(value, dict) and name in _LINES:
        return [f"{original}: {told}" for original, told in value.items()]
    if isinstance(value, dict):
        return {_part(part, name): _worded(part, v) for part, v in value.items()}
    if isinstance(value, list):
        return [_part(item, "translations") if name == "human" else _worded(name, item) for item in value]
    if isinstance(value, bool):
        return t("moved.yes" if value else "moved.no")
    if name == "made_by":
        return t(f"made_by.{value}")
    return t(f"{_TERMS[name]}.{value}") if value is not None and name in _TERMS else value


def _marked(pieces: Sequence[Piece]) -> str:
    parts = []
    for piece in pieces:
        text = html.escape(piece.text).replace("\n", "<br>")
        tag = _TAGS.get(piece.kind)
        parts.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(parts)
