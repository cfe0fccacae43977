"""Two wordings compared word by word."""

import itertools

import make
import pytest

from tracker import queries
from tracker.redline import Piece, redline

CASES = {
    "nothing changed": ("They will sign.", "They will sign.", "They will sign."),
    "a word came": ("They will sign.", "They will soon sign.", "They will +soon +sign."),
    "a word went": ("They will soon sign.", "They will sign.", "They will -soon -sign."),
    "a word changed": ("They will sign.", "They may sign.", "They -will-+may+ sign."),
    "part of a word is the whole word": ("They signed.", "They sign.", "They -signed-+sign+."),
    "a number": ("Within 12 months.", "Within 18 months.", "Within -12-+18+ months."),
    "punctuation": ("Sign, then ratify.", "Sign; then ratify.", "Sign-,-+;+ then ratify."),
    "all of it": ("One", "Two", "-One-+Two+"),
    "from nothing": ("", "They sign.", "+They sign.+"),
    "to nothing": ("They sign.", "", "-They sign.-"),
    "accents": ("Le traité signé", "Le traité gelé", "Le traité -signé-+gelé+"),
    "Korean by its word groups": (
        "양국은 2026년까지 협정에 서명한다.",
        "양국은 2027년까지 협정에 서명한다.",
        "양국은 -2026년까지-+2027년까지+ 협정에 서명한다.",
    ),
    "a Korean ending": ("협정을 체결한다", "협정을 체결했다", "협정을 -체결한다-+체결했다+"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_went_and_what_came_is_marked_word_by_word(case):
    before, after, expected = CASES[case]
    marks = {"same": "", "gone": "-", "new": "+"}
    assert "".join(f"{marks[p.kind]}{p.text}{marks[p.kind]}" for p in redline(before, after)) == expected


@pytest.mark.parametrize("case", CASES)
def test_both_wordings_can_be_read_off_a_redline(case):
    before, after, _ = CASES[case]
    pieces = redline(before, after)
    assert "".join(p.text for p in pieces if p.kind != "new") == before
    assert "".join(p.text for p in pieces if p.kind != "gone") == after


def test_what_went_is_told_before_what_came_in_its_place():
    assert redline("a b c", "a x c") == [
        Piece("same", "a "),
        Piece("gone", "b"),
        Piece("new", "x"),
        Piece("same", " c"),
    ]


def test_every_wording_on_record_can_be_held_against_the_one_before(tracker):
    told = ["They will sign a treaty.", "They will sign a treaty by 2026.", "They may sign a treaty by 2026."]
    for wording in told[1:]:
        tracker.revise(make.commitment(pledge=wording, because="The text was amended"), by="ann")
    with tracker.store.reading() as con:
        wordings = queries.wordings(con, "treaty")
    assert [w["pledge"] for w in wordings] == told
    assert [w["because"] for w in wordings] == [None, "The text was amended", "The text was amended"]
    changes = [
        [(p.kind, p.text) for p in redline(a, b) if p.kind != "same"] for a, b in itertools.pairwise(told)
    ]
    assert changes == [[("new", " by 2026")], [("gone", "will"), ("new", "may")]]


def test_texts_as_long_as_they_may_be_are_compared_in_no_time():
    """Word by word this takes longer than the suite: two texts in which no word has its place."""
    old, new = ("\n".join(w * 19 for w in words) for words in ([f"{n} " for n in range(5000)], ["x "] * 5000))
    pieces = redline(f"The same. {old} The end.", f"The same. {new} The end.")
    assert pieces[0] == ("same", "The same. ")
    assert pieces[-1].text.endswith(" The end.")
    assert "".join(p.text for p in pieces if p.kind != "gone") == f"The same. {new} The end."
    assert "".join(p.text for p in pieces if p.kind != "new") == f"The same. {old} The end."
