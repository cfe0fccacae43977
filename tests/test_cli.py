"""The command as its users meet it: what it prints, where, and what it keeps."""

import csv
import io
import json
import re
import signal
import socket
import subprocess
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command import Command
from rich.cells import cell_len

from tracker import config, models
from tracker.queries import COMMITMENT_COLUMNS

CITING = ("--by", "ann", "--source", "statement-2024")
PRINTED = (
    "--by", "ann", "--title", "Notice", "--publisher", "Gazette", "--source-kind", "record",
    "--reliability", "A", "--credibility", "1",
)  # fmt: skip
"""A register prints it: that proves a signature alone."""


@pytest.fixture
def tracker_command(filled, folder, tmp_path) -> Command:
    return Command(folder, tmp_path)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Command:
    """The command on a store made at first use, from the data set that ships with the tracker."""
    home = tmp_path_factory.mktemp("shipped")
    command = Command(home / "store", home)
    done = command.run("info")
    assert done.returncode == 0
    assert done.stderr == f"tracker: new store at {command.store}, filled from commitments.parquet\n"
    return command


def column(text: str, name: str) -> list[str]:
    return [row[name] for row in csv.DictReader(io.StringIO(text))]


def test_the_real_pledges_stand_where_they_should(shipped):
    rows = {row["id"]: row for row in shipped.json("list")}
    assert len(rows) == 55
    assert (rows["gsomia"]["stage"], rows["gsomia"]["status"]) == ("signed", "in-progress")
    assert rows["shipbuilding-mou"]["status"] == "unconfirmed"
    assert rows["ministerial-2plus2"]["status"] == "ongoing"
    assert sum(row["headline"] for row in rows.values()) == 5
    counts = Counter(row["status"] for row in rows.values())
    assert counts == {"delivered": 5, "ongoing": 12, "in-progress": 11, "pledged": 26, "unconfirmed": 1}
    missing = shipped.json("show", "gsomia")["missing"]
    assert [goal["stage"] for goal in missing["stages"]] == ["in-force"]
    assert all(goal["proof"] for goal in missing["stages"])
    assert "Still missing\n  in-force: " in shipped("show", "gsomia")


def test_sql_and_the_list_count_alike(shipped):
    query = "select status, count(*) n from commitments group by all order by all"
    told = list(csv.reader(io.StringIO(shipped("sql", "--format", "csv", query))))
    listed = column(shipped("list", "--format", "csv"), "status")
    assert told == [["status", "n"], *([s, str(listed.count(s))] for s in sorted(set(listed)))]


def test_info_says_where_everything_is(tracker_command):
    info = tracker_command.json("info")
    assert info["store"] == str(tracker_command.store)
    assert Path(info["published"]) == tracker_command.store / "commitments.duckdb"
    assert len(info["head_hash"]) == 64
    assert info["schema_version"] >= 1
    assert info["counts"]["commitments"] == 4
    assert tracker_command("--version") == f"tracker {info['version']}\n"
    assert str(tracker_command.store) in tracker_command("info")


