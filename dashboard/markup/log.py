"""The log of changes as HTML: by day, each line with what it is, what it did, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from dashboard import i18n, linked, telling, theme, wording
from dashboard.clocks import is_past
from dashboard.kept import kept
from dashboard.markup import marks
from dashboard.server import visits
from dashboard.session import at, con, t, words
from tracker import log
from tracker.terms import Entity, EntryKind

TOUCHED = 5
"""Commitments that a line names; the rest are counted."""

_DATES = ("due", "dated", "published", "checked_on", "as_of")

Line = Mapping[str, Any]


def counted(sorts: Mapping[str, int]) -> str:
    """How many of each sort, as words in a row."""
    told = [t(f"changes.count.{sort}", n=sorts[sort]) for sort in log.SORTS if sorts.get(sort)]
    return i18n.listed(told, words().language)


def since_visit() -> str:
    """What changed since the reader's last visit, and the way to it; nothing where there was none."""
    visit = None if is_past() else visits.last()
    if visit is None:
        return ""
    found = kept("log-since", lambda: log.counts(con(), at(), first=visit), visit)
    facts = {"date": i18n.day(visit, words().language)}
    said = t("changes.visit", told=counted(found), **facts) if found else t("changes.none_visit", **facts)
    way = linked.anchor(t("changes.see" if found else "changes.see_all"), linked.address("changes"))
    return f"<p>{escape(said)} {way}</p>"


def batch(entry: Line, sorts: Mapping[str, int]) -> str:
    """What was recorded together with an entry."""
    when = i18n.moment(entry["recorded_at"], words().language)
    return t("changes.batch", by=entry["actor"], told=counted(sorts), when=when)


def days(lines: Sequence[Line]) -> str:
    """Lines under the days on which they were recorded."""
    parts = []
    for day, found in groupby(lines, key=lambda line: line["recorded_at"].date()):
        items = "".join(_item(line) for line in found)
        parts.append(f'<h2 class="day">{i18n.day(day, words().language)}</h2><ol class="log">{items}</ol>')
    return "".join(parts)


def _item(line: Line) -> str:
    sort = line["sort"] if line["n"] is None else "together"
    mark = theme.CHANGE[sort]
    moment: dt.datetime = line["recorded_at"]
    tag = marks.tag(f"{mark.sign} {t(f'changes.sorts.{sort}')}", mark.badge)
    body = _bulk(line) if line["n"] is not None else _single(line)
    when = t("changes.at", time=f"{moment:%H:%M}")
    who = t("changes.who", by=line["actor"])
    foot = f'<p class="quiet"><time datetime="{moment:%Y-%m-%dT%H:%M:%SZ}">{when}</time> · {escape(who)}</p>'
    return f"<li><div>{tag}</div><div>{body}{foot}</div></li>"


def _bulk(line: Line) -> str:
    """Many entries as one line, whose numbers lead to them."""
    batch = str(line["seq"])
    whole = linked.anchor(t("changes.together", n=line["n"]), linked.address("changes", batch=batch))
    each = [
        linked.anchor(
            t(f"changes.count.{sort}", n=line["sorts"][sort]),
            linked.address("changes", batch=batch, sort=sort),
        )
        for sort in log.SORTS
        if line["sorts"].get(sort)
    ]
    return f"<p><b>{whole}</b></p><p>{' · '.join(each)}</p>"


def _single(line: Line) -> str:
    parts = [f"<p><b>{_about(line)}</b></p>"]
    if line["entity"] == Entity.COMMITMENT and line["kind"] not in (EntryKind.ADD, EntryKind.REVISE):
        parts += _event(line)
    elif line["kind"] == EntryKind.REVISE:
        parts += _revision(line)
    elif line["kind"] in (EntryKind.WITHDRAW, EntryKind.RESTORE):
        parts.append(_p(t("changes.withdrawn" if line["kind"] == EntryKind.WITHDRAW else "changes.restored")))
    else:
        parts.append(_p(t(f"changes.did.{line['kind']}_{line['entity']}"), _detail(line)))
    if line["note"]:
        parts.append(_p(line["note"]))
    if line["because"]:
        parts.append(_p(t("changes.why", reason=line["because"])))
    elif line["sort"] == "correction":
        parts.append(f'<p class="quiet">{escape(t("changes.no_reason"))}</p>')
    return "".join(parts)


