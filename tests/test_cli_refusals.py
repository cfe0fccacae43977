"""Bad input at the command: one line, the right exit code, nothing changed."""

import ctypes
import fcntl
import os
import shutil
import subprocess

import duckdb
import pytest
from command import Command

UPDATE = {
    "stage": "signed",
    "on": "2025-05-06",
    "note": "Signed.",
    "by": "ann",
    "source": "statement-2024",
}
NEW = {
    "source": None,
    "url": "https://a.example/",
    "title": "T",
    "publisher": "P",
    "reliability": "B",
}
SEARCH = {"on": "2025-05-06", "place": "Gazette", "by": "ann"}


@pytest.fixture
def tracker_command(filled, folder, tmp_path) -> Command:
    return Command(folder, tmp_path)


def options(named):
    return [f"--{name}={value}" for name, value in named.items() if value is not None]


BAD_UPDATES = [
    ({"stage": "recurring"}, "--stage is not a stage of this kind (mou); its stages are precursor, "),
    ({"stage": "finished"}, "--stage is not a stage of this kind (mou); its stages are precursor, "),
    ({"on": "2099"}, "--on is in the future"),
    ({"on": "2025-02-30"}, "--on is not a date: write 2026-02-25, "),
    ({"on": "yesterday"}, "--on is not a date: write 2026-02-25, "),
    ({"on": "2025-05/2024"}, "--on ends before it starts"),
    ({"note": "  "}, "--note is empty"),
    ({"note": "a\x1b[2Jb"}, "--note has a character that cannot be shown"),
    ({"by": " "}, "--by is empty"),
    ({"source": None}, "--source needs at least one source; "),
    ({"source": "nope"}, "--source names a source that is not on record: nope"),
    ({"source": "statement-2024:7"}, "--credibility is not from 1 to 6"),
    ({"source": "statement-2024:x"}, "--credibility is not from 1 to 6"),
    ({"contradicts": "statement-2024"}, "--source names the same one twice"),
    (NEW | {"credibility": "0"}, "--credibility is not from 1 to 6"),
    (NEW | {"url": "ftp://a.example/"}, "--url is not an http or https address"),
    (NEW | {"url": "javascript:alert(1)"}, "--url is not an http or https address"),
    (NEW | {"published": "2025-13"}, "--published is not a date: "),
    (NEW | {"title": None, "publisher": ""}, "--title is missing; --publisher is empty"),
    (NEW | {"reliability": None, "note": ""}, "--reliability is missing; --note is empty"),
    (NEW | {"origin": "a\nb"}, "--origin has a character that cannot be shown"),
    ({"party": "Nowhere"}, "--party is not one of the parties: "),
    ({"party": " "}, "--party is empty"),
    ({"quote": " "}, "--quote is empty"),
    ({"supersedes": "9", "because": "Wrong."}, "Version 9 of research-mou did not record an event."),
    ({"supersedes": "2", "because": " "}, "--because is empty"),
]


def test_an_update_with_bad_input_is_refused(tracker_command):
    tracker_command.all_refused(
        1, [(["update", "research-mou", *options(UPDATE | changed)], said) for changed, said in BAD_UPDATES]
    )