def test_the_store_is_named_by_option_or_variable_or_found_in_the_users_data(tracker_command, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    assert tracker_command("--store", str(elsewhere), "init", "--empty") == f"store: {elsewhere}\n"
    assert tracker_command.json("--store", str(elsewhere), "list") == []
    assert len(tracker_command.json("list")) == 4
    done = tracker_command.run("init", "--empty", env={"TRACKER_STORE": ""})
    assert (tmp_path / "data" / "commitment-tracker" / "store" / "ledger.duckdb").exists()
    assert done.returncode == 0


def test_csv_and_json_have_every_column_in_a_stable_order(tracker_command):
    rows = tracker_command.json("list")
    assert [tuple(row) for row in rows] == [COMMITMENT_COLUMNS] * 4
    table = list(csv.reader(io.StringIO(tracker_command("list", "--format", "csv"))))
    assert tuple(table[0]) == COMMITMENT_COLUMNS
    assert [row[0] for row in table[1:]] == [row["id"] for row in rows]
    assert rows[0]["headline"] is True
    assert table[1][COMMITMENT_COLUMNS.index("headline")] == "true"
    assert "국방부" in table[1][COMMITMENT_COLUMNS.index("parties")]


FILTERS = [
    (["--status", "not-delivered"], []),
    (["--claimed"], ["patrol-ships"]),
    (["--due", "2024"], ["research-mou"]),
    (["--due", "2024-12-31/2025"], ["research-mou"]),
    (["--due", "2025"], []),
    (["--due", "2024/2027", "--sort", "due"], ["research-mou", "secrets-treaty"]),
    (["--needs-look", "--kind", "mou"], ["research-mou"]),
    (["--stage", "signed"], ["secrets-treaty"]),
    (["--kind", "mou"], ["research-mou"]),
    (["--pillar", "INDUSTRY"], ["joint-forum", "research-mou"]),
    (["--schedule", "no-date", "--status", "ongoing"], []),
    (["--disputed"], ["joint-forum", "secrets-treaty"]),
    (["--search", "국방부"], ["joint-forum"]),
    (["--search", "ministere"], ["secrets-treaty"]),
    (["--as-of", "2024-06-01", "--stage", "pledged", "--kind", "legal-instrument"], ["secrets-treaty"]),
    (["--as-of", "2020-01-01"], []),
    (["--known-on", "2025-05-31"], []),
    (["--as-of", "2024-06-01", "--known-on", "2025-06-01", "--kind", "mou"], ["research-mou"]),
]


def test_a_list_can_be_narrowed(tracker_command):
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda case: tracker_command("list", "--format", "csv", *case[0]), FILTERS)
        assert [(f, sorted(column(x, "id"))) for (f, _), x in zip(FILTERS, found, strict=True)] == FILTERS


@pytest.mark.parametrize("columns", [200, 80, 50])
def test_a_table_fits_the_terminal(shipped, columns):
    lines = shipped.on_terminal(columns, "list", "--status", "in-progress")
    assert max(cell_len(line) for line in lines) <= columns
    assert {"id", "title", "status"} <= set(lines[0].split())
    if columns >= 80:
        first = [line.split()[0] for line in lines if not line.startswith(" ")]
        assert "defence-industry-cooperation-forum" in first
    assert "confidence" in lines[0] or columns < 200


def test_hangul_stands_in_line(tracker_command):
    query = "select title, 1 as one from sources where id in ('forum-report', 'yearbook') order by id"
    for lines in (tracker_command("sql", query).splitlines(), tracker_command.on_terminal(80, "sql", query)):
        report, yearbook = lines[2:4]
        assert "제1차 방산협력포럼 개최" in report
        assert cell_len(report[: report.index("1", 5)]) == cell_len(yearbook[: yearbook.index("1")])
        assert len(report) < len(yearbook)


def test_more_columns_than_fit_stand_below_each_other(tracker_command):
    lines = tracker_command.on_terminal(60, "sql", "from sources where id = 'yearbook'")
    assert max(cell_len(line) for line in lines) <= 60
    assert "publisher" in [line.split()[0] for line in lines if line.strip()]


def test_an_update_is_on_every_page_at_once(tracker_command):
    said = tracker_command(
        "update", "research-mou", "--stage", "signed", "--on", "2025-05", "--note", "Done.", *PRINTED
    )
    assert said == "research-mou: pledged (pledged) → signed (delivered), version 3\n"
    assert column(tracker_command("list", "--format", "csv", "--status", "delivered"), "id") == [
        "research-mou"
    ]
    query = "select note, recorded_by, happened_latest from history where stage = 'signed' and note = 'Done.'"
    assert tracker_command("sql", "--format", "csv", query).splitlines()[1] == "Done.,ann,2025-05-31"
    assert "Done." in tracker_command("show", "research-mou")


def test_a_claim_beyond_the_evidence_is_shown_as_a_claim(tracker_command):
    told = ("--stage", "signed", "--on", "2025-05", "--note", "They say so.", *CITING)
    line, note = tracker_command("update", "research-mou", *told).splitlines()
    assert line == "research-mou: pledged (pledged) → pledged (pledged), version 3"
    assert note.startswith("note: signed is claimed, not proven. What proves it: Both parties confirm a sig")
    listed = tracker_command("list", "--claimed")
    assert "pledged (claimed: signed)" in listed
    assert "pledged (claimed: redirected)" in listed
    assert column(tracker_command("list", "--format", "csv", "--kind", "mou"), "stage") == ["pledged"]


