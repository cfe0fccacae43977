"""Titles, pledges and names in other languages: recorded, told by a file, and true to what they translate."""

from pathlib import Path

import make
import pytest
import yaml

from tracker import exchange, facts, redline
from tracker.errors import BadFile, Invalid, UnknownId
from tracker.spoken import DisputeTranslation, NamesTranslation, joined
from tracker.store import Store
from tracker.terms import Entity
from tracker.tracker import Tracker

SHIPPED = Path(__file__).parent.parent / "data"
FR = {"language": "fr", "made_by": "machine", "title": "Un traité", "pledge": "Ils signeront."}
KO = {"language": "ko", "made_by": "human", "title": "조약", "pledge": None}
TABLE = "SELECT field, original, language, text, made_by FROM translations ORDER BY ALL"


def told(tracker: Tracker, query: str = TABLE) -> list[tuple]:
    with tracker.store.reading() as con:
        return con.execute(query).fetchall()


def test_a_translation_holds_for_the_words_it_was_made_from(tracker):
    tracker.revise(make.commitment(translations=[FR, KO]), by="ann")
    assert told(tracker) == [
        ("pledge", "They will sign a treaty.", "fr", "Ils signeront.", "machine"),
        ("title", "A treaty", "fr", "Un traité", "machine"),
        ("title", "A treaty", "ko", "조약", "human"),
    ]
    # The title is reworded, and nobody looks at its translations but the Korean one.
    korean = KO | {"title": "다른 조약"}
    tracker.revise(make.commitment(title="Another treaty", translations=[FR, korean]), by="ann")
    assert told(tracker)[1:] == [
        ("title", "A treaty", "fr", "Un traité", "machine"),
        ("title", "Another treaty", "ko", "다른 조약", "human"),
    ]
    # Somebody says that it still holds.
    read = FR | {"made_by": "human"}
    tracker.revise(make.commitment(title="Another treaty", translations=[read]), by="ann")
    assert told(tracker) == [
        ("pledge", "They will sign a treaty.", "fr", "Ils signeront.", "human"),
        ("title", "Another treaty", "fr", "Un traité", "human"),
    ]
    with tracker.store.reading() as con:
        wordings = redline.wordings(con, "treaty")
        first = wordings[1]["known_from"]
        assert con.execute("SELECT count(*) FROM translations_known(?)", [first]).fetchone() == (3,)
    assert [[t["language"] for t in w["translations"]] for w in wordings] == [
        [],
        ["fr", "ko"],
        ["fr", "ko"],
        ["fr"],
    ]
    assert "translations" in redline.reworded(*wordings[2:])
    tracker.verify()


def test_what_is_told_in_more_languages_was_not_wrong_before(tracker):
    query = "SELECT version FROM corrections WHERE entity = 'commitment' ORDER BY ALL"
    tracker.revise(make.commitment(translations=[FR], because="More readers"), by="ann")
    assert told(tracker, query) == []
    tracker.revise(make.commitment(translations=[FR | {"title": "Le traité"}]), by="ann")
    tracker.revise(make.commitment(), by="ann")
    tracker.revise(make.commitment(title="Another", translations=[FR]), by="ann")
    assert told(tracker, query) == [(3,), (4,), (5,)]


def test_whoever_answers_for_a_translation_as_it_is_corrects_nothing(tracker):
    tracker.revise(make.commitment(translations=[FR | {"made_by": "machine"}]), by="ann")
    tracker.revise(make.commitment(translations=[FR | {"made_by": "human"}]), by="ann")
    assert told(tracker, "SELECT DISTINCT made_by FROM translations") == [("human",)]
    assert told(tracker, "FROM corrections") == []


QUARREL = {
    "claim": "Who signs?",
    "sides": [
        {"position": "Arvania alone.", "source_ids": ["gazette"]},
        {"position": "Both.", "source_ids": ["gazette"]},
    ],
}
BOTH = {"holds": "Both", "why": "The treaty says so.", "settled": True}
CONCLUDED = "SELECT original, text FROM translations WHERE field = 'holds'"


@pytest.mark.parametrize("first", [BOTH, {}])
def test_a_conclusion_told_earlier_is_not_told_of_another(tracker, first):
    french = {"language": "fr", "made_by": "human", "holds": "Les deux", "why": "Le traité le dit."}
    for conclusion in (first, {}, BOTH | {"holds": "Arvania alone"}):
        content = {"because": "Looked again"} | QUARREL | conclusion
        dispute = make.dispute(**content, translations=[french])
        (tracker.add if conclusion is first else tracker.revise)(dispute, by="ann")
        ((original, _),) = told(tracker, CONCLUDED)
        assert original == first.get("holds", "")
    tracker.verify()


