"""Correcting by the command: withdraw, replace, revise, judge again; nothing is lost."""

import pytest
from command import Command

BY = ("--by", "ann")


@pytest.fixture
def tracker_command(filled, folder, tmp_path) -> Command:
    return Command(folder, tmp_path)


def stage(command: Command, commitment_id: str) -> str:
    return next(r["stage"] for r in command.json("list") if r["id"] == commitment_id)


def test_withdrawing_the_best_source_moves_the_answer_and_restoring_it_moves_it_back(tracker_command):
    withdraw = ("withdraw", "source", "treaty-gazette", "--reason", "It is a forgery.", *BY)
    before = tracker_command.files()
    would = tracker_command(*withdraw, "--dry-run")
    first, line = would.splitlines()
    assert first == "1 commitment would move"
    assert line.startswith(
        "secrets-treaty: stage signed → pledged, claimed stage none → signed, status in-pro"
    )
    (move,) = tracker_command.json(*withdraw, "--dry-run")
    assert (move["id"], move["before"]["stage"], move["after"]["stage"]) == (
        "secrets-treaty",
        "signed",
        "pledged",
    )
    assert tracker_command.files() == before
    assert tracker_command(*withdraw) == "source treaty-gazette: withdrawn, version 2\n"
    assert stage(tracker_command, "secrets-treaty") == "pledged"
    sheet = " ".join(tracker_command("show", "secrets-treaty").split())
    assert "the source was withdrawn by ann: It is a forgery." in sheet
    restore = ("withdraw", "source", "treaty-gazette", "--undo", "--reason", "It is not.", *BY)
    assert tracker_command(*restore) == "source treaty-gazette: restored, version 3\n"
    assert stage(tracker_command, "secrets-treaty") == "signed"
    assert tracker_command("verify").endswith("the ledger holds, and every table follows from it\n")


def test_an_event_can_be_withdrawn_and_restored(tracker_command):
    event = ("event", "secrets-treaty", "--version", "3", *BY)
    said = tracker_command("withdraw", *event, "--reason", "Never happened.", "--expect-version", "3")
    first, moved = said.splitlines()
    assert first == "event secrets-treaty 3: withdrawn, version 4"
    assert moved.startswith("secrets-treaty: stage signed → pledged, status in-progress → pledged")
    sheet = " ".join(tracker_command("show", "secrets-treaty").split())
    assert "2025-02 signed · withdrawn (version 3) Signed in the capital. taken out by ann on " in sheet
    assert ": Never happened." in sheet
    line = tracker_command.refused(1, "withdraw", *event, "--reason", "Again.")
    assert line.startswith("The event that version 3 of secrets-treaty recorded does not count any more")
    line = tracker_command.refused(3, "withdraw", *event, "--reason", "x", "--undo", "--expect-version", "3")
    assert "version 4 by ann, withdrawn" in line
    restored = tracker_command.json("withdraw", *event, "--undo", "--reason", "It did.")
    assert restored == {
        "thing": "event", "id": "secrets-treaty", "event_version": 3, "action": "restore", "version": 5,
    }  # fmt: skip
    assert stage(tracker_command, "secrets-treaty") == "signed"


def test_checks_and_disputes_can_be_withdrawn(tracker_command):
    said = tracker_command("check", "research-mou", "--on", "2025-05-20", "--place", "Gazette", *BY)
    assert tracker_command.json("show", "research-mou")["schedule"] == "late"
    check_id = said.partition(":")[0]
    tracker_command("withdraw", "check", check_id, "--reason", "Wrong archive.", *BY)
    found = tracker_command.json("show", "research-mou")
    assert (found["schedule"], found["last_checked"]) == ("unknown", None)
    tracker_command("withdraw", "dispute", "who-hosts", "--reason", "Nobody asks.", *BY)
    assert tracker_command.json("show", "joint-forum")["disputed"] is False


def test_an_event_can_replace_another(tracker_command):
    told = (
        "--stage",
        "pledged",
        "--on",
        "2024-03-05",
        "--note",
        "A day later.",
        "--source",
        "statement-2024:1",
    )
    line = tracker_command(
        "update", "research-mou", *told, "--supersedes", "2", "--because", "The day was wrong.", *BY
    )
    assert line == "research-mou: pledged (pledged) → pledged (pledged), version 3\n"
    found = tracker_command.json("show", "research-mou")
    assert found["stage_since"] == "2024-03-05"
    old, new = found["history"]
    assert (old["superseded_by"], old["withdrawn_because"], new["supersedes"]) == (3, "The day was wrong.", 2)
    sheet = " ".join(tracker_command("show", "research-mou").split())
    assert "2024-03-04 pledged · replaced by version 3 (version 2)" in sheet
    line = tracker_command.refused(
        1, "withdraw", "event", "research-mou", "--version", "2", "--undo", "--reason", "x", *BY
    )
    assert "ersion 3" in line


def test_an_update_can_be_tried_out(tracker_command):
    told = ("--stage", "signed", "--on", "2025-05-06", "--note", "Signed.", *BY)
    new = ("--title", "T", "--publisher", "P", "--reliability", "A", "--credibility", "1")
    before = tracker_command.files()
    would = tracker_command("update", "research-mou", *told, *new, "--dry-run")
    assert would.startswith(
        "1 commitment would move\nresearch-mou: stage pledged → signed, status pledged → del"
    )
    weak = tracker_command("update", "research-mou", *told, "--source", "statement-2024", "--dry-run")
    claim = "claimed stage none → signed, official stage pledged → signed"
    assert weak == f"1 commitment would move\nresearch-mou: {claim}\n"
    line = tracker_command.refused(1, "update", "research-mou", *told, "--source", "nope", "--dry-run")
    assert line == "--source names a source that is not on record: nope"
    assert tracker_command.files() == before


