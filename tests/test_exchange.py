import json

import duckdb
import make
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracker import exchange, facts
from tracker.errors import BadFile, StoreUnavailable, VerificationFailed
from tracker.ledger import GENESIS, Entry, canonical
from tracker.store import Store
from tracker.tracker import Tracker, fill


@pytest.fixture
def exported(filled, tmp_path):
    path = tmp_path / "commitments.parquet"
    filled.export(path)
    return path


@pytest.fixture
def other(tmp_path, clock):
    """A second place, where no store is yet."""
    return Tracker(Store(tmp_path / "other", clock=clock))


def test_an_export_has_one_row_per_commitment(filled, tmp_path):
    path = tmp_path / "commitments.parquet"
    assert filled.export(path) == 4
    table = pq.read_table(path)
    assert table.column("id").to_pylist() == ["joint-forum", "patrol-ships", "research-mou", "secrets-treaty"]
    assert list(tmp_path.glob(".*")) == []


def test_a_parquet_reader_finds_everything_nested_in_its_row(exported):
    rows = {row["id"]: row for row in pq.read_table(exported).to_pylist()}
    forum, treaty = rows["joint-forum"], rows["secrets-treaty"]
    assert forum["parties"][1]["bodies"] == ["국방부", "Agency for Ships"]
    assert [e["stage"] for e in forum["history"]] == ["precursor", "pledged", "inaugural-held"]
    assert [e["source"]["publisher"] for e in forum["history"][2]["evidence"]] == [
        "Belmora Daily",
        "Government of Arvania",
    ]
    assert forum["milestones"][1]["expected"] == "2025-11"
    assert forum["agreement"]["title"] == "Partnership of 2024"
    assert [d["id"] for d in treaty["disputes"]] == ["day-of-signing"]
    assert (treaty["stage"], treaty["status"], treaty["confidence"]) == ("signed", "in-progress", "high")
    assert str(treaty["stands_on"]) == "2025-06-01"
    assert treaty["checks"] == []


def test_every_ledger_line_stands_in_the_file_once(filled, exported):
    with filled.store.reading() as con:
        lines = con.execute("SELECT seq, hash FROM ledger ORDER BY seq").fetchall()
    assert [(e.seq, e.hash) for e in exchange.read(exported)] == lines


def test_the_same_data_gives_the_same_bytes(filled, exported, tmp_path, clock):
    clock.set("2026-01-01T00:00")
    again = tmp_path / "again.parquet"
    filled.export(again)
    assert again.read_bytes() == exported.read_bytes()


def test_an_export_read_into_a_new_store_exports_the_same_bytes(filled, exported, other, tmp_path):
    assert other.import_export(exported) == filled.info()["counts"]["ledger"]
    assert other.info()["head_hash"] == filled.info()["head_hash"]
    again = tmp_path / "again.parquet"
    other.export(again)
    assert again.read_bytes() == exported.read_bytes()
    assert other.verify() == filled.verify()


def test_both_clocks_survive_the_journey(tracker, other, clock, tmp_path):
    clock.set("2025-08-01T12:00")
    tracker.record(make.event("signed", "2024-05-01"), by="ben")
    tracker.revise(make.source(reliability="C"), by="ben")
    tracker.add(make.source("unused"), make.agreement("unused"), make.check(), make.dispute(), by="joe")
    tracker.export(tmp_path / "a.parquet")
    clock.set("2025-12-24T12:00")
    other.import_export(tmp_path / "a.parquet")
    with tracker.store.reading() as one, other.store.reading() as two:
        for table in ("ledger", "judgements", "definitions", "history", "sources", "agreements", "checks"):
            query = f"SELECT * FROM {table} ORDER BY ALL"  # noqa: S608 -- names from this line
            assert one.execute(query).fetchall() == two.execute(query).fetchall(), table


def test_an_empty_store_can_be_exported_and_read(store, other, tmp_path):
    path = tmp_path / "empty.parquet"
    assert Tracker(store).export(path) == 0
    assert other.import_export(path) == 0
    assert other.commitments() == []


def test_what_belongs_to_no_commitment_travels_too(store, other, tmp_path):
    Tracker(store).add(make.source(note='it\'s "quoted"\n\t– 국 😀 </a> \\ {}'), make.agreement(), by="ann")
    assert Tracker(store).export(tmp_path / "a.parquet") == 0
    assert other.import_export(tmp_path / "a.parquet") == 2
    assert other.verify()["source_versions"] == 1


