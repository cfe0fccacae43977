"""What the page shows of an answer: how much and how fast, as a table, as a chart, as files."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import access, components, i18n, pictures
from dashboard.access import Action
from dashboard.query import asking, quickchart, results
from dashboard.query.quickchart import Choice, Form
from dashboard.session import ground, t, tracker, words
from tracker import config, formats, sql
from tracker.sandbox import Tick

CHART = "quick"


def show(question: asking.Question, answer: sql.Answer) -> None:
    """The answer to a question."""
    st.caption(f"{_size(answer)} · {_took(answer.seconds)}")
    seen = results.shown(answer.table)
    table, chart = st.tabs([t("ask.as_table"), t("ask.as_chart")], key="ask-tabs", on_change="rerun")
    with table:
        if answer.table.num_rows:
            st.dataframe(seen.table, hide_index=True, key="answer-table")
        else:
            st.info(t("ask.no_rows", columns=components.md(", ".join(seen.table.column_names))))
        if seen.left:
            st.caption(t("ask.columns_left", n=seen.left, shown=results.WIDEST))
        if seen.cut:
            st.caption(t("ask.cut", n=results.LONGEST))
    if chart.open:
        with chart:
            _chart(seen.table, answer)
    _files(question, answer)


def _size(answer: sql.Answer) -> str:
    n = answer.table.num_rows
    if not answer.truncated:
        return t("ask.rows", n=n)
    if answer.total is None:
        return t("ask.rows_of_more", n=n, shown=_number(n))
    return t("ask.rows_of", shown=_number(n), total=_number(answer.total))


def _number(n: int) -> str:
    return i18n.number(n, words().language)


def _took(seconds: float) -> str:
    return (
        t("ask.took", seconds=f"{seconds:.1f}")
        if seconds >= 1
        else t("ask.took_ms", ms=round(seconds * 1000))
    )


# As a chart


def _chart(table: pa.Table, answer: sql.Answer) -> None:
    """A chart with a choice of what it shows; the table beside it says the same."""
    kinds = {field.name: results.kind(field.type) for field in table.schema}
    columns = table.to_pydict()
    suggested = quickchart.suggestion(kinds, columns)
    if suggested is None:
        st.caption(t("ask.no_chart"))
        return
    choice = _choice(
        suggested, list(kinds), [n for n, k in kinds.items() if k == "number"], quickchart.colourable(columns)
    )
    counted = t("ask.chart.count")
    drawn, left = quickchart.drawn(kinds, columns, choice, counted, ground())
    facts = {"form": t(f"ask.chart.form.{choice.form}"), "x": choice.x, "y": choice.y or counted}
    said = t("ask.chart.alt", **facts)
    pictures.draw(CHART, said, pictures.Drawn(drawn, said))
    if left:
        st.caption(t("ask.chart.left", n=left, shown=quickchart.BARS))
    if answer.truncated:
        st.caption(t("ask.chart.of_shown", shown=_number(answer.table.num_rows)))


def _choice(suggested: Choice, columns: list[str], numbers: list[str], colours: list[str]) -> Choice:
    """What the reader chose to draw, among what there is."""
    # Other columns are another choice.
    key = f"{CHART}-{hash(tuple(columns))}"
    with st.container(horizontal=True):
        form = st.selectbox(
            t("ask.chart.form_label"),
            list(Form),
            index=list(Form).index(suggested.form),
            format_func=lambda f: t(f"ask.chart.form.{f}"),
            key=f"{key}-form",
            width=110,
        )
        x = st.selectbox(
            t("ask.chart.x"), columns, index=columns.index(suggested.x), key=f"{key}-x", width=165
        )
        values: list[str | None] = [*numbers, None]
        y = st.selectbox(
            t("ask.chart.y"),
            values,
            index=values.index(suggested.y),
            format_func=lambda c: t("ask.chart.count") if c is None else c,
            key=f"{key}-y",
            width=150,
        )
        groups: list[str | None] = [None, *colours]
        colour = st.selectbox(
            t("ask.chart.colour"),
            groups,
            index=groups.index(suggested.colour),
            format_func=lambda c: t("ask.chart.none") if c is None else c,
            key=f"{key}-colour",
            width=150,
        )
    return Choice(form or suggested.form, x or suggested.x, y, colour)


# As files


def _files(question: asking.Question, answer: sql.Answer) -> None:
    """The whole answer as files, made when somebody wants them."""
    whole: Callable[[], pa.Table] = lambda: answer.table  # noqa: E731
    if answer.truncated:
        whole = partial(_whole, question.text, _leaving())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            t("ask.csv"),
            lambda: formats.table_as_csv(whole()),
            "answer.csv",
            "text/csv",
            help=t("ask.csv_help"),
            on_click="ignore",
            icon=":material/download:",
        )
        if answer.total is not None and formats.fits_workbook(answer.total, answer.table.num_columns):
            st.download_button(
                t("ask.xlsx"),
                lambda: formats.table_as_xlsx(whole()),
                "answer.xlsx",
                formats.XLSX,
                on_click="ignore",
                icon=":material/download:",
            )
        st.download_button(
            t("ask.parquet"),
            lambda: _parquet(whole()),
            "answer.parquet",
            "application/vnd.apache.parquet",
            on_click="ignore",
            icon=":material/download:",
        )
        if answer.truncated and answer.total is None:
            st.caption(t("ask.file_most", n=_number(asking.FILE_ROWS)), width="content")
        else:
            n = answer.total or 0
            st.caption(t("ask.file_all", n=n, rows=_number(n)), width="content")


def _whole(text: str, tick: Tick) -> pa.Table:
    """The rows of a file: the query runs again, for the page has kept only the first."""
    access.require(Action.READ)
    store, seconds = tracker().store, config.sql_seconds()
    return sql.run(store, text, limit=asking.FILE_ROWS, seconds=seconds, tick=tick).table


def _leaving() -> Tick:
    """Ends the making of a file whose reader has left."""
    context = get_script_run_ctx()

    def tick(elapsed: float) -> None:
        if context is None or not runtime.exists():
            return
        if not runtime.get_instance().is_active_session(context.session_id):
            raise ConnectionAbortedError

    return tick


def _parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(formats.distinct(table), file)
    return file.getvalue()
