"""What is late, what is next? A sentence, a line of dates, and the agenda by month."""

import datetime as dt
from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import charts, gallery, i18n, kiosk, linked, pictures, telling
from dashboard.filters import choice
from dashboard.kept import kept
from dashboard.markup import diary
from dashboard.pictures import Drawn
from dashboard.session import at, con, ground, part, t, words
from tracker import agenda, dates, queries, tally

HORIZONS = (3, 6, 12, 24)
USUAL = 12
"""Months ahead that are shown where the address names none."""
LINES = 40
"""Dates up to which each is drawn as a line of its own."""
SHOWN = 100
"""Dates that are listed of those that passed, and of those to come."""


def horizon() -> int:
    """The months ahead that the address names."""
    told = st.query_params.get("months", "")
    return int(told) if told in map(str, HORIZONS) else USUAL


def sentence(found: queries.Row, rows: list[queries.Row], months: int) -> str:
    """The answer: what is late, what cannot be said, what comes first, and how much has no date."""
    told = [t("next.late", n=found["late"])]
    if found["lapsed"]:
        told.append(t("next.lapsed", n=found["lapsed"]))
    if found["unknown"]:
        told += [t("next.unknown", n=found["unknown"]), t("next.steps", n=found["unknown_steps"])]
    told += [t("next.coming", n=found["coming"], months=months), t("next.steps", n=found["coming_steps"])]
    first = next((row for row in rows if row["days"] >= 0), None)
    if first is not None:
        name: str = linked.anchor(first["title"], linked.commitment(first["id"]))
        name = i18n.labelled(name, escape(first["step"]), words()) if first["step"] else name
        told.append(t("next.first", title=name, date=escape(i18n.date(first["due"], words()))))
    if found["open"]:
        told.append(t("next.undated", n=found["undated"], open=found["open"]))
    return " ".join(told)


def picture(rows: Sequence[queries.Row], total: int, until: dt.date, wanted: agenda.Awaited) -> None:
    """Every date as a line, or where they are many, how many fall in each month."""
    day, few = at().day, total <= LINES
    near = kiosk.fitting(rows) if few else rows

    def by_month() -> Drawn:
        first = day - (until - day)
        pace = agenda.by_month(con(), first, until, at(), **wanted)
        return Drawn(
            charts.pace(pace, charts.months(first, until), words(), ground()),
            t("next.picture_alt", n=total, day=i18n.day(day, words().language)),
            [t("column.month"), t("column.schedule"), t("column.n")],
            [
                (
                    (i18n.month(r["month"], words().language), f"{r['month']:%Y-%m}"),
                    t(f"schedule.{r['schedule']}"),
                    r["n"],
                )
                for r in pace
            ],
        )

    st.header(t("next.picture"))
    if few:
        pictures.caption(t("next.picture_how") + gallery.counted(), t("picture.opens"))
    else:
        pictures.caption(t("next.picture_months"))
    make = (lambda: gallery.ahead(near, until)) if few else by_month
    pictures.picture("next", t("next.picture"), make, len(near), until, *wanted.items())
    kiosk.more(len(rows) - len(near))


def shown() -> None:
    """What is awaited, the ways to narrow it, and the lists; drawn anew alone when a filter changes."""
    months = horizon()
    until = dates.after(at().day, f"P{months}M")
    facets = kept("facets", lambda: tally.facets(con(), at()))
    parties = kept("parties", lambda: agenda.parties(con(), at()))
    offered = {"kind": facets["kind"], "pillar": facets["pillar"], "party": parties}
    wanted: agenda.Awaited = {}
    for name, codes in offered.items():
        code = st.query_params.get(name)
        wanted[name] = code if code in codes else None  # type: ignore[literal-required]
    asked = (until, *wanted.items())
    found = kept("outlook", lambda: agenda.outlook(con(), until, at(), **wanted), *asked)
    rows = kept(
        "ahead", lambda: telling.rows(agenda.ahead(con(), until, at(), limit=SHOWN, **wanted)), *asked
    )
    if not found["open"] and not any(wanted.values()):
        st.info(t("next.empty"))
        return
    st.html(f'<p class="lead linked">{sentence(found, rows, months)}</p>')
    total = sum(found[name] for name in ("late", "lapsed", "unknown", "coming"))
    if rows:
        picture(rows, total, until, wanted)
    linked.choices(
        t("next.horizon"),
        [(t("next.months", n=n), linked.here("next", months=str(n)), n == months) for n in HORIZONS],
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        choice("kind", t("column.kind"), offered["kind"], lambda v: t(f"kind.{v}"))
        choice("pillar", t("column.pillar"), offered["pillar"], telling.name)
        choice("party", t("next.party"), offered["party"], telling.name)

    gone, ahead = [row for row in rows if row["days"] < 0], [row for row in rows if row["days"] >= 0]
    if gone:
        st.header(t("next.passed"))
        if found["unknown"]:
            st.caption(t("next.passed_how"))
        st.html(diary.passed(gone))
    st.header(t("next.agenda"))
    if ahead:
        st.html(diary.coming(ahead))
    else:
        st.info(t("next.none", n=months))
    if total > len(rows):
        st.caption(t("next.hidden", n=total - len(rows)))
    if found["beyond"]:
        st.caption(t("next.beyond", n=found["beyond"]))


st.title(t("page.next"))
part(shown)
