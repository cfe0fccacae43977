"""The evidence rule: what one source can prove at most, and when the evidence supports a stage.

Part of the rule book (`tracker.rules.RULES_VERSION`). The grades are those of the Admiralty
scale (NATO AJP-2.1); that a party's word proves its promise and not its delivery, and that
copies of one text count once, are the rules of source criticism that fact checkers and
courts share.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from tracker.record import Event, Item
from tracker.terms import Bearing, Credibility, Reliability, Requirement, SourceKind, Weight

CEILING = {
    SourceKind.RECORD: Weight.EFFECT,
    SourceKind.OFFICIAL: Weight.ACT,
    SourceKind.RELEASE: Weight.WORD,
    SourceKind.NEWS: Weight.ACT,
    SourceKind.ANALYSIS: Weight.ACT,
    SourceKind.COMPANY: Weight.WORD,
    SourceKind.BLOG: Weight.WORD,
    # Nobody said who speaks; the grades must then carry it alone.
    SourceKind.UNKNOWN: Weight.ACT,
}
"""What each kind of source can prove at most, however well it is graded."""

OFFICIAL = (SourceKind.RECORD, SourceKind.OFFICIAL, SourceKind.RELEASE)
"""Kinds in which a government speaks."""
_OWN = (*OFFICIAL, SourceKind.COMPANY)
"""Kinds that speak for whoever answers for the pledge or profits from it."""

_ZONES = dt.timedelta(days=1)
"""By how much the calendar day of one moment differs between two places on earth."""


def strong(reliability: Reliability, credibility: Credibility) -> bool:
    """Graded A or B, and 1 or 2."""
    return reliability <= Reliability.B and credibility <= Credibility.PROBABLY_TRUE


def fair(reliability: Reliability, credibility: Credibility) -> bool:
    """Graded A to C, and 1 or 2."""
    return reliability <= Reliability.C and credibility <= Credibility.PROBABLY_TRUE


def possible(reliability: Reliability, credibility: Credibility) -> bool:
    """Graded A to C, and 1 to 3."""
    return reliability <= Reliability.C and credibility <= Credibility.POSSIBLY_TRUE


def ceiling(kind: SourceKind, reliability: Reliability, credibility: Credibility) -> Weight:
    """What a source of that kind proves alone, with those grades.

    A strong one proves what its kind can prove; a fair one proves words; anything else
    proves only that it is being said.
    """
    if strong(reliability, credibility):
        return CEILING[kind]
    if fair(reliability, credibility):
        return min(CEILING[kind], Weight.WORD)
    return Weight.REPORT


def weight(item: Item, happened: dt.date) -> Weight:
    """What an item proves alone about an event, given the earliest day of the event."""
    found = ceiling(item.source_kind, item.reliability, item.credibility)
    return min(found, Weight.WORD) if _foretells(item, happened) else found


def _foretells(item: Item, happened: dt.date) -> bool:
    """Published before it can have happened: such a source announces, it does not report."""
    return item.published is not None and item.published < happened - _ZONES


def outweighed(item: Item, items: Iterable[Item]) -> bool:
    """Whether a contradicting item is graded as well or better, on both axes.

    What cannot be judged (F, 6) is not a place on the scale and outweighs nothing.
    """
    return any(
        other.bearing is Bearing.CONTRADICTS
        and other.reliability is not Reliability.F
        and other.credibility is not Credibility.CANNOT_BE_JUDGED
        and other.reliability <= item.reliability
        and other.credibility <= item.credibility
        for other in items
    )


def standing(event: Event) -> tuple[Item, ...]:
    """The supporting items of an event that no contradiction outweighs."""
    against = [i for i in event.items if i.bearing is Bearing.CONTRADICTS]
    return tuple(i for i in event.supporters if not outweighed(i, against))


def supports(event: Event, requirement: Requirement, parties: Sequence[str]) -> bool:
    """Whether the evidence for an event meets a requirement, in a pledge of these parties."""
    return _MET[requirement](event, standing(event), parties)


def _report(event: Event, items: Sequence[Item], parties: Sequence[str]) -> bool:
    """Any source that says so."""
    return bool(items)


def _word(event: Event, items: Sequence[Item], parties: Sequence[str]) -> bool:
    """One source that proves words, or two of independent origin graded A–C and 1–3."""
    return _alone(event, items, Weight.WORD) or _origins(event, items, Weight.WORD, possible) >= 2


def _act(event: Event, items: Sequence[Item], parties: Sequence[str]) -> bool:
    """One source that proves acts, or two of independent origin graded A–C and 1–2."""
    return _alone(event, items, Weight.ACT) or _origins(event, items, Weight.ACT, fair) >= 2


def _both(event: Event, items: Sequence[Item], parties: Sequence[str]) -> bool:
    """An act to which all sides put their hand.

    A record; or the officials of every party; or one source that proves acts, if what it
    says is confirmed (1) or a second one of independent origin, graded A–C and 1–2, says
    so too.
    """
    return (
        _alone(event, items, Weight.EFFECT)
        or _every_party(event, items, parties)
        or _confirmed(event, items, items)
    )


def _result(event: Event, items: Sequence[Item], parties: Sequence[str]) -> bool:
    """A record; or a source that proves acts, confirmed as for an act of all sides, but not by its own word.

    What the parties and companies say of their own work is no proof of it: without them,
    or with one other source beside them, it must still hold.
    """
    others = [i for i in items if i.source_kind not in _OWN]
    return _alone(event, items, Weight.EFFECT) or (
        bool(_origins(event, others, Weight.ACT, fair)) and _confirmed(event, items, others)
    )


def _effect(event: Event, items: Sequence[Item], parties: Sequence[str]) -> bool:
    """A record; or the officials of every party."""
    return _alone(event, items, Weight.EFFECT) or _every_party(event, items, parties)


_MET: dict[Requirement, Callable[[Event, Sequence[Item], Sequence[str]], bool]] = {
    Requirement.REPORT: _report,
    Requirement.WORD: _word,
    Requirement.ACT: _act,
    Requirement.BOTH: _both,
    Requirement.RESULT: _result,
    Requirement.EFFECT: _effect,
}


def _confirmed(event: Event, items: Sequence[Item], confirming: Sequence[Item]) -> bool:
    """Whether one item proves acts and either is itself confirmed or has a second origin beside it.

    Credibility 1 means by definition that independent sources confirm what is said; that
    is believed only of those who may confirm.
    """
    return _alone(event, items, Weight.ACT) and (
        any(
            i.credibility is Credibility.CONFIRMED and weight(i, event.earliest) >= Weight.ACT
            for i in confirming
        )
        or _origins(event, items, Weight.ACT, fair) >= 2
    )


def _alone(event: Event, items: Iterable[Item], needed: Weight) -> bool:
    return any(weight(i, event.earliest) >= needed for i in items)


def _origins(
    event: Event,
    items: Iterable[Item],
    needed: Weight,
    good_enough: Callable[[Reliability, Credibility], bool],
) -> int:
    """How many origins, each counted once, stand behind items of a kind that can prove so much."""
    return len(
        {
            i.origin.casefold()
            for i in items
            if CEILING[i.source_kind] >= needed
            and good_enough(i.reliability, i.credibility)
            and (needed <= Weight.WORD or not _foretells(i, event.earliest))
        }
    )


def _every_party(event: Event, items: Iterable[Item], parties: Sequence[str]) -> bool:
    """Whether officials whose word proves acts speak for each of the parties."""
    heard = {
        party
        for i in items
        if i.source_kind in OFFICIAL and weight(i, event.earliest) >= Weight.ACT
        for party in i.speaks_for
    }
    return bool(parties) and heard >= set(parties)
