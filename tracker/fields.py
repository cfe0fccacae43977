"""The types of fields of the models: what a line, a date or an identifier may be."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BeforeValidator,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from tracker import dates
from tracker.dates import Edtf


def _plain(text: str, allowed: str = "\n\t") -> str:
    """NFC, and no control characters but those allowed."""
    if any(unicodedata.category(c) == "Cc" and c not in allowed for c in text):
        raise PydanticCustomError("control_character", "control character")
    return unicodedata.normalize("NFC", text)


def _line(text: str) -> str:
    return _plain(text, allowed="")


def _edtf(value: Any) -> Edtf:
    try:
        return Edtf(str(value).strip())
    except dates.EndBeforeStart as error:
        raise PydanticCustomError("end_before_start", "ends before it starts") from error
    except ValueError as error:
        raise PydanticCustomError("edtf", "not an EDTF date") from error


def _duration(value: str) -> str:
    try:
        return dates.duration(value)
    except ValueError as error:
        raise PydanticCustomError("duration", "not an ISO 8601 duration") from error


def each_once(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what is named twice."""
    if len(set(ids)) < len(ids):
        raise PydanticCustomError("duplicate", "named twice")
    return ids


_URL = TypeAdapter(AnyHttpUrl)


def _web(value: str) -> str:
    try:
        _URL.validate_python(value)
    except ValidationError as error:
        raise PydanticCustomError("url", "not an http(s) address") from error
    # Addresses are kept as their source gave them; pydantic would re-encode them.
    return value


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        raise PydanticCustomError("language", "not a language tag")
    return value


# Constraints stand before the validator: after it, white space would count as length.
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    AfterValidator(_line),
]
"""One line of text, such as a title."""
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000),
    AfterValidator(_plain),
]
"""A paragraph or two."""
Slug = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=100)
]
"""An identifier: lower-case letters, digits and hyphens."""
Date = Annotated[
    Edtf,
    BeforeValidator(_edtf),
    WithJsonSchema({"type": "string", "format": "edtf"}),
]
"""An EDTF date."""
Duration = Annotated[str, AfterValidator(_duration)]
"""An ISO 8601 duration, as it was written."""
Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000),
    AfterValidator(_line),
    AfterValidator(_web),
]
"""An http or https address, as its source gave it."""
Slugs = Annotated[tuple[Slug, ...], AfterValidator(each_once)]
"""Identifiers, each named once."""
Context = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_plain)]
"""Words around a quote, as they stand there, white space included."""
# Some programs print digests in capitals; the pattern is tried before they are made small.
Sha256 = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[0-9a-fA-F]{64}$")]
"""A SHA-256 digest as hexadecimal."""
Language = Annotated[str, AfterValidator(_language)]
"""BCP 47 language tag."""
