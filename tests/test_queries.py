import datetime as dt
import unicodedata

import make
import pytest

from tracker import agenda as agenda_
from tracker import provenance, queries, tally
from tracker.clocks import At
from tracker.errors import UnknownId
from tracker.tracker import Tracker

DAY = dt.date(2025, 6, 1)


def ids(rows) -> list[str]:
    return [row["id"] for row in rows]


def asked(tracker, question, *arguments, **more):
    with tracker.store.reading() as con:
        return question(con, *arguments, **more)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["joint-forum", "secrets-treaty", "research-mou", "patrol-ships"]),
        ({"status": "in-progress"}, ["joint-forum", "secrets-treaty"]),
        # That the ships went elsewhere is told by one fair source, which proves no act.
        ({"status": "not-delivered"}, []),
        ({"status": "pledged"}, ["research-mou", "patrol-ships"]),
        ({"status": "delivered"}, []),
        ({"stage": "signed"}, ["secrets-treaty"]),
        ({"kind": "mou"}, ["research-mou"]),
        ({"schedule": "unknown"}, ["research-mou"]),
        ({"schedule": "upcoming"}, ["joint-forum", "secrets-treaty"]),
        ({"pillar": "industry"}, ["joint-forum", "research-mou"]),
        ({"pillar": "LEGAL"}, ["secrets-treaty"]),
        ({"pillar": "nothing of the kind"}, []),
        ({"party": "Republic of Korea", "disputed": False}, ["research-mou"]),
        ({"party": "Korea"}, []),
        ({"disputed": True}, ["joint-forum", "secrets-treaty"]),
        ({"disputed": False}, ["research-mou", "patrol-ships"]),
        ({"headline": False}, ["research-mou", "patrol-ships"]),
        ({"search": "traite"}, ["secrets-treaty"]),
        ({"search": "TRAITÉ"}, ["secrets-treaty"]),
        ({"search": "defense"}, ["secrets-treaty"]),
        ({"search": "국방"}, ["joint-forum"]),
        ({"search": "국방부"}, ["joint-forum"]),
        ({"search": "patrol-ships"}, ["patrol-ships"]),
        # A party of one, and the publisher of a source of the others.
        ({"search": "belmora"}, ["joint-forum", "secrets-treaty", "patrol-ships"]),
        ({"search": "bodies"}, []),
        ({"search": "%"}, []),
        ({"search": "' OR 1=1 --"}, []),
        ({"status": "' OR 1=1 --"}, []),
        ({"pillar": "industry", "status": "pledged"}, ["research-mou"]),
        ({"limit": 2}, ["joint-forum", "secrets-treaty"]),
        ({"limit": 2, "offset": 1}, ["secrets-treaty", "research-mou"]),
        ({"limit": 0}, []),
    ],
)
def test_commitments_can_be_filtered(library, filters, expected):
    assert ids(library.commitments(as_of=DAY, **filters)) == expected


def test_headline_commitments_come_first_then_titles_in_order(library):
    rows = library.commitments(as_of=DAY)
    assert [(row["headline"], row["title"]) for row in rows] == [
        (True, "Joint industry forum"),
        (True, "Traité sur les secrets"),
        (False, "Memorandum on research"),
        (False, "Patrol ships"),
    ]


def test_titles_are_in_the_order_of_the_alphabet_whatever_their_case_and_accents(tracker):
    titles = ["Écoles d’été", "emploi", "École navale", "Mise à jour", "DRDC and ADD", "국방",
              "Mise en œuvre", "Defence", "Mise en oubli", "방위"]  # fmt: skip
    tracker.add(*(make.commitment(f"c{n}", title=title) for n, title in enumerate(titles)), by="ann")
    assert [row["title"] for row in tracker.commitments() if row["id"] != "treaty"] == [
        "Defence", "DRDC and ADD", "École navale", "Écoles d’été", "emploi", "Mise à jour", "Mise en œuvre",
        "Mise en oubli", "국방", "방위",
    ]  # fmt: skip


def test_text_typed_in_decomposed_form_finds_composed_text(library):
    for text, found in (("국방", "joint-forum"), ("Traité", "secrets-treaty")):
        assert ids(library.commitments(search=unicodedata.normalize("NFD", text))) == [found]


def test_text_recorded_in_decomposed_form_is_found_as_well(tracker):
    title, pledge, body = (unicodedata.normalize("NFD", text) for text in ("서명", "Un traité.", "국방부"))
    parties = [{"name": "Arvania", "bodies": [body]}]
    tracker.add(make.commitment("other", title=title, pledge=pledge, parties=parties), by="ann")
    for word in ("서명", "traite", "국방부", unicodedata.normalize("NFD", "국방부")):
        assert ids(tracker.commitments(search=word)) == ["other"]


@pytest.mark.parametrize(
    ("as_of", "known_on", "expected"),
    [
        ("2021-12-31", None, None),
        ("2024-03-04", None, "pledged"),
        ("2024-11-18", None, "pledged"),
        ("2024-11-19", None, "inaugural-held"),
        ("2025-06-01", "2025-05-31", None),
        ("2025-06-01", "2025-06-01", "inaugural-held"),
        ("2024-11-18", "2025-06-01", "pledged"),
        (None, "2025-06-01", "inaugural-held"),
    ],
)
def test_both_clocks_can_be_set(library, as_of, known_on, expected):
    days = {name: dt.date.fromisoformat(d) for name, d in (("as_of", as_of), ("known_on", known_on)) if d}
    stages = {row["id"]: row["stage"] for row in library.commitments(**days)}
    assert stages.get("joint-forum") == expected


