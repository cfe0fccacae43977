"""The form that records a search: where somebody looked, and found nothing new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import access, components, i18n, telling
from dashboard.entry import drafts, entering, forms, outcome
from dashboard.entry.entering import Content, Made, Sheet
from dashboard.entry.forms import Form
from dashboard.session import at, con, read_only, t, tracker, words, writing
from tracker import holdings, naming, provenance, queries, tally
from tracker.clocks import today
from tracker.errors import Problem, TrackerError
from tracker.models import Check
from tracker.terms import Entity

FIELDS = ("commitment_ids", "checked_on", "by", "places", "languages", "terms", "note")
SAVED = "look-saved"
OFFERED = 1000


def form(commitment_id: str | None = None, *, opened: bool = False, leaving: tuple[str, ...] = ()) -> None:
    """What the last search changed, then the form, or the button that opens it.

    The form is about one commitment to start with, if one is named; `look=1` in the address
    holds it open, or `opened` does. `leaving` are further words of the address that go
    when it closes.
    """
    _said()
    if read_only():
        return
    if not opened and st.query_params.get("look") != "1":
        st.button(t("look.open"), icon=":material/search:", on_click=_begin, key="look-open")
        return
    told = Form(f"look:{commitment_id or ''}", FIELDS, lambda f: t(f"look.field.{f}"))
    told.begin(commitment_ids=[commitment_id] if commitment_id else [], checked_on=today().isoformat())
    st.header(t("look.title"))
    st.caption(t("look.how"))
    with told.sheet():
        _fields(told, told.by)
        told.summary()
        with st.container(horizontal=True):
            told.button(t("look.save"), _submit, told, leaving, primary=True)
            told.button(t("forms.cancel"), _leave, told, leaving)


def _fields(told: Form, beside: Callable[[], None] = lambda: None) -> None:
    """The fields of a search; `beside` draws what stands beside its day."""
    titles = {row["id"]: row["title"] for row in telling.rows(tally.standing(con(), at(), OFFERED))}
    for chosen in told.value("commitment_ids"):
        if chosen not in titles:
            titles[chosen] = telling.row(queries.commitment(con(), chosen))["title"]
    told.several("commitment_ids", list(titles), lambda i: titles[i])
    with st.container(horizontal=True):
        with st.container(width=260):
            told.text("checked_on", help=t("look.day_help"))
        with st.container():
            beside()
    told.area("places", height=100, placeholder=t("look.places_example"))
    with st.container(horizontal=True):
        with st.container(width=260):
            told.text("languages", placeholder="en, fr, ko")
        with st.container():
            told.text("terms", placeholder=t("look.terms_example"))
    told.area("note", height=80)


class SearchSheet(Sheet):
    """A search on record, to be revised."""

    entity = Entity.CHECK
    named = "checked_on"

    def label(self, field: str) -> str:
        return super().label(field) if field == "because" else t(f"look.field.{field}")

    def fields(self, base: Content) -> Sequence[str]:
        return tuple(field for field in FIELDS if field != "by")

    def first(self, base: Content) -> dict[str, Any]:
        told = {field: base[field] for field in ("commitment_ids", "checked_on")}
        told |= {"places": "\n".join(base["places"]), "note": base["note"] or ""}
        return told | {field: ", ".join(base[field]) for field in ("languages", "terms")}

    def draw(self, told: Form, base: Content) -> None:
        _fields(told)

    def made(self, typed: Content, base: Content, key: str) -> Made:
        first = self.first(base)
        content = dict(base) | {f: typed[f] for f in ("commitment_ids", "checked_on")}
        content["note"] = typed["note"] or None
        for field, read in (("places", forms.lines), ("languages", _parts), ("terms", _parts)):
            content[field] = base[field] if typed[field] == first[field] else read(typed[field])
        return Made(content)

    def touched(self, cursor: Any) -> Iterable[str]:
        touched: list[str] = holdings.content(cursor, self.entity, self.id or "")[1]["commitment_ids"]
        return touched


def asked() -> str | None:
    """The search whose revision the address asks for."""
    sort, _, check_id = st.query_params.get("edit", "").partition(":")
    return check_id if sort == Entity.CHECK else None


def revision(check_id: str) -> None:
    """The form that revises a search on record; nothing where there is none of that name."""
    if provenance.searched(con(), [check_id]):
        entering.form(SearchSheet(check_id), ("edit",))


def change(check: Mapping[str, Any]) -> None:
    """The button that opens that form."""
    if not read_only() and check["withdrawn_at"] is None:
        st.button(
            t("enter.change"),
            key=f"change-{check['id']}",
            icon=":material/edit:",
            type="tertiary",
            on_click=drafts.opening,
            kwargs={"edit": f"{Entity.CHECK}:{check['id']}", "replaces": None},
            width="content",
        )


def _begin() -> None:
    drafts.opening(look="1")


def _leave(told: Form, leaving: tuple[str, ...]) -> None:
    told.forget()
    drafts.closing("look", *leaving)


def _said() -> None:
    """After saving: the schedules that the search changed, or plainly that it changed none."""
    saved = st.session_state.pop(SAVED, None)
    if saved is None:
        return
    day, changes, failure = saved
    if not outcome.published(failure):
        return
    lines = [t("look.saved", n=len(changes), date=i18n.day(day, words().language))]
    same = [c for c in changes if c[1] == c[2]]
    for title, before, after in changes:
        if before != after:
            told = {"before": t(f"schedule.{before}"), "after": t(f"schedule.{after}")}
            lines.append("- " + t("look.changed", title=components.md(title), **told))
    if len(same) == 1:
        title, _, schedule = same[0]
        lines.append("- " + t("look.same", title=components.md(title), schedule=t(f"schedule.{schedule}")))
    elif same:
        lines.append("- " + t("look.same_many", n=len(same)))
    st.success("\n".join(lines), icon=":material/check:")


def _submit(told: Form, leaving: tuple[str, ...]) -> None:
    """Record the search, or keep everything and say what is wrong."""
    typed = told.typed()
    if typed is None:
        return None
    problems = forms.missing(typed, "commitment_ids", "checked_on", "by") + [
        Problem(f, "missing") for f in ("places",) if not forms.lines(typed[f])
    ]
    day = _day(typed["checked_on"])
    if typed["checked_on"] and day is None:
        problems.append(Problem("checked_on", "date_parsing"))
    if problems or day is None:
        return told.refuse(problems)
    failure = None
    try:
        check = Check.parse(
            {
                "id": naming.check_id(day.isoformat(), told.request()),
                "commitment_ids": typed["commitment_ids"],
                "checked_on": day,
                "places": forms.lines(typed["places"]),
                "languages": _parts(typed["languages"]),
                "terms": _parts(typed["terms"]),
                "note": typed["note"] or None,
            }
        )
        before = _schedules(check.commitment_ids)
        with told.saving():
            writing().add(check, by=typed["by"], key=told.request())
    except TrackerError as error:
        if error.code != "unpublished":
            return told.fail(error)
        failure = error
    after = _schedules(check.commitment_ids)
    st.session_state[SAVED] = (
        day,
        [(row["title"], row["schedule"], after[i]["schedule"]) for i, row in before.items()],
        failure,
    )
    access.remember(typed["by"])
    return _leave(told, leaving)


def _schedules(ids: tuple[str, ...]) -> dict[str, Any]:
    return {i: tracker().commitment(i) for i in ids}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _parts(text: str) -> list[str]:
    """What stands between commas, Korean ones too."""
    return [
        part.strip() for part in text.replace("、", ",").replace("\uff0c", ",").split(",") if part.strip()
    ]
