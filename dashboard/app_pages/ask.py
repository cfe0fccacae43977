"""Ask the data: one read-only statement in SQL, its answer as a table, a chart and a file."""

from importlib.resources import files

import streamlit as st

from dashboard import i18n
from dashboard.query import answered, asking, dictionary
from dashboard.session import t, words
from tracker import config

EXAMPLES = {
    f.name[:-4]: f.read_text(encoding="utf-8")
    for f in files("dashboard").joinpath("examples").iterdir()
    if f.name.endswith(".sql")
}

st.title(t("page.ask"))
limits = {"rows": i18n.number(asking.ROWS, words().language), "seconds": f"{config.sql_seconds():g}"}
st.html(f'<p class="lead">{t("ask.lead", **limits)}</p>')
asking.begin(EXAMPLES["counts_by_status"])
editor, tables = st.columns([5, 2], gap="large")
with tables:
    dictionary.show()
with editor:
    with st.container(horizontal=True, gap="xsmall", key="examples"):
        for name in sorted(EXAMPLES):
            text = EXAMPLES[name]
            st.button(t(f"ask.example.{name}"), on_click=asking.put, args=(text,), key=f"example-{name}")
    # What is typed is sent with the next click, whatever that click is.
    st.text_area("SQL", key=asking.EDITOR, height=220, on_change="ignore", persist_state="session")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("ask.run"),
            type="primary",
            icon=":material/play_arrow:",
            shortcut="Mod+Enter",
            on_click=asking.ask,
            key="ask-run",
        )
        if asking.replaced() is not None:
            st.button(t("ask.bring_back"), on_click=asking.bring_back, type="tertiary", key="ask-back")
    question = asking.asked()
    if question is not None and question.pending:
        question = asking.run(question)
    if question is not None:
        asking.told(question)
    if question is not None and question.answer is not None:
        answered.show(question, question.answer)
