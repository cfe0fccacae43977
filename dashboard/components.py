"""What two or more pages draw, and the one way in which data become Markdown."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import i18n, linked, theme
from dashboard.session import at, ground, t, words
from tracker import formats, provenance, queries
from tracker.errors import Invalid, TrackerError, UnknownId
from tracker.terms import Schedule, Status

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


def status_badge(status: str) -> str:
    """A status as symbol and word, in Markdown."""
    mark = theme.STATUS[Status(status)]
    return f":{mark.badge}-badge[{mark.sign} {t(f'status.{status}')}]"


def claimed_badge(stage: str) -> str:
    """A stage that sources tell and the evidence does not support, in Markdown."""
    return f":orange-badge[? {t('row.claimed', stage=t(f'stage.{stage}'))}]"


def schedule_badge(schedule: str) -> str:
    """A schedule as symbol and word, in Markdown."""
    mark = theme.SCHEDULE[Schedule(schedule)]
    return f":{mark.badge}-badge[{mark.sign} {t(f'schedule.{schedule}')}]"


def commitment_link(commitment_id: str, title: str, **options: Any) -> None:
    """A link to the page of one commitment."""
    linked.page("commitment", md(title), {"id": commitment_id}, **options)


def commitment_row(
    row: Mapping[str, Any], key: str, contested: Container[str], claims: Mapping[str, str]
) -> None:
    """One commitment on one line: link, status, stage, since when, schedule, claim, dispute.

    `contested` are the commitments about which a dispute is open, `claims` the stages that
    sources tell beyond what the evidence supports.
    """
    with st.container(
        key=f"row-{key}-{row['id']}", horizontal=True, vertical_alignment="center", gap="small"
    ):
        commitment_link(row["id"], row["title"], width="stretch")
        said = [status_badge(row["status"])]
        if row["stage"] != row["status"]:
            said.append(t(f"stage.{row['stage']}"))
        if row["stage_since"]:
            said.append(t("row.since", date=i18n.date(row["stage_since"], words())))
        if row["schedule"] not in (Schedule.NO_DATE, Schedule.MET):
            said.append(schedule_badge(row["schedule"]))
        if row["id"] in claims:
            said.append(claimed_badge(claims[row["id"]]))
        if row["id"] in contested:
            said.append(f":orange-badge[≠ {t('row.contested')}]")
        elif row["disputed"]:
            said.append(f":gray-badge[≠ {t('row.settled')}]")
        st.markdown(" ".join(said), width="content")


def chart(drawn: Any, alt_text: str, key: str) -> None:
    """A chart with its text alternative."""
    # Validation against the schema would take half of a page's time; tests do it instead.
    spec = drawn.to_dict(validate=False) | {"config": theme.config(ground(), words().language)}
    st.vega_lite_chart(spec=spec, alt=alt_text[:100], key=f"chart-{key}-{ground()}", theme=None)


def twin(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], key: str) -> None:
    """The table behind a chart, made only when somebody opens it."""
    opened = st.expander(t("chart.as_table"), key=f"twin-{key}", type="compact", on_change="rerun")
    if opened.open:
        with opened:
            table(rows, columns)


def check_line(check: Mapping[str, Any]) -> None:
    """One search that found nothing new: when, where, in which languages and words, by whom."""
    parts = [i18n.day(check["checked_on"], words().language), md(", ".join(check["places"]))]
    if check["languages"]:
        parts.append(", ".join(check["languages"]))
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
    """Both Admiralty grades as a chip that explains itself, in Markdown."""
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


def broken() -> None:
    """A mistake of this program in place of the rest of a page."""
    st.error(t("page.broken"))


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
    if f"problem.{code}" not in words():
        return t("problem.other", code=code)
    return t(f"problem.{code}", **facts)


def _facts(told: Mapping[str, object]) -> dict[str, Any]:
    """The facts of an error, its texts as Markdown and cut; the sentence says how its numbers look."""
    return {
        n: value if isinstance(value, int | float) else md(formats.shown(str(value), LONGEST))
        for n, value in told.items()
    }


def holding(row: Mapping[str, Any]) -> str:
    """What holds in a dispute, or while it is open, what is held for now; empty where nothing is."""
    if not row["holds"]:
        return ""
    return f"**{t('dispute.holds' if row['settled'] else 'dispute.held')}** {md(row['holds'])}"


def dispute(cursor: Any, row: Mapping[str, Any], *, links: bool = False, alone: bool = False) -> Any:
    """One dispute behind its claim: each side with its sources, what holds and why, and what it touches.

    `links` is for the page of sources, where it also leads to the commitments; there `alone`
    opens the only one that is shown. Returns the opened body, or None while it is closed.
    """
    state = "settled" if row["settled"] else "open"
    badge = f":{'blue' if row['settled'] else 'orange'}-badge[{t(f'dispute.{state}')}]"
    if row["withdrawn_at"]:
        badge += f" :gray-badge[✕ {t('event.gone_badge')}]"
    answer = f" {md(row['holds'])}" if row["settled"] and row["holds"] else ""
    body = st.expander(
        f"{md(row['claim'])} {badge}{answer}",
        expanded=alone or not (row["settled"] or row["withdrawn_at"]),
        key=f"{'story' if alone else 'dispute'}-{row['id']}",
        on_change="rerun",
    )
    if not body.open:
        return None
    with body:
        ids = [i for side in row["sides"] for i in side["source_ids"]]
        known = provenance.sources_by_id(cursor, ids, at())
        for side in row["sides"]:
            told = "\n".join(f"- {source_line(known[i])}" for i in side["source_ids"])
            st.markdown(f"{_side_badge(row['settled'], side['holds'])} {md(side['position'])}\n\n{told}")
        why = f"**{t('dispute.why')}** {md(row['why'])}" if row["why"] else ""
        if held := "  \n".join(filter(None, (holding(row), why))):
            st.markdown(held)
        if links and row["commitment_ids"]:
            wordings = {i: queries.definition(cursor, i, at()) for i in row["commitment_ids"]}
            linked.line(
                t("dispute.touches"),
                [(w.get("title", i), linked.address("commitment", id=i)) for i, w in wordings.items()],
            )
        linked.line(
            t("dispute.about"),
            [(known[i]["publisher"], linked.address("sources", source=i)) for i in dict.fromkeys(ids)],
        )
        when = i18n.day(row["recorded_at"].date(), words().language)
        recorded = t("dispute.recorded", by=md(row["recorded_by"]), date=when)
        if row["withdrawn_at"]:
            until = i18n.day(row["withdrawn_at"].date(), words().language)
            facts = {"by": md(row["withdrawn_by"]), "date": until, "reason": md(row["withdrawn_because"])}
            recorded += "  \n" + t("event.withdrawn", **facts)
        st.caption(recorded)
    return body


def _side_badge(settled: bool, holds: bool | None) -> str:
    """Whether a side of a dispute holds, as symbol and word, in Markdown."""
    if holds is None:
        return (
            f":gray-badge[– {t('dispute.side.neither')}]"
            if settled
            else f":orange-badge[? {t('dispute.side.open')}]"
        )
    return (
        f":green-badge[✓ {t('dispute.side.holds')}]" if holds else f":red-badge[✗ {t('dispute.side.fails')}]"
    )


def source_line(source: Mapping[str, Any]) -> str:
    """A source on one line: its grade, the link to the document, its publisher, and whether it counts."""
    gone = f" :red-badge[{t('sources.withdrawn')}]" if source["withdrawn_at"] else ""
    return (
        f":blue-badge[{source['reliability']}] {link(source['title'], source['url'])}, "
        f"{md(source['publisher'])}{gone}"
    )
