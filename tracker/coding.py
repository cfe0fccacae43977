"""How far two coders agree: Krippendorff's alpha over events judged twice.

Alpha for ordinal data after Krippendorff, Content Analysis (4th ed., 2019), ch. 12: 1 is
perfect agreement, 0 what chance would give. The values are places of stages in the
lifecycle of the kind. The interval is the percentile bootstrap over events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker import lifecycle
from tracker.terms import Kind, Stage

if TYPE_CHECKING:
    import numpy as np

DRAWS = 1000
LEVEL = 0.95
ENOUGH = 2
"""Events judged twice without which there is nothing to compute."""


class Agreement(NamedTuple):
    """How far the coders agree, over how much."""

    alpha: float | None
    """None where fewer than `ENOUGH` events were judged twice, or all were judged alike."""
    low: float | None
    """Lower end of the 95 % interval."""
    high: float | None
    events: int
    """Events judged by two coders or more."""
    coders: int
    alike: int
    """Events on which all coders agree."""


def agreement(codings: Iterable[Mapping[str, Any]], seed: int = 1) -> Agreement:
    """The agreement of `tracker.provenance.codings`; the same rows and seed give the same answer."""
    units: dict[tuple[str, int], dict[str, int]] = {}
    for row in codings:
        places = lifecycle.of(Kind(row["kind"]))
        judged = units.setdefault((row["commitment_id"], row["version"]), {})
        judged[row["first_coder"]] = places[Stage(row["first_stage"])].ordinal
        judged[row["second_coder"]] = places[Stage(row["second_stage"])].ordinal
    coders = sorted({coder for judged in units.values() for coder in judged})
    alike = sum(len(set(judged.values())) == 1 for judged in units.values())
    if len(units) < ENOUGH:
        return Agreement(None, None, None, len(units), len(coders), alike)
    import numpy as np

    table = np.full((len(coders), len(units)), np.nan)
    for column, judged in enumerate(units.values()):
        for coder, place in judged.items():
            table[coders.index(coder), column] = place
    alpha = _alpha(table)
    if alpha is None:
        return Agreement(None, None, None, len(units), len(coders), alike)
    draw = np.random.default_rng(seed)
    drawn = [_alpha(table[:, draw.integers(0, len(units), len(units))]) for _ in range(DRAWS)]
    # A draw in which everything is judged alike has no spread to agree about: it counts as agreement.
    found = [1.0 if value is None else value for value in drawn]
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Agreement(alpha, float(low), float(high), len(units), len(coders), alike)


def _alpha(table: np.ndarray[Any, np.dtype[np.float64]]) -> float | None:
    import krippendorff
    import numpy as np

    if len(set(table[~np.isnan(table)])) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="ordinal"))
