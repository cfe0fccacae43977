"""Quotes held against the archived copies from which they were taken.

A quote is a TextQuoteSelector (W3C Web Annotation Data Model, 4.2.4): the exact words, and
the words before and after. The copy is known by its SHA-256. A copy lies in the folder as
`<source id>.<ending>`, or unaltered under any name; HTML is read as text, any other file as UTF-8.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.errors import BadFile
from tracker.queries import rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ALIKE = 0.5
"""Share of a quote that must still stand near one place for it to count as changed, not gone."""
_HTML = (".html", ".htm", ".xhtml")


class Result(StrEnum):
    """What became of a quote."""

    EXACT = "exact"
    """It stands where it stood, between the same words."""
    MOVED = "moved"
    """Its words stand there, between other words."""
    CHANGED = "changed"
    """A good part of it stands there."""
    GONE = "gone"
    """It does not stand there, or the copy is missing."""


class Checked(NamedTuple):
    """One quote, held against its copy."""

    commitment_id: str
    version: int
    source_id: str
    quote: str
    result: Result
    copy: str
    """intact, altered, missing, or unsealed where no SHA-256 was recorded."""
    fails: bool


def check(con: DuckDBPyConnection, folder: Path) -> list[Checked]:
    """Hold every quote that stands against the copies in a folder.

    A quote fails when it is not exact, or when its copy was altered and no quote from that
    copy shows where. Its words intact and only those around them altered, it does not fail
    if they belong to another quote that does.
    """
    quotes = rows(
        con,
        "SELECT c.commitment_id, c.version, c.source_id, c.quote, c.prefix, c.suffix, c.archive_sha256 "
        "FROM citations AS c JOIN history AS h USING (commitment_id, version) "
        "WHERE c.quote IS NOT NULL AND h.withdrawn_at IS NULL "
        "ORDER BY c.source_id, c.commitment_id, c.version, c.position",
    )
    seals: dict[str, set[str]] = {}
    for quote in quotes:
        seals.setdefault(quote["source_id"], set()).add(quote["archive_sha256"])
    copies = {source_id: _copy(folder, source_id, sealed) for source_id, sealed in seals.items()}
    found = [_held(quote, copies[quote["source_id"]]) for quote in quotes]
    hits: dict[str, list[_Span]] = {}
    for told, place in found:
        if told.result is Result.CHANGED and place is not None:
            hits.setdefault(told.source_id, []).append(place)
    shown = {told.source_id for told, _ in found if told.result is not Result.EXACT}
    return [
        told._replace(
            fails=not _explained(quote, place, hits.get(told.source_id, []))
            if told.result is Result.MOVED
            else told.result is not Result.EXACT or (told.copy == "altered" and told.source_id not in shown)
        )
        for quote, (told, place) in zip(quotes, found, strict=True)
    ]


def _explained(quote: Mapping[str, Any], place: _Span | None, hits: Sequence[_Span]) -> bool:
    """Whether a quote that was hit reaches into what should stand around this one."""
    if place is None:
        return False
    # A space may stand between a quote and what is recorded of its neighbours.
    first = place.start - len(quote["prefix"] or "") - 1
    last = place.end + len(quote["suffix"] or "") + 1
    return any(hit.start < last and first < hit.end for hit in hits)


def _copy(folder: Path, source_id: str, sealed: set[str]) -> tuple[str, str] | None:
    """Digest and text of the archived copy of a source: the file of its name, or one with its digest."""
    path = next((p for p in sorted(folder.glob(f"{source_id}.*")) if p.stem == source_id), None)
    if path is None:
        files = (p for p in sorted(folder.iterdir()) if p.is_file())
        path = next((p for p in files if hashlib.sha256(p.read_bytes()).hexdigest() in sealed), None)
    return None if path is None else read(path)


def read(path: Path) -> tuple[str, str]:
    """Digest and text of one archived copy. Raises `BadFile`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile("unreadable", path=str(path), detail=error.strerror or "") from error
    text = data.decode("utf-8", errors="replace")
    return hashlib.sha256(data).hexdigest(), _plain(as_text(text) if path.suffix in _HTML else text)


def _held(quote: Mapping[str, Any], copy: tuple[str, str] | None) -> tuple[Checked, _Span | None]:
    named = (quote["commitment_id"], quote["version"], quote["source_id"], quote["quote"])
    if copy is None:
        return Checked(*named, Result.GONE, "missing", True), None
    digest, text = copy
    sealed = quote["archive_sha256"]
    state = "unsealed" if sealed is None else "intact" if sealed == digest else "altered"
    result, place = _find(text, quote["quote"], quote["prefix"] or "", quote["suffix"] or "")
    return Checked(*named, result, state, False), place


