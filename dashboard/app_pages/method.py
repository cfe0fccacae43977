"""Can I trust this? Definitions, lifecycles, grades, rules, and where the evidence ends."""

import streamlit as st

from dashboard import components, i18n, theme
from dashboard.session import con, t, words
from tracker import lifecycle, queries, rules
from tracker.terms import Credibility, Kind, Reliability, Schedule, Status

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
                    "proof": row.proof,
                    "reason": row.reason,
                }
                for row in lifecycle.of(kind).values()
            ],
            ("stage", "status", "proof", "reason"),
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
st.header(t("method.confidence"))
st.markdown(t("method.confidence_how", version=rules.RULES_VERSION))

st.header(t("method.limits"))
for dataset in queries.datasets(con()):
    st.markdown(f"**{components.md(dataset['subject'])}**")
    st.markdown(t("method.compiled", text=components.md(dataset["compiled_from"])))
    st.markdown(components.md(dataset["text_limits"]))
    for horizon in dataset["evidence_horizon"]:
        until = i18n.day(horizon["dense_until"], words().language)
        st.markdown(
            t(
                "method.horizon",
                corpus=components.md(horizon["corpus"]),
                date=until,
                remark=components.md(horizon["remark"]),
            )
        )
    for rule in ("date_rule", "milestone_rule"):
        if dataset[rule]:
            st.markdown(t(f"method.{rule}", text=components.md(dataset[rule])))
found = queries.info(con())
st.header(t("method.data"))
st.markdown(t("method.version", hash=f"`{(found['head_hash'] or '')[:16]}`", n=found["counts"]["ledger"]))
st.caption(t("method.licence"))
