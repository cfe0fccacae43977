"""A dispute as HTML: each side with its sources, what holds and why, and what it touches."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from dashboard import i18n, linked, telling
from dashboard.linked import Html
from dashboard.markup import marks
from dashboard.session import at, con, t, words
from tracker import provenance, queries

Row = Mapping[str, Any]


def state(dispute: Row) -> Html:
    """Whether it is open or settled, and whether it counts."""
    code = "settled" if dispute["settled"] else "open"
    told = marks.tag(t(f"dispute.{code}"), "blue" if dispute["settled"] else "orange")
    if dispute["withdrawn_at"]:
        told = Html(f"{told} {marks.tag('✕ ' + t('event.gone_badge'), 'gray')}")
    return told


def whole(dispute: Row) -> Html:
    """The dispute under its claim, with the commitments that it touches."""
    return Html(f"<p><b>{_claim(dispute)}</b></p>{story(dispute, named(dispute), links=True)}")


def folded(dispute: Row, sources: Mapping[str, Row], *, links: bool = False, more: str = "") -> Html:
    """The dispute behind its claim, unfolded while it is open; `sources` are those that it names.

    With `links` it has the commitments that it touches, with `more` a link of that name to its own page.
    """
    unfolded = "" if dispute["settled"] or dispute["withdrawn_at"] else " open"
    told = story(dispute, sources, links=links)
    if more:
        own = linked.anchor(more, linked.address("sources", story=dispute["id"]))
        told = Html(f'{told}<p class="linked note ways">{own}</p>')
    return Html(f'<details class="fold"{unfolded}><summary>{_claim(dispute)}</summary>{told}</details>')


def _claim(dispute: Row) -> str:
    answer = f" {escape(dispute['holds'])}" if dispute["settled"] and dispute["holds"] else ""
    return f"{escape(dispute['claim'])} {state(dispute)}{answer}"


def story(dispute: Row, sources: Mapping[str, Row], *, links: bool = False) -> Html:
    """The sides, what holds, and who recorded it; with `links` also the commitments that it touches."""
    sides = "".join(_side(dispute, side, sources) for side in dispute["sides"])
    held = holding(dispute)
    if dispute["why"]:
        held += f"<br><b>{escape(t('dispute.why'))}</b> {linked.shown(dispute['why'])}"
    touches = ""
    if links and dispute["commitment_ids"]:
        found = [queries.definition(con(), i, at()) for i in dispute["commitment_ids"]]
        told = telling.rows([row for row in found if row], "commitment_id")
        titles = {row["commitment_id"]: row["title"] for row in told}
        touches = _line(
            t("dispute.touches"), [linked.anchor(title, linked.commitment(i)) for i, title in titles.items()]
        )
    named = dict.fromkeys(i for side in dispute["sides"] for i in side["source_ids"])
    about = _line(
        t("dispute.about"),
        [linked.anchor(sources[i]["publisher"], linked.address("sources", source=i)) for i in named],
    )
    texts = [dispute["claim"], *(side["position"] for side in dispute["sides"])]
    texts += [dispute[name] for name in ("holds", "why") if dispute[name]]
    original = telling.original(*texts)
    return Html(f'{sides}<p>{held}</p>{touches}{about}<p class="note">{_recorded(dispute)}</p>{original}')


def named(dispute: Row) -> dict[str, Row]:
    """The sources that a dispute names."""
    ids = [i for side in dispute["sides"] for i in side["source_ids"]]
    return {**provenance.sources_by_id(con(), ids, at())}


def holding(dispute: Row) -> str:
    """What holds, or while it is open, what is held for now; empty where nothing is."""
    if not dispute["holds"]:
        return ""
    label = t("dispute.holds" if dispute["settled"] else "dispute.held")
    return f"<b>{escape(label)}</b> {linked.shown(dispute['holds'])}"


def source_line(source: Row) -> str:
    """A source on one line: its grade, the link to the document, its publisher, and whether it counts."""
    gone = marks.tag(t("sources.withdrawn"), "red") if source["withdrawn_at"] else ""
    return (
        f"{marks.tag(source['reliability'], 'blue')} {linked.source(source)}, "
        f"{escape(source['publisher'])} {gone}"
    )


def _side(dispute: Row, side: Row, sources: Mapping[str, Row]) -> str:
    cited = "".join(f"<li>{source_line(sources[i])}</li>" for i in side["source_ids"])
    return (
        f"<p>{_badge(dispute['settled'], side['holds'])} {linked.shown(side['position'])}</p><ul>{cited}</ul>"
    )


def _badge(settled: bool, holds: bool | None) -> Html:
    """Whether a side holds, as symbol and word."""
    if holds is None:
        code, sign, tone = ("neither", "–", "gray") if settled else ("open", "?", "orange")
    else:
        code, sign, tone = ("holds", "✓", "green") if holds else ("fails", "✗", "red")
    return marks.tag(f"{sign} {t(f'dispute.side.{code}')}", tone)


def _line(label: str, links: list[Html]) -> str:
    return f'<p class="linked"><b>{escape(label)}</b> {" · ".join(links)}</p>'


def _recorded(dispute: Row) -> str:
    when = i18n.day(dispute["recorded_at"].date(), words().language)
    told = [t("dispute.recorded", by=dispute["recorded_by"], date=when)]
    if dispute["withdrawn_at"]:
        until = i18n.day(dispute["withdrawn_at"].date(), words().language)
        facts = {"by": dispute["withdrawn_by"], "date": until, "reason": dispute["withdrawn_because"]}
        told.append(t("event.withdrawn", **facts))
    return "<br>".join(map(linked.shown, told))
