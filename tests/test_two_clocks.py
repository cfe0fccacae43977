"""When it happened, and when we learnt it: the view of any instant is what was published then."""

import datetime as dt
import itertools
import shutil

import make
import pytest
from histories import COMMITMENTS, Histories

from tracker import agenda, clocks, holdings, inventory, ledger, projections, provenance, queries, tally
from tracker.clocks import PRESENT, At
from tracker.errors import Refused, UnknownId
from tracker.ledger import Draft
from tracker.models import Dataset, Withdrawal
from tracker.store import Store
from tracker.terms import Entity
from tracker.tracker import Tracker

STORES, BATCHES = 3, 6
DAYS = ("2024-06-30", "2025-06-15", "2027-01-01")

DAILY = {
    "commitments": ("FROM as_of($day)", "FROM as_known($day, $known_at)"),
    "answers": (
        f"FROM answers_known($day, TIMESTAMP '{PRESENT}')",
        "FROM answers_known($day, $known_at)",
    ),
}
"""How a view of a day is published, and how it is asked for again."""
LASTING = {
    name: (f"FROM {name}", f"FROM {name}_known($known_at)")
    for name in ("datasets", "sources", "agreements", "milestones", "checks", "disputes")
} | {
    "history": (
        "FROM history",
        "SELECT * EXCLUDE (withdrawn_because, superseded_by, supersedes, party, certain_on) "
        "FROM history_known($known_at)",
    ),
    "evidence": (
        "FROM evidence",
        "SELECT * EXCLUDE (origin, proves, prefix, suffix, archive_sha256, position, withdrawn_at) "
        "FROM evidence_known($known_at)",
    ),
    "findings": (
        "SELECT * EXCLUDE (known_to) FROM findings WHERE known_to = TIMESTAMP '9999-12-31'",
        "SELECT * EXCLUDE (known_to) FROM findings WHERE known_from <= $known_at AND $known_at < known_to",
    ),
}


def views(con, known_at: dt.datetime | None = None) -> dict[tuple[str, str | None], list]:
    """All that readers see: as it is published, or as it was known at an instant."""
    past = known_at is not None
    bound = {"known_at": known_at} if past else {}
    seen = {
        (name, day): con.execute(f"{asked[past]} ORDER BY ALL", bound | {"day": day}).fetchall()
        for name, asked in DAILY.items()
        for day in DAYS
    }
    return seen | {
        (name, None): con.execute(f"{asked[past]} ORDER BY ALL", bound).fetchall()
        for name, asked in LASTING.items()
    }


@pytest.mark.parametrize("seed", range(STORES))
def test_the_view_of_every_instant_is_what_was_published_then(seed, originals, folder, clock, tmp_path):
    shutil.copytree(originals / "empty", folder)
    store = Store(folder, clock=clock)
    histories = Histories(seed)
    published: dict[dt.datetime, dict] = {}
    for number in range(BATCHES):
        # Two batches may be recorded in the same moment of the clock.
        clock.now += dt.timedelta(days=histories.choose.choice([0, 1, 9]))
        drafts = histories.batch(number) if number else histories.beginning()
        instant = store.append(drafts, actor=histories.choose.choice(["ann", "ben"]))[-1].recorded_at
        with store.reading() as con:
            published[instant] = views(con)
        for day in DAYS:
            told = [row[0] for row in published[instant]["commitments", day]]
            assert len(set(told)) == len(told), f"one answer each on {day}"
    instants = [*published, PRESENT]
    assert len({str(v["commitments", DAYS[1]]) for v in published.values()}) == BATCHES, (
        "every batch moves something"
    )
    with store.reading() as con:
        for instant, following in itertools.pairwise(instants):
            for view, seen in views(con, instant).items():
                assert seen == published[instant][view], (view, instant)
            just_before = con.execute(
                f"{DAILY['commitments'][1]} ORDER BY ALL",
                {"day": DAYS[1], "known_at": following - dt.timedelta(microseconds=1)},
            )
            assert just_before.fetchall() == published[instant]["commitments", DAYS[1]]
        assert not any(views(con, instants[0] - dt.timedelta(microseconds=1)).values())
        standing = con.execute(
            "SELECT commitment_id, version FROM history WHERE withdrawn_at IS NULL"
        ).fetchall()
        assert set(standing) == {event for event, stands in histories.events.items() if stands}
        restored = con.execute(
            "SELECT count(*) FROM corrections AS c JOIN events AS e ON e.commitment_id = c.entity_id "
            "AND c.corrected_version IN (e.version, e.supersedes) "
            "WHERE c.action = 'restore' AND c.entity = 'event' AND e.supersedes IS NOT NULL"
        ).fetchone()
        assert restored > (0,), "an event was restored that replaced another or was replaced"
        entries = list(ledger.read(con))
    other = Store(tmp_path / "other", clock=clock)
    assert other.adopt(entries) == len(entries)
    with store.reading() as one, other.reading() as two:
        for table in ("ledger", *projections.TABLES):
            query = f"FROM {table} ORDER BY ALL"
            assert one.execute(query).fetchall() == two.execute(query).fetchall(), table
    assert Tracker(store).verify()["ledger"] == len(entries)
    shutil.rmtree(tmp_path / "other")


