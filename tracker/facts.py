"""Read a facts file: a compiler's YAML of sources, agreements, commitments and contradictions.

It may tell titles, pledges, disputes and names in other languages too, in a section `translations`; a
file may also hold nothing else, and tell them of what is on record.

Only the format is known here. Every key must find its place: one that this module does
not know is an error, so nothing in a file is dropped silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tracker import decoder, retold
from tracker.errors import BadFile
from tracker.fields import LINE
from tracker.models import (
    Agreement,
    Commitment,
    Dataset,
    Dispute,
    Source,
    StatusEvent,
    Thing,
)
from tracker.retold import Translated
from tracker.taking import Taken, listed, noting
from tracker.terms import Entity, Stage

_PARTIES = {"canada": "Canada", "korea": "Republic of Korea"}
_CONFIDENCE = {"low": "low", "medium": "moderate", "high": "high"}
# The file gives the rhythm in words; only what a text states plainly becomes a duration.
_CADENCES = ((re.compile(r"annual\b"), "P1Y"), (re.compile(r"every two years\b"), "P2Y"))
# The longest tolerated gap between editions stands in the fulfilment test, in words.
_TOLERANCE = re.compile(r"(?:within|every|no later than) (\d+) months")
_WITH_EDITIONS = ("dialogue", "forum", "exercise-or-operations")
# Whose words a source passes on, and for which party it speaks, stands in its publisher.
_AGENCY = re.compile(r"\b(Yonhap|Reuters|The Canadian Press)\b")
_PASSED_ON = re.compile(
    r".*\(citing (?P<cited>[^)]+)\)$"
    r"|(?P<via>.+?) (?:via .+"
    r"|\((?:republished|mirrored|reprinted|via|press release|CNW|GlobeNewswire)\b.*\))$"
)
_JOINT = re.compile(r"joint statement|leaders' statement", re.IGNORECASE)
_VOICES = {
    "Canada": re.compile(r"Canad|Prime Minister's Office|openparliament\.ca"),
    "Republic of Korea": re.compile(r"\bROK\b|Korea|Defense Acquisition Program"),
}
# Approval is given at home; the side stands in what is told of it.
_ADJECTIVES = {"Canada": re.compile(r"\bCanad"), "Republic of Korea": re.compile(r"\bKorea|\bROK\b")}
# The format has no key for a contradiction that is still open; these words begin one.
_OPEN = re.compile(r"undecided|attribution not verified", re.IGNORECASE)


@dataclass(frozen=True)
class Facts:
    """A facts file, read: things, events by commitment in order, and what was counted."""

    things: tuple[Thing, ...]
    events: tuple[StatusEvent, ...]
    counts: dict[str, int]
    """What the file holds, by entity."""
    translations: tuple[Translated, ...] = ()

    @property
    def dataset(self) -> Dataset | None:
        """What the file is about; None for one that only translates."""
        return next((thing for thing in self.things if isinstance(thing, Dataset)), None)

    def about(self, dataset_id: str) -> Facts:
        """The same under another identifier of the data set."""
        dataset = self.dataset
        if dataset is None:
            return self
        renamed = dataset.model_copy(update={"id": dataset_id})
        things = tuple(renamed if thing is dataset else thing for thing in self.things)
        told = tuple(
            t._replace(id=dataset_id) if (t.entity, t.id) == (Entity.DATASET, dataset.id) else t
            for t in self.translations
        )
        return replace(self, things=things, translations=told)

    def differing(self) -> list[tuple[str, Stage, Stage]]:
        """Commitments whose last event says another stage than the compiler's own verdict."""
        last = {e.commitment_id: e.stage for e in self.events if e.stage is not Stage.PRECURSOR}
        return [
            (c.id, c.assessment.stage, last[c.id])
            for c in self.things
            if isinstance(c, Commitment) and c.assessment and last.get(c.id) != c.assessment.stage
        ]


def read(path: Path) -> Facts:
    """Read and validate a facts file of our own. Raises `BadFile` naming the places that are wrong.

    What comes from elsewhere is read by `tracker.intake`, which keeps it within limits.
    """
    try:
        data = decoder.tree(path.read_bytes())
    except decoder.Refusal as refusal:
        raise BadFile(refusal.code, path=str(path), **refusal.facts) from refusal
    except OSError as error:
        raise BadFile("unreadable", path=str(path), detail=error.strerror or "") from error
    return told(data, path.stem, str(path))


