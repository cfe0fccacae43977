"""What a reader who types a few letters finds, in SQL, in the list and by the command."""

import datetime as dt

import make
import pytest
from command import Command
from reading import said

from tracker import provenance, queries, search
from tracker.clocks import At
from tracker.terms import Entity

FOLDED = {
    "Écoles d’été – Œuvre": "ecoles d ete oeuvre",
    "E\u0301COLE": "ecole",
    "Space-Security  (2+2)": "space security 2 2",
    "ＣＣＣ와 ＤＡＰＡ": "ccc와dapa",
    "방위 산업 · 협력": "방위산업협력",
    "\u1112\u1161\u11ab국": "한국",
    "Straße, ﬁn": "strasse fin",
    "İstanbul": "istanbul",
    "%_'": "",
}


def test_texts_are_folded_to_what_one_searches_for(library):
    with library.store.reading() as con:
        told = {text: con.execute("SELECT plain(?)", [text]).fetchone()[0] for text in FOLDED}
    assert told == FOLDED


DEFENCE = "방위산업 협력 포럼"
SPACE = "Space-Security Dialogue, co-development in force"
FOUND = [
    (DEFENCE, "방위산업협력", True),
    (DEFENCE, "방위 산업", True),
    (DEFENCE, "방위산업 협력 포럼 ", True),
    (DEFENCE, "\u1107\u1161\u11bc\u110b\u1171", True),
    (DEFENCE, "ㅂㅇㅅㅇ", True),
    (DEFENCE, "ㅎㄹㅍㄹ", True),
    (DEFENCE, "ㅎㄹ ㅍㄹ", True),
    (DEFENCE, "방위산ㅇ", True),
    (DEFENCE, "방ㅇ산업", True),
    (DEFENCE, "ㅎ", True),
    (DEFENCE, "혀", True),
    (DEFENCE, "협ㄹ", True),
    (DEFENCE, "ㅂㅅ", False),
    (DEFENCE, "하", False),
    (DEFENCE, "ㅏ", False),
    (DEFENCE, "업방", False),
    ("한국 하나", "하", True),
    ("한국", "한ㄱ", True),
    ("한국", "핝", False),
    ("한국", "한구", True),
    ("하나", "한", True),
    ("각하", "가카", False),
    ("과학", "고", True),
    ("값", "갑", True),
    ("갑시다", "값", True),
    ("달걀", "닭", True),
    ("까치", "깎", False),
    ("꺾기", "꺼ㄲ", False),
    (SPACE, "space security", True),
    (SPACE, "SPACE-SECURITY", True),
    (SPACE, "spacesecurity", True),
    (SPACE, "securitydialogue", True),
    (SPACE, "codevelopment", True),
    (SPACE, "in-force", True),
    (SPACE, "inforce", True),
    (SPACE, "securi", True),
    (SPACE, "cesec", False),
    (SPACE, "spacesec", False),
    ("The terms of many", "sof", False),
    ("Traité sur l’été", "traite", True),
    ("Traite", "TRAITÉ", True),
    ("Œuvre", "oeuvre", True),
    ("CCC-방위사업청", "ccc방위사업청", True),
    ("CCC-방위사업청", "ccc 방ㅇ", True),
    ("50% of it", "%", False),
    ("50% of it", "0 of", True),
    ("anything", ".*", False),
    ("a(b", "a(b", True),
]


@pytest.mark.parametrize(("text", "words", "expected"), FOUND)
def test_words_are_found_however_they_are_typed(library, text, words, expected):
    with library.store.reading() as con:
        held = search.held(con, words)
        (found,) = con.execute(
            f"SELECT coalesce({search.found_in('plain($told)')}, false)", held | {"told": text}
        ).fetchone()
    assert found is expected


FORUM = {"language": "ko", "made_by": "human", "title": DEFENCE, "pledge": "해마다 연다."}
NAMES = {"language": "fr", "made_by": "human", "names": {"Arvania": "Arvanie", "Law": "Droit"}}