def test_a_dispute_is_told_side_by_side(tracker):
    told_of = {
        "claim": "Qui signe ?",
        "holds": "Les deux",
        "why": "Le traité le dit.",
        "positions": {"Arvania alone.": "L’Arvanie seule."},
    }
    dispute = {
        "claim": "Who signs?",
        "sides": [
            {"position": "Arvania alone.", "source_ids": ["gazette"]},
            {"position": "Both.", "source_ids": ["gazette"]},
        ],
        "holds": "Both",
        "why": "The treaty says so.",
        "settled": True,
    }
    french = {"language": "fr", "made_by": "machine"}
    tracker.add(make.dispute(**dispute), by="ann")
    tracker.revise(make.dispute(**dispute, translations=[french | told_of]), by="ann")
    table = [
        ("claim", "Who signs?", "fr", "Qui signe ?", "machine"),
        ("holds", "Both", "fr", "Les deux", "machine"),
        ("position", "Arvania alone.", "fr", "L’Arvanie seule.", "machine"),
        ("why", "The treaty says so.", "fr", "Le traité le dit.", "machine"),
    ]
    assert told(tracker) == table
    # More sides are told; nothing was wrong before. Then one is told otherwise.
    query = "SELECT version FROM corrections WHERE entity = 'dispute' ORDER BY ALL"
    more = told_of | {"positions": told_of["positions"] | {"Both.": "Les deux."}}
    tracker.revise(make.dispute(**dispute, translations=[french | more]), by="ann")
    assert len(told(tracker)) == 5
    assert told(tracker, query) == []
    other = more | {"claim": "Qui a signé ?"}
    tracker.revise(make.dispute(**dispute, translations=[french | other]), by="ann")
    assert told(tracker, query) == [(4,)]
    # Reworded sides are not told, the others are.
    dispute["sides"][0]["position"] = "Arvania."
    tracker.revise(make.dispute(**dispute, translations=[french | more]), by="ann")
    assert ("position", "Arvania alone.", "fr", "L’Arvanie seule.", "machine") in told(tracker)
    tracker.verify()


@pytest.mark.parametrize(
    ("translations", "field"),
    [
        ([FR, FR], "translations"),
        ([FR | {"language": "French"}], "translations.0.language"),
        ([FR | {"made_by": "magic"}], "translations.0.made_by"),
        ([FR | {"summary": "x"}], "translations.0.summary"),
        ([FR | {"title": " \u200b"}], "translations.0.title"),
    ],
)
def test_a_translation_that_makes_no_sense_is_refused(translations, field):
    with pytest.raises(Invalid) as refused:
        make.commitment(translations=translations)
    assert refused.value.problems[0].field == field


def write(path: Path, **sections: dict) -> Path:
    content = {"translations": {"made_by": "machine"} | sections}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def test_a_file_of_translations_tells_what_is_on_record_and_leaves_what_people_wrote(filled, tmp_path):
    path = tmp_path / "words.yaml"
    forum = {"fr": {"title": "Forum conjoint", "pledge": "Se réunir chaque année."}}
    told_of = {
        "datasets": {"facts": {"fr": {"subject": "Engagements", "names": {"Arvania": "Arvanie"}}}},
        "commitments": {"joint-forum": forum},
        "agreements": {"older-letters": {"ko": {"title": "옛 서한"}}},
    }
    read = facts.read(write(path, **told_of))
    assert filled.import_facts(read, by="compiler") == (3, ())
    assert filled.import_facts(read, by="compiler") == (0, ())
    assert filled.stored(read) == read.counts
    assert read.counts["translations"] == 3
    # The facts themselves say nothing of translations, and take none away.
    original = facts.read(Path(__file__).parent / "data" / "facts.yaml")
    assert filled.import_facts(original, by="compiler") == (0, ())
    query = "SELECT entity, field, original, text FROM translations ORDER BY ALL"
    assert ("dataset", "name", "Arvania", "Arvanie") in told(filled, query)
    # Somebody mends the French; a machine does not mend it back, and may add Korean.
    with filled.store.reading() as con:
        from tracker import holdings
        from tracker.models import Commitment

        _, content = holdings.content(con, "commitment", "joint-forum")
    human = {"language": "fr", "made_by": "human", "title": "Le forum"}
    filled.revise(Commitment.parse(content | {"translations": [human]}), by="ann")
    forum["ko"] = {"title": "공동 포럼"}
    assert filled.import_facts(facts.read(write(path, **told_of)), by="compiler") == (1, ())
    titles = "SELECT text, made_by FROM translations WHERE entity_id = 'joint-forum' ORDER BY ALL"
    assert told(filled, titles) == [("Le forum", "human"), ("공동 포럼", "machine")]
    # Of a language that a person mended in part, the machine tells the rest.
    part = {"language": "fr", "made_by": "machine", "title": "Le forum", "human": ["title"]}
    filled.revise(Commitment.parse(content | {"translations": [part]}), by="ann")
    assert filled.import_facts(facts.read(write(path, **told_of)), by="compiler") == (1, ())
    assert told(filled, titles)[:2] == [("Le forum", "human"), ("Se réunir chaque année.", "machine")]
    assert filled.import_facts(facts.read(write(path, **told_of)), by="compiler") == (0, ())
    filled.verify()


