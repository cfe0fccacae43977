"""What is on record is revised by forms: milestones, sources, agreements, data sets, searches, disputes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import make
import pytest
from reading import COMMITMENT, press, put, said
from test_pages_begin import content, link

from tracker.models import Dataset
from tracker.terms import Entity
from tracker.tracker import Tracker

WHY = {"because": "As the text has it.", "by": "Jo Kim"}
HOSTILE = '<b onclick="x">A</b> & [b](http://c) :red[d] $e$'


def test_a_milestone_is_added_and_reached_by_itself(tracker: Tracker, reader: Any) -> None:
    app = reader(COMMITMENT, **link(reader(COMMITMENT, id="treaty"), "Add a milestone"))
    typed = {"name": "Signature", "expected": "2025-09", "by": "Jo Kim"}
    app = press(put(app, "step:treaty:", **typed), "Save")
    told = said(app)
    assert told.count("Who expects it needs an expected date and its basis") == 2
    assert told.count("Why is it changed? is missing") == 2
    app = press(put(app, "step:treaty:", expected_basis="stated", because="Told at the signing."), "Save")
    assert "Saved: Milestones." in said(app)
    # Somebody else words it anew while it is being marked as reached; both hold.
    words = {k: v for k, v in link(app, "Reached or changed?").items() if k != "draft"}
    app = put(reader(COMMITMENT, **words), "step:treaty:0", reached="2025-05", **WHY)
    changed = content(tracker, Entity.COMMITMENT, "treaty")
    del changed["version"]
    tracker.revise(make.commitment(**changed | {"title": "The treaty"}), by="ann")
    app = press(app, "Save")
    assert "revised – **Title**" in said(app)
    now = content(tracker, Entity.COMMITMENT, "treaty")
    blank = {"expected_basis": "stated", "note": None}
    assert now["milestones"] == [{"name": "Signature", "expected": "2025-09", "reached": "2025-05"} | blank]
    assert (now["title"], now["version"]) == ("The treaty", 4)


def test_what_is_said_of_a_source_can_be_changed_and_moves_what_cites_it(
    tracker: Tracker, reader: Any
) -> None:
    tracker.record(make.event("signed", "2025-05-20"), by="ann")
    asked = link(reader("sources", source="gazette"), "Change what is said of this source")
    app = reader("sources", **asked)
    form = "enter:source:gazette"
    app = press(put(app, form, **WHY), "Save")
    assert "no field was changed" in said(app)
    app = put(app, form, kind="blog", speaks_for="Arvania\nBelmora", origin="A wire", note="Mirrored.")
    app = press(app, "Save")
    (told,) = (s.value for s in app.success)
    assert told.startswith(
        "**Saved: Who speaks in it, Remark, Whose words it passes on, In whose name it speaks."
    )
    assert "1 commitment moved" in said(app)
    now = content(tracker, Entity.SOURCE, "gazette")
    assert (now["kind"], now["speaks_for"], now["origin"]) == ("blog", ["Arvania", "Belmora"], "A wire")
    assert now["reliability_reason"] == "It is the text itself"


def test_an_agreement_and_a_data_set_are_revised_where_they_are_listed(tracker: Tracker, reader: Any) -> None:
    about = {"id": "pledges", "subject": HOSTILE, "as_of": "2025-05-01", "compiled_from": "Papers"}
    horizon = {"corpus": "Papers", "dense_until": "2025-04-01", "remark": "Thin."}
    about |= {"text_limits": "None.", "evidence_horizon": [horizon]}
    tracker.add(Dataset.parse(about), make.agreement("other", title=HOSTILE), by="ann")
    app = reader("add")
    assert "&lt;b onclick=&quot;x&quot;&gt;A&lt;/b&gt; &amp; [b](http://c) :red[d] $e$" in said(app)
    app = put(reader("add", what="dataset", id="pledges"), "enter:dataset:pledges", **WHY)
    app = put(app, "enter:dataset:pledges", **{"evidence_horizon.0.dense_until": "soon"})
    app = press(app, "Save")
    assert said(app).count("Dense until (1) is not a date") == 2
    more = {"evidence_horizon.0.dense_until": "2025-05-01", "evidence_horizon.1.corpus": "Films"}
    more |= {"evidence_horizon.1.dense_until": "2025-03-01", "evidence_horizon.1.remark": "Few."}
    app = press(put(app, "enter:dataset:pledges", **more), "Save")
    now = content(tracker, Entity.DATASET, "pledges")
    assert [h["dense_until"] for h in now["evidence_horizon"]] == ["2025-05-01", "2025-03-01"]
    assert now["subject"] == HOSTILE
    app = reader("add", what="agreement", id="other")
    app = press(put(app, "enter:agreement:other", dated="2024-05~", parties="Cedria", **WHY), "Save")
    now = content(tracker, Entity.AGREEMENT, "other")
    assert (now["dated"], now["parties"], now["title"]) == ("2024-05~", ["Cedria"], HOSTILE)
    assert "what" not in app.query_params


def test_a_search_on_record_is_revised(tracker: Tracker, reader: Any) -> None:
    tracker.add(make.check("look", places=["The library"], terms=["treaty"]), by="ann")
    app = press(reader(COMMITMENT, id="treaty"), "Change")
    app = put(app, "enter:check:look", places="The library\nThe archive", languages="en、ko", **WHY)
    app = press(app, "Save")
    now = content(tracker, Entity.CHECK, "look")
    assert (now["places"], now["languages"]) == (["The library", "The archive"], ["en", "ko"])
    assert (now["terms"], now["version"]) == (["treaty"], 2)
    assert "Saved: Where you looked, Languages." in said(app)


def test_a_dispute_begins_with_the_commitment_that_it_is_about(tracker: Tracker, reader: Any) -> None:
    asked = link(reader(COMMITMENT, id="treaty"), "Record a dispute about this commitment")
    app = reader("sources", **asked)
    assert app.multiselect(key="quarrel:new:commitment_ids").value == ["treaty"]
    assert app.multiselect(key="quarrel:new:sources_1").options
    # Whatever else stands in the address names no commitment.
    app = reader("sources", **asked | {"about": "nothing"})
    assert app.multiselect(key="quarrel:new:commitment_ids").value == []


def test_the_next_update_takes_day_and_sources_from_the_last(tracker: Tracker, reader: Any) -> None:
    tracker.add(make.commitment("other"), make.source("wire", publisher="Wire"), by="ann")
    form = "record:treaty"
    app = put(reader(COMMITMENT, id="treaty", edit="1"), form, by="Jo Kim")
    assert not [b for b in app.button if b.label == "Day and sources as last time"]
    told = {"stage": "signed", "on_file": ["wire"], "on_file_credibility": 2, "note": "They signed."}
    app = press(put(app, form, **told), "Today")
    assert app.text_input(key=f"{form}:happened_on").value == dt.datetime.now(dt.UTC).date().isoformat()
    app = press(put(app, form, happened_on="2025-05-20"), "Save status")
    assert "Saved: Signed, 20 May 2025" in said(app)
    assert link(app, "Correct this entry") == {"id": "treaty", "edit": "1", "replaces": "2"}
    app.query_params["id"] = "other"
    app.query_params["edit"] = "1"
    app = press(app.run(), "Day and sources as last time")
    assert app.text_input(key="record:other:happened_on").value == "2025-05-20"
    assert app.multiselect(key="record:other:on_file").value == ["wire"]
    assert app.selectbox(key="record:other:on_file_credibility").value == 2
    # What was cited last is offered before what is cited most.
    assert app.multiselect(key="record:other:on_file").options[0].startswith("Wire: ")
    stages = app.radio(key="record:other:stage").options
    # They stand in the order of the lifecycle, wherever the commitment is in it; its ends come last.
    told = [
        next(n for n, s in enumerate(stages) if s.startswith(w)) for w in ("Proposed", "In force", "Lapsed")
    ]
    assert told == sorted(told)
    assert any(stage.endswith("(now)") for stage in stages)
    assert stages[-1] == "Earlier event, for context only"
    app = press(put(app, "record:other", stage="pledged", note="Agreed."), "Save status")
    assert tracker.history("other")[0]["source_ids"] == ["wire"]


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("add", {"what": "commitment"}),
        ("add", {"what": "agreement", "id": "pact"}),
        ("sources", {"source": "gazette", "edit": "gazette"}),
        (COMMITMENT, {"id": "treaty", "edit": "step"}),
        (COMMITMENT, {"id": "treaty", "edit": "check:look"}),
    ],
)
def test_nothing_is_entered_where_nothing_may_be_changed(
    tracker: Tracker, reader: Any, monkeypatch: pytest.MonkeyPatch, page: str, query: dict[str, str]
) -> None:
    tracker.add(make.check("look"), by="ann")
    past = reader(page, **query | {"as_of": "2025-06-01", "known_on": "2100-01-01"})
    monkeypatch.setenv("TRACKER_READ_ONLY", "1")
    for app in (past, reader(page, **query)):
        assert not [b.label for b in app.button if b.label.startswith("Save")]
        assert "Add a milestone" not in said(app)
        assert 'class="opener"' not in said(app)


@pytest.mark.parametrize("query", [{"what": "coding"}, {"what": "source", "id": "nothing"}, {"what": "x"}])
def test_an_address_that_asks_for_no_form_shows_the_choice(
    tracker: Tracker, reader: Any, query: dict[str, str]
) -> None:
    assert "What do you want to enter?" in said(reader("add", **query))


def test_an_identifier_that_is_taken_is_told_and_a_free_one_suggested(tracker: Tracker, reader: Any) -> None:
    form = "enter:agreement:"
    told = {"kind": "pact", "parties": "One", "summary": "They agreed.", "by": "Jo Kim"}
    app = put(reader("add", what="agreement"), form, title="Pact", id="pact", **told).run()
    hint = app.text_input(key=f"{form}:id").placeholder
    assert hint.startswith("pact-")
    app = press(app, "Save")
    assert "Nothing was saved" in said(app)
    app = press(put(app, form, id="not so"), "Save")
    assert said(app).count("Identifier may have lower-case letters, digits and hyphens only") == 2
    press(put(app, form, id=""), "Save")
    assert content(tracker, Entity.AGREEMENT, hint)["version"] == 1


def test_a_new_commitment_has_the_parties_of_its_agreement_unless_others_are_named(
    tracker: Tracker, reader: Any
) -> None:
    many = [f"Party {n}" for n in range(14)]
    tracker.add(make.agreement("big-pact", title="The pact", parties=many), by="ann")
    form = "enter:commitment:"
    typed = {
        "title": "A joint act",
        "pledge": "They will act.",
        "kind": "mou",
        "pillar": "Law",
        "fulfilment_test": "They did.",
        "source_ids": ["gazette"],
        "by": "Jo Kim",
        "agreement_id": "big-pact",
        "parties.1.bodies": "Foreign Office",
    }
    app = put(reader("add", what="commitment"), form, agreement_id="big-pact").run()
    assert "Left empty, the parties are those of the agreement." in said(app)
    assert app.text_input(key=f"{form}:parties.1.name").placeholder == "Party 1"
    press(put(app, form, **typed), "Save commitment")
    told = content(tracker, Entity.COMMITMENT, "a-joint-act")["parties"]
    assert [party["name"] for party in told] == many
    assert told[1]["bodies"] == ["Foreign Office"]
    named = typed | {"title": "Another act", "parties.0.name": "Arvania", "parties.1.bodies": ""}
    press(put(reader("add", what="commitment"), form, **named), "Save commitment")
    told = content(tracker, Entity.COMMITMENT, "another-act")["parties"]
    assert told == [{"name": "Arvania", "bodies": []}]


def test_a_source_that_is_on_record_is_named_wherever_it_is_entered_again(
    tracker: Tracker, reader: Any
) -> None:
    known = "belongs to a source that is on record already: [A document](sources?source=gazette) (gazette)"
    typed = {"title": "The same", "publisher": "P", "url": "http://example.org/gazette/", "reliability": "B"}
    app = put(reader("add", what="source"), "enter:source:", by="Jo Kim", **typed)
    app = press(app, "Save")
    assert said(app).count(known) == 2, "beside the field and in the summary"
    assert app.text_input(key="enter:source::title").value == "The same"
    update = {"stage": "signed", "happened_on": "2025-05-20", "note": "They signed.", "by": "Jo Kim"}
    app = put(reader(COMMITMENT, id="treaty", edit="1"), "record:treaty", **update, **typed, credibility=1)
    assert said(press(app, "Save status")).count(known) == 2
    along = {f"source.{field}": value for field, value in typed.items()}
    pact = {"title": "Pact II", "kind": "mou", "parties": "Arvania", "summary": "S.", "by": "Jo Kim"}
    app = press(put(reader("add", what="agreement"), "enter:agreement:", **pact, **along), "Save")
    assert said(app).count(known) == 2
    assert tracker.sql("SELECT count(*) AS n FROM sources").to_pylist() == [{"n": 1}]
