"""The sheet of one commitment as text for people, wrapped to the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker import contrast
from tracker.cli import output
from tracker.queries import Row
from tracker.terms import Kind
from tracker.words import Words

_SIGNS = {"supports": "+", "contradicts": "−", "context": "·"}
_DATES = 14
"""Cells for the date before what happened then."""


class _Page:
    """A console with words. What a source wrote goes in as text, never as markup."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self.words = Words("en")

    def heading(self, key: str) -> None:
        self.console.print()
        self.console.print(Text(self.words(f"sheet.{key}"), style="bold"))

    def line(self, text: str, indent: int = 2) -> None:
        self.console.print(Padding(output.plain(text), (0, 0, 0, indent)))

    def say(self, key: str, indent: int = 2, **facts: object) -> None:
        self.line(self.words(f"sheet.{key}", **facts), indent)

    def days(self, days: int) -> str:
        return self.words("sheet.days", n=days)


def print_text(found: Row) -> None:
    """Print the sheet that `tracker.cli.sheet.collect` gathered."""
    page = _Page()
    parts: tuple[Callable[[_Page, Row], None], ...] = (
        _head, _answers, _looked, _promised, _missing, _rhythm, _history, _remarks, _disputes, _checks,
        _wordings,
    )  # fmt: skip
    for part in parts:
        part(page, found)
    page.console.print()


def _head(page: _Page, found: Row) -> None:
    page.console.print(output.plain(found["title"], "bold"))
    page.line(f"{found['id']} · {found['kind']} · {found['pillar']} · version {found['version']}", 0)
    stage = f"{found['status']}: {found['stage']}"
    if found["claimed_stage"]:
        stage += f" ({page.words('sheet.claimed', stage=found['claimed_stage'])})"
    if found["stage_since"]:
        stage += " " + page.words("sheet.since", date=found["stage_since"])
    page.line(f"{stage} · {page.words('sheet.confidence', confidence=found['confidence'])}", 0)
    if found["known_on"]:
        page.say("known_on", 0, day=found["day"], known_on=found["known_on"])
    elif found["as_of"]:
        page.say("as_of", 0, day=found["as_of"])


def _answers(page: _Page, found: Row) -> None:
    """The three answers side by side, and where they differ."""
    page.heading("answers")
    table = Table.grid(padding=(0, 2))
    names = ("party", "official", "supported", "schedule")
    for _ in names:
        table.add_column(overflow="fold")
    table.add_row(*(Text(page.words(f"sheet.{name}"), style="dim") for name in names))
    for answer in found["answers"]:
        supported = answer["stage"]
        if answer["claimed_stage"]:
            supported += f" ({page.words('sheet.claimed', stage=answer['claimed_stage'])})"
        together = "together" if len(found["answers"]) > 1 else "whole"
        table.add_row(
            output.plain(answer["party"] or page.words(f"sheet.{together}")),
            Text(answer["official_stage"] or page.words("sheet.silent")),
            Text(supported),
            Text(answer["schedule"]),
        )
    page.console.print(Padding(table, (0, 0, 0, 2)))
    for difference in contrast.differences(Kind(found["kind"]), found["answers"]):
        page.line(page.words(f"difference.{difference.code}", **difference.facts))


def _looked(page: _Page, found: Row) -> None:
    """How far the evidence reaches, and whether anybody looked."""
    page.heading("known")
    if found["due"]:
        first, last = found["due_earliest"], found["due_latest"]
        page.say("due" if first == last else "due_between", due=found["due"], first=first, last=last)
    if found["evidence_reaches"] is None:
        page.say("reaches_nowhere")
    else:
        page.say("reaches", day=found["evidence_reaches"], days=page.days(found["evidence_days"]))
    if found["last_checked"] is None:
        page.say("never_looked")
    else:
        page.say("looked", day=found["last_checked"], days=page.days(found["checked_days"]))


def _promised(page: _Page, found: Row) -> None:
    page.heading("promised")
    page.line(found["pledge"])
    page.say("agreement", title=found["agreement"]["title"])
    for party in found["parties"]:
        page.line(f"{party['name']}: {'; '.join(party['bodies'])}" if party["bodies"] else party["name"])
    page.heading("kept_when")
    page.line(found["fulfilment_test"])


def _missing(page: _Page, found: Row) -> None:
    gap = found["missing"]
    if gap["stages"] or gap["milestones"]:
        page.heading("missing")
        if len(gap["stages"]) > 1:
            page.say("one_of")
        for goal in gap["stages"]:
            page.line(f"{goal['stage']}: {goal['proof']}")
            page.say("rule", 4, requirement=page.words(f"requirement.{goal['requirement']}"))
    for step in found["milestones"]:
        if step["reached"] is not None:
            continue
        page.say("milestone", name=step["name"])
        if step["expected"]:
            basis = page.words(f"basis.{step['expected_basis']}")
            page.say("expected", 4, date=step["expected"], basis=basis)
    if found["assessment"]:
        page.heading("assessment")
        page.line(found["assessment"]["note"])


