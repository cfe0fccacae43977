"""Mappings of a file of our own format, taken key by key: what nobody took is an error.

What the keys mean is known to those who take them. All raise `BadFile` with the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from tracker.errors import BadFile, Invalid, Problem
from tracker.fields import TEXT

NAME = 100
"""Characters by which an entry is named."""


@contextmanager
def noting(wrong: list[BadFile]) -> Iterator[None]:
    """Go on after a place that is wrong, so that all of them can be told at once."""
    try:
        yield
    except BadFile as error:
        wrong.append(error)


def listed(names: Iterable[Any]) -> str:
    """Names in order, in a row."""
    return ", ".join(sorted(map(str, names)))


class Taken:
    """A mapping from the file that knows which of its keys nobody took."""

    def __init__(self, row: Any, where: str) -> None:
        if not isinstance(row, dict):
            raise BadFile("not-a-mapping", where=where)
        self.where = f"{where}/{str(row['id'])[:NAME]}" if "id" in row else where
        self._left = dict(row)

    def take(self, key: str, *default: Any) -> Any:
        """The value of a key, which must be there unless there is a default."""
        if key not in self._left and not default:
            raise BadFile("missing-key", where=self.where, key=key)
        return self._left.pop(key, *default)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def text(self, key: str, most: int = TEXT) -> str:
        """A text no longer than the field that it is for: patterns look at it before the field does."""
        value = self.take(key)
        if not isinstance(value, str):
            raise BadFile("invalid-value", where=self.where, problems=[Problem(key, "string_type")])
        value = value.strip()
        if len(value) > most:
            facts = {"max_length": most, "actual_length": len(value)}
            raise BadFile(
                "invalid-value", where=self.where, problems=[Problem(key, "string_too_long", facts)]
            )
        return value

    def rest(self) -> dict[str, Any]:
        """All that nobody took."""
        left, self._left = self._left, {}
        return left

    def many(self, key: str) -> list[Any]:
        """A list."""
        value = self.take(key)
        if not isinstance(value, list):
            raise BadFile("invalid-value", where=self.where, problems=[Problem(key, "tuple_type")])
        return value

    def rows(self, key: str) -> Iterator[Taken]:
        """The mappings in a list."""
        return _rows(self.many(key), self.where)

    def date(self, key: str, precision: str) -> str | None:
        """A date as EDTF: a full day stands in for a month or year when a second key says so."""
        day = self.take(key, None)
        unit = self.take(precision, "day")
        if unit not in ("day", "month", "year"):
            raise BadFile("unknown-precision", where=self.where, key=precision, value=str(unit))
        return day if day is None else str(day)[: {"day": 10, "month": 7, "year": 4}[unit]]

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Everything must be taken, and what is made of it must be valid."""
        try:
            yield
        except Invalid as error:
            raise BadFile("invalid-value", where=self.where, problems=error.problems) from error
        if self._left:
            raise BadFile("unknown-keys", where=self.where, keys=listed(self._left))


def _rows(rows: list[Any], where: str) -> Iterator[Taken]:
    for row in rows:
        yield Taken(row, where)


def mapping(value: Any, where: str) -> dict[str, Any]:
    """What is a mapping, or `BadFile`."""
    if not isinstance(value, dict):
        raise BadFile("not-a-mapping", where=where)
    return value
