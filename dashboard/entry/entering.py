"""One thing entered or revised by a form: what its author saw is kept, and merged with what others did.

A `Sheet` says what is peculiar to one sort of thing: its fields, and what they make of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, NamedTuple

import streamlit as st

from dashboard import access, components, linked, wording
from dashboard.entry import conflict, drafts, forms, outcome
from dashboard.entry.forms import Form
from dashboard.linked import Html
from dashboard.session import con, t, tracker, words, writing
from tracker import holdings, naming
from tracker.errors import Invalid, Problem, StaleVersion, TrackerError, UnknownId
from tracker.ledger import Draft, Entry
from tracker.models import THINGS, Thing
from tracker.moves import Move
from tracker.terms import Entity

Content = Mapping[str, Any]
SAVED = "entered"


class Made(NamedTuple):
    """What was typed."""

    content: dict[str, Any]
    """Of the thing, on top of what its author saw."""
    field: Callable[[str], str] = lambda path: path.split(".")[0]
    """The field of the form for a path of the model that is none."""
    before: Sequence[Thing] = ()
    """New things that it refers to."""
    after: Callable[[str], Sequence[Draft]] = lambda thing_id: ()
    """What is recorded of it at once, by its identifier."""
    problems: Sequence[Problem] = ()
    """What is wrong beyond what the model finds."""


class Sheet(ABC):
    """How one sort of thing is entered and revised. Fields are named as their paths in the model."""

    entity: ClassVar[Entity]
    named: ClassVar[str] = "title"
    """The field by which things of the sort are called."""
    blank: ClassVar[Content] = {}
    """Content before anybody typed."""

    def __init__(self, thing_id: str | None = None, like: Content | None = None) -> None:
        """The sheet of one thing on record, or of a new one that takes from `like` what it says."""
        self.id = thing_id
        self.like = like or {}

    @property
    def name(self) -> str:
        """How the form is called."""
        return f"enter:{self.entity}:{self.id or ''}"

    def words(self, which: str) -> str:
        """A sentence of the sort, such as its `title`; empty where there is none."""
        key = f"enter.{self.entity}.{which}"
        return t(key) if key in words() else ""

    def label(self, field: str) -> str:
        """The name of a field."""
        if field in ("because", "by"):
            return t(f"revise.field.{field}")
        head, _, rest = field.partition(".")
        if head == "source" and rest:
            return t(f"record.field.{rest}")
        return self.words(f"field.{field}") or wording.name(field)

    @abstractmethod
    def fields(self, base: Content) -> Sequence[str]:
        """Its fields, in the order in which the eye meets them."""

    @abstractmethod
    def first(self, base: Content) -> dict[str, Any]:
        """What stands in the fields to begin with."""

    @abstractmethod
    def draw(self, told: Form, base: Content) -> None:
        """Draw the fields."""

    @abstractmethod
    def made(self, typed: Content, base: Content, key: str) -> Made:
        """What was typed; `key` is that of the request."""

    def stem(self, typed: Content) -> str:
        """What an identifier is suggested from."""
        return str(typed[self.named] or "")

    def touched(self, cursor: Any) -> Iterable[str]:
        """Commitments that may move when it is revised."""
        return ()

    def links(self, saved: Saved) -> Sequence[Html | tuple[str, str]]:
        """Where to go on after it was saved: texts and addresses."""
        return ()


class Saved(NamedTuple):
    """What became of a form."""

    entity: Entity
    id: str
    title: str
    is_new: bool
    fields: Sequence[str]
    """What was revised."""
    between: tuple[Any, ...]
    """What the author saw, what was made of it, and in which fields others did not hold."""
    moves: Sequence[Move]
    failure: TrackerError | None


def form(sheet: Sheet, leaving: Sequence[str], heading: Callable[[str], object] = st.header) -> None:
    """Draw the form, as the thing was when it was opened.

    `leaving` are the words of the address that hold it open; `heading` draws what stands above it.
    """
    told = Form(sheet.name, (), sheet.label)
    told.begin(lambda: _seen(sheet))
    base = told.seen["content"]
    ends = ("because", "by") if sheet.id else ("by",)
    told.fields = (*sheet.fields(base), *ends)
    told.first = sheet.first(base) | told.first
    heading(sheet.words("revise" if sheet.id else "title"))
    if how := sheet.words("revise_how" if sheet.id else "how"):
        st.caption(how)
    with told.sheet():
        sheet.draw(told, base)
        if sheet.id:
            told.text("because", max_chars=2000, help=t("correct.reason_help"))
        told.by(width=320)
        if sheet.id:
            conflict.ask(told)
        told.summary()
        with st.container(horizontal=True):
            label = sheet.words("revise_save" if sheet.id else "save") or t("enter.save")
            told.button(label, _submit, told, sheet, leaving, primary=True)
            told.button(t("forms.cancel"), _leave, told, leaving)


def identifier(told: Form, sheet: Sheet) -> None:
    """The field for the identifier of a new thing; what is suggested holds if it stays empty."""
    with st.container(width=420):
        stem = sheet.stem({field: told.value(field) for field in told.fields})
        hint = naming.suggested(stem, _Taken(con(), sheet.entity), told.request(), sheet.entity)
        told.text("id", placeholder=hint, help=t("enter.id_help"), max_chars=100)


def free(entity: Entity, title: str, key: str) -> str:
    """The identifier that is suggested for a new thing, at the moment at which it is recorded."""
    with tracker().store.reading() as now:
        return naming.suggested(title, _Taken(now, entity), key, entity)


@contextmanager
def part(told: Form, name: str, fields: Sequence[str], *, opened: bool = False) -> Iterator[None]:
    """Fields behind a fold, which is open where one of them needs another look."""
    key = f"fold-{told.name}-{name}"
    with st.expander(t(f"revise.part.{name}"), expanded=opened or told.has_problem(fields), key=key):
        yield


def said(sheets: Callable[[Saved], Sheet]) -> None:
    """After saving: what was recorded, what that moved, and what of others was kept."""
    saved = st.session_state.pop(SAVED, None)
    if saved is None or not outcome.published(saved.failure):
        return
    sheet = sheets(saved)
    with st.container(key="entered", gap="small"):
        forms.focus(f"{saved.entity}-{saved.id}-{saved.between[1]}")
        if saved.is_new:
            told = t("enter.saved", title=components.md(saved.title))
        else:
            told = t("revise.saved", fields=", ".join(map(sheet.label, saved.fields)))
        if not saved.is_new and (saved.moves or saved.entity is Entity.COMMITMENT):
            told += f" {outcome.counted(saved.moves)}"
        st.success(told, icon=":material/check:")
        if links := sheet.links(saved):
            linked.line(t("enter.next"), links)
    if not saved.is_new:
        conflict.kept(saved.entity, saved.id, *saved.between)


class _Taken:
    """The identifiers of a sort that are in use, asked one at a time."""

    def __init__(self, cursor: Any, entity: Entity) -> None:
        self.cursor, self.entity = cursor, entity

    def __contains__(self, thing_id: object) -> bool:
        try:
            holdings.content(self.cursor, self.entity, str(thing_id))
        except UnknownId:
            return False
        return True


def _seen(sheet: Sheet) -> dict[str, Any]:
    if sheet.id is None:
        return conflict.seen(0, {**sheet.blank, **sheet.like})
    return conflict.seen(*holdings.content(con(), sheet.entity, sheet.id))


def _submit(told: Form, sheet: Sheet, leaving: Sequence[str]) -> None:
    """Record it, or keep everything and say what is wrong."""
    typed = told.typed()
    if typed is None:
        return None
    base, model = told.seen["content"], THINGS[sheet.entity]
    problems = forms.missing(typed, *(("because", "by") if sheet.id else ("by",)))
    made = sheet.made(typed, base, told.request())
    thing_id = sheet.id or typed.get("id") or free(sheet.entity, sheet.stem(typed), told.request())
    yours: dict[str, Any] = {}
    after: Sequence[Draft] = ()
    problems += made.problems
    try:
        yours = model.parse(made.content | {"id": thing_id, "because": None}).model_dump(mode="json")
        after = made.after(thing_id)
    except Invalid as error:
        named = {problem.field for problem in made.problems}
        problems += [p for p in error.problems if p.field not in named]

    def place(path: str) -> str:
        return path if path in told.fields else made.field(path)

    changed = [f for f in yours if f not in ("id", "because") and yours.get(f) != base.get(f)]
    if sheet.id and not problems and not changed:
        problems = [Problem("because", "nothing_changed")]
    if problems:
        return told.refuse(problems, to=place)
    version, content = 0, yours
    overruled: tuple[str, ...] = ()
    if sheet.id:
        settled = conflict.settled(told, sheet.entity, yours)
        if settled is None:
            return None
        content, version, overruled = settled
    entries: list[Entry] = []

    def save() -> None:
        thing = model.parse(content | {"because": typed["because"] if sheet.id else None})
        new = [Draft.add(other) for other in made.before]
        draft = Draft.revise(thing, version) if sheet.id else Draft.add(thing)
        drafts = [*new, draft, *after]
        entries.extend(writing().append(drafts, by=typed["by"], key=told.request(), merge=True))

    try:
        moves, failure = outcome.moving(told, save, _touched(sheet))
    except StaleVersion as stale:
        if sheet.id is None:
            return told.fail(stale)
        return conflict.clash(told, sheet.entity, thing_id, yours, stale)
    except TrackerError as error:
        return told.fail(error, to=place)
    seen = told.seen["version"]
    between = (seen, entries[-1].version if entries else seen + 1, overruled)
    title = str(yours[sheet.named])
    st.session_state[SAVED] = Saved(
        sheet.entity, thing_id, title, sheet.id is None, changed, between, moves, failure
    )
    access.remember(typed["by"])
    return _leave(told, leaving)


def _touched(sheet: Sheet) -> set[str]:
    with tracker().store.reading() as now:
        return set(sheet.touched(now)) if sheet.id else set()


def _leave(told: Form, leaving: Sequence[str]) -> None:
    """Close the form and forget what was typed in it."""
    told.forget()
    drafts.closing(*leaving)
