"""A store of the first schema and the first rule book, opened by this program."""

import datetime as dt
import shutil
import tarfile
from pathlib import Path

import duckdb
import make
import pytest
from test_verification import tamper

from tracker import exchange, ledger, projections, queries, rules, schema, tally, verification
from tracker.clocks import At
from tracker.errors import StoreUnavailable, VerificationFailed
from tracker.rules import RULES_VERSION
from tracker.schema import migrations
from tracker.store import Store
from tracker.tracker import Tracker

ARCHIVE = Path(__file__).parent / "stores" / "schema-1.tar.xz"
DAY = dt.date(2025, 6, 10)
ADOPTED = dt.datetime(2025, 7, 1, 9)


@pytest.fixture
def old(folder) -> Path:
    """The store as its program left it on 5 June 2025: ann and ben, a treaty and a memorandum."""
    folder.mkdir()
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def upgraded(old, clock) -> Tracker:
    """The same, opened for the first time on 1 July."""
    clock.now = ADOPTED
    return Tracker(Store(old, clock=clock))


def lines(folder: Path) -> list:
    with duckdb.connect(str(folder / "ledger.duckdb"), read_only=True) as con:
        return con.execute("FROM ledger ORDER BY seq").fetchall()


def believed(folder: Path) -> dict[dt.datetime, list]:
    """What the old program itself says of a day, for every instant at which it recorded something."""
    columns = ", ".join(queries.COMMITMENT_COLUMNS)
    with duckdb.connect(str(folder / "ledger.duckdb"), read_only=True) as con:
        instants = con.execute("SELECT DISTINCT recorded_at FROM ledger ORDER BY ALL").fetchall()
        return {
            instant: con.execute(
                f"SELECT {columns} FROM as_known(?, ?) ORDER BY id",  # noqa: S608
                [DAY, instant],
            ).fetchall()
            for (instant,) in instants
        }


@pytest.mark.parametrize(
    "first",
    [
        lambda tracker: tracker.commitments(),
        lambda tracker: tracker.record(make.event("in-negotiation", "2025-05-20"), by="ann"),
        lambda tracker: tracker.store.create(),
    ],
    ids=["a question", "a record", "nothing"],
)
def test_whatever_is_done_first_brings_the_store_up_to_date(old, upgraded, first):
    before = lines(old)
    first(upgraded)
    info = upgraded.info()
    assert (info["schema_version"], info["rules_version"]) == (migrations()[-1][0], RULES_VERSION)
    # Columns that came later stand behind those that were there.
    assert [line[: len(before[0])] for line in lines(old)[: len(before)]] == before
    upgraded.verify()
    again = Tracker(Store(old))
    assert again.commitments(as_of=DAY) == upgraded.commitments(as_of=DAY)
    assert again.info()["head_hash"] == info["head_hash"]


def test_what_was_believed_under_the_first_rule_book_is_still_what_was_believed(old, upgraded):
    before = believed(old)
    assert len(before) == 6
    stage = queries.COMMITMENT_COLUMNS.index("stage")
    assert [rows[-1][stage] for rows in before.values()] == [
        "reported-unconfirmed",
        "pledged",
        *["signed"] * 4,
    ]
    for instant, rows in before.items():
        assert [tuple(row.values()) for row in upgraded.as_known(DAY, instant)] == rows, instant
    just_before = ADOPTED - dt.timedelta(microseconds=1)
    assert [tuple(row.values()) for row in upgraded.as_known(DAY, just_before)] == [*before.values()][-1]


def test_from_its_adoption_on_the_present_rule_book_judges(upgraded):
    with upgraded.store.reading() as con:
        assert con.execute("FROM rulebook").fetchall() == [(RULES_VERSION, ADOPTED)]
        now = queries.answers(con, "treaty", At(DAY))[0]
        then = queries.answers(con, "treaty", At(DAY, dt.datetime(2025, 6, 3, 10)))[0]
        editions = con.execute(
            "SELECT rules_version, max(known_to) <= ?, min(known_from) >= ? "
            "FROM judgements GROUP BY 1 ORDER BY 1",
            [ADOPTED, ADOPTED],
        ).fetchall()
    assert (then["stage"], then["claimed_stage"]) == ("signed", None)
    assert (now["stage"], now["claimed_stage"]) == ("pledged", "signed")
    assert editions == [(1, True, False), (RULES_VERSION, False, True)]
    assert upgraded.commitment("memo", as_of=DAY)["status"] == "pledged"


def test_what_happened_was_not_held_against_a_rule_that_did_not_exist(upgraded):
    """The first edition asked for no proof: what it took for true was no claim."""
    with upgraded.store.reading() as con:
        (first,) = con.execute("SELECT min(known_from) FROM findings").fetchone()
        assert first == ADOPTED
        then, now = At(DAY, dt.datetime(2025, 6, 5, 10)), At(DAY)
        for at, supported in ((then, True), (now, False)):
            signed = [e for e in queries.history(con, "treaty", at) if e["stage"] == "signed"]
            assert {e["supported"] for e in signed} == {supported}
        assert next(c["stage"] for c in tally.changes(con, 9, then) if c["id"] == "treaty") == "signed"
        assert {c["supported"] for c in tally.changes(con, 9, then)} == {True}