REASON = ("--reason=Wrong.", "--by=ann")
IMPOSSIBLE = [
    (["show", "nope"], "There is no commitment nope."),
    (["show", "research"], "There is no commitment research. Did you mean research-mou?"),
    (["show", "research-mou", "--as-of", "1990-01-01"], "research-mou was not on record on 1990-01-01."),
    (["update", "nope", *options(UPDATE)], "There is no commitment nope."),
    (["check", "nope", *options(SEARCH)], "There is no commitment nope."),
    (["list", "--due", "soon"], "--due is not a date: write 2026-02-25, "),
    (["list", "--due", "2025/2024"], "--due ends before it starts"),
    (
        ["show", "research-mou", "--known-on", "2020-01-01"],
        "Nothing of research-mou on 2020-01-01 was on record by 2020-01-01.",
    ),
    (["withdraw", "source", "nope", *REASON], "There is no source nope."),
    (["withdraw", "source", "yearbook", "--reason= ", "--by=ann"], "--reason is empty"),
    (["withdraw", "source", "yearbook", *REASON, "--undo"], "The source yearbook was not withdrawn"),
    (["withdraw", "event", "nope", "--version=2", *REASON], "There is no commitment nope."),
    (["withdraw", "event", "research-mou", "--version=9", *REASON], "Version 9 of research-mou did not rec"),
    (
        ["withdraw", "event", "research-mou", "--version=2", *REASON, "--undo", "--dry-run"],
        "The event that version 2 of research-mou recorded still counts",
    ),
    (["diff", "nope"], "There is no commitment nope."),
    (["diff", "research-mou", "--to", "9"], "research-mou has no version 9; the newest is 2."),
    (["code", "research-mou", "1", "--stage=pledged", "--by=ann"], "VERSION names no event that stands"),
    (
        ["code", "research-mou", "2", "--stage=pledged", "--by=Compiler"],
        "VERSION is an event of your own: a second judgement is somebody else's",
    ),
    (
        ["code", "research-mou", "2", "--stage=finished", "--by=ann"],
        "--stage is not a stage of this kind (mou",
    ),
    (["verify", "--release", "nowhere.json"], "nowhere.json cannot be read: No such file"),
    (["verify", "--release", "/dev/null"], "The file /dev/null is not a release file."),
    (
        ["update", "research-mou", *options(UPDATE), "--quote=x", "--archive=nowhere.html"],
        "nowhere.html cannot be read: No such file",
    ),
    (["check", "research-mou", *options(SEARCH | {"on": "2099-01-01"})], "--on is in the future"),
    (["check", "research-mou", *options(SEARCH | {"on": "2025-05"})], "--on is not a date"),
    (["add", "source", "id=statement-2024", "title=x", "--by=ann"], "publisher is missing; "),
    (
        ["add", "source", "id=Not a slug", "--by=ann"],
        "id may have lower-case letters, digits and hyphens",
    ),
    (["add", "source", "colour=red", "--by=ann"], "colour is not known"),
    (["revise", "source", "nope", "title=x", "--by=ann"], "There is no source nope."),
    (["revise", "commitment", "research-mou", "kind=forum", "due=x", "--by=ann"], "due is not a date: "),
    (
        ["revise", "commitment", "secrets-treaty", "kind=forum", "--by=ann"],
        "kind forum has no stage signed",
    ),
    (["revise", "commitment", "research-mou", "cadence=yearly", "--by=ann"], "ISO 8601 duration"),
    (["add", "source", "-f", "nowhere.json", "--by=ann"], "nowhere.json cannot be read: No such file"),
    (["init"], "There is already a store at "),
    (["dashboard", "--no-browser", "--host", "192.0.2.77"], "This machine cannot listen on 192.0.2.77"),
    (["dashboard", "--no-browser", "--host", "nowhere.invalid"], "cannot listen on nowhere.invalid"),
    (["init", "--empty"], "There is already a store at "),
    (["export", "data.csv"], "give data.csv a name that ends in .parquet"),
    (["sql", ""], "There is no query."),
    (["sql", "delete from ledger"], "Only a statement that reads can be run here"),
    (["sql", "select 1; select 2"], "One statement at a time: this text has 2."),
    (["sql", "select *\nfrom nowhere"], "Table with name nowhere does not exist!"),
    (["sql", "select *\nfrom nowhere n"], "(line 2, column 6: from >>nowhere n<<)"),
    (["sql", "select '국방부' from nowhere"], "(line 1, column 19: select '국방부' from >>nowhere<<)"),
    (["sql", "-f", "nowhere.sql"], "nowhere.sql cannot be read: No such file"),
]


def test_what_cannot_be_done_is_refused(tracker_command):
    tracker_command.all_refused(1, IMPOSSIBLE)


