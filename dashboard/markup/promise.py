"""What was promised, how far it is, and what is missing: the texts of the page of a commitment, as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from dashboard import i18n, linked, telling
from dashboard.dossier import Dossier, Row
from dashboard.linked import Html
from dashboard.markup import answers, marks
from dashboard.session import at, t, words
from tracker import lifecycle, rulewords
from tracker.terms import Kind, Schedule, Stage

_LETTERS = re.compile(r"\W+")


def answer(told: Dossier) -> Html:
    """How far it is and what it lacks, in a sentence or two."""
    row = told.row
    facts = {"stage": t(f"stage.{row['stage']}")}
    if row["stage_since"]:
        facts["date"] = i18n.date(row["stage_since"], words())
    said = [t(f"commitment.answer.{'since' if 'date' in facts else 'undated'}", **facts)]
    if goals := lifecycle.goals(Kind(row["kind"]), Stage(row["stage"])):
        stages = " / ".join(t(f"stage.{goal.stage}") for goal in goals)
        said.append(t("commitment.answer.goal", stages=stages))
    if row["schedule"] in (Schedule.LATE, Schedule.UNKNOWN, Schedule.LAPSED, Schedule.DUE_SOON):
        said.append(t(f"commitment.answer.{row['schedule'].replace('-', '_')}"))
    return Html(f'<p class="lead">{escape(" ".join(said))}</p>')


def standing(told: Dossier) -> Html:
    """Status, what is claimed, schedule and date, confidence; then how far our knowledge reaches.

    The stage, and since when, is what `answer` says.
    """
    row, claimed = told.row, told.answers[0]["claimed_stage"]
    facts = [marks.status(row["status"])]
    if claimed:
        facts.append(marks.claimed(claimed))
    facts.append(marks.schedule(row["schedule"]))
    facts += _date(told)
    facts.append(Html(escape(t("commitment.confidence", level=t(f"confidence.{row['confidence']}")))))
    reaches = escape(answers.knowledge(row, at().day))
    named = f"<code>{escape(row['id'])}</code>"
    return Html(
        f'<p class="standing">{" ".join(facts)}</p>{_step(told)}<p class="note">{reaches} {named}</p>'
    )


def _date(told: Dossier) -> list[Html]:
    """The date that is awaited, or else the one that was stated."""
    own = next((date for date in told.dates if date["binds"] and date["what"] != "lapse"), None)
    if own and own["what"] == "session":
        last = i18n.day(own["due_latest"], words().language)
        return [Html(escape(t("commitment.awaited", date=last)))]
    due = own["due"] if own else told.row["due"]
    return [Html(escape(t("commitment.due", date=i18n.date(due, words()))))] if due else []


def _step(told: Dossier) -> str:
    """The next of the mere steps on the way; nothing where none is expected."""
    step = next((date for date in told.dates if not date["binds"] and date["days"] >= 0), None)
    if step is None:
        return ""
    date = i18n.date(step["due"], words())
    said = t(f"commitment.step.{step['basis']}", step=step["step"], date=date)
    return f'<p class="note">{escape(said)}</p>'


def promised(told: Dossier) -> Html:
    """The pledge, where it stands, who answers for it, its rhythm and its test."""
    row, definition, agreement = told.row, told.definition, told.agreement
    original = telling.original(row["title"], row["pledge"])
    found = [
        linked.shown(
            t("commitment.in", title=agreement["title"], date=i18n.date(agreement["dated"], words()))
        ),
    ]
    found += [
        labelled(name, t("site.separator").join(map(telling.name, party["bodies"])))
        if party["bodies"]
        else _bold(name)
        for party in row["parties"]
        for name in (telling.name(party["name"]),)
    ]
    if rhythm := definition["cadence_note"] or row["cadence"]:
        found.append(labelled(t("commitment.rhythm"), _rhythm(rhythm)))
    if told.rhythm:
        found.append(linked.shown(answers.rhythm(told.rhythm)))
    found.append(labelled(t("commitment.test"), row["fulfilment_test"]))
    pledge = _paragraphs([linked.shown(row["pledge"])]) + original
    return Html(
        pledge + _paragraphs(found) + sources(t("commitment.stands_in"), told, definition["source_ids"])
    )


def _rhythm(noted: str) -> str:
    """A rhythm in the reader's language where it is one of the usual notes; else as it was noted."""
    key = f"cadence.{_LETTERS.sub('-', noted.casefold()).strip('-')}"
    return t(key) if key in words() else noted


def missing(told: Dossier) -> Html:
    """The stages that would keep it, with what proves each."""
    goals = lifecycle.goals(Kind(told.row["kind"]), Stage(told.row["stage"]))
    one_of = _paragraphs([escape(t("commitment.goals"))]) if len(goals) > 1 else ""
    proofs = _paragraphs(
        labelled(t(f"stage.{goal.stage}"), rulewords.proof(goal, words().language)) for goal in goals
    )
    return Html(one_of + proofs)


def heading(told: Dossier) -> str | None:
    """What stands over `missing`; None where nothing is."""
    if lifecycle.goals(Kind(told.row["kind"]), Stage(told.row["stage"])):
        return t("commitment.missing")
    return t("commitment.next") if told.missing else None


def reached(told: Dossier) -> Html:
    """The milestones that were reached."""
    done = t("site.separator").join(f"{s['name']} ({i18n.date(s['reached'], words())})" for s in told.reached)
    return Html(_paragraphs([labelled(t("commitment.reached"), done)]) if done else "")


def note(told: Dossier) -> Html:
    """What the compiler noted, who judged by hand."""
    definition = told.definition
    # Later wordings may have changed something else.
    first = next(w for w in told.wordings if w["assessment"] == definition["assessment"])
    written = i18n.day(first["known_from"].date(), words().language)
    return Html(_paragraphs([labelled(t("commitment.note", date=written), definition["assessment"]["note"])]))


def sources(label: str, told: Dossier, ids: Iterable[str]) -> Html:
    """A label and links to these sources; nothing where there are none."""
    links = " · ".join(_source(told.sources[i]) for i in ids)
    return Html(f'<p class="note">{escape(label)} {links}</p>' if links else "")


def _source(source: Row) -> str:
    gone = f" {marks.tag(t('sources.withdrawn'), 'red')}" if source["withdrawn_at"] else ""
    return linked.source(source) + gone


def bullets(texts: Iterable[str], label: str = "") -> Html:
    """Texts as a list, with a label where it has no heading of its own."""
    items = "".join(f"<li>{linked.shown(text)}</li>" for text in texts)
    over = _paragraphs([_bold(label)]) if label else ""
    return Html(f"{over}<ul>{items}</ul>" if items else "")


def labelled(label: str, text: str) -> Html:
    """A text after its label."""
    return Html(f"{_bold(t('site.label', name=label))} {linked.shown(text)}")


def _bold(text: str) -> Html:
    return Html(f"<b>{escape(text)}</b>")


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)
