"""The form that records a dispute, or settles one: the claim, its sides, what holds and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import access, linked, telling
from dashboard.entry import conflict, drafts, forms, outcome, sourcing
from dashboard.entry.forms import Form
from dashboard.session import at, con, read_only, t, writing
from tracker import holdings, naming, queries, tally
from tracker.errors import Problem, Refused, StaleVersion, TrackerError
from tracker.ledger import Draft, Entry
from tracker.models import Dispute
from tracker.terms import Entity

SIDES, SHOWN = 4, 2
"""Sides that can be entered, and those that are open from the start."""
NEW, ABOUT = "new", "about"
VERDICTS = ("open", "neither")
SAVED = "quarrel-saved"
OFFERED = 1000


def form(disputes: Sequence[Mapping[str, Any]], *, new: bool = True) -> None:
    """What the last save moved, then the form that the address asks for, or the button that opens it.

    Without `new`, only disputes that are on record can be changed.
    """
    _said()
    if read_only():
        return
    wanted = st.query_params.get("dispute")
    row = next((d for d in disputes if d["id"] == wanted), None)
    if row is None and not (new and wanted == NEW):
        if new:
            icon = ":material/difference:"
            st.button(t("quarrel.open"), icon=icon, on_click=_begin, args=(NEW,), key="quarrel-open")
        return
    told = Form(f"quarrel:{wanted}", (), _label)
    told.begin(lambda: conflict.seen(*holdings.content(con(), Entity.DISPUTE, row["id"])) if row else None)
    base = told.seen["content"] if row else None
    count = max(SIDES, len(base["sides"]) if base else 0)
    told.fields = _fields(count)
    told.first = _content(base, count) | _touching() | told.first
    sources = sourcing.on_file(i for p in range(1, count + 1) for i in told.value(f"sources_{p}"))
    titles = _titles(told)
    st.subheader(t("quarrel.revise" if row else "quarrel.title"))
    st.caption(t("quarrel.how"))
    with told.sheet():
        told.text("claim", placeholder=t("quarrel.claim_example"))
        for place in range(1, SHOWN + 1):
            _side(told, place, sources)
        more = any(told.value(f"position_{p}") for p in range(SHOWN + 1, count + 1))
        with st.expander(t("quarrel.more"), expanded=more, key=f"more-{told.name}"):
            for place in range(SHOWN + 1, count + 1):
                _side(told, place, sources)
        told.choice("verdict", [*VERDICTS, *map(str, _open_sides(told, count))], _verdict)
        if base and base["settled"]:
            told.tick("keep")
        told.area("holds", height=80)
        told.area("why", height=80)
        told.several("commitment_ids", list(titles), lambda i: titles[i])
        if row:
            told.text("because")
        told.by(width=320)
        conflict.ask(told)
        told.summary()
        with st.container(horizontal=True):
            told.button(t("quarrel.save"), _submit, told, row["id"] if row else None, count, primary=True)
            told.button(t("forms.cancel"), _leave, told)


def reopen(dispute: Mapping[str, Any]) -> None:
    """The button that opens the form on a dispute that is on record."""
    if not read_only():
        st.button(
            way(dispute),
            on_click=_begin,
            args=(dispute["id"],),
            key=f"quarrel-{dispute['id']}",
            icon=":material/edit:",
        )


def _fields(count: int) -> tuple[str, ...]:
    sides = [f"{name}_{place}" for place in range(1, count + 1) for name in ("position", "sources")]
    return ("claim", *sides, "verdict", "keep", "holds", "why", "commitment_ids", "because", "by")


def _label(field: str) -> str:
    name, _, place = field.rpartition("_")
    return t(f"quarrel.field.{name}", n=int(place)) if place.isdigit() else t(f"quarrel.field.{field}")


def _verdict(code: str) -> str:
    return t(f"quarrel.verdict.{code}") if code in VERDICTS else t("quarrel.side_holds", n=int(code))


def _side(told: Form, place: int, sources: Mapping[str, str]) -> None:
    told.area(f"position_{place}", height=70)
    told.several(f"sources_{place}", list(sources), lambda i: sources[i])


def _open_sides(told: Form, count: int) -> list[int]:
    """The sides that are open from the start, those of the others that say anything, and the one chosen."""
    chosen = told.value("verdict")
    return [p for p in range(1, count + 1) if p <= SHOWN or told.value(f"position_{p}") or chosen == str(p)]


def _sides(typed: Mapping[str, Any], places: Iterable[int]) -> list[dict[str, Any]]:
    """The sides as they were typed, with what the verdict says of each."""
    verdict = typed["verdict"]
    return [
        {
            "position": typed[f"position_{place}"],
            "source_ids": typed[f"sources_{place}"],
            "holds": verdict == str(place) if verdict.isdigit() else None,
        }
        for place in places
    ]


def _content(row: Mapping[str, Any] | None, count: int) -> dict[str, Any]:
    """First values of the fields: what is on record, or nothing."""
    typed: dict[str, Any] = {"verdict": _standing(row) if row else "open", "commitment_ids": []}
    typed |= {f"sources_{place}": [] for place in range(1, count + 1)}
    if row:
        typed |= {"claim": row["claim"], "holds": row["holds"] or "", "why": row["why"] or ""}
        typed["commitment_ids"] = row["commitment_ids"]
        for place, side in enumerate(row["sides"], 1):
            typed |= {f"position_{place}": side["position"], f"sources_{place}": side["source_ids"]}
    return typed


def _standing(row: Mapping[str, Any]) -> str:
    """What a dispute on record says, as an answer of the form."""
    if not row["settled"]:
        return "open"
    return next((str(place) for place, s in enumerate(row["sides"], 1) if s.get("holds")), "neither")


def _titles(told: Form) -> dict[str, str]:
    titles = {row["id"]: row["title"] for row in telling.rows(tally.standing(con(), at(), OFFERED))}
    chosen = [i for i in told.value("commitment_ids") if i not in titles]
    return titles | {i: telling.row(queries.commitment(con(), i))["title"] for i in chosen}


def _said() -> None:
    """After saving: what moved."""
    saved = st.session_state.pop(SAVED, None)
    if saved is not None and outcome.published(saved[1]):
        outcome.told(t("quarrel.saved"), saved[0])
        if saved[2] is not None:
            conflict.kept(Entity.DISPUTE, *saved[2])


def about(commitment_id: str) -> None:
    """On the page of a commitment: the way to the form for a dispute about it."""
    if not read_only():
        told = {"dispute": NEW, ABOUT: commitment_id}
        linked.note("", [linked.opener(t("quarrel.about"), "sources", **told)])


def way(dispute: Mapping[str, Any]) -> str:
    """What the way to a dispute is called where it can be settled or changed; empty where it cannot."""
    return "" if read_only() else t("quarrel.change" if dispute["settled"] else "quarrel.settle")


def _touching() -> dict[str, Any]:
    """The commitment that a new dispute is to begin with, if the address names one."""
    told = st.query_params.get(ABOUT)
    known = told is not None and st.query_params.get("dispute") == NEW
    try:
        return {"commitment_ids": [queries.commitment(con(), told)["id"]]} if told and known else {}
    except Refused:
        return {}


def _begin(which: str) -> None:
    drafts.opening(dispute=which)


def _leave(told: Form) -> None:
    told.forget()
    drafts.closing("dispute", ABOUT)


def _submit(told: Form, dispute_id: str | None, count: int) -> None:
    """Record the dispute, or keep everything and say what is wrong."""
    typed = told.typed()
    if typed is None:
        return None
    filled = [p for p in range(1, count + 1) if typed[f"position_{p}"] or typed[f"sources_{p}"]]
    places = sorted({*filled, *range(1, SHOWN + 1)})
    needed = [f"{name}_{place}" for place in places for name in ("position", "sources")]
    problems = forms.missing(typed, "claim", *needed, "by", *(["because"] if dispute_id else []))
    settled = typed["verdict"] != "open"
    if settled:
        problems += forms.missing(typed, "holds", "why")
        if typed["verdict"] not in ("neither", *map(str, places)):
            problems.append(Problem("verdict", "no_such_side"))
    if problems:
        return told.refuse(problems)

    def field(path: str) -> str:
        parts = path.split(".")
        if parts[0] != "sides" or len(parts) < 3:
            return parts[0]
        return f"{'position' if parts[2] == 'position' else 'sources'}_{places[int(parts[1])]}"

    base = told.seen["content"] if dispute_id else None
    if base and base["settled"] and not settled and not typed["keep"]:
        # The answer of yesterday is not that of an open question, unless somebody says so anew.
        for name in ("holds", "why"):
            if typed[name] == (base[name] or "").strip():
                typed[name] = ""
    content = {
        "id": dispute_id or naming.dispute_id(typed["claim"], told.request()),
        "claim": typed["claim"],
        "sides": _sides(typed, places),
        "holds": typed["holds"] or None,
        "why": typed["why"] or None,
        "settled": settled,
        "commitment_ids": typed["commitment_ids"],
        "translations": base.get("translations") if base else None,
    }
    if base and _sides(_content(base, count), range(1, len(base["sides"]) + 1)) == content["sides"]:
        # What nobody touched stays as it is, letter for letter.
        content["sides"] = base["sides"]
    touched = {*typed["commitment_ids"], *(base["commitment_ids"] if base else ())}
    yours: dict[str, Any] = {}
    made: list[Entry] = []
    overruled: tuple[str, ...] = ()
    try:
        yours = Dispute.parse(content).model_dump(mode="json")
        draft = Draft.add(Dispute.parse(content))
        if dispute_id:
            found = conflict.settled(told, Entity.DISPUTE, yours)
            if found is None:
                return None
            revised = Dispute.parse(found.content | {"because": typed["because"]})
            draft, overruled = Draft.revise(revised, found.version), found.overruled

        def save() -> None:
            made.extend(writing().append([draft], by=typed["by"], key=told.request(), merge=True))

        moves, failure = outcome.moving(told, save, touched)
    except StaleVersion as stale:
        if dispute_id is None:
            return told.fail(stale)
        return conflict.clash(told, Entity.DISPUTE, dispute_id, yours, stale)
    except TrackerError as error:
        return told.fail(error, to=field)
    kept = None
    if dispute_id and made:
        kept = (dispute_id, told.seen["version"], made[-1].version, overruled)
    st.session_state[SAVED] = (moves, failure, kept)
    access.remember(typed["by"])
    return _leave(told)