def test_a_step_of_one_party_and_a_later_event(tracker_command):
    parties = [p["name"] for p in tracker_command.json("show", "secrets-treaty")["parties"]]
    said = tracker_command(
        "update", "secrets-treaty", "--stage", "approved", "--on", "2024-12", "--note", "Approved at home.",
        "--party", parties[0], "--speaks-for", parties[0], "--speaks-for", "Nowhere", "--origin", "Wire",
        *PRINTED,
    )  # fmt: skip
    assert "note: approved is on record; a later event keeps the stage at signed" in said
    assert f"note: Nowhere is not a party of this commitment; its parties are {', '.join(parties)}" in said
    event = next(e for e in tracker_command.json("show", "secrets-treaty")["history"] if e["party"])
    assert (event["party"], event["stage"]) == (parties[0], "approved")
    (item,) = event["evidence"]
    assert (item["origin"], item["speaks_for"]) == ("Wire", [parties[0], "Nowhere"])


def test_what_needs_a_look_most_comes_first(tracker_command):
    rows = tracker_command.json("list", "--needs-look", "--as-of", "2025-06-15")
    assert [tuple(row) for row in rows] == [
        ("id", "title", "schedule", "evidence_reaches", "last_checked", "silent", "days")
    ] * 4
    first = rows[0]
    assert (first["id"], first["schedule"], first["last_checked"]) == ("research-mou", "unknown", None)
    assert (first["silent"], first["days"]) == (468, -166)
    assert "never" in tracker_command("list", "--needs-look")
    tracker_command("check", "research-mou", "--on", "2025-06-10", "--place", "Gazette", "--by", "ann")
    rows = tracker_command.json("list", "--needs-look", "--as-of", "2025-06-15")
    assert next(r["silent"] for r in rows if r["id"] == "research-mou") == 5
    assert rows[0]["id"] != "research-mou"


def test_a_list_comes_in_the_order_asked_for(tracker_command):
    def order(name):
        return column(tracker_command("list", "--format", "csv", "--sort", name), "id")

    assert order("due")[:2] == ["research-mou", "secrets-treaty"]
    assert order("stage_since")[0] == "secrets-treaty"
    assert order("title")[:2] == ["joint-forum", "secrets-treaty"]


def test_an_update_can_bring_its_source_with_it(tracker_command):
    row = tracker_command.json(
        "update", "research-mou", "--stage", "signed", "--on", "2025-05-06", "--note", "서명했다.",
        "--by", "ann", "--url", "https://gazette.example/7", "--title", "제7호", "--publisher", "Gazette",
        "--published", "2025-05", "--reliability", "A", "--credibility", "1", "--language", "ko",
        "--contradicts", "yearbook:5",
    )  # fmt: skip
    assert tuple(row) == COMMITMENT_COLUMNS
    assert (row["status"], row["version"], row["disputed"]) == ("delivered", 3, True)
    evidence = tracker_command.json("show", "research-mou")["history"][-1]["evidence"]
    assert [(e["title"], e["bearing"], e["reliability"], e["credibility"]) for e in evidence] == [
        ("Yearbook of pledges", "contradicts", "B", 5),
        ("제7호", "supports", "A", 1),
    ]
    assert re.fullmatch("gazette-2025-05-[0-9a-f]{6}", evidence[1]["id"])


def test_a_search_that_found_nothing_is_data(tracker_command):
    said = tracker_command(
        "check", "research-mou", "joint-forum", "--on", "2025-05-20", "--place", "Gazette", "--by", "ann"
    )
    first, *changed = said.splitlines()
    assert re.fullmatch("check-2025-05-20-[0-9a-f]{6}: 2 checked on 2025-05-20", first)
    moved = "evidence reaches 2024-03-04 → 2025-05-20, last checked none → 2025-05-20"
    assert changed[0] == f"research-mou: schedule unknown → late, {moved}"
    assert changed[1].startswith("joint-forum: ")
    again = tracker_command("check", "research-mou", "--on", "2025-05-19", "--place", "x", "--by", "ann")
    assert again.endswith("research-mou: nothing changed\n")
    row = next(r for r in tracker_command.json("list") if r["id"] == "research-mou")
    assert (row["last_checked"], row["evidence_reaches"], row["schedule"]) == (
        "2025-05-20",
        "2025-05-20",
        "late",
    )


