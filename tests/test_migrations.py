import datetime as dt
import os
import shutil

import duckdb
import make
import pytest

from tracker.errors import StoreUnavailable
from tracker.recovery import STORAGE
from tracker.schema import migrate, migrations
from tracker.store import Store
from tracker.tracker import Tracker

COMMITMENTS = """
    id title pledge kind pillar agreement_id parties headline due due_earliest due_latest cadence
    fulfilment_test stage status stage_since schedule confidence disputed official_stage
    evidence_reaches last_checked version recorded_at
"""
HISTORY = """
    commitment_id version happened_on happened_earliest happened_latest stage status note source_ids
    recorded_at recorded_by withdrawn_at withdrawn_by
"""
COLUMNS = {
    "commitments": COMMITMENTS,
    "as_of(DATE '2025-06-01')": COMMITMENTS,
    "as_known(DATE '2025-06-01', TIMESTAMP '2025-06-01')": COMMITMENTS,
    "history": HISTORY,
    "evidence": "commitment_id version source_id bearing reliability credibility locator quote",
}


@pytest.mark.parametrize("relation", COLUMNS)
def test_readers_find_the_columns_they_were_promised_in_order(library, relation):
    with library.store.reading() as con:
        found = [row[0] for row in con.execute(f"DESCRIBE FROM {relation}").fetchall()]
    assert found == COLUMNS[relation].split()


def test_readers_find_the_tables_they_were_promised(library):
    with library.store.reading() as con:
        found = {row[0] for row in con.execute("SHOW TABLES").fetchall()}
        stages = con.execute("SELECT kind, ordinal, stage, status, proof FROM lifecycle").fetchall()
    assert {"sources", "agreements", "milestones", "checks", "disputes", "lifecycle", "ledger"} <= found
    assert ("legal-instrument", "signed", "in-progress") in [(k, s, t) for k, _, s, t, _ in stages]


@pytest.mark.parametrize(
    "listing",
    [
        "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND {}",
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND {}",
        "SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND {}",
        "SELECT function_name FROM duckdb_functions() WHERE NOT internal AND {}",
    ],
)
def test_every_table_view_column_and_macro_explains_itself(library, listing):
    with library.store.reading() as con:
        assert con.execute(listing.format("true")).fetchall()
        silent = con.execute(listing.format("coalesce(trim(comment), '') = ''")).fetchall()
    assert silent == []


def test_migrating_twice_changes_nothing(tracker):
    def state() -> list:
        with tracker.store.reading() as con:
            return [
                con.execute("FROM schema_migrations").fetchall(),
                con.execute("FROM duckdb_columns() WHERE NOT internal").fetchall(),
                con.execute("FROM ledger").fetchall(),
                con.execute("FROM lifecycle").fetchall(),
            ]

    before = state()
    tracker.store.create()
    Store(tracker.store.folder).create()
    assert state() == before
    assert tracker.info()["schema_version"] == migrations()[-1][0]


def test_migrations_are_numbered_from_one_without_gap():
    assert [number for number, _, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_migration_that_fails_leaves_the_database_as_it_was():
    with duckdb.connect(":memory:") as con:
        con.execute("CREATE TABLE ledger (something_else INTEGER)")
        with pytest.raises(duckdb.CatalogException):
            migrate(con, dt.datetime(2025, 6, 1))
        assert con.execute("SHOW TABLES").fetchall() == [("ledger",)]
        assert [row[0] for row in con.execute("DESCRIBE ledger").fetchall()] == ["something_else"]


def test_the_files_are_written_for_clients_of_1_5(store):
    for file in (store.ledger_file, store.published):
        with duckdb.connect(str(file), read_only=True) as con:
            tags = con.execute("SELECT tags FROM duckdb_databases() WHERE NOT internal").fetchone()
        assert STORAGE["storage_compatibility_version"].removesuffix(".0") in str(tags)


def age(store: Store, change: str) -> None:
    """Change the schema version of both files by hand."""
    store.release()
    store.published.chmod(0o644)
    for file in (store.ledger_file, store.published):
        with duckdb.connect(str(file)) as con:
            con.execute(change)
    os.utime(store.published)


def test_a_store_of_a_later_version_is_refused_and_left_alone(tracker):
    age(tracker.store, "INSERT INTO schema_migrations VALUES (999, 'tomorrow', TIMESTAMP '2030-01-01')")
    for action in (tracker.commitments, lambda: tracker.record(make.event(), by="ann"), tracker.store.create):
        with pytest.raises(StoreUnavailable) as refused:
            action()
        assert refused.value.code == "newer-schema"
        assert refused.value.facts["found"] == 999
    with duckdb.connect(str(tracker.store.ledger_file), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM ledger").fetchone() == (3,)


def test_a_reader_brings_an_earlier_store_up_to_date(store):
    store.release()
    store.published.unlink()
    store.ledger_file.unlink()
    with duckdb.connect(str(store.published)) as con:
        con.execute("CREATE TABLE schema_migrations (version INTEGER, name VARCHAR, applied_at TIMESTAMP)")
    shutil.copyfile(store.published, store.ledger_file)
    os.utime(store.published)
    tracker = Tracker(Store(store.folder))
    assert tracker.commitments() == []
    assert tracker.info()["schema_version"] == migrations()[-1][0]
