"""Where do we stand? The sentence, the counts, every commitment as a mark, dates, changes, disputes."""

import streamlit as st

from dashboard import beginning, components, gallery, i18n, linked, pictures, telling
from dashboard.kept import kept
from dashboard.markup import listing, log
from dashboard.session import at, con, part, t, words
from tracker import agenda, provenance, queries, tally
from tracker.terms import Entity, Schedule, Status

SHOWN = 12
"""Headline commitments; where there are more, the list has them all."""

counts = kept("status-counts", lambda: tally.status_counts(con(), at()))
total = sum(counts.values())
done = counts.get(Status.DELIVERED, 0) + counts.get(Status.ONGOING, 0)


def _lead() -> str:
    schedules = tally.schedule_counts(con(), at())
    return " ".join(
        [
            t(
                "overview.kept",
                n=done,
                total=total,
                delivered=counts.get(Status.DELIVERED, 0),
                ongoing=counts.get(Status.ONGOING, 0),
            ),
            t("overview.moving", n=counts.get(Status.IN_PROGRESS, 0)),
            t("overview.pledged", n=counts.get(Status.PLEDGED, 0)),
            t("overview.unconfirmed", n=counts.get(Status.UNCONFIRMED, 0)),
            t("overview.not_delivered", n=counts.get(Status.NOT_DELIVERED, 0)),
            t("overview.late", n=schedules.get(Schedule.LATE, 0)),
            t("overview.unknown", n=schedules.get(Schedule.UNKNOWN, 0)),
            t("overview.soon", n=schedules.get(Schedule.DUE_SOON, 0)),
            t("overview.claimed", n=queries.count(con(), at(), claimed=True)),
        ]
    )


def _subject() -> str:
    newest = queries.newest(con(), at())
    sets = telling.rows(queries.datasets(con(), at()), entity=Entity.DATASET)
    subjects = [components.md(d["subject"]) for d in sets]
    if newest:
        subjects.append(t("overview.stands", date=i18n.day(newest["recorded_at"].date(), words().language)))
    return " · ".join(subjects)


st.title(t("site.title"))
st.caption(kept("subject", _subject))
if not total:
    beginning.show()
    st.stop()
st.html(kept("overview", lambda: f'<p class="lead">{_lead()}</p>{listing.tiles(counts)}'))

if since := log.since_visit():
    st.html(since)
headline = kept(
    "headline",
    lambda: listing.commitments(queries.commitments(con(), headline=True, limit=SHOWN, at=at())),
)
if headline:
    st.header(t("overview.headline"))
    st.html(headline)

st.header(t("overview.standing"))
pictures.caption(t("overview.standing_how"), t("picture.opens"))
gallery.standing(done, total)

st.header(t("course.title"))
pictures.caption(t("course.how"), t("picture.opens_day"))
gallery.course()

st.header(t("groups.title"))
part(gallery.compare)

st.header(t("overview.agenda"))
dated = kept("agenda", lambda: telling.rows(agenda.agenda(con(), at())))
if dated:
    steps = sum(not d["binds"] for d in dated)
    pictures.caption(t("overview.agenda_how", steps=steps) + gallery.counted(), t("picture.opens"))
    gallery.agenda(dated)
else:
    st.write(t("overview.agenda_none"))

left, right = st.columns(2, gap="large")
with left:
    st.header(t("overview.changes"))
    st.html(kept("changes", lambda: listing.changes(tally.changes(con(), 8, at()))))
    linked.note("", [(t("changes.see_all"), linked.address("changes"))])
with right:
    st.header(t("overview.disputes"))
    told = kept(
        "disputes", lambda: listing.disagreements(telling.disputes(provenance.disputes(con(), at=at())))
    )
    st.html(told)
