"""What a reader who types a few letters means: case, accents, spaces and half-typed Hangul do not count.

Texts are folded once, by the macro `plain`, into the columns `searchable`; here the words that are
looked for become what is held against them. One place for the list, the command and Python.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FIRST, _LAST = 0xAC00, 0xD7A3
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_VOWELS, _ENDS = 21, 28
"""Vowels, and ends of a syllable, the open one among them."""
_VOWELS_FROM = {8: 11, 13: 16, 18: 19}
"""Vowels that begin others, with the last of these: ㅗ of ㅘ, ㅙ and ㅚ."""
_ENDS_FROM = {1: (3,), 4: (5, 6), 8: (9, 10, 11, 12, 13, 14, 15), 17: (18,)}
"""Ends that begin others: ㄱ of ㄳ."""
_SPLIT = {
    3: (1, "ㅅ"), 5: (4, "ㅈ"), 6: (4, "ㅎ"), 9: (8, "ㄱ"), 10: (8, "ㅁ"), 11: (8, "ㅂ"), 12: (8, "ㅅ"),
    13: (8, "ㅌ"), 14: (8, "ㅍ"), 15: (8, "ㅎ"), 18: (17, "ㅅ"),
}  # fmt: skip
"""Ends of two letters, parted: what stays, and what may begin the next syllable."""
_JAMO = re.compile("[\u3131-\u318e]")
_WIDE = re.compile("[^\u3131-\u318e]+")
_JOINED = 4
"""Letters from which words may be typed without the spaces between them."""

NOTHING: dict[str, Any] = dict.fromkeys(("literal", "pattern", "initials", "joined", "spaced"))
"""What is bound where nothing is looked for."""


def found(text: str, names: str) -> str:
    """The SQL condition that a folded text, or its names without spaces, hold what `sought` binds.

    Only where a letter stands alone at the beginning, names alone are looked through: in longer
    texts some syllables with these initials follow each other anywhere.
    """
    return (
        f"((contains({text}, $literal) AND ($pattern IS NULL OR regexp_matches({text}, $pattern))) "
        f"OR ($initials IS NOT NULL AND regexp_matches({names}, $initials)) "
        f"OR ($joined IS NOT NULL AND contains({names}, $joined) AND regexp_matches({text}, $spaced)))"
    )


def found_in(text: str) -> str:
    """The same for a folded text that is all name."""
    return found(text, f"replace({text}, ' ', '')")


COMMITMENTS = f"""
    SELECT commitment_id FROM definitions
    WHERE known_from <= $known_at AND $known_at < known_to AND ({found("searchable", "searchable_names")}
        OR ($named IS NOT NULL AND list_has_any(flatten([[p.name] || p.bodies for p in parties]), $named)))
    UNION ALL
    SELECT c.commitment_id
    FROM citations AS c JOIN events AS e USING (commitment_id, version)
    JOIN source_versions AS s ON s.id = c.source_id
    WHERE s.known_from <= $known_at AND $known_at < s.known_to AND e.recorded_at <= $known_at
        AND e.certain_on <= $day AND {found_in("s.searchable")}
        AND (c.commitment_id, c.version) NOT IN (
            SELECT (commitment_id, version) FROM withdrawals
            WHERE known_from <= $known_at AND $known_at < known_to)
"""
"""Commitments in whose texts, names or sources something is found.

A source counts where it is cited for an event that stands and had happened by then.
"""


def sought(con: DuckDBPyConnection, words: str | None, known_at: dt.datetime) -> dict[str, Any]:
    """What is bound to the names in `found` and `COMMITMENTS`; of no words, what finds everything."""
    if words is None:
        return NOTHING | {"named": None}
    told = held(con, words)
    names = con.execute(
        "SELECT list(DISTINCT original) FROM translations_known($known_at) "
        f"WHERE field = 'name' AND {found_in('plain(text)')}",
        told | {"known_at": known_at},
    ).fetchone()
    return told | {"named": names[0] if names else None}


def held(con: DuckDBPyConnection, words: str) -> dict[str, Any]:
    """What is bound to the names in `found`."""
    # Letters of Hangul that are typed alone are not letters of a syllable; NFKC would make them that.
    typed = _WIDE.sub(lambda run: unicodedata.normalize("NFKC", run[0]), words)
    row = con.execute("SELECT plain(?)", [typed]).fetchone()
    assert row is not None
    plain: str = row[0]
    if not plain and words.strip():
        # Nothing but punctuation, which no folded text holds.
        return NOTHING | {"literal": words.strip()}
    if any(map(_is_hangul, plain)):
        return NOTHING | _hangul(plain)
    joined = plain.replace(" ", "")
    if len(joined) < _JOINED:
        return NOTHING | {"literal": plain}
    spaced = rf"(?:^|[ \x1f]){' ?'.join(joined)}(?:[ \x1f]|$)"
    return NOTHING | {"literal": plain, "joined": joined, "spaced": spaced}


def _is_hangul(character: str) -> bool:
    return _FIRST <= ord(character) <= _LAST or _JAMO.match(character) is not None


def _hangul(plain: str) -> dict[str, Any]:
    """What is bound for words in which Hangul stands: what must stand as it is, and a pattern of the rest."""
    last = len(plain) - 1
    place = next((n for n, c in enumerate(plain) if _JAMO.match(c)), last)
    pattern = "".join(_half(c) if n == last else _initial(c) for n, c in enumerate(plain))
    if _JAMO.match(plain[0]):
        return {"initials": pattern}
    return {"literal": plain[:place], "pattern": pattern}


def _initial(character: str) -> str:
    """The pattern of a syllable of which the first letter was typed, or of anything as it is."""
    if character in _INITIALS:
        first = _FIRST + _INITIALS.index(character) * _VOWELS * _ENDS
        return f"[{character}{chr(first)}-{chr(first + _VOWELS * _ENDS - 1)}]"
    return re.escape(character)


def _half(character: str) -> str:
    """The pattern of what may become of the last letters while one is typing."""
    if not _FIRST <= ord(character) <= _LAST:
        return _initial(character)
    place = ord(character) - _FIRST
    vowel, end = place // _ENDS, place % _ENDS
    if end == 0:
        until = vowel - vowel % _VOWELS + _VOWELS_FROM.get(vowel % _VOWELS, vowel % _VOWELS)
        return f"[{character}-{chr(_FIRST + until * _ENDS + _ENDS - 1)}]"
    closed = "".join(chr(_FIRST + vowel * _ENDS + e) for e in (end, *_ENDS_FROM.get(end, ())))
    stays, goes = _SPLIT.get(end, (0, _FINALS[end]))
    # The last letter may belong to the next syllable: 한 on the way to 하나.
    return f"(?:[{closed}]|{chr(_FIRST + vowel * _ENDS + stays)}{_initial(goes)})"
