import datetime as dt

import make
import pytest

from tracker.errors import Invalid
from tracker.models import Agreement, Check, Coding, Commitment, Dataset, Dispute, Source, StatusEvent
from tracker.terms import Credibility, Kind, Reliability


def problems(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(p.field, p.code) for p in refused.value.problems]


CITED = {"source_id": "gazette", "credibility": 1}
SUM = "0A" * 32
MODELS = [Agreement, Check, Coding, Commitment, Dataset, Dispute, Source, StatusEvent]


@pytest.mark.parametrize(
    ("thing", "fields", "field", "code"),
    [
        (make.source, {"url": "javascript:alert(1)"}, "url", "url"),
        (make.source, {"url": "ftp://example.org/file"}, "url", "url"),
        (make.source, {"url": "data:text/html,hello"}, "url", "url"),
        (make.source, {"url": "//example.org"}, "url", "url"),
        (make.source, {"url": "https://exa mple.org"}, "url", "url"),
        (make.source, {"url": "ht\ntps://example.org"}, "url", "control_character"),
        (make.source, {"url": "https://example.org/" + "a" * 2000}, "url", "string_too_long"),
        (make.source, {"reliability": "G"}, "reliability", "enum"),
        (make.source, {"reliability": "a"}, "reliability", "enum"),
        (make.source, {"kind": "rumour"}, "kind", "enum"),
        (make.source, {"language": "English"}, "language", "language"),
        (make.source, {"title": "\x1b[2J"}, "title", "control_character"),
        (make.source, {"title": "two\nlines"}, "title", "control_character"),
        (make.source, {"title": "a" * 501}, "title", "string_too_long"),
        (make.source, {"published": "yesterday"}, "published", "edtf"),
        (make.source, {"stars": 5}, "stars", "extra_forbidden"),
        (make.source, {"origin": ""}, "origin", "string_too_short"),
        (make.source, {"speaks_for": ["Arvania", ""]}, "speaks_for.1", "string_too_short"),
        (make.source, {"because": "a\x00b"}, "because", "control_character"),
        (make.agreement, {"parties": []}, "parties", "too_short"),
        (make.agreement, {"source_ids": ["gazette", "gazette"]}, "source_ids", "duplicate"),
        (make.commitment, {"kind": "wish"}, "kind", "enum"),
        (make.commitment, {"source_ids": []}, "source_ids", "too_short"),
        (make.commitment, {"due": "2026-05/2026-02"}, "due", "end_before_start"),
        (make.commitment, {"due": "9999"}, "due", "edtf"),
        (make.commitment, {"cadence": "yearly"}, "cadence", "duration"),
        (make.commitment, {"cadence": "PT1H"}, "cadence", "duration"),
        (make.commitment, {"lapses_after": "P0D"}, "lapses_after", "duration"),
        (make.commitment, {"pledge": " "}, "pledge", "string_too_short"),
        (
            make.commitment,
            {"parties": [{"name": "A", "bodies": [""]}]},
            "parties.0.bodies.0",
            "string_too_short",
        ),
        (make.commitment, {"milestones": [{"name": "a", "expected": "2026"}]}, "milestones.0", "basis"),
        (make.event, {"note": ""}, "note", "string_too_short"),
        (make.event, {"note": " \n\t "}, "note", "string_too_short"),
        (make.event, {"note": "a\x00b"}, "note", "control_character"),
        (make.event, {"note": "a\u009bb"}, "note", "control_character"),
        (make.event, {"note": "a" * 10_001}, "note", "string_too_long"),
        (make.event, {"note": "\ud800"}, "note", "string_unicode"),
        (make.event, {"evidence": []}, "evidence", "too_short"),
        (make.event, {"happened_on": "2026-02-30"}, "happened_on", "edtf"),
        (make.event, {"happened_on": "2026/2025"}, "happened_on", "end_before_start"),
        (make.event, {"stage": "nearly"}, "stage", "enum"),
        (make.event, {"supersedes": 2}, "", "because"),
        (make.event, {"because": "It was wrong."}, "", "because"),
        (make.event, {"supersedes": 0, "because": "It was wrong."}, "supersedes", "greater_than_equal"),
        (make.event, {"party": " "}, "party", "string_too_short"),
        (make.event, {"evidence": [CITED | {"prefix": "and then"}]}, "evidence.0", "no_quote"),
        (make.event, {"evidence": [CITED | {"archive_sha256": "0" * 64}]}, "evidence.0", "no_quote"),
        (
            make.event,
            {"evidence": [CITED | {"quote": "Signed.", "archive_sha256": "0" * 63}]},
            "evidence.0.archive_sha256",
            "string_pattern_mismatch",
        ),
        (make.event, {"evidence": [CITED | {"bearing": "contradicts"}]}, "evidence", "no_support"),
        (make.check, {"places": []}, "places", "too_short"),
        (make.check, {"commitment_ids": ["a", "a"]}, "commitment_ids", "duplicate"),
        (make.check, {"checked_on": "2025-05"}, "checked_on", "date_from_datetime_parsing"),
        (make.dispute, {"sides": []}, "sides", "too_short"),
        (make.dispute, {"settled": True}, "", "settled"),
        (make.dispute, {"settled": True, "holds": "Then"}, "", "settled"),
    ],
)
def test_a_wrong_field_is_named_with_its_fault(thing, fields, field, code):
    with pytest.raises(Invalid) as refused:
        thing(**fields)
    assert problems(refused) == [(field, code)]


