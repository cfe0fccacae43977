import datetime as dt

import make
import pytest
import yaml

from tracker import facts, queries
from tracker.clocks import At
from tracker.errors import BadFile, Invalid
from tracker.tracker import Tracker


@pytest.fixture
def changed(facts_file, tmp_path):
    """Write the facts file with changes, and give back its path."""

    def change(edit):
        data = yaml.safe_load(facts_file.read_text(encoding="utf-8"))
        edit(data)
        path = tmp_path / "facts.yaml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        return path

    return change


COUNTS = {
    "datasets": 1,
    "sources": 6,
    "agreements": 2,
    "commitments": 4,
    "headline": 2,
    "milestones": 3,
    "open_questions": 3,
    "conflicts": 1,
    "assessments": 4,
    "events": 8,
    "evidence": 10,
    "disputes": 2,
    "translations": 0,
}


def test_everything_in_the_file_is_counted(facts_file):
    assert facts.read(facts_file).counts == COUNTS


def test_as_much_is_stored_as_was_read(library, facts_file):
    assert library.stored(facts.read(facts_file)) == COUNTS
    counts = library.info()["counts"]
    assert {name: counts[name] for name in ("sources", "agreements", "commitments", "milestones")} == {
        "sources": 6,
        "agreements": 2,
        "commitments": 4,
        "milestones": 3,
    }
    assert (counts["history"], counts["evidence"], counts["disputes"]) == (8, 10, 2)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT happened_on FROM history WHERE stage = 'precursor'", "2022"),
        ("SELECT happened_on FROM history WHERE stage = 'signed'", "2025-02"),
        ("SELECT happened_latest FROM history WHERE stage = 'signed'", dt.date(2025, 2, 28)),
        ("SELECT published FROM sources WHERE id = 'treaty-gazette'", "2025-02"),
        ("SELECT published_earliest FROM sources WHERE id = 'treaty-gazette'", dt.date(2025, 2, 1)),
        ("SELECT published FROM sources WHERE id = 'yearbook'", "2023"),
        ("SELECT published FROM sources WHERE id = 'treaty-blog'", None),
        ("SELECT dated FROM agreements WHERE id = 'older-letters'", "1998-05"),
        ("SELECT dated_latest FROM agreements WHERE id = 'older-letters'", dt.date(1998, 5, 31)),
        ("SELECT due FROM commitments WHERE id = 'secrets-treaty'", "2026"),
        ("SELECT due_latest FROM commitments WHERE id = 'research-mou'", dt.date(2024, 12, 31)),
        ("SELECT expected FROM milestones WHERE name = 'Second edition'", "2025-11"),
        ("SELECT reached FROM milestones WHERE name = 'First edition'", "2024-11-19"),
        ("SELECT reached_earliest FROM milestones WHERE name = 'First edition'", dt.date(2024, 11, 19)),
        ("SELECT assessment.since FROM definitions WHERE commitment_id = 'secrets-treaty'", "2025-02"),
        ("SELECT assessment.confidence FROM definitions WHERE commitment_id = 'joint-forum'", "moderate"),
        ("SELECT cadence FROM commitments WHERE id = 'joint-forum'", "P1Y"),
        ("SELECT cadence FROM commitments WHERE id = 'patrol-ships'", "P2Y"),
        ("SELECT cadence FROM commitments WHERE id = 'research-mou'", None),
        ("SELECT cadence_note FROM definitions WHERE commitment_id = 'research-mou'", "none"),
        (
            "SELECT parties_basis FROM definitions WHERE commitment_id = 'joint-forum'",
            "inferred from mandate",
        ),
        ("SELECT related_source_ids FROM definitions WHERE commitment_id = 'joint-forum'", ["yearbook"]),
        ("SELECT parties[2].bodies[1] FROM commitments WHERE id = 'joint-forum'", "국방부"),
        ("SELECT settled FROM disputes WHERE id = 'day-of-signing'", True),
        ("SELECT settled FROM disputes WHERE id = 'who-hosts'", False),
        ("SELECT evidence_horizon[1].dense_until FROM datasets", dt.date(2025, 4, 30)),
        ("SELECT title_is_descriptive FROM sources WHERE id = 'treaty-blog'", True),
    ],
)
def test_every_key_finds_its_place(library, query, expected):
    with library.store.reading() as con:
        assert con.execute(query).fetchall() == [(expected,)]