def test_a_file_that_continues_the_store_brings_only_what_is_new(tracker, other, tmp_path):
    path = tmp_path / "a.parquet"
    tracker.export(path)
    other.import_export(path)
    tracker.record(make.event(), by="ben")
    tracker.record(make.event("signed", "2024-05-01"), by="ben")
    tracker.export(path)
    assert other.import_export(path) == 2
    assert other.import_export(path) == 0
    assert other.info()["head_hash"] == tracker.info()["head_hash"]
    assert other.commitment("treaty")["stage"] == "signed"
    other.verify()


def test_a_file_the_store_has_already_passed_brings_nothing(tracker, tmp_path):
    tracker.export(tmp_path / "old.parquet")
    tracker.record(make.event(), by="ben")
    assert tracker.import_export(tmp_path / "old.parquet") == 0
    assert tracker.info()["counts"]["ledger"] == 4


@pytest.mark.parametrize(("ours", "theirs"), [(1, 1), (1, 2), (2, 1)])
def test_a_file_that_went_another_way_is_refused(tracker, other, tmp_path, ours, theirs):
    tracker.export(tmp_path / "common.parquet")
    other.import_export(tmp_path / "common.parquet")
    for number in range(ours):
        tracker.record(make.event(note=f"ours {number}"), by="ann")
    for number in range(theirs):
        other.record(make.event(note=f"theirs {number}"), by="ben")
    other.export(tmp_path / "theirs.parquet")
    before = tracker.info()
    with pytest.raises(VerificationFailed) as refused:
        tracker.import_export(tmp_path / "theirs.parquet")
    assert refused.value.code == "diverged"
    assert tracker.info() == before


def entries_changed(path, change):
    """Rewrite an exported file with other ledger lines, metadata kept."""
    table = pq.read_table(path)
    rows = table.column("entries").to_pylist()
    change(rows)
    kind = table.schema.field("entries").type
    column = pa.array(rows, pa.list_(pa.struct([(f.name, plain(f.type)) for f in kind.value_type])))
    at = table.schema.get_field_index("entries")
    changed = table.set_column(at, "entries", column)
    pq.write_table(changed.replace_schema_metadata(table.schema.metadata), path)


def plain(kind):
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def altered(rows):
    payload = json.loads(rows[0][0]["payload"])
    payload["title"] = "Something else"
    rows[0][0]["payload"] = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def dropped(rows):
    del rows[0][-1]


def resigned(rows):
    rows[0][0]["actor"] = "eve"


@pytest.mark.parametrize("change", [altered, dropped, resigned])
def test_a_file_with_one_line_altered_is_refused_and_nothing_is_made(exported, other, change):
    entries_changed(exported, change)
    with pytest.raises(VerificationFailed) as refused:
        other.import_export(exported)
    assert refused.value.code == "chain-broken"
    assert not other.store.folder.exists()


def test_an_altered_file_leaves_a_store_that_is_there_as_it_is(filled, exported):
    filled.record(make.event("signed", "2025-05-01", "yearbook", commitment_id="research-mou"), by="ann")
    before = filled.info()
    entries_changed(exported, altered)
    with pytest.raises(VerificationFailed):
        filled.import_export(exported)
    assert filled.info() == before


def test_a_file_with_a_line_this_program_cannot_have_written_is_refused(filled, exported, other, tmp_path):
    def bad_url(rows):
        line = next(line for row in rows for line in row if line["entity"] == "source")
        payload = json.loads(line["payload"])
        payload["url"] = "javascript:alert(1)"
        line["payload"] = json.dumps(payload)

    entries_changed(exported, bad_url)
    with pytest.raises(BadFile) as refused:
        other.import_export(exported)
    assert refused.value.code == "invalid-entry"
    assert not other.store.folder.exists()


def foreign_parquet(path):
    pq.write_table(pa.table({"id": [1, 2], "entries": [[1], [2]]}), path)


def foreign_metadata(path):
    table = pa.table({"id": ["a"], "entries": pa.array([[]], pa.list_(pa.struct([("seq", pa.int64())])))})
    pq.write_table(table.replace_schema_metadata({"unattached_entries": "not json"}), path)


@pytest.mark.parametrize(
    "make_file",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"garbage" * 1000),
        lambda path: path.write_bytes(b"PAR1" + bytes(100) + b"PAR1"),
        lambda path: path.write_text("id,title\n1,a\n"),
        lambda path: path.mkdir(),
        lambda path: duckdb.connect(str(path)).close(),
        foreign_parquet,
        foreign_metadata,
        lambda path: None,
    ],
    ids=["empty", "garbage", "frame", "csv", "folder", "database", "foreign", "metadata", "missing"],
)
def test_what_is_no_export_is_refused_and_nothing_is_made(tmp_path, other, make_file):
    path = tmp_path / "file.parquet"
    make_file(path)
    with pytest.raises(BadFile) as refused:
        other.import_export(path)
    assert refused.value.code in ("not-export", "no-file", "not-a-file")
    assert not other.store.folder.exists()