def test_a_facts_file_may_translate_itself(store, facts_file, tmp_path):
    data = yaml.safe_load(facts_file.read_text(encoding="utf-8"))
    data["translations"] = {
        "made_by": "human",
        "datasets": {"facts": {"fr": {"subject": "Engagements"}}},
        "commitments": {"joint-forum": {"fr": {"title": "Forum conjoint"}}},
    }
    path = tmp_path / "facts.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    tracker = Tracker(store)
    read = facts.read(path).about("belmora")
    entries = tracker.import_facts(read, by="compiler").entries
    assert entries == len(read.things) + len(read.events)
    assert told(tracker, "SELECT entity, entity_id, text FROM translations ORDER BY ALL") == [
        ("commitment", "joint-forum", "Forum conjoint"),
        ("dataset", "belmora", "Engagements"),
    ]


def test_what_is_wrong_in_a_file_of_translations_is_refused_with_its_place(filled, tmp_path):
    path = tmp_path / "words.yaml"
    wrong = {"joint-forum": {"fr": {"titre": "x"}}, "research-mou": {"fr": {"title": ""}}}
    with pytest.raises(BadFile) as refused:
        facts.read(write(path, commitments=wrong))
    places = [error.facts["where"] for error in (refused.value, *refused.value.further)]
    assert places == ["translations/commitments/joint-forum/fr", "translations/commitments/research-mou/fr"]
    with pytest.raises(BadFile, match="sources"):
        facts.read(write(path, sources={}))
    with pytest.raises(UnknownId):
        filled.import_facts(facts.read(write(path, commitments={"nothing": {"fr": {"title": "x"}}})), by="c")


def test_everything_that_ships_is_told_in_french_and_korean_as_the_file_says(shipped, tmp_path):
    read = facts.read(SHIPPED / "translations.yaml")
    assert shipped.import_facts(read, by="import") == (0, ())
    silent = """
        SELECT id, language, field FROM (
            SELECT id, unnest(['fr', 'ko']) AS language, title, pledge FROM commitments
        ) UNPIVOT (original FOR field IN (title, pledge))
        ANTI JOIN translations AS t USING (language, field, original)
        UNION ALL
        SELECT name, language, 'name' FROM (
            SELECT DISTINCT unnest([pillar] || flatten([[p.name] || p.bodies for p in parties])) AS name
            FROM commitments
        ), (VALUES ('fr'), ('ko')) AS l(language)
        WHERE (name, language) NOT IN (SELECT (original, language) FROM translations WHERE field = 'name')
        UNION ALL
        SELECT name, language, 'name' FROM milestones, (VALUES ('fr'), ('ko')) AS l(language)
        WHERE (name, language) NOT IN (SELECT (original, language) FROM translations WHERE field = 'name')
        UNION ALL
        SELECT id, language, field FROM (
            SELECT id, unnest(['fr', 'ko']) AS language, claim, holds, why FROM disputes
        ) UNPIVOT (original FOR field IN (claim, holds, why))
        ANTI JOIN translations AS t USING (language, field, original)
        UNION ALL
        SELECT id, language, 'position' FROM (
            SELECT id, unnest(sides).position AS position FROM disputes
        ), (VALUES ('fr'), ('ko')) AS l(language)
        WHERE (position, language) NOT IN (
            SELECT (original, language) FROM translations WHERE field = 'position')
    """
    assert told(shipped, silent) == []
    assert told(shipped, "SELECT DISTINCT made_by FROM translations") == [("machine",)]
    shipped.export(tmp_path / "again.parquet")
    assert (tmp_path / "again.parquet").read_bytes() == (SHIPPED / "commitments.parquet").read_bytes()


