"""The sheet of one commitment: what was promised, how far it is by three answers, and how we know."""

import json

import pytest
from command import Command
from rich.cells import cell_len

BY = ("--by", "ann")
PRINTED = (
    "--title=Notice",
    "--publisher=Gazette",
    "--source-kind=record",
    "--reliability=A",
    "--credibility=1",
)


@pytest.fixture
def tracker_command(filled, folder, tmp_path) -> Command:
    return Command(folder, tmp_path)


@pytest.fixture
def real(shipped, folder, tmp_path) -> Command:
    return Command(folder, tmp_path)


def flat(text: str) -> str:
    """The text without the line breaks of a page."""
    return " ".join(text.split())


def test_a_commitment_is_shown_on_one_sheet(tracker_command):
    sheet = tracker_command("show", "secrets-treaty")
    for part in ("Traité sur les secrets", "in-force: ", "milestone: Entry into force", "Gazette de Belmora"):
        assert part in sheet
    assert "+ A1" in sheet
    assert "On which day was the treaty signed?" in sheet
    assert max(cell_len(x) for x in tracker_command.on_terminal(40, "show", "secrets-treaty")) <= 40
    then = tracker_command.json("show", "secrets-treaty", "--as-of", "2024-06-01")
    assert (then["stage"], len(then["history"])) == ("pledged", 1)
    now = tracker_command.json("show", "secrets-treaty")
    assert (now["stage"], len(now["history"])) == ("signed", 2)
    assert now["history"][1]["evidence"][0]["publisher"] == "Gazette de Belmora"


def test_a_sheet_of_an_earlier_day_tells_nothing_of_later_ones(tracker_command):
    def shown(commitment_id, day):
        return tracker_command.json("show", commitment_id, "--as-of", day)

    # The month of the signature is known, not the day: it counts when the month is over.
    for day, stage in (("2025-02-27", "pledged"), ("2025-02-28", "signed")):
        found = shown("secrets-treaty", day)
        assert (found["stage"], found["history"][-1]["stage"]) == (stage, stage)
        assert found["assessment"] is None
    for day, is_missing in (("2024-11-18", True), ("2024-11-19", False)):
        found = shown("joint-forum", day)
        assert ("First edition" in found["missing"]["milestones"]) is is_missing
        (first,) = (m for m in found["milestones"] if m["name"] == "First edition")
        assert (first["reached"], first["reached_earliest"]) == (
            (None, None) if is_missing else ("2024-11-19", "2024-11-19")
        )
    tracker_command("check", "research-mou", "--on", "2025-05-20", "--place", "Gazette", "--by", "ann")
    assert [len(shown("research-mou", day)["checks"]) for day in ("2025-05-19", "2025-05-20")] == [0, 1]
    text = tracker_command("show", "secrets-treaty", "--as-of", "2025-02-27")
    assert "as it stood on 2025-02-27; the wording and the disputes are those of today" in text
    assert "The compiler's note" not in text
    assert "The compiler's note" in tracker_command("show", "secrets-treaty")


def test_the_treaty_can_be_replayed_and_is_never_delivered(real):
    days = ("2025-11-01", "2026-02-01", "2026-03-01")
    stages = [real.json("show", "gsomia", "--as-of", day) for day in days]
    assert [s["stage"] for s in stages] == ["concluded", "approved", "signed"]
    query = "select count(*) n from judgements where commitment_id = 'gsomia' and status = 'delivered'"
    assert real.json("sql", query) == [{"n": 0}]
    story = flat(real("show", "gsomia")).partition("Was the Cabinet vote the last political hurdle?")[2]
    assert story.startswith(" (settled) - Yes, final hurdle cleared (does not hold) E lundy-projects.co.uk: ")
    assert "What holds: No Why: Signature followed four weeks later" in story


def test_three_answers_stand_side_by_side(real):
    found = real.json("show", "materiel-joint-meetings", "--as-of", "2026-11-01")
    together, *parties = found["answers"]
    assert together == {
        "party": None,
        "official_stage": "pledged",
        "stage": "inaugural-held",
        "claimed_stage": "recurring",
        "schedule": "unknown",
    }
    assert [p["party"] for p in parties] == ["Canada", "Republic of Korea"]
    assert found["claimed_stage"] == "recurring"
    text = flat(real("show", "materiel-joint-meetings", "--as-of", "2026-11-01"))
    assert "in-progress: inaugural-held (claimed: recurring) since 2023-05-31" in text
    assert "for officials say evidence supports schedule all together pledged inaugural-held" in text
    assert "Sources say recurring; the evidence on record supports no more than inaugural-held." in text
    assert "nothing official of Canada is on record" in text


def test_every_event_says_what_its_evidence_proves(real):
    found = real.json("show", "materiel-joint-meetings")
    assert [(e["stage"], e["supported"], e["requirement"]) for e in found["history"]] == [
        ("pledged", True, "word"),
        ("inaugural-held", True, "act"),
        ("recurring", False, "act"),
        ("recurring", False, "act"),
    ]
    (item,) = found["history"][2]["evidence"]
    assert (item["proves"], item["origin"]) == ("word", "Yonhap")
    text = flat(real("show", "materiel-joint-meetings"))
    assert "2023-05-31 inaugural-held · supported (version 3)" in text
    assert "2024-01-18 recurring · claimed, not proven by its sources (version 4)" in text
    assert "needs: One source that proves acts, or two of independent origin" in text
    assert "proves that it was promised, announced or begun; words of Yonhap" in text


