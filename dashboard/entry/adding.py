"""What can be added, and what of it can be revised here, because it has no page of its own."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from dashboard import i18n, linked, telling
from dashboard.entry import forms
from dashboard.entry.entering import Saved, Sheet
from dashboard.entry.look import SearchSheet
from dashboard.entry.revise import LIKE, Wording
from dashboard.entry.sheets import AgreementSheet, DatasetSheet, SourceSheet, opener
from dashboard.linked import Cell, Html
from dashboard.session import con, t, words
from tracker import holdings, inventory, provenance, queries
from tracker.errors import UnknownId
from tracker.terms import Entity

SHEETS: dict[str, type[Sheet]] = {
    Entity.COMMITMENT: Wording,
    Entity.AGREEMENT: AgreementSheet,
    Entity.SOURCE: SourceSheet,
    Entity.DATASET: DatasetSheet,
    Entity.CHECK: SearchSheet,
}
WORDS = ("what", "id", "like", "agreement")
"""Words of the address that hold a form open on the page for it."""


def sheet_of(saved: Saved) -> Sheet:
    """The sheet of what was saved."""
    return SHEETS[saved.entity](saved.id)


def asked() -> Sheet | None:
    """The sheet that the address asks for; None where it asks for none that there is."""
    what = st.query_params.get("what", "")
    if what not in (Entity.COMMITMENT, Entity.AGREEMENT, Entity.SOURCE, Entity.DATASET):
        return None
    thing_id = st.query_params.get("id")
    if thing_id is None:
        return SHEETS[what](like=_like())
    return SHEETS[what](thing_id) if _content(Entity(what), thing_id) else None


def choice() -> None:
    """Everything that can be added, with what it is."""
    counts = inventory.info(con())["counts"]
    counted = {
        Entity.COMMITMENT: "commitments",
        Entity.AGREEMENT: "agreements",
        Entity.SOURCE: "sources",
        Entity.DISPUTE: "disputes",
        Entity.CHECK: "checks",
    }
    elsewhere = {
        Entity.DISPUTE: linked.opener(t("enter.dispute.title"), "sources", dispute="new"),
        Entity.CHECK: linked.opener(t("enter.check.title"), "attention", look="1"),
    }
    items = [
        _item(
            elsewhere.get(what) or opener(t(f"enter.{what}.title"), what),
            f"{t(f'enter.{what}.is')} {t('enter.on_record', n=counts[counted[what]])}",
        )
        for what in counted
    ]
    items.append(_item(opener(t("enter.dataset.title"), Entity.DATASET), t("enter.dataset.is")))
    file = linked.anchor(t("enter.import.title"), linked.address("import"))
    items.append(_item(file, t("enter.import.is")))
    st.html(f'<p class="lead">{escape(t("enter.lead"))}</p><ul class="rows stacked">{"".join(items)}</ul>')


def _item(link: Html, told: str) -> str:
    return f'<li>{link}<span class="facts">{escape(told)}</span></li>'


def on_record() -> None:
    """Data sets and agreements that can be revised here."""
    found = queries.datasets(con())
    rows: list[list[Cell | str]] = [
        [d["subject"], i18n.day(d["as_of"], words().language), _change(Entity.DATASET, d["id"])]
        for d in telling.rows(found, entity=Entity.DATASET)
    ]
    if rows:
        st.header(t("enter.datasets"))
        linked.table([t("wording.field.subject"), t("wording.field.as_of"), ""], rows)
    agreements = provenance.agreements(con(), limit=forms.OFFERED)
    if agreements:
        st.header(t("enter.agreements"))
        columns = [t("wording.field.title"), t("proposed.field.dated"), t("proposed.field.parties"), "", ""]
        linked.table(columns, [_agreement(row) for row in telling.rows(agreements, entity=Entity.AGREEMENT)])


def _agreement(row: Any) -> list[Cell | str]:
    more = Cell(opener(t("enter.to.commitment"), Entity.COMMITMENT, agreement=row["id"]), look="short")
    when = Cell(i18n.date(row["dated"], words()), look="short")
    return [
        row["title"],
        when,
        t("site.separator").join(map(telling.name, row["parties"])),
        more,
        _change(Entity.AGREEMENT, row["id"]),
    ]


def _change(entity: Entity, thing_id: str) -> Cell:
    return Cell(opener(t("enter.change"), entity, id=thing_id), look="short")


def _like() -> dict[str, Any]:
    """What a new commitment takes from the one, or the agreement, that the address names."""
    if model := st.query_params.get("like"):
        told = _content(Entity.COMMITMENT, model)
        return {field: told[field] for field in LIKE} if told else {}
    if agreement_id := st.query_params.get("agreement"):
        told = _content(Entity.AGREEMENT, agreement_id)
        parties = [{"name": name, "bodies": []} for name in told.get("parties", ())]
        sources = told.get("source_ids", [])
        return {"agreement_id": agreement_id, "parties": parties, "source_ids": sources} if told else {}
    return {}


def _content(entity: Entity, thing_id: str) -> dict[str, Any]:
    try:
        return holdings.content(con(), entity, thing_id)[1]
    except UnknownId:
        return {}
