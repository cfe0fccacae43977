"""Everything that can go wrong, as facts. Pages and the command put the words to them.

TrackerError
├── Refused                 exit 1: the input cannot be accepted; nothing was changed
│   ├── Invalid             one or more fields are wrong
│   ├── UnknownId           no such commitment, source, agreement, dispute
│   ├── QueryRefused        a reader's SQL was not run, or was stopped
│   └── BadFile             a file is not what its name says, or cannot be read
├── StaleVersion            exit 3: somebody else was first
├── VerificationFailed      exit 4: ledger or projections do not hold
└── StoreUnavailable        exit 5: busy, damaged, read-only, full or out of reach
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class TrackerError(Exception):
    """Base of the family. `code` names the case in the catalogues; `facts` fill its sentence."""

    exit_code = 1

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts: Mapping[str, object] = facts


class Refused(TrackerError):
    """The input cannot be accepted."""


@dataclasses.dataclass(frozen=True)
class Problem:
    """One wrong field: its dotted path, the kind of fault, and the facts of that fault."""

    field: str
    code: str
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)


class Contested(NamedTuple):
    """What two people changed, each in another way: what it was, and what each made of it.

    `place` is a field or, in a list of named things, the field and the name of one; None stands
    for a thing that is not in the list.
    """

    place: tuple[str, ...]
    before: Any
    theirs: Any
    yours: Any


class Invalid(Refused):
    """One or more fields are wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("invalid")
        self.problems = tuple(problems)


class UnknownId(Refused):
    """No entity of that kind has this id."""

    def __init__(self, entity: str, entity_id: str, near: Sequence[str] = ()) -> None:
        super().__init__("unknown-id", entity=entity, id=entity_id)
        self.near = tuple(near)


class QueryRefused(Refused):
    """A reader's SQL was not run, or was stopped."""


class BadFile(Refused):
    """A file is not what its name says, or cannot be read.

    `further` are more places that are wrong in the same file.
    """

    further: tuple["BadFile", ...] = ()


class StaleVersion(TrackerError):
    """Somebody wrote after the version the editor had seen.

    `between` holds the entries the editor did not see, oldest first, as mappings with
    `version`, `kind`, `actor`, `recorded_at`, `payload` and `fields`, the names of those that a
    revision changed. Where only what both changed stood in the way of a merge, `contested`
    says what.
    """

    exit_code = 3

    def __init__(
        self,
        entity: str,
        entity_id: str,
        expected: int,
        actual: int,
        between: Sequence[Mapping[str, Any]],
        contested: Sequence[Contested] = (),
    ) -> None:
        super().__init__("stale", entity=entity, id=entity_id, expected=expected, actual=actual)
        self.expected = expected
        self.actual = actual
        self.between = tuple(between)
        self.contested = tuple(contested)


class VerificationFailed(TrackerError):
    """The hash chain or a projection does not hold."""

    exit_code = 4


class StoreUnavailable(TrackerError):
    """The store is busy, damaged, read-only, full or out of reach."""

    exit_code = 5