def told(data: Any, dataset_id: str, path: str) -> Facts:
    """What a facts file tells, once it is decoded, about the data set of that identifier.

    Raises `BadFile` for the first place that is wrong, with the others in `further`.
    """
    if isinstance(data, dict) and data.keys() == {"translations"}:
        found = retold.read(Taken(data["translations"], "translations"))
        return Facts((), (), _counts([], [], 0, found), found)
    sections = ("meta", "sources", "agreements", "commitments", "contradictions")
    if not isinstance(data, dict) or not all(isinstance(data.get(s), list | dict) for s in sections):
        raise BadFile("not-facts", path=path)
    wrong: list[BadFile] = []
    things: list[Thing] = []
    events: list[StatusEvent] = []
    headline_ids: list[Any] | None = None
    with noting(wrong):
        dataset, headline_ids = _meta(Taken(data["meta"], "meta"), dataset_id)
        things.append(dataset)
    readers: dict[str, Callable[[Taken], tuple[Thing, Sequence[StatusEvent]]]] = {
        "sources": lambda row: (_source(row), ()),
        "agreements": lambda row: (_agreement(row), ()),
        "commitments": _commitment,
        "contradictions": lambda row: (_dispute(row), ()),
    }
    for section, read_one in readers.items():
        for row in data[section]:
            with noting(wrong):
                thing, its_events = read_one(Taken(row, section))
                things.append(thing)
                events += its_events
    translations: tuple[Translated, ...] = ()
    if "translations" in data:
        with noting(wrong):
            translations = retold.read(Taken(data["translations"], "translations"))
    if unknown := data.keys() - {"meta", "translations", *readers}:
        wrong.append(BadFile("unknown-keys", where="/", keys=listed(unknown)))
    if wrong:
        wrong[0].further = tuple(wrong[1:])
        raise wrong[0]
    headline = sorted(t.id for t in things if isinstance(t, Commitment) and t.headline)
    if headline_ids is not None and sorted(map(str, headline_ids)) != headline:
        ids = sorted({*map(str, headline_ids)} ^ {*headline}) or headline
        raise BadFile("headline-differs", path=path, ids=", ".join(ids))
    counts = _counts(things, events, len(headline), translations)
    return Facts(tuple(things), tuple(events), counts, translations)


def _counts(
    things: list[Thing], events: list[StatusEvent], headline: int, translations: tuple[Translated, ...]
) -> dict[str, int]:
    commitments = [t for t in things if isinstance(t, Commitment)]
    return {
        "datasets": sum(isinstance(t, Dataset) for t in things),
        "sources": sum(isinstance(t, Source) for t in things),
        "agreements": sum(isinstance(t, Agreement) for t in things),
        "commitments": len(commitments),
        "headline": headline,
        "milestones": sum(len(c.milestones) for c in commitments),
        "open_questions": sum(len(c.open_questions) for c in commitments),
        "conflicts": sum(len(c.conflicts) for c in commitments),
        "assessments": sum(c.assessment is not None for c in commitments),
        "events": len(events),
        "evidence": sum(len(e.evidence) for e in events),
        "disputes": sum(isinstance(t, Dispute) for t in things),
        "translations": len(translations),
    }


def _meta(row: Taken, dataset_id: str) -> tuple[Dataset, list[Any] | None]:
    """The data set, and the identifiers it calls headline ones, if it names them."""
    with row.whole():
        _check_vocabulary(row)
        for scale in ("reliability_scale", "credibility_scale"):
            row.take(scale, None)
        # Said once more by each commitment; `read` compares.
        headline_ids = row.many("headline_ids") if "headline_ids" in row else None
        return Dataset.parse({"id": dataset_id, **{k: row.take(k) for k in _META}}), headline_ids


_META = (
    "subject",
    "as_of",
    "compiled_from",
    "text_limits",
    "evidence_horizon",
    "date_rule",
    "milestone_rule",
)


def _check_vocabulary(row: Taken) -> None:
    """The file's words must be ours: every stage, in every kind it is said to fit."""
    from tracker import lifecycle

    known = {(r.kind.value, r.stage.value) for r in lifecycle.table()}
    for word in row.rows("status_vocabulary"):
        with word.whole():
            stage, kinds = word.take("status"), word.take("kinds")
            word.take("meaning", None)
        for kind in kinds if isinstance(kinds, list) else [kinds]:
            if (str(kind), str(stage)) not in known:
                raise BadFile("unknown-stage", where=row.where, stage=stage, kind=kind)


def _source(row: Taken) -> Source:
    with row.whole():
        grade = Taken(row.take("reliability"), row.where)
        with grade.whole():
            letter, why = grade.take("letter"), grade.take("why")
        title, publisher, kind = row.text("title", LINE), row.text("publisher", LINE), row.take("kind")
        return Source.parse(
            {
                "id": row.take("id"),
                "title": title,
                "title_is_descriptive": row.take("title_is_descriptive", False),
                "publisher": publisher,
                "kind": kind,
                "origin": _origin(publisher),
                "speaks_for": _speaks_for(title, publisher) if kind == "official" else None,
                "published": row.date("published", "published_precision"),
                "url": row.take("url"),
                "language": row.take("language"),
                "reliability": letter,
                "reliability_reason": why,
                "note": row.take("note", None),
            }
        )


def _origin(publisher: str) -> str | None:
    """Whose words it passes on, as far as the publisher says so."""
    if agency := _AGENCY.search(publisher):
        return agency[1]
    found = _PASSED_ON.match(publisher)
    return (found["cited"] or found["via"]) if found else None


