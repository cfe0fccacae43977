"""Find one commitment, or a set: filters, search, list, table."""

from collections.abc import Hashable

import streamlit as st

from dashboard import beginning, i18n, leaves, linked, listing, telling
from dashboard.filters import choice, edtf, flag, text
from dashboard.kept import kept
from dashboard.session import at, con, part, t, words
from tracker import agenda, queries
from tracker.terms import Schedule, Stage, Status

PAGE, VIEW = 100, "view"


def narrowed() -> queries.Filters:
    """The widgets, and what they ask for."""
    facets = kept("facets", lambda: queries.facets(con(), at()))
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        found: queries.Filters = {
            "search": text("q", t("filter.search")),
            "status": choice("status", t("column.status"), list(Status), lambda v: t(f"status.{v}")),
            "schedule": choice(
                "schedule", t("column.schedule"), list(Schedule), lambda v: t(f"schedule.{v}")
            ),
            "kind": choice("kind", t("column.kind"), facets["kind"], lambda v: t(f"kind.{v}")),
            "pillar": choice("pillar", t("column.pillar"), facets["pillar"], telling.name),
            "due": edtf("due", t("filter.due"), t("filter.due_help")),
        }
        found["disputed"] = flag("disputed", t("row.disputed")) or None
        found["claimed"] = flag("claimed", t("filter.claimed")) or None
        # Only pictures lead to these.
        if "stage" in st.query_params:
            found["stage"] = choice("stage", t("column.stage"), list(Stage), lambda v: t(f"stage.{v}"))
        if "party" in st.query_params:
            parties = kept("parties", lambda: agenda.parties(con(), at()))
            found["party"] = choice("party", t("next.party"), parties, telling.name)
    due = found["due"]
    if due is not None and not due.exact:
        st.caption(t("filter.due_reading", reading=i18n.reading(due, words())))
    return found


def nothing(wanted: queries.Filters) -> None:
    """That nothing matches, and what each filter keeps away."""
    st.info(t("commitments.none"))
    names = {
        "search": "filter.search",
        "due": "filter.due",
        "claimed": "filter.claimed",
        "disputed": "row.disputed",
        "party": "next.party",
    }
    ways = []
    for name in (name for name, value in wanted.items() if value is not None):
        rest: queries.Filters = {**wanted, name: None}  # type: ignore[misc]
        if n := queries.count(con(), at(), **rest):
            label = t("commitments.without", filter=t(names.get(name, f"column.{name}")), n=n)
            ways.append((label, linked.here("commitments", **{{"search": "q"}.get(name, name): None})))
    linked.note("", [*ways, (t("commitments.clear"), linked.address("commitments"))])


def found() -> None:
    """The filters, and what they find; drawn anew alone when one of them changes."""
    wanted = narrowed()
    sort = st.query_params.get("sort", "")
    sort = sort if sort in queries.SORTS else "title"
    key: tuple[Hashable, ...] = tuple((name, told and str(told)) for name, told in wanted.items())
    n = kept("found", lambda: queries.count(con(), at(), **wanted), *key)
    total = sum(kept("status-counts", lambda: queries.status_counts(con(), at())).values())
    st.html(f'<p class="lead">{t("commitments.count", n=n, total=total)}</p>')
    if not n:
        nothing(wanted)
        return
    last = -(-n // PAGE)
    leaf = leaves.chosen(last)
    view = "table" if st.query_params.get(VIEW) == "table" else "list"
    linked.choices(
        t("filter.sort"),
        [(t(f"sort.{code}"), linked.here("commitments", sort=code), code == sort) for code in queries.SORTS],
    )
    linked.choices(
        t("commitments.view"),
        [
            (t(f"commitments.{code}"), linked.here("commitments", **{VIEW: code}), code == view)
            for code in ("list", "table")
        ],
    )

    def drawn() -> str:
        rows = queries.commitments(
            con(),
            sort=sort,
            language=words().language,
            at=at(),
            limit=PAGE,
            offset=(leaf - 1) * PAGE,
            **wanted,
        )
        return listing.table(rows) if view == "table" else listing.commitments(rows)

    st.html(kept("commitments", drawn, sort, leaf, view, *key))
    leaves.ways("commitments", leaf, last)


st.title(t("page.commitments"))
if sum(kept("status-counts", lambda: queries.status_counts(con(), at())).values()):
    part(found)
else:
    beginning.hint()
