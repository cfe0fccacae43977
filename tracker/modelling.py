"""What all models have in common: frozen, closed, and wrong in our words. No field of the domain but one."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tracker.errors import Invalid, Problem
from tracker.fields import Text


def _is_none(value: object) -> bool:
    return value is None


def since(default: None = None) -> Any:
    """An optional field that came after the first edition of the model.

    Unset, it leaves no trace in the payload: lines of older ledgers stay what they were,
    letter for letter.
    """
    return Field(default, exclude_if=_is_none)


class Model(BaseModel):
    """Frozen, closed to unknown keys, comparable by value."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)

    @classmethod
    def parse(cls, data: Any) -> Self:
        """Validate `data`, raising `Invalid` with one problem per wrong field."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            problems = [_problem(e) for e in error.errors(include_url=False)]
            # pydantic counts only the items without fault, and calls the list too short.
            raise Invalid(
                [
                    p
                    for p in problems
                    if p.code != "too_short" or not any(o.field.startswith(f"{p.field}.") for o in problems)
                ]
            ) from error


def _problem(error: Any) -> Problem:
    facts = {k: v for k, v in error.get("ctx", {}).items() if isinstance(v, str | int | float)}
    if error["type"] == "string_too_long":
        facts["actual_length"] = len(error["input"].strip())
    return Problem(".".join(str(p) for p in error["loc"]), error["type"], facts)


class Recorded(Model):
    """What has an identity of its own in the ledger."""

    because: Text | None = since()
    """Why this version replaces the one before."""
