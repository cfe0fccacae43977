"""What changed since my last visit? A sentence, the last year by month, and the log by day."""

import datetime as dt
from html import escape

import streamlit as st

from dashboard import charts, clocks, i18n, linked, period, pictures, telling
from dashboard.filters import choice, edtf, text
from dashboard.kept import kept
from dashboard.markup import leaves
from dashboard.markup import log as told
from dashboard.server import visits
from dashboard.session import at, con, ground, part, t, words
from tracker import log, queries

SHOWN = 100
BATCH = "batch"
KEPT = (period.NAME, period.SINCE, period.UNTIL, BATCH, "sort", "q", "by")
"""Words of the address that narrow the log."""


def day(moment: dt.date) -> str:
    """A day in the reader's language."""
    return i18n.day(moment, words().language)


def sentence(chosen: period.Period, found: str) -> str:
    """The answer: since when, and what; `found` is empty where it is nothing."""
    facts = {"told": found} if found else {}
    form = "always"
    if chosen.first is not None and chosen.last is not None:
        form = "between"
        facts |= {"first": day(chosen.first), "last": day(chosen.last)}
    elif chosen.first is not None:
        form = "visit" if chosen.code == period.VISIT else "since"
        facts["date"] = day(chosen.first)
    return t(f"changes.{form}" if found else f"changes.none_{form}", **facts)


def of_month(month: dt.date) -> str:
    """The address of the changes of a month."""
    return linked.address("changes", since=f"{month:%Y-%m}", until=f"{month:%Y-%m}")


def drawn() -> pictures.Drawn:
    """The last year by month and sort."""
    end = period.end().date()
    columns = charts.months(end.replace(year=end.year - 1, day=1), end)
    first = dt.datetime.combine(columns[0], dt.time.min)
    rows = log.by_month(con(), first, period.end(), at())
    return pictures.Drawn(
        charts.changes(rows, columns, words(), ground(), of_month),
        t("changes.picture_alt", n=sum(row["n"] for row in rows)),
        [t(f"column.{name}") for name in ("month", "sort", "n")],
        [
            (
                (i18n.month(r["month"], words().language), f"{r['month']:%Y-%m}"),
                t(f"changes.sorts.{r['sort']}"),
                r["n"],
            )
            for r in rows
        ],
        [of_month(r["month"]) for r in rows],
    )


def periods(chosen: period.Period) -> None:
    """The spans of time for which the log can be asked."""
    offered = [(t("changes.period_days", n=n), str(n)) for n in period.DAYS]
    if (visit := visits.last()) is not None and clocks.day("known_on") is None:
        offered.insert(0, (t("changes.period_visit", date=day(visit)), period.VISIT))
    offered.append((t("changes.period_all"), period.ALL))
    anew = {period.SINCE: None, period.UNTIL: None}
    linked.choices(
        t("changes.period"),
        [(name, linked.here("changes", **anew, period=code), code == chosen.code) for name, code in offered],
    )


def lines(wanted: log.Wanted, *, narrowed: bool) -> None:
    """A leaf of the log by day; `narrowed` is whether a search or a name keeps anything away."""
    length = kept("log-length", lambda: log.length(con(), at(), **wanted), *wanted.items())
    if not length:
        if narrowed:
            linked.note("", [(t("changes.clear"), linked.here("changes", q=None, by=None, sort=None))])
        return
    pages = -(-length // SHOWN)
    leaf = leaves.chosen(pages)
    st.caption(t("changes.utc"))
    st.html(
        kept(
            "log-lines",
            lambda: told.days(
                telling.log(log.lines(con(), at(), limit=SHOWN, offset=(leaf - 1) * SHOWN, **wanted))
            ),
            *wanted.items(),
            leaf,
        )
    )
    leaves.ways("changes", leaf, pages)


def shown() -> None:
    """What changed, the ways to narrow it, and the log; drawn anew alone when a filter changes."""
    chosen, batch = period.chosen(), linked.number(BATCH)
    with_it = log.entry(con(), batch, at()) if batch is not None else {}
    authors = kept("log-authors", lambda: log.authors(con(), at()))
    sort, by = (st.query_params.get(name) for name in ("sort", "by"))
    wanted: log.Wanted = {
        "first": None if with_it else chosen.first,
        "last": None if with_it else chosen.last,
        "batch": batch if with_it else None,
        "search": st.query_params.get("q") or None,
        "by": by if by in authors else None,
    }
    counts = kept("log-counts", lambda: log.counts(con(), at(), **wanted), *wanted.items())
    total = sum(counts.values())
    newest = queries.newest(con(), at())
    narrowed = wanted["search"] is not None or wanted["by"] is not None

    lead = told.batch(with_it, counts) if with_it else sentence(chosen, told.counted(counts))
    if narrowed and not total:
        lead = t("changes.narrowed")
    st.html(f'<p class="lead">{escape(lead)}</p>')
    if with_it:
        linked.note("", [(t("changes.back"), linked.address("changes"))])
    elif not total and not narrowed and newest:
        last = newest["recorded_at"].date()
        linked.note(
            t("changes.latest", date=day(last)),
            [(t("changes.show_latest"), linked.address("changes", since=last.isoformat()))],
        )
    elif visits.last() is None and not clocks.is_past() and not {*KEPT} & {*st.query_params}:
        st.caption(t("changes.first_visit"))
    if not newest:
        return

    if not with_it:
        st.header(t("changes.picture"))
        pictures.caption(t("changes.picture_how"), t("picture.opens_month"))
        pictures.picture("changes", t("changes.picture"), drawn, period.end().date())
        periods(chosen)
    if total:
        sorts = [(t("changes.sort_all", n=total), linked.here("changes", sort=None), sort not in counts)] + [
            (
                t("changes.sort_one", sort=t(f"changes.sorts.{s}"), n=counts[s]),
                linked.here("changes", sort=s),
                s == sort,
            )
            for s in log.SORTS
            if s in counts
        ]
        linked.choices(t("changes.sort"), sorts)
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        text("q", t("changes.search"))
        if not with_it:
            choice("by", t("changes.by"), authors, str)
            edtf(period.SINCE, t("changes.since_day"), t("changes.since_help"))

    wanted["sort"] = sort if sort in counts else None
    lines(wanted, narrowed=narrowed)


st.title(t("page.changes"))
part(shown)