def test_a_grade_can_be_tried_out_before_it_is_changed(tracker_command):
    change = ("revise", "source", "statement-2024", "reliability=E", *BY)
    would = tracker_command(*change, "--dry-run")
    count, *lines = would.splitlines()
    assert count == f"{len(lines)} commitments would move"
    assert "research-mou: stage pledged → reported-unconfirmed" in would
    assert stage(tracker_command, "research-mou") == "pledged"
    assert tracker_command(*change, "--because", "It was never sent.") == "source statement-2024: version 2\n"
    assert stage(tracker_command, "research-mou") == "reported-unconfirmed"
    assert tracker_command(*change, "--dry-run") == "nothing would move\n"
    query = "select because from corrections where entity_id = 'statement-2024' order by seq"
    assert tracker_command.json("sql", query) == [{"because": "It was never sent."}]
    # The reason of one change is not that of the next.
    tracker_command("revise", "source", "statement-2024", "reliability=A", *BY)
    assert tracker_command.json("sql", query)[1] == {"because": None}


def test_a_wording_is_compared_word_by_word(tracker_command):
    def revise(*fields):
        tracker_command("revise", "commitment", "research-mou", *fields, *BY)

    assert tracker_command("diff", "research-mou") == "research-mou was not reworded from version 1 to 2\n"
    revise("pledge=Sign a memorandum on joint research.", "--because", "As the text has it.")
    revise('parties=[{"name": "Arvania", "bodies": ["Academy"]}]', "due=2025", "title=Research")
    text = tracker_command("diff", "research-mou", "--from", "2", "--to", "3")
    assert "research-mou, from version 1 to 3\nversion 3 by ann on " in text
    assert ": As the text has it.\n" in text
    assert text.endswith("\npledge\n  Sign a memorandum on {+joint +}research.\n")
    text = tracker_command("diff", "research-mou")
    assert "title\n  [-Memorandum on research-]{+Research+}\n" in text
    assert "due\n  [-2024-12-]{+2025+}\n" in text or "due\n  [-2024-]{+2025+}[--12-]\n" in text
    assert "pledge" not in text
    found = tracker_command.json("diff", "research-mou", "--from", "1")
    assert (found["from"], found["to"]) == (1, 4)
    assert [r["because"] for r in found["revisions"]] == ["As the text has it.", None]
    assert [f["field"] for f in found["fields"]] == ["title", "pledge", "parties", "due"]
    for field in found["fields"][:2]:
        assert "".join(p["text"] for p in field["pieces"] if p["kind"] != "new") == field["before"]
        assert "".join(p["text"] for p in field["pieces"] if p["kind"] != "gone") == field["after"]
    coloured = tracker_command("diff", "research-mou", env={"FORCE_COLOR": "1"})
    assert "\x1b[32m{+" in coloured
    lines = tracker_command.on_terminal(40, "diff", "research-mou", "--from", "1")
    assert max(map(len, lines)) <= 40


def test_changed_steps_are_compared_too(tracker_command):
    steps = '[{"name": "Entry into force", "expected": "2027", "expected_basis": "inferred"}]'
    tracker_command("revise", "commitment", "secrets-treaty", f"milestones={steps}", *BY)
    (field,) = tracker_command.json("diff", "secrets-treaty")["fields"]
    assert (field["field"], field["before"][0]["expected"]) == ("milestones", "2026")
    assert "name: Entry into force; expected: " in tracker_command("diff", "secrets-treaty")


def test_a_second_coder_judges_blind(tracker_command):
    assert "cannot be computed yet" in tracker_command("code", "--agreement")
    event = tracker_command.json("code", "--next", *BY)
    assert "stage" not in event
    assert "status" not in event
    assert {s["stage"] for s in event["stages"]} >= {"precursor", "pledged", "withdrawn"}
    text = " ".join(tracker_command("code", "--next", *BY).split())
    assert text.startswith(f"{event['commitment_id']} {event['version']}: ")
    assert f"tracker code {event['commitment_id']} {event['version']} --stage STAGE" in text
    seen = []
    while (event := tracker_command.json("code", "--next", *BY)) is not None:
        found = tracker_command.json("show", event["commitment_id"])["history"]
        first = next(e["stage"] for e in found if e["version"] == event["version"])
        differs = event["commitment_id"] == "joint-forum" and first == "inaugural-held"
        judged = "scheduled" if differs else first
        seen.append((event["commitment_id"], event["version"]))
        tracker_command("code", *map(str, seen[-1]), "--stage", judged, "--note", "So I see it.", *BY)
    assert len(seen) == len(set(seen)) == 8
    assert tracker_command("code", "--next", *BY).strip() == "No event is left that you have not judged."
    found = tracker_command.json("code", "--agreement")
    assert (found["events"], found["coders"], found["alike"]) == (8, 2, 7)
    assert 0 < found["low"] <= found["alpha"] <= found["high"] <= 1
    (dissent,) = found["dissent"]
    assert (dissent["first_stage"], dissent["second_stage"]) == ("inaugural-held", "scheduled")
    text = tracker_command("code", "--agreement")
    assert f"{found['alpha']:.2f}, 95 % interval {found['low']:.2f} to {found['high']:.2f}" in text
    assert "8 events judged twice or more, by 2 coders; alike on 7." in text
    assert "inaugural-held" in text
    line = tracker_command.refused(1, "code", *map(str, seen[0]), "--stage", "pledged", *BY)
    assert line == "VERSION was judged by you already"
