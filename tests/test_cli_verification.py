"""Proof by the command: quotes against their archived copies, releases against the store."""

import json
from pathlib import Path

import pytest
from command import Command

ROOT = Path(__file__).parent.parent
TOLD = ("--stage", "in-negotiation", "--on", "2025-05", "--note", "They met.", "--by", "ann")
PAGE = (
    "<html><head><title>Page</title></head><body><p>Both <b>met</b> on\n 5 May 2025 in {}.</p></body></html>"
)


@pytest.fixture
def tracker_command(filled, folder, tmp_path) -> Command:
    return Command(folder, tmp_path)


@pytest.fixture
def copies(tracker_command, tmp_path) -> Path:
    """A folder of archived copies, from each of which a quote was taken."""
    kept = tmp_path / "copies"
    kept.mkdir()
    page, text = kept / "forum-report.html", kept / "yearbook.txt"
    page.write_text(PAGE.format("Seoul"), encoding="utf-8")
    text.write_text("제1차 회의를 열었다. They met in May.", encoding="utf-8")
    for source, quote, copy in (
        ("forum-report:2", "met on 5 May 2025", page),
        ("yearbook:3", "They met in May", text),
    ):
        said = tracker_command(
            "update", "research-mou", *TOLD, "--source", source, "--quote", quote, "--archive", str(copy)
        )
        assert f"keep {copy} as {copy.name} in the folder" in said
    return kept


def test_a_quote_is_kept_with_the_words_around_it(tracker_command, copies):
    items = [e["evidence"][0] for e in tracker_command.json("show", "research-mou")["history"][1:]]
    assert [(i["prefix"], i["quote"], i["suffix"]) for i in items] == [
        (" Both ", "met on 5 May 2025", " in Seoul. "),
        ("제1차 회의를 열었다. ", "They met in May", "."),
    ]
    assert all(len(i["archive_sha256"]) == 64 for i in items)
    assert "“They met in May”" in tracker_command("show", "research-mou")
    told = ("--source", "treaty-blog", "--quote", "We  met.", "--archive", str(copies / "yearbook.txt"))
    line = tracker_command.refused(1, "update", "research-mou", *TOLD, *told)
    assert (
        line == f"The quote does not stand in {copies / 'yearbook.txt'}. Give the words as they stand there."
    )


def test_quotes_are_held_against_their_copies(tracker_command, copies):
    said = tracker_command("verify", "--sources", str(copies))
    assert "quotes: 2 exact\n" in said
    assert [
        (q["source_id"], q["result"], q["copy"], q["fails"]) for q in quotes(tracker_command, copies)
    ] == [
        ("forum-report", "exact", "intact", False),
        ("yearbook", "exact", "intact", False),
    ]


def test_one_changed_character_fails_on_its_quote_only(tracker_command, copies):
    page = copies / "forum-report.html"
    assert quotes(tracker_command, copies)[0]["result"] == "exact"
    page.write_text(page.read_text().replace("5 May", "6 May"))
    done = tracker_command.run("verify", "--sources", str(copies))
    assert done.returncode == 4
    assert done.stderr == (
        "tracker: 1 of 2 quotes do not stand in their archived copies as they did: "
        "research-mou 3 from forum-report: changed, copy altered.\n"
    )
    assert "quotes: 1 changed, 1 exact\n" in done.stdout
    done = tracker_command.run("verify", "--sources", str(copies), "--format", "json")
    found = json.loads(done.stdout)
    assert [(q["result"], q["copy"], q["fails"]) for q in found["quotes"]] == [
        ("changed", "altered", True),
        ("exact", "intact", False),
    ]
    page.unlink()
    assert (
        "from forum-report: gone, copy missing."
        in tracker_command.run("verify", "--sources", str(copies)).stderr
    )


def quotes(command: Command, copies: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = command.json("verify", "--sources", str(copies))["quotes"]
    return found


def test_a_store_without_quotes_has_none_to_fail(tracker_command, tmp_path):
    assert tracker_command("verify", "--sources", str(tmp_path)).endswith("quotes: none on record\n")


def test_a_release_states_the_version_of_the_data_set(tracker_command, tmp_path):
    data, release = tmp_path / "data.parquet", tmp_path / "release.json"
    said = tracker_command("export", str(data), "--release", str(release))
    assert said == f"{data}: 4 commitments\n{release}: data.parquet\n"
    stated = json.loads(release.read_text())
    info = tracker_command.json("info")
    assert (stated["head_hash"], stated["rules_version"]) == (info["head_hash"], info["rules_version"])
    assert f"{info['head_hash']}  (the version of the data set)" in tracker_command("info")
    # A store that has gone on still holds what was released.
    tracker_command("check", "research-mou", "--on", "2025-05-20", "--place", "Gazette", "--by", "ann")
    assert f"the release {stated['head_hash']} holds\n" in tracker_command(
        "verify", "--release", str(release)
    )
    held = tracker_command.json("verify", "--release", str(release))["release"]
    assert held == stated | {"file_there": True}
    elsewhere = tmp_path / "alone.json"
    elsewhere.write_text(json.dumps(stated | {"file": "gone.parquet"}))
    said = tracker_command("verify", "--release", str(elsewhere))
    assert f"note: gone.parquet is not beside {elsewhere} and was not compared\n" in said
    data.write_bytes(data.read_bytes() + b"\0")
    line = tracker_command.refused(4, "verify", "--release", str(release))
    assert line == f"The release {release} does not hold: data.parquet differs."
    release.write_text(json.dumps(stated | {"head_hash": "0" * 64}))
    line = tracker_command.refused(4, "verify", "--release", str(release))
    assert line == f"The release {release} does not hold: head_hash differs."
    missing = tmp_path / "no" / "release.json"
    line = tracker_command.refused(5, "export", str(data), "--release", str(missing))
    assert line == f"The file {missing} cannot be written: No such file or directory"


def test_the_shipped_release_holds_and_is_what_an_export_states(shipped, folder, tmp_path):
    command = Command(folder, tmp_path)
    kept = ROOT / "data" / "release.json"
    assert " holds\n" in command("verify", "--release", str(kept))
    again = tmp_path / "release.json"
    command("export", str(tmp_path / "commitments.parquet"), "--release", str(again))
    assert again.read_bytes() == kept.read_bytes()