def _rhythm(page: _Page, found: Row) -> None:
    """Editions held, when the next is expected, and how long nothing was held."""
    rhythm = found["rhythm"]
    if rhythm is None and not found["cadence"]:
        return
    page.heading("rhythm")
    if found["cadence_note"] or found["cadence"]:
        page.say("cadence", cadence=found["cadence_note"] or found["cadence"])
    if rhythm is None:
        page.say("no_editions")
        return
    page.say("editions", n=len(rhythm["editions"]), dates=", ".join(rhythm["editions"]))
    if rhythm["next_latest"]:
        first, last = rhythm["next_earliest"], rhythm["next_latest"]
        page.say("next" if first == last else "next_between", first=first, last=last)
    if rhythm["open_gap"] is not None:
        page.say("open_gap", days=page.days(rhythm["open_gap"]))
    if rhythm["longest_gap"] is not None:
        page.say("longest_gap", n=rhythm["longest_gap"])
    if rhythm["lapses_on"]:
        page.say("lapses_on", day=rhythm["lapses_on"])


def _history(page: _Page, found: Row) -> None:
    """Events with what the rule found, and every item with what it proves alone."""
    page.heading("history")
    for event in found["history"]:
        told = [event["stage"], event["party"], _standing(page, event)]
        page.line(
            f"{event['happened_on']:<10}  {' · '.join(t for t in told if t)}  (version {event['version']})"
        )
        page.line(event["note"], _DATES)
        if event["withdrawn_at"] is not None:
            _gone(page, event)
        elif not event["supported"]:
            page.say("needs", _DATES, requirement=page.words(f"requirement.{event['requirement']}"))
        for item in event["evidence"]:
            _item(page, item, stands=event["withdrawn_at"] is None)


def _standing(page: _Page, event: Row) -> str:
    if event["superseded_by"] is not None:
        return page.words("sheet.replaced", version=event["superseded_by"])
    if event["withdrawn_at"] is not None:
        return page.words("sheet.withdrawn")
    return page.words("sheet.supported_event" if event["supported"] else "sheet.claimed_event")


def _gone(page: _Page, event: Row) -> None:
    """Who took an event out of what counts, and why."""
    page.say(
        "gone_by",
        _DATES,
        by=event["withdrawn_by"],
        day=event["withdrawn_at"].date(),
        because=event["withdrawn_because"],
    )


def _item(page: _Page, item: Row, *, stands: bool) -> None:
    sign = _SIGNS[item["bearing"]]
    page.line(
        f"{sign} {item['reliability']}{item['credibility']} {item['publisher']}: {item['title']}", _DATES
    )
    words = page.words
    told = []
    if item["withdrawn_at"] is not None:
        facts = {"by": item["withdrawn_by"], "because": item["withdrawn_because"]}
        told.append(words("sheet.source_gone", **facts))
    elif item["proves"]:
        told.append(words("sheet.proves", weight=words(f"weight.{item['proves']}")))
    elif stands and item["bearing"] == "supports":
        told.append(words("sheet.outweighed"))
    if item["origin"] != item["publisher"]:
        told.append(words("sheet.origin", origin=item["origin"]))
    if told:
        page.line("; ".join(told), _DATES + 2)
    if item["quote"]:
        page.say("quote", _DATES + 2, quote=item["quote"])


def _remarks(page: _Page, found: Row) -> None:
    for name in ("open_questions", "conflicts"):
        if found[name]:
            page.heading(name)
            for text in found[name]:
                page.line(f"- {text}")


def _disputes(page: _Page, found: Row) -> None:
    """Each dispute as a story: the claim, who says what, what holds and why."""
    if found["disputes"]:
        page.heading("disputes")
    for dispute in found["disputes"]:
        settled = page.words("sheet.settled" if dispute["settled"] else "sheet.open")
        page.line(f"{dispute['claim']} ({settled})")
        for side in dispute["sides"]:
            verdict = {True: "holds", False: "holds_not"}.get(side["holds"])
            if verdict is None and not dispute["settled"]:
                verdict = "open"
            said = f" ({page.words(f'sheet.{verdict}')})" if verdict else ""
            page.line(f"- {side['position']}{said}", 4)
            page.line(_named(side["sources"]), 8)
        if dispute["holds"]:
            page.say("what_holds" if dispute["settled"] else "held_for_now", 4, text=dispute["holds"])
        if dispute["why"]:
            page.say("why", 4, text=dispute["why"])


def _named(sources: Iterable[Any]) -> str:
    return "; ".join(f"{s['reliability']} {s['publisher']}: {s['title']}" for s in sources)


def _checks(page: _Page, found: Row) -> None:
    if found["checks"]:
        page.heading("checks")
    for check in found["checks"]:
        line = f"{check['checked_on']}  {', '.join(check['places'])}"
        for name in ("languages", "terms"):
            if check[name]:
                line += "; " + page.words(f"sheet.{name}", words=", ".join(check[name]))
        page.line(f"{line}  ({check['recorded_by']})")
        if check["withdrawn_at"] is not None:
            page.say(
                "gone_by",
                _DATES,
                by=check["withdrawn_by"],
                day=check["withdrawn_at"].date(),
                because=check["withdrawn_because"],
            )
        if check["note"]:
            page.line(check["note"], _DATES)


def _wordings(page: _Page, found: Row) -> None:
    """When it was reworded, if it was."""
    if len(found["wordings"]) > 1:
        page.heading("wordings")
    for wording in found["wordings"][1:]:
        because = page.words("sheet.because", because=wording["because"]) if wording["because"] else ""
        page.say(
            "reworded",
            version=wording["version"],
            by=wording["recorded_by"],
            day=wording["known_from"].date(),
            because=because,
        )
