"""Commitments, changes and disputes as lists of links: each list is one piece of HTML.

A widget or a text of Streamlit for every line would take most of the time of a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dashboard import i18n, linked, telling, theme
from dashboard.markup import marks
from dashboard.session import at, con, t, words
from tracker import provenance, queries
from tracker.terms import Schedule

Rows = Sequence[Mapping[str, Any]]
_DISPUTES = 6


def tiles(counts: Mapping[str, int]) -> str:
    """How many commitments there are of each status; every number leads to them."""
    number = {status: i18n.number(counts.get(status, 0), words().language) for status in theme.ORDER}
    return "<ul class='tiles'>{}</ul>".format(
        "".join(
            f'<li><a href="{escape(linked.address("commitments", status=status.value))}">'
            f'{marks.status(status)}<span class="n">{number[status]}</span>'
            "</a></li>"
            for status in theme.ORDER
        )
    )


def commitments(rows: Rows) -> str:
    """Commitments, each with its status, stage, since when, schedule, claim and dispute."""
    rows = telling.rows(rows)
    ids = [row["id"] for row in rows]
    claims = queries.claims(con(), ids, at())
    contested = provenance.contested(con(), ids, at())
    lines = ((_name(row["id"], row["title"]), _facts(row, claims, contested)) for row in rows)
    return _list(lines, "rows aligned")


def table(rows: Rows) -> str:
    """The same as a table, with everything in a column of its own."""
    rows = telling.rows(rows)
    claims = queries.claims(con(), [row["id"] for row in rows], at())
    columns = ("title", "id", "status", "stage", "claimed", "since", "schedule", "due", "confidence")
    cells = linked.tabled(
        [t(f"column.{column}") for column in columns],
        [
            (
                linked.Cell(row["title"], linked.commitment(row["id"])),
                row["id"],
                linked.Cell(marks.status(row["status"]), look="short"),
                linked.Cell(t(f"stage.{row['stage']}"), look="phrase"),
                t(f"stage.{claims[row['id']]}") if row["id"] in claims else "",
                _date(row["stage_since"]),
                linked.Cell(t(f"schedule.{row['schedule']}"), look="phrase"),
                _date(row["due"]),
                t(f"confidence.{row['confidence']}"),
            )
            for row in rows
        ],
    )
    return cells


def _date(text: str | None) -> linked.Cell:
    """A date on one line, unless it is the time between two."""
    told = i18n.date(text, words()) if text else ""
    return linked.Cell(told, look="phrase" if text and "/" in text else "short")


def _facts(row: Mapping[str, Any], claims: Mapping[str, str], contested: set[str]) -> str:
    reached = [t(f"stage.{row['stage']}")] if row["stage"] != row["status"] else []
    if row["stage_since"]:
        reached.append(i18n.since(row["stage_since"], words()))
    said: list[str] = []
    if row["schedule"] not in (Schedule.NO_DATE, Schedule.MET):
        said.append(marks.schedule(row["schedule"]))
    if row["id"] in claims:
        said.append(marks.claimed(claims[row["id"]]))
    if row["id"] in contested:
        said.append(marks.tag(f"≠ {t('row.contested')}", "orange"))
    elif row["disputed"]:
        said.append(marks.tag(f"≠ {t('row.settled')}", "gray"))
    columns = (marks.status(row["status"]), escape(" · ".join(reached)), " ".join(said))
    return " ".join(f"<span>{column}</span>" for column in columns)


def changes(rows: Rows) -> str:
    """Changes of stage, each with when it happened and from where to where."""
    told = telling.rows(rows)
    found = _list(((_name(row["id"], row["title"]), _moved(row)) for row in told), "rows stacked")
    return found or f"<p>{escape(t('overview.changes_none'))}</p>"


def _moved(row: Mapping[str, Any]) -> str:
    after = f"<b>{escape(t('stage.' + row['stage']))}</b>"
    if not row["supported"]:
        after = marks.claimed(row["stage"])
    elif row["stage_before"]:
        after = f"{escape(t('stage.' + row['stage_before']))} → {after}"
    return f"{escape(i18n.date(row['happened_on'], words()))} · {after}"


def disagreements(rows: Rows) -> str:
    """How many disputes are about a commitment, the first of them by their claims, and the way to all."""
    found = [row for row in rows if row["commitment_ids"]]
    told = t("overview.disputes_count", n=len(found), open=sum(not row["settled"] for row in found))
    lines = ((_name(row["commitment_ids"][0], row["claim"]), _held(row)) for row in found[:_DISPUTES])
    all_of_them = linked.anchor(t("overview.disputes_all", n=len(rows)), linked.address("sources"))
    lines_of_them = _list(lines, "rows stacked")
    return f"<p>{escape(told)}</p>{lines_of_them}<p class='linked note ways'>{all_of_them}</p>"


def _held(row: Mapping[str, Any]) -> str:
    told = "" if row["settled"] else marks.tag(t("dispute.open"), "orange") + " "
    if row["holds"]:
        label = t("dispute.holds" if row["settled"] else "dispute.held")
        told += f"<b>{escape(label)}</b> {escape(row['holds'])}"
    return told


def _name(commitment_id: str, title: str) -> str:
    return linked.anchor(title, linked.commitment(commitment_id))


def _list(lines: Any, look: str) -> str:
    body = "".join(f'<li>{name} <span class="facts">{facts}</span></li>' for name, facts in lines)
    return f'<ul class="{look}">{body}</ul>' if body else ""
