"""Strangers' SQL: what it may ask, and what it cannot reach."""

import datetime as dt
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tracker import sandbox, sql
from tracker.errors import QueryRefused


@pytest.fixture(autouse=True)
def _unchanged(filled):
    """Whatever is asked, the store stays as it is."""
    folder = filled.store.folder
    with filled.store.reading():
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
    yield
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def rows(filled, text, **limits):
    return sql.run(filled.store, text, **limits).table.to_pylist()


def refusals(filled, texts):
    """Why each is refused; None for one that was answered."""

    def refusal(text):
        try:
            rows(filled, text)
        except QueryRefused as error:
            return error.code
        return None

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(texts, pool.map(refusal, texts), strict=True))


WRITES = [
    "insert into ledger from ledger",
    "update history set note = 'x'",
    "delete from history",
    "merge into history using history h on false when not matched then insert default values",
    "create table t (a int)",
    "create temp table t as select 1",
    "create macro f(x) as x",
    "create secret s (type http)",
    "drop table history",
    "alter table history add column x int",
    "comment on table history is 'x'",
    "copy commitments to 'leak.csv'",
    "copy ledger from '/etc/passwd'",
    "export database 'leak'",
    "import database 'leak'",
    "attach 'other.duckdb'",
    "attach ':memory:' as m",
    "detach commitments",
    "use memory",
    "install httpfs",
    "load httpfs",
    "update extensions",
    "set memory_limit = '100GB'",
    "set lock_configuration = false",
    "set variable x = 1",
    "reset threads",
    "pragma enable_profiling",
    "call pragma_version()",
    "checkpoint",
    "vacuum",
    "begin",
    "prepare p as select 1",
    "explain analyze select 1",
    "explain (analyze) select 1",
    "EXPLAIN /* no */ ANALYZE delete from history",
]
REACHES_OUT = [
    "from '/etc/passwd'",
    "from read_csv('/etc/passwd')",
    "from read_text('/etc/passwd')",
    "from read_blob('/proc/self/environ')",
    "from sniff_csv('/etc/passwd')",
    "from glob('/*')",
    "from query('from read_text(''/etc/passwd'')')",
    "select getenv('HOME')",
    "from text",
    "from sqlite_scan('x.db', 'y')",
    "with x as (delete from history returning *) from x",
]


def test_what_does_not_read_is_refused(filled):
    assert refusals(filled, WRITES) == dict.fromkeys(WRITES, "query-not-read-only")


def test_what_lies_outside_the_published_file_cannot_be_reached(filled):
    assert refusals(filled, REACHES_OUT) == dict.fromkeys(REACHES_OUT, "query-failed")


def test_another_file_of_the_store_cannot_be_reached(filled):
    with pytest.raises(QueryRefused):
        rows(filled, f"from '{filled.store.ledger_file}'")


def test_the_network_cannot_be_reached(filled):
    asked = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

        do_HEAD = do_GET

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            with pytest.raises(QueryRefused) as refused:
                rows(filled, f"from read_csv('http://127.0.0.1:{server.server_port}/x.csv')")
        finally:
            server.shutdown()
            thread.join()
    assert refused.value.code == "query-failed"
    assert asked == []


def test_nothing_of_our_process_is_handed_down(filled, monkeypatch):
    monkeypatch.setenv("TRACKER_TEST_WORD", "confidential")
    # Even the child itself could not tell: it is started with an environment of its own.
    (row,) = rows(filled, "select current_setting('home_directory') as home, current_user as name")
    assert os.environ["HOME"] not in str(row)


NO_ANSWER = {
    "": "query-empty",
    " \n ": "query-empty",
    "-- nothing to see": "query-empty",
    ";;": "query-empty",
    "select 1; drop table history": "query-not-one",
    "select 1; select 2": "query-not-one",
    "selec 1": "query-failed",
    "from nowhere": "query-failed",
    "select ?": "query-failed",
    "from \udcff": "query-not-text",
    "select 1 -- " + "x" * sql.TEXT: "query-too-long",
    "select case when range > 5000 then error('late') end from range(6000)": "query-failed",
    "select repeat('x', 1000000000)": "query-too-large",
    "select list(range) from range(100000000)": "query-too-large",
    "select repeat('x', 1000) from range(1000000)": "query-too-large",
    "select repeat('x', 5000000) as body": "query-cell-too-large",
    "select list_transform(range(600000), lambda x: x) as many": "query-cell-too-large",
}


