"""What is on record, told in the language of the reader where it was translated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from dashboard import i18n
from dashboard.kept import kept
from dashboard.linked import Html
from dashboard.session import at, con, t, words
from tracker import translations
from tracker.spoken import Maker
from tracker.terms import Entity

FIELDS = ("title", "pledge", "subject", "claim", "holds", "why")
Row = dict[str, Any]
_WORDS = re.compile(r"[^\W\d_]+")


class Told(str):
    """A text in the reader's language, which knows the words it translates and who made it."""

    original: str
    made_by: Maker

    @classmethod
    def of(cls, text: str, original: str, made_by: str) -> Told:
        """The text with where it comes from."""
        made = cls(text)
        made.original, made.made_by = original, Maker(made_by)
        return made


def rows(
    found: Iterable[Mapping[str, Any]], key: str = "id", entity: Entity = Entity.COMMITMENT
) -> list[Row]:
    """The same rows with what is text in them as the reader is told it; `key` names the thing."""
    given = [dict(row) for row in found]
    if not given or not _is_spoken():
        return given
    told = translations.told(con(), [row[key] for row in given], words().language, at(), entity)

    def tell(row: Row, field: str, original: str) -> str:
        text = told.get((row[key], field, original))
        return Told.of(text["text"], original, text["made_by"]) if text else original

    for row in given:
        row |= {field: tell(row, field, row[field]) for field in FIELDS if row.get(field)}
        if row.get("step"):
            row["step"] = name(row["step"])
        if "sides" in row:
            row["sides"] = [
                side | {"position": tell(row, "position", side["position"])} for side in row["sides"]
            ]
    return given


def disputes(found: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Disputes, each told in the same way."""
    return rows(found, entity=Entity.DISPUTE)


def steps(found: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Milestones under the names that the reader knows."""
    return [{**step, "name": step["name"] and name(step["name"])} for step in found]


def _is_spoken() -> bool:
    """Whether anything on record is told in the reader's language beside its own."""
    return words().language in _languages()


def _languages() -> dict[str, bool]:
    """The languages in which anything is told beside its own, and whether a machine had a hand in it."""
    return kept("languages", lambda: translations.languages(con(), at()))


def row(found: Mapping[str, Any], key: str = "id", entity: Entity = Entity.COMMITMENT) -> Row:
    """One row, told in the same way; an empty one stays empty."""
    return rows([found], key, entity)[0] if found else {}


def within(found: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Rows that name commitments under `commitments`, each of these told in the same way."""
    given = [dict(line) for line in found]
    told = {c["id"]: c for c in rows([c for line in given for c in line["commitments"]])}
    return [line | {"commitments": [told[c["id"]] for c in line["commitments"]]} for line in given]


def log(found: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Lines of the log, each with the commitments and the dispute that it is about told in the same way."""
    given = within(found)
    about = [line for line in given if line["entity"] == Entity.DISPUTE]
    asked = [{"id": line["entity_id"], "claim": line["title"], "holds": line["holds"]} for line in about]
    for line, told in zip(about, disputes(asked), strict=True):
        line |= {"title": told["claim"], "holds": told["holds"]}
    return given


def name(text: str) -> str:
    """A pillar, party, body or milestone as the reader calls it."""
    if not _is_spoken():
        return text
    return kept("names", lambda: translations.names(con(), words().language, at())).get(text, text)


def note() -> str:
    """A quiet line of HTML where a machine translated for this reader; else nothing."""
    if not _languages().get(words().language):
        return ""
    return f'<p class="note">{escape(t("telling.machine_made"))}</p>'


def is_machine(text: object) -> bool:
    """Whether it is a translation that nobody has read."""
    return isinstance(text, Told) and text.made_by is Maker.MACHINE


def original(*texts: str) -> str:
    """What these texts translate, behind a line that says so, as HTML; empty where none is one."""
    told = [text for text in texts if isinstance(text, Told)]
    if not told:
        return ""
    machine = [is_machine(text) for text in told]
    label = t(f"telling.{'machine' if all(machine) else 'partly' if any(machine) else 'human'}")
    beside = " ".join(text.original for text in told)
    body = "".join(
        f'<p lang="{language_of(text.original, beside)}">{escape(text.original)}</p>' for text in told
    )
    return f'<details class="original"><summary>{escape(label)}</summary>{body}</details>'


def quoted(text: str) -> Html:
    """A text of the data as HTML: a quotation where it is not in the reader's language."""
    spoken = language_of(text)
    if not text or spoken in ("", words().language):
        return Html(escape(text))
    return Html(f'<q lang="{spoken}">{escape(text)}</q>')


def language_of(text: str, beside: str = "") -> str:
    """The language of an original; empty where nothing tells it, for no field on record does.

    Letters tell it, or else the small words of the text and of what stands beside it, or that all is
    told in every language of ours but one.
    """
    if i18n.is_korean(text):
        return "ko"
    found = _WORDS.findall(f"{text} {beside}".casefold())
    small = {code: set(i18n.words(code)("telling.small_words").split()) for code in i18n.LANGUAGES}
    count = {code: sum(word in small[code] for word in found) for code in i18n.LANGUAGES}
    most = [code for code in count if count[code] == max(count.values())]
    if len(most) > 1:
        most = [code for code in most if code not in _languages()]
    return most[0] if len(most) == 1 else ""
