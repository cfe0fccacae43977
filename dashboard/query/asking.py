"""The query of a session: in the editor, in the address, running, stopped, answered."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any
from urllib.parse import quote

import streamlit as st

from dashboard import components
from dashboard.session import t, tracker
from tracker import config, sandbox, sql
from tracker.errors import QueryRefused

ROWS = 1000
SIZE = 8 << 20
"""Bytes of the rows that a page keeps."""
FILE_ROWS = 100_000
"""Rows of a file that the page makes."""
ADDRESS = 4000
"""Characters of a query in an address, as addresses are written; longer ones do not pass every server."""
EDITOR = "sql"
_QUESTION, _SEEN = "question", "question-seen"
_OTHERWISE, _REPLACED, _OWN = "question-otherwise", "question-replaced", "question-own"
_PATIENCE = 0.5
"""Seconds after which somebody who waits is told so."""


@dataclass(frozen=True)
class Question:
    """What was asked, and what came of it: an answer, a refusal, a stop, or nothing yet."""

    text: str
    linked: bool = False
    """Whether it came with an address, and was not typed here."""
    answer: sql.Answer | None = None
    refused: QueryRefused | None = None
    stopped: bool = False

    @property
    def pending(self) -> bool:
        """Whether nothing came of it yet."""
        return self.answer is None and self.refused is None and not self.stopped

    @property
    def in_address(self) -> bool:
        """Whether it is short enough for an address."""
        return len(quote(self.text)) <= ADDRESS


def asked() -> Question | None:
    """The question of this session."""
    question: Question | None = st.session_state.get(_QUESTION)
    return question


def begin(otherwise: str) -> None:
    """Take the query from the address when that has changed: a link was followed, or a way gone back.

    It runs at once: it only reads, within limits, and whoever shares a query means its answer.
    `otherwise` stands in the editor before anything was asked.
    """
    told = st.query_params.get("q")
    if _SEEN not in st.session_state:
        st.session_state[_SEEN] = None
    if st.session_state[_SEEN] != told:
        st.session_state[_SEEN] = told
        st.session_state.pop(_QUESTION, None)
        if told is not None:
            st.session_state[EDITOR] = told
            own = told in st.session_state.get(_OWN, ())
            st.session_state[_QUESTION] = Question(told, linked=not own)
    st.session_state[_OTHERWISE] = otherwise
    st.session_state.setdefault(EDITOR, otherwise)


def ask() -> None:
    """Ask what stands in the editor."""
    question = Question(st.session_state[EDITOR])
    st.session_state[_QUESTION] = question
    st.session_state.pop(_REPLACED, None)
    if question.in_address and question.text.strip():
        st.query_params["q"] = question.text
        st.session_state.setdefault(_OWN, set()).add(question.text)
    else:
        st.query_params.pop("q", None)
    st.session_state[_SEEN] = st.query_params.get("q")


def put(text: str) -> None:
    """Put another query into the editor, and ask it. What was typed there can be brought back."""
    before = st.session_state[EDITOR]
    question = asked()
    known = {st.session_state[_OTHERWISE], question.text if question is not None else ""}
    st.session_state[EDITOR] = text
    ask()
    if before not in known:
        st.session_state[_REPLACED] = before


def insert(name: str) -> None:
    """Add a name at the end of the query."""
    text = st.session_state[EDITOR].rstrip().removesuffix(";").rstrip()
    st.session_state[EDITOR] = f"{text}{'' if not text or text.endswith(('(', '.')) else ' '}{name}"


def replaced() -> str | None:
    """What was typed and never asked, and had to give way."""
    text: str | None = st.session_state.get(_REPLACED)
    return text


def bring_back() -> None:
    """Put into the editor what had to give way."""
    st.session_state[EDITOR] = st.session_state.pop(_REPLACED)


def stop() -> None:
    """Do not wait for an answer any more."""
    question = asked()
    if question is not None and question.pending:
        st.session_state[_QUESTION] = replace(question, stopped=True)


def run(question: Question) -> Question:
    """Have it answered, and keep what came of it.

    While it runs, whoever leaves, stops it or turns to something else ends it, for drawing
    is when Streamlit tells. What was only interrupted is still pending, and runs again.
    """
    place = st.empty()
    said, begun = None, time.monotonic()

    def tick(elapsed: float) -> None:
        nonlocal said
        if time.monotonic() - begun < _PATIENCE:
            place.empty()
            return
        if said is None:
            with place.container(horizontal=True, vertical_alignment="center"):
                st.button(t("ask.stop"), on_click=stop, key="ask-stop", icon=":material/stop:")
                said = st.empty()
        told = t("ask.running", seconds=f"{elapsed:.1f}")
        said.caption(told if elapsed else t("ask.waiting", n=sandbox.AT_ONCE))

    store, seconds = tracker().store, config.sql_seconds()
    try:
        answer = sql.run(
            store, question.text, limit=ROWS, size=SIZE, count=FILE_ROWS, seconds=seconds, tick=tick
        )
        question = replace(question, answer=answer)
    except QueryRefused as error:
        question = replace(question, refused=error)
    place.empty()
    st.session_state[_QUESTION] = question
    return question


def told(question: Question) -> None:
    """What there is to say of a question beside its answer."""
    if question.linked:
        st.caption(t("ask.linked"))
    if not question.in_address:
        st.caption(t("ask.too_long"))
    if question.stopped:
        st.info(t("ask.stopped"))
    if question.refused is not None:
        _refusal(question, question.refused)


def _refusal(question: Question, error: QueryRefused) -> None:
    """Why there is no answer, in words and with the place marked, and what may have been meant."""
    facts: dict[str, Any] = dict(error.facts)
    message = str(facts.get("detail", "")).partition("\n\nLINE ")[0]
    st.error(components.sentence(QueryRefused(error.code, **facts | {"detail": message})))
    if "line" not in facts:
        return
    shown, begin, end = facts["shown"], facts["begin"], facts["end"]
    marked = f"{escape(shown[:begin])}<mark>{escape(shown[begin:end])}</mark>{escape(shown[end:])}"
    place = escape(t("ask.place", line=facts["line"], column=facts["column"]))
    st.html(f'<p class="fault"><b>{place}</b>{marked}</p>')
    with st.container(horizontal=True, gap="xsmall"):
        for name, text in _meant(question.text, facts):
            label = t("ask.instead", name=f"`{name}`")
            st.button(label, on_click=put, args=(text,), key=f"instead-{name}")


def _meant(text: str, facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names that are there and resemble the one that is not, each with the query that has it instead."""
    at, name = facts["at"], facts.get("name", "")
    end = at + len(name)
    if not name or text[at:end] != name:
        return []
    return [(other, f"{text[:at]}{other}{text[end:]}") for other in facts["near"] if other]
