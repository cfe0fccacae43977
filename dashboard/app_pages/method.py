"""Can I trust this? Definitions, lifecycles, grades, rules, and where the evidence ends."""

from html import escape

import streamlit as st

from dashboard import components, i18n, linked, telling, theme
from dashboard.session import con, read_only, t, words
from tracker import coding, inventory, lifecycle, provenance, queries, rules, rulewords
from tracker.terms import Credibility, Entity, Kind, Reliability, Schedule, Status

st.title(t("page.method"))
st.html(f'<p class="lead">{t("method.lead")}</p>')

st.header(t("method.words"))
for name in ("commitment", "stage", "status", "schedule", "event", "evidence", "check", "dispute"):
    st.markdown(f"**{t(f'method.word.{name}.name')}.** {t(f'method.word.{name}.text')}")

st.header(t("method.status"))
components.table(
    [
        {
            "status": theme.STATUS[s].sign + " " + t(f"status.{s}"),
            "meaning": t(f"method.status_of.{s}"),
        }
        for s in Status
    ],
    ("status", "meaning"),
)
st.header(t("method.schedule"))
components.table(
    [{"schedule": t(f"schedule.{s}"), "meaning": t(f"method.schedule_of.{s}")} for s in Schedule],
    ("schedule", "meaning"),
)
st.header(t("method.lifecycle"))
st.markdown(t("method.lifecycle_how"))
for kind in Kind:
    with st.expander(t(f"kind.{kind}"), type="compact"):
        components.table(
            [
                {
                    "stage": t(f"stage.{row.stage}"),
                    "status": t(f"status.{row.status}"),
                    "proof": rulewords.proof(row, words().language),
                    "requirement": t(f"requirement.{row.requirement}"),
                    "reason": rulewords.reason(row, words().language),
                }
                for row in lifecycle.of(kind).values()
            ],
            ("stage", "status", "proof", "requirement", "reason"),
        )
st.header(t("method.grades"))
st.markdown(t("method.grades_how"))
left, right = st.columns(2, gap="large")
with left:
    components.table(
        [{"reliability": r.value, "meaning": t(f"reliability.{r}")} for r in Reliability],
        ("reliability", "meaning"),
    )
with right:
    components.table(
        [{"credibility": c.value, "meaning": t(f"credibility.{c.value}")} for c in Credibility],
        ("credibility", "meaning"),
    )
for topic in ("evidence", "answers", "silence", "clocks", "withdrawal", "browser"):
    st.header(t(f"method.rule.{topic}.name"))
    st.markdown(t(f"method.rule.{topic}.text"))
    if topic == "evidence":
        linked.page("sources", t("method.ceiling"))
st.header(t("method.confidence"))
st.markdown(t("method.confidence_how"))

st.header(t("method.rulebook"))
st.markdown(t("method.rulebook_how", version=rules.RULES_VERSION))
for edition in rulewords.editions(words().language):
    since = i18n.day(edition.since, words().language)
    told = t("method.edition", number=edition.number, date=since)
    st.markdown(f"**{told}** {components.md(edition.changes)}")

st.header(t("method.coding"))
judged = provenance.codings(con())
found = coding.agreement(judged)
st.markdown(t("method.coding_how"))
if found.alpha is None:
    st.markdown(
        t("method.coding_none" if not judged else "method.coding_few", n=found.events, alike=found.alike)
    )
else:
    facts = {"alpha": f"{found.alpha:.2f}", "low": f"{found.low:.2f}", "high": f"{found.high:.2f}"}
    st.html(f'<p class="lead">{t("method.alpha", **facts)}</p>')
    st.markdown(t("method.coders", n=found.events, coders=found.coders, alike=found.alike))
dissent = [
    {
        "title": row["title"],
        "happened_on": i18n.date(row["happened_on"], words()),
        "first_coder": f"{t('stage.' + row['first_stage'])} ({row['first_coder']})",
        "second_coder": f"{t('stage.' + row['second_stage'])} ({row['second_coder']})",
        "note": row["second_note"],
    }
    for row in telling.rows(judged, "commitment_id")
    if row["first_stage"] != row["second_stage"]
]
if dissent:
    st.subheader(t("method.dissent"))
    components.table(dissent, ("title", "happened_on", "first_coder", "second_coder", "note"))
if not read_only():
    linked.page("coding", t("method.coding_join"))

st.header(t("method.limits"))
for dataset in telling.rows(queries.datasets(con()), entity=Entity.DATASET):
    lines = [
        f"<b>{escape(dataset['subject'])}</b>",
        t("method.compiled", text=telling.quoted(dataset["compiled_from"])),
        telling.quoted(dataset["text_limits"]),
    ]
    for horizon in dataset["evidence_horizon"]:
        facts = {name: telling.quoted(horizon[name]) for name in ("corpus", "remark")}
        until = i18n.day(horizon["dense_until"], words().language)
        lines.append(t("method.horizon", date=until, **facts))
    lines += [
        t(f"method.{rule}", text=telling.quoted(dataset[rule]))
        for rule in ("date_rule", "milestone_rule")
        if dataset[rule]
    ]
    st.html("".join(f"<p>{line}</p>" for line in lines))
info = inventory.info(con())
st.header(t("method.data"))
st.markdown(t("method.version", hash=f"`{(info['head_hash'] or '')[:16]}`", n=info["counts"]["ledger"]))
st.caption(t("method.licence"))
