"""Two wordings compared word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Piece(NamedTuple):
    """A run of words that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


def redline(before: str, after: str) -> list[Piece]:
    """What went and what came, in reading order; both wordings can be read off it.

    Words are compared whole. Scripts without spaces between words are compared by the runs
    of letters that stand between spaces and punctuation, so Korean by its word groups.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece("gone", "".join(old[i:j])))
        if k < m:
            pieces.append(Piece("new", "".join(new[k:m])))
    return pieces
