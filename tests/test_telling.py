"""What is on record, told in the language of the reader, and marked where nobody but a machine told it."""

import make
import pytest
from reading import press, put, said

from tracker import holdings, queries
from tracker.models import Dataset
from tracker.tracker import Tracker

FR = {
    "language": "fr",
    "made_by": "machine",
    "title": "École <b>d’été</b>",
    "pledge": "Ils étudieront.",
}
KO = {"language": "ko", "made_by": "human", "title": "여름 학교"}
NAMES = {
    "language": "fr",
    "made_by": "machine",
    "subject": "Engagements des deux",
    "names": {"Arvania": "Arvanie", "Foreign Office": "Affaires étrangères", "Law": "Droit"},
}


@pytest.fixture
def told(tracker: Tracker) -> Tracker:
    """A commitment and its set in French and Korean, and one commitment in English alone."""
    dataset = {
        "id": "set",
        "subject": "Pledges of both",
        "as_of": "2025-01-01",
        "compiled_from": "Papers",
        "text_limits": "None",
        "translations": [NAMES],
    }
    tracker.revise(make.commitment(translations=[FR, KO]), by="ann")
    tracker.add(make.commitment("zoo", title="Zest"), Dataset.parse(dataset), by="ann")
    tracker.record(make.event(), by="ann")
    return tracker


def test_every_page_tells_what_was_translated_and_says_that_a_machine_did(told, reader):
    overview = said(reader("overview", lang="fr"))
    assert "Engagements des deux" in overview
    assert "École <b>d’été</b>" in overview.replace("&lt;", "<").replace("&gt;", ">")
    found = reader("commitments", lang="fr")
    listed = said(found)
    bodies = [piece.proto.body for piece in found.get("html")]
    assert not [body for body in bodies if "<b>d’été" in body], "a title is text, not HTML"
    assert listed.index("École") < listed.index("Zest")
    assert found.selectbox(key="filter-pillar").options == ["Droit"]
    for page in ("overview", "next", "changes", "attention", "corrections", "sources", "add", "method"):
        text = said(reader(page, lang="fr", period="all"))
        assert "A treaty" not in text, page
        assert "une machine l’a fait" in text, page
    english = said(reader("commitments", lang="en"))
    assert "A treaty" in english
    assert "machine" not in english
    found = said(reader("commitments", lang="en", q="ㅇㄹㅎ"))
    assert "A treaty" in found
    assert "Zest" not in found
    # What a person translated needs no word.
    korean = said(reader("commitments", lang="ko"))
    assert "여름 학교" in korean
    assert "기계" not in korean


def test_the_page_of_a_commitment_opens_the_original(told, reader):
    page = reader("app_pages/commitment.py", id="treaty", lang="fr")
    assert page.title[0].value.replace("\\", "").startswith("École")
    text = said(page)
    for name in ("Ils étudieront.", "Arvanie", "Affaires étrangères", "Droit"):
        assert name in text
    (folded,) = [
        h.proto.body for h in page.get("html") if "<details" in h.proto.body and "original" in h.proto.body
    ]
    assert "Traduit par une machine" in folded
    assert '<p lang="en">A treaty</p><p lang="en">They will sign a treaty.</p>' in folded
    korean = said(reader("app_pages/commitment.py", id="treaty", lang="ko"))
    assert "번역문입니다" in korean
    assert "They will sign a treaty." in korean
    assert "They will sign a treaty." in said(reader("app_pages/commitment.py", id="treaty", lang="en"))


def test_disputes_and_milestones_are_told_too(told, reader):
    names = NAMES | {"names": {"First talks": "Premiers pourparlers"}}
    with told.store.reading() as con:
        _, dataset = holdings.content(con, "dataset", "set")
    told.revise(Dataset.parse(dataset | {"translations": [names]}), by="ann")
    steps = [{"name": "First talks", "expected": "2025-11", "expected_basis": "stated"}]
    told.revise(make.commitment(milestones=steps, translations=[FR]), by="ann")
    french = {"language": "fr", "made_by": "machine", "claim": "Quand était-ce ?"}
    told.add(make.dispute(translations=[french | {"positions": {"Later": "Plus tard"}}]), by="ann")
    for page in ("sources", "app_pages/commitment.py"):
        text = said(reader(page, id="treaty", lang="fr"))
        assert "Quand était-ce ?" in text, page
        assert "Plus tard" in text, page
        assert "Then" in text, page
        assert "Traduit par une machine" in text, page
    for page in ("overview", "changes"):
        assert "Quand était-ce ?" in said(reader(page, lang="fr", period="all")), page
    assert "Premiers pourparlers" in said(reader("next", lang="fr"))
    assert "Premiers pourparlers" in said(reader("app_pages/commitment.py", id="treaty", lang="fr"))
    # Who revises the dispute in its form loses none of it.
    app = reader("sources", dispute="quarrel", lang="en")
    app = put(app, "quarrel:quarrel", position_2="Later.", because="A full stop", by="Jo Kim")
    press(app, "Save dispute")
    page = said(reader("sources", lang="fr"))
    assert "Quand était-ce ?" in page
    assert "Plus tard" not in page


