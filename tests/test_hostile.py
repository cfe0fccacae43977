"""Texts that want to be more than text: which are kept letter for letter, and which nobody takes."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterator
from typing import Any

import hostile
import make
import pytest

from tracker.errors import Invalid, Refused
from tracker.ledger import LARGEST
from tracker.modelling import Model
from tracker.tracker import Tracker

EXAMPLES: list[Model] = [*hostile.things(), hostile.event(supersedes=2, because="It was wrong.")]
Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text in a payload, with its place."""
    if isinstance(value, str):
        yield path, value
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from leaves(part, (*path, name))


def put(payload: Any, path: Path, text: Any) -> Any:
    """A copy of a payload with something else in one place."""
    changed = copy.deepcopy(payload)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = text
    return changed


def refusal(model: type[Model], payload: Any) -> set[str]:
    """The faults for which a payload is refused; none when it is taken."""
    try:
        model.parse(payload)
    except Invalid as refused:
        return {p.code for p in refused.problems}
    return set()


def free(example: Model) -> Iterator[tuple[dict[str, Any], Path]]:
    """The places of an example where any text can stand."""
    payload = example.model_dump(mode="json")
    for path, _ in leaves(payload):
        if not refusal(type(example), put(payload, path, "Any text, whatever it is.")):
            yield payload, path


def test_a_text_is_kept_letter_for_letter_wherever_text_can_stand() -> None:
    kept = 0
    for example in EXAMPLES:
        for payload, path in free(example):
            for name, text in hostile.SHOWN.items():
                told = type(example).parse(put(payload, path, text)).model_dump(mode="json")
                assert told == put(payload, path, unicodedata.normalize("NFC", text)), (path, name)
            kept += 1
    assert kept >= 55


@pytest.mark.parametrize("name", hostile.LATER)
def test_a_text_of_several_lines_is_kept_with_its_lines(name: str) -> None:
    text = hostile.LATER[name]
    kept = make.event(note=text).note
    assert kept.split("\n") == [line for line in text.strip().splitlines()]


def test_what_nobody_could_see_is_refused_in_every_field_and_named() -> None:
    for example in EXAMPLES:
        payload = example.model_dump(mode="json")
        everywhere = {path for path, _ in leaves(payload)}
        text_fields = {path for _, path in free(example)}
        for name, (text, code) in hostile.REFUSED.items():
            for path in everywhere:
                if path[-1] in ("prefix", "suffix") and name in ("spaces", "nothing", "fillers"):
                    continue  # Around a quote there may be nothing to be seen.
                codes = refusal(type(example), put(payload, path, text))
                assert codes, (type(example), path, name)
                if code and path in text_fields:
                    assert codes == {code}, (type(example), path, name)


def test_words_around_a_quote_may_be_white_space() -> None:
    item = {"source_id": "gazette", "credibility": 1, "quote": "Signed.", "prefix": " \n", "suffix": "\u200b"}
    kept = make.event(evidence=[item]).evidence[0]
    assert (kept.prefix, kept.suffix) == (" \n", "\u200b")


def test_every_list_has_an_end() -> None:
    for example in EXAMPLES:
        payload = example.model_dump(mode="json")
        for path in {path[:-1] for path, _ in leaves(payload) if isinstance(path[-1], int)}:
            holder = payload
            for step in path:
                holder = holder[step]
            codes = refusal(
                type(example),
                put(
                    payload,
                    path,
                    ["en"] * 1001 if path[-1] == "languages" else [f"item-{n}" for n in range(1001)],
                ),
            )
            assert codes == {"too_long"}, (type(example), path)


@pytest.mark.parametrize("number", [10**30, 2**31, -1, 0])
@pytest.mark.parametrize("field", ["supersedes", "event_version"])
def test_a_version_that_no_table_can_hold_is_refused(field: str, number: int) -> None:
    example = next(e for e in EXAMPLES if hasattr(e, field))
    payload = example.model_dump(mode="json") | {field: number}
    assert refusal(type(example), payload) <= {"less_than_equal", "greater_than_equal"}
    assert refusal(type(example), payload)


@pytest.mark.parametrize(
    ("thing", "field", "value", "said"),
    [
        (make.source, "title", "x" * 501, {"max_length": 500, "actual_length": 501}),
        (make.source, "title", "  " + "x" * 501 + " ", {"max_length": 500, "actual_length": 501}),
        (make.source, "note", "\n".join("x" * 501), {"max_length": 500, "actual_length": 501}),
        (make.source, "speaks_for", ["x"] * 101, {"max_length": 100, "actual_length": 101}),
        (make.source, "title", "ab\x1bc", {"character": "U+001B", "place": 3}),
        (make.source, "title", "ab\u202ec", {"character": "U+202E"}),
    ],
)
def test_a_refusal_says_what_fits_and_what_was_found(thing: Any, field: str, value: Any, said: Any) -> None:
    with pytest.raises(Invalid) as refused:
        thing(**{field: value})
    facts = refused.value.problems[0].facts
    assert {name: facts[name] for name in said} == said


def test_what_is_too_large_as_a_whole_is_refused_and_nothing_is_recorded(tracker: Tracker) -> None:
    before = tracker.info()
    huge = make.commitment("huge", open_questions=["x" * 10_000] * 100, conflicts=["y" * 10_000] * 100)
    with pytest.raises(Refused) as refused:
        tracker.add(huge, by="ann")
    assert refused.value.code == "entry-too-large"
    assert refused.value.facts["most"] == LARGEST
    assert refused.value.facts["bytes"] > LARGEST
    assert tracker.info() == before


def test_everything_is_stored_and_read_back_letter_for_letter(tracker: Tracker) -> None:
    texts = [*hostile.SHOWN.values(), *hostile.LATER.values()]
    tracker.add(*(make.source(f"s-{n}", note=text) for n, text in enumerate(texts)), by="ann")
    told = tracker.sql("SELECT note FROM sources WHERE id LIKE 's-%' ORDER BY CAST(id[3:] AS INTEGER)")
    assert told["note"].to_pylist() == [make.source(note=text).note for text in texts]
