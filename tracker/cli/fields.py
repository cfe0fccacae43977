"""What `tracker add THING --fields` says: the fields of a model, in the words of who fills them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import click

Schema = Mapping[str, Any]
_FORMATS = {"edtf": "date: 2026-02-25, 2026-02, 2026, 2026-02~ …", "date": "day: 2026-02-25"}
_TYPES = {
    "string": "text",
    "boolean": "true or false",
    "integer": "whole number",
    "object": "object with these fields",
}


def describe(schema: Schema) -> str:
    """The fields of a model as lines, from its JSON schema; wrapped to the terminal."""
    rows = list(_fields(schema, schema.get("$defs", {})))
    indent = max(len(name) for name, _ in rows) + 2
    lines = []
    for name, told in rows:
        first, *more = textwrap.wrap(
            told, max(click.HelpFormatter().width - indent, 20), break_on_hyphens=False
        )
        lines += [f"{name:<{indent}}{first}", *(" " * indent + text for text in more)]
    return "\n".join(lines)


def _fields(schema: Schema, definitions: Schema, above: str = "") -> Iterator[tuple[str, str]]:
    for name, told in schema["properties"].items():
        if "const" in told:
            continue  # What kind of thing it is was said by the command.
        need = "required" if name in schema.get("required", ()) else "optional"
        kind, inner = _kind(told, definitions)
        yield f"{above}{name}", f"{need}, {kind}"
        if inner is not None:
            yield from _fields(inner, definitions, f"{above}{name}.")


def _kind(told: Schema, definitions: Schema) -> tuple[str, Schema | None]:
    """The kind of a value in words; of an object also its schema."""
    while "$ref" in told or "anyOf" in told:
        if "$ref" in told:
            told = definitions[told["$ref"].rpartition("/")[2]]
        else:
            told = next(choice for choice in told["anyOf"] if choice.get("type") != "null")
    if "enum" in told:
        return f"one of {', '.join(map(str, told['enum']))}", None
    if told.get("type") == "array":
        kind, inner = _kind(told["items"], definitions)
        return f"JSON list, at most {told['maxItems']}: {kind}", inner
    if "a-z0-9-" in told.get("pattern", ""):
        return "identifier", None
    if "additionalProperties" in told and "properties" not in told:
        return "JSON object of texts by texts", None
    kind = _FORMATS.get(told.get("format", "")) or _TYPES[told["type"]]
    if "maxLength" in told:
        kind += f", at most {told['maxLength']} characters"
    return kind, told if "properties" in told else None
