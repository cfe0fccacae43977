"""The form for a status change through Streamlit's own test driver: what it takes, refuses and keeps."""

from __future__ import annotations

from typing import Any

import make
import pytest
from reading import COMMITMENT, said
from streamlit.testing.v1 import AppTest

from tracker import holdings
from tracker.models import Commitment
from tracker.store import Store
from tracker.tracker import Tracker


def key(field: str, commitment_id: str = "sof-mou") -> str:
    return f"record:{commitment_id}:{field}"


def fill(app: AppTest, commitment_id: str = "sof-mou", **fields: Any) -> AppTest:
    """Type a valid status change, but for what the test names."""
    entries = {
        "stage": "signed",
        "happened_on": "2026-11-20",
        "note": "Both commands signed it.",
        "on_file": ["heraldcorp-22-2026-02-26"],
        "on_file_credibility": 1,
    } | fields
    app.text_input(key=key("by", commitment_id)).set_value(entries.pop("by", "Jo Kim"))
    for field, value in entries.items():
        kind = {
            "stage": "radio",
            "note": "text_area",
            "on_file": "multiselect",
            "against": "multiselect",
        }.get(field)
        kind = kind or ("selectbox" if field in CHOICES else "text_input")
        getattr(app, kind)(key=key(field, commitment_id)).set_value(value)
    return app


CHOICES = ("on_file_credibility", "against_credibility", "kind", "reliability", "credibility")


def save(app: AppTest, label: str = "Save status") -> AppTest:
    next(b for b in app.button if b.label == label).click()
    return app.run()


