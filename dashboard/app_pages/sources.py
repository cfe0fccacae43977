"""How good is the evidence, who disagrees, and every source with its grade."""

import streamlit as st

from dashboard import charts, components, i18n
from dashboard.filters import choice, text
from dashboard.session import con, ground, t, words
from tracker import provenance
from tracker.terms import Credibility, Reliability, SourceKind

st.title(t("page.sources"))
matrix = provenance.grade_matrix(con())
items = sum(r["n"] for r in matrix)
good = sum(r["n"] for r in matrix if r["reliability"] in "AB" and r["credibility"] <= 2)
disputes = provenance.disputes(con())
lead = t("sources.lead", n=items, good=good, disputes=len(disputes))
st.html(f'<p class="lead">{lead}</p>')

st.header(t("sources.grades"))
left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
with left:
    if matrix:
        components.chart(
            charts.grades(matrix, words(), ground()), t("sources.grades_alt", n=items, good=good), "grades"
        )
        components.twin(matrix, ("reliability", "credibility", "n"), "grades")
with right:
    st.caption("  \n".join(f"**{r}** {t(f'reliability.{r}')}" for r in Reliability))
    st.caption("  \n".join(f"**{c.value}** {t(f'credibility.{c.value}')}" for c in Credibility))

st.header(t("sources.disputes"))
for dispute in disputes:
    components.dispute(con(), dispute, links=True)

st.header(t("sources.all"))
with st.container(horizontal=True, key="filters"):
    search = text("q", t("filter.search"))
    grade = choice(
        "grade", t("column.reliability"), list(Reliability), lambda v: f"{v} – {t(f'reliability.{v}')}"
    )
    kind = choice("kind", t("column.kind"), list(SourceKind), lambda v: t(f"source_kind.{v}"))
found = provenance.sources(con(), search=search, reliability=grade, kind=kind)
st.write(t("sources.count", n=len(found)))
for source in found[:200]:
    with st.container(key=f"row-source-{source['id']}"):
        note = f"  \n{components.md(source['note'])}" if source["note"] else ""
        st.markdown(
            f":blue-badge[{source['reliability']}] {components.link(source['title'], source['url'])}  \n"
            f"{components.md(source['publisher'])} · {i18n.date(source['published'], words())} · "
            f"{t('source_kind.' + source['kind'])} · {source['language']} · "
            f"{t('sources.cited_by', n=source['cited_by'])}  \n"
            f"{components.md(source['reliability_reason'])}{note}"
        )
if len(found) > 200:
    st.caption(t("sources.more", n=len(found) - 200))
