"""What forms share: fields that keep what was typed, problems beside them, and what a save changed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import access, components, i18n
from dashboard.access import Action
from dashboard.session import WAITS, con, t, tracker, words
from tracker import moves, provenance
from tracker.errors import Invalid, Problem, StaleVersion, TrackerError
from tracker.moves import Move
from tracker.terms import EntryKind

OFFERED = 1000
"""Sources that a field offers, the most used ones."""
_PROBLEMS, _FAILURE, _REQUEST = "problems", "failure", "request"
_UNSAVED = "unsaved"


class Form:
    """One form: where its fields are kept, what is wrong with them, and the request it makes.

    `label` says the name of a field; `fields` are all of them, in the order in which the
    eye meets them.
    """

    def __init__(self, name: str, fields: Sequence[str], label: Callable[[str], str]) -> None:
        self.name = name
        self.fields = tuple(fields)
        self.label = label
        self.first: dict[str, Any] = {}

    def begin(self, **first: Any) -> None:
        """Say what stands in the fields before anybody typed."""
        st.session_state.setdefault(self.key(_REQUEST), uuid.uuid4().hex)
        # These are handed to the widgets as their defaults. Put into the session state instead,
        # they would be lost in the browser whenever the run that did so is overtaken by another.
        self.first = {"by": access.identity().name} | first

    def value(self, field: str) -> Any:
        """What stands in a field now."""
        return st.session_state.get(self.key(field), self.first.get(field))

    def key(self, field: str) -> str:
        """Where the value of a field is kept."""
        return f"{self.name}:{field}"

    def text(self, field: str, **options: Any) -> None:
        """A line of text, with what is wrong about it."""
        first = self.first.get(field, "")
        st.text_input(self.label(field), first, key=self.key(field), **({"max_chars": 500} | options))
        self.complain(field)

    def by(self, **options: Any) -> None:
        """Who records it: as the provider of identities says, or else by the name they give."""
        who = access.identity()
        if who.confirmed:
            st.markdown(t("access.by", name=components.md(who.name)))
            self.complain("by")
        else:
            self.text("by", max_chars=access.LONGEST, autocomplete="name", **options)

    def area(self, field: str, **options: Any) -> None:
        """Several lines of text."""
        first = self.first.get(field, "")
        st.text_area(self.label(field), first, key=self.key(field), **({"max_chars": 10_000} | options))
        self.complain(field)

    def several(self, field: str, options: Sequence[str], word: Callable[[str], str]) -> None:
        """Several of a list, found by typing a part."""
        st.multiselect(
            self.label(field),
            options,
            self.first.get(field, []),
            format_func=word,
            key=self.key(field),
            placeholder=t("forms.choose"),
            filter_mode="contains",
            select_all=False,
        )
        self.complain(field)

    def choice(self, field: str, options: Sequence[str], word: Callable[[str], str]) -> None:
        """One of a few, all of them in sight; none to begin with, unless one stands there."""
        st.radio(
            self.label(field),
            options,
            self._place(field, options),
            format_func=word,
            key=self.key(field),
            horizontal=True,
        )
        self.complain(field)

    def select(self, field: str, options: Sequence[Any], word: Callable[[Any], str], **more: Any) -> None:
        """One of a list that opens; none to begin with, unless one stands there."""
        st.selectbox(
            self.label(field),
            options,
            self._place(field, options),
            format_func=word,
            key=self.key(field),
            **({"placeholder": t("forms.choose")} | more),
        )
        self.complain(field)

    def tick(self, field: str) -> None:
        """A yes or no; no to begin with."""
        st.checkbox(self.label(field), bool(self.first.get(field)), key=self.key(field))

    def complain(self, field: str) -> None:
        """What is wrong with one field, beside it."""
        for problem in self._problems().get(field, ()):
            st.markdown(f":red[▲ {self.label(field)} {components.problem(problem)}]")

    def summary(self) -> None:
        """What is wrong, once more in one place, where the editor has just clicked."""
        failure = st.session_state.get(self.key(_FAILURE))
        if isinstance(failure, StaleVersion):
            st.warning(
                f"**{t('forms.conflict')}**\n\n{_between(failure)}\n\n{t('forms.conflict_how')}",
                icon=":material/sync_problem:",
            )
        elif failure is not None:
            st.error(f"**{t('forms.failed')}** {components.sentence(failure)}")
        problems = self._problems()
        if problems:
            told = "\n".join(
                f"- {self.label(field)} {components.problem(problem)}"
                for field in sorted(problems, key=self.fields.index)
                for problem in problems[field]
            )
            count = sum(map(len, problems.values()))
            st.error(f"**{t('forms.problem')}** {t('forms.problem_how', n=count)}\n\n{told}")

    def typed(self) -> dict[str, Any] | None:
        """What was typed, without white space around it.

        None when the form was saved already, or when whoever typed it may save nothing
        any more; the latter is said, with what they typed.
        """
        # The second half of a double click finds the form saved and gone.
        if self.key(_REQUEST) not in st.session_state:
            return None
        for name in (_PROBLEMS, _FAILURE):
            st.session_state.pop(self.key(name), None)
        told = {f: st.session_state.get(self.key(f)) for f in self.fields}
        told = {f: v.strip() if isinstance(v, str) else v for f, v in told.items()}
        if not allowed({self.label(f): v for f, v in told.items()}):
            return None
        who = access.identity()
        return told | ({"by": who.name} if who.confirmed else {})

    def request(self) -> str:
        """The key under which a repeated request is known."""
        return str(st.session_state[self.key(_REQUEST)])

    def refuse(self, problems: Sequence[Problem], *, to: Callable[[str], str] | None = None) -> None:
        """Say what is wrong and keep everything; `to` maps a path of the model to a field."""
        by_field: dict[str, list[Problem]] = {}
        for problem in problems:
            field = to(problem.field) if to is not None else problem.field.split(".")[0]
            known = field if field in self.fields else self.fields[0]
            if problem not in by_field.setdefault(known, []):
                by_field[known].append(problem)
        st.session_state[self.key(_PROBLEMS)] = by_field

    def fail(self, error: TrackerError, *, to: Callable[[str], str] | None = None) -> None:
        """Say why nothing was saved and keep everything."""
        if isinstance(error, Invalid):
            self.refuse(error.problems, to=to)
        else:
            st.session_state[self.key(_FAILURE)] = error

    def forget(self) -> None:
        """Forget what was typed."""
        for name in (*self.fields, _PROBLEMS, _FAILURE, _REQUEST):
            st.session_state.pop(self.key(name), None)

    def _place(self, field: str, options: Sequence[Any]) -> int | None:
        first = self.first.get(field)
        return options.index(first) if first in options else None

    def _problems(self) -> dict[str, list[Problem]]:
        found: dict[str, list[Problem]] = st.session_state.get(self.key(_PROBLEMS), {})
        return found


def allowed(typed: Mapping[str, Any]) -> bool:
    """Whether whoever is there may save what they typed; if not, it is kept for `unsaved`.

    They could when the form was drawn. What they may do, or who they are, has changed since.
    """
    why = access.refusal(Action.EDIT)
    if why is not None:
        st.session_state[_UNSAVED] = (why, {label: text for label, text in typed.items() if text})
    return why is None


def unsaved() -> None:
    """What could not be saved because it was not allowed any more, for its author to copy."""
    kept = st.session_state.get(_UNSAVED)
    if kept is None:
        return
    why, typed = kept
    st.error(
        f"**{t('forms.failed')}** {t(f'access.why.{why}')} {t('access.unsaved')}", icon=":material/lock:"
    )
    told = ((label, "\n".join(map(str, v)) if isinstance(v, list) else str(v)) for label, v in typed.items())
    st.code("\n".join(f"{label}: {text}" for label, text in told), language=None, wrap_lines=True)
    st.button(t("access.discard"), on_click=st.session_state.pop, args=(_UNSAVED, None))


def missing(typed: Mapping[str, Any], *fields: str) -> list[Problem]:
    """The fields that nothing was entered in."""
    return [Problem(f, "missing") for f in fields if not typed[f]]


def lines(text: str | None) -> list[str]:
    """The lines of a text that hold something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def sources(chosen: Iterable[str]) -> dict[str, str]:
    """Sources to choose from, in words: the most used of those that count, and those chosen already."""
    known = {s["id"]: s for s in provenance.sources(con(), standing=True, limit=OFFERED)}
    known |= provenance.sources_by_id(con(), [i for i in chosen if i not in known])
    return {
        i: f"{s['publisher']}: {s['title']} ({s['reliability']})"
        + (f" – {t('sources.withdrawn')}" if s["withdrawn_at"] else "")
        for i, s in known.items()
    }


