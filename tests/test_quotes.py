"""Quotes held against the archived copies from which they were taken."""

import hashlib
import shutil
import unicodedata
from pathlib import Path

import make
import pytest

from tracker import quotes
from tracker.errors import Invalid
from tracker.quotes import Result
from tracker.store import Store
from tracker.terms import Entity
from tracker.tracker import Tracker

PAGE = (
    "<!doctype html><html><head><title>Signed</title><style>p { color: red }</style></head><body>"
    "<h1>Two ministers</h1><p>The <b>treaty</b> was&nbsp;signed in\n   Ottawa &amp; Seoul on "
    "25&#160;February.</p>"
    "<script>var treaty = 'not yet signed';</script><p>It enters into force<br>on notice.</p></body></html>"
)
READ = "Two ministers The treaty was signed in Ottawa & Seoul on 25 February. It enters into force on notice."
KOREAN = "양국은 25일 오타와에서 군사비밀정보보호협정에 서명했다. 협정은 국회 비준을 거쳐 발효된다."


@pytest.mark.parametrize(
    ("text", "exact", "prefix", "suffix", "expected"),
    [
        ("They met. They signed it. They left.", "They signed it.", "They met.", "They left.", "exact"),
        ("They met. They signed it. They left.", "They signed it.", "", "", "exact"),
        ("They signed it. They signed it. At last.", "They signed it.", "signed it.", "At last.", "exact"),
        ("They met.\n\n  They\tsigned\nit. They left.", "They signed it.", "met. ", " They left.", "exact"),
        ("They met. They signed it. They left.", "They\nsigned  it.", "They  met.", "They\tleft.", "exact"),
        ("They ate. They signed it. They left.", "They signed it.", "They met.", "They left.", "moved"),
        ("They met. They signed it. They sang.", "They signed it.", "They met.", "They left.", "moved"),
        ("They left. They met. They signed it.", "They signed it.", "", "They left.", "moved"),
        ("They met. They signet it. They left.", "They signed it.", "They met.", "They left.", "changed"),
        ("They met. they signed it. They left.", "They signed it.", "", "", "changed"),
        ("They met. They left.", "They signed it.", "They met.", "They left.", "gone"),
        ("", "They signed it.", "", "", "gone"),
        ("Costs (1.5*2) [a+b]? Yes.", "(1.5*2) [a+b]?", "Costs", "Yes.", "exact"),
        (KOREAN, "군사비밀정보보호협정에 서명했다.", "오타와에서", "협정은 국회", "exact"),
        (KOREAN, "군사비밀정보보호협정에  서명했다.", "도쿄에서", "", "moved"),
        (KOREAN.replace("서명했", "가서명했"), "군사비밀정보보호협정에 서명했다.", "", "", "changed"),
        ("양국은 다시 만나기로 합의했다.", "군사비밀정보보호협정에 서명했다.", "", "", "gone"),
        # A copy made on another system may hold every syllable in its parts.
        (unicodedata.normalize("NFD", KOREAN), "군사비밀정보보호협정에 서명했다.", "오타와에서", "", "exact"),
    ],
)  # fmt: skip
def test_what_became_of_a_quote(text, exact, prefix, suffix, expected):
    assert quotes.find(text, exact, prefix, suffix) == expected


SENTENCES = (
    "The two sides signed the agreement in Ottawa today.",
    "군사비밀정보보호협정에 서명했다.",
    "Signed.",
    "They met, and met again, and met once more before they signed what they had met about. " * 5,
)


@pytest.mark.parametrize("quote", SENTENCES)
def test_whichever_character_is_altered_a_quote_is_changed_and_not_gone(quote):
    quote = quote.strip()
    around = "Nobody knew. {} The ministers left for the airport and said nothing else. "
    for place in range(len(quote)):
        altered = quote[:place] + "#" + quote[place + 1 :]
        assert quotes.find(around.format(altered) * 2, quote) == Result.CHANGED, place


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda q: q.replace("signed", "did not sign"), "changed"),
        (lambda q: q.replace("the agreement in ", ""), "changed"),
        (lambda q: q.replace(" ", " (!) "), "changed"),
        (lambda q: " ".join(reversed(q.split())), "changed"),
        (lambda q: q[:20], "gone"),
        (lambda q: q[::-1], "gone"),
        (lambda q: q.upper(), "gone"),
    ],
)
def test_a_quote_is_changed_as_long_as_half_of_it_stands_near_one_place(edit, expected):
    quote = SENTENCES[0]
    assert quotes.find(f"Nobody knew. {edit(quote)} They left.", quote) == expected


