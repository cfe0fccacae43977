"""The milestones of a commitment that are still ahead, and the short form for a single one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from dashboard import i18n, linked
from dashboard.entry import entering
from dashboard.entry.entering import Content, Made, Sheet
from dashboard.entry.forms import Form
from dashboard.linked import Html
from dashboard.session import read_only, t, words
from tracker.terms import Basis, Entity

EDIT = "step"
"""What the address says while the form is open."""
PARTS = ("name", "expected", "expected_basis", "reached", "note")
"""The parts of a milestone."""


class Step(Sheet):
    """One milestone: added, or marked as reached."""

    entity = Entity.COMMITMENT

    def __init__(self, commitment_id: str, place: int | None) -> None:
        """`place` is that of the milestone among those of the commitment; None is for a new one."""
        super().__init__(commitment_id)
        self.place = place

    @property
    def name(self) -> str:
        return f"step:{self.id}:{'' if self.place is None else self.place}"

    def words(self, which: str) -> str:
        if which == "revise":
            return t("enter.step.title" if self.place is None else "enter.step.change")
        return t("enter.save") if which == "revise_save" else ""

    def label(self, field: str) -> str:
        return t(f"enter.step.{field}") if field in PARTS else super().label(field)

    def fields(self, base: Content) -> Sequence[str]:
        return PARTS

    def first(self, base: Content) -> dict[str, Any]:
        item = self._item(base)
        return {part: item.get(part) or ("" if part != "expected_basis" else None) for part in PARTS}

    def draw(self, told: Form, base: Content) -> None:
        fields(told, "", "", reaching=self.place is not None)

    def made(self, typed: Content, base: Content, key: str) -> Made:
        steps = [dict(step) for step in base["milestones"]]
        item = {part: typed[part] or None for part in PARTS} | {"name": typed["name"]}
        place = len(steps) if self.place is None else self.place
        steps[place : place + 1] = [item]

        def field(path: str) -> str:
            _, *rest = path.split(".")
            return rest[1] if len(rest) > 1 else "expected_basis" if rest else "name"

        return Made(dict(base) | {"milestones": steps}, field)

    def touched(self, cursor: Any) -> Iterable[str]:
        return [self.id or ""]

    def _item(self, base: Content) -> Mapping[str, Any]:
        steps = base["milestones"]
        return steps[self.place] if self.place is not None and self.place < len(steps) else {}


def form(commitment_id: str) -> None:
    """The form for the milestone that the address names, or for one more."""
    entering.form(Step(commitment_id, linked.number("step")), ("edit", "step"))


def ahead(commitment_id: str, milestones: Sequence[Mapping[str, Any]]) -> None:
    """Milestones that are not reached, each with the way to its form, and the way to one more."""
    items = []
    for place, step in enumerate(milestones):
        if step["reached"] is not None:
            continue
        told = escape(step["name"])
        if step["expected"]:
            basis = t(f"basis.{step['expected_basis']}")
            told += escape(f" ({i18n.date(step['expected'], words())}, {basis})")
        if not read_only():
            way = _opener(t("enter.step.open"), commitment_id, step=str(place))
            told += f'<span class="opener"> · {way}</span>'
        items.append(f"<li>{told}</li>")
    more = ""
    if not read_only():
        more = f'<p class="linked note">{_opener(t("enter.step.title"), commitment_id)}</p>'
    if items or more:
        st.html((f"<ul>{''.join(items)}</ul>" if items else "") + more)


def _opener(text: str, commitment_id: str, **more: str) -> Html:
    return linked.opener(text, "commitment", id=commitment_id, edit=EDIT, **more)


def fields(told: Form, prefix: str, hint: str, *, reaching: bool = False) -> None:
    """The fields of one milestone; `reaching` puts first when it was reached."""
    told.text(f"{prefix}name", placeholder=hint, help=t("revise.out_help") if prefix else None)
    with st.container(horizontal=True):
        if reaching:
            with st.container(width=150):
                told.text(f"{prefix}reached", help=t("record.date_help"))
        with st.container(width=150):
            told.text(f"{prefix}expected", help=t("record.date_help"))
        with st.container(width=230):
            told.select(f"{prefix}expected_basis", [b.value for b in Basis], lambda b: t(f"basis.{b}"))
        if not reaching:
            with st.container(width=150):
                told.text(f"{prefix}reached", help=t("record.date_help"))
        with st.container():
            told.text(f"{prefix}note", max_chars=10_000)
