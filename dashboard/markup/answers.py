"""How far is it: the three answers side by side, where they differ, and how far our knowledge reaches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import i18n, linked, telling
from dashboard.linked import Html
from dashboard.markup import marks
from dashboard.session import t, words
from tracker.contrast import differences
from tracker.terms import Kind

_STAGES = ("claimed", "stage", "official", "reached", "short")


def panel(kind: str, answers: Sequence[Mapping[str, Any]]) -> Html:
    """What officials say, what the evidence supports, and the schedule; for all parties and for each."""
    together = t("answers.together" if len(answers) > 1 else "answers.whole")
    columns = [t(f"answers.{c}") for c in ("party", "official", "supported", "schedule")]
    table = linked.tabled(
        columns,
        [
            (
                telling.name(row["party"]) if row["party"] else together,
                t(f"stage.{row['official_stage']}") if row["official_stage"] else t("answers.silent"),
                _supported(row),
                marks.schedule(row["schedule"]),
            )
            for row in answers
        ],
    )
    told = []
    for difference in differences(Kind(kind), answers):
        facts = {
            name: t(f"stage.{value}") if name in _STAGES else telling.name(value)
            for name, value in difference.facts.items()
        }
        told.append(f"<p>⇄ {linked.shown(t(f'difference.{difference.code}', **facts))}</p>")
    return Html(table + "".join(told))


def _supported(row: Mapping[str, Any]) -> Html:
    said = f"<b>{linked.shown(t('stage.' + row['stage']))}</b>"
    if row["claimed_stage"]:
        said += f" {marks.claimed(row['claimed_stage'])}"
    return Html(said)


def knowledge(row: Mapping[str, Any], day: dt.date) -> str:
    """How far the evidence reaches and when somebody last looked, in one sentence."""
    language = words().language
    reaches, checked = row["evidence_reaches"], row["last_checked"]
    parts = [t("answers.reaches_nowhere")]
    if reaches is not None:
        parts = [t("answers.reaches", date=i18n.day(reaches, language), n=(day - reaches).days)]
    if checked is None:
        parts.append(t("answers.never_looked"))
    else:
        parts.append(t("answers.looked", date=i18n.day(checked, language), n=(day - checked).days))
    parts.append(t("answers.version", version=row["version"]))
    return " ".join(parts)


def rhythm(found: Mapping[str, Any]) -> str:
    """Editions held, the next one expected, and the gaps."""
    language = words().language
    parts = [
        t(
            "rhythm.held",
            n=len(found["editions"]),
            dates=", ".join(i18n.date(e, words()) for e in found["editions"]),
        )
    ]
    if found["next_latest"]:
        first, last = (i18n.day(found[k], language) for k in ("next_earliest", "next_latest"))
        parts.append(t("rhythm.next_by" if first == last else "rhythm.next", first=first, last=last))
    if found["lapses_on"]:
        parts.append(t("rhythm.lapses", date=i18n.day(found["lapses_on"], language)))
    if found["longest_gap"] is not None:
        parts.append(t("rhythm.gap", n=found["longest_gap"]))
    if found["open_gap"] is not None and found["open_gap"] >= 0:
        parts.append(t("rhythm.open", n=found["open_gap"]))
    return " ".join(parts)