def test_a_long_quote_is_found_in_a_long_copy():
    page = "".join(f"Item {n}: the parties met for the {n}th time in {n * 7 % 113}. " for n in range(20_000))
    at = len(page) // 2
    quote = page[at : at + 400]
    assert quotes.find(page[: at + 200] + "#" + page[at + 201 :], quote) == Result.CHANGED
    assert quotes.find(page, "Nobody has ever said a word of this. " * 10) == Result.GONE


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (PAGE, READ),
        ("<p>half-<i>signed</i>, <a href='x'>sealed</a></p>", "half-signed, sealed"),
        ("<table><tr><td>1<td>2</table>", "1 2"),
        # The end of the head may be left out, and browsers put it where the body begins.
        ("<html><head><title>Hidden</title><body><p>Shown", "Shown"),
        ("<p>a <b>b</p> <template>hidden</template><noscript>hidden</noscript>c", "a b c"),
        ("<p>1 &lt; 2 &copy; 국", "1 < 2 © 국"),
    ],
)  # fmt: skip
def test_a_page_is_read_as_a_browser_shows_it(html, shown):
    assert " ".join(quotes.as_text(html).split()) == shown


def test_a_selector_finds_its_own_quote_again():
    around = quotes.selector(KOREAN, "서명했다.", 10)
    assert around == ("비밀정보보호협정에 ", " 협정은 국회 비준")
    assert quotes.find(KOREAN, "서명했다.", *around) == Result.EXACT
    assert quotes.find(KOREAN.replace("협정에 ", "협정에 가"), "서명했다.", *around) == Result.MOVED
    assert quotes.selector(KOREAN, "거부했다.") is None


COPIES = {
    "gazette.html": PAGE.encode(),
    "herald.txt": KOREAN.encode(),
    "ledger.txt": b"Nothing is quoted from here.",
    "gazette-2.txt": b"This is the copy of another source.",
}
QUOTES = (
    ("gazette", "The treaty was signed in Ottawa", "Two ministers"),
    ("gazette", "It enters into force on notice.", "25 February."),
    ("herald", "군사비밀정보보호협정에 서명했다.", "오타와에서"),
    ("herald", "국회 비준을 거쳐 발효된다.", "협정은"),
)