def test_a_translation_of_former_words_is_not_told(told, reader):
    told.revise(make.commitment(title="A pact", translations=[FR, KO]), by="ann")
    assert "A pact" in said(reader("commitments", lang="fr"))
    with told.store.reading() as con:
        titles = [row["title"] for row in queries.commitments(con, language="fr")]
    assert titles == ["A pact", "Zest"]


def test_whoever_changes_a_translation_in_the_form_answers_for_it(told, reader):
    app = reader("app_pages/commitment.py", id="treaty", edit="wording", lang="en")
    assert "Title (French)" in [field.label for field in app.text_input]
    assert "Title (English)" not in [field.label for field in app.text_input]
    typed = {"translations.fr.title": "L’école", "because": "Read by a person", "by": "Jo Kim"}
    app = press(put(app, "revise:treaty", **typed), "Save wording")
    assert "Translations" in said(app)
    with told.store.reading() as con:
        _, content = holdings.content(con, "commitment", "treaty")
    french = {"language": "fr", "title": "L’école", "pledge": FR["pledge"]}
    mended, korean = {"made_by": "machine", "human": ["title"]}, KO | {"pledge": None}
    assert content["translations"] == [french | mended, korean]
    # What nobody touched keeps its mark, wherever it is told.
    page = said(reader("app_pages/commitment.py", id="treaty", lang="fr"))
    assert "Traduit en partie par une machine" in page
    assert "par une personne: titre" in page
    # Who has read what a machine made answers for it, and is asked no more.
    app = reader("app_pages/commitment.py", id="treaty", edit="wording", lang="en")
    assert [box.key for box in app.checkbox if "translations" in box.key] == [
        "revise:treaty:translations.fr.read"
    ]
    press(put(app, "revise:treaty", **typed | {"translations.fr.read": True}), "Save wording")
    with told.store.reading() as con:
        _, content = holdings.content(con, "commitment", "treaty")
    assert content["translations"] == [french | {"made_by": "human"}, korean]
    assert "Traduit en partie" not in said(reader("app_pages/commitment.py", id="treaty", lang="fr"))
    # Emptied, it is taken out; a title that is too long is refused at its place.
    app = reader("app_pages/commitment.py", id="treaty", edit="wording", lang="en")
    typed |= {
        "translations.fr.title": "",
        "translations.fr.pledge": "",
        "translations.ko.title": "여\u200b\x07름",
    }
    app = press(put(app, "revise:treaty", **typed), "Save wording")
    assert any("Title (Korean)" in error.value for error in app.error)
    app = press(put(app, "revise:treaty", **typed | {"translations.ko.title": ""}), "Save wording")
    with told.store.reading() as con:
        _, content = holdings.content(con, "commitment", "treaty")
    assert content["translations"] == []
    told.verify()


def test_an_original_says_in_which_language_it_is_as_far_as_that_is_known(tracker, reader):
    english = {"language": "en", "made_by": "human", "title": "Summer school", "pledge": "They will study."}
    french = {"title": "École d’été", "pledge": "Les deux pays ouvrent une école."}
    tracker.add(
        make.commitment("school", **french, translations=[english]),
        make.commitment("gipfel", title="Gipfel", pledge="Gipfeltreffen.", translations=[english]),
        by="ann",
    )
    school = reader("app_pages/commitment.py", id="school", lang="en", edit="wording")
    folded = '<p lang="fr">École d’été</p><p lang="fr">Les deux pays ouvrent une école.</p>'
    assert folded in said(school)
    # What is French already is not to be told in French, and may be told in all other languages.
    titles = [field.label for field in school.text_input if field.label.startswith("Title (")]
    assert titles == ["Title (English)", "Title (Korean)"]
    assert '<p lang="">Gipfel</p>' in said(reader("app_pages/commitment.py", id="gipfel", lang="en"))