def _about(line: Line) -> str:
    """What the line is about: links to the thing, and to the commitments that it touches."""
    title = line["title"]
    if line["entity"] == Entity.SOURCE:
        return linked.anchor(title or line["entity_id"], linked.address("sources", source=line["entity_id"]))
    if line["entity"] == Entity.DISPUTE:
        return linked.anchor(title or line["entity_id"], linked.address("sources", story=line["entity_id"]))
    if title:
        return escape(title)
    first = line["commitments"][:TOUCHED]
    named: list[str] = [linked.anchor(c["title"], linked.commitment(c["id"])) for c in first]
    if len(line["commitments"]) > TOUCHED:
        named.append(escape(t("changes.more", n=len(line["commitments"]) - TOUCHED)))
    return ", ".join(named) or escape(line["entity_id"])


def _event(line: Line) -> list[str]:
    """A step that was recorded, replaced, withdrawn or restored, and what that moved."""
    stage, when = t(f"stage.{line['stage']}"), i18n.date(line["happened_on"], words())
    moved = line["before"] is not None and line["before"] != line["after"]
    if line["kind"] != EntryKind.EVENT:
        did = "changes.event_withdrawn" if line["kind"] == EntryKind.WITHDRAW else "changes.event_restored"
        return [_p(t(did, stage=stage, date=when)), *([_moved(line)] if moved else [])]
    told = []
    if not line["supported"]:
        told.append(f"<p>{marks.claimed(line['stage'])} · {escape(when)}</p>")
    elif moved and line["after"] == line["stage"]:
        told.append(_moved(line, when))
    else:
        told.append(f"<p><b>{escape(stage)}</b> · {escape(when)}</p>")
        if not moved and line["before"] not in (None, line["stage"]):
            told.append(_quiet(t("changes.stands", stage=t(f"stage.{line['after']}"))))
    if not line["counts"]:
        told.append(f"<p>{marks.tag('✕ ' + t('event.gone_badge'), 'gray')}</p>")
    if line["happened"]:
        told.append(_p(line["happened"]))
    if line["sort"] == "correction":
        told.append(_p(t("changes.event_replaced")))
    return told


def _moved(line: Line, when: str | None = None) -> str:
    """The stage before and after, with the status that it means."""
    facts = {
        "before": escape(t(f"stage.{line['before']}")),
        "after": f"<b>{escape(t('stage.' + line['after']))}</b>",
    }
    date = f" · {escape(when)}" if when else ""
    return f"<p>{t('changes.moved', **facts)} {marks.status(line['after_status'])}{date}</p>"


def _revision(line: Line) -> list[str]:
    names = [_field(field) for field in line["fields"] if field not in line["values"]]
    told = [_p(t("changes.fields", fields=i18n.listed(names, words().language)))] if names else []
    for field, values in line["values"].items():
        before, after = (escape(_value(field, value)) for value in values)
        facts = {"field": escape(_field(field)), "before": before, "after": f"<b>{after}</b>"}
        told.append(f"<p>{t('changes.value', **facts)}</p>")
    for step in telling.steps(line["milestones"]):
        if step.get("reached"):
            facts = {"name": step["name"], "date": i18n.date(step["reached"], words())}
            told.append(_p(t("changes.milestone_reached", **facts)))
        elif step.get("expected"):
            facts = {"name": step["name"], "date": i18n.date(step["expected"], words())}
            told.append(_p(t("changes.milestone_expected", **facts)))
        else:
            told.append(_p(t("changes.milestone", name=step["name"])))
    if line["settled"] and "settled" in line["fields"]:
        told.append(_p(t("changes.holds", holds=line["holds"])))
    return told


def _field(name: str) -> str:
    return t(f"column.{name}") if f"column.{name}" in words() else wording.name(name)


def _value(field: str, value: Any) -> str:
    return i18n.date(value, words()) if field in _DATES and value else wording.text(field, value)


def _detail(line: Line) -> str:
    """What one wants to know at once of a new thing."""
    if line["entity"] == Entity.SOURCE:
        return f"{line['reliability']} · {line['publisher']}"
    if line["entity"] == Entity.CHECK:
        return t("changes.places", places=", ".join(line["places"] or ()))
    if line["entity"] == Entity.DISPUTE:
        return t("changes.holds", holds=line["holds"]) if line["settled"] else t("dispute.open")
    return ""


def _p(*texts: str) -> str:
    return f"<p>{linked.shown(' · '.join(text for text in texts if text))}</p>"


def _quiet(text: str) -> str:
    return f'<p class="quiet">{escape(text)}</p>'