@pytest.mark.parametrize(
    ("commitment_id", "expected"),
    [
        # One edition held, and the dispute is open: confidence is one lower than the grades say.
        ("joint-forum", ("inaugural-held", "in-progress", "upcoming", "moderate", True, "inaugural-held")),
        ("secrets-treaty", ("signed", "in-progress", "upcoming", "high", True, "signed")),
        ("research-mou", ("pledged", "pledged", "unknown", "moderate", False, "pledged")),
        # That the order went elsewhere is told by one fair source, and no official; it proves no act.
        ("patrol-ships", ("pledged", "pledged", "no-date", "moderate", False, "pledged")),
    ],
)
def test_the_rules_judge_what_was_read(library, commitment_id, expected):
    row = library.commitment(commitment_id, as_of=dt.date(2025, 6, 1))
    columns = ("stage", "status", "schedule", "confidence", "disputed", "official_stage")
    assert tuple(row[c] for c in columns) == expected


def test_what_the_file_tells_beyond_its_evidence_is_kept_as_a_claim(library):
    with library.store.reading() as con:
        assert queries.claims(con, ["joint-forum", "patrol-ships"], At(dt.date(2025, 6, 1))) == {
            "patrol-ships": "redirected"
        }
        found = con.execute(
            "SELECT stage, supported FROM findings JOIN events USING (commitment_id, version)"
        )
        assert [stage for stage, supported in found.fetchall() if not supported] == ["redirected"]


def test_a_verdict_of_the_compiler_that_differs_from_the_last_event_is_named(facts_file):
    assert facts.read(facts_file).differing() == [("patrol-ships", "pledged", "redirected")]


def unknown_key(data):
    data["commitments"][0]["colour"] = "blue"


def unknown_key_deep(data):
    data["sources"][2]["reliability"]["stars"] = 4


def unknown_key_of_event(data):
    data["commitments"][1]["history"][0]["weather"] = "fair"


def unknown_key_of_meta(data):
    data["meta"]["mood"] = "good"


def unknown_key_of_a_word(data):
    data["meta"]["status_vocabulary"][1]["meening"] = "signed by both"


def unknown_section(data):
    data["rumours"] = []


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (unknown_key, "colour"),
        (unknown_key_deep, "stars"),
        (unknown_key_of_event, "weather"),
        (unknown_key_of_meta, "mood"),
        (unknown_key_of_a_word, "meening"),
        (unknown_section, "rumours"),
    ],
)
def test_a_key_that_nobody_knows_is_refused_by_name(changed, edit, key):
    with pytest.raises(BadFile) as refused:
        facts.read(changed(edit))
    assert (refused.value.code, refused.value.facts["keys"]) == ("unknown-keys", key)


def setting(*place, value):
    """An edit that sets one value of the file."""

    def edit(data):
        for step in place[:-1]:
            data = data[step]
        data[place[-1]] = value

    return edit


def dropping(*place):
    def edit(data):
        for step in place[:-1]:
            data = data[step]
        del data[place[-1]]

    return edit


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (setting("commitments", 0, "history", 1, "status_after", value="nearly-done"), "invalid-value"),
        (setting("commitments", 0, "history", 1, "status_after", value="in-force"), "invalid-value"),
        (setting("meta", "status_vocabulary", 1, "status", value="sealed"), "unknown-stage"),
        (setting("meta", "status_vocabulary", 1, "kinds", value=["forum"]), "unknown-stage"),
        (setting("meta", "status_vocabulary", 1, "kinds", value=["wish"]), "unknown-stage"),
        (setting("commitments", 0, "kind", value="wish"), "invalid-value"),
        (setting("commitments", 0, "history", 1, "credibility", value=7), "invalid-value"),
        (setting("sources", 0, "reliability", "letter", value="G"), "invalid-value"),
        (setting("sources", 0, "url", value="javascript:alert(1)"), "invalid-value"),
        (setting("sources", 0, "published", value="2025-02-30"), "invalid-value"),
        (setting("sources", 0, "published_precision", value="decade"), "unknown-precision"),
        (setting("commitments", 0, "current_status", "confidence", value="total"), "invalid-value"),
        (setting("commitments", 0, "cadence", value=None), "invalid-value"),
        (setting("commitments", 0, "responsible", value="everybody"), "not-a-mapping"),
        (setting("commitments", 0, "milestones", value=["one"]), "not-a-mapping"),
        (setting("commitments", 0, "milestones", value=None), "invalid-value"),
        (setting("commitments", 0, value="a string"), "not-a-mapping"),
        (setting("commitments", value="a string"), "not-facts"),
        (setting("contradictions", 0, "holds", value=None), "invalid-value"),
        (setting("contradictions", 0, "sides", value=["ab"]), "not-a-mapping"),
        (setting("contradictions", 0, "sides", value=[3]), "not-a-mapping"),
        (setting("contradictions", 0, "sides", 0, "position", value=7), "invalid-value"),
        # A pattern that looks for whose words it passes on would look for days.
        (setting("sources", 0, "publisher", value="(citing " * 100_000), "invalid-value"),
        (setting("sources", 0, "title", value="t" * 501), "invalid-value"),
        (setting("meta", "status_vocabulary", value=["signed"]), "not-a-mapping"),
        (setting("meta", "headline_ids", value="joint-forum"), "invalid-value"),
        (dropping("sources", 0, "title"), "missing-key"),
        (dropping("commitments", 0, "current_status", "note"), "missing-key"),
        (dropping("meta", "subject"), "missing-key"),
        (dropping("agreements"), "not-facts"),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(changed, edit, code):
    with pytest.raises(BadFile) as refused:
        facts.read(changed(edit))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00garbage", "not-yaml"),
        (b"a: [", "not-yaml"),
        (b"a: 2025-02-30", "not-yaml"),
        (b"[" * 100_000, "yaml-depth"),
        (b"a: &one [1]\nb: *one\n", "yaml-alias"),
        (b"a: {1: x, 2025-01-01: y}", "not-yaml"),
        (b"a: !!binary aGVsbG8=", "not-yaml"),
        (b"a: !!set {b}", "not-yaml"),
        (b"a: .nan", "not-yaml"),
        (b"", "not-facts"),
        (b"just a line", "not-facts"),
        (b"- a\n- b\n", "not-facts"),
        (b"!!python/object/apply:os.system ['true']", "not-yaml"),
    ],
)
def test_what_is_no_facts_file_is_refused(tmp_path, content, code):
    path = tmp_path / "facts.yaml"
    path.write_bytes(content)
    with pytest.raises(BadFile) as refused:
        facts.read(path)
    assert refused.value.code == code


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadFile) as refused:
        facts.read(tmp_path / "nothing.yaml")
    assert refused.value.code == "unreadable"


