"""Where the three answers differ, and the sentence that says so."""

from __future__ import annotations

import pytest

from tracker.contrast import differences
from tracker.terms import Kind
from tracker.words import Words

CASES = {
    "all three alike": (("signed", None, "signed"), []),
    "sources go further": (
        ("pledged", "signed", "pledged"),
        ["Sources say signed; the evidence on record supports no more than pledged."],
    ),
    "officials claim what sources claim": (
        ("pledged", "signed", "signed"),
        ["Sources say signed; the evidence on record supports no more than pledged."],
    ),
    "sources say that it went back": (
        ("signed", "in-negotiation", "signed"),
        ["Sources last say in-negotiation; the evidence on record does not prove that and supports signed."],
    ),
    "sources claim an end": (
        ("signed", "withdrawn", "signed"),
        [
            "Sources say that it has ended (withdrawn); the evidence on record does not prove that and "
            "supports signed."
        ],
    ),
    "sources claim a life after the end": (
        ("lapsed", "signed", "lapsed"),
        ["Sources last say signed; the evidence on record does not prove that and supports lapsed."],
    ),
    "officials are silent": (
        ("pledged", None, None),
        ["No official source on record says how far it is."],
    ),
    "officials are ahead": (
        ("pledged", None, "signed"),
        ["Officials say signed; the evidence on record supports pledged."],
    ),
    "officials are behind": (
        ("signed", None, "pledged"),
        [
            "The evidence supports signed, further than any official text on record, which goes as far as "
            "pledged."
        ],
    ),
    "it lapsed and officials say nothing of it": (
        ("lapsed", None, "pledged"),
        [
            "The evidence supports that it has ended (lapsed); officials on record do not say so and go as "
            "far as pledged."
        ],
    ),
    "officials gave it up": (
        ("signed", None, "withdrawn"),
        ["Officials say that it has ended (withdrawn); the evidence on record supports signed."],
    ),
    "two different ends": (
        ("lapsed", None, "withdrawn"),
        ["The evidence supports that it has ended as lapsed; officials say withdrawn."],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_difference_is_said_as_what_it_is(case):
    (stage, claimed, official), expected = CASES[case]
    row = {"party": None, "stage": stage, "claimed_stage": claimed, "official_stage": official}
    words = Words("en")
    told = [words(f"difference.{d.code}", **d.facts) for d in differences(Kind.LEGAL_INSTRUMENT, [row])]
    assert told == expected


@pytest.mark.parametrize("end", ["lapsed", "withdrawn"])
def test_of_two_parties_an_end_is_told_as_what_was_said(end):
    rows = [
        {"party": party, "stage": "signed", "claimed_stage": None, "official_stage": official}
        for party, official in ((None, end), ("Arvania", end), ("Belmora", "signed"))
    ]
    told = [d for d in differences(Kind.LEGAL_INSTRUMENT, rows) if d.code == "parties-say"]
    assert [d.facts for d in told] == [
        {"ahead": "Arvania", "reached": end, "behind": "Belmora", "short": "signed"}
    ]
