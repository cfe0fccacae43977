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

    Codes: `claimed`, `no-officials`, `officials-ahead`, `officials-behind`, and for two
    parties `parties-say`, `parties-stand` and `party-silent`. Facts are stages and parties.
    """
    rows = lifecycle.of(kind)
    whole, parties = answers[0], answers[1:]
    stage, official, claimed = (whole[k] for k in ("stage", "official_stage", "claimed_stage"))
    found = []
    if claimed:
        found.append(Difference("claimed", {"claimed": claimed, "stage": stage}))
    if official is None:
        found.append(Difference("no-officials", {"stage": stage}))
    elif official != stage and official != claimed:
        ahead = rows[Stage(official)].ordinal > rows[Stage(stage)].ordinal
        code = "officials-ahead" if ahead else "officials-behind"
        found.append(Difference(code, {"official": official, "stage": stage}))
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


def _place(rows: Mapping[Stage, lifecycle.Row], stage: str | None) -> int:
    return rows[Stage(stage)].ordinal if stage is not None else -1