WRONG_LINES = [
    (["dashboard", "--no-browser", "--host", ""], "--host: name an address"),
    (["lsit"], "No such command 'lsit'"),
    (["list", "--status", "late"], "'late' is not one of 'unconfirmed', "),
    (["list", "--as-of", "2025"], "'2025' does not match the format"),
    (["list", "--format", "xml"], "'xml' is not one of 'table', 'csv', 'json'"),
    (["show"], "Missing argument 'ID'"),
    (["update", "research-mou", "--stage", "signed"], "Missing option '--on'"),
    (
        ["update", "research-mou", *options(UPDATE | NEW | {"reliability": "G"})],
        "'G' is not one of 'A', ",
    ),
    (
        ["update", "research-mou", *options(UPDATE | {"because": "x"})],
        "--supersedes and --because go together",
    ),
    (["update", "research-mou", *options(UPDATE | {"archive": "x"})], "--archive goes with --quote"),
    (
        ["update", "research-mou", *options(UPDATE | NEW | {"source": "yearbook", "quote": "x"})],
        "--quote goes with exactly one source that supports",
    ),
    (["withdraw", "event", "research-mou", *REASON], "--version goes with an event, and an event with"),
    (["withdraw", "source", "yearbook", "--version=1", *REASON], "--version goes with an event, and an"),
    (["withdraw", "agreement", "x", *REASON], "'agreement' is not one of 'event', 'source', 'check', 'disp"),
    (["withdraw", "source", "yearbook", "--by=ann"], "Missing option '--reason'"),
    (["list", "--sort", "beauty"], "'beauty' is not one of 'title', "),
    (["list", "--needs-look", "--sort", "due"], "--needs-look has an order of its own"),
    (["code"], "give either ID VERSION --stage, or --next, or --agreement"),
    (["code", "--next", "--agreement"], "give either ID VERSION --stage, or --next, or --agreement"),
    (["code", "--next"], "Missing option '--by'"),
    (["code", "research-mou", "2", "--by=ann"], "a judgement needs ID, VERSION and --stage"),
    (["verify", "--sources", "nowhere"], "Directory 'nowhere' does not exist"),
    (["add", "source", "title", "--by=ann"], "expected FIELD=VALUE, got 'title'"),
    (["sql"], "give a query, - for standard input, or -f FILE"),
    (["sql", "select 1", "--output", "x.txt"], "--output goes with --format csv, json, parquet or xlsx"),
    (["init", "--empty", "--from", "x.yaml"], "--from and --empty exclude each other"),
    (["--store", "postgresql://host/db", "list"], "a store is a folder, not an address"),
    (["dashboard", "--port", "99999"], "99999 is not in the range"),
]


def test_a_wrong_command_line_is_told_where_its_help_is(tracker_command):
    for line in tracker_command.all_refused(2, WRONG_LINES):
        assert ". See: tracker " in line
        assert line.endswith(" --help")


NOT_WHAT_THEY_SAY = [
    ("nowhere.yaml", None, "There is no file "),
    ("notes.txt", b"hello", "is neither a facts file (.yaml) nor an exported data set (.parquet)"),
    ("picture.yaml", b"\x89PNG\r\n\x1a\n\x00", "is not YAML"),
    ("broken.yaml", b"a: [1", "is not YAML"),
    ("list.yaml", b"- 1", "is not a facts file"),
    ("picture.parquet", b"\x89PNG\r\n\x1a\n\x00", "is not a data set exported by the tracker"),
    ("short.parquet", b"PAR1", "is not a data set exported by the tracker"),
    ("empty.parquet", b"", "is not a data set exported by the tracker"),
]


def test_a_file_that_is_not_what_its_name_says_is_refused(tracker_command, tmp_path):
    for name, content, _ in NOT_WHAT_THEY_SAY:
        if content is not None:
            (tmp_path / name).write_bytes(content)
    files = [(str(tmp_path / name), said) for name, _, said in NOT_WHAT_THEY_SAY]
    tracker_command.all_refused(1, [(["import", path], said) for path, said in files])
    fresh = Command(tmp_path / "fresh", tmp_path)
    fresh.all_refused(1, [(["init", "--from", path], said) for path, said in files])
    assert not fresh.store.exists()


