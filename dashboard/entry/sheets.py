"""What is peculiar to the forms of data sets, agreements, sources and searches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from dashboard import linked
from dashboard.entry import entering, forms, sourcing
from dashboard.entry.entering import Content, Made, Saved, Sheet
from dashboard.entry.forms import Form
from dashboard.linked import Html
from dashboard.session import t
from tracker import provenance
from tracker.clocks import today
from tracker.terms import Entity, SourceKind

HORIZON = ("corpus", "dense_until", "remark")
NEW = "source."
"""What the names of the fields of a source begin with that is entered along with something else."""


def opener(text: str, what: Entity, **more: str) -> Html:
    """A link to the form for something new or, with its identifier, for something on record."""
    return linked.opener(text, "add", what=what.value, **more)


class DatasetSheet(Sheet):
    """What the set is about, and where its evidence ends."""

    entity = Entity.DATASET
    named = "subject"
    blank = {  # noqa: RUF012
        "subject": "",
        "as_of": "",
        "compiled_from": "",
        "text_limits": "",
        "date_rule": None,
        "milestone_rule": None,
        "evidence_horizon": [],
    }
    lines = ("compiled_from", "text_limits", "date_rule", "milestone_rule")

    def rows(self, base: Content) -> list[str]:
        """The fields of every body of material that was searched, and of one more."""
        return [
            f"evidence_horizon.{n}.{p}" for n in range(len(base["evidence_horizon"]) + 1) for p in HORIZON
        ]

    def label(self, field: str) -> str:
        path = field.split(".")
        return t(f"enter.dataset.{path[2]}", n=int(path[1]) + 1) if len(path) == 3 else super().label(field)

    def fields(self, base: Content) -> Sequence[str]:
        return ("subject", "as_of", *self.lines, "id", *self.rows(base))

    def first(self, base: Content) -> dict[str, Any]:
        told = {field: base.get(field) or "" for field in ("subject", *self.lines)}
        if not self.id:
            told["text_limits"] = t("enter.dataset.unlimited")
        told["as_of"] = base["as_of"] or today().isoformat()
        for number, horizon in enumerate(base["evidence_horizon"]):
            told |= {f"evidence_horizon.{number}.{name}": horizon[name] for name in HORIZON}
        return told

    def draw(self, told: Form, base: Content) -> None:
        told.text("subject", placeholder=t("enter.dataset.subject_example"))
        with st.container(width=260):
            told.text("as_of", help=t("look.day_help"))
        told.area("compiled_from", height=68, placeholder=t("enter.dataset.from_example"))
        told.area("text_limits", height=68)
        more = (*self.lines[2:], *self.rows(base), "id")
        with entering.part(told, "more", more):
            for field in self.lines[2:]:
                told.area(field, height=68)
            for number in range(len(base["evidence_horizon"]) + 1):
                with st.container(horizontal=True):
                    with st.container():
                        told.text(f"evidence_horizon.{number}.corpus", help=t("revise.out_help"))
                    with st.container(width=180):
                        told.text(f"evidence_horizon.{number}.dense_until", help=t("look.day_help"))
                told.area(f"evidence_horizon.{number}.remark", height=68)
            if not self.id:
                entering.identifier(told, self)

    def made(self, typed: Content, base: Content, key: str) -> Made:
        content = dict(base) | {f: typed[f] or None for f in self.lines[2:]}
        content |= {f: typed[f] for f in ("subject", "as_of", "compiled_from", "text_limits")}
        horizons, places = [], []
        for number in range(len(base["evidence_horizon"]) + 1):
            told = {name: typed[f"evidence_horizon.{number}.{name}"] or "" for name in HORIZON}
            if told["corpus"] or (number == len(base["evidence_horizon"]) and any(told.values())):
                horizons.append(told)
                places.append(number)

        def field(path: str) -> str:
            head, *rest = path.split(".")
            return f"{head}.{places[int(rest[0])]}.{rest[1]}" if len(rest) > 1 else head

        return Made(content | {"evidence_horizon": horizons}, field)

    def links(self, saved: Saved) -> Sequence[Html | tuple[str, str]]:
        return [
            (t("enter.to.overview"), linked.address("./")),
            opener(t("enter.to.agreement"), Entity.AGREEMENT),
        ]


class AgreementSheet(Sheet):
    """The document in which pledges stand; a source of it can be entered along with it."""

    entity = Entity.AGREEMENT
    blank = {  # noqa: RUF012
        "title": "",
        "kind": "",
        "dated": None,
        "parties": [],
        "summary": "",
        "source_ids": [],
    }

    def fields(self, base: Content) -> Sequence[str]:
        new = () if self.id else ("id", *(NEW + field for field in sourcing.FIELDS))
        return ("title", "kind", "dated", "parties", "summary", "source_ids", *new)

    def first(self, base: Content) -> dict[str, Any]:
        told = {field: base[field] or "" for field in ("title", "kind", "dated", "summary")}
        return (
            told
            | sourcing.first(NEW)
            | {
                "parties": "\n".join(base["parties"]),
                "source_ids": base["source_ids"],
            }
        )

    def draw(self, told: Form, base: Content) -> None:
        told.text("title")
        with st.container(horizontal=True):
            with st.container():
                told.text("kind", placeholder=t("enter.agreement.kind_example"))
            with st.container(width=220):
                told.text("dated", placeholder=t("record.date_example"), help=t("record.date_help"))
        told.area("parties", height=80, help=t("revise.lines_help"))
        told.area("summary", height=80)
        known = sourcing.on_file(told.value("source_ids"))
        told.several("source_ids", list(known), lambda i: known[i])
        if not self.id:
            new_source(told)
            entering.identifier(told, self)

    def made(self, typed: Content, base: Content, key: str) -> Made:
        content = dict(base) | {field: typed[field] for field in ("title", "kind", "summary", "source_ids")}
        same = typed["parties"] == "\n".join(base["parties"]).strip()
        content["parties"] = base["parties"] if same else forms.lines(typed["parties"])
        content["dated"] = typed["dated"] or None
        source, problems = entered(typed, key) if not self.id else (None, [])
        if source is None:
            return Made(content, problems=problems)
        content["source_ids"] = [*content["source_ids"], source.id]
        return Made(content, before=[source])

    def links(self, saved: Saved) -> Sequence[Html | tuple[str, str]]:
        return [opener(t("enter.to.commitment"), Entity.COMMITMENT, agreement=saved.id)]


class SourceSheet(Sheet):
    """A document, its grade, and in whose name it speaks."""

    entity = Entity.SOURCE
    blank = dict.fromkeys((*sourcing.FIELDS, "origin", "note", "speaks_for")) | {
        "title_is_descriptive": False
    }
    extra = ("speaks_for", "origin", "note", "title_is_descriptive")

    def label(self, field: str) -> str:
        if field in sourcing.FIELDS:
            return t(f"record.field.{field}")
        return t(f"proposed.field.{field}") if field in self.extra else super().label(field)

    def fields(self, base: Content) -> Sequence[str]:
        return (*sourcing.FIELDS, *self.extra, *(() if self.id else ("id",)))

    def first(self, base: Content) -> dict[str, Any]:
        told = {field: base.get(field) or "" for field in (*sourcing.FIELDS, "origin", "note")}
        told |= {field: base.get(field) for field in ("kind", "reliability", "title_is_descriptive")}
        told["speaks_for"] = "\n".join(base.get("speaks_for") or ())
        return told if self.id else told | sourcing.first()

    def draw(self, told: Form, base: Content) -> None:
        sourcing.draw(told)
        told.area("speaks_for", height=80, help=t("enter.source.speaks_for_help"))
        with entering.part(told, "more", (*self.extra[1:], "id")):
            told.text("origin", help=t("enter.source.origin_help"))
            told.area("note", height=68)
            told.tick("title_is_descriptive")
            if not self.id:
                entering.identifier(told, self)

    def made(self, typed: Content, base: Content, key: str) -> Made:
        told = {field: typed[field] or None for field in (*sourcing.FIELDS, "origin", "note")}
        told["title_is_descriptive"] = typed["title_is_descriptive"]
        told["kind"] = told["kind"] or SourceKind.UNKNOWN
        told["language"] = told["language"] or "und"
        told["reliability_reason"] = told["reliability_reason"] or t("record.no_reason", by=typed["by"])
        same = typed["speaks_for"] == "\n".join(base.get("speaks_for") or ()).strip()
        told["speaks_for"] = base.get("speaks_for") if same else forms.lines(typed["speaks_for"]) or None
        return Made(dict(base) | told, problems=forms.missing(typed, *sourcing.NEEDED))

    def stem(self, typed: Content) -> str:
        return f"{typed['publisher'] or ''} {typed['published'] or ''}"

    def touched(self, cursor: Any) -> Iterable[str]:
        return {row["id"] for row in provenance.citing(cursor, self.id or "")}

    def links(self, saved: Saved) -> Sequence[Html | tuple[str, str]]:
        if not saved.is_new:
            return ()
        return [
            (t("enter.to.page"), linked.address("sources", source=saved.id)),
            opener(t("enter.to.agreement"), Entity.AGREEMENT),
            opener(t("enter.to.source"), Entity.SOURCE),
        ]


def new_source(told: Form) -> None:
    """The fields of a source that is entered along with something else, behind a fold."""
    begun = sourcing.is_begun({f: told.value(f) for f in told.fields}, NEW)
    wrong = told.has_problem([NEW + field for field in sourcing.FIELDS])
    with st.expander(t("record.new_source"), expanded=begun or wrong, key=f"fold-{told.name}-source"):
        sourcing.draw(told, NEW)


def entered(typed: Content, key: str) -> Any:
    """That source, if any field of it was filled, and what is wrong with it."""
    if not sourcing.is_begun(typed, NEW):
        return None, []
    return sourcing.made(typed, key, typed["by"], NEW)