@pytest.mark.parametrize("grade", [0, 7, -1, "A"])
def test_a_credibility_off_the_scale_is_refused(grade):
    with pytest.raises(Invalid) as refused:
        make.event(evidence=[{"source_id": "gazette", "credibility": grade}])
    assert problems(refused) == [("evidence.0.credibility", "enum")]


@pytest.mark.parametrize(
    "name", ["", "Treaty", "a b", "a_b", "a\nb", "-a", "../a", "é", "a" * 101, "'; DROP--"]
)
def test_an_identifier_is_lower_case_letters_digits_and_hyphens(name):
    with pytest.raises(Invalid) as refused:
        make.commitment(name)
    assert [p.field for p in refused.value.problems] == ["id"]


def test_an_event_cites_each_source_once():
    with pytest.raises(Invalid) as refused:
        make.event("signed", "2024-05-01", "gazette", "gazette")
    assert problems(refused) == [("evidence", "duplicate")]


def test_all_wrong_fields_are_named_at_once():
    with pytest.raises(Invalid) as refused:
        make.source(reliability="Z", url="ftp://example.org", title="")
    assert sorted(p.field for p in refused.value.problems) == ["reliability", "title", "url"]


def test_text_is_kept_in_composed_form_without_outer_space():
    source = make.source(title="  Traite\u0301 ", note="\u1100\u1161")
    assert (source.title, source.note) == ("Traité", "가")


def test_a_paragraph_keeps_its_line_breaks():
    assert make.event(note="One.\n\nTwo.").note == "One.\n\nTwo."


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a?b=%EA%B5%AD&c=d#e",
        "http://gazette.example/traité",
        "HTTPS://Example.org",
        "https://국방부.example/",
        "https://example.org/" + "a" * 1900,
    ],
)
def test_an_address_is_kept_as_its_source_gave_it(url):
    assert make.source(url=url).url == url


@pytest.mark.parametrize(
    "thing",
    [
        make.source(published=None, url=None),
        make.agreement(dated="1998-05"),
        make.commitment(due="2026-21", cadence="P1Y", milestones=[{"name": "Signature", "reached": "2025"}]),
        make.check(languages=["ko", "fr-CA"]),
        make.dispute(settled=True, holds="Then", why="It says so"),
        make.event("signed", "2024-05~"),
        make.source(origin="Agency", speaks_for=["Arvania"], because="It quotes them."),
        make.commitment(lapses_after="P18M", because="The minutes say so."),
        make.event(party="Arvania", supersedes=2, because="It was the other side."),
        make.event(evidence=[CITED | {"quote": "a", "prefix": " b", "suffix": "c ", "archive_sha256": SUM}]),
    ],
)
def test_what_was_written_down_reads_back_as_the_same_thing(thing):
    assert type(thing).parse(thing.model_dump(mode="json")) == thing


def test_a_digest_in_capitals_is_the_same_digest():
    told = make.event(evidence=[CITED | {"quote": "a", "archive_sha256": SUM}])
    assert told.evidence[0].archive_sha256 == "0a" * 32


@pytest.mark.parametrize("model", MODELS)
def test_nothing_at_all_is_refused_with_every_required_field(model):
    with pytest.raises(Invalid) as refused:
        model.parse({})
    assert {p.code for p in refused.value.problems} == {"missing"}


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_what_is_not_a_mapping_is_refused(data):
    with pytest.raises(Invalid):
        Source.parse(data)


def test_an_event_must_use_a_stage_of_the_kind():
    make.event("in-force").belongs_to(Kind.LEGAL_INSTRUMENT)
    with pytest.raises(Invalid) as refused:
        make.event("in-force").belongs_to(Kind.MOU)
    assert problems(refused) == [("stage", "stage_of_other_kind")]
    assert "signed" in str(refused.value.problems[0].facts["stages"])


def test_things_cannot_be_changed_in_place_and_compare_by_value():
    one = make.source()
    with pytest.raises(ValueError, match="frozen"):
        one.title = "Another"
    assert one == make.source()
    assert one != make.source(title="Another")


def test_grades_are_those_of_the_admiralty_scale():
    assert [r.value for r in Reliability] == list("ABCDEF")
    assert [c.value for c in Credibility] == [1, 2, 3, 4, 5, 6]


def test_a_date_of_a_thing_knows_its_bounds():
    assert make.commitment(due="2026-02").due.latest == dt.date(2026, 2, 28)


@pytest.mark.parametrize(
    ("thing", "later"),
    [
        (make.source(), {"origin", "speaks_for", "because"}),
        (make.commitment(), {"lapses_after", "translations", "because"}),
        (make.agreement(), {"translations", "because"}),
        (make.event(), {"party", "supersedes", "because"}),
        (make.event().evidence[0], {"prefix", "suffix", "archive_sha256"}),
        (make.dispute().sides[0], {"holds"}),
    ],
)
def test_a_field_of_a_later_edition_leaves_no_trace_while_it_is_unset(thing, later):
    """Lines of older ledgers stay what they were, letter for letter."""
    assert later <= set(type(thing).model_fields)
    assert set(thing.model_dump(mode="json")) == set(type(thing).model_fields) - later - {"entity"}
