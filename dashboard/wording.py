"""How the wording of a commitment changed: word by word, by whom, and why."""

from __future__ import annotations

import html
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import components, i18n
from dashboard.session import t, words
from tracker.redline import redline

_TEXTS = (
    "title",
    "pledge",
    "fulfilment_test",
    "pillar",
    "due",
    "cadence",
    "lapses_after",
    "kind",
    "agreement_id",
)
_TAGS = {"gone": "del", "new": "ins"}


def changes(wordings: Sequence[Mapping[str, Any]]) -> None:
    """Every change of wording, newest first; nothing where there was none."""
    pairs = [(a, b, changed) for a, b in itertools.pairwise(wordings) if (changed := _changed(a, b))]
    if not pairs:
        return
    st.header(t("wording.title"))
    for before, after, fields in reversed(pairs):
        when = i18n.day(after["known_from"].date(), words().language)
        because = components.md(after["because"]) if after["because"] else t("wording.no_reason")
        by = components.md(after["recorded_by"])
        st.markdown(t("wording.by", by=by, date=when, version=after["version"], because=because))
        for field in fields:
            st.html(
                f'<p class="redline"><b>{html.escape(t(f"wording.field.{field}"))}</b><br>'
                f"{_marked(_text(before[field]), _text(after[field]))}</p>"
            )


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [field for field in _TEXTS if before[field] != after[field]]


def _text(value: object) -> str:
    return "–" if value is None else str(value)


def _marked(before: str, after: str) -> str:
    parts = []
    for piece in redline(before, after):
        text = html.escape(piece.text)
        tag = _TAGS.get(piece.kind)
        parts.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(parts)
