"""What forms share: fields that keep what was typed, problems beside them, and the way out and in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

import streamlit as st

from dashboard import access, components, i18n
from dashboard.access import Action
from dashboard.entry import conflict, drafts
from dashboard.session import t, words
from tracker import locking
from tracker.errors import Invalid, Problem, StaleVersion, TrackerError

OFFERED = 1000
"""Things that a list offers."""
_PROBLEMS, _FAILURE, _REFUSED = "problems", "failure", "refused"
_REQUEST, _SEEN, _DRAFT = "request", "seen", "draft"
_UNSAVED, _OPEN = "unsaved", "open"
# What was typed is there when somebody comes back from another page. A form of Streamlit's own
# would keep it in the browser until it is sent, and lose it there.
_KEPT: dict[str, Any] = {"persist_state": "session"}


class Form:
    """One form: where its fields are kept, what is wrong with them, and the request it makes.

    `label` says the name of a field; `fields` are all of them, in the order in which the
    eye meets them.
    """

    def __init__(self, name: str, fields: Sequence[str], label: Callable[[str], str]) -> None:
        self.name = name
        self.fields = tuple(fields)
        self.first: dict[str, Any] = {}
        self._label = label
        self._added: dict[str, str] = {}

    def label(self, field: str) -> str:
        """The name of a field."""
        return self._added.get(field) or self._label(field)

    def add(self, field: str, label: str, first: Any = None) -> None:
        """One more field, for as long as this form is drawn with it."""
        self.fields += (field,)
        self._added[field] = label
        self.first[field] = self.first.get(field, first)

    def begin(self, see: Callable[[], Any] = lambda: None, **first: Any) -> None:
        """Say what stands in the fields before anybody typed, and what its author sees.

        What `see` gives when the form is opened stays `seen`, whatever others record.
        """
        if self.key(_REQUEST) not in st.session_state:
            draft = drafts.find(self.name)
            st.session_state[self.key(_DRAFT)] = draft.get(_DRAFT, {})
            st.session_state[self.key(_SEEN)] = draft[_SEEN] if _SEEN in draft else see()
            st.session_state[self.key(_REQUEST)] = draft.get(_REQUEST) or drafts.fresh()
        st.session_state.setdefault(_OPEN, {})[self.name] = self
        # These are handed to the widgets as their defaults. Put into the session state instead,
        # they would be lost in the browser whenever the run that did so is overtaken by another.
        self.first = {"by": access.identity().name} | first | st.session_state[self.key(_DRAFT)]

    @property
    def seen(self) -> Any:
        """What the author of the form saw when it was opened, or was shown since."""
        return st.session_state[self.key(_SEEN)]

    @seen.setter
    def seen(self, value: Any) -> None:
        st.session_state[self.key(_SEEN)] = value

    @contextmanager
    def sheet(self, *, border: bool = True) -> Iterator[None]:
        """The sheet on which the fields and the buttons are drawn."""
        with st.container(border=border, key=f"form-{self.name}"):
            focus(self.request())
            if drafts.is_spent(self.name):
                st.info(t("forms.spent"), icon=":material/check:")
            yield

    def value(self, field: str) -> Any:
        """What stands in a field now."""
        return st.session_state.get(self.key(field), self.first.get(field))

    def key(self, field: str) -> str:
        """Where the value of a field is kept."""
        return f"{self.name}:{field}"

    def text(self, field: str, **options: Any) -> None:
        """A line of text, with what is wrong about it."""
        first = self.first.get(field, "")
        more = {"max_chars": 500} | _KEPT | options
        st.text_input(self.label(field), first, key=self.key(field), **more)
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
        more = {"max_chars": 10_000} | _KEPT | options
        st.text_area(self.label(field), first, key=self.key(field), **more)
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
            **_KEPT,
        )
        self.complain(field)

    def choice(self, field: str, options: Sequence[str], word: Callable[[str], str], **more: Any) -> None:
        """One of a few, all of them in sight; none to begin with, unless one stands there."""
        self._one(st.radio, field, options, word, {"horizontal": True} | more)

    def select(self, field: str, options: Sequence[Any], word: Callable[[Any], str], **more: Any) -> None:
        """One of a list that opens; none to begin with, unless one stands there."""
        self._one(st.selectbox, field, options, word, {"placeholder": t("forms.choose")} | more)

    def _one(
        self,
        widget: Callable[..., Any],
        field: str,
        options: Sequence[Any],
        word: Callable[[Any], str],
        more: dict[str, Any],
    ) -> None:
        place = self._place(field, options)
        widget(self.label(field), options, place, format_func=word, key=self.key(field), **(_KEPT | more))
        self.complain(field)

    def graded(self, field: str, grades: Iterable[Any], table: str) -> None:
        """One of the grades of a scale, each with its meaning."""
        self.select(field, [g.value for g in grades], lambda g: f"{g} – {t(f'{table}.{g}')}")

    def tick(self, field: str) -> None:
        """A yes or no; no to begin with."""
        st.checkbox(self.label(field), bool(self.first.get(field)), key=self.key(field), **_KEPT)

    def button(
        self,
        label: str,
        on_click: Callable[..., None],
        *args: Any,
        primary: bool = False,
        hint: str | None = None,
    ) -> None:
        """A button of this form. Its arguments are those of the moment at which it is drawn."""
        st.button(
            label,
            key=self.key(f"button:{label}"),
            type="primary" if primary else "secondary",
            on_click=on_click,
            args=args,
            help=hint,
        )

    def complain(self, field: str) -> None:
        """What is wrong with one field, beside it."""
        for problem in self._problems().get(field, ()):
            st.markdown(f":red[▲ {self.label(field)} {components.problem(problem)}]")

    @property
    def failure(self) -> TrackerError | None:
        """Why nothing was saved, where that is not for one field."""
        found: TrackerError | None = st.session_state.get(self.key(_FAILURE))
        return found

    def has_problem(self, fields: Iterable[str]) -> bool:
        """Whether something is wrong with one of these fields."""
        return not self._problems().keys().isdisjoint(fields)

    def summary(self, overtaken: Callable[[StaleVersion], None] = conflict.notice) -> None:
        """What is wrong, once more in one place, where the editor has just clicked.

        `overtaken` says what others did in the meantime.
        """
        with st.container(key=f"refused-{self.name}", gap="small"):
            self.point()
            self._refusal(overtaken)
        waits_here(self.name)
        self.keep()

    def point(self) -> None:
        """Have the keyboard go on from here, once after each refusal."""
        if self.key(_REFUSED) in st.session_state:
            focus(st.session_state[self.key(_REFUSED)])

    def _refusal(self, overtaken: Callable[[StaleVersion], None]) -> None:
        if isinstance(self.failure, StaleVersion):
            overtaken(self.failure)
        elif self.failure is not None and self.failure.code == "key-reused":
            st.warning(t("forms.elsewhere"), icon=":material/content_copy:")
        elif self.failure is not None:
            st.error(f"**{t('forms.failed')}** {components.sentence(self.failure)}")
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
        self.keep()
        who = access.identity()
        return told | ({"by": who.name} if who.confirmed else {})

    def keep(self) -> None:
        """Keep what stands in the fields where a page that is loaded again finds it."""
        fields = {f: st.session_state[self.key(f)] for f in self.fields if self.key(f) in st.session_state}
        drafts.keep(self.name, {_DRAFT: fields, _SEEN: self.seen, _REQUEST: self.request()})

    @contextmanager
    def saving(self) -> Iterator[None]:
        """While this is saved: say for whom one waits, and that what is saved needs no draft any more."""
        try:
            with waiting(self.name):
                yield
        except TrackerError as error:
            if error.code == "unpublished":
                drafts.spend(self.name)
            raise
        drafts.spend(self.name)

    def request(self) -> str:
        """The key under which a repeated request is known."""
        return str(st.session_state[self.key(_REQUEST)])

    def refuse(self, problems: Sequence[Problem], *, to: Callable[[str], str] | None = None) -> None:
        """Say what is wrong and keep everything; `to` maps a path of the model to a field."""
        by_field: dict[str, list[Problem]] = {}
        for problem in problems:
            field = to(problem.field) if to is not None else problem.field.split(".")[0]
            # A source that is entered along with something else has its fields under its name.
            known = next((f for f in (field, f"source.{field}") if f in self.fields), self.fields[0])
            if problem not in by_field.setdefault(known, []):
                by_field[known].append(problem)
        st.session_state[self.key(_PROBLEMS)] = {
            field: (found, st.session_state.get(self.key(field))) for field, found in by_field.items()
        }
        self.hold()

    def fail(self, error: TrackerError, *, to: Callable[[str], str] | None = None) -> None:
        """Say why nothing was saved and keep everything."""
        if isinstance(error, Invalid):
            self.refuse(error.problems, to=to)
            return
        if error.code == "key-reused":
            # It was saved before, from a copy of this page; what stands here now is something else.
            st.session_state[self.key(_REQUEST)] = drafts.fresh()
        if isinstance(error, StaleVersion) and isinstance(self.seen, int):
            # Whoever saves again has been shown what the others did.
            self.seen = error.actual
        st.session_state[self.key(_FAILURE)] = error
        self.hold()

    def forget(self) -> None:
        """Forget what was typed."""
        for name in (*self.fields, _PROBLEMS, _FAILURE, _REFUSED, _DRAFT, _SEEN, _REQUEST, conflict.HELD):
            st.session_state.pop(self.key(name), None)
        st.session_state.get(_OPEN, {}).pop(self.name, None)

    def changed(self) -> dict[str, Any]:
        """What was typed over what stood there, by the names of the fields."""
        now = {f: st.session_state.get(self.key(f)) for f in self.fields}
        return {self.label(f): value for f, value in now.items() if value and value != self.first.get(f)}

    def hold(self) -> None:
        """Keep what was refused under a key of the address, even if the form was opened without one."""
        if drafts.key() is None:
            drafts.opening()
        st.session_state[self.key(_REFUSED)] = drafts.fresh()
        self.keep()

    def _place(self, field: str, options: Sequence[Any]) -> int | None:
        first = self.first.get(field)
        return options.index(first) if first in options else None

    def _problems(self) -> dict[str, list[Problem]]:
        """What is wrong with each field, as long as what was refused stands in it."""
        refused = st.session_state.get(self.key(_PROBLEMS), {})
        return {f: found for f, (found, was) in refused.items() if st.session_state.get(self.key(f)) == was}


def allowed(typed: Mapping[str, Any]) -> bool:
    """Whether whoever is there may save what they typed; if not, it is kept for `unsaved`.

    They could when the form was drawn. What they may do, or who they are, has changed since.
    """
    why = access.refusal(Action.EDIT)
    if why is not None:
        st.session_state[_UNSAVED] = (why, {label: text for label, text in typed.items() if text})
    return why is None


def unsaved() -> None:
    """What cannot be saved because it is not allowed any more, for its author to copy."""
    why = access.refusal(Action.EDIT)
    for form in list(st.session_state.get(_OPEN, {}).values()) if why else ():
        typed = (st.session_state.get(_UNSAVED) or (why, {}))[1] | form.changed()
        if typed:
            st.session_state[_UNSAVED] = (why, typed)
        form.forget()
    kept = st.session_state.get(_UNSAVED)
    if kept is None:
        return
    why, typed = kept
    st.error(
        f"**{t('forms.failed')}** {t(f'access.why.{why}')} {t('access.unsaved')}", icon=":material/lock:"
    )
    told = ((label, "\n".join(map(str, v)) if isinstance(v, list) else str(v)) for label, v in typed.items())
    st.code(
        "\n".join(i18n.labelled(label, text, words()) for label, text in told), language=None, wrap_lines=True
    )
    st.button(t("access.discard"), on_click=st.session_state.pop, args=(_UNSAVED, None))


def focus(mark: str) -> None:
    """Have the keyboard go on from here, once for each mark: what is told here is what was asked for."""
    st.html(f'<span data-focus="{escape(mark)}"></span>')


def waits_here(name: str) -> None:
    """Where `waiting` of the same name says that somebody else is writing."""
    st.session_state[f"waiting:{name}"] = st.empty()


@contextmanager
def waiting(name: str) -> Iterator[None]:
    """While something is saved: say so if somebody else is writing, and for how long one waits at most."""
    place = st.session_state.get(f"waiting:{name}")

    def tell(wait: locking.Wait) -> None:
        if place is None:
            return
        holder = wait.holder.name if wait.holder else None
        told = t("forms.waiting", seconds=wait.seconds)
        if holder:
            told = t("forms.waiting_for", who=components.md(holder), seconds=wait.seconds)
        place.info(told, icon=":material/hourglass_top:")

    with locking.telling(tell):
        yield


def missing(typed: Mapping[str, Any], *fields: str) -> list[Problem]:
    """The fields that nothing was entered in."""
    return [Problem(f, "missing") for f in fields if not typed[f]]


def lines(text: str | None) -> list[str]:
    """The lines of a text that hold something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
