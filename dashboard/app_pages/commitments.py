"""Find one commitment, or a set: filters, search, list, table."""

from collections.abc import Hashable, Sequence

import streamlit as st

from dashboard import beginning, i18n, linked, telling
from dashboard.filters import choice, edtf, text
from dashboard.kept import kept, passing
from dashboard.markup import leaves, listing
from dashboard.session import at, con, part, t, words
from tracker import agenda, queries, tally
from tracker.terms import Schedule, Stage, Status

PAGE, VIEW = 60, "view"
FLAGS = {"disputed": "row.disputed", "claimed": "filter.claimed"}
"""Words of the address that are there or not, with what they are called."""


def narrowed() -> queries.Filters:
    """The fields and links that narrow the list, and what they ask for."""
    facets = kept("facets", lambda: tally.facets(con(), at()))
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        found: queries.Filters = {
            "search": text("q", t("filter.search")),
            "kind": choice("kind", t("column.kind"), facets["kind"], lambda v: t(f"kind.{v}")),
            "pillar": choice("pillar", t("column.pillar"), facets["pillar"], telling.name),
            "due": edtf("due", t("filter.due"), t("filter.due_help")),
        }
        # Only pictures lead to these.
        if "stage" in st.query_params:
            found["stage"] = choice("stage", t("column.stage"), list(Stage), lambda v: t(f"stage.{v}"))
        if "party" in st.query_params:
            parties = kept("parties", lambda: agenda.parties(con(), at()))
            found["party"] = choice("party", t("next.party"), parties, telling.name)
    due = found["due"]
    if due is not None and not due.exact:
        st.caption(t("filter.due_reading", reading=i18n.reading(due, words())))
    status, schedule = (st.query_params.get(name) for name in ("status", "schedule"))
    found["status"] = status if status in list(Status) else None
    found["schedule"] = schedule if schedule in list(Schedule) else None
    for flag in FLAGS:
        found[flag] = st.query_params.get(flag) == "1" or None  # type: ignore[literal-required]
    st.html(
        _one_of("status", list(Status), found["status"])
        + _one_of("schedule", list(Schedule), found["schedule"])
        + linked.choosing(
            t("filter.only"),
            [
                (
                    t(word),
                    linked.here("commitments", **{flag: None if found.get(flag) else "1"}),
                    bool(found.get(flag)),
                )
                for flag, word in FLAGS.items()
            ],
        )
    )
    return found


def _one_of(name: str, codes: Sequence[str], chosen: str | None) -> linked.Html:
    """Links to each of these codes alone, and to all of them."""
    every = (t("filter.any"), linked.here("commitments", **{name: None}), chosen is None)
    each = [
        (t(f"{name}.{code}"), linked.here("commitments", **{name: str(code)}), code == chosen)
        for code in codes
    ]
    return linked.choosing(t(f"column.{name}"), [every, *each])


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
    sort = st.query_params.get("sort")
    sort = sort if sort in queries.SORTS else None
    # Without a search, what is found in titles first is the order by title.
    usual = None if wanted["search"] else "title"
    key: tuple[Hashable, ...] = tuple((name, told and str(told)) for name, told in wanted.items())
    # What somebody is just typing would push out what everybody reads.
    keep = kept if wanted["search"] is None else passing
    n = keep("found", lambda: queries.count(con(), at(), **wanted), *key)
    total = sum(kept("status-counts", lambda: tally.status_counts(con(), at())).values())
    st.html(f'<p class="lead">{t("commitments.count", n=n, total=total)}</p>')
    if not n:
        nothing(wanted)
        return
    last = -(-n // PAGE)
    leaf = leaves.chosen(last)
    view = "table" if st.query_params.get(VIEW) == "table" else "list"
    codes = (usual, *(code for code in queries.SORTS if code != usual))
    orders = [
        (t(f"sort.{code or 'found'}"), linked.here("commitments", sort=code), code == (sort or usual))
        for code in codes
    ]
    views = [
        (t(f"commitments.{code}"), linked.here("commitments", **{VIEW: code}), code == view)
        for code in ("list", "table")
    ]
    st.html(linked.choosing(t("filter.sort"), orders) + linked.choosing(t("commitments.view"), views))

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

    st.html(keep("commitments", drawn, sort, leaf, view, *key))
    leaves.ways("commitments", leaf, last)


st.title(t("page.commitments"))
if sum(kept("status-counts", lambda: tally.status_counts(con(), at())).values()):
    part(found)
else:
    beginning.hint()