def test_the_list_the_count_and_the_command_look_into_every_language(tracker, tmp_path):
    from tracker.models import Dataset

    tracker.add(
        Dataset.parse(
            {
                "id": "set",
                "subject": "Pledges",
                "as_of": "2025-01-01",
                "compiled_from": "Papers",
                "text_limits": "None",
                "translations": [NAMES],
            }
        ),
        make.commitment("forum", title=SPACE, parties=[{"name": "Belmora"}], translations=[FORUM]),
        make.source("paper", title="Défense commune", publisher="Wire"),
        by="ann",
    )
    tracker.record(make.event("pledged", "2024-03-04", "paper", commitment_id="forum"), by="ann")
    expected = {
        "ㅂㅇㅅㅇ": ["forum"],
        "해마다ㅇ": ["forum"],
        "spacesecurity": ["forum"],
        "arvanie": ["treaty"],
        "foreign-office": ["treaty"],
        "DEFENSE": ["forum"],
        "방위산업의": [],
    }
    with tracker.store.reading() as con:
        for words, ids in expected.items():
            assert [row["id"] for row in queries.commitments(con, search=words)] == ids, words
            assert queries.count(con, search=words) == len(ids)
        assert queries.count(con, pillar="droit") == 2
        assert [s["id"] for s in provenance.sources(con, search="defensecommune")] == ["paper"]
    command = Command(tracker.store.folder, tmp_path)
    assert command("list", "--search", "ㅎㄹㅍ", "--format", "csv").count("\n") == 2
    # What nobody tells any more is not found any more, and was then.
    tracker.revise(make.commitment("forum", title="Talks", parties=[{"name": "Belmora"}]), by="ann")
    assert tracker.commitments(search="ㅂㅇㅅㅇ") == []
    tracker.verify()


def test_a_source_leads_to_what_it_is_cited_for_as_long_as_that_counts(tracker):
    tracker.add(make.source("paper", title="Zeitung"), by="ann")
    version = tracker.record(make.event("pledged", "2024-03-04", "paper"), by="ann")
    assert [row["id"] for row in tracker.commitments(search="zeitung")] == ["treaty"]
    # On that day it had not happened.
    assert tracker.commitments(search="zeitung", as_of=dt.date(2024, 3, 3)) == []
    tracker.withdraw(Entity.COMMITMENT, "treaty", version=version, reason="A slip", by="ann")
    assert tracker.commitments(search="zeitung") == []


def test_nothing_is_contested_before_it_happened(tracker):
    evidence = [
        {"source_id": "gazette", "credibility": 1},
        {"source_id": "paper", "credibility": 2, "bearing": "contradicts"},
    ]
    tracker.add(make.source("paper"), by="ann")
    tracker.record(make.event("signed", "2025-03-04", evidence=evidence), by="ann")
    with tracker.store.reading() as con:
        for day, found in ((dt.date(2025, 3, 3), set()), (dt.date(2025, 3, 4), {"treaty"})):
            assert provenance.contested(con, ["treaty"], At.of(day)) == found


def test_what_is_found_in_a_title_comes_before_what_is_found_elsewhere(tracker, reader):
    river = {"language": "fr", "made_by": "human", "title": "Le fleuve"}
    tracker.add(
        make.commitment("a", title="Aid", pledge="Clean the rivér.", headline=True),
        make.commitment("z", title="Zones along the River", pledge="Nothing."),
        make.commitment("river-3", title="Fish", translations=[river]),
        by="ann",
    )
    with tracker.store.reading() as con:

        def order(words, **more):
            return [row["id"] for row in queries.commitments(con, search=words, **more)]

        assert order("RIVER") == ["z", "a", "river-3"]
        assert order("fleuve", language="fr") == ["river-3"]
        assert order("river", sort="title") == ["a", "river-3", "z"]
        assert order(None) == ["a", "treaty", "river-3", "z"]
        assert order("river", limit=1, offset=1) == ["a"]
    page = said(reader("commitments", q="river"))
    assert page.index("Zones along") < page.index("Aid")
    assert '<a href="commitments?q=river" aria-current="true">Found in titles first</a>' in page
    page = said(reader("commitments", q="river", sort="title"))
    assert page.index("Aid") < page.index("Zones along")
    assert "Found in titles first" not in said(reader("commitments"))
