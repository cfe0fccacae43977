"""Pages through Streamlit's own test driver: what a reader sees."""

from __future__ import annotations

import sys
from importlib.resources import files
from typing import Any

import make
import pytest
from reading import COMMITMENT, PAGES, links, said
from streamlit.testing.v1 import AppTest

from tracker.store import Store
from tracker.tracker import Tracker


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
        app = reader("commitments", status="unconfirmed", view="table")
        assert "1 of 55" in said(app)
        assert "id=shipbuilding-mou" in links(app).values()
        # Nothing is claimed beyond what is proved of it, and it has no date: no column stands empty.
        assert '<th scope="col">Since</th>' in said(app)
        assert "Claimed beyond that" not in said(app)

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
        # The page is not offered itself; the one that leads to it is marked.
        assert 'aria-current="true">Commitments<' in text
        assert "Tabled in the Canadian House of Commons" in text

    def test_an_unknown_one_offers_the_nearest(self, shipped: Tracker, reader: Any) -> None:
        app = reader(COMMITMENT, id="gsomai")
        assert "no commitment gsomai" in said(app)
        (label,) = (name for name in links(app) if "gsomia" in name)
        assert label.startswith("Agreement on the Protection")
        assert links(app)[label] == "id=gsomia"

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
