"""The types of fields of the models: what a line, a date or an identifier may be, and how long.

Text is kept as it was written, whatever other programs might take it for: HTML, Markdown, formulas.
Refused is what nobody could see, or what would change how the text beside it is read.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from tracker import dates
from tracker.dates import Edtf

LINE, TEXT = 500, 10_000
"""Characters that a line and a text may have."""
LINES = 500
"""Lines that a text may have."""
MARKS = 8
"""Marks that a letter may carry; more than any writing needs are drawn over the lines around it."""
MANY = 100
"""Items that a list may have."""
REFERENCES = 1000
"""Identifiers that a list may have."""
NAMES = 10_000
"""Names that a data set may tell in one more language."""
GREATEST = 2**31 - 1
"""The greatest version that the tables of the store can hold."""

_BREAK = re.compile("\r\n|[\r\u2028\u2029]")
# Controls, noncharacters, annotations and tags, which are letters that nobody sees.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufff9-\ufffb\U000e0000-\U000e007f"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_BLANK = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U0001d173-\U0001d17a\U000e0100-\U000e01ef]*"
)
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CLOSED_BY = {
    "\u202a": "\u202c",
    "\u202b": "\u202c",
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}
"""Signs that change the direction of writing, and the one that ends each; overrides are not among them."""


def _plain(text: str) -> str:
    """Text as it is shown: NFC, its lines parted by line feeds, nothing in it that has an effect unseen."""
    text = _BREAK.sub("\n", text)
    if found := _UNSEEN.search(text):
        raise _unseen(found)
    if text.count("\n") >= LINES:
        facts = {"max_length": LINES, "actual_length": text.count("\n") + 1}
        raise PydanticCustomError("too_many_lines", "too many lines", facts)
    if text.isascii():
        return text
    for line in text.split("\n"):
        _check_direction(line)
    text = unicodedata.normalize("NFC", text)
    _check_marks(text)
    return text


def _line(text: str) -> str:
    """The same on one line."""
    if found := re.search("[\n\t\r\u2028\u2029]", text):
        raise _unseen(found)
    return _plain(text)


def _seen(text: str) -> str:
    """Refuse what only looks as if nothing were there."""
    if _BLANK.fullmatch(text):
        raise PydanticCustomError("invisible", "nothing to be seen")
    return text


def _unseen(found: re.Match[str]) -> PydanticCustomError:
    facts = {"character": f"U+{ord(found[0]):04X}", "place": found.start() + 1}
    return PydanticCustomError("control_character", "control character", facts)


def _check_direction(line: str) -> None:
    """Signs of direction end in the line in which they begin, and none overrides that of the letters."""
    awaited: list[str] = []
    for found in _DIRECTION.finditer(line):
        if found[0] in _CLOSED_BY:
            awaited.append(found[0])
        elif not awaited or _CLOSED_BY[awaited.pop()] != found[0]:
            raise _turning(found[0])
    if awaited:
        raise _turning(awaited[-1])


def _turning(sign: str) -> PydanticCustomError:
    return PydanticCustomError("direction", "changes the direction", {"character": f"U+{ord(sign):04X}"})


def _check_marks(text: str) -> None:
    stacked = 0
    for character in text:
        category = unicodedata.category(character)
        if category in ("Mn", "Me"):
            stacked += 1
            if stacked > MARKS:
                raise PydanticCustomError("too_many_marks", "too many marks", {"max_length": MARKS})
        elif category != "Cf":
            stacked = 0


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
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE),
    AfterValidator(_line),
    AfterValidator(_seen),
]
"""One line of text, such as a title."""
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT),
    AfterValidator(_plain),
    AfterValidator(_seen),
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
Duration = Annotated[str, StringConstraints(max_length=40), AfterValidator(_duration)]
"""An ISO 8601 duration, as it was written."""
Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000),
    AfterValidator(_line),
    AfterValidator(_web),
]
"""An http or https address, as its source gave it."""
Slugs = Annotated[tuple[Slug, ...], Field(max_length=REFERENCES), AfterValidator(each_once)]
"""Identifiers, each named once."""
Context = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_plain)]
"""Words around a quote, as they stand there, white space included."""
# Some programs print digests in capitals; the pattern is tried before they are made small.
Sha256 = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[0-9a-fA-F]{64}$")]
"""A SHA-256 digest as hexadecimal."""
Language = Annotated[str, StringConstraints(max_length=35), AfterValidator(_language)]
"""BCP 47 language tag."""
Version = Annotated[int, Field(ge=1, le=GREATEST)]
"""A version of something on record."""
Lines = Annotated[dict[Line, Line], Field(max_length=NAMES)]
"""Lines by lines."""
Texts = Annotated[dict[Text, Text], Field(max_length=MANY)]
"""Texts by texts."""
Item = TypeVar("Item")
Many = Annotated[tuple[Item, ...], Field(max_length=MANY)]
"""A list of so many items that somebody can still read it."""
