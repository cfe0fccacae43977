"""A tracker that begins with nothing, and is filled and kept by forms alone."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qsl

from reading import COMMITMENT, press, put, said
from streamlit.testing.v1 import AppTest

from tracker import holdings
from tracker.store import Store
from tracker.terms import Entity
from tracker.tracker import Tracker

BEGUN = {"language": "en", "kind": "official", "reliability": "A", "by": "Jo Kim"}


def content(tracker: Tracker, entity: Entity, thing_id: str) -> dict[str, Any]:
    with tracker.store.reading() as con:
        version, told = holdings.content(con, entity, thing_id)
    return told | {"version": version}


def link(app: AppTest, label: str) -> dict[str, str]:
    """What the address of a link of ours asks for, without the key of its draft."""
    told = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>([^<]*)</a>', said(app))
    asked = [dict(parse_qsl(html.unescape(href).partition("?")[2])) for href, words in told if words == label]
    found = [{word: value for word, value in query.items() if word != "draft"} for query in asked]
    assert found
    assert all(query == found[0] for query in found)
    return found[0]


def test_a_whole_data_set_is_made_without_a_shell(store: Store, reader: Any) -> None:
    tracker = Tracker(store)
    told = said(app := reader("overview"))
    assert "Begin in three steps" in told
    assert told.count('<li class="done">') == 0
    app = reader("add", **link(app, "Describe the data set"))
    app = press(
        put(
            app,
            "enter:dataset:",
            subject="Rivers of Arvania & Belmora",
            compiled_from="Gazettes",
            by="Jo Kim",
            **{
                "evidence_horizon.0.corpus": "Gazettes",
                "evidence_horizon.0.dense_until": "2025-04-01",
                "evidence_horizon.0.remark": "Nothing after.",
            },
        ),
        "Save",
    )
    assert "Saved: Rivers of Arvania" in said(app)
    assert "what" not in app.query_params
    app = press(put(reader("add", what="source"), "enter:source:", title="River pact", **BEGUN), "Save")
    assert "Publisher is missing" in said(app)
    app = put(app, "enter:source:", publisher="River Board", published="2025-03", speaks_for="Arvania")
    app = press(app, "Save")
    (source,) = tracker.sql("SELECT id, speaks_for, language FROM sources").to_pylist()
    assert source == {"id": "river-board-2025-03", "speaks_for": ["Arvania"], "language": "en"}
    told = said(app := reader("overview"))
    assert told.count('<li class="done">') == 1
    app = put(
        reader("add", **link(app, "Add the agreement")),
        "enter:agreement:",
        title="하천 협정",
        kind="treaty",
        dated="2025-03",
        parties="Arvania\nBelmora",
        summary="They share the water.",
        source_ids=["river-board-2025-03"],
        by="Jo Kim",
        **{"source.title": "Gazette 7", "source.publisher": "Gazette", "source.reliability": "B"},
    )
    app = press(app, "Save")
    (agreement,) = tracker.sql("SELECT id, parties, source_ids FROM agreements").to_pylist()
    assert re.fullmatch(r"agreement-[0-9a-f]{6}", agreement["id"])
    assert len(agreement["source_ids"]) == 2
    app = reader("add", **link(app, "Add a commitment of it"))
    assert app.text_input(key="enter:commitment::parties.1.name").value == ("Belmora")
    form = "enter:commitment:"
    app = press(put(app, form, title="Clean water", by="Jo Kim"), "Save commitment")
    for complaint in ("What was promised is empty", "Kind is missing", "Fulfilment test is empty"):
        assert told.count(complaint) == 0
        assert said(app).count(complaint) == 2, complaint
    assert not tracker.commitments()
    app = put(
        app,
        form,
        pledge="They will clean the river.",
        kind="policy-or-programme",
        pillar="Water",
        due="2030",
        fulfilment_test="Fish return.",
        promised_on="2025-03",
        credibility=1,
        **{
            "milestones.0.name": "A plan",
            "milestones.0.expected": "2026",
            "milestones.0.expected_basis": "stated",
        },
    )
    app = press(app, "Save commitment")
    assert "Saved: Clean water" in said(app)
    row = tracker.commitment("clean-water")
    assert (row["stage"], row["status"], row["schedule"]) == ("pledged", "pledged", "upcoming")
    like = reader("add", **link(app, "Add another like this"))
    assert like.text_input(key=f"{form}:parties.0.name").value == "Arvania"
    assert like.selectbox(key=f"{form}:pillar").value == "Water"
    assert like.text_input(key=f"{form}:title").value == ""
    app = reader(COMMITMENT, **link(app, "Record its first status change"))
    told = {"stage": "delivered", "happened_on": "2025-05", "note": "Fish are back.", "by": "Jo Kim"}
    app = press(
        put(app, "record:clean-water", **told, on_file=agreement["source_ids"], on_file_credibility=1),
        "Save status",
    )
    assert "Saved: Delivered, May 2025" in said(app)
    overview = said(reader("overview"))
    assert "1 of 1 commitments is kept so far (1 delivered, 0 ongoing)." in overview
    assert "Begin in three steps" not in overview
    assert "Rivers of Arvania" in overview
