import pytest

from tracker import lifecycle
from tracker.terms import Kind, Requirement, Stage, Status


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_an_ordered_lifecycle(kind):
    rows = list(lifecycle.of(kind).values())
    assert [r.ordinal for r in rows] == list(range(len(rows)))
    assert rows[0].stage is Stage.PRECURSOR
    assert {Stage.REPORTED_UNCONFIRMED, Stage.PROPOSED, Stage.PLEDGED} <= {r.stage for r in rows}


@pytest.mark.parametrize("kind", Kind)
def test_every_stage_says_what_proves_it(kind):
    assert all(len(row.proof) > 20 for row in lifecycle.of(kind).values())


@pytest.mark.parametrize("kind", Kind)
def test_what_closes_or_keeps_a_pledge_needs_more_than_words_and_a_rumour_needs_no_more(kind):
    words = {Requirement.REPORT, Requirement.WORD}
    for row in lifecycle.of(kind).values():
        if row.status in (Status.DELIVERED, Status.ONGOING, Status.NOT_DELIVERED):
            assert row.requirement not in words, row.stage
        if row.status in (Status.UNCONFIRMED, Status.PLEDGED):
            assert row.requirement in words, row.stage


@pytest.mark.parametrize(
    ("stage", "requirement"),
    [("signed", "both"), ("in-force", "effect"), ("delivered", "result"), ("inaugural-held", "act")],
)
def test_what_all_sides_do_what_has_effect_and_what_exists_have_rules_of_their_own(stage, requirement):
    assert {r.requirement for r in lifecycle.table() if r.stage == stage} == {Requirement(requirement)}


@pytest.mark.parametrize("kind", Kind)
def test_ends_that_are_not_delivery_stand_last(kind):
    rows = list(lifecycle.of(kind).values())
    ends = [r for r in rows if r.stage in lifecycle.ENDS]
    assert rows[-len(ends) :] == ends
    assert {Stage.LAPSED, Stage.WITHDRAWN} <= {r.stage for r in ends}
    assert {r.stage for r in rows if r.status is Status.NOT_DELIVERED} == {r.stage for r in ends}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_unconfirmed_pledged_in_progress_kept_and_not_delivered(kind):
    reached = {row.status for row in lifecycle.of(kind).values()}
    assert {Status.UNCONFIRMED, Status.PLEDGED, Status.IN_PROGRESS, Status.NOT_DELIVERED} <= reached
    assert reached & {Status.DELIVERED, Status.ONGOING}


def test_every_status_and_every_stage_is_used_by_some_kind():
    assert {row.status for row in lifecycle.table()} == set(Status)
    assert {row.stage for row in lifecycle.table()} == set(Stage)
    assert {row.kind for row in lifecycle.table()} == set(Kind)


@pytest.mark.parametrize(
    ("kind", "stage", "status"),
    [
        ("legal-instrument", "concluded", "in-progress"),
        ("legal-instrument", "signed", "in-progress"),
        ("legal-instrument", "in-force", "delivered"),
        ("mou", "signed", "delivered"),
        ("mou", "ongoing", "ongoing"),
        ("forum", "inaugural-held", "in-progress"),
        ("forum", "recurring", "ongoing"),
        ("dialogue", "recurring", "ongoing"),
        ("exercise-or-operations", "inaugural-held", "in-progress"),
        ("procurement", "redirected", "not-delivered"),
        ("policy-or-programme", "ongoing", "ongoing"),
        ("policy-or-programme", "delivered", "delivered"),
        ("mou", "proposed", "unconfirmed"),
        ("mou", "pledged", "pledged"),
        ("forum", "lapsed", "not-delivered"),
    ],
)
def test_a_stage_counts_as_its_kind_says(kind, stage, status):
    assert lifecycle.of(Kind(kind))[Stage(stage)].status == status


def test_a_treaty_goes_from_promise_to_force_in_this_order():
    ahead = [s for s in lifecycle.of(Kind.LEGAL_INSTRUMENT) if s not in lifecycle.ENDS]
    start = ahead.index(Stage.PROPOSED)
    assert ahead[start:] == [
        "proposed",
        "pledged",
        "in-preparation",
        "in-negotiation",
        "concluded",
        "approved",
        "scheduled",
        "signed",
        "in-force",
    ]


@pytest.mark.parametrize(
    ("kind", "stage", "goal"),
    [
        ("legal-instrument", "signed", "in-force"),
        ("mou", "pledged", "signed ongoing delivered"),
        ("forum", "inaugural-held", "recurring"),
        ("policy-or-programme", "pledged", "ongoing delivered"),
        ("mou", "signed", ""),
        ("forum", "recurring", ""),
        ("procurement", "redirected", ""),
    ],
)
def test_the_goals_are_the_stages_ahead_that_keep_the_pledge(kind, stage, goal):
    rows = lifecycle.goals(Kind(kind), Stage(stage))
    assert " ".join(row.stage for row in rows) == goal
