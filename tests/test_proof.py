"""The evidence rule: what a source can prove, and when the evidence supports a stage."""

import dataclasses

import pytest
from records import day, event, item, record

from tracker import lifecycle, proof, rules
from tracker.terms import Credibility, Kind, Reliability, Requirement, SourceKind, Stage, Weight

PARTIES = ("Arvania", "Belmora")
ON = "2025-03-10"


def news(grades="B2", origin="Daily", **more):
    return item(grades, origin, kind="news", **more)


def analysis(grades="B2", origin="Institute", **more):
    return item(grades, origin, kind="analysis", **more)


def official(party="Arvania", grades="A2", **more):
    return item(grades, more.pop("origin", party), kind="official", speaks_for=(party,), **more)


def release(party="Arvania", grades="A1", **more):
    return item(grades, party, kind="release", speaks_for=(party,), **more)


def company(grades="A1", origin="Yard", **more):
    return item(grades, origin, kind="company", **more)


def supported(requirement, items, parties=PARTIES, on=ON):
    return proof.supports(event("signed", on, items), Requirement(requirement), parties)


# What one source can prove


@pytest.mark.parametrize(
    ("kind", "strong", "fair"),
    [
        ("record", "effect", "word"),
        ("official", "act", "word"),
        ("news", "act", "word"),
        ("analysis", "act", "word"),
        ("unknown", "act", "word"),
        ("release", "word", "word"),
        ("company", "word", "word"),
        ("blog", "word", "word"),
    ],
)
def test_what_a_source_can_prove_follows_from_its_kind_and_both_grades(kind, strong, fair):
    grades = [(r, c) for r in Reliability for c in Credibility]
    expected = {f"{r}{c}": "report" for r, c in grades}
    expected |= {"A1": strong, "A2": strong, "B1": strong, "B2": strong, "C1": fair, "C2": fair}
    found = {f"{r}{c}": proof.ceiling(SourceKind(kind), r, c).name.lower() for r, c in grades}
    assert found == expected


def test_every_kind_of_source_has_a_ceiling_and_every_requirement_a_rule():
    assert set(proof.CEILING) == set(SourceKind)
    one = event("signed", ON, [item()])
    assert {r for r in Requirement if proof.supports(one, r, PARTIES)} == set(Requirement)


@pytest.mark.parametrize(
    ("published", "on", "weight"),
    [
        # A day of tolerance: the paper of the morning after may carry the date before.
        ("2025-03-09", "2025-03-10", "effect"),
        ("2025-03-08", "2025-03-10", "word"),
        ("2025-03-10", "2025-03-10", "effect"),
        ("2030", "2025-03-10", "effect"),
        (None, "2025-03-10", "effect"),
        # Vague dates: the latest day of the source, the earliest of the event.
        ("2025-03", "2025-03-10", "effect"),
        ("2025-02", "2025-03-10", "word"),
        ("2024", "2025", "effect"),
        ("2024-12-30", "2025", "word"),
        ("2025-02-28", "2025-03-01", "effect"),
        ("2024-02-28", "2024-03-01", "word"),
    ],
)
def test_a_source_from_before_the_event_foretells_it_and_proves_words_at_most(published, on, weight):
    source = item(published=published)
    assert proof.weight(source, event("signed", on).earliest) is Weight[weight.upper()]


def test_a_weak_source_that_foretells_is_still_only_a_report():
    assert proof.weight(item("D4", published="2020"), day(ON)) is Weight.REPORT


@pytest.mark.parametrize(
    ("requirement", "kept"),
    [
        ("report", True),
        ("word", True),
        ("act", False),
        ("both", False),
        ("result", False),
        ("effect", False),
    ],
)
def test_what_was_only_foretold_is_promised_and_not_done(requirement, kept):
    early = "2025-03-01"
    told = [
        item("A1", published=early),
        official("Arvania", "A1", published=early),
        official("Belmora", "A1", published=early),
        news("A1", published=early),
        analysis("C2", published=early),
    ]
    assert supported(requirement, told) is kept
    later = [dataclasses.replace(i, published=day(ON)) for i in told]
    assert supported(requirement, later)


# When the evidence supports a stage