def test_what_cannot_be_answered_is_refused_for_its_reason(filled):
    assert refusals(filled, NO_ANSWER) == NO_ANSWER


@pytest.mark.parametrize(
    ("program", "detail"), [("/bin/false", "exit code 1"), ("/bin", "Permission denied")]
)
def test_a_worker_that_does_not_start_is_not_blamed_on_the_query(filled, monkeypatch, program, detail):
    sandbox.SANDBOX.stop()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", program)
        with pytest.raises(QueryRefused) as refused:
            rows(filled, "select 1")
    assert (refused.value.code, refused.value.facts["detail"]) == ("query-worker", detail)
    assert rows(filled, "select 1 as a") == [{"a": 1}]


@pytest.mark.parametrize(
    "text",
    [
        "select count(*) from range(1000000000) a, range(1000000) b",
        "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r",
    ],
)
def test_what_does_not_end_is_ended(filled, text):
    with pytest.raises(QueryRefused) as refused:
        rows(filled, text, seconds=0.5)
    assert refused.value.code == "query-too-slow"
    assert refused.value.facts == {"seconds": 0.5}


def test_the_fault_in_a_query_is_shown(filled):
    with pytest.raises(QueryRefused) as refused:
        rows(filled, "select *\nfrom comitments")
    assert "commitments" in refused.value.facts["detail"]
    assert "LINE 2: from comitments" in refused.value.facts["detail"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select count(*) as n from commitments", [{"n": 4}]),
        ("with x as (select 1 as a) select a from x;", [{"a": 1}]),
        ("values (1), (2)", [{"col0": 1}, {"col0": 2}]),
        ("select 1 as one -- ; drop table history", [{"one": 1}]),
        ("select ';' as mark, 'it''s' as text", [{"mark": ";", "text": "it's"}]),
        ("select '제1차' as 회차 where '방산' in (select '방산')", [{"회차": "제1차"}]),
        ("select id from commitments where parties::varchar like '%국방부%'", [{"id": "joint-forum"}]),
        ("select count(*) as n from as_of(date '2024-06-01')", [{"n": 4}]),
        ("select id from as_of(date '2022-07-01')", []),
        ("select count(*) as n from as_known(date '2025-06-01', timestamp '2025-05-31')", [{"n": 0}]),
        ("from query('select 1 as a')", [{"a": 1}]),
        (
            "select null as nothing, date '2024-02-29' as day",
            [{"nothing": None, "day": dt.date(2024, 2, 29)}],
        ),
    ],
)
def test_what_reads_is_answered(filled, text, expected):
    assert rows(filled, text) == expected


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("show tables", "name", "commitments"),
        ("describe commitments", "column_name", "fulfilment_test"),
        ("summarize commitments", "column_name", "evidence_reaches"),
        ("explain select 'analyze'", "explain_key", "physical_plan"),
        ("table lifecycle", "stage", "in-force"),
    ],
)
def test_a_reader_can_find_out_what_there_is(filled, text, column, value):
    assert value in [row[column] for row in rows(filled, text)]


def test_two_columns_of_one_name_are_both_there(filled):
    table = sql.run(filled.store, "select 1 as a, 2 as a").table
    assert table.column_names == ["a", "a"]
    assert [column.to_pylist() for column in table.columns] == [[1], [2]]


@pytest.mark.parametrize(
    ("limit", "given", "truncated"),
    [(0, 0, True), (1, 1, True), (9, 9, True), (10, 10, False), (11, 10, False)],
)
def test_an_answer_that_was_cut_says_so(filled, limit, given, truncated):
    answer = sql.run(filled.store, "from range(10)", limit=limit)
    assert (answer.table.num_rows, answer.truncated) == (given, truncated)


def test_rows_beyond_the_limit_are_never_made(filled):
    answer = sql.run(filled.store, "from range(1000000000000)", limit=20_000)
    assert answer.table.column("range").to_pylist() == list(range(20_000))
    assert answer.truncated


def test_the_python_package_answers_in_arrow(filled):
    table = filled.sql("select stage, count(*) as n from history group by all order by all", limit=2)
    assert table.column_names == ["stage", "n"]
    assert table.num_rows == 2
