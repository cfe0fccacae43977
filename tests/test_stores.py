"""A store of every earlier version of the schema, as its own program left it, opened by this one."""

import datetime as dt
import shutil
import tarfile
from pathlib import Path

import duckdb
import make
import pytest
from command import Command
from reading import said

from tracker import backup
from tracker.errors import StoreUnavailable
from tracker.schema import migrations
from tracker.store import Store
from tracker.tracker import Tracker

ARCHIVES = Path(__file__).parent / "stores"
EARLIER = range(1, migrations()[-1][0])
DAY = dt.date(2025, 6, 10)
ANSWERS = {
    1: {"memo": ("pledged", "pledged"), "treaty": ("pledged", "pledged")},
    2: {
        "memo": ("signed", "delivered"),
        "talks": ("pledged", "pledged"),
        "treaty": ("in-negotiation", "in-progress"),
    },
    3: {
        "memo": ("signed", "delivered"),
        "talks": ("inaugural-held", "in-progress"),
        "treaty": ("pledged", "pledged"),
    },
    4: {
        "memo": ("signed", "delivered"),
        "talks": ("inaugural-held", "in-progress"),
        "treaty": ("pledged", "pledged"),
    },
}
"""Stage and status of what they hold, on `DAY`, by the present edition of the rules."""
TOMORROW = "INSERT INTO schema_migrations VALUES (999, 'later', TIMESTAMP '2030-01-01')"


@pytest.fixture(params=EARLIER, ids=lambda version: f"schema {version}")
def old(request, folder) -> Path:
    """The folder of such a store."""
    folder.mkdir()
    with tarfile.open(ARCHIVES / f"schema-{request.param}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return folder


def version(file: Path) -> int:
    with duckdb.connect(str(file), read_only=True) as con:
        return con.execute("SELECT max(version) FROM schema_migrations").fetchone()[0]


def hashes(file: Path) -> list[str]:
    with duckdb.connect(str(file), read_only=True) as con:
        return [hash_ for (hash_,) in con.execute("SELECT hash FROM ledger ORDER BY seq").fetchall()]


def answers(tracker: Tracker) -> dict[str, tuple[str, str]]:
    return {r["id"]: (r["stage"], r["status"]) for r in tracker.commitments(as_of=DAY)}


def test_every_earlier_version_has_its_store():
    assert sorted(p.name for p in ARCHIVES.iterdir()) == [f"schema-{v}.tar.xz" for v in EARLIER]
    assert set(ANSWERS) == set(EARLIER)


def test_it_opens_with_every_entry_and_is_judged(old, clock, request):
    clock.set("2025-07-01T09:00")
    began = version(old / "ledger.duckdb")
    before = hashes(old / "ledger.duckdb")
    kept = shutil.copy(old / "ledger.duckdb", old.with_name("kept.duckdb"))
    tracker = Tracker(Store(old, clock=clock))
    assert answers(tracker) == ANSWERS[began]
    assert tracker.info()["schema_version"] == migrations()[-1][0] > began
    assert hashes(tracker.store.published) == before
    tracker.verify()
    tracker.add(make.source("register", kind="record"), by="ann")
    assert hashes(tracker.store.published)[:-1] == before
    # A copy of it that somebody kept becomes a store as well.
    told = backup.restore(Store(old.with_name("other"), clock=clock), kept)
    assert (told["entries"], told["head_hash"]) == (len(before), before[-1])
    assert answers(Tracker(Store(old.with_name("other"), clock=clock))) == ANSWERS[began]
    assert version(kept) == began


def test_one_of_a_later_version_is_refused_politely_at_every_door(tracker, reader, tmp_path):
    store = tracker.store
    store.release()
    with duckdb.connect(str(store.ledger_file)) as con:
        con.execute(TOMORROW)
    store.published.unlink()
    shutil.copy2(store.ledger_file, store.published)
    kept = shutil.copy(store.published, tmp_path / "kept.duckdb")
    before = [file.read_bytes() for file in (store.ledger_file, store.published)]
    for ask in (
        tracker.commitments,
        tracker.verify,
        lambda: tracker.record(make.event(), by="ann"),
        lambda: tracker.backup(tmp_path / "backup.duckdb"),
        lambda: Tracker.restore(kept, tmp_path / "other"),
        lambda: Tracker.restore(kept, store.folder, overwrite=True),
    ):
        with pytest.raises(StoreUnavailable) as refused:
            ask()
        assert (refused.value.code, refused.value.facts["found"]) == ("newer-schema", 999)
    sentence = "The store was written by a later version of the tracker"
    assert sentence in said(reader("overview"))
    command = Command(store.folder, tmp_path)
    asked = ["check", "treaty", "--on", "2025-05-01", "--place", "The library", "--by", "Ben"]
    for line in (command.refused(5, "list"), command.refused(5, *asked), command.refused(5, "verify")):
        assert line.startswith(sentence)
        assert line.endswith("Upgrade the tracker.")
    assert [file.read_bytes() for file in (store.ledger_file, store.published)] == before
    assert not (tmp_path / "other").exists()
    assert not (tmp_path / "backup.duckdb").exists()