FAULTS = [
    ("cadence: none", "rhythm: none", "cadence is missing"),
    ("  due: null", "  due: null\n  colour: red", "nothing is known about colour"),
    (
        "status_after: signed",
        "status_after: recurring",
        "stage is not a stage of this kind (legal-instrument)",
    ),
    ("letter: B, why: Good", "letter: Z, why: Good", "reliability is not one of "),
    ("date: '2024-03-04'", "date: '2024-02-30'", "dated is not a date: write "),
    ("due: '2026-01-01'", "due: soon", "due is not a date: write "),
]


def test_a_facts_file_with_a_fault_is_refused_whole(tracker_command, facts_file, tmp_path):
    text = facts_file.read_text()
    cases = []
    for number, (old, new, said) in enumerate(FAULTS):
        assert old in text
        bad = tmp_path / f"{number}.yaml"
        bad.write_text(text.replace(old, new))
        cases.append((["import", str(bad)], said))
    for line in tracker_command.all_refused(1, cases):
        assert line.startswith("In ")


def test_a_file_that_breaks_the_rules_of_the_ledger_leaves_no_store_behind(facts_file, tmp_path):
    fresh = Command(tmp_path / "fresh", tmp_path)
    bad = tmp_path / "bad.yaml"
    bad.write_text(facts_file.read_text().replace("agreement_id: partnership-2024", "agreement_id: nowhere"))
    assert "agreement that is not on record: nowhere" in fresh.refused(1, "init", "--from", str(bad))
    assert fresh.files() == {}
    fresh("init", "--from", str(facts_file))


def test_a_parquet_file_of_somebody_else_is_refused(tracker_command, tmp_path):
    path = tmp_path / "other.parquet"
    duckdb.sql("select 1 as id").write_parquet(str(path))
    assert "is not a data set exported by the tracker" in tracker_command.refused(1, "import", str(path))


def test_what_cannot_be_written_is_named(tracker_command, tmp_path):
    missing = tmp_path / "no" / "x.parquet"
    line = tracker_command.refused(5, "export", str(missing))
    assert line == f"The file {missing} cannot be written: No such file or directory"
    line = tracker_command.refused(5, "sql", "select 1", "--format", "csv", "--output", str(missing))
    assert line == f"The file {missing} cannot be written: No such file or directory"
    with open("/dev/full", "wb") as full:
        process = tracker_command.start("list", stdout=full, stderr=subprocess.PIPE)
        assert process.stderr.read() == b"tracker: The system said no: No space left on device.\n"
        process.stderr.close()
        assert process.wait() == 5


def test_somebody_else_was_first(tracker_command):
    tracker_command("update", "research-mou", *options(UPDATE | {"by": "bea", "stage": "in-negotiation"}))
    line = tracker_command.refused(3, "update", "research-mou", *options(UPDATE), "--expect-version", "2")
    assert "research-mou is at version 3, you had seen 2" in line
    assert "version 3 by bea, status recorded in-negotiation" in line
    line = tracker_command.refused(
        3, "revise", "commitment", "research-mou", "due=2027", "--by=ann", "--expect-version", "2"
    )
    assert "version 3 by bea" in line
    tracker_command("update", "research-mou", *options(UPDATE), "--expect-version", "3")


def test_who_revises_another_field_may_keep_both(tracker_command):
    revise = ("revise", "commitment", "research-mou", "--expect-version", "2")
    tracker_command(*revise, "due=2027", "pillar=Science", "--by=bea")
    line = tracker_command.refused(3, *revise, "title=A memorandum", "--by=ann")
    assert "version 3 by bea, revised pillar, due" in line
    line = tracker_command.refused(3, *revise, "due=2028", "title=A memorandum", "--by=ann", "--merge")
    assert "version 3 by bea, revised pillar, due. Both of you changed: due." in line
    told = (*revise, "title=A memorandum", "--by=ann", "--merge")
    assert tracker_command(*told, "--dry-run").startswith("nothing would move")
    assert tracker_command(*told) == "commitment research-mou: version 4\n"
    sheet = tracker_command.json("show", "research-mou")
    assert (sheet["due"], sheet["pillar"], sheet["title"]) == ("2027", "Science", "A memorandum")


