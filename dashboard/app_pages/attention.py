"""Where is it worth looking next? Commitments by silence and by how near their date is."""

import streamlit as st

from dashboard import components, i18n, linked, look, theme
from dashboard.linked import Cell
from dashboard.session import at, con, read_only, t, words
from tracker import agenda
from tracker.terms import Schedule

SHOWN = 200

st.title(t("page.attention"))
quiet = agenda.silence(con(), at())
if not quiet["open"]:
    st.info(t("attention.none"))
    st.stop()
st.html(
    '<p class="lead">{}</p>'.format(
        " ".join(
            [
                t("attention.unlooked", n=quiet["unlooked"], open=quiet["open"]),
                t("attention.unanswered", n=quiet["unanswered"]),
                t("attention.oldest", n=quiet["silent"]),
            ]
        )
    )
)
components.commitment_link(quiet["id"], quiet["title"])
chosen = st.query_params.get("id")
look.form(chosen, opened=chosen is not None, leaving=("id",))

st.header(t("attention.list"))
st.markdown(t("attention.order"))
columns = ["title", "status", "schedule", "reaches", "checked", "silent", "days"]
rows: list[list[Cell | str]] = []
for row in agenda.needs_look(con(), at(), SHOWN):
    mark = theme.SCHEDULE[Schedule(row["schedule"])]
    days = row["days"]
    line: list[Cell | str] = [
        Cell(row["title"], linked.address("commitment", id=row["id"])),
        t(f"status.{row['status']}"),
        f"{mark.sign} {t('schedule.' + row['schedule'])}",
        i18n.day(row["evidence_reaches"], words().language) if row["evidence_reaches"] else t("date.none"),
        Cell(t("attention.never"), quiet=True)
        if row["last_checked"] is None
        else t("attention.checked", date=i18n.day(row["last_checked"], words().language)),
        Cell(t("attention.days", n=row["silent"]), number=True),
        Cell(
            "" if days is None else t("attention.ago" if days < 0 else "attention.ahead", n=abs(days)),
            number=True,
        ),
    ]
    if not read_only():
        line.append(Cell(t("attention.look"), linked.address("attention", id=row["id"])))
    rows.append(line)
names = [t(f"attention.column.{c}") for c in columns]
linked.table(names if read_only() else [*names, ""], rows, numbers=(5, 6))
if quiet["open"] > SHOWN:
    st.caption(t("attention.more", n=quiet["open"] - SHOWN))
