"""Where the three answers differ: what officials say, what the evidence supports, the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tracker import lifecycle
from tracker.terms import Kind, Stage


class Difference(NamedTuple):
    """One way in which the answers differ; `code` names the sentence, `facts` fill it."""

    code: str
    facts: dict[str, str]


def differences(kind: Kind, answers: Sequence[Mapping[str, Any]]) -> list[Difference]:
    """Where the answers for a commitment differ: rows of `answers`, all parties together first.

    Codes: those of `_claim` and `_officials`, `no-officials`, and for two parties
    `parties-say`, `parties-stand` and `party-silent`. Facts are stages and parties.
    """
    rows = lifecycle.of(kind)
    whole, parties = answers[0], answers[1:]
    stage, official, claimed = (whole[k] for k in ("stage", "official_stage", "claimed_stage"))
    found = []
    if claimed:
        found.append(_claim(rows, Stage(stage), Stage(claimed)))
    if official is None:
        found.append(Difference("no-officials", {"stage": stage}))
    elif official != stage and official != claimed:
        found.append(_officials(rows, Stage(stage), Stage(official)))
    for name, code in (("official_stage", "parties-say"), ("stage", "parties-stand")):
        if len({p[name] for p in parties}) > 1:
            first = min(parties, key=lambda p: _place(rows, p[name]))
            last = max(parties, key=lambda p: _place(rows, p[name]))
            facts = {"behind": first["party"], "ahead": last["party"], "reached": last[name]}
            if first[name] is None:
                code = "party-silent"
            else:
                facts["short"] = first[name]
            found.append(Difference(code, facts))
    return found


def _claim(rows: Mapping[Stage, lifecycle.Row], stage: Stage, claimed: Stage) -> Difference:
    """What sources claim last against what is proven. An end is neither more nor less than a stage."""
    facts = {"claimed": claimed.value, "stage": stage.value}
    if claimed in lifecycle.ENDS:
        return Difference("claimed-end", facts)
    if stage in lifecycle.ENDS or rows[claimed].ordinal < rows[stage].ordinal:
        return Difference("claimed-otherwise", facts)
    return Difference("claimed", facts)


def _officials(rows: Mapping[Stage, lifecycle.Row], stage: Stage, official: Stage) -> Difference:
    """What officials say against what is proven; an end that only one of the two has is not further."""
    facts = {"official": official.value, "stage": stage.value}
    if official in lifecycle.ENDS:
        return Difference("ends-differ" if stage in lifecycle.ENDS else "officials-end", facts)
    if stage in lifecycle.ENDS:
        return Difference("officials-open", facts)
    ahead = rows[official].ordinal > rows[stage].ordinal
    return Difference("officials-ahead" if ahead else "officials-behind", facts)


def _place(rows: Mapping[Stage, lifecycle.Row], stage: str | None) -> int:
    return rows[Stage(stage)].ordinal if stage is not None else -1
