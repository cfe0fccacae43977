"""The pictures of the pages: each asks its question once, is drawn, said in words, and told as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import streamlit as st

from dashboard import charts, clocks, filters, i18n, kiosk, linked, telling, theme
from dashboard.kept import kept
from dashboard.markup import navigation
from dashboard.pictures import Drawn, caption, date, picture
from dashboard.session import at, con, ground, t, words
from tracker import provenance, tally, trends
from tracker.terms import Status

Row = Mapping[str, Any]

BY = "by"
"""The name in the address for what commitments are grouped by."""


def _columns(*names: str) -> list[str]:
    return [t(f"column.{name}") for name in names]


def _counts(rows: Sequence[Row]) -> tuple[list[Status], list[str]]:
    """The statuses that occur, and their columns."""
    found = [s for s in theme.ORDER if any(r.get(s) for r in rows)]
    return found, [t(f"status.{s}") for s in found]


def standing(done: int, total: int) -> None:
    """Where every commitment stands; `done` of `total` are kept."""
    alt = t("overview.standing_alt", n=done, total=total)

    def one_by_one() -> Drawn:
        rows = telling.rows(tally.standing(con(), at()))
        return Drawn(
            charts.standing(rows, words(), ground(), linked.commitment),
            alt,
            _columns("title", "stage", "since", "status", "schedule"),
            [
                (
                    r["title"],
                    t(f"stage.{r['stage']}"),
                    date(r["stage_since"]),
                    t(f"status.{r['status']}"),
                    t(f"schedule.{r['schedule']}"),
                )
                for r in rows
            ],
            [linked.commitment(r["id"]) for r in rows],
        )

    def together() -> Drawn:
        rows = tally.stage_counts(con(), at())
        return Drawn(
            charts.standing(rows, words(), ground()),
            alt,
            _columns("stage", "status", "n"),
            [(t(f"stage.{r['stage']}"), t(f"status.{r['status']}"), r["n"]) for r in rows],
            [linked.address("commitments", stage=r["stage"], status=r["status"]) for r in rows],
        )

    picture("standing", t("overview.standing"), one_by_one if total <= charts.MARKS else together)


def course() -> None:
    """How the statuses became what they are; every day leads to the overview as of that day."""

    def page(day: str) -> str:
        return linked.address(navigation.path("overview") or "./", as_of=day)

    def make() -> Drawn | None:
        rows = trends.course(con(), at())
        if len(rows) < 2:
            return None
        found, names = _counts(rows)
        ends = {
            "first": i18n.day(rows[0]["day"], words().language),
            "last": i18n.day(rows[-1]["day"], words().language),
        }
        return Drawn(
            charts.course(rows, words(), ground(), page),
            t("course.alt", **ends),
            [*_columns("day"), *names],
            [(date(r["day"].isoformat()), *(r.get(s, 0) for s in found)) for r in rows],
            [page(r["day"].isoformat()) for r in rows],
        )

    picture("course", t("course.title"), make)


def compare() -> None:
    """Statuses group beside group; what they are grouped by stands in the address."""
    codes: tuple[trends.Group, ...] = get_args(trends.Group)
    with st.container(horizontal=True, key="filters"):
        code = filters.one(BY, t("groups.choose"), codes, lambda choice: t(f"groups.by.{choice}"))
    by = next(choice for choice in codes if choice == code)

    def word(name: str) -> str:
        return t(f"kind.{name}") if by == "kind" else telling.name(name)

    def page(name: str, status: str | None) -> str:
        if by == "party":
            return linked.address("commitments", party=name)
        return linked.address("commitments", **({by: name} | ({"status": str(status)} if status else {})))

    rows = kept("groups", lambda: trends.groups(con(), by, at()), by)
    shown = kiosk.few(rows)

    def make() -> Drawn | None:
        if not shown:
            return None
        found, names = _counts(shown)
        return Drawn(
            charts.groups(shown, words(), ground(), word, page),
            t("groups.alt", n=len(shown), by=t(f"groups.by.{by}")),
            [t(f"groups.by.{by}"), *_columns("n"), *names],
            [(word(r["name"]), r["total"], *(r.get(s, 0) for s in found)) for r in shown],
            [page(r["name"], None) for r in shown],
        )

    picture(
        "groups", t("picture.of", thing=t("groups.title"), title=t(f"groups.by.{by}")), make, by, len(shown)
    )
    kiosk.more(len(rows) - len(shown))


def asked() -> str:
    """What the day asked for is called: today, unless another was chosen."""
    return t("plan.today") if clocks.day("as_of") is None else i18n.day(at().day, words().language)


def counted() -> str:
    """From which day days are counted; nothing where that is today."""
    return "" if clocks.day("as_of") is None else f" {t('picture.counted', day=asked())}"


def ahead(rows: Sequence[Row], until: dt.date) -> Drawn:
    """A line for each date around the day asked for."""
    return Drawn(
        charts.ahead(rows, at().day, until, asked(), words(), ground(), linked.commitment),
        t("next.picture_alt", n=len(rows), day=i18n.day(at().day, words().language)),
        _columns("title", "step", "due", "basis", "days"),
        [(r["title"], r["step"], date(r["due"]), t(f"basis.{r['basis']}"), r["days"]) for r in rows],
        [linked.commitment(r["id"]) for r in rows],
    )


def agenda(rows: Sequence[Row]) -> None:
    """The nearest dates that passed and that come, however far away, and how many more there are."""
    near = kiosk.fitting(rows)
    until = max(at().day + dt.timedelta(days=200), *(r["due_latest"] for r in near))
    picture("agenda", t("overview.agenda"), lambda: ahead(near, until), len(near))
    more = rows[0]["dates"] - len(near)
    if kiosk.seconds() is not None:
        kiosk.more(more)
    elif more:
        linked.note(t("overview.agenda_more", n=more), [(t("page.next"), linked.address("next"))])


def history(row: Row, events: Sequence[Row]) -> None:
    """The stages of one commitment over time. `events` are those that stand."""
    due = (row["due"], row["due_earliest"], row["due_latest"]) if row["due"] else None

    def make() -> Drawn:
        return Drawn(
            charts.history(row["kind"], events, due, at().day, words(), ground()),
            t("commitment.history_alt", n=len(events)),
            _columns("happened_on", "stage", "note", "recorded_by"),
            [(date(e["happened_on"]), t(f"stage.{e['stage']}"), e["note"], e["recorded_by"]) for e in events],
        )

    if not all(e["supported"] for e in events):
        caption(t("commitment.history_how"))
    picture("history", t("picture.of", thing=row["title"], title=t("commitment.history")), make, row["id"])


def plan(row: Row) -> None:
    """What was planned of one commitment beside what came; nothing where nothing was planned."""

    def make() -> Drawn | None:
        steps = telling.steps(trends.plan(con(), row["id"], at()))
        if not any(step["planned"] for step in steps):
            return None
        return Drawn(
            charts.plan(steps, at().day, asked(), words(), ground()),
            t("plan.alt", n=len(steps)),
            [t("column.step"), t("plan.planned"), t("column.basis"), t("plan.came"), t("column.slip")],
            [
                (
                    s["name"] or t("plan.own"),
                    date(s["planned"]),
                    t(f"basis.{s['basis']}") if s["basis"] else None,
                    date(s["came"]),
                    charts.slip(s, words()),
                )
                for s in steps
            ],
        )

    title = t("plan.title")
    picture("plan", t("picture.of", thing=row["title"], title=title), make, row["id"], heading=title)


def grades() -> None:
    """How good the evidence is."""

    def make() -> Drawn | None:
        rows = provenance.grade_matrix(con(), at())
        if not rows:
            return None
        items = sum(r["n"] for r in rows)
        good = sum(r["n"] for r in rows if r["reliability"] in "AB" and r["credibility"] <= 2)
        return Drawn(
            charts.grades(rows, words(), ground()),
            t("sources.grades_alt", n=items, good=good),
            _columns("reliability", "credibility", "n"),
            [(r["reliability"], r["credibility"], r["n"]) for r in rows],
        )

    picture("grades", t("sources.grades"), make)