def test_two_stores_that_went_apart_are_not_mixed(tracker_command, facts_file, tmp_path):
    other = Command(tmp_path / "other", tmp_path)
    other("init", "--from", str(facts_file), "--by", "somebody")
    other("export", str(tmp_path / "other.parquet"))
    line = tracker_command.refused(4, "import", str(tmp_path / "other.parquet"))
    assert "does not continue the ledger" in line


def test_one_changed_byte_in_the_ledger_is_found(tracker_command):
    assert "the ledger holds" in tracker_command("verify")
    with duckdb.connect(str(tracker_command.store / "ledger.duckdb")) as con:
        con.execute("UPDATE ledger SET payload = replace(payload, 'signed', 'sighed') WHERE seq = 20")
        con.execute("UPDATE ledger SET payload = replace(payload, 'Promised', 'Promiser') WHERE seq > 20")
    line = tracker_command.refused(4, "verify", publishes=True)
    assert "The ledger does not hold: entry " in line


def test_a_changed_table_is_found(tracker_command):
    with duckdb.connect(str(tracker_command.store / "ledger.duckdb")) as con:
        con.execute("UPDATE events SET note = 'Never.' WHERE commitment_id = 'research-mou'")
    line = tracker_command.refused(4, "verify", publishes=True)
    assert line == "events does not follow from the ledger."


def test_a_store_that_is_being_written_to_is_busy_and_can_be_read(tracker_command):
    with (tracker_command.store / "store.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        line = tracker_command.refused(
            5, "update", "research-mou", *options(UPDATE), env={"TRACKER_LOCK_SECONDS": "0.2"}
        )
        assert "Somebody else is writing to the store" in line
        assert len(tracker_command.json("list")) == 4
    tracker_command("update", "research-mou", *options(UPDATE))


def _without_privileges() -> None:
    """Root, too, is bound by the permissions of files once it gives this up."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def test_a_store_that_may_only_be_read_can_be_read(tracker_command):
    tracker_command.store.chmod(0o555)
    try:
        bound = {"preexec_fn": _without_privileges}
        line = tracker_command.refused(5, "update", "research-mou", *options(UPDATE), **bound)
        assert "cannot be written to" in line
        assert "research-mou" in tracker_command("list", **bound)
        assert "research-mou" in tracker_command("sql", "select id from commitments", **bound)
    finally:
        tracker_command.store.chmod(0o755)


def test_a_file_instead_of_a_folder_is_named(tmp_path):
    (tmp_path / "store").write_text("no")
    line = Command(tmp_path / "store", tmp_path).refused(5, "list")
    assert line == f"{tmp_path / 'store'} is not a folder. Name a folder for the store with --store."


def spoil(path):
    """Put something else in a file, at the time at which it was changed last."""
    stamp = path.stat()
    path.chmod(0o644)
    path.write_bytes(b"\0" * 5000)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


def test_a_damaged_ledger_is_named_and_left_alone(tracker_command):
    path = tracker_command.store / "ledger.duckdb"
    spoil(path)
    line = tracker_command.refused(5, "update", "research-mou", *options(UPDATE))
    assert line.startswith(f"The file {path} is damaged and was left as it is: ")


def test_a_damaged_copy_is_published_anew(tracker_command):
    before = tracker_command("list")
    spoil(tracker_command.store / "commitments.duckdb")
    assert tracker_command("list") == before
    assert "the ledger holds" in tracker_command("verify")


def test_a_store_of_a_later_version_is_left_alone(tracker_command):
    published = tracker_command.store / "commitments.duckdb"
    with duckdb.connect(str(tracker_command.store / "ledger.duckdb")) as con:
        con.execute("INSERT INTO schema_migrations VALUES (999, 'later', TIMESTAMP '2030-01-01')")
    published.unlink()
    shutil.copyfile(tracker_command.store / "ledger.duckdb", published)
    line = tracker_command.refused(5, "list")
    assert "schema 999" in line
    assert "Upgrade the tracker" in line