@pytest.fixture
def archive(tmp_path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for name, content in COPIES.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def quoting_original(originals, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("quoting") / "store"
    shutil.copytree(originals / "small", folder)
    tracker = Tracker(Store(folder))
    tracker.add(make.source("herald"), make.source("ledger"), make.source("gazette-2"), by="ann")
    digests = {name.split(".")[0]: hashlib.sha256(c).hexdigest() for name, c in COPIES.items()}
    for source_id, quote, prefix in QUOTES:
        cited = {
            "source_id": source_id,
            "credibility": 1,
            "quote": quote,
            "prefix": prefix,
            "archive_sha256": digests[source_id],
        }
        tracker.record(make.event(evidence=[cited, {"source_id": "ledger", "credibility": 2}]), by="ann")
    return folder


@pytest.fixture
def quoting(quoting_original, folder) -> Tracker:
    """A treaty whose events cite four quotes from two copies, and a source that nobody quotes."""
    shutil.copytree(quoting_original, folder)
    return Tracker(Store(folder))


def found(tracker, archive) -> list[tuple]:
    return [(q.source_id, str(q.result), q.copy, q.fails) for q in tracker.verify_sources(archive)]


HOLDS = [(source_id, "exact", "intact", False) for source_id, _, _ in QUOTES]


def test_quotes_whose_copies_nobody_touched_hold(quoting, archive):
    assert found(quoting, archive) == HOLDS
    told = quoting.verify_sources(archive)
    assert [(q.commitment_id, q.version, q.quote) for q in told] == [
        ("treaty", version, quote) for version, (_, quote, _) in enumerate(QUOTES, 2)
    ]


def altered(archive: Path, name: str, old: str, new: str) -> None:
    text = (archive / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (archive / name).write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "fails", "result"),
    [
        ("gazette.html", "was&nbsp;signed", "was&nbsp;singed", 0, "changed"),
        ("gazette.html", "Two ministers", "Ten ministers", 0, "moved"),
        ("gazette.html", "on notice", "on motice", 1, "changed"),
        ("herald.txt", "서명했다", "서명핬다", 2, "changed"),
        ("herald.txt", "오타와에서", "오타와에는", 2, "moved"),
        ("herald.txt", "발효된다", "발효된나", 3, "changed"),
    ],
)
def test_one_character_changed_in_a_copy_fails_the_quote_in_which_it_stands_and_no_other(
    quoting, archive, name, old, new, fails, result
):
    altered(archive, name, old, new)
    told = found(quoting, archive)
    assert [at for at, quote in enumerate(told) if quote[3]] == [fails]
    source_id = QUOTES[fails][0]
    assert told[fails] == (source_id, result, "altered", True)
    for at, (other, *said) in enumerate(told):
        if at != fails:
            assert said == ["exact", "altered" if other == source_id else "intact", False]


def test_every_single_character_of_a_copy_can_be_changed_and_none_escapes(quoting, archive):
    text = KOREAN
    for place in range(0, len(text), 7):
        (archive / "herald.txt").write_text(text[:place] + "가" + text[place + 1 :], encoding="utf-8")
        failed = {q.source_id for q in quoting.verify_sources(archive) if q.fails}
        assert failed == {"herald"}, place


NEIGHBOURS = (
    "Alpha beta gamma delta. The first quote stands here now. The second quote stands there too. "
    "Some words that nobody quotes, and that go on for longer than any context does. "
    "The third quote stands alone. End of it."
)
QUOTED = (
    "The first quote stands here now.",
    "The second quote stands there too.",
    "The third quote stands alone.",
)


@pytest.fixture
def neighbours(tracker, archive) -> Tracker:
    """A treaty whose events cite three quotes from one copy; two of them stand side by side."""
    (archive / "gazette.html").rename(archive / "gazette.txt")
    (archive / "gazette.txt").write_text(NEIGHBOURS)
    for quote in QUOTED:
        prefix, suffix = quotes.selector(NEIGHBOURS, quote)
        cited = {
            "source_id": "gazette",
            "credibility": 1,
            "quote": quote,
            "prefix": prefix,
            "suffix": suffix,
            "archive_sha256": hashlib.sha256(NEIGHBOURS.encode()).hexdigest(),
        }
        tracker.record(make.event(evidence=[cited]), by="ann")
    return tracker


def test_a_character_altered_in_one_quote_fails_that_quote_only_even_beside_another(neighbours, archive):
    for place, letter in enumerate(NEIGHBOURS):
        changed = NEIGHBOURS[:place] + ("#" if letter != " " else "_") + NEIGHBOURS[place + 1 :]
        (archive / "gazette.txt").write_text(changed)
        told = neighbours.verify_sources(archive)
        failed = [q.quote for q in told if q.fails]
        hit = [q for q in QUOTED if NEIGHBOURS.index(q) <= place < NEIGHBOURS.index(q) + len(q)]
        if hit:
            assert failed == hit, place
            assert [q.result for q in told if q.fails] == [Result.CHANGED]
        else:
            assert failed, "what stands in no quote escapes nobody"


def test_words_around_a_quote_that_another_quote_does_not_explain_fail_it(neighbours, archive):
    changed = NEIGHBOURS.replace("first", "f#rst").replace("any context does", "many contexts do")
    (archive / "gazette.txt").write_text(changed)
    told = neighbours.verify_sources(archive)
    assert [(q.result, q.fails) for q in told] == [("changed", True), ("moved", False), ("moved", True)]


def test_a_copy_altered_where_no_quote_shows_it_fails_all_its_quotes(quoting, archive):
    altered(archive, "gazette.html", "not yet signed", "not yet sighed")
    assert found(quoting, archive) == [("gazette", "exact", "altered", True)] * 2 + HOLDS[2:]


def test_a_copy_is_found_by_its_digest_whatever_its_name(quoting, archive):
    copy = next(archive.glob("gazette.*"))
    copy.rename(archive / f"saved on Tuesday{copy.suffix}")
    assert found(quoting, archive) == HOLDS


def test_a_copy_that_is_missing_fails_its_quotes(quoting, archive):
    (archive / "gazette.html").unlink()
    assert found(quoting, archive) == [("gazette", "gone", "missing", True)] * 2 + HOLDS[2:]


def test_a_quote_without_a_seal_is_held_against_the_words_alone(tracker, archive):
    evidence = [{"source_id": "gazette", "credibility": 1, "quote": "was signed in"}]
    tracker.record(make.event(evidence=evidence), by="ann")
    assert found(tracker, archive) == [("gazette", "exact", "unsealed", False)]
    altered(archive, "gazette.html", "was&nbsp;signed", "was&nbsp;signet")
    assert found(tracker, archive) == [("gazette", "changed", "unsealed", True)]


def test_quotes_of_events_that_were_withdrawn_are_not_held_against_anything(quoting, archive):
    quoting.withdraw(Entity.COMMITMENT, "treaty", version=2, reason="x", by="ann")
    assert found(quoting, archive) == HOLDS[1:]


def test_a_copy_that_is_no_text_is_read_as_far_as_it_goes(quoting, archive):
    (archive / "herald.txt").write_bytes(b"\xff\xfe\x00PDF" + KOREAN.encode())
    assert found(quoting, archive)[2:] == [
        ("herald", "exact", "altered", True),
        ("herald", "exact", "altered", True),
    ]


@pytest.mark.parametrize("field", ["prefix", "suffix", "archive_sha256"])
def test_what_goes_with_a_quote_does_not_stand_without_one(field):
    value = "0" * 64 if field == "archive_sha256" else "They met."
    with pytest.raises(Invalid) as invalid:
        make.event(evidence=[{"source_id": "gazette", "credibility": 1, field: value}])
    assert [p.code for p in invalid.value.problems] == ["no_quote"]