def test_at_least_five_hundred_histories_are_tried():
    assert STORES * COMMITMENTS >= 500


BEFORE, AFTER = dt.datetime(2025, 6, 1, 23, 59), dt.datetime(2025, 7, 1, 12)
DAY = dt.date(2025, 7, 15)
STEP = {"name": "Signing", "expected": "2025-09", "expected_basis": "stated"}


@pytest.fixture(scope="module")
def twice(originals, tmp_path_factory) -> Tracker:
    """What was recorded on 1 June and, a month later, recorded otherwise."""
    folder = tmp_path_factory.mktemp("twice") / "store"
    shutil.copytree(originals / "small", folder)
    now = [dt.datetime(2025, 6, 1, 10)]
    tracker = Tracker(Store(folder, clock=lambda: now[0]))
    tracker.revise(make.source(kind="record"), by="ann")
    tracker.record(make.event("pledged", "2024-03-04"), by="ann")
    tracker.record(make.event("in-negotiation", "2025-05-02"), by="ann")
    tracker.add(make.check("look", "2025-05-20"), make.dispute("quarrel"), by="ann")
    tracker.revise(make.commitment(milestones=[STEP], due="2025-12"), by="ann")
    now[0] = AFTER
    withdrawn = Withdrawal(version=3, reason="Only talks about talks")
    tracker.store.append(
        [
            Draft.revise(make.source(title="Another title", kind="record", reliability="B")),
            Draft.revise(make.agreement(summary="They agreed twice.")),
            Draft.revise(make.commitment(title="Another treaty", due="2025-12", milestones=[], because="So")),
            Draft.withdraw(Entity.COMMITMENT, "treaty", withdrawn),
            Draft.event(make.event("signed", "2025-06-20")),
            Draft.revise(make.check("look", "2025-06-25")),
            Draft.withdraw(Entity.DISPUTE, "quarrel", Withdrawal(reason="A misprint")),
            Draft.add(make.commitment("memo", kind="mou")),
        ],
        actor="ben",
    )
    return tracker


@pytest.mark.parametrize(
    ("asked", "before", "after"),
    [
        ("SELECT title, version FROM sources_known($t)", [("A document", 2)], [("Another title", 3)]),
        ("SELECT summary FROM agreements_known($t)", [("They agreed.",)], [("They agreed twice.",)]),
        ("SELECT name FROM milestones_known($t)", [("Signing",)], []),
        (
            "SELECT stage, withdrawn_because FROM history_known($t) ORDER BY version",
            [("pledged", None), ("in-negotiation", None)],
            [("pledged", None), ("in-negotiation", "Only talks about talks"), ("signed", None)],
        ),
        (
            "SELECT version, reliability, proves FROM evidence_known($t) ORDER BY version",
            [(2, "A", "effect"), (3, "A", "effect")],
            [(2, "B", "effect"), (3, "B", None), (7, "B", "effect")],
        ),
        ("SELECT checked_on FROM checks_known($t)", [(dt.date(2025, 5, 20),)], [(dt.date(2025, 6, 25),)]),
        ("SELECT withdrawn_because FROM disputes_known($t)", [(None,)], [("A misprint",)]),
        (
            "SELECT commitment_id, stage FROM answers_known(DATE '2025-07-15', $t) ORDER BY ALL",
            [("treaty", "in-negotiation")],
            [("memo", "reported-unconfirmed"), ("treaty", "signed")],
        ),
        (
            "SELECT id, title, version, recorded_at FROM as_known(DATE '2025-07-15', $t) ORDER BY ALL",
            [("treaty", "A treaty", 4, dt.datetime(2025, 6, 1, 10, 0, 0, 4))],
            [("memo", "A treaty", 1, AFTER), ("treaty", "Another treaty", 7, AFTER)],
        ),
        (
            "SELECT version FROM heads WHERE commitment_id = 'treaty' AND known_from <= $t AND $t < known_to",
            [(4,)],
            [(7,)],
        ),
    ],
)
def test_every_table_tells_what_was_known_at_a_moment(twice, asked, before, after):
    with twice.store.reading() as con:
        told = {t: con.execute(asked, {"t": t}).fetchall() for t in (BEFORE, AFTER, PRESENT)}
        just_before = con.execute(asked, {"t": AFTER - dt.timedelta(microseconds=1)}).fetchall()
    assert told == {BEFORE: before, AFTER: after, PRESENT: after}
    assert just_before == before


