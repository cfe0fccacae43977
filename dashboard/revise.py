"""The form that rewords a commitment: what others change meanwhile in other fields is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from dashboard import access, conflict, forms, outcome, wording
from dashboard.forms import Form
from dashboard.session import con, t, writing
from tracker import holdings, provenance, queries
from tracker.errors import Invalid, Problem, StaleVersion, TrackerError
from tracker.ledger import Draft, Entry
from tracker.models import Commitment
from tracker.terms import Basis, Entity, Kind

EDIT = "wording"
"""What the address says while the form is open."""
SAVED = "revise-saved"
ONE_LINE = ("title", "pillar", "parties_basis", "due", "cadence", "cadence_note", "lapses_after")
LISTS = ("open_questions", "conflicts")
SOURCES = ("source_ids", "related_source_ids")
PLAIN = (*ONE_LINE, "pledge", "fulfilment_test", "kind", "agreement_id", "headline", *SOURCES, *LISTS)
PARTS = {
    "milestones": ("name", "expected", "expected_basis", "reached", "note"),
    "parties": ("name", "bodies"),
}
"""Lists of things, with the parts of one. Fields are named as their paths in the model."""
Content = Mapping[str, Any]


def begin() -> None:
    """Open the form; the address says so, and Back closes it."""
    forms.opening(edit=EDIT, replaces=None)


def said() -> None:
    """After saving: what was reworded, what that moved, and what of others was kept."""
    saved = st.session_state.pop(SAVED, None)
    if saved is None:
        return
    commitment_id, between, fields, moves, failure = saved
    if outcome.published(failure):
        told = t("revise.saved", fields=", ".join(map(wording.name, fields)))
        told += f" {t('regrade.moved', n=len(moves))}\n\n{outcome.moved(moves)}"
        st.success(told, icon=":material/check:")
        conflict.kept(Entity.COMMITMENT, commitment_id, *between)


def form(commitment_id: str) -> None:
    """Draw the form for one commitment, as it was worded when the form was opened."""
    told = Form(f"revise:{commitment_id}", (), _label)
    told.begin(lambda: conflict.seen(*holdings.content(con(), Entity.COMMITMENT, commitment_id)))
    base = told.seen["content"]
    rows = [
        f"{field}.{n}.{part}" for field in PARTS for n in range(_count(base, field)) for part in PARTS[field]
    ]
    told.fields = (*PLAIN, *rows, "because", "by")
    told.first = _first(base) | told.first
    st.header(t("revise.title"))
    st.caption(t("revise.how"))
    with told.sheet():
        told.text("title")
        told.area("pledge", height=110)
        with st.container(horizontal=True):
            with st.container(width=220):
                told.text("due", placeholder=t("record.date_example"), help=t("record.date_help"))
            with st.container():
                told.select("pillar", _with(queries.facets(con())["pillar"], base["pillar"]), str, **_OPEN)
        told.area("fulfilment_test", height=90)
        with _part(told, "milestones", rows):
            for number in range(_count(base, "milestones")):
                _milestone(told, f"milestones.{number}", _hint(base, "milestones", number))
        with _part(told, "parties", [*rows, "parties_basis"]):
            for number in range(_count(base, "parties")):
                with st.container(horizontal=True):
                    with st.container(width=260):
                        hint = _hint(base, "parties", number)
                        told.text(f"parties.{number}.name", placeholder=hint, help=t("revise.out_help"))
                    with st.container():
                        told.area(f"parties.{number}.bodies", height=100, help=t("revise.lines_help"))
            told.text("parties_basis")
        with _part(told, "questions", LISTS):
            for field in LISTS:
                told.area(field, height=120, help=t("revise.lines_help"))
        with _part(told, "rhythm", ("cadence", "cadence_note", "lapses_after")):
            _rhythm(told)
        with _part(told, "place", ("kind", "agreement_id", "headline", *SOURCES)):
            _place(told, base)
        told.text("because", max_chars=2000, help=t("correct.reason_help"))
        told.by(width=320)
        conflict.ask(told)
        told.summary()
        with st.container(horizontal=True):
            told.button(t("revise.save"), _submit, told, commitment_id, primary=True)
            told.button(t("forms.cancel"), _leave, told)


_OPEN = {"accept_new_options": True}


def _label(field: str) -> str:
    path = field.split(".")
    if len(path) == 3:
        return t(f"revise.{path[0]}.{path[2]}", n=int(path[1]) + 1)
    return t(f"revise.field.{field}") if field in ("because", "by") else wording.name(field)


@contextmanager
def _part(told: Form, name: str, fields: Sequence[str]) -> Iterator[None]:
    """Fields behind a fold, which is open where one of them needs another look."""
    key = f"fold-{told.name}-{name}"
    with st.expander(t(f"revise.part.{name}"), expanded=told.has_problem(fields), key=key):
        yield


def _milestone(told: Form, path: str, hint: str) -> None:
    told.text(f"{path}.name", placeholder=hint, help=t("revise.out_help"))
    with st.container(horizontal=True):
        with st.container(width=150):
            told.text(f"{path}.expected", help=t("record.date_help"))
        with st.container(width=230):
            told.select(f"{path}.expected_basis", [b.value for b in Basis], lambda b: t(f"basis.{b}"))
        with st.container(width=150):
            told.text(f"{path}.reached", help=t("record.date_help"))
        with st.container():
            told.text(f"{path}.note", max_chars=10_000)


def _rhythm(told: Form) -> None:
    with st.container(horizontal=True):
        for field in ("cadence", "lapses_after"):
            with st.container():
                told.text(field, placeholder="P1Y", help=t("revise.duration_help"))
    told.text("cadence_note")


def _place(told: Form, base: Content) -> None:
    told.tick("headline")
    told.select("kind", [k.value for k in Kind], lambda k: t(f"kind.{k}"))
    agreements = {a["id"]: a["title"] for a in provenance.agreements(con(), limit=forms.OFFERED)}
    told.select("agreement_id", _with(agreements, base["agreement_id"]), lambda i: agreements.get(i, i))
    known = forms.sources(i for field in SOURCES for i in told.value(field))
    for field in SOURCES:
        told.several(field, list(known), lambda i: known[i])


def _with(options: Sequence[str] | Mapping[str, str], value: str) -> list[str]:
    return [*options, *([] if value in options else [value])]


def _count(base: Content, field: str) -> int:
    """Rows of a list: one for each thing, and one for another."""
    return len(base[field]) + 1


def _hint(base: Content, field: str, number: int) -> str:
    """What an empty name means: one more, or one less."""
    return t("revise.new") if number == len(base[field]) else t("revise.out")


def _first(base: Content) -> dict[str, Any]:
    """What stands in the fields to begin with."""
    told = {field: base.get(field) or "" for field in PLAIN}
    told |= {field: base[field] for field in SOURCES} | {"headline": base["headline"]}
    told |= {field: _text(base[field]) for field in LISTS}
    for field, parts in PARTS.items():
        for number, item in enumerate(base[field]):
            for part in parts:
                value = item[part]
                told[f"{field}.{number}.{part}"] = _text(value) if part == "bodies" else value or ""
    return told


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines)


def _things(typed: Content, base: Content, field: str) -> tuple[list[dict[str, Any]], list[int]]:
    """The things of a list as they were typed, and the rows in which they stand."""
    things, rows = [], []
    for number in range(_count(base, field)):
        told = {part: typed[f"{field}.{number}.{part}"] or None for part in PARTS[field]}
        # A thing whose name is emptied leaves the list; a new one without a name is told of.
        if told["name"] or (number == len(base[field]) and any(told.values())):
            if field == "parties":
                told["bodies"] = forms.lines(told["bodies"])
            things.append(told | {"name": told["name"] or ""})
            rows.append(number)
    return things, rows


def _worded(typed: Content, base: Content) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The content that was typed, on top of what the author saw, and the rows of its lists."""
    content = dict(base) | {field: typed[field] for field in PLAIN}
    content |= {field: typed[field] or None for field in ("due", "cadence", "cadence_note", "lapses_after")}
    content["parties_basis"] = typed["parties_basis"] or None
    for field in LISTS:
        same = typed[field] == _text(base[field]).strip()
        content[field] = base[field] if same else forms.lines(typed[field])
    rows = {}
    for field in PARTS:
        content[field], rows[field] = _things(typed, base, field)
    return content, rows


