"""Histories made at random: all that may happen to commitments, in an order that may happen."""

from __future__ import annotations

import random
from collections.abc import Iterator

import make

from tracker import lifecycle
from tracker.ledger import Draft
from tracker.models import Commitment, Source, Withdrawal
from tracker.terms import Entity, Kind

COMMITMENTS = 180
PARTIES = ("Arvania", "Belmora")
DATES = ("2024-03-04", "2024-05", "2024", "2024-21", "2024-11-30~", "2025-01-15", "2025-04", "2025-05-31")


class Histories:
    """Commitments to which anything happens that may happen, at random but the same for a seed."""

    def __init__(self, seed: int) -> None:
        self.choose = random.Random(seed)
        self.kinds = {f"c{n:02}": self.choose.choice(list(Kind)) for n in range(COMMITMENTS)}
        self.versions = dict.fromkeys(self.kinds, 1)
        self.events: dict[tuple[str, int], bool] = {}
        """Whether an event stands."""
        self.things: dict[Entity, dict[str, bool]] = {
            Entity.SOURCE: dict.fromkeys([f"s{n}" for n in range(12)], True),
            Entity.CHECK: {},
            Entity.DISPUTE: {},
        }
        self.first: dict[tuple[str, int], tuple[str, int]] = {}
        """Of every event the first of its line: what it replaced, and what that did."""

    def beginning(self) -> list[Draft]:
        things = [self.source(s) for s in self.things[Entity.SOURCE]] + [make.agreement()]
        return [Draft.add(t) for t in [*things, *[self.commitment(c) for c in self.kinds]]]

    def batch(self, number: int) -> list[Draft]:
        """One batch: every thing is withdrawn, restored or revised in it at most once."""
        turned: set[object] = set()
        # What a batch cites it does not withdraw.
        standing = [s for s, stands in self.things[Entity.SOURCE].items() if stands]
        self.citable = self.choose.sample(standing, 6)
        drafts: list[Draft] = []
        for position in range(self.choose.randint(COMMITMENTS // 2, COMMITMENTS)):
            do = self.choose.choices(
                (self.event, self.wording, self.turn_event, self.thing, self.turn_thing), (10, 2, 3, 3, 3)
            )[0]
            drafts += do(f"{number}-{position}", turned)
        return drafts

    def source(self, source_id: str) -> Source:
        return make.source(
            source_id,
            kind=self.choose.choice(["record", "official", "official", "release", "news", "company", "blog"]),
            reliability=self.choose.choice("AAABBCCDEF"),
            publisher=self.choose.choice(["Gazette", "Herald", "Mirror", "Echo", "Press"]),
            published=self.choose.choice([*DATES, None]),
            speaks_for=self.choose.choice([None, PARTIES, PARTIES[:1], PARTIES[1:]]),
            origin=self.choose.choice([None, None, "Agency"]),
        )

    def commitment(self, commitment_id: str) -> Commitment:
        rhythm = self.choose.random() < 0.3
        return make.commitment(
            commitment_id,
            kind=self.kinds[commitment_id],
            title=self.choose.choice(["A treaty", "조약", "Traité"]),
            parties=[{"name": p} for p in PARTIES[: self.choose.randint(1, 2)]],
            due=self.choose.choice([None, None, "2024-12", "2025-06-20", "2026", "2026-22"]),
            cadence="P1Y" if rhythm else None,
            lapses_after="P18M" if rhythm else None,
            milestones=[{"name": "A step", "reached": self.choose.choice(DATES)}],
            source_ids=["s0"],
        )

    def event(self, name: str, turned: set[object]) -> Iterator[Draft]:
        commitment_id = self.choose.choice(list(self.kinds))
        cited = self.choose.sample(self.citable, 3)
        bearings = ["supports", *self.choose.choices(["supports", "contradicts", "context"], k=2)]
        standing = [
            v
            for (c, v), stands in self.events.items()
            if c == commitment_id and stands and self.first[c, v] not in turned
        ]
        self.versions[commitment_id] += 1
        chosen = (commitment_id, self.versions[commitment_id])
        fields = {}
        self.first[chosen] = chosen
        if standing and self.choose.random() < 0.4:
            fields = {"supersedes": self.choose.choice(standing), "because": "It was misread"}
            self.events[commitment_id, fields["supersedes"]] = False
            self.first[chosen] = self.first[commitment_id, fields["supersedes"]]
        turned |= {self.first[chosen]}
        self.events[chosen] = True
        yield Draft.event(
            make.event(
                self.choose.choice(list(lifecycle.of(self.kinds[commitment_id]))),
                self.choose.choice(DATES),
                commitment_id=commitment_id,
                evidence=[
                    {"source_id": s, "bearing": b, "credibility": self.choose.choice([1, 1, 2, 2, 3, 4, 6])}
                    for s, b in zip(cited, bearings, strict=True)
                ],
                **fields,
            )
        )

    def wording(self, name: str, turned: set[object]) -> Iterator[Draft]:
        commitment_id = self.choose.choice(list(self.kinds))
        self.versions[commitment_id] += 1
        yield Draft.revise(self.commitment(commitment_id))

    def turn_event(self, name: str, turned: set[object]) -> Iterator[Draft]:
        # Of an event and all that ever replaced it, only one may stand.
        taken = {self.first[e] for e, stands in self.events.items() if stands}
        free = [
            e
            for e, stands in self.events.items()
            if self.first[e] not in turned and (stands or self.first[e] not in taken)
        ]
        if free:
            longer = {first for e, first in self.first.items() if first != e}
            chained = [e for e in free if self.first[e] in longer]
            commitment_id, version = chosen = self.choose.choice(
                chained if chained and self.choose.random() < 0.5 else free
            )
            turned |= {self.first[chosen]}
            self.versions[commitment_id] += 1
            undo = not self.events[chosen]
            self.events[chosen] = undo
            told = Withdrawal(version=version, reason="x")
            yield Draft.withdraw(Entity.COMMITMENT, commitment_id, told, undo=undo)

    def thing(self, name: str, turned: set[object]) -> Iterator[Draft]:
        """A new search or dispute, or another wording of one; or another grade of a source."""
        entity = self.choose.choice(list(self.things))
        known = [t for t, stands in self.things[entity].items() if stands and t not in turned]
        fresh = entity is not Entity.SOURCE and (not known or self.choose.random() < 0.5)
        if not fresh and not known:
            return
        thing_id = f"{entity}-{name}" if fresh else self.choose.choice(known)
        turned |= {thing_id}
        self.things[entity][thing_id] = True
        about = self.choose.sample(list(self.kinds), self.choose.randint(1, 5))
        if entity is Entity.SOURCE:
            made = self.source(thing_id)
        elif entity is Entity.CHECK:
            made = make.check(
                thing_id, self.choose.choice(["2024-06-01", "2025-02-01", "2025-06-01"]), *about
            )
        else:
            settled = {"settled": True, "holds": "Then", "why": "So says the text"}
            sides = [{"position": p, "source_ids": ["s0"]} for p in ("Then", "Later")]
            made = make.dispute(thing_id, *about, sides=sides, **self.choose.choice([{}, settled]))
        yield Draft.add(made) if fresh else Draft.revise(made)

    def turn_thing(self, name: str, turned: set[object]) -> Iterator[Draft]:
        entity = self.choose.choice(list(self.things))
        free = [t for t in self.things[entity] if t not in turned and t not in self.citable]
        if sum(self.things[Entity.SOURCE].values()) <= 6:
            free = [t for t in free if not self.things[entity][t]]
        if free:
            thing_id = self.choose.choice(free)
            turned |= {thing_id}
            undo = not self.things[entity][thing_id]
            self.things[entity][thing_id] = undo
            yield Draft.withdraw(entity, thing_id, Withdrawal(reason="x"), undo=undo)
