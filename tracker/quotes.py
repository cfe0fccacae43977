"""Quotes held against the archived copies from which they were taken.

A quote is a TextQuoteSelector (W3C Web Annotation Data Model, 4.2.4): the exact words, and
the words before and after. The copy is known by its SHA-256. A copy lies in the folder as
`<source id>.<ending>`; HTML is read as text, any other file as UTF-8.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from enum import StrEnum
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tracker.errors import BadFile
from tracker.queries import rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ALIKE = 0.5
"""Share of a quote that must still stand in one piece for it to count as changed, not gone."""
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
    copy shows where.
    """
    quotes = rows(
        con,
        "SELECT c.commitment_id, c.version, c.source_id, c.quote, c.prefix, c.suffix, c.archive_sha256 "
        "FROM citations AS c JOIN history AS h USING (commitment_id, version) "
        "WHERE c.quote IS NOT NULL AND h.withdrawn_at IS NULL "
        "ORDER BY c.source_id, c.commitment_id, c.version, c.position",
    )
    copies = {source_id: _copy(folder, source_id) for source_id in {q["source_id"] for q in quotes}}
    found = [_held(quote, copies[quote["source_id"]]) for quote in quotes]
    shown = {c.source_id for c in found if c.result is not Result.EXACT}
    return [
        c._replace(fails=c.result is not Result.EXACT or (c.copy == "altered" and c.source_id not in shown))
        for c in found
    ]


def _copy(folder: Path, source_id: str) -> tuple[str, str] | None:
    """Digest and text of the archived copy of a source."""
    path = next((p for p in sorted(folder.glob(f"{source_id}.*")) if p.stem == source_id), None)
    return None if path is None else read(path)


def read(path: Path) -> tuple[str, str]:
    """Digest and text of one archived copy. Raises `BadFile`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile("unreadable", path=str(path), detail=error.strerror or "") from error
    text = data.decode("utf-8", errors="replace")
    return hashlib.sha256(data).hexdigest(), _plain(as_text(text) if path.suffix in _HTML else text)


def _held(quote: Mapping[str, Any], copy: tuple[str, str] | None) -> Checked:
    named = (quote["commitment_id"], quote["version"], quote["source_id"], quote["quote"])
    if copy is None:
        return Checked(*named, Result.GONE, "missing", True)
    digest, text = copy
    sealed = quote["archive_sha256"]
    state = "unsealed" if sealed is None else "intact" if sealed == digest else "altered"
    result = find(text, quote["quote"], quote["prefix"] or "", quote["suffix"] or "")
    return Checked(*named, result, state, False)


def find(text: str, exact: str, prefix: str = "", suffix: str = "") -> Result:
    """What became of a quote in a text. White space counts as one space, wherever it breaks."""
    text, quote = _plain(text), _plain(exact)
    places = [m.start() for m in re.finditer(re.escape(quote), text)]
    before, after = _plain(prefix).strip(), _plain(suffix).strip()
    for place in places:
        if text[:place].rstrip().endswith(before) and text[place + len(quote) :].lstrip().startswith(after):
            return Result.EXACT
    if places:
        return Result.MOVED
    match = SequenceMatcher(None, quote, text, autojunk=False).find_longest_match()
    return Result.CHANGED if match.size >= ALIKE * len(quote) else Result.GONE


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