def test_what_somebody_else_recorded_is_not_counted_as_stored_from_the_file(filled, facts_file, changed):
    filled.record(make.event("recurring", "2025-05", "yearbook", commitment_id="joint-forum"), by="ann")
    assert filled.stored(facts.read(facts_file)) == COUNTS
    differs = facts.read(changed(setting("commitments", 0, "history", 1, "event", value="Told otherwise.")))
    stored = filled.stored(differs)
    lost = len(differs.events[1].evidence)
    assert (stored["events"], stored["evidence"]) == (7, 10 - lost)


def test_headline_ids_and_flags_that_differ_are_refused(changed):
    for ids, named in ((["joint-forum"], "secrets-treaty"), (["joint-forum", "secrets-treaty", "x"], "x")):
        with pytest.raises(BadFile) as refused:
            facts.read(changed(setting("meta", "headline_ids", value=ids)))
        assert (refused.value.code, refused.value.facts["ids"]) == ("headline-differs", named)
    assert facts.read(changed(dropping("meta", "headline_ids"))).counts == COUNTS


def test_a_key_that_is_there_twice_is_refused_with_its_line(facts_file, tmp_path):
    lines = facts_file.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if line.startswith("  publisher: "))
    path = tmp_path / "facts.yaml"
    path.write_text("".join([*lines[: place + 1], "  publisher: Another\n", *lines[place + 1 :]]))
    with pytest.raises(BadFile) as refused:
        facts.read(path)
    assert refused.value.code == "duplicate-key"
    assert (refused.value.facts["key"], refused.value.facts["line"]) == ("publisher", place + 2)


def test_importing_twice_adds_nothing(filled, facts_file):
    before = filled.info()["head_hash"]
    assert filled.import_facts(facts.read(facts_file), by="compiler").entries == 0
    assert filled.info()["head_hash"] == before


def test_importing_a_changed_file_writes_only_what_changed(filled, changed):
    def edit(data):
        data["sources"][3]["reliability"]["letter"] = "F"
        data["commitments"][2]["pledged"] = "Sign a memorandum on joint research."
        data["commitments"][2]["history"].append(
            {
                "date": "2025-05-01",
                "event": "Talks began.",
                "status_after": "in-negotiation",
                "source_ids": ["yearbook"],
                "credibility": 2,
            }
        )

    before = filled.info()["counts"]["ledger"]
    assert filled.import_facts(facts.read(changed(edit)), by="compiler").entries == 3
    with filled.store.reading() as con:
        written = con.execute(
            "SELECT entity, entity_id, kind, version FROM ledger WHERE seq > ? ORDER BY seq", [before]
        ).fetchall()
    assert written == [
        ("source", "treaty-blog", "revise", 2),
        ("commitment", "research-mou", "revise", 3),
        ("commitment", "research-mou", "event", 4),
    ]
    assert filled.commitment("research-mou")["stage"] == "in-negotiation"


def test_a_file_that_refers_to_nothing_changes_nothing(store, changed):
    read = facts.read(changed(setting("commitments", 3, "history", 1, "source_ids", value=["nowhere"])))
    with pytest.raises(Invalid):
        Tracker(store).import_facts(read, by="compiler")
    assert Tracker(store).info()["counts"]["ledger"] == 0