def test_translations_travel_with_the_file(tracker, tmp_path, clock):
    tracker.revise(make.commitment(translations=[FR, KO]), by="ann")
    tracker.export(tmp_path / "a.parquet")
    other = Tracker(Store(tmp_path / "other", clock=clock))
    other.import_export(tmp_path / "a.parquet")
    assert told(other) == told(tracker) != []
    with other.store.reading() as con:
        (cell,) = con.execute(
            "SELECT translations FROM read_parquet(?)", [str(tmp_path / "a.parquet")]
        ).fetchone()
    assert [(t["language"], t["field"], t["text"]) for t in cell] == [
        ("fr", "pledge", "Ils signeront."),
        ("fr", "title", "Un traité"),
        ("ko", "title", "조약"),
    ]
    assert exchange.read(tmp_path / "a.parquet")[-1].kind == "revise"


def test_files_that_tell_parts_of_a_dispute_add_up_and_a_withdrawn_one_stops_nobody(tracker, tmp_path):
    tracker.add(make.dispute(**QUARREL, **BOTH), by="ann")
    path = tmp_path / "words.yaml"

    def tell(**texts):
        return tracker.import_facts(facts.read(write(path, disputes={"quarrel": {"fr": texts}})), by="bot")

    assert tell(claim="Qui signe ?", positions={"Both.": "Les deux."}) == (1, ())
    assert tell(holds="Les deux", positions={"Arvania alone.": "L’Arvanie."}) == (1, ())
    table = "SELECT field, text FROM translations ORDER BY ALL"
    parts = [
        ("claim", "Qui signe ?"),
        ("holds", "Les deux"),
        ("position", "Les deux."),
        ("position", "L’Arvanie."),
    ]
    assert told(tracker, table) == parts
    tracker.withdraw(Entity.DISPUTE, "quarrel", reason="Not ours", by="ann")
    both = {"disputes": {"quarrel": {"fr": {"why": "x"}}}, "commitments": {"treaty": {"fr": {"title": "T"}}}}
    assert tracker.import_facts(facts.read(write(path, **both)), by="bot") == (1, ("dispute quarrel",))
    assert told(tracker, table) == [*parts, ("title", "T")]


@pytest.mark.parametrize(
    ("standing", "later", "content"),
    [
        # What a person made or read is kept, part by part, and a machine adds what is missing.
        (
            {"made_by": "machine", "claim": "a", "human": ["claim"]},
            {"made_by": "machine", "claim": "b", "why": "c"},
            {"made_by": "machine", "claim": "a", "why": "c", "human": ["claim"]},
        ),
        (
            {"made_by": "machine", "claim": "a", "positions": {"x": "1"}},
            {"made_by": "human", "claim": "b"},
            {"made_by": "machine", "claim": "b", "positions": {"x": "1"}, "human": ["claim"]},
        ),
        # Nobody vouches for lines that somebody else told.
        (
            {"made_by": "machine", "positions": {"x": "1", "y": "2"}},
            {"made_by": "human", "positions": {"x": "3"}},
            {"made_by": "human", "positions": {"x": "3"}},
        ),
        # Who answers for the whole answers for what it leaves out.
        (
            {"made_by": "human", "claim": "a"},
            {"made_by": "machine", "why": "b"},
            {"made_by": "human", "claim": "a"},
        ),
    ],
)
def test_two_tellings_of_a_dispute_are_joined_part_by_part(standing, later, content):
    first, second, both = (
        DisputeTranslation.parse({"language": "fr"} | each) for each in (standing, later, content)
    )
    assert joined(first, second) == both


def test_of_names_a_machine_adds_lines_and_replaces_no_person():
    def names(made_by, **lines):
        return NamesTranslation.parse({"language": "fr", "made_by": made_by, "names": lines})

    assert joined(names("machine", a="1", b="2"), names("machine", b="3")) == names("machine", a="1", b="3")
    assert joined(names("human", a="1"), names("machine", b="2")) == names("human", a="1")
    subject = NamesTranslation.parse({"language": "fr", "made_by": "machine", "subject": "S"})
    assert joined(subject, names("human", a="1")) == names("human", a="1")
