"""Pages through Streamlit's own test driver: what a reader sees, and what the form does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import make
import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

import dashboard
from tracker import holdings
from tracker.models import Commitment
from tracker.store import Store
from tracker.tracker import Tracker

ENTRY = Path(dashboard.__file__).parent / "app.py"
PAGES = ("overview", "commitments", "sources", "ask", "method")
COMMITMENT = "app_pages/commitment.py"


@pytest.fixture
def reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Opens pages of the dashboard on the store of the test."""
    monkeypatch.setenv("TRACKER_STORE", str(folder))
    for name in ("TRACKER_READ_ONLY", "TRACKER_ROLES", "TRACKER_BEHIND_PROXY"):
        monkeypatch.delenv(name, raising=False)
    # The test driver binds no address; on one that others reach, nobody may record anything.
    st.config.set_option("server.address", "127.0.0.1")
    # The test driver leaves its script behind as `__main__`, where child processes look.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    # It would search every installed package for components, each time: half of what a page takes.
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", list)
    st.cache_resource.clear()

    def look(page: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(ENTRY), default_timeout=60)
        app.switch_page(page if "/" in page else f"app_pages/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception[0].value
        return app

    yield look
    st.cache_resource.clear()


def said(app: AppTest) -> str:
    """All words of the page, the escapes of Markdown undone; HTML with its tags and without."""
    parts = [*app.title, *app.header, *app.markdown, *app.caption, *app.info, *app.error, *app.warning]
    text = "\n".join(str(p.value) for p in [*parts, *app.success])
    pieces = [piece.proto.body for piece in app.get("html")]
    plain = [Anchors(piece).text for piece in pieces]
    return "\n".join([text.replace("\\", "").replace("\u2060", ""), *pieces, *plain])


def links(app: AppTest) -> dict[str, str]:
    """Labels of the links between pages, with their queries."""
    told = {p.proto.label.replace("\\", ""): p.proto.query_string for p in app.get("page_link")}
    found = [link for piece in app.get("html") for link in Anchors(piece.proto.body).found]
    return told | {text: href.partition("?")[2] for text, href in found}


class Anchors(HTMLParser):
    """The text of a piece of HTML, and texts and addresses of its links."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.text = ""
        self._href: str | None = None
        self._text: list[str] = []
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._text = dict(attrs)["href"], []

    def handle_data(self, data: str) -> None:
        self.text += data
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            self.found.append((" ".join(self._text), self._href))


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


class TestEveryPage:
    @pytest.mark.parametrize("page", PAGES)
    def test_shows_the_shipped_data(self, shipped: Tracker, reader: Any, page: str) -> None:
        assert reader(page).title[0].value

    @pytest.mark.parametrize("page", PAGES)
    def test_shows_an_empty_store(self, store: Store, reader: Any, page: str) -> None:
        assert reader(page).title[0].value

    def test_of_every_commitment_opens(self, shipped: Tracker, reader: Any) -> None:
        for row in shipped.commitments():
            assert row["title"] in said(reader(COMMITMENT, id=row["id"]))

    def test_says_what_is_wrong_with_a_damaged_store_and_the_way_out(
        self, shipped: Tracker, reader: Any
    ) -> None:
        for file, way_out in ((shipped.store.ledger_file, True), (shipped.store.published, False)):
            file.chmod(0o644)
            file.write_bytes(b"not a database" * 1000)
            page = said(reader("overview"))
            assert "damaged" in page
            assert (f"restore {shipped.store.published} --overwrite" in page) == way_out


def test_an_error_that_no_page_caught_is_told_in_our_words(monkeypatch: pytest.MonkeyPatch) -> None:
    # The test driver leaves its script behind as `__main__`, where child processes look.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])

    def part(busy: bool) -> None:
        from dashboard import components
        from tracker.errors import TrackerError

        components.uncaught(
            TrackerError("unreachable", path="/a", detail="gone") if busy else ZeroDivisionError("by zero")
        )

    busy, broken = (AppTest.from_function(part, args=(is_busy,)).run().error for is_busy in (True, False))
    assert "cannot be reached" in busy[0].value
    assert "zero" not in broken[0].value
    assert "Something failed" in broken[0].value


class TestOverview:
    def test_shows_the_numbers_that_sql_gives(self, shipped: Tracker, reader: Any) -> None:
        rows = shipped.sql("SELECT status, count(*) AS n FROM commitments GROUP BY ALL").to_pylist()
        app = reader("overview")
        tiles = {query: text.split()[-1] for text, query in links(app).items()}
        for row in rows:
            assert tiles[f"status={row['status']}"] == str(row["n"])
        kept = sum(r["n"] for r in rows if r["status"] in ("delivered", "ongoing"))
        assert f"{kept} of 55 commitments are kept so far" in said(app)

    def test_links_the_headline_commitments(self, shipped: Tracker, reader: Any) -> None:
        targets = set(links(reader("overview")).values())
        assert {"id=gsomia", "id=sof-mou", "id=shipbuilding-mou", "id=space-security-dialogue"} <= targets

    def test_follows_an_update_made_elsewhere(self, shipped: Tracker, reader: Any) -> None:
        app = reader("overview")
        event = make.event("signed", "2026-11-20", "heraldcorp-22-2026-02-26", commitment_id="sof-mou")
        Tracker(Store(shipped.store.folder)).record(event, by="ann")
        app.run()
        assert links(app)["● Delivered 6"] == "status=delivered"

    def test_of_an_empty_store_says_how_to_begin(self, store: Store, reader: Any) -> None:
        assert "Begin in three steps" in said(reader("overview"))


class TestCommitments:
    def test_are_filtered_by_the_address(self, shipped: Tracker, reader: Any) -> None:
        app = reader("commitments", status="unconfirmed")
        assert "1 of 55" in said(app)
        assert "id=shipbuilding-mou" in links(app).values()

    def test_ignore_a_code_that_the_address_invents(self, shipped: Tracker, reader: Any) -> None:
        assert "55 of 55" in said(reader("commitments", status="sunk"))

    def test_are_found_by_their_bodies(self, shipped: Tracker, reader: Any) -> None:
        assert "id=sof-mou" in links(reader("commitments", q="cansofcom")).values()

    def test_are_as_many_as_the_picture_says_that_leads_to_them(self, shipped: Tracker, reader: Any) -> None:
        # Another pillar has this one's name in its own.
        pillar, stage = "Defence industry and innovation", "pledged"
        for name, value in (("pillar", pillar), ("stage", stage)):
            (row,) = shipped.sql(
                f"SELECT count(*) AS n FROM commitments WHERE {name} = '{value}'"  # noqa: S608
            ).to_pylist()
            assert 0 < row["n"] < 55
            assert f"{row['n']} of 55" in said(reader("commitments", **{name: value}))
        app = reader("commitments", party="Canada")
        assert app.selectbox(key="filter-party").value == "Canada"
        # Whoever comes from elsewhere is not offered what only pictures lead to.
        assert "filter-party" not in [box.key for box in reader("commitments").selectbox]

    def test_are_found_by_what_is_typed_even_where_it_is_a_word_of_ours(
        self, shipped: Tracker, reader: Any
    ) -> None:
        assert "55 of 55" in said(reader("commitments"))
        # Kept values of a list without a search are none of a search for this.
        assert "No commitment matches" in said(reader("commitments", q="None"))

    def test_begin_at_the_first_leaf_when_a_filter_changes(self, shipped: Tracker, reader: Any) -> None:
        app = reader("commitments")
        app.query_params["page"] = "3"
        app.selectbox(key="filter-kind").set_value("mou").run()
        assert app.query_params["kind"] == "mou"
        assert "page" not in app.query_params

    def test_say_when_nothing_matches(self, shipped: Tracker, reader: Any) -> None:
        assert "No commitment matches" in said(reader("commitments", q="zeppelin"))


class TestCommitment:
    def test_gsomia_is_signed_in_progress_and_says_what_is_missing(
        self, shipped: Tracker, reader: Any
    ) -> None:
        text = said(reader(COMMITMENT, id="gsomia"))
        assert "In progress" in text
        assert "Signed since 25 Feb 2026" in text
        assert "What is still missing" in text
        assert "In force:" in text
        assert "Tabled in the Canadian House of Commons" in text

    def test_an_unknown_one_offers_the_nearest(self, shipped: Tracker, reader: Any) -> None:
        app = reader(COMMITMENT, id="gsomai")
        assert "no commitment gsomai" in said(app)
        assert links(app)["gsomia"] == "id=gsomia"

    def test_text_of_the_data_is_shown_and_never_interpreted(self, tracker: Tracker, reader: Any) -> None:
        hostile = "<b>x</b> [y](javascript:alert(1)) $z$ :red[w] ![i](http://a.b) # h"
        tracker.revise(make.commitment(title=hostile, pledge=hostile), by="ann")
        app = reader(COMMITMENT, id="treaty")
        title = app.title[0].value
        assert "\\[y\\]\\(javascript\\:" in title
        assert "\\<b\\>" in title
        assert "\\$z\\$" in title
        assert any("&lt;b&gt;x&lt;/b&gt; [y](javascript:alert(1))" in h.proto.body for h in app.get("html"))
        assert hostile in said(app)

    def test_shows_no_form_on_a_read_only_server(
        self, shipped: Tracker, reader: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TRACKER_READ_ONLY", "1")
        app = reader(COMMITMENT, id="sof-mou", edit="1")
        assert not app.radio
        assert not [b for b in app.button if b.label == "Record a status change"]


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


class TestAsk:
    @pytest.mark.parametrize(
        "name",
        sorted(f.name for f in files("dashboard").joinpath("examples").iterdir() if f.name.endswith(".sql")),
    )
    def test_every_example_runs(self, shipped: Tracker, name: str) -> None:
        text = files("dashboard").joinpath("examples", name).read_text(encoding="utf-8")
        assert shipped.sql(text).num_columns

    def test_answers_with_rows(self, shipped: Tracker, reader: Any) -> None:
        app = reader("ask")
        app.text_area(key="sql").set_value("SELECT id FROM commitments WHERE headline")
        next(b for b in app.button if b.label == "Run").click()
        app.run()
        assert "5 rows" in said(app)
        assert len(app.dataframe[0].value) == 5

    def test_says_why_it_refuses_and_keeps_the_text(self, shipped: Tracker, reader: Any) -> None:
        app = reader("ask")
        app.text_area(key="sql").set_value("DELETE FROM ledger")
        next(b for b in app.button if b.label == "Run").click()
        app.run()
        assert "Only a statement that reads" in said(app)
        assert app.text_area(key="sql").value == "DELETE FROM ledger"