WORD = [
    # One fair source of any kind.
    ([item("C2")], True),
    ([release("Arvania", "C2")], True),
    ([company("C2")], True),
    ([item("C2", kind="blog")], True),
    ([news("C2")], True),
    # Not one that is only possibly true, or of doubtful reliability.
    ([item("A3")], False),
    ([item("D1")], False),
    ([item("F1")], False),
    ([item("A6")], False),
    # Two of independent origin, each possibly true.
    ([news("C3"), analysis("A3")], True),
    ([news("C3", "Daily"), news("C3", "DAILY")], False),
    ([news("C3"), analysis("C4")], False),
    ([news("C3"), analysis("D3")], False),
    ([news("C3"), item("C3", "Diary", kind="blog")], True),
]
ACT = [
    # One strong source of a kind that reports acts.
    ([news("B2")], True),
    ([analysis("B2")], True),
    ([official("Arvania", "B2")], True),
    ([item("B2", kind="unknown")], True),
    ([item("B2")], True),
    # Not a press release, a company's paper or a blog, however good.
    ([release()], False),
    ([company()], False),
    ([item("A1", "Diary", kind="blog")], False),
    # Not even all of them together, from as many origins.
    ([release("Arvania"), release("Belmora"), company(), item("A1", "Diary", kind="blog")], False),
    # Two of independent origin, each fair.
    ([news("C2")], False),
    ([news("C2"), analysis("C2")], True),
    ([news("C2"), analysis("C3")], False),
    ([news("C2"), analysis("D2")], False),
    ([news("C2"), company("A1")], False),
    ([news("C2", "Daily"), news("C2", "Daily"), analysis("C2", "daily")], False),
    # One of the two was printed before.
    ([news("C2"), analysis("C2", published="2025-03-01")], False),
]
BOTH = [
    # A record, of whomever.
    ([item("B2")], True),
    ([item("C2")], False),
    # The officials of every party, in one text or in two.
    ([official("Arvania"), official("Belmora")], True),
    ([item("B2", "Joint", kind="official", speaks_for=PARTIES)], True),
    ([official("Arvania", origin="Joint"), official("Belmora", origin="Joint")], True),
    ([official("Arvania", "A2")], False),
    ([official("Arvania"), official("Arvania", origin="Embassy", grades="C3")], False),
    ([official("Arvania"), official("Belmora", "C3")], False),
    ([official("Arvania"), official("Cathay", "C3")], False),
    # Press releases speak for a party, and prove no act.
    ([release("Arvania"), release("Belmora")], False),
    ([official("Arvania"), release("Belmora")], False),
    # One source that proves acts, and what it says is confirmed.
    ([news("B1")], True),
    ([official("Arvania", "A1")], True),
    ([news("B2")], False),
    ([news("C1")], False),
    ([release("Arvania", "A1"), company("A1")], False),
    # Or a second one of independent origin.
    ([official("Arvania"), news("C2")], True),
    ([news("B2"), analysis("C2")], True),
    ([news("B2", "Daily"), analysis("B2", "daily")], False),
    ([news("B2"), analysis("C3")], False),
    ([news("B2"), company("A2")], False),
    ([news("C2"), analysis("C2")], False),
    ([news("B2"), analysis("B2", published="2025-03-01")], False),
]
RESULT = [
    ([item("B2")], True),
    ([item("C2")], False),
    # What the parties and companies say of their own work is no proof of it.
    ([release()], False),
    ([official("Arvania", "A1")], False),
    ([official("Arvania", "A1"), official("Belmora", "A1")], False),
    ([company("A1"), release("Arvania"), release("Belmora")], False),
    ([official("Arvania", "A1"), company("A1")], False),
    # Somebody else beside them says so.
    ([official("Arvania", "A2"), news("C2")], True),
    ([official("Arvania", "A1"), news("C3")], False),
    ([official("Arvania", "A1"), item("A1", "Diary", kind="blog")], False),
    ([official("Arvania", "A1", origin="Agency"), news("C2", "agency")], False),
    ([release(), news("C2")], False),
    ([company(), news("B2")], False),
    # Or others without them.
    ([news("B1")], True),
    ([news("B2")], False),
    ([news("B2"), analysis("C2")], True),
    ([news("B2", "Daily"), analysis("B2", "DAILY")], False),
    ([news("C1"), analysis("C1")], False),
    ([item("B1", kind="unknown")], True),
]
EFFECT = [
    ([item("B2")], True),
    ([item("C1"), item("C1", "Register")], False),
    ([official("Arvania"), official("Belmora")], True),
    ([official("Arvania", "A1")], False),
    ([official("Arvania"), release("Belmora")], False),
    # Who is no official speaks for no party.
    ([news("A1", speaks_for=PARTIES), analysis("A1", speaks_for=PARTIES)], False),
    # The best of all others together cannot give legal effect.
    ([news("A1"), analysis("A1"), official("Arvania", "A1"), company("A1")], False),
]
REPORT = [([item("F6")], True), ([company("E5")], True)]


@pytest.mark.parametrize(
    ("requirement", "items", "met"),
    [
        pytest.param(name, items, met, id=f"{name}-{n}")
        for name, table in (
            ("report", REPORT),
            ("word", WORD),
            ("act", ACT),
            ("both", BOTH),
            ("result", RESULT),
            ("effect", EFFECT),
        )
        for n, (items, met) in enumerate(table)
    ],
)
def test_a_requirement_is_met_by_evidence_of_its_sort_alone(requirement, items, met):
    assert supported(requirement, items) is met


@pytest.mark.parametrize("requirement", list(Requirement))
def test_nothing_is_proved_by_no_evidence_or_by_mere_context(requirement):
    assert not supported(requirement, [])
    assert not supported(requirement, [item("A1", bearing="context")])


