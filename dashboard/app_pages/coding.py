"""A second judgement of an event, made without sight of the first."""

import uuid

import streamlit as st

from dashboard import access, components, i18n, telling
from dashboard.entry import forms
from dashboard.session import con, read_only, t, words, writing
from tracker import lifecycle, provenance, rulewords
from tracker.errors import TrackerError
from tracker.terms import Kind, Stage

CODER, SKIPPED, SAID = "coding-coder", "coding-skipped", "coding-said"
md = components.md


def start() -> None:
    """Take the name that was typed."""
    name = st.session_state["coding-name"].strip()
    if name:
        st.session_state[CODER] = name
        access.remember(name)


def leave() -> None:
    """Let somebody else take over."""
    for name in (CODER, SKIPPED):
        st.session_state.pop(name, None)


def skip(place: str) -> None:
    """Pass over one event in this sitting."""
    st.session_state[SKIPPED] = [*st.session_state.get(SKIPPED, []), place]


def who() -> str | None:
    """The name of the coder, as soon as it is known."""
    known = access.identity()
    told: str | None = known.name if known.confirmed else st.session_state.get(CODER)
    return told


def save(commitment_id: str, version: int, place: str, key: str) -> None:
    """Record the judgement; what is wrong is said and nothing is lost."""
    if f"coding-request-{place}" not in st.session_state:
        # The second half of a double click finds the judgement recorded.
        return
    stage, note = st.session_state[f"coding-stage-{place}"], st.session_state[f"coding-note-{place}"]
    if not forms.allowed({t("coding.stage"): stage and t(f"stage.{stage}"), t("coding.note"): note}):
        return
    if stage is None:
        st.session_state[SAID] = (False, t("coding.choose"))
        return
    try:
        with forms.waiting("coding"):
            writing().code(commitment_id, version, stage, note=note.strip() or None, by=who(), key=key)
    except TrackerError as error:
        if error.code != "unpublished":
            st.session_state[SAID] = (False, components.sentence(error))
            return
    del st.session_state[f"coding-request-{place}"]
    st.session_state[SAID] = (True, t("coding.saved"))


st.title(t("page.coding"))
st.html(f'<p class="lead">{t("coding.lead")}</p>')
st.markdown(t("coding.how"))
if read_only():
    st.info(t("coding.closed"))
    st.stop()
coder = who()
if coder is None:
    with st.form("coding-who"):
        st.text_input(
            t("coding.name"),
            access.identity().name,
            key="coding-name",
            max_chars=access.LONGEST,
            autocomplete="name",
            width=320,
        )
        st.form_submit_button(t("coding.start"), type="primary", on_click=start)
    st.stop()

with st.container(horizontal=True, vertical_alignment="center"):
    own = [c for c in provenance.codings(con()) if c["second_coder"].casefold() == coder.casefold()]
    st.markdown(t("coding.as", name=md(coder), n=len(own)), width="content")
    if not access.identity().confirmed:
        st.button(t("coding.other"), on_click=leave, type="tertiary")
said = st.session_state.pop(SAID, None)
if said is not None and said[0]:
    st.success(said[1], icon=":material/check:")
skipped = st.session_state.get(SKIPPED, [])
ahead = provenance.uncoded(con(), coder, len(skipped) + 1)
event = next((e for e in ahead if f"{e['commitment_id']}:{e['version']}" not in skipped), None)
if event is None:
    st.info(t("coding.rest" if skipped else "coding.done"))
    st.stop()

place = f"{event['commitment_id']}:{event['version']}"
st.header(md(telling.row(event, "commitment_id")["title"]), anchor=False)
st.caption(t(f"kind.{event['kind']}"))
st.markdown(f"**{t('coding.pledge')}** {md(event['pledge'])}")
when = i18n.date(event["happened_on"], words())
vague = i18n.reading(event["happened_on"], words())
st.markdown(f"**{t('coding.event')}** {md(event['note'])}  \n{when} {vague}")
for source in provenance.sources_by_id(con(), event["source_ids"]).values():
    published = i18n.date(source["published"], words())
    st.markdown(
        f"- {components.link(source['title'], source['url'])}, {md(source['publisher'])}, {published}"
    )
rows = lifecycle.of(Kind(event["kind"]))
stages = [s for s in rows if s is not Stage.PRECURSOR] + [Stage.PRECURSOR]
with st.container(border=True, key=f"form-coding-{place}"):
    st.radio(
        t("coding.stage"),
        [s.value for s in stages],
        index=None,
        format_func=lambda s: t("record.precursor") if s == Stage.PRECURSOR else t(f"stage.{s}"),
        captions=[md(rulewords.proof(rows[s], words().language)) for s in stages],
        key=f"coding-stage-{place}",
        persist_state="session",
    )
    st.text_area(
        t("coding.note"),
        key=f"coding-note-{place}",
        max_chars=10_000,
        height=80,
        persist_state="session",
    )
    if said is not None and not said[0]:
        st.error(said[1])
    forms.waits_here("coding")
    with st.container(horizontal=True):
        request = st.session_state.setdefault(f"coding-request-{place}", uuid.uuid4().hex)
        facts = (event["commitment_id"], event["version"], place, request)
        st.button(t("coding.save"), type="primary", on_click=save, args=facts)
        st.button(t("coding.skip"), on_click=skip, args=(place,))
