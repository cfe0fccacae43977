"""Ask the data: one read-only statement in SQL, its answer as a table and as a file."""

import io
from functools import partial
from importlib.resources import files

import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st

from dashboard import components
from dashboard.session import con, t, tracker
from tracker import formats, queries, sql
from tracker.errors import QueryRefused

ROWS = 1000
examples = {
    f.name[:-4]: f for f in files("dashboard").joinpath("examples").iterdir() if f.name.endswith(".sql")
}


def show_example(name: str) -> None:
    """Put an example into the editor."""
    st.session_state["sql"] = examples[name].read_text(encoding="utf-8")


def as_parquet(table: pa.Table) -> bytes:
    """The bytes of a Parquet file."""
    file = io.BytesIO()
    pq.write_table(formats.distinct(table), file)
    return file.getvalue()


st.title(t("page.ask"))
st.html(f'<p class="lead">{t("ask.lead", rows=ROWS, seconds=int(sql.SECONDS))}</p>')
st.session_state.setdefault("sql", examples["counts_by_status"].read_text(encoding="utf-8"))
editor, schema = st.columns([5, 2], gap="large")
with editor:
    with st.container(horizontal=True):
        for name in sorted(examples):
            st.button(t(f"ask.example.{name}"), on_click=show_example, args=(name,), key=f"example-{name}")
    with st.form("ask", border=False):
        st.text_area("SQL", key="sql", height=190)
        asked = st.form_submit_button(t("ask.run"), type="primary", icon=":material/play_arrow:")
    if asked:
        try:
            st.session_state["answer"] = sql.run(tracker().store, st.session_state["sql"], limit=ROWS)
            st.session_state.pop("refused", None)
        except QueryRefused as error:
            st.session_state["refused"] = error
            st.session_state.pop("answer", None)
    if "refused" in st.session_state:
        refused = st.session_state["refused"]
        st.error(t(f"error.{refused.code}", **dict(refused.facts) | {"detail": ""}))
        if "detail" in refused.facts:
            st.code(str(refused.facts["detail"]), language=None)
    if "answer" in st.session_state:
        answer = st.session_state["answer"]
        told = t("ask.rows_of_more" if answer.truncated else "ask.rows", n=answer.table.num_rows)
        st.caption(f"{told} · {t('ask.took', seconds=f'{answer.seconds:.1f}')}")
        st.dataframe(formats.distinct(answer.table), hide_index=True, key="answer-table")
        with st.container(horizontal=True):
            # Functions: a file is made when somebody wants it, not whenever the page is drawn.
            st.download_button(
                t("ask.csv"),
                partial(formats.table_as_csv, answer.table),
                "answer.csv",
                "text/csv",
                on_click="ignore",
            )
            st.download_button(
                t("ask.parquet"), partial(as_parquet, answer.table), "answer.parquet", on_click="ignore"
            )
with schema:
    st.subheader(t("ask.tables"))
    for relation in queries.relations(con()):
        with st.expander(relation["name"], type="compact"):
            st.caption(components.md(relation["comment"]))
            for column in relation["columns"]:
                st.markdown(f"`{column['name']}` {components.md(column['comment'] or '')}")
