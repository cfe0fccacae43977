"""How good is the evidence, what can it prove, who disagrees, and every source with its grade."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import beginning, components, gallery, i18n, linked, telling
from dashboard.entry import adding, entering, quarrel, regrade, withdrawing
from dashboard.entry.sheets import SourceSheet, opener
from dashboard.entry.withdrawing import Thing
from dashboard.filters import choice, text
from dashboard.kept import kept
from dashboard.linked import Cell
from dashboard.markup import disagreement, marks
from dashboard.session import at, con, read_only, t, words
from tracker import proof, provenance, queries
from tracker.terms import Credibility, Entity, Reliability, SourceKind

PAGE = 50
GRADES = {
    "strong": (Reliability.A, Credibility.CONFIRMED),
    "fair": (Reliability.C, Credibility.CONFIRMED),
    "weak": (Reliability.D, Credibility.POSSIBLY_TRUE),
}
"""One pair of grades for each of the three cases that the rule tells apart."""
md = components.md


def show_all() -> None:
    """Leave one source or dispute for all of them."""
    for name in ("source", "regrade", "story", "dispute", "correct", "edit"):
        st.query_params.pop(name, None)


def described(source: Mapping[str, Any]) -> None:
    """One source: the document, who speaks in it, its grade and why, and whether it counts."""
    first = f"{marks.tag(source['reliability'], 'blue')} {linked.source(source)}"
    facts = [
        source["publisher"],
        i18n.date(source["published"], words()),
        t(f"source_kind.{source['kind']}"),
        i18n.language(source["language"], words().language),
        t("sources.cited_by", n=source["cited_by"]),
    ]
    lines = [" · ".join(facts)]
    if source["origin"] != source["publisher"]:
        lines.append(t("sources.origin", origin=source["origin"]))
    if source["speaks_for"]:
        parties = t("site.separator").join(map(telling.name, source["speaks_for"]))
        lines.append(t("sources.speaks_for", parties=parties))
    lines.append(source["reliability_reason"])
    if source["note"]:
        lines.append(source["note"])
    if source["withdrawn_at"]:
        when = i18n.day(source["withdrawn_at"].date(), words().language)
        by = t("sources.withdrawn_by", by=source["withdrawn_by"], date=when)
        why = linked.shown(f"{by} {source['withdrawn_because']}")
        first += f"<br>{marks.tag(t('sources.withdrawn'), 'red')} {why}"
    st.html(f"<p>{'<br>'.join([first, *map(linked.shown, lines)])}</p>")


def used(source: Mapping[str, Any]) -> None:
    """The forms for one source, the events it bears on, and the disputes it takes part in."""
    if st.query_params.get("edit") == source["id"] and not read_only():
        entering.form(SourceSheet(source["id"]), ("edit",))
    else:
        regrade.form(source)
        if not read_only():
            told = {"source": source["id"], "edit": source["id"]}
            linked.note("", [linked.opener(t("enter.source.revise"), "sources", **told)])
    citing = provenance.citing(con(), source["id"], at())
    if citing:
        linked.table(
            [t(f"column.{c}") for c in ("title", "happened_on", "stage")]
            + [t("sources.bears"), t("sources.proves")],
            [
                (
                    Cell(row["title"], linked.address("commitment", id=row["id"])),
                    Cell(i18n.date(row["happened_on"], words()), look="short"),
                    t(f"stage.{row['stage']}"),
                    Cell(
                        f"{t('bearing.' + row['bearing'])}, {source['reliability']}{row['credibility']}",
                        look="short",
                    ),
                    t(f"weight.{row['proves']}") if row["proves"] else "–",
                )
                for row in telling.rows(citing)
            ],
        )
    else:
        st.caption(t("sources.unused"))
    quarrels = telling.disputes(provenance.disputes(con(), at=at(), source_id=source["id"]))
    if quarrels:
        st.markdown(f"**{t('sources.in_disputes')}**")
        for row in quarrels:
            claim = linked.anchor(row["claim"], linked.address("sources", story=row["id"]))
            st.html(
                f'<p class="linked">{disagreement.state(row)} {claim}</p>'
                f'<p class="note">{disagreement.holding(row)}</p>'
            )


def thing(dispute: Mapping[str, Any]) -> Thing:
    """A dispute as something that can be withdrawn or brought back."""
    gone = dispute["withdrawn_at"] is not None
    touched = tuple(dispute["commitment_ids"])
    return Thing(Entity.DISPUTE, dispute["id"], dispute["version"], gone, touched)


def told(dispute: Mapping[str, Any]) -> None:
    """One dispute as a story, with what can be done about it."""
    with st.container(border=True, key=f"dispute-{dispute['id']}"):
        st.html(disagreement.whole(dispute))
        with st.container(horizontal=True):
            if not dispute["withdrawn_at"]:
                quarrel.reopen(dispute)
            withdrawing.opener(thing(dispute))
        withdrawing.form(thing(dispute))


def folds(settled: Sequence[Mapping[str, Any]]) -> str:
    """Disputes behind their claims, each with the way to its own page, where it can be changed."""
    return "".join(
        disagreement.folded(d, disagreement.named(d), links=True, more=quarrel.way(d)) for d in settled
    )


st.title(t("page.sources"))
entering.said(adding.sheet_of)
if "source" in st.query_params:
    st.button(t("sources.back"), icon=":material/arrow_back:", on_click=show_all, type="tertiary")
    wanted = st.query_params["source"]
    one = provenance.sources(con(), source_id=wanted, at=at())
    if not one:
        st.info(t("sources.unknown", id=md(wanted)))
    for source in one:
        described(source)
        used(source)
    st.stop()
if "story" in st.query_params:
    st.button(t("sources.back"), icon=":material/arrow_back:", on_click=show_all, type="tertiary")
    wanted = st.query_params["story"]
    dispute = telling.row(provenance.dispute(con(), wanted, at()), entity=Entity.DISPUTE)
    if not dispute:
        st.info(t("sources.no_dispute", id=md(wanted)))
        st.stop()
    withdrawing.said(Entity.DISPUTE)
    quarrel.form([dispute], new=False)
    told(dispute)
    st.stop()

matrix = provenance.grade_matrix(con(), at())
if not queries.count(con(), at()):
    beginning.hint()
items = sum(r["n"] for r in matrix)
good = sum(r["n"] for r in matrix if r["reliability"] in "AB" and r["credibility"] <= 2)
disputes = telling.disputes(provenance.disputes(con(), at=at()))
lead = (
    t("sources.lead", n=items, good=good),
    t("sources.disagree", n=len(disputes), open=sum(not d["settled"] for d in disputes)),
)
st.html(f'<p class="lead">{" ".join(lead)}</p>')

st.header(t("sources.grades"))
left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
with left:
    if matrix:
        gallery.grades()
with right:
    st.caption("  \n".join(f"**{r}** {t(f'reliability.{r}')}" for r in Reliability))
    st.caption("  \n".join(f"**{c.value}** {t(f'credibility.{c.value}')}" for c in Credibility))

st.header(t("sources.ceiling"))
st.markdown(t("sources.ceiling_how"))
linked.table(
    [t("column.kind"), *(t(f"sources.grade.{case}") for case in GRADES)],
    [
        (
            t(f"source_kind.{kind}"),
            *(t(f"weight.{proof.ceiling(kind, *grades).name.lower()}") for grades in GRADES.values()),
        )
        for kind in SourceKind
    ],
)

st.header(t("sources.disputes"))
gone = telling.disputes(provenance.disputes(con(), at=at(), withdrawn=True))
# Somebody else may have withdrawn the one that a form is open on; the form says so.
quarrel.form([*disputes, *gone])
withdrawing.said(Entity.DISPUTE)
for dispute in [*disputes, *gone]:
    is_open = not (dispute["settled"] or dispute["withdrawn_at"])
    if is_open or withdrawing.asked(thing(dispute)):
        told(dispute)
if settled := [d for d in disputes if d["settled"] and not withdrawing.asked(thing(d))]:
    st.html(kept("settled", lambda: folds(settled), read_only(), *(d["id"] for d in settled)))
if gone:
    label = t("sources.withdrawn_disputes", n=len(gone))
    body = st.expander(label, key="withdrawn-disputes", type="compact", on_change="rerun")
    if body.open:
        with body:
            for dispute in gone:
                links = [(dispute["claim"], linked.address("sources", story=dispute["id"]))]
                linked.line(t("sources.withdrawn"), links)

st.header(t("sources.all"))
if not read_only():
    linked.note("", [opener(t("enter.source.title"), Entity.SOURCE)])
with st.container(horizontal=True, key="filters"):
    search = text("q", t("filter.search"))
    grade = choice(
        "grade", t("column.reliability"), list(Reliability), lambda v: f"{v} – {t(f'reliability.{v}')}"
    )
    kind = choice("kind", t("column.kind"), list(SourceKind), lambda v: t(f"source_kind.{v}"))
found = provenance.sources(con(), search=search, reliability=grade, kind=kind, at=at())
st.write(t("sources.count", n=len(found)))
shown = found
if len(found) > PAGE:
    number = st.pagination(-(-len(found) // PAGE), key="page")
    shown = found[(number - 1) * PAGE : number * PAGE]
for source in shown:
    with st.container(key=f"row-source-{source['id']}", gap="xsmall"):
        described(source)
        label = t("sources.used")
        body = st.expander(label, key=f"used-{source['id']}", type="compact", on_change="rerun")
        if body.open:
            with body:
                used(source)