def moving(save: Callable[[], object], ids: Iterable[str]) -> tuple[list[Move], TrackerError | None]:
    """Save, and compare these commitments before and after: what moved, or why nobody sees it yet.

    Raises what the save raises when nothing was recorded.
    """
    store = tracker().store
    with store.reading() as before:
        try:
            save()
        except TrackerError as error:
            if error.code != "unpublished":
                raise
            return [], error
        try:
            with store.reading() as after:
                return moves.between(before, after, ids), None
        except TrackerError as error:
            return [], error


def published(error: TrackerError | None) -> bool:
    """Whether readers see what was saved; if not, say so."""
    if st.session_state.pop(WAITS, False):
        st.info(t("proposed.sent"), icon=":material/hourglass_top:")
        st.page_link("app_pages/approvals.py", label=t("proposed.see"))
        return False
    if error is None:
        return True
    st.warning(t("record.unpublished", why=components.sentence(error)), icon=":material/schedule:")
    return False


def moved(found: Sequence[Move]) -> str:
    """What changes, as a list in Markdown: the commitment, and every answer before and after."""
    told = []
    for move in found:
        changes = "; ".join(
            f"{t(f'moved.{name}')}: {_answer(name, move.before.get(name))} → **{_answer(name, after)}**"
            for name, after in move.after.items()
        )
        told.append(f"- {components.md(move.title)}: {changes}")
    return "\n".join(told)


def _answer(name: str, value: Any) -> str:
    """One answer in words."""
    if value is None:
        return t("moved.none")
    if isinstance(value, bool):
        return t("moved.yes" if value else "moved.no")
    table = "stage" if name.endswith("stage") else name
    return t(f"{table}.{value}")


def _between(error: StaleVersion) -> str:
    """Who wrote in the meantime, and what they did."""
    told = []
    for entry in error.between:
        when = i18n.day(entry["recorded_at"].date(), words().language)
        payload = entry["payload"]
        reason = payload.get("because") or payload.get("reason")
        line = f"- **{components.md(entry['actor'])}**, {when}: {t('entry.' + entry['kind'])}"
        if entry["kind"] == EntryKind.EVENT:
            line += f" – **{t('stage.' + payload['stage'])}**, {i18n.date(payload['happened_on'], words())}"
            reason = payload["note"]
        told.append(f"{line}. {components.md(reason)}" if reason else line)
    return "\n".join(told)