@pytest.mark.parametrize(
    "metadata",
    [b"not json", b"[1]", b'[{"seq": 1}]', b"[null]", b'"text"'],
)
def test_an_export_with_unreadable_metadata_is_refused(exported, other, metadata):
    table = pq.read_table(exported)
    pq.write_table(
        table.replace_schema_metadata(table.schema.metadata | {b"unattached_entries": metadata}), exported
    )
    with pytest.raises(BadFile) as refused:
        other.import_export(exported)
    assert refused.value.code == "not-export"


def test_a_cut_export_is_refused(exported, other):
    exported.write_bytes(exported.read_bytes()[:-200])
    with pytest.raises(BadFile):
        other.import_export(exported)


def test_a_folder_without_a_store_is_filled_from_an_export(exported, filled, tmp_path, clock):
    store = Store(tmp_path / "new", clock=clock)
    assert fill(store, exported) == filled.info()["counts"]["ledger"]
    assert Tracker(store).info()["head_hash"] == filled.info()["head_hash"]


def test_an_export_that_cannot_be_written_leaves_the_old_file(filled, exported, tmp_path):
    with pytest.raises(StoreUnavailable):
        filled.export(tmp_path / "no" / "such" / "folder.parquet")
    before = exported.read_bytes()
    blocked = tmp_path / "blocked.parquet"
    blocked.mkdir()
    with pytest.raises(StoreUnavailable):
        filled.export(blocked)
    assert exported.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["blocked.parquet", "commitments.parquet", "store"]


def test_facts_can_be_imported_on_top_of_an_export(exported, other, facts_file):
    other.import_export(exported)
    assert other.import_facts(facts.read(facts_file), by="compiler").entries == 0


def test_a_path_with_signs_of_its_own_is_taken_literally(filled, other, tmp_path):
    path = tmp_path / "it's [a] 국*.parquet"
    filled.export(path)
    assert other.import_export(path) == filled.info()["counts"]["ledger"]


def resealed(change):
    """A change to the ledger lines of a file, after which every hash fits again."""

    def change_and_seal(rows):
        lines = sorted((line for row in rows for line in row), key=lambda line: line["seq"])
        change(lines)
        before = GENESIS
        for line in lines:
            entry = Entry(**line | {"previous_hash": before})
            line |= {"previous_hash": before, "hash": entry.sealed()}
            before = line["hash"]
        rows[:] = [lines]

    return change_and_seal


def with_payload(line, **changes):
    line["payload"] = canonical(json.loads(line["payload"]) | changes)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[3].update(version=1),
        lambda lines: lines[3].update(version=7),
        lambda lines: lines[3].update(entity_id="nobody"),
        lambda lines: lines[3].update(kind="add"),
        lambda lines: lines[3].update(kind="withdraw"),
        lambda lines: lines[3].update(recorded_at=lines[0]["recorded_at"].replace(year=2000)),
        lambda lines: with_payload(lines[3], stage="redirected"),
        lambda lines: with_payload(lines[3], happened_on="2030-01-01"),
        lambda lines: with_payload(lines[3], commitment_id="other"),
        lambda lines: with_payload(lines[2], id="other"),
        lambda lines: with_payload(lines[2], agreement_id="other"),
        lambda lines: with_payload(lines[3], evidence=[{"source_id": "nowhere", "credibility": 1}]),
        lambda lines: [line.update(idempotency_key="same") for line in lines[2:]],
    ],
)
def test_a_file_that_breaks_a_rule_is_refused_even_if_every_hash_fits(tracker, other, tmp_path, change):
    tracker.record(make.event(), by="ben")
    path = tmp_path / "forged.parquet"
    tracker.export(path)
    entries_changed(path, resealed(change))
    with pytest.raises((BadFile, VerificationFailed)):
        other.import_export(path)
    with pytest.raises(StoreUnavailable):
        other.commitments()


def test_a_file_resealed_without_a_change_is_taken(tracker, other, tmp_path):
    tracker.record(make.event(), by="ben")
    path = tmp_path / "same.parquet"
    tracker.export(path)
    entries_changed(path, resealed(lambda lines: None))
    assert other.import_export(path) == 4
    assert other.info()["head_hash"] == tracker.info()["head_hash"]
