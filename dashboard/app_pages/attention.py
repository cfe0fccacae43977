"""Where is it worth looking next? Commitments by silence and by how near their date is."""

import streamlit as st

from dashboard import beginning, charts, components, i18n, linked, telling, theme
from dashboard.entry import drafts, look
from dashboard.linked import Cell
from dashboard.session import at, con, read_only, t, words
from tracker import agenda, queries
from tracker.errors import Refused, UnknownId
from tracker.terms import Schedule

SHOWN = 200


st.title(t("page.attention"))
quiet = telling.row(agenda.silence(con(), at()))
if not queries.count(con(), at()):
    beginning.hint()
    st.stop()
if not quiet["open"]:
    st.info(t("attention.none"))
    look.form()
    st.stop()
oldest = linked.anchor(quiet["title"], linked.address("commitment", id=quiet["id"]))
said = [
    t("attention.unlooked_all", n=quiet["open"])
    if quiet["unlooked"] == quiet["open"]
    else t("attention.unlooked", n=quiet["unlooked"], open=quiet["open"]),
    t("attention.unanswered", n=quiet["unanswered"]),
    t("attention.oldest", n=quiet["silent"], title=oldest),
]
st.html(f'<p class="lead linked">{" ".join(said)}</p>')
chosen = st.query_params.get("id")
try:
    if chosen is not None:
        queries.commitment(con(), chosen, at())
except Refused as error:
    chosen = None
    st.error(components.sentence(error))
    if isinstance(error, UnknownId):
        components.nearest(error.near)
look.form(chosen, opened=chosen is not None, leaving=("id",))

st.header(t("attention.list"))
st.markdown(t("attention.order"))
columns = ["title", "status", "schedule", "reaches", "checked", "silent", "days"]
rows: list[list[Cell | str]] = []
shown = telling.rows(agenda.needs_look(con(), at(), SHOWN))
for row in shown:
    mark = theme.SCHEDULE[Schedule(row["schedule"])]
    reaches, checked = (
        row[name] and i18n.day(row[name], words().language) for name in ("evidence_reaches", "last_checked")
    )
    line: list[Cell | str] = [
        Cell(row["title"], linked.address("commitment", id=row["id"])),
        Cell(t(f"status.{row['status']}"), look="short"),
        Cell(f"{mark.sign} {t('schedule.' + row['schedule'])}", look="short"),
        Cell(reaches or t("date.none"), look="short"),
        t("attention.checked", date=checked) if checked else "",
        Cell(i18n.number(row["silent"], words().language), look="number"),
        Cell("" if row["days"] is None else charts.distance(row, words()), look="short"),
    ]
    if not read_only():
        told = {"id": row["id"], drafts.WORD: drafts.of_session()}
        line.append(Cell(t("attention.look"), linked.address("attention", **told), look="short"))
    rows.append(line)
names = [t(f"attention.column.{c}") for c in columns]
linked.table(names if read_only() else [*names, ""], rows, numbers=(5,))
if quiet["open"] > SHOWN:
    st.caption(t("attention.more", n=quiet["open"] - SHOWN))