def test_things_are_entered_and_revised_field_by_field_or_from_json(tracker_command, tmp_path):
    source = {"title": "Wire", "publisher": "Agency", "kind": "news", "language": "en", "reliability": "B"}
    told = json.dumps(source | {"reliability_reason": "Agency"}).encode()
    assert (
        tracker_command("add", "source", "-f", "-", "id=wire", "--by", "ann", input=told)
        == "source wire: version 1\n"
    )
    by = ("--by", "ann")
    tracker_command(
        "add", "agreement", "id=pact", "title=Pact", 'parties=["A", "B"]', "kind=mou", "summary=Short.", *by
    )
    file = tmp_path / "pledge.json"
    file.write_text(json.dumps({"parties": [{"name": "A"}], "source_ids": ["wire"], "kind": "dialogue"}))
    tracker_command(
        "add", "commitment", "-f", str(file), "id=talks", "title=Talks", "pledge=They talk.", "pillar=Talk",
        "agreement_id=pact", "fulfilment_test=They talked.", *by,
    )  # fmt: skip
    assert (
        tracker_command("revise", "commitment", "talks", "due=2027", "headline=true", *by)
        == "commitment talks: version 2\n"
    )
    shown = tracker_command.json("show", "talks")
    assert (shown["pledge"], shown["due"], shown["headline"]) == ("They talk.", "2027", True)
    sides = '[{"position": "yes", "source_ids": ["wire"]}, {"position": "no", "source_ids": ["yearbook"]}]'
    tracker_command(
        "add", "dispute", "id=d", "claim=Did they?", f"sides={sides}", 'commitment_ids=["talks"]', *by
    )
    assert tracker_command.json("show", "talks")["disputed"] is True
    assert tracker_command("verify").endswith("the ledger holds, and every table follows from it\n")


@pytest.mark.parametrize("name", ["dataset", "source", "agreement", "commitment", "dispute"])
def test_every_field_that_a_thing_can_have_is_said(tracker_command, name):
    model = getattr(models, name.title())
    lines = tracker_command("add", name, "--fields").splitlines()
    said = dict(line.split(maxsplit=1) for line in lines if line[0] != " ")
    assert {field for field in said if "." not in field} == model.model_fields.keys() - {"entity"}
    for field, told in said.items():
        if "." not in field:
            assert told.startswith("required" if model.model_fields[field].is_required() else "optional"), (
                field
            )


def test_an_import_counts_what_was_read_and_what_is_stored(tracker_command, facts_file, tmp_path):
    assert tracker_command("import", str(facts_file)).endswith("ledger: 0 new entries\n")
    fresh = Command(tmp_path / "fresh", tmp_path)
    lines = fresh("init", "--from", str(facts_file), "--by", "ann").splitlines()
    counts = {
        name: (read, stored) for name, read, stored in (x.split() for x in lines if len(x.split()) == 3)
    }
    assert counts.pop("entity") == ("read", "stored")
    assert counts["commitments"] == ("4", "4")
    assert counts["evidence"] == ("10", "10")
    assert all(read == stored for read, stored in counts.values())
    assert any(line.startswith("note: patrol-ships: ") for line in lines)
    assert fresh("sql", "--format", "csv", "select distinct actor from ledger") == "actor\nann\n"