class TestTheForm:
    def test_offers_only_stages_of_the_kind(self, shipped: Tracker, reader: Any) -> None:
        offered = reader(COMMITMENT, id="sof-mou", edit="1").radio(key=key("stage")).options
        assert any(o.startswith("Signed") for o in offered)
        assert not any(o.startswith("In force") for o in offered)

    def test_saves_and_shows_what_changed(self, shipped: Tracker, reader: Any) -> None:
        app = save(fill(reader(COMMITMENT, id="sof-mou", edit="1")))
        assert "Saved: Signed, 20 Nov 2026." in said(app)
        assert "Signed since 20 Nov 2026" in said(app)
        row = shipped.commitment("sof-mou")
        assert (row["stage"], row["status"], row["version"]) == ("signed", "delivered", 4)
        assert shipped.history("sof-mou")[-1]["recorded_by"] == "Jo Kim"

    def test_takes_sources_for_and_against(self, shipped: Tracker, reader: Any) -> None:
        app = reader(COMMITMENT, id="sof-mou", edit="1")
        save(fill(app, against=["tnsr-2025-10"], against_credibility=4))
        told = {e["id"]: (e["bearing"], e["credibility"]) for e in shipped.history("sof-mou")[-1]["evidence"]}
        assert told == {"heraldcorp-22-2026-02-26": ("supports", 1), "tnsr-2025-10": ("contradicts", 4)}

    def test_says_so_when_a_later_event_keeps_the_stage(self, shipped: Tracker, reader: Any) -> None:
        app = save(fill(reader(COMMITMENT, id="sof-mou", edit="1"), stage="proposed", happened_on="2024-03"))
        assert "A later event keeps the present stage at Pledged" in said(app)

    def test_takes_a_new_source_in_place(self, shipped: Tracker, reader: Any) -> None:
        app = fill(
            reader(COMMITMENT, id="sof-mou", edit="1"),
            on_file=[],
            happened_on="2026-11",
            title="특수전 양해각서 서명",
            publisher="국방부",
            url="https://www.mnd.go.kr/a?b=c",
            published="2026-11-21",
            language="ko",
            reliability="A",
            credibility=2,
        )
        assert "Saved: Signed, Nov 2026." in said(save(app))
        source = shipped.history("sof-mou")[-1]["evidence"][0]
        assert (source["title"], source["reliability"], source["credibility"]) == (
            "특수전 양해각서 서명",
            "A",
            2,
        )

    @pytest.mark.parametrize(
        ("wrong", "complaint"),
        [
            ({"stage": None}, "New stage is missing"),
            ({"happened_on": ""}, "When it happened is missing"),
            ({"happened_on": "2026-02-30"}, "When it happened is not a date"),
            ({"happened_on": "2999"}, "When it happened is in the future"),
            ({"happened_on": "2026-03/2026-02"}, "When it happened ends before it starts"),
            ({"note": "  "}, "What happened is missing"),
            ({"by": ""}, "Your name is missing"),
            ({"on_file": []}, "Sources: needs at least 1"),
            ({"on_file_credibility": None}, "How believable is what they say? is missing"),
            ({"against": ["tnsr-2025-10"]}, "How believable is that? is missing"),
            ({"on_file": [], "against": ["tnsr-2025-10"], "against_credibility": 2},
             "Sources: needs at least one that supports it"),
            ({"reliability": "B"}, "Title is missing"),
            ({"title": "t", "publisher": "p", "url": "javascript:alert(1)", "reliability": "B",
              "credibility": 2},
             "Address is not an http or https address"),
            ({"title": "t", "publisher": "p", "credibility": 2}, "How reliable is the source? is missing"),
            ({"title": "t", "reliability": "B", "credibility": 2}, "Publisher is missing"),
            ({"title": "t", "publisher": "p", "reliability": "B"},
             "How believable is what it says? is missing"),
        ],
    )  # fmt: skip
    def test_names_what_is_wrong_and_loses_nothing(
        self, shipped: Tracker, reader: Any, wrong: dict[str, Any], complaint: str
    ) -> None:
        before = shipped.info()["head_hash"]
        app = save(fill(reader(COMMITMENT, id="sof-mou", edit="1"), **wrong))
        text = said(app)
        assert text.count(complaint) == 2, "beside the field and in the summary"
        assert shipped.info()["head_hash"] == before
        if "note" not in wrong:
            assert app.text_area(key=key("note")).value == "Both commands signed it."
        if "stage" not in wrong:
            assert app.radio(key=key("stage")).value == "signed"

    def test_shows_what_somebody_else_recorded_and_lets_the_editor_decide(
        self, shipped: Tracker, reader: Any
    ) -> None:
        app = fill(reader(COMMITMENT, id="sof-mou", edit="1"))
        other = make.event(
            "in-negotiation",
            "2026-10-01",
            "heraldcorp-22-2026-02-26",
            commitment_id="sof-mou",
            note="Talks began.",
        )
        Tracker(Store(shipped.store.folder)).record(other, by="ann")
        app = save(app)
        text = said(app)
        assert "Someone else changed this while you were editing" in text
        assert "**ann**" in text
        assert "Talks began." in text
        assert app.text_area(key=key("note")).value == "Both commands signed it."
        assert shipped.commitment("sof-mou")["stage"] == "in-negotiation"
        assert "Theirs: **In negotiation** · 1 Oct 2026" in text
        assert "Yours: **Signed** · 2026-11-20" in text
        assert "Saved: Signed" in said(save(app, "Record mine too"))
        assert [e["recorded_by"] for e in shipped.history("sof-mou")][-2:] == ["ann", "Jo Kim"]

    def test_keeps_what_somebody_else_reworded_and_says_so(self, shipped: Tracker, reader: Any) -> None:
        app = fill(reader(COMMITMENT, id="sof-mou", edit="1"))
        with shipped.store.reading() as con:
            _, content = holdings.content(con, "commitment", "sof-mou")
        shipped.revise(Commitment.parse(content | {"due": "2027", "because": "They said so."}), by="bo")
        text = said(save(app))
        assert "Saved: Signed, 20 Nov 2026." in text
        assert "**bo**" in text
        assert "revised – **Date**. They said so." in text
        row = shipped.commitment("sof-mou")
        assert (row["stage"], row["due"], row["version"]) == ("signed", "2027", 5)

    def test_forgets_on_cancel(self, shipped: Tracker, reader: Any) -> None:
        app = fill(reader(COMMITMENT, id="sof-mou", edit="1"))
        next(b for b in app.button if b.label == "Cancel").click()
        app.run()
        assert not app.radio
        assert shipped.commitment("sof-mou")["version"] == 3
