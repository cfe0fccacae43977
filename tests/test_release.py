"""The release file: which data set this is, and the proof of it."""

import hashlib
import json

import make
import pytest

from tracker.errors import BadFile, VerificationFailed
from tracker.rules import RULES_VERSION
from tracker.store import Store
from tracker.tracker import Tracker


@pytest.fixture
def released(filled, tmp_path):
    """The release file of an export, beside it."""
    path = tmp_path / "release.json"
    filled.export(tmp_path / "commitments.parquet", release=path)
    return path


def test_a_release_states_the_version_of_the_data_set_and_of_the_rules(filled, released):
    info, told = filled.info(), json.loads(released.read_text(encoding="utf-8"))
    exported = released.with_name("commitments.parquet")
    assert told["head_hash"] == info["head_hash"]
    assert told["rules_version"] == RULES_VERSION
    assert told["schema_version"] == info["schema_version"]
    assert (told["entries"], told["counts"]) == (info["counts"]["ledger"], info["counts"])
    assert told["file"] == exported.name
    assert told["file_sha256"] == hashlib.sha256(exported.read_bytes()).hexdigest()
    assert told["recorded_at"] == "2025-06-01T09:00:00Z"
    assert filled.verify_release(released) == told | {"file_there": True}


def test_the_same_data_gives_the_same_release(filled, released, tmp_path, clock):
    clock.set("2026-01-01T00:00")
    (tmp_path / "again").mkdir()
    filled.export(tmp_path / "again" / "commitments.parquet", release=tmp_path / "again" / "release.json")
    assert (tmp_path / "again" / "release.json").read_bytes() == released.read_bytes()


def test_an_earlier_release_stays_true_when_more_is_recorded(filled, released):
    filled.add(make.source(), by="ann")
    told = filled.verify_release(released)
    assert told["head_hash"] != filled.info()["head_hash"]


def test_a_store_made_from_the_released_file_is_the_one_released(released, tmp_path):
    other = Tracker(Store(tmp_path / "other"))
    other.import_export(released.with_name("commitments.parquet"))
    assert other.info()["head_hash"] == other.verify_release(released)["head_hash"]


def test_a_release_can_be_held_against_a_store_without_its_file_and_says_so(filled, released):
    released.with_name("commitments.parquet").unlink()
    held = filled.verify_release(released)
    assert (held["file"], held["file_there"]) == ("commitments.parquet", False)


def test_the_release_of_an_empty_store_holds_there_and_wherever_more_was_recorded(store, tmp_path):
    empty, path = Tracker(store), tmp_path / "release.json"
    empty.export(tmp_path / "commitments.parquet", release=path)
    assert empty.verify_release(path)["head_hash"] is None
    empty.add(make.source(), by="ann")
    assert empty.verify_release(path)["entries"] == 0


def test_counts_of_an_earlier_release_are_those_of_its_time(filled, released, clock):
    clock.set("2025-07-01T09:00")
    filled.add(make.source("late"), make.check("look", "2025-05-01", "joint-forum"), by="ann")
    filled.record(make.event("recurring", "2025-05", "late", commitment_id="joint-forum"), by="ann")
    told = filled.verify_release(released)
    assert told["counts"]["history"] + 1 == filled.info()["counts"]["history"]
    released.write_text(json.dumps(told | {"counts": filled.info()["counts"]}), encoding="utf-8")
    with pytest.raises(VerificationFailed) as failed:
        filled.verify_release(released)
    assert failed.value.facts["what"] == "counts"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"head_hash": "0" * 64}, "head_hash"),
        ({"entries": 1}, "head_hash"),
        ({"entries": 999}, "head_hash"),
        ({"file_sha256": "0" * 64}, "commitments.parquet"),
        ({"counts": {}}, "counts"),
        ({"counts": None}, "counts"),
        ({"rules_version": RULES_VERSION + 1}, "rules_version"),
        ({"rules_version": "2"}, "rules_version"),
        ({"schema_version": 99}, "schema_version"),
        ({"recorded_at": "1999-01-01T00:00:00Z"}, "recorded_at"),
        ({"license": "none"}, "license"),
        ({"format": "another", "license": None}, "format, license"),
    ],
)
def test_a_release_that_states_something_else_does_not_hold(filled, released, change, what):
    told = json.loads(released.read_text(encoding="utf-8"))
    released.write_text(json.dumps(told | change), encoding="utf-8")
    with pytest.raises(VerificationFailed) as failed:
        filled.verify_release(released)
    assert (failed.value.code, failed.value.facts["what"]) == ("release-differs", what)


def test_a_released_file_with_one_bit_changed_does_not_hold(filled, released):
    exported = released.with_name("commitments.parquet")
    content = bytearray(exported.read_bytes())
    content[len(content) // 2] ^= 1
    exported.write_bytes(content)
    with pytest.raises(VerificationFailed) as failed:
        filled.verify_release(released)
    assert failed.value.facts["what"] == "commitments.parquet"


def test_the_release_of_another_data_set_does_not_hold(tracker, originals, tmp_path):
    other = Tracker(Store(originals / "filled"))
    other.export(tmp_path / "other.parquet", release=tmp_path / "other.json")
    with pytest.raises(VerificationFailed):
        tracker.verify_release(tmp_path / "other.json")


@pytest.mark.parametrize("content", ["", "[]", "7", "null", "{}", '{"head_hash": "x"}', "not json", '"text"'])
def test_a_file_that_is_no_release_is_refused(library, tmp_path, content):
    path = tmp_path / "release.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        library.verify_release(path)
    assert refused.value.code == "not-release"


@pytest.mark.parametrize(
    "fields",
    [
        {"entries": "many"},
        {"entries": None},
        {"entries": [1]},
        {"entries": True},
        {"entries": 10**60},
        {"head_hash": None, "entries": 999},
        {"head_hash": None},
        {"entries": 0},
        {"file": ""},
        {"file": "."},
        {"file": None},
    ],
)
def test_a_release_with_a_field_of_another_sort_is_refused(filled, released, fields):
    told = json.loads(released.read_text(encoding="utf-8"))
    released.write_text(json.dumps(told | fields), encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        filled.verify_release(released)
    assert refused.value.code == "not-release"


def test_a_release_reaches_no_file_outside_its_folder(filled, released):
    told = json.loads(released.read_text(encoding="utf-8"))
    (released.parent / "inner").mkdir()
    inner = released.parent / "inner" / "release.json"
    inner.write_text(json.dumps(told | {"file": "../commitments.parquet", "file_sha256": "0" * 64}))
    filled.verify_release(inner)


def test_a_release_that_is_not_there_is_told_so(library, tmp_path):
    with pytest.raises(BadFile) as refused:
        library.verify_release(tmp_path / "nothing.json")
    assert refused.value.code == "unreadable"


def test_a_release_that_is_no_text_is_refused(library, tmp_path):
    path = tmp_path / "release.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFile) as refused:
        library.verify_release(path)
    assert refused.value.code == "not-release"