def test_of_many_copies_of_one_text_only_one_counts():
    copies = [news("C2", origin="Agency") for _ in range(20)]
    assert not supported("act", copies)
    assert supported("act", [*copies, analysis("C2")])


def test_without_parties_their_officials_prove_nothing_together():
    told = [official("Arvania"), official("Belmora", origin="Arvania")]
    assert supported("effect", told)
    assert not supported("effect", told, parties=())


def test_officials_of_every_party_are_needed_however_many_there_are():
    told = [official("Arvania"), official("Belmora")]
    assert not supported("effect", told, parties=(*PARTIES, "Cathay"))
    assert supported("effect", [*told, official("Cathay")], parties=(*PARTIES, "Cathay"))
    assert supported("effect", [official("Arvania")], parties=("Arvania",))


# What speaks against it


@pytest.mark.parametrize(
    ("supports", "contradicts", "outweighed"),
    [
        ("B2", "B2", True),
        ("B2", "A1", True),
        ("B2", "A2", True),
        ("B2", "B1", True),
        # Better on one axis and worse on the other is not better.
        ("B2", "A3", False),
        ("B2", "C1", False),
        ("A1", "A2", False),
        ("A1", "B1", False),
        ("A1", "A1", True),
        # What cannot be judged has no place on the scale.
        ("B2", "F1", False),
        ("B2", "A6", False),
        ("F6", "F6", False),
        ("F6", "E5", True),
        ("F6", "F5", False),
        ("F6", "E6", False),
    ],
)
def test_a_contradiction_of_the_same_or_a_better_grade_outweighs(supports, contradicts, outweighed):
    against = item(contradicts, "Other", "contradicts", "blog")
    told = event("signed", ON, [item(supports), against])
    assert proof.outweighed(told.items[0], told.items) is outweighed
    assert proof.supports(told, Requirement.REPORT, PARTIES) is not outweighed


def test_what_merely_supports_or_gives_context_outweighs_nothing():
    others = [item("A1", "Other"), item("A1", "Third", "context")]
    assert not proof.outweighed(item("E5"), others)


def test_only_the_outweighed_item_stops_counting():
    against = news("B2", "Other", bearing="contradicts")
    assert supported("act", [news("B1"), news("C2", "Weekly"), against])
    assert not supported("act", [news("B2"), news("C2", "Weekly"), against])


# Findings: what the rule says of each event on record


@pytest.mark.parametrize(
    ("kind", "stage", "items", "met"),
    [
        ("procurement", "delivered", [release()], False),
        ("procurement", "delivered", [company()], False),
        ("procurement", "delivered", [release(), release("Belmora"), company()], False),
        ("procurement", "delivered", [official("Arvania"), news("C2")], True),
        ("policy-or-programme", "delivered", [company(), company("A1", "Fleet"), official()], False),
        ("legal-instrument", "signed", [official("Arvania", "A2")], False),
        ("legal-instrument", "signed", [official("Arvania"), official("Belmora")], True),
        ("legal-instrument", "in-force", [news("A1"), analysis("A1")], False),
        ("legal-instrument", "in-force", [item("A2")], True),
        ("dialogue", "inaugural-held", [release()], False),
        ("dialogue", "inaugural-held", [news("B2")], True),
        ("forum", "scheduled", [release()], True),
        ("mou", "reported-unconfirmed", [item("F6", kind="blog")], True),
    ],
)
def test_the_lifecycle_names_the_rule_by_which_a_stage_is_held(kind, stage, items, met):
    (found,) = rules.findings(record((stage, ON, items), kind=kind, parties=PARTIES))
    assert (found.requirement, found.supported) == (
        lifecycle.of(Kind(kind))[Stage(stage)].requirement,
        met,
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_a_companys_paper_never_closes_a_pledge_of_governments(kind):
    closing = [s for s, row in lifecycle.of(kind).items() if row.status in ("delivered", "not-delivered")]
    assert closing
    told = [company("A1"), company("A1", "Fleet"), company("A1", "Press")]
    for stage in closing:
        (found,) = rules.findings(record((stage, ON, told), kind=kind, parties=PARTIES))
        assert not found.supported, stage


def test_a_finding_says_what_each_item_proves_alone():
    told = [
        official("Arvania", "A2"),
        release("Belmora"),
        news("A1", published="2025-01"),
        news("D2", "Weekly"),
        analysis("C2"),
        analysis("A1", "Far", bearing="context"),
        item("C2", "Other", "contradicts", "news"),
    ]
    (found,) = rules.findings(record(("signed", ON, told), parties=PARTIES))
    assert (found.version, found.requirement, found.supported) == (2, Requirement.BOTH, False)
    # The weekly and the analysis are outweighed; context and contradiction do not support.
    assert found.weights == (Weight.ACT, Weight.WORD, Weight.WORD, None, None, None, None)