def _submit(told: Form, commitment_id: str) -> None:
    """Record the wording, or keep everything and say what is wrong."""
    typed = told.typed()
    if typed is None:
        return None
    base = told.seen["content"]
    content, rows = _worded(typed, base)

    def field(path: str) -> str:
        head, *rest = path.split(".")
        if head in PARTS and rest:
            part = rest[1] if len(rest) > 1 else "expected_basis"
            return f"{head}.{rows[head][int(rest[0])]}.{part}"
        return f"{head}.0.name" if head in PARTS else head

    problems = forms.missing(typed, "because", "by")
    yours: dict[str, Any] = {}
    try:
        yours = Commitment.parse(content | {"because": None}).model_dump(mode="json")
    except Invalid as error:
        problems += error.problems
    changed = [f for f in yours if f != "because" and yours.get(f) != base.get(f)]
    if not problems and not changed:
        problems = [Problem("because", "nothing_changed")]
    if problems:
        return told.refuse(problems, to=field)
    settled = conflict.settled(told, Entity.COMMITMENT, yours)
    if settled is None:
        return None
    made: list[Entry] = []

    def save() -> None:
        commitment = Commitment.parse(settled.content | {"because": typed["because"]})
        draft = Draft.revise(commitment, settled.version)
        made.extend(writing().append([draft], by=typed["by"], key=told.request(), merge=True))

    try:
        moves, failure = outcome.moving(told, save, {commitment_id})
    except StaleVersion as stale:
        return conflict.clash(told, Entity.COMMITMENT, commitment_id, yours, stale)
    except TrackerError as error:
        return told.fail(error, to=field)
    seen = told.seen["version"]
    between = (seen, made[-1].version if made else seen + 1, settled.overruled)
    st.session_state[SAVED] = (commitment_id, between, changed, moves, failure)
    access.remember(typed["by"])
    return _leave(told)


def _leave(told: Form) -> None:
    """Close the form and forget what was typed in it."""
    told.forget()
    forms.closing("edit")
