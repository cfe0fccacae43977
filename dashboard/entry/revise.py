"""The form that words a commitment, new or on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from dashboard import linked
from dashboard.entry import drafts, entering, forms, sheets, sourcing, steps, translating
from dashboard.entry.entering import Content, Made, Saved, Sheet
from dashboard.entry.forms import Form
from dashboard.linked import Html
from dashboard.session import con, t, tracker
from tracker import holdings, lifecycle, provenance, tally
from tracker.errors import UnknownId
from tracker.ledger import Draft
from tracker.models import Agreement, StatusEvent, Thing
from tracker.terms import Credibility, Entity, Kind, Stage

EDIT = "wording"
"""What the address says while the form is open."""
ONE_LINE = ("title", "pillar", "parties_basis", "due", "cadence", "cadence_note", "lapses_after")
LISTS = ("open_questions", "conflicts")
SOURCES = ("source_ids", "related_source_ids")
PLAIN = (*ONE_LINE, "pledge", "fulfilment_test", "kind", "agreement_id", "headline", *SOURCES, *LISTS)
PARTS = {
    "milestones": steps.PARTS,
    "parties": ("name", "bodies"),
}
"""Lists of things, with the parts of one."""
PACT = ("agreement.title", "agreement.kind", "agreement.dated")
"""Fields of an agreement that is entered along with its first commitment."""
PROMISED = ("promised_on", "credibility")
MORE = 12
"""Things that may be added to a list at once."""
LIKE = ("kind", "pillar", "agreement_id", "parties", "parties_basis", "source_ids")
"""What a new commitment takes from another that it is to be like."""
NEW = "+"
"""Stands for an agreement that is not on record yet; no identifier looks like it."""
_OPEN = {"accept_new_options": True}


class Wording(Sheet):
    """Everything about a commitment that is not judged."""

    entity = Entity.COMMITMENT
    blank = (
        dict.fromkeys(PLAIN)
        | {field: [] for field in (*SOURCES, *LISTS, *PARTS)}
        | {"headline": False, "assessment": None}
    )

    @property
    def name(self) -> str:
        return f"revise:{self.id}" if self.id else super().name

    def label(self, field: str) -> str:
        path = field.split(".")
        if path[0] == translating.HEAD and len(path) == 3:
            return translating.label(field)
        if len(path) == 3:
            return t(f"revise.{path[0]}.{path[2]}", n=int(path[1]) + 1)
        if field in (*PACT, *PROMISED) or (field == "due" and not self.id):
            return t(f"enter.pact.{path[-1]}")
        return super().label(field)

    def rows(self, base: Content, field: str) -> list[str]:
        """The fields of a list: those of each thing, and of as many more as may be added at once."""
        return [f"{field}.{n}.{p}" for n in range(len(base[field]) + MORE) for p in PARTS[field]]

    def shown(self, told: Form, base: Content, field: str) -> int:
        """Rows of a list that are drawn: whenever the last is filled, there is one more."""
        least = len(base[field]) + 1 if base[field] or field != "parties" else 2
        filled = [
            number
            for number in range(len(base[field]), len(base[field]) + MORE)
            if any(told.value(f"{field}.{number}.{part}") for part in PARTS[field])
        ]
        return min(max([least, *(number + 2 for number in filled)]), len(base[field]) + MORE)

    def fields(self, base: Content) -> Sequence[str]:
        new = (
            translating.fields(base)
            if self.id
            else (*PACT, *PROMISED, "id", *(sheets.NEW + f for f in sourcing.FIELDS))
        )
        return (*PLAIN, *(row for field in PARTS for row in self.rows(base, field)), *new)

    def first(self, base: Content) -> dict[str, Any]:
        told = {field: base.get(field) or "" for field in PLAIN}
        told |= {field: base[field] for field in (*SOURCES, "headline")}
        told |= {field: base[field] or None for field in ("kind", "pillar", "agreement_id")}
        told |= {field: _text(base[field]) for field in LISTS}
        for field, parts in PARTS.items():
            for number, item in enumerate(base[field]):
                for part in parts:
                    value = item[part]
                    told[f"{field}.{number}.{part}"] = _text(value) if part == "bodies" else value or ""
        return told | (translating.first(base) if self.id else sourcing.first(sheets.NEW))

    def draw(self, told: Form, base: Content) -> None:
        told.text("title")
        told.area("pledge", height=110)
        if not self.id:
            _kind(told)
            self._agreement(told, base)
            self._parties(told, base)
            self._sources(told, base)
        with st.container(horizontal=True):
            with st.container(width=220):
                told.text("due", placeholder=t("record.date_example"), help=t("record.date_help"))
            with st.container():
                self._pillar(told, base)
        told.area("fulfilment_test", height=90)
        with self._part(told, "milestones", self.rows(base, "milestones")):
            for number in range(self.shown(told, base, "milestones")):
                steps.fields(told, f"milestones.{number}.", self._hint(base, "milestones", number))
        if self.id:
            with self._part(told, "parties", [*self.rows(base, "parties"), "parties_basis"]):
                self._parties(told, base)
                told.text("parties_basis")
        with self._part(told, "questions", LISTS):
            for field in LISTS:
                told.area(field, height=120, help=t("revise.lines_help"))
        with self._part(told, "rhythm", ("cadence", "cadence_note", "lapses_after")):
            _rhythm(told)
        if self.id:
            with self._part(told, translating.HEAD, translating.fields(base)):
                translating.draw(told, base)
        more = (
            ("kind", "agreement_id", *SOURCES) if self.id else ("parties_basis", "related_source_ids", "id")
        )
        with self._part(told, "place" if self.id else "more", (*more, "headline")):
            self._more(told, base)

    def _part(self, told: Form, name: str, fields: Sequence[str]) -> AbstractContextManager[None]:
        return entering.part(told, name, fields)

    def _pillar(self, told: Form, base: Content) -> None:
        known = tally.facets(con())["pillar"]
        if known or base["pillar"]:
            told.select("pillar", _with(known, told.value("pillar")), str, **_OPEN)
        else:
            told.text("pillar", placeholder=t("enter.pact.pillar_example"))

    def _agreement(self, told: Form, base: Content) -> None:
        """The agreement: one on record or, for a new commitment, a new one."""
        titles = {a["id"]: a["title"] for a in provenance.agreements(con(), limit=forms.OFFERED)}
        options = _with(titles, base["agreement_id"])
        if self.id:
            told.select("agreement_id", options, lambda i: titles.get(i, i))
            return
        told.first["agreement_id"] = told.first["agreement_id"] or (None if options else NEW)
        told.select("agreement_id", [*options, NEW], lambda i: titles.get(i) or t("enter.pact.new"))
        if told.value("agreement_id") == NEW:
            with st.container(horizontal=True):
                for field in PACT:
                    with st.container():
                        hint = t("record.date_example") if field == PACT[2] else ""
                        told.text(field, placeholder=hint)

    def _parties(self, told: Form, base: Content) -> None:
        agreed = self._agreed(con(), {field: told.value(field) for field in told.fields}, base)
        if agreed:
            st.caption(t("revise.agreed"))
        for number in range(max(self.shown(told, base, "parties"), min(len(agreed), MORE))):
            with st.container(horizontal=True):
                with st.container(width=260):
                    hint = self._hint(base, "parties", number) if self.id or number > 1 else ""
                    hint = agreed[number] if number < len(agreed) else hint
                    told.text(f"parties.{number}.name", placeholder=hint, help=t("revise.out_help"))
                with st.container():
                    told.area(f"parties.{number}.bodies", height=68, help=t("revise.lines_help"))

    def _agreed(self, cursor: Any, typed: Content, base: Content) -> list[str]:
        """The parties of the agreement, which a new commitment has as long as none is named for it."""
        named = any(typed.get(f"parties.{number}.name") for number in range(MORE))
        if self.id or base["parties"] or named or typed.get("agreement_id") in (None, NEW):
            return []
        try:
            return list(holdings.content(cursor, Entity.AGREEMENT, typed["agreement_id"])[1]["parties"])
        except UnknownId:
            return []

    def _sources(self, told: Form, base: Content) -> None:
        """Where a new commitment stands, and since when it is promised."""
        known = sourcing.on_file(told.value("source_ids"))
        told.several("source_ids", list(known), lambda i: known[i])
        sheets.new_source(told)
        with st.container(horizontal=True):
            with st.container(width=220):
                hint = t("record.date_example")
                told.text("promised_on", placeholder=hint, help=t("enter.pact.promised_help"))
            with st.container():
                told.graded("credibility", Credibility, "credibility")

    def _more(self, told: Form, base: Content) -> None:
        told.tick("headline")
        if self.id:
            _kind(told)
            self._agreement(told, base)
        else:
            told.text("parties_basis")
        known = sourcing.on_file(i for field in SOURCES for i in told.value(field))
        for field in SOURCES if self.id else SOURCES[1:]:
            told.several(field, list(known), lambda i: known[i])
        if not self.id:
            entering.identifier(told, self)

    def _hint(self, base: Content, field: str, number: int) -> str:
        """What an empty name means: one more, or one less."""
        return t("revise.new") if number >= len(base[field]) else t("revise.out")

    def _things(self, typed: Content, base: Content, field: str) -> tuple[list[dict[str, Any]], list[int]]:
        """The things of a list as they were typed, and the rows in which they stand."""
        things, rows = [], []
        for number in range(len(base[field]) + MORE):
            told = {part: typed[f"{field}.{number}.{part}"] or None for part in PARTS[field]}
            # A thing whose name is emptied leaves the list; a new one without a name is told of.
            if told["name"] or (number >= len(base[field]) and any(told.values())):
                if field == "parties":
                    told["bodies"] = forms.lines(told["bodies"])
                things.append(told | {"name": told["name"] or ""})
                rows.append(number)
        return things, rows

    def made(self, typed: Content, base: Content, key: str) -> Made:
        with tracker().store.reading() as now:
            agreed = self._agreed(now, typed, base)
        typed = dict(typed) | {f"parties.{n}.name": name for n, name in enumerate(agreed[:MORE])}
        content = dict(base) | {field: typed[field] for field in PLAIN}
        optional = ("due", "cadence", "cadence_note", "lapses_after", "parties_basis")
        content |= {field: typed[field] or None for field in optional}
        for field in LISTS:
            same = typed[field] == _text(base[field]).strip()
            content[field] = base[field] if same else forms.lines(typed[field])
        if self.id:
            content[translating.HEAD] = translating.made(typed, base)
        rows: dict[str, list[int]] = {}
        for field in PARTS:
            content[field], rows[field] = self._things(typed, base, field)
        content["parties"] += [{"name": name, "bodies": []} for name in agreed[MORE:]]

        def place(path: str) -> str:
            head, *rest = path.split(".")
            if head == translating.HEAD and len(rest) > 1:
                return f"{head}.{content[head][int(rest[0])]['language']}.{rest[1]}"
            if head in PARTS and rest:
                part = rest[1] if len(rest) > 1 else "expected_basis"
                return f"{head}.{rows[head][int(rest[0])]}.{part}"
            return {"happened_on": "promised_on", "evidence": "source_ids"}.get(
                head, f"{head}.0.name" if head in PARTS else head
            )

        return Made(content, place) if self.id else _founded(Made(content, place), typed, key)

    def touched(self, cursor: Any) -> Iterable[str]:
        return [self.id] if self.id else []

    def links(self, saved: Saved) -> Sequence[Html | tuple[str, str]]:
        if not saved.is_new:
            return ()
        return [
            (t("enter.to.page"), linked.commitment(saved.id)),
            linked.opener(t("enter.to.status"), "commitment", id=saved.id, edit="1"),
            sheets.opener(t("enter.to.like"), Entity.COMMITMENT, like=saved.id),
        ]


def _founded(made: Made, typed: Content, key: str) -> Made:
    """A new commitment with the agreement and the source that are entered along with it, and its promise."""
    content = made.content
    problems = forms.missing(typed, "kind", "pillar", "agreement_id")
    before: list[Thing] = []
    source, wrong = sheets.entered(typed, key)
    if source is not None:
        before.append(source)
        content["source_ids"] = [*content["source_ids"], source.id]
    elif not wrong:
        problems += forms.missing(typed, "source_ids")
    problems += wrong
    if typed["agreement_id"] == NEW:
        told = {field: typed[field] for field in PACT}
        problems += forms.missing(told, *PACT[:2])
        if told[PACT[0]] and told[PACT[1]]:
            pact = {field.split(".")[1]: told[field] or None for field in PACT}
            pact |= {"id": entering.free(Entity.AGREEMENT, told[PACT[0]], key), "summary": told[PACT[0]]}
            pact |= {"parties": [p["name"] for p in content["parties"]], "source_ids": content["source_ids"]}
            before.append(Agreement.parse(pact))
            content["agreement_id"] = pact["id"]
    if typed["promised_on"]:
        problems += forms.missing(typed, "credibility")

    def promised(commitment_id: str) -> list[Draft]:
        if not typed["promised_on"] or typed["credibility"] is None:
            return []
        cited = [{"source_id": i, "credibility": typed["credibility"]} for i in content["source_ids"]]
        told = {"commitment_id": commitment_id, "stage": Stage.PLEDGED, "evidence": cited}
        told |= {"happened_on": typed["promised_on"], "note": typed["pledge"]}
        return [Draft.event(StatusEvent.parse(told))]

    return made._replace(before=before, after=promised, problems=problems)


def begin() -> None:
    """Open the form for all of the wording; the address says so, and Back closes it."""
    drafts.opening(edit=EDIT, replaces=None)


def form(commitment_id: str) -> None:
    """The form for the wording of one commitment."""
    entering.form(Wording(commitment_id), ("edit",))


def _kind(told: Form) -> None:
    told.select("kind", [k.value for k in Kind], lambda k: t(f"kind.{k}"))
    if (kind := told.value("kind")) and not told.name.startswith("revise:"):
        stages = [s for s in lifecycle.of(Kind(kind)) if s is not Stage.PRECURSOR]
        st.caption(t("enter.pact.stages", stages=" → ".join(t(f"stage.{s}") for s in stages)))


def _rhythm(told: Form) -> None:
    with st.container(horizontal=True):
        for field in ("cadence", "lapses_after"):
            with st.container():
                told.text(field, placeholder="P1Y", help=t("revise.duration_help"))
    told.text("cadence_note")


def _with(options: Sequence[str] | Mapping[str, str], value: str | None) -> list[str]:
    return [*options, *([] if value in options or not value else [value])]


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines)
