import os
import shutil
from pathlib import Path

import duckdb
import make
import pytest
from conftest import PRESENT, Clock

from tracker.errors import Refused, VerificationFailed
from tracker.ledger import Draft
from tracker.store import Store
from tracker.terms import Entity
from tracker.tracker import Tracker


def tamper(tracker: Tracker, *statements: str) -> Tracker:
    """Change a store by hand, as somebody with a database client could, and publish that."""
    store = tracker.store
    store.release()
    with duckdb.connect(str(store.ledger_file)) as con:
        for statement in statements:
            assert con.execute(statement).fetchone() != (0,), "the statement must change something"
    store.published.unlink()
    shutil.copy(store.ledger_file, store.published)
    os.utime(store.published)
    return Tracker(Store(store.folder))


@pytest.fixture(scope="session")
def written_original(originals: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which everything that can be written was written."""
    folder = tmp_path_factory.mktemp("written") / "store"
    shutil.copytree(originals / "filled", folder)
    filled = Tracker(Store(folder, clock=Clock(PRESENT)))
    filled.add(make.check("look", "2025-05-01", "joint-forum", "patrol-ships"), by="ann")
    filled.revise(make.check("look", "2025-05-02", "joint-forum"), by="ann")
    filled.revise(make.source("yearbook", reliability="F"), by="ann")
    filled.record(make.event("recurring", "2025-05", "yearbook", commitment_id="joint-forum"), by="ann")
    filled.record(make.event("pledged", "2024-01-01", "yearbook", commitment_id="research-mou"), by="ann")
    sides = [{"position": p, "source_ids": ["yearbook"]} for p in "ab"]
    filled.add(make.dispute("new", "research-mou", "joint-forum", sides=sides), by="ann")
    filled.revise(
        make.dispute("new", "research-mou", sides=sides, settled=True, holds="a", why="b"), by="ann"
    )
    filled.add(make.source("letter"), make.check("other", "2025-05-01", "research-mou"), by="ann")
    for undo in (False, True, False):
        filled.withdraw(Entity.SOURCE, "letter", reason="It was forged", undo=undo, by="ann")
        filled.withdraw(Entity.CHECK, "other", reason="Nobody looked", undo=undo, by="ann")
        filled.withdraw(Entity.DISPUTE, "new", reason="Not one", undo=undo, by="ann")
        filled.withdraw(Entity.COMMITMENT, "research-mou", version=3, reason="Misread", undo=undo, by="ann")
    told_better = make.event(
        "recurring", "2025-05-03", "yearbook", commitment_id="joint-forum", supersedes=5, because="The day"
    )
    filled.record(told_better, by="ben")
    filled.code("joint-forum", 4, "recurring", by="joe")
    french = {"language": "fr", "made_by": "human", "title": "Des lettres"}
    filled.revise(make.agreement("older-letters", translations=[french]), by="joe")
    for name, approve in (("asked", True), ("begged", False)):
        asked = Draft.add(make.check(name, "2025-05-01", "joint-forum"))
        proposal = filled.propose([asked], by="ann").entity_id
        filled.decide(proposal, approve=approve, reason="So be it.", by="ben")
    filled.store.release()
    return folder


@pytest.fixture
def written(written_original: Path, folder: Path, clock: Clock) -> Tracker:
    shutil.copytree(written_original, folder)
    return Tracker(Store(folder, clock=clock))


def test_a_store_nobody_touched_holds(filled):
    counts = filled.verify()
    assert (counts["ledger"], counts["events"], counts["citations"], counts["dispute_versions"]) == (
        23,
        8,
        10,
        2,
    )


def test_a_store_holds_after_everything_that_can_be_written(written):
    counts = written.verify()
    assert counts["ledger"] == 52
    assert [table for table, rows in counts.items() if not rows] == []


@pytest.mark.parametrize("name", ["ledger.duckdb", "commitments.duckdb"])
def test_a_copy_changed_by_hand_is_found_whatever_its_time_says(filled, name):
    filled.verify()
    file = filled.store.folder / name
    before = file.stat()
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.chmod(0o644)
    file.write_bytes(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(VerificationFailed) as failed:
        filled.verify()
    assert failed.value.code == "copies-differ"


def test_refused_writes_leave_the_copies_alike(filled):
    with pytest.raises(Refused):
        filled.add(make.source("yearbook"), by="ann")
    filled.verify()
    filled.record(make.event("recurring", "2025-05", "yearbook", commitment_id="joint-forum"), by="ann")
    filled.verify()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET payload = replace(payload, 'year', 'jear') WHERE entity_id = 'joint-forum'",
        "UPDATE ledger SET actor = 'eve' WHERE seq = 3",
        "UPDATE ledger SET recorded_at = recorded_at - INTERVAL 1 MICROSECOND WHERE seq = 3",
        "UPDATE ledger SET idempotency_key = 'key' WHERE seq = 3",
        "UPDATE ledger SET hash = previous_hash WHERE seq = 3",
        "UPDATE ledger SET payload = '{}' WHERE seq = 3",
        "DELETE FROM ledger WHERE seq = 7",
        "DELETE FROM ledger WHERE seq = 1",
        "INSERT INTO ledger SELECT * REPLACE (24 AS seq, 9 AS version) FROM ledger WHERE seq = 3",
    ],
)
def test_an_entry_changed_removed_or_put_in_by_hand_is_found(filled, statement):
    tracker = tamper(filled, statement)
    with pytest.raises(VerificationFailed) as failed:
        tracker.verify()
    assert failed.value.code == "chain-broken"


def test_the_newest_entry_removed_by_hand_is_found_in_the_tables(filled):
    tracker = tamper(filled, "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)")
    with pytest.raises(VerificationFailed) as failed:
        tracker.verify()
    assert failed.value.code == "projection-differs"


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE judgements SET status = 'delivered' WHERE commitment_id = 'research-mou'", "judgements"),
        ("UPDATE judgements SET known_to = known_from WHERE commitment_id = 'research-mou'", "judgements"),
        ("UPDATE events SET note = 'Signed.' WHERE commitment_id = 'research-mou'", "events"),
        ("UPDATE source_versions SET reliability = 'A' WHERE id = 'treaty-blog'", "source_versions"),
        ("UPDATE citations SET credibility = 1 WHERE commitment_id = 'patrol-ships'", "citations"),
        ("UPDATE lifecycle SET status = 'delivered' WHERE stage = 'pledged'", "lifecycle"),
        ("UPDATE definitions SET title = 'x' WHERE commitment_id = 'joint-forum'", "definitions"),
        ("UPDATE dates SET latest = DATE '2030-01-01' WHERE edtf = '2025-02'", "dates"),
        ("DELETE FROM dispute_versions WHERE id = 'who-hosts'", "dispute_versions"),
        ("DELETE FROM milestone_versions WHERE commitment_id = 'joint-forum'", "milestone_versions"),
        ("UPDATE heads SET version = 99 WHERE commitment_id = 'joint-forum'", "heads"),
        ("UPDATE agreement_versions SET summary = 'x' WHERE id = 'older-letters'", "agreement_versions"),
        ("UPDATE dataset_versions SET subject = 'x'", "dataset_versions"),
        ("INSERT INTO source_versions FROM source_versions WHERE id = 'yearbook'", "source_versions"),
        ("UPDATE source_versions SET known_to = known_from WHERE id = 'yearbook'", "source_versions"),
        ("UPDATE findings SET supported = true WHERE commitment_id = 'patrol-ships'", "findings"),
        ("UPDATE ceilings SET proves = 'effect' WHERE kind = 'blog'", "ceilings"),
    ],
)
def test_a_table_changed_by_hand_is_found_and_named(filled, statement, table):
    tracker = tamper(filled, statement)
    with pytest.raises(VerificationFailed) as failed:
        tracker.verify()
    assert (failed.value.code, failed.value.facts["table"]) == ("projection-differs", table)


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE check_versions SET places = ['Everywhere'] WHERE id = 'look'", "check_versions"),
        ("DELETE FROM withdrawals", "withdrawals"),
        ("DELETE FROM codings", "codings"),
    ],
)
def test_a_correction_changed_by_hand_is_found_and_named(written, statement, table):
    tracker = tamper(written, statement)
    with pytest.raises(VerificationFailed) as failed:
        tracker.verify()
    assert (failed.value.code, failed.value.facts["table"]) == ("projection-differs", table)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("CREATE OR REPLACE VIEW answers AS SELECT * REPLACE ('signed' AS stage) FROM answers", "answers"),
        (
            "CREATE OR REPLACE VIEW commitments AS "
            "SELECT * REPLACE ('in-force' AS stage) FROM as_of(CAST(now() AS DATE))",
            "commitments",
        ),
        ("CREATE OR REPLACE MACRO plain(words) AS upper(words)", "plain"),
        ("CREATE OR REPLACE MACRO as_of(day) AS TABLE FROM as_known(day, TIMESTAMP '2020-01-01')", "as_of"),
        ("CREATE OR REPLACE MACRO as_of(d) AS TABLE FROM as_known(d, TIMESTAMP '9999-12-30')", "as_of"),
        ("CREATE VIEW whatever AS SELECT 1 AS stage", "whatever"),
        ("CREATE TABLE whatever AS SELECT 1 AS stage", "whatever"),
        ("DROP VIEW corrections", "corrections"),
        ("COMMENT ON COLUMN commitments.stage IS 'What we like'", "commitments"),
        ("COMMENT ON VIEW sources IS 'What we like'", "sources"),
        ("COMMENT ON MACRO plain IS 'What we like'", "plain"),
        ("ALTER TABLE findings ALTER supported DROP NOT NULL", "findings"),
        ("ALTER TABLE ledger ADD COLUMN remark VARCHAR", "ledger"),
        ("UPDATE schema_migrations SET name = 'x' WHERE version = 1", "schema_migrations"),
        ("INSERT INTO schema_migrations VALUES (0, 'x', TIMESTAMP '2020-01-01')", "schema_migrations"),
        ("INSERT INTO rulebook VALUES (1, TIMESTAMP '2020-01-01')", "rulebook"),
        ("INSERT INTO rulebook SELECT 1, NULL UNION ALL SELECT 1, NULL", "rulebook"),
        ("INSERT INTO rulebook SELECT 0, NULL", "rulebook"),
        ("UPDATE rulebook SET adopted_at = TIMESTAMP '9999-12-31'", "rulebook"),
        ("INSERT INTO judgements SELECT * REPLACE (1 AS rules_version) FROM judgements", "judgements"),
        ("INSERT INTO judgements SELECT * REPLACE (99 AS rules_version) FROM judgements", "judgements"),
        ("INSERT INTO findings SELECT * REPLACE (1 AS rules_version) FROM findings", "findings"),
        ("UPDATE judgements SET rules_version = 1", "judgements"),
    ],
)
def test_what_readers_use_and_no_entry_made_is_found_and_named_when_changed(filled, statement, name):
    tracker = tamper(filled, statement)
    with pytest.raises(VerificationFailed) as failed:
        tracker.verify()
    assert (failed.value.code, failed.value.facts["table"]) == ("projection-differs", name)


def test_answers_put_under_an_edition_that_never_judged_here_are_found(filled):
    tracker = tamper(
        filled,
        "INSERT INTO judgements SELECT * REPLACE ('in-force' AS stage, 1 AS rules_version) FROM judgements "
        "WHERE commitment_id = 'secrets-treaty'",
        "DELETE FROM judgements WHERE commitment_id = 'secrets-treaty' AND rules_version > 1",
    )
    with pytest.raises(VerificationFailed):
        tracker.verify()