def find(text: str, exact: str, prefix: str = "", suffix: str = "") -> Result:
    """What became of a quote in a text. White space counts as one space, wherever it breaks."""
    return _find(_plain(text), exact, prefix, suffix)[0]


class _Span(NamedTuple):
    """Where in a text a quote stands, or what is left of it."""

    start: int
    end: int


def _find(text: str, exact: str, prefix: str, suffix: str) -> tuple[Result, _Span | None]:
    """What became of a quote in a plain text, and where that stands."""
    quote = _plain(exact)
    before, after = _plain(prefix).strip(), _plain(suffix).strip()
    places = [_Span(*m.span()) for m in re.finditer(re.escape(quote), text)]
    if places:

        def sides(place: _Span) -> int:
            left = text[max(0, place.start - len(before) - 1) : place.start].rstrip()
            right = text[place.end : place.end + len(after) + 1].lstrip()
            return left.endswith(before) + right.startswith(after)

        best = max(places, key=sides)
        return (Result.EXACT if sides(best) == 2 else Result.MOVED), best
    left_over = max((_left_over(text, quote, near) for near in _likely(text, quote)), default=(0, None))
    return (Result.CHANGED, left_over[1]) if left_over[0] >= ALIKE * len(quote) else (Result.GONE, None)


PIECE = 8
"""Characters of a piece by which a quote is looked for."""
LEAST = 4
"""Characters that must stand in a row to count: shorter ones stand in any text."""
HITS, PLACES = 2000, 3
"""Occurrences of pieces to look at, and places to look at closely."""


def _pieces(quote: str, size: int, step: int = 1) -> list[str]:
    return [quote[at : at + size] for at in range(0, len(quote) - size + 1, step)]


def _size(quote: str) -> int:
    """Length of the pieces of a quote; of a short one, one changed character leaves a half."""
    return max(1, min(PIECE, max(len(quote) // 4, min(3, len(quote) // 2))))


def _likely(text: str, quote: str) -> list[_Span]:
    """Where most pieces of a quote stand at about the distance at which they stand in it."""
    size, step = _size(quote), max(1, len(quote) // 64)
    room = len(quote) // 4 + 1
    # Rare pieces tell most about the place.
    counted = sorted(
        (n, at) for at in range(0, len(quote) - size + 1, step) if (n := text.count(quote[at : at + size]))
    )
    votes: Counter[int] = Counter()
    seen = 0
    for _, offset in counted:
        at = text.find(quote[offset : offset + size])
        while at >= 0 and seen < HITS:
            votes[(at - offset) // room] += 1
            seen += 1
            at = text.find(quote[offset : offset + size], at + 1)
    return [
        _Span(max(0, (place - 1) * room), min(len(text), (place + 2) * room + len(quote)))
        for place, _ in votes.most_common(PLACES)
    ]


def _left_over(text: str, quote: str, near: _Span) -> tuple[int, _Span]:
    """How many characters of a quote still stand near a place, and about from where to where."""
    size = min(LEAST, _size(quote))
    window = text[near.start : near.end]
    there = set(_pieces(window, size))
    covered = {at + n for at, piece in enumerate(_pieces(quote, size)) if piece in there for n in range(size)}
    own = set(_pieces(quote, size))
    found = [at for at, piece in enumerate(_pieces(window, size)) if piece in own] or [0]
    start, end = near.start + found[0], near.start + found[-1] + size
    # Its first or last words may be those that were altered.
    return len(covered), _Span(min(start, end - len(quote)), max(end, start + len(quote)))


def selector(text: str, exact: str, around: int = 40) -> tuple[str, str] | None:
    """The words before and after a quote in a text; None where it does not stand there."""
    text, quote = _plain(text), _plain(exact)
    place = text.find(quote)
    if place < 0:
        return None
    end = place + len(quote)
    return text[max(0, place - around) : place], text[end : end + around]


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


class _Text(HTMLParser):
    """Keeps what a browser would show."""

    # Not the head: its end may be left out, and all else would go with it.
    _UNSEEN = ("title", "script", "style", "noscript", "template")
    _INLINE = (
        "a", "abbr", "b", "cite", "code", "em", "i", "mark", "q", "small", "span", "strong", "sub",
        "sup", "u",
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        self._unseen += tag in self._UNSEEN
        if tag not in self._INLINE:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in self._UNSEEN and self._unseen > 0
        if tag not in self._INLINE:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def as_text(html: str) -> str:
    """The text that a page of HTML shows."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)