def test_never_looked_and_found_nothing_are_told_apart(tracker_command):
    def known(day):
        text = flat(tracker_command("show", "research-mou", "--as-of", day))
        return text.partition("How far our knowledge reaches ")[2].partition(" Promised")[0]

    due = "due 2024-12: between 2024-12-01 and 2024-12-31"
    assert known("2025-06-01") == (
        f"{due} evidence reaches 2024-03-04, 454 days back never looked: no search is on record"
    )
    tracker_command(
        "check", "research-mou", "--on", "2025-05-20", "--place", "Gazette", "--language", "fr",
        "--term", "mémorandum", "--by", "ann",
    )  # fmt: skip
    looked = "last looked on 2025-05-20, {}, and found nothing new"
    for day, said in (("2025-05-20", "the same day"), ("2025-05-21", "1 day back")):
        assert known(day) == f"{due} evidence reaches 2025-05-20, {said} {looked.format(said)}"
    found = tracker_command.json("show", "research-mou", "--as-of", "2025-05-21")
    assert (found["evidence_days"], found["checked_days"], found["schedule"]) == (1, 1, "late")
    before = tracker_command.json("show", "research-mou", "--as-of", "2025-05-21", "--known-on", "2025-06-01")
    assert (before["last_checked"], before["checked_days"], before["schedule"]) == (None, None, "unknown")
    text = flat(tracker_command("show", "research-mou"))
    assert "2025-05-20 Gazette; languages: fr; for: mémorandum (ann)" in text


def test_the_rhythm_of_editions_is_told(tracker_command):
    rhythm = tracker_command.json("show", "joint-forum", "--as-of", "2025-06-01")["rhythm"]
    assert rhythm["editions"] == ["2024-11-19"]
    assert (rhythm["next_earliest"], rhythm["next_latest"]) == ("2025-11-19", "2025-11-19")
    assert rhythm["open_gap"] == 194
    tracker_command("revise", "commitment", "joint-forum", "lapses_after=P18M", "--by", "ann")
    told = ("--stage=recurring", "--on=2025-03", "--note=Second.", "--by=ann", *PRINTED)
    tracker_command("update", "joint-forum", *told)
    text = flat(tracker_command("show", "joint-forum", "--as-of", "2025-06-01"))
    assert "held 2 times: 2024-11-19, 2025-03" in text
    assert "next expected between 2026-03-01 and 2026-03-31" in text
    assert "last held 62 days back longest gap: 102 days broken if none is held by 2026-09-30" in text
    assert tracker_command.json("show", "research-mou")["rhythm"] is None


def test_both_clocks_reach_every_part_of_a_sheet(tracker_command):
    then = tracker_command.json("show", "secrets-treaty", "--known-on", "2025-06-01")
    told = ("--stage=in-force", "--on=2025-05-30", "--note=Notes exchanged.", "--by=ann", *PRINTED)
    tracker_command("update", "secrets-treaty", *told)
    tracker_command(
        "revise", "commitment", "secrets-treaty", "pledge=Sign a treaty.", "--because=Shorter.", "--by=ann"
    )
    tracker_command("check", "secrets-treaty", "--on", "2025-05-31", "--place", "x", "--by", "ann")
    tracker_command("withdraw", "dispute", "day-of-signing", "--reason", "No dispute.", "--by", "ann")
    now = tracker_command.json("show", "secrets-treaty")
    assert (now["stage"], now["pledge"], len(now["checks"])) == ("in-force", "Sign a treaty.", 1)
    assert [w["because"] for w in now["wordings"]] == [None, "Shorter."]
    assert now["disputes"] == []
    assert tracker_command.json("show", "secrets-treaty", "--known-on", "2025-06-01") == then
    assert [s["holds"] for s in then["disputes"][0]["sides"]] == [True, False]
    text = flat(
        tracker_command("show", "secrets-treaty", "--as-of", "2025-05-01", "--known-on", "2025-06-01")
    )
    assert "as it stood on 2025-05-01, by what was on record at the end of 2025-06-01 (UTC)" in text


def test_a_sheet_as_data_holds_all_that_the_text_says(tracker_command):
    found = json.loads(tracker_command("show", "joint-forum", "--format", "json"))
    assert {
        "answers", "claimed_stage", "evidence_days", "checked_days", "rhythm", "missing", "history",
        "disputes", "checks", "wordings", "milestones", "official_stage",
    } <= found.keys()  # fmt: skip
    (dispute,) = found["disputes"]
    assert [s["sources"][0]["publisher"] for s in dispute["sides"]] == [
        "Belmora Daily",
        "Government of Arvania",
    ]
    text = flat(tracker_command("show", "joint-forum"))
    assert (
        "Who hosts the forum? (open) - The ministry (open) B Belmora Daily: 제1차 방산협력포럼 개최" in text
    )


def test_what_is_held_for_now_does_not_hold_yet(real):
    text = flat(real("show", "defence-industry-cooperation-forum"))
    assert "(open)" in text
    assert "Held for now: Undecided; the roadshow fits the co-hosting wording best" in text
    assert "What holds: Undecided" not in text


def test_evidence_that_was_withdrawn_is_not_called_missing(tracker_command):
    tracker_command("withdraw", "source", "statement-2024", "--reason", "A forgery.", *BY)
    text = flat(tracker_command("show", "research-mou"))
    assert "evidence reaches nowhere: none that counts is on record" in text
    told = ("--stage=signed", "--on=2025-03", "--note=Signed.", "--source=statement-2024:1")
    line = tracker_command.refused(1, "update", "research-mou", *told, *BY)
    assert "tracker withdraw source statement-2024 --undo --reason WHY --by NAME" in line