def test_what_an_edition_said_and_found_is_kept_when_the_next_is_adopted(tracker, clock, monkeypatch):
    tracker.add(make.source("blog", kind="blog", reliability="E"), by="ann")
    tracker.record(make.event("signed", "2025-01-15", "blog"), by="ann")
    tracker.store.release()
    for module in (rules, projections, schema, verification):
        monkeypatch.setattr(module, "RULES_VERSION", RULES_VERSION + 1)
    clock.now = ADOPTED
    later = Tracker(Store(tracker.store.folder, clock=clock))
    with later.store.reading() as con:
        assert con.execute("FROM rulebook").fetchall() == [
            (RULES_VERSION, None),
            (RULES_VERSION + 1, ADOPTED),
        ]
        for table in ("judgements", "findings"):
            bounds = con.execute(
                f"SELECT rules_version, min(known_from), max(known_to) FROM {table} GROUP BY 1 ORDER BY 1"  # noqa: S608
            ).fetchall()
            assert [edition for edition, *_ in bounds] == [RULES_VERSION, RULES_VERSION + 1]
            assert bounds[0][2] == bounds[1][1] == ADOPTED
    later.verify()
    for statement in (
        "UPDATE {table} SET known_to = TIMESTAMP '9999-12-31' WHERE rules_version = {former}",
        "INSERT INTO {table} FROM {table} WHERE rules_version = {former} LIMIT 1",
        "UPDATE {table} SET known_from = TIMESTAMP '2020-01-01' WHERE rules_version > {former}",
    ):
        for table in ("judgements", "findings"):
            shutil.copytree(later.store.folder, tracker.store.folder.with_name("forged"))
            forged = Tracker(Store(tracker.store.folder.with_name("forged"), clock=clock))
            tamper(forged, statement.format(table=table, former=RULES_VERSION))
            with pytest.raises(VerificationFailed) as failed:
                forged.verify()
            assert failed.value.facts["table"] == table, statement
            shutil.rmtree(forged.store.folder)


def test_a_former_answer_put_beside_another_is_found(upgraded):
    upgraded.store.create()
    forged = (
        "INSERT INTO judgements SELECT * REPLACE ('in-force' AS stage) FROM judgements "
        "WHERE rules_version < {} AND commitment_id = 'treaty' LIMIT 1"
    )
    tamper(upgraded, forged.format(RULES_VERSION))
    with pytest.raises(VerificationFailed) as failed:
        upgraded.verify()
    assert failed.value.facts["table"] == "judgements"


def test_an_upgraded_store_goes_on_as_any_other(upgraded, clock):
    upgraded.store.create()
    clock.set("2025-07-02T09:00")
    upgraded.add(make.source("register", kind="record"), by="ann")
    upgraded.record(make.event("signed", "2025-05-01", "register", supersedes=3, because="Proof"), by="ann")
    assert upgraded.commitment("treaty", as_of=DAY)["stage"] == "signed"
    assert [r["stage"] for r in upgraded.as_known(DAY, ADOPTED)] == ["pledged", "pledged"]
    assert [r["stage"] for r in upgraded.as_known(DAY, dt.datetime(2025, 6, 5, 9))] == ["signed", "signed"]
    upgraded.verify()


def test_entries_older_than_the_rule_book_can_still_be_taken_over(old, upgraded, tmp_path, clock):
    """Somebody went on elsewhere before this store was opened by this program."""
    shutil.copytree(old, tmp_path / "elsewhere")
    clock.set("2025-06-20T09:00")
    elsewhere = Tracker(Store(tmp_path / "elsewhere", clock=clock))
    elsewhere.store.create()
    clock.set("2025-06-21T09:00")
    elsewhere.add(make.source("register", kind="record"), by="ben")
    elsewhere.record(make.event("signed", "2025-05-01", "register"), by="ben")
    elsewhere.export(tmp_path / "a.parquet")
    clock.now = ADOPTED
    upgraded.store.create()
    assert upgraded.commitment("treaty", as_of=DAY)["stage"] == "pledged"
    assert upgraded.import_export(tmp_path / "a.parquet") == 2
    assert upgraded.commitment("treaty", as_of=DAY)["stage"] == "signed"
    believed = upgraded.as_known(DAY, dt.datetime(2025, 6, 22))
    assert [(r["id"], r["stage"]) for r in believed] == [("memo", "signed"), ("treaty", "signed")]
    upgraded.verify()
    elsewhere.verify()


def test_lines_of_older_models_travel_letter_for_letter(old, upgraded, tmp_path, clock):
    before = lines(old)
    columns = [name for name in ledger.TYPES if name != "door"]
    upgraded.export(tmp_path / "a.parquet")
    travelled = exchange.read(tmp_path / "a.parquet")
    assert [tuple(getattr(e, c) for c in columns) for e in travelled] == before
    other = Tracker(Store(tmp_path / "other", clock=clock))
    assert other.import_export(tmp_path / "a.parquet") == len(before)
    other.export(tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert other.commitments(as_of=DAY) == upgraded.commitments(as_of=DAY)
    with other.store.reading() as con:
        assert con.execute("FROM rulebook").fetchall() == [(RULES_VERSION, None)]
    other.verify()


@pytest.mark.parametrize(
    ("tomorrow", "code"),
    [
        ("INSERT INTO rulebook VALUES (999, TIMESTAMP '2030-01-01')", "newer-rules"),
        ("INSERT INTO schema_migrations VALUES (999, 'x', TIMESTAMP '2030-01-01')", "newer-schema"),
    ],
)
def test_a_store_of_tomorrow_is_refused_and_left_alone(tracker, tomorrow, code):
    store = tracker.store
    store.release()
    store.published.chmod(0o644)
    for file in (store.ledger_file, store.published):
        with duckdb.connect(str(file)) as con:
            con.execute(tomorrow)
    store.published.touch()
    files = (store.ledger_file, store.published)
    before = [file.read_bytes() for file in files]
    for action in (tracker.commitments, lambda: tracker.record(make.event(), by="ann"), store.create):
        with pytest.raises(StoreUnavailable) as refused:
            action()
        assert refused.value.code == code
        assert refused.value.facts["found"] == 999
    assert [file.read_bytes() for file in files] == before
