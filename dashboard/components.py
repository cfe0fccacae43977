"""What two or more pages draw, and the one way in which data become Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import i18n, linked, telling
from dashboard.session import at, con, t, words
from tracker import formats, queries
from tracker.errors import Invalid, TrackerError, UnknownId

LONGEST = 300
"""Characters of what was given that an error repeats."""
# Renderers make links of bare addresses, and Streamlit icons and signs of words between colons and
# of arrows, even where their characters are escaped; an invisible word joiner parts such text.
_JOINTS = re.compile(
    r"(?<=\bwww)(?=\.)|(?<=:)(?=//)|(?=@)|(?<=:)(?=[\w+-]+[:/])|(?<=(?<!\S)[<>~-])(?=(?:->|[->=])(?!\S))",
    re.IGNORECASE,
)
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=])")
_IN_ADDRESS = re.compile(r"([\\<>&])")


def md(text: object, before: str = "") -> str:
    """Text of the data as Markdown that shows exactly that text: no link, image, formula or HTML.

    `before` stands before every further line, where the text is to stay in a quotation or a list.
    """
    plain = _SPECIAL.sub(r"\\\1", _JOINTS.sub("\u2060", str(text)))
    return plain.replace("\n", f"  \n{before}")


def link(title: str, url: str | None) -> str:
    """A Markdown link to an address outside, or the plain title without one."""
    if url is None:
        return md(title)
    address = _IN_ADDRESS.sub(r"\\\1", url)
    return f"[{md(title)}](<{address}>)"


def commitment_link(commitment_id: str, title: str, **options: Any) -> None:
    """A link to the page of one commitment."""
    linked.page("commitment", md(title), {"id": commitment_id}, **options)


def nearest(ids: Sequence[str]) -> None:
    """Links to commitments that somebody may have meant, by their titles and identifiers."""
    found = [queries.definition(con(), i, at()) for i in ids]
    for row in telling.rows([row for row in found if row], "commitment_id"):
        commitment_link(row["commitment_id"], f"{row['title']} ({row['commitment_id']})")


def check_line(check: Mapping[str, Any]) -> None:
    """One search that found nothing new: when, where, in which languages and words, by whom."""
    parts = [i18n.day(check["checked_on"], words().language), md(", ".join(check["places"]))]
    if check["languages"]:
        parts.append(", ".join(i18n.language(code, words().language) for code in check["languages"]))
    if check["terms"]:
        parts.append(md("; ".join(check["terms"])))
    parts.append(md(check["recorded_by"]))
    if check["withdrawn_at"] is not None:
        parts.append(f":gray-badge[✕ {t('event.gone_badge')}] {md(check['withdrawn_because'])}")
    note = f"  \n{md(check['note'])}" if check["note"] else ""
    st.markdown(f"- {' · '.join(parts)}{note}")


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """A real HTML table."""
    shown = [{t(f"column.{c}"): md(row[c] if row[c] is not None else "") for c in columns} for row in rows]
    st.table(shown, hide_index=True, border="horizontal")


def grade(reliability: str, credibility: int) -> str:
    """Both Admiralty grades as a chip, in Markdown."""
    return f":blue-badge[{reliability}{credibility}]"


def grade_words(reliability: str, credibility: int) -> str:
    """Both Admiralty grades in words."""
    return t(
        "grade.words",
        reliability=t(f"reliability.{reliability}"),
        credibility=t(f"credibility.{credibility}"),
    )


def failed(error: TrackerError) -> None:
    """An error in place of a page."""
    st.title(t("page.failed"))
    st.error(sentence(error))


def uncaught(error: Exception) -> None:
    """An error in place of the rest of a page, or of the part of it that was drawn anew.

    Of a mistake of this program people are told that there was one.
    """
    st.error(sentence(error) if isinstance(error, TrackerError) else t("page.broken"))


def sentence(error: TrackerError) -> str:
    """What went wrong, as Markdown."""
    facts = _facts(error.facts)
    if error.code == "not-allowed":
        facts["why"] = t(f"access.why.{error.facts['why']}")
    if "entity" in facts:
        facts["entity"] = t(f"entity.{error.facts['entity']}")
    code = error.code
    if code == "damaged" and "copy" in error.facts:
        code = "damaged-copy"
    if isinstance(error, UnknownId) and error.near:
        code, facts["near"] = "unknown-id-near", md(", ".join(error.near))
    if error.code == "not-taken":
        facts["found"] = t(f"format.{error.facts['found']}")
    problems: Any = error.problems if isinstance(error, Invalid) else error.facts.get("problems", ())
    if problems:
        facts["problems"] = "; ".join(f"{_facts({'field': p.field})['field']} {problem(p)}" for p in problems)
    return t(f"error.{code}", **facts)


def problem(found: Any) -> str:
    """What is wrong with one field."""
    code = "credibility" if found.code == "enum" and found.field.endswith("credibility") else found.code
    facts = _facts(found.facts)
    if "entity" in facts:
        facts["entity"] = t(f"entity.{found.facts['entity']}")
    if code == "on_record":
        at = linked.address("sources", source=str(found.facts["id"]))
        facts["title"] = f"[{facts['title']}]({at})"
    if f"problem.{code}" not in words():
        return t("problem.other", code=code)
    return t(f"problem.{code}", **facts)


def _facts(told: Mapping[str, object]) -> dict[str, Any]:
    """The facts of an error, its texts as Markdown and cut; the sentence says how its numbers look."""
    return {
        n: value if isinstance(value, int | float) else md(formats.shown(str(value), LONGEST))
        for n, value in told.items()
    }