def test_what_is_exported_comes_back_the_same_to_the_byte(tracker_command, tmp_path):
    tracker_command("check", "research-mou", "--on", "2025-05-20", "--place", "Gazette", "--by", "ann")
    first, second = tmp_path / "first.parquet", tmp_path / "second.parquet"
    assert tracker_command("export", str(first)) == f"{first}: 4 commitments\n"
    other = Command(tmp_path / "other", tmp_path)
    other("init", "--empty")
    assert other("import", str(first)).startswith("ledger: ")
    other("export", str(second))
    assert first.read_bytes() == second.read_bytes()
    assert other.json("info")["head_hash"] == tracker_command.json("info")["head_hash"]
    assert pq.read_table(first).num_rows == 4


def test_the_shipped_file_is_what_its_store_exports(shipped, tmp_path):
    shipped("export", str(tmp_path / "again.parquet"))
    assert (tmp_path / "again.parquet").read_bytes() == config.seed().read_bytes()


def test_a_terminal_draws_the_place_where_a_query_fails(tracker_command):
    lines = tracker_command.on_terminal(80, "sql", "select '국방부' as k\nfrom comitments where k", code=1)
    assert lines[:2] == ["LINE 2: from comitments where k", "             ^^^^^^^^^^"]
    assert 'Did you mean "commitments"?' in " ".join(lines[2:])


def test_values_beyond_the_calendar_are_printed(tracker_command):
    query = "select date '290000-01-01' as d, timestamp 'infinity' as t, interval '2 days' as i"
    assert tracker_command("sql", query, "--format", "csv") == "d,t,i\n290000-01-01,infinity,2 days\n"
    assert tracker_command.json("sql", query) == [{"d": "290000-01-01", "t": "infinity", "i": "2 days"}]


def test_sql_is_answered_in_every_form(tracker_command, tmp_path):
    query = "select id, headline, due_latest from commitments order by id limit 1"
    assert tracker_command("sql", query, "--format", "csv") == "id,headline,due_latest\njoint-forum,true,\n"
    assert tracker_command.json("sql", query) == [{"id": "joint-forum", "headline": True, "due_latest": None}]
    assert "joint-forum" in tracker_command("sql", "-", input=query.encode())
    (tmp_path / "q.sql").write_text(query)
    for form in ("csv", "json", "parquet"):
        target = tmp_path / f"answer.{form}"
        tracker_command("sql", "-f", str(tmp_path / "q.sql"), "--format", form, "--output", str(target))
        assert b"joint-forum" in target.read_bytes()
    assert pq.read_table(tmp_path / "answer.parquet").to_pylist()[0]["id"] == "joint-forum"
    assert tracker_command("sql", "select 1 as a, 2 as a", "--format", "csv") == "a,a_2\n1,2\n"


def test_an_answer_cut_short_says_so(tracker_command):
    done = tracker_command.run("sql", "from range(10)", "--limit", "3", "--format", "csv")
    assert (done.returncode, done.stdout) == (0, "range\n0\n1\n2\n")
    assert done.stderr == "tracker: only the first 3 rows; there are more\n"
    assert tracker_command("sql", "from range(3)", "--limit", "3", "--format", "csv").count("\n") == 4


def test_a_reader_that_has_seen_enough_is_left_in_peace(shipped):
    for form in ("table", "csv"):
        process = shipped.start("list", "--format", form, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        process.wait()


def test_the_dashboard_is_served_until_it_is_interrupted(tracker_command):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert "is taken" in tracker_command.refused(5, "dashboard", "--no-browser", "--port", port)
    # Where the tests run in the background, interrupts are ignored and children inherit that.
    process = tracker_command.start(
        "dashboard",
        "--no-browser",
        "--port",
        port,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert process.stdout.readline().decode() == "starting the dashboard …\n"
        # The port is kept from the first moment on, long before the server has it.
        assert "is taken" in tracker_command.refused(5, "dashboard", "--no-browser", "--port", port)
        said = [process.stdout.readline().decode() for _ in range(2)]
        assert said == [f"dashboard: http://localhost:{port}\n", f"store: {tracker_command.store}\n"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as health:
            assert health.read() == b"ok"
    finally:
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == b""
        process.stdout.close()
    assert process.wait() == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(port)))


def test_a_terminal_without_hangul_gets_its_code(tracker_command):
    done = tracker_command.run(
        "sql", "select '국방부' as body", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    assert done.returncode == 0
    assert "\\uad6d" in done.stdout