def _speaks_for(title: str, publisher: str) -> list[str] | None:
    """Parties in whose name an official source speaks."""
    if _JOINT.search(title):
        return list(_VOICES)
    return [party for party, name in _VOICES.items() if name.search(publisher)] or None


def _agreement(row: Taken) -> Agreement:
    with row.whole():
        return Agreement.parse(
            {
                "id": row.take("id"),
                "title": row.take("title"),
                "parties": row.take("parties"),
                "kind": row.take("kind"),
                "dated": row.date("date", "date_precision"),
                "source_ids": row.take("source_ids"),
                "summary": row.take("summary"),
            }
        )


def _commitment(row: Taken) -> tuple[Commitment, list[StatusEvent]]:
    with row.whole():
        commitment_id = row.take("id")
        cadence = row.text("cadence")
        responsible = row.take("responsible")
        if not isinstance(responsible, dict):
            raise BadFile("not-a-mapping", where=f"{row.where}/responsible")
        basis = responsible.get("basis")
        kind, test = row.take("kind"), row.text("fulfilment_test")
        commitment = Commitment.parse(
            {
                "id": commitment_id,
                "title": row.take("title"),
                "pledge": row.take("pledged"),
                "kind": kind,
                "pillar": row.take("section"),
                "agreement_id": row.take("agreement_id"),
                "parties": [
                    {"name": _PARTIES.get(key, key.title()), "bodies": bodies}
                    for key, bodies in responsible.items()
                    if key != "basis"
                ],
                "parties_basis": basis,
                "headline": row.take("headline"),
                "due": row.date("due", "due_precision"),
                "cadence": next((iso for words, iso in _CADENCES if words.match(cadence)), None),
                "cadence_note": cadence,
                "lapses_after": _lapses_after(kind, test),
                "fulfilment_test": test,
                "source_ids": row.take("source_ids"),
                "related_source_ids": row.take("related_source_ids", []),
                "milestones": [_milestone(m) for m in row.rows("milestones")],
                "open_questions": row.take("open_questions"),
                "conflicts": row.take("conflicts"),
                "assessment": _assessment(Taken(row.take("current_status"), row.where)),
            }
        )
        events = [_event(e, commitment) for e in row.rows("history")]
        return commitment, events


def _lapses_after(kind: Any, test: str) -> str | None:
    """The longest gap between editions that the fulfilment test tolerates."""
    found = _TOLERANCE.search(test)
    return f"P{found[1]}M" if found and kind in _WITH_EDITIONS else None


def _milestone(row: Taken) -> dict[str, Any]:
    with row.whole():
        return {
            "name": row.take("name"),
            "expected": row.date("expected", "expected_precision"),
            "expected_basis": row.take("expected_basis", None),
            "reached": row.date("reached", "reached_precision"),
            "note": row.take("note", None),
        }


def _assessment(row: Taken) -> dict[str, Any]:
    with row.whole():
        confidence = row.text("confidence")
        return {
            "stage": row.take("status"),
            "since": row.date("since", "since_precision"),
            "confidence": _CONFIDENCE.get(confidence, confidence),
            "note": row.take("note"),
        }


def _event(row: Taken, commitment: Commitment) -> StatusEvent:
    with row.whole():
        credibility, stage, note = row.take("credibility"), row.take("status_after"), row.text("event")
        event = StatusEvent.parse(
            {
                "commitment_id": commitment.id,
                "stage": stage,
                "happened_on": row.date("date", "date_precision"),
                "note": note,
                "party": _side(note) if stage == Stage.APPROVED else None,
                "evidence": [
                    {"source_id": source_id, "credibility": credibility}
                    for source_id in row.many("source_ids")
                ],
            }
        )
        event.belongs_to(commitment.kind)
        return event


def _side(note: str) -> str | None:
    """The one party that is named in what is told."""
    named = [party for party, name in _ADJECTIVES.items() if name.search(note)]
    return named[0] if len(named) == 1 else None


def _dispute(row: Taken) -> Dispute:
    with row.whole():
        holds = row.text("holds")
        sides = [{"position": side.text("position"), **side.rest()} for side in row.rows("sides")]
        return Dispute.parse(
            {
                "id": row.take("id"),
                "claim": row.take("claim"),
                "sides": _marked(sides, holds),
                "holds": holds,
                "why": row.take("why"),
                "settled": not _OPEN.match(holds),
                "commitment_ids": row.take("commitment_ids", []),
            }
        )


def _marked(sides: list[dict[str, Any]], holds: str) -> list[dict[str, Any]]:
    """The sides, told apart by what holds, where that names one of them and no other."""
    fitting = [side for side in sides if _same(side["position"], holds)]
    if len(fitting) != 1:
        return sides
    return [side | {"holds": side is fitting[0]} for side in sides]


def _same(position: str, holds: str) -> bool:
    """Whether one of two texts begins with the other, or contains it if that is more than a word."""
    long, short = sorted((position.casefold(), holds.casefold()), key=len, reverse=True)
    if " " in short:
        return re.search(rf"\b{re.escape(short)}\b", long) is not None
    return bool(short) and re.match(rf"{re.escape(short)}\b", long) is not None