def ids(rows: list[dict], name: str = "id") -> list:
    return [row[name] for row in rows]


@pytest.mark.parametrize(
    ("ask", "before", "after"),
    [
        (lambda con, at: queries.commitment(con, "treaty", at)["stage"], "in-negotiation", "signed"),
        (lambda con, at: queries.answers(con, "treaty", at)[0]["official_stage"], "in-negotiation", "signed"),
        (lambda con, at: queries.definition(con, "treaty", at)["title"], "A treaty", "Another treaty"),
        (
            lambda con, at: [(w["version"], w["because"]) for w in queries.wordings(con, "treaty", at)],
            [(1, None), (4, None)],
            [(1, None), (4, None), (5, "So")],
        ),
        (
            lambda con, at: queries.agreement(con, "pact", at)["summary"],
            "They agreed.",
            "They agreed twice.",
        ),
        (
            lambda con, at: [(h["stage"], h["supported"]) for h in queries.history(con, "treaty", at)],
            [("pledged", True), ("in-negotiation", True)],
            [("pledged", True), ("in-negotiation", None), ("signed", True)],
        ),
        (
            lambda con, at: {c["title"] for h in queries.history(con, "treaty", at) for c in h["evidence"]},
            {"A document"},
            {"Another title"},
        ),
        (lambda con, at: ids(queries.milestones(con, "treaty", at), "name"), ["Signing"], []),
        (
            lambda con, at: ids(queries.checks(con, "treaty", at), "checked_on"),
            [dt.date(2025, 5, 20)],
            [dt.date(2025, 6, 25)],
        ),
        (
            lambda con, at: tally.status_counts(con, at),
            {"in-progress": 1},
            {"in-progress": 1, "unconfirmed": 1},
        ),
        (lambda con, at: tally.schedule_counts(con, at), {"upcoming": 1}, {"upcoming": 1, "no-date": 1}),
        (lambda con, at: ids(tally.standing(con, at)), ["treaty"], ["memo", "treaty"]),
        (
            lambda con, at: ids(tally.stage_counts(con, at), "stage"),
            ["in-negotiation"],
            ["reported-unconfirmed", "signed"],
        ),
        (
            lambda con, at: [(c["stage_before"], c["stage"]) for c in tally.changes(con, at=at)],
            [("pledged", "in-negotiation"), (None, "pledged")],
            [("pledged", "signed"), (None, "pledged")],
        ),
        (lambda con, at: tally.facets(con, at)["kind"], ["legal-instrument"], ["legal-instrument", "mou"]),
        (lambda con, at: ids(provenance.disputes(con, at=at)), ["quarrel"], []),
        (lambda con, at: provenance.contested(con, ["treaty"], at), {"treaty"}, set()),
        (
            lambda con, at: provenance.sources_by_id(con, ["gazette"], at)["gazette"]["reliability"],
            "A",
            "B",
        ),
        (
            lambda con, at: [(m["reliability"], m["n"]) for m in provenance.grade_matrix(con, at)],
            [("A", 2)],
            [("B", 2)],
        ),
        (lambda con, at: ids(provenance.sources(con, reliability="B", at=at)), [], ["gazette"]),
        (
            lambda con, at: ids(provenance.citing(con, "gazette", at), "stage"),
            ["pledged", "in-negotiation"],
            ["pledged", "signed"],
        ),
        (lambda con, at: len(provenance.corrections(con, at=at)), 2, 8),
        (
            lambda con, at: [(a["id"], a["step"]) for a in agenda.agenda(con, at)],
            [("treaty", "Signing"), ("treaty", None)],
            [("treaty", None)],
        ),
        (lambda con, at: [d["step"] for d in agenda.of(con, "treaty", at)], ["Signing", None], [None]),
        (
            lambda con, at: [(r["id"], r["silent"]) for r in agenda.needs_look(con, at)],
            [("treaty", 56)],
            [("treaty", 20), ("memo", 14)],
        ),
    ],
)  # fmt: skip
def test_every_question_can_be_asked_at_a_point_on_both_clocks(twice, ask, before, after):
    with twice.store.reading() as con:
        assert ask(con, At.of(DAY, dt.date(2025, 6, 1))) == before
        assert ask(con, At.of(DAY, dt.date(2025, 7, 1))) == after
        assert ask(con, At.of(DAY)) == after