def test_one_commitment_is_found_by_its_identifier(library):
    assert library.commitment("joint-forum")["cadence"] == "P1Y"
    assert library.commitment("joint-forum", as_of=dt.date(2024, 5, 1))["stage"] == "pledged"


@pytest.mark.parametrize(("wrong", "near"), [("joint-form", ("joint-forum",)), ("zzz", ()), ("", ())])
def test_an_unknown_identifier_names_the_nearest_ones(library, wrong, near):
    for question in (library.commitment, library.history):
        with pytest.raises(UnknownId) as refused:
            question(wrong)
        assert refused.value.near == near


def test_history_is_told_in_order_of_happening_with_its_evidence(filled):
    filled.record(make.event("pledged", "2024-05", "yearbook", commitment_id="joint-forum"), by="ann")
    told = filled.history("joint-forum")
    assert [e["happened_on"] for e in told] == ["2022", "2024-03-04", "2024-05", "2024-11-19"]
    last = told[-1]["evidence"]
    assert [(e["id"], e["bearing"], e["reliability"], e["credibility"]) for e in last] == [
        ("forum-report", "supports", "B", 2),
        ("statement-2024", "supports", "A", 2),
    ]
    assert last[0]["title"] == "제1차 방산협력포럼 개최"


def agenda(tracker, today: str) -> list[tuple]:
    rows = asked(tracker, agenda_.agenda, At(dt.date.fromisoformat(today)))
    return [(row["id"], row["step"], row["due"], row["schedule"], row["days"]) for row in rows]


def test_the_agenda_lists_what_is_awaited_and_whether_silence_explains_it(library):
    assert agenda(library, "2025-06-01") == [
        ("research-mou", None, "2024-12", "unknown", -152),
        ("joint-forum", "Second edition", "2025-11-19", "upcoming", 171),
        ("secrets-treaty", "Entry into force", "2026", "upcoming", 578),
    ]


def test_a_search_beyond_a_date_turns_unknown_into_late_on_the_agenda(filled):
    filled.add(make.check("look", "2025-05-01", "research-mou"), by="ann")
    assert agenda(filled, "2025-06-01")[0] == ("research-mou", None, "2024-12", "late", -152)


def test_the_last_day_of_a_date_is_not_late(library):
    states = {days: state for _, _, due, state, days in agenda(library, "2024-12-31") if due == "2024-12"}
    assert states == {0: "due-soon"}


def test_what_is_kept_or_ended_leaves_the_agenda(filled):
    signed = make.event("signed", "2025-05-01", "register", commitment_id="research-mou")
    filled.record(signed, by="ann", sources=[make.source("register")])
    assert "research-mou" not in [row[0] for row in agenda(filled, "2025-06-01")]


def test_milestones_of_one_commitment_come_in_their_order(library):
    steps = asked(library, queries.milestones, "joint-forum")
    assert [(s["position"], s["name"], s["reached"]) for s in steps] == [
        (1, "First edition", "2024-11-19"),
        (2, "Second edition", None),
    ]


def test_open_disputes_come_first(library):
    assert ids(asked(library, provenance.disputes)) == ["who-hosts", "day-of-signing"]
    assert ids(asked(library, provenance.disputes, "secrets-treaty")) == ["day-of-signing"]
    assert asked(library, provenance.disputes, "research-mou") == []


def test_counts_by_status_add_up(library):
    counts = asked(library, tally.status_counts)
    assert counts == {"in-progress": 2, "pledged": 2}
    assert sum(asked(library, tally.schedule_counts).values()) == 4


def test_what_a_second_source_confirms_is_counted(filled):
    gone = make.event("redirected", "2024-10-02", "register", commitment_id="patrol-ships")
    filled.record(gone, by="ann", sources=[make.source("register")])
    assert asked(filled, tally.status_counts) == {"in-progress": 2, "pledged": 1, "not-delivered": 1}
    assert ids(filled.commitments(status="not-delivered")) == ["patrol-ships"]


def test_the_newest_changes_come_first_and_a_repeated_stage_is_none(filled):
    filled.record(make.event("signed", "2025-05-20", "yearbook", commitment_id="secrets-treaty"), by="ann")
    changes = asked(filled, tally.changes, 3)
    assert [(c["id"], c["stage_before"], c["stage"]) for c in changes] == [
        ("secrets-treaty", "pledged", "signed"),
        ("joint-forum", "pledged", "inaugural-held"),
        ("patrol-ships", "pledged", "redirected"),
    ]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"reliability": "A"}, ["statement-2024", "treaty-gazette"]),
        ({"kind": "blog"}, ["treaty-blog"]),
        ({"search": "traite"}, ["treaty-gazette"]),
        ({"search": "방산"}, ["forum-report"]),
        ({"limit": 1}, ["statement-2024"]),
    ],
)
def test_sources_can_be_filtered_most_cited_first(library, filters, expected):
    assert ids(asked(library, provenance.sources, **filters)) == expected


def test_evidence_is_counted_by_both_grades(library):
    counts = {(g["reliability"], g["credibility"]): g["n"] for g in asked(library, provenance.grade_matrix)}
    assert counts == {("A", 1): 5, ("A", 2): 2, ("B", 2): 1, ("B", 3): 1, ("C", 3): 1}


def test_info_says_where_the_store_is_and_what_it_holds(library):
    info = library.info()
    assert info["published"] == str(library.store.published)
    assert len(info["head_hash"]) == 64
    assert info["counts"]["ledger"] == 23
    assert info["counts"]["commitments"] == 4


def test_info_of_an_empty_store_has_no_head(store):
    assert Tracker(store).info()["head_hash"] is None
