"""The lifecycle table, read from lifecycle.toml. The rows live there; here is only the look-up."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from tracker.terms import Kind, Requirement, Stage, Status

ENDS = frozenset({Stage.LAPSED, Stage.REDIRECTED, Stage.WITHDRAWN})
"""Ends that are not delivery; they stand last in every lifecycle."""


class Row(NamedTuple):
    """One stage of one kind: its place, its status, what proves it, and why it is so."""

    kind: Kind
    ordinal: int
    stage: Stage
    status: Status
    proof: str
    reason: str | None
    requirement: Requirement


@cache
def _file() -> dict[str, Any]:
    text = files("tracker").joinpath("lifecycle.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def one_sided() -> frozenset[Stage]:
    """Stages to which a step of one party leads all of them."""
    return frozenset(Stage(stage) for stage in _file()["one-sided"]["stages"])


@cache
def table() -> tuple[Row, ...]:
    """Every row, by kind and ordinal."""
    data = _file()
    return tuple(
        Row(
            Kind(kind),
            ordinal,
            Stage(stage),
            Status(status),
            data["proof"][stage],
            spec["reason"].get(stage),
            Requirement(data["requirement"][stage]),
        )
        for kind, spec in data["kinds"].items()
        for ordinal, (stage, status) in enumerate(spec["stages"])
    )


@cache
def of(kind: Kind) -> dict[Stage, Row]:
    """The ordered stages of one kind."""
    return {row.stage: row for row in table() if row.kind == kind}


def goals(kind: Kind, stage: Stage) -> tuple[Row, ...]:
    """The stages ahead by any of which the pledge would count as kept, in order.

    None when it is kept or ended already. Which of them it is, the fulfilment test says.
    """
    here = of(kind)[stage]
    kept = (Status.DELIVERED, Status.ONGOING)
    if here.status in (*kept, Status.NOT_DELIVERED):
        return ()
    return tuple(r for r in of(kind).values() if r.ordinal > here.ordinal and r.status in kept)