def test_python_asks_by_either_clock_or_both(twice):
    assert ids(twice.as_of(dt.date(2025, 6, 19)), "stage") == ["pledged"]
    assert ids(twice.as_of(DAY), "stage") == ["reported-unconfirmed", "signed"]
    assert ids(twice.as_known(DAY, BEFORE), "stage") == ["in-negotiation"]
    assert ids(twice.commitments(as_of=DAY, known_on=dt.date(2025, 6, 30)), "title") == ["A treaty"]
    assert twice.commitment("treaty", known_on=dt.date(2025, 6, 1))["stage"] == "in-negotiation"
    assert twice.commitment("treaty", as_of=dt.date(2025, 5, 1))["stage"] == "pledged"
    assert ids(twice.history("treaty", as_of=dt.date(2025, 5, 1)), "stage") == ["pledged"]


@pytest.mark.parametrize(
    ("as_of", "known_on", "expected"),
    [
        (DAY, None, At(DAY, PRESENT)),
        (None, DAY, At(DAY, dt.datetime(2025, 7, 15, 23, 59, 59, 999999))),
        (DAY, dt.date(2025, 6, 1), At(DAY, dt.datetime(2025, 6, 1, 23, 59, 59, 999999))),
        (None, None, At(clocks.today(), PRESENT)),
    ],
)
def test_a_day_on_which_something_was_known_counts_to_its_end(as_of, known_on, expected):
    assert At.of(as_of, known_on) == expected


def test_what_was_not_yet_on_record_is_told_from_what_never_was(twice):
    with pytest.raises(Refused) as refused:
        twice.commitment("memo", known_on=dt.date(2025, 6, 1))
    assert refused.value.code == "not-known-then"
    with pytest.raises(UnknownId) as unknown:
        twice.commitment("memos", known_on=dt.date(2025, 6, 1))
    assert unknown.value.near == ("memo",)


def test_a_search_finds_nothing_by_a_source_that_was_not_known_then(tracker, clock):
    clock.set("2025-07-01T09:00")
    tracker.add(make.source("late", title="The zebra report"), by="ann")
    tracker.record(make.event("signed", "2025-05-01", "late"), by="ann")
    clock.set("2025-08-01T09:00")
    tracker.revise(make.source("late", title="The okapi report"), by="ann")
    for known_on, word, found in (
        (None, "okapi", ["treaty"]),
        (None, "zebra", []),
        (dt.date(2025, 7, 15), "zebra", ["treaty"]),
        (dt.date(2025, 7, 15), "okapi", []),
        (dt.date(2025, 6, 15), "zebra", []),
    ):
        assert [c["id"] for c in tracker.commitments(search=word, known_on=known_on)] == found, (
            known_on,
            word,
        )


def test_the_overview_of_a_data_set_is_that_of_its_time(filled, clock):
    with filled.store.reading() as con:
        before = inventory.info(con)
        (dataset,) = queries.datasets(con)
    clock.set("2025-07-01T09:00")
    filled.add(make.source("late"), make.check("look", "2025-06-20", "joint-forum"), by="ann")
    filled.revise(Dataset.parse(dataset_of(filled) | {"subject": "Something else"}), by="ann")
    then = At(dt.date(2025, 6, 15), dt.datetime(2025, 6, 30))
    with filled.store.reading() as con:
        assert inventory.info(con, then) == before
        assert inventory.info(con)["counts"]["checks"] == before["counts"]["checks"] + 1
        assert (
            inventory.info(con)["recorded_at"]
            > before["recorded_at"]
            == inventory.info(con, then)["recorded_at"]
        )
        assert queries.datasets(con, then) == [dataset]
        assert [d["subject"] for d in queries.datasets(con)] == ["Something else"]
        nothing = inventory.info(con, At(dt.date(2025, 1, 1), dt.datetime(2025, 1, 1)))
        assert (nothing["head_hash"], set(nothing["counts"].values())) == (None, {0})


def dataset_of(tracker) -> dict:
    with tracker.store.reading() as con:
        (dataset_id,) = con.execute("SELECT id FROM datasets").fetchone()
        return holdings.content(con, "dataset", dataset_id)[1]
