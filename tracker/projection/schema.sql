-- What follows from the ledger: typed tables, and the views and macros that readers use. No
-- migration alters these; they are dropped and made anew from the ledger.
-- Days are calendar days, times are UTC without zone. Open ends are 9999-12-31. Tables whose
-- rows carry known_from and known_to keep every version; the view of the plain name shows
-- what is known now, the macro …_known(known_at) what was known at a moment.

CREATE MACRO plain(words) AS trim(regexp_replace(regexp_replace(
    replace(replace(replace(replace(replace(
        lower(strip_accents(nfc_normalize(
            CASE WHEN regexp_matches(words, '[\x{FF10}-\x{FF5A}]') THEN translate(words,
                '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
                '0123456789abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz')
            ELSE words END))),
        'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'ﬁ', 'fi'), 'ﬂ', 'fl'),
    '[^\pL\pM\pN\x1F]+', ' ', 'g'), ' ?([가-힣ㄱ-ㆎ]) ?', '\1', 'g'));
COMMENT ON MACRO plain IS 'A text as one searches for it: without case, accents, punctuation, spaces around Hangul and ways of composing it';

CREATE TABLE lifecycle (
    kind VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    stage VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    proof VARCHAR NOT NULL,
    reason VARCHAR,
    requirement VARCHAR NOT NULL
);
COMMENT ON TABLE lifecycle IS 'The ordered stages of every kind, the status each maps to, and what proves it';
COMMENT ON COLUMN lifecycle.kind IS 'Kind of commitment';
COMMENT ON COLUMN lifecycle.ordinal IS 'Place of the stage in the lifecycle, from 0';
COMMENT ON COLUMN lifecycle.stage IS 'How far a commitment is';
COMMENT ON COLUMN lifecycle.status IS 'The comparable word for it';
COMMENT ON COLUMN lifecycle.proof IS 'Evidence that proves the stage';
COMMENT ON COLUMN lifecycle.reason IS 'Why this status or place, where it could be argued';
COMMENT ON COLUMN lifecycle.requirement IS 'Rule by which evidence is held against it: report, word, act, both, result or effect';

CREATE TABLE ceilings (
    kind VARCHAR NOT NULL,
    reliability VARCHAR NOT NULL,
    credibility INTEGER NOT NULL,
    proves VARCHAR NOT NULL
);
COMMENT ON TABLE ceilings IS 'What a source of each kind proves alone, by both Admiralty grades';
COMMENT ON COLUMN ceilings.kind IS 'Kind of source';
COMMENT ON COLUMN ceilings.reliability IS 'Reliability of the source, A to F';
COMMENT ON COLUMN ceilings.credibility IS 'Credibility of what it says, 1 to 6';
COMMENT ON COLUMN ceilings.proves IS 'report: that it is said; word: that it was promised or begun; act: that it was done in public; effect: that it has effect or exists';

CREATE TABLE dates (
    edtf VARCHAR NOT NULL,
    earliest DATE NOT NULL,
    latest DATE NOT NULL
);
COMMENT ON TABLE dates IS 'How every date text on record is read';
COMMENT ON COLUMN dates.edtf IS 'The date in EDTF (ISO 8601-2)';
COMMENT ON COLUMN dates.earliest IS 'First day it can mean';
COMMENT ON COLUMN dates.latest IS 'Last day it can mean';

CREATE TABLE dataset_versions (
    id VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    as_of DATE NOT NULL,
    compiled_from VARCHAR NOT NULL,
    text_limits VARCHAR NOT NULL,
    evidence_horizon STRUCT(corpus VARCHAR, dense_until DATE, remark VARCHAR)[] NOT NULL,
    date_rule VARCHAR,
    milestone_rule VARCHAR,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL
);
COMMENT ON TABLE dataset_versions IS 'Every version of: what the set of pledges is about, and where its evidence ends';
COMMENT ON COLUMN dataset_versions.id IS 'Identifier';
COMMENT ON COLUMN dataset_versions.subject IS 'What the pledges are about';
COMMENT ON COLUMN dataset_versions.as_of IS 'Day on which it was compiled';
COMMENT ON COLUMN dataset_versions.compiled_from IS 'Material it was compiled from';
COMMENT ON COLUMN dataset_versions.text_limits IS 'Which texts could not be read in full';
COMMENT ON COLUMN dataset_versions.evidence_horizon IS 'How far each body of material was searched';
COMMENT ON COLUMN dataset_versions.date_rule IS 'How its dates were written';
COMMENT ON COLUMN dataset_versions.milestone_rule IS 'How its expected dates were found';
COMMENT ON COLUMN dataset_versions.version IS 'Version';
COMMENT ON COLUMN dataset_versions.recorded_at IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN dataset_versions.recorded_by IS 'Who recorded it';
COMMENT ON COLUMN dataset_versions.known_from IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN dataset_versions.known_to IS 'When the next one replaced it (UTC)';

CREATE MACRO datasets_known(known_at) AS TABLE
SELECT * EXCLUDE (known_from, known_to) FROM dataset_versions
WHERE known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < known_to;
COMMENT ON MACRO TABLE datasets_known IS 'What the set of pledges is about, and where its evidence ends, by what was known at a moment (UTC)';

CREATE VIEW datasets AS
SELECT * EXCLUDE (known_from, known_to) FROM dataset_versions WHERE known_to = TIMESTAMP '9999-12-31';
COMMENT ON VIEW datasets IS 'What the set of pledges is about, and where its evidence ends';

CREATE TABLE source_versions (
    id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    title_is_descriptive BOOLEAN NOT NULL,
    publisher VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    published VARCHAR,
    published_earliest DATE,
    published_latest DATE,
    url VARCHAR,
    language VARCHAR NOT NULL,
    reliability VARCHAR NOT NULL,
    reliability_reason VARCHAR NOT NULL,
    note VARCHAR,
    origin VARCHAR NOT NULL,
    speaks_for VARCHAR[] NOT NULL,
    searchable VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP,
    withdrawn_by VARCHAR,
    withdrawn_because VARCHAR,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL
);
COMMENT ON TABLE source_versions IS 'Every version of: documents, with the reliability of who speaks in them';
COMMENT ON COLUMN source_versions.id IS 'Identifier';
COMMENT ON COLUMN source_versions.title IS 'Title, in the language of the document';
COMMENT ON COLUMN source_versions.title_is_descriptive IS 'Whether the title describes the document instead of quoting it';
COMMENT ON COLUMN source_versions.publisher IS 'Who published it';
COMMENT ON COLUMN source_versions.kind IS 'Who speaks in it: record, official, release, news, analysis, company, blog or unknown';
COMMENT ON COLUMN source_versions.published IS 'Date of publication (EDTF); empty where it carries none';
COMMENT ON COLUMN source_versions.published_earliest IS 'First day of that date';
COMMENT ON COLUMN source_versions.published_latest IS 'Last day of that date';
COMMENT ON COLUMN source_versions.url IS 'Address';
COMMENT ON COLUMN source_versions.language IS 'Language (BCP 47)';
COMMENT ON COLUMN source_versions.reliability IS 'Admiralty scale: A completely reliable, B usually, C fairly, D not usually, E unreliable, F cannot be judged';
COMMENT ON COLUMN source_versions.reliability_reason IS 'Why that grade';
COMMENT ON COLUMN source_versions.note IS 'What a user of the source must know';
COMMENT ON COLUMN source_versions.origin IS 'Whose words it passes on; its publisher where they are its own';
COMMENT ON COLUMN source_versions.speaks_for IS 'Parties in whose name it speaks';
COMMENT ON COLUMN source_versions.searchable IS 'What a search looks through, by the macro plain: title and publisher';
COMMENT ON COLUMN source_versions.version IS 'Version';
COMMENT ON COLUMN source_versions.recorded_at IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN source_versions.recorded_by IS 'Who recorded it';
COMMENT ON COLUMN source_versions.withdrawn_at IS 'When it was withdrawn (UTC); empty while it counts';
COMMENT ON COLUMN source_versions.withdrawn_by IS 'Who withdrew it';
COMMENT ON COLUMN source_versions.withdrawn_because IS 'Why';
COMMENT ON COLUMN source_versions.known_from IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN source_versions.known_to IS 'When the next one replaced it (UTC)';

CREATE MACRO sources_known(known_at) AS TABLE
SELECT * EXCLUDE (known_from, known_to, searchable) FROM source_versions
WHERE known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < known_to;
COMMENT ON MACRO TABLE sources_known IS 'Documents, with the reliability of who speaks in them, by what was known at a moment (UTC)';

CREATE VIEW sources AS
SELECT * EXCLUDE (known_from, known_to, searchable) FROM source_versions WHERE known_to = TIMESTAMP '9999-12-31';
COMMENT ON VIEW sources IS 'Documents, with the reliability of who speaks in them';

CREATE TABLE agreement_versions (
    id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    parties VARCHAR[] NOT NULL,
    kind VARCHAR NOT NULL,
    dated VARCHAR,
    dated_earliest DATE,
    dated_latest DATE,
    source_ids VARCHAR[] NOT NULL,
    summary VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL
);
COMMENT ON TABLE agreement_versions IS 'Every version of: documents in which pledges stand';
COMMENT ON COLUMN agreement_versions.id IS 'Identifier';
COMMENT ON COLUMN agreement_versions.title IS 'Title';
COMMENT ON COLUMN agreement_versions.parties IS 'Who made it';
COMMENT ON COLUMN agreement_versions.kind IS 'What sort of document it is';
COMMENT ON COLUMN agreement_versions.dated IS 'Its date (EDTF); empty where none is known';
COMMENT ON COLUMN agreement_versions.dated_earliest IS 'First day of that date';
COMMENT ON COLUMN agreement_versions.dated_latest IS 'Last day of that date';
COMMENT ON COLUMN agreement_versions.source_ids IS 'Sources that carry or describe it';
COMMENT ON COLUMN agreement_versions.summary IS 'What it does, in our words';
COMMENT ON COLUMN agreement_versions.version IS 'Version';
COMMENT ON COLUMN agreement_versions.recorded_at IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN agreement_versions.recorded_by IS 'Who recorded it';
COMMENT ON COLUMN agreement_versions.known_from IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN agreement_versions.known_to IS 'When the next one replaced it (UTC)';

CREATE MACRO agreements_known(known_at) AS TABLE
SELECT * EXCLUDE (known_from, known_to) FROM agreement_versions
WHERE known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < known_to;
COMMENT ON MACRO TABLE agreements_known IS 'Documents in which pledges stand, by what was known at a moment (UTC)';

CREATE VIEW agreements AS
SELECT * EXCLUDE (known_from, known_to) FROM agreement_versions WHERE known_to = TIMESTAMP '9999-12-31';
COMMENT ON VIEW agreements IS 'Documents in which pledges stand';

CREATE TABLE translation_versions (
    entity VARCHAR NOT NULL,
    entity_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    original VARCHAR NOT NULL,
    "language" VARCHAR NOT NULL,
    "text" VARCHAR NOT NULL,
    made_by VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL
);
COMMENT ON TABLE translation_versions IS 'Every version of: titles, pledges, disputes and names in other languages';
COMMENT ON COLUMN translation_versions.entity IS 'What sort of thing is translated: dataset, agreement, commitment or dispute';
COMMENT ON COLUMN translation_versions.entity_id IS 'Which one';
COMMENT ON COLUMN translation_versions.field IS 'Which of its texts: title, pledge, subject, claim, holds, why, or position of a side; name for a pillar, party, body or milestone, wherever it occurs';
COMMENT ON COLUMN translation_versions.original IS 'The text that is translated, as it stood on record when the translation was made; empty if there was none';
COMMENT ON COLUMN translation_versions."language" IS 'Language of the translation (BCP 47)';
COMMENT ON COLUMN translation_versions."text" IS 'The translation';
COMMENT ON COLUMN translation_versions.made_by IS 'human: somebody answers for it; machine: nobody has read it';
COMMENT ON COLUMN translation_versions.version IS 'Version of the thing that brought it';
COMMENT ON COLUMN translation_versions.recorded_at IS 'When it was recorded (UTC)';
COMMENT ON COLUMN translation_versions.recorded_by IS 'Who recorded it';
COMMENT ON COLUMN translation_versions.known_from IS 'When it was recorded (UTC)';
COMMENT ON COLUMN translation_versions.known_to IS 'When it was changed or taken out (UTC)';

CREATE MACRO translations_known(known_at) AS TABLE
SELECT * EXCLUDE (known_from, known_to) FROM translation_versions
WHERE known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < known_to;
COMMENT ON MACRO TABLE translations_known IS 'Titles, pledges, disputes and names in other languages, by what was known at a moment (UTC)';

CREATE VIEW translations AS
SELECT * EXCLUDE (known_from, known_to) FROM translation_versions WHERE known_to = TIMESTAMP '9999-12-31';
COMMENT ON VIEW translations IS 'Titles, pledges, disputes and names in other languages; one whose original is no longer on record translates nothing';

CREATE TABLE definitions (
    commitment_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    recorded_by VARCHAR NOT NULL,
    because VARCHAR,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL,
    title VARCHAR NOT NULL,
    pledge VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    pillar VARCHAR NOT NULL,
    agreement_id VARCHAR NOT NULL,
    parties STRUCT("name" VARCHAR, bodies VARCHAR[])[] NOT NULL,
    parties_basis VARCHAR,
    headline BOOLEAN NOT NULL,
    due VARCHAR,
    due_earliest DATE,
    due_latest DATE,
    cadence VARCHAR,
    cadence_note VARCHAR,
    lapses_after VARCHAR,
    fulfilment_test VARCHAR NOT NULL,
    source_ids VARCHAR[] NOT NULL,
    related_source_ids VARCHAR[] NOT NULL,
    open_questions VARCHAR[] NOT NULL,
    conflicts VARCHAR[] NOT NULL,
    assessment STRUCT(stage VARCHAR, since VARCHAR, confidence VARCHAR, note VARCHAR),
    searchable VARCHAR NOT NULL,
    searchable_names VARCHAR NOT NULL
);
COMMENT ON TABLE definitions IS 'Every wording of every commitment, with the time for which it was the one on record';
COMMENT ON COLUMN definitions.commitment_id IS 'Commitment';
COMMENT ON COLUMN definitions.version IS 'Version of the commitment that brought this wording';
COMMENT ON COLUMN definitions.recorded_by IS 'Who recorded it';
COMMENT ON COLUMN definitions.because IS 'Why this wording replaced the one before';
COMMENT ON COLUMN definitions.known_from IS 'When the wording was recorded (UTC)';
COMMENT ON COLUMN definitions.known_to IS 'When the next wording replaced it (UTC)';
COMMENT ON COLUMN definitions.title IS 'Title';
COMMENT ON COLUMN definitions.pledge IS 'What was promised, in our words';
COMMENT ON COLUMN definitions.kind IS 'Sort of instrument; decides the lifecycle';
COMMENT ON COLUMN definitions.pillar IS 'Section of the agreement, or subject';
COMMENT ON COLUMN definitions.agreement_id IS 'Agreement in which it stands';
COMMENT ON COLUMN definitions.parties IS 'Sides and the bodies that answer for it there';
COMMENT ON COLUMN definitions.parties_basis IS 'How it is known which bodies answer for it';
COMMENT ON COLUMN definitions.headline IS 'Whether it is one of the headline commitments';
COMMENT ON COLUMN definitions.due IS 'Stated date (EDTF); empty where none was stated';
COMMENT ON COLUMN definitions.due_earliest IS 'First day of that date';
COMMENT ON COLUMN definitions.due_latest IS 'Last day of that date';
COMMENT ON COLUMN definitions.cadence IS 'Promised interval between editions (ISO 8601 duration)';
COMMENT ON COLUMN definitions.cadence_note IS 'The rhythm in the words of the compiler';
COMMENT ON COLUMN definitions.lapses_after IS 'Interval after an edition at which the rhythm counts as broken (ISO 8601 duration)';
COMMENT ON COLUMN definitions.fulfilment_test IS 'What must be seen for the pledge to count as kept';
COMMENT ON COLUMN definitions.source_ids IS 'Sources in which the pledge itself stands';
COMMENT ON COLUMN definitions.related_source_ids IS 'Sources that help, without bearing on any event';
COMMENT ON COLUMN definitions.open_questions IS 'What is not known';
COMMENT ON COLUMN definitions.conflicts IS 'Where accounts differ, in words';
COMMENT ON COLUMN definitions.assessment IS 'The compiler''s own verdict, kept beside the computed one and never used to compute it';

COMMENT ON COLUMN definitions.searchable IS 'What a search looks through, by the macro plain: identifier, title, pledge, parties, bodies and translations; U+001F stands between two texts';
COMMENT ON COLUMN definitions.searchable_names IS 'The same without spaces, of identifier, title, parties, bodies and translated titles';

CREATE TABLE heads (
    commitment_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL
);
COMMENT ON TABLE heads IS 'The newest version of every commitment at every moment';
COMMENT ON COLUMN heads.commitment_id IS 'Commitment';
COMMENT ON COLUMN heads.version IS 'Newest version';
COMMENT ON COLUMN heads.known_from IS 'When it was recorded (UTC)';
COMMENT ON COLUMN heads.known_to IS 'When the next one was (UTC)';

CREATE TABLE milestone_versions (
    commitment_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    "name" VARCHAR NOT NULL,
    expected VARCHAR,
    expected_earliest DATE,
    expected_latest DATE,
    expected_basis VARCHAR,
    reached VARCHAR,
    reached_earliest DATE,
    reached_latest DATE,
    note VARCHAR,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL
);
COMMENT ON TABLE milestone_versions IS 'Every version of: steps on the way to each commitment, expected or reached';
COMMENT ON COLUMN milestone_versions.commitment_id IS 'Commitment';
COMMENT ON COLUMN milestone_versions.position IS 'Place in the list, from 1';
COMMENT ON COLUMN milestone_versions.name IS 'What the step is';
COMMENT ON COLUMN milestone_versions.expected IS 'When it is expected (EDTF)';
COMMENT ON COLUMN milestone_versions.expected_earliest IS 'First day of that date';
COMMENT ON COLUMN milestone_versions.expected_latest IS 'Last day of that date';
COMMENT ON COLUMN milestone_versions.expected_basis IS 'stated by a party or report, or inferred by the compiler';
COMMENT ON COLUMN milestone_versions.reached IS 'When it was reached (EDTF); empty where it was not';
COMMENT ON COLUMN milestone_versions.reached_earliest IS 'First day of that date';
COMMENT ON COLUMN milestone_versions.reached_latest IS 'Last day of that date';
COMMENT ON COLUMN milestone_versions.note IS 'Remark';
COMMENT ON COLUMN milestone_versions.known_from IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN milestone_versions.known_to IS 'When the next one replaced it (UTC)';

CREATE MACRO milestones_known(known_at) AS TABLE
SELECT * EXCLUDE (known_from, known_to) FROM milestone_versions
WHERE known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < known_to;
COMMENT ON MACRO TABLE milestones_known IS 'Steps on the way to each commitment, expected or reached, by what was known at a moment (UTC)';

CREATE VIEW milestones AS
SELECT * EXCLUDE (known_from, known_to) FROM milestone_versions WHERE known_to = TIMESTAMP '9999-12-31';
COMMENT ON VIEW milestones IS 'Steps on the way to each commitment, expected or reached';

CREATE TABLE events (
    commitment_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    happened_on VARCHAR NOT NULL,
    happened_earliest DATE NOT NULL,
    happened_latest DATE NOT NULL,
    certain_on DATE NOT NULL,
    stage VARCHAR NOT NULL,
    party VARCHAR,
    note VARCHAR NOT NULL,
    source_ids VARCHAR[] NOT NULL,
    supersedes INTEGER,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL
);
COMMENT ON TABLE events IS 'Judgements that on some day a commitment had reached a stage, as they were recorded';
COMMENT ON COLUMN events.commitment_id IS 'Commitment';
COMMENT ON COLUMN events.version IS 'Version of the commitment that the event made';
COMMENT ON COLUMN events.happened_on IS 'When it happened (EDTF)';
COMMENT ON COLUMN events.happened_earliest IS 'First day of that date';
COMMENT ON COLUMN events.happened_latest IS 'Last day of that date';
COMMENT ON COLUMN events.certain_on IS 'First day on which it has certainly happened: the last of its date, or the day it was recorded';
COMMENT ON COLUMN events.stage IS 'Stage reached';
COMMENT ON COLUMN events.party IS 'Whose step it was; empty for a step of all';
COMMENT ON COLUMN events.note IS 'What happened';
COMMENT ON COLUMN events.source_ids IS 'Sources cited';
COMMENT ON COLUMN events.supersedes IS 'Version of the event that it replaces';
COMMENT ON COLUMN events.recorded_at IS 'When it was recorded (UTC)';
COMMENT ON COLUMN events.recorded_by IS 'Who recorded it';

CREATE TABLE withdrawals (
    commitment_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    withdrawn_by VARCHAR NOT NULL,
    because VARCHAR NOT NULL,
    superseded_by INTEGER,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL
);
COMMENT ON TABLE withdrawals IS 'Events that do not count, and for how long: withdrawn, or replaced by another';
COMMENT ON COLUMN withdrawals.commitment_id IS 'Commitment';
COMMENT ON COLUMN withdrawals.version IS 'Event';
COMMENT ON COLUMN withdrawals.withdrawn_by IS 'Who withdrew or replaced it';
COMMENT ON COLUMN withdrawals.because IS 'Why';
COMMENT ON COLUMN withdrawals.superseded_by IS 'Event that replaces it; empty where it was withdrawn';
COMMENT ON COLUMN withdrawals.known_from IS 'When it was withdrawn (UTC)';
COMMENT ON COLUMN withdrawals.known_to IS 'When it was taken back (UTC)';

CREATE MACRO history_known(known_at) AS TABLE
SELECT
    e.commitment_id, e.version, e.happened_on, e.happened_earliest, e.happened_latest, e.stage,
    c.status, e.note, e.source_ids, e.recorded_at, e.recorded_by,
    w.known_from AS withdrawn_at, w.withdrawn_by,
    w.because AS withdrawn_because, w.superseded_by, e.supersedes, e.party, e.certain_on
FROM events AS e
JOIN definitions AS d ON d.commitment_id = e.commitment_id
    AND d.known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < d.known_to
JOIN lifecycle AS c ON c.kind = d.kind AND c.stage = e.stage
LEFT JOIN withdrawals AS w ON w.commitment_id = e.commitment_id AND w.version = e.version
    AND w.known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < w.known_to
WHERE e.recorded_at <= CAST(known_at AS TIMESTAMP);
COMMENT ON MACRO TABLE history_known IS 'Events, by what was known at a moment (UTC), with what replaced or withdrew them';

CREATE VIEW history AS
SELECT * EXCLUDE (withdrawn_because, superseded_by, supersedes, party, certain_on)
FROM history_known(TIMESTAMP '9999-12-30');
COMMENT ON VIEW history IS 'Events: on some day somebody judged that a commitment had reached a stage';
COMMENT ON COLUMN history.status IS 'Status to which the lifecycle maps that stage';
COMMENT ON COLUMN history.withdrawn_at IS 'When it was withdrawn or replaced (UTC); empty while it stands';
COMMENT ON COLUMN history.withdrawn_by IS 'Who withdrew or replaced it';

CREATE TABLE citations (
    commitment_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    source_id VARCHAR NOT NULL,
    bearing VARCHAR NOT NULL,
    credibility INTEGER NOT NULL,
    locator VARCHAR,
    quote VARCHAR,
    prefix VARCHAR,
    suffix VARCHAR,
    archive_sha256 VARCHAR
);
COMMENT ON TABLE citations IS 'Evidence as it was recorded; the view evidence adds the reliability of the source';
COMMENT ON COLUMN citations.commitment_id IS 'Commitment';
COMMENT ON COLUMN citations.version IS 'Event it bears on';
COMMENT ON COLUMN citations.position IS 'Place in the list, from 1';
COMMENT ON COLUMN citations.source_id IS 'Source';
COMMENT ON COLUMN citations.bearing IS 'supports, contradicts or context';
COMMENT ON COLUMN citations.credibility IS 'Admiralty scale: 1 confirmed to 5 improbable, 6 cannot be judged';
COMMENT ON COLUMN citations.locator IS 'Where in the source';
COMMENT ON COLUMN citations.quote IS 'Words of the source';
COMMENT ON COLUMN citations.prefix IS 'Words just before the quote';
COMMENT ON COLUMN citations.suffix IS 'Words just after the quote';
COMMENT ON COLUMN citations.archive_sha256 IS 'SHA-256 of the archived copy from which it was taken';

CREATE TABLE check_versions (
    id VARCHAR NOT NULL,
    commitment_id VARCHAR NOT NULL,
    checked_on DATE NOT NULL,
    places VARCHAR[] NOT NULL,
    languages VARCHAR[] NOT NULL,
    terms VARCHAR[] NOT NULL,
    note VARCHAR,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP,
    withdrawn_by VARCHAR,
    withdrawn_because VARCHAR,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL
);
COMMENT ON TABLE check_versions IS 'Every version of: searches that found nothing new, one row per search and commitment';
COMMENT ON COLUMN check_versions.id IS 'Search';
COMMENT ON COLUMN check_versions.commitment_id IS 'Commitment it was made for';
COMMENT ON COLUMN check_versions.checked_on IS 'Day of the search';
COMMENT ON COLUMN check_versions.places IS 'Where it looked';
COMMENT ON COLUMN check_versions.languages IS 'Languages it covered (BCP 47)';
COMMENT ON COLUMN check_versions.terms IS 'Words it looked for';
COMMENT ON COLUMN check_versions.note IS 'Remark';
COMMENT ON COLUMN check_versions.version IS 'Version';
COMMENT ON COLUMN check_versions.recorded_at IS 'When it was recorded (UTC)';
COMMENT ON COLUMN check_versions.recorded_by IS 'Who looked';
COMMENT ON COLUMN check_versions.withdrawn_at IS 'When it was withdrawn (UTC); empty while it counts';
COMMENT ON COLUMN check_versions.withdrawn_by IS 'Who withdrew it';
COMMENT ON COLUMN check_versions.withdrawn_because IS 'Why';
COMMENT ON COLUMN check_versions.known_from IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN check_versions.known_to IS 'When the next one replaced it (UTC)';

CREATE MACRO checks_known(known_at) AS TABLE
SELECT * EXCLUDE (known_from, known_to) FROM check_versions
WHERE known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < known_to;
COMMENT ON MACRO TABLE checks_known IS 'Searches that found nothing new, one row per search and commitment, by what was known at a moment (UTC)';

CREATE VIEW checks AS
SELECT * EXCLUDE (known_from, known_to) FROM check_versions WHERE known_to = TIMESTAMP '9999-12-31';
COMMENT ON VIEW checks IS 'Searches that found nothing new, one row per search and commitment';

CREATE TABLE dispute_versions (
    id VARCHAR NOT NULL,
    claim VARCHAR NOT NULL,
    sides STRUCT(position VARCHAR, source_ids VARCHAR[], holds BOOLEAN)[] NOT NULL,
    holds VARCHAR,
    why VARCHAR,
    settled BOOLEAN NOT NULL,
    commitment_ids VARCHAR[] NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP,
    withdrawn_by VARCHAR,
    withdrawn_because VARCHAR,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL
);
COMMENT ON TABLE dispute_versions IS 'Every version of: sources that cannot both be right';
COMMENT ON COLUMN dispute_versions.id IS 'Identifier';
COMMENT ON COLUMN dispute_versions.claim IS 'What is disputed, as a question';
COMMENT ON COLUMN dispute_versions.sides IS 'Positions, each with the sources that take it, and whether it holds';
COMMENT ON COLUMN dispute_versions.holds IS 'What we hold';
COMMENT ON COLUMN dispute_versions.why IS 'Why';
COMMENT ON COLUMN dispute_versions.settled IS 'Whether one position holds; false while it is open';
COMMENT ON COLUMN dispute_versions.commitment_ids IS 'Commitments it touches';
COMMENT ON COLUMN dispute_versions.version IS 'Version';
COMMENT ON COLUMN dispute_versions.recorded_at IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN dispute_versions.recorded_by IS 'Who recorded it';
COMMENT ON COLUMN dispute_versions.withdrawn_at IS 'When it was withdrawn (UTC); empty while it counts';
COMMENT ON COLUMN dispute_versions.withdrawn_by IS 'Who withdrew it';
COMMENT ON COLUMN dispute_versions.withdrawn_because IS 'Why';
COMMENT ON COLUMN dispute_versions.known_from IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN dispute_versions.known_to IS 'When the next one replaced it (UTC)';

CREATE MACRO disputes_known(known_at) AS TABLE
SELECT * EXCLUDE (known_from, known_to) FROM dispute_versions
WHERE known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < known_to;
COMMENT ON MACRO TABLE disputes_known IS 'Sources that cannot both be right, by what was known at a moment (UTC)';

CREATE VIEW disputes AS
SELECT * EXCLUDE (known_from, known_to) FROM dispute_versions WHERE known_to = TIMESTAMP '9999-12-31';
COMMENT ON VIEW disputes IS 'Sources that cannot both be right';

CREATE TABLE codings (
    id VARCHAR NOT NULL,
    commitment_id VARCHAR NOT NULL,
    event_version INTEGER NOT NULL,
    stage VARCHAR NOT NULL,
    note VARCHAR,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL
);
COMMENT ON TABLE codings IS 'Second judgements of events, made without sight of the first';
COMMENT ON COLUMN codings.id IS 'Identifier';
COMMENT ON COLUMN codings.commitment_id IS 'Commitment';
COMMENT ON COLUMN codings.event_version IS 'Event that was judged (see history)';
COMMENT ON COLUMN codings.stage IS 'Stage that this coder sees';
COMMENT ON COLUMN codings.note IS 'Remark';
COMMENT ON COLUMN codings.recorded_at IS 'When it was recorded (UTC)';
COMMENT ON COLUMN codings.recorded_by IS 'Who judged';

CREATE TABLE proposals (
    id VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    proposed_at TIMESTAMP NOT NULL,
    proposed_by VARCHAR NOT NULL,
    commitment_ids VARCHAR[] NOT NULL,
    changes JSON NOT NULL,
    decided_at TIMESTAMP,
    decided_by VARCHAR,
    reason VARCHAR
);
COMMENT ON TABLE proposals IS 'Changes that wait for a second person, or waited; they count from their approval';
COMMENT ON COLUMN proposals.id IS 'Identifier';
COMMENT ON COLUMN proposals.state IS 'waiting, approved or declined';
COMMENT ON COLUMN proposals.proposed_at IS 'When it was proposed (UTC)';
COMMENT ON COLUMN proposals.proposed_by IS 'Who proposed it';
COMMENT ON COLUMN proposals.commitment_ids IS 'Commitments that it is about';
COMMENT ON COLUMN proposals.changes IS 'What it would record: entity, identifier, kind and content of each change';
COMMENT ON COLUMN proposals.decided_at IS 'When it was approved or declined (UTC); empty while it waits';
COMMENT ON COLUMN proposals.decided_by IS 'Who decided; never, for an approval, who proposed';
COMMENT ON COLUMN proposals.reason IS 'Why it was declined';

CREATE TABLE judgements (
    commitment_id VARCHAR NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL,
    stage VARCHAR NOT NULL,
    claimed_stage VARCHAR,
    status VARCHAR NOT NULL,
    stage_since VARCHAR,
    schedule VARCHAR NOT NULL,
    confidence VARCHAR NOT NULL,
    disputed BOOLEAN NOT NULL,
    official_stage VARCHAR,
    evidence_reaches DATE,
    last_checked DATE,
    deadline DATE,
    lapses_on DATE,
    answers STRUCT(
        party VARCHAR, official_stage VARCHAR, stage VARCHAR, claimed_stage VARCHAR, schedule VARCHAR)[] NOT NULL,
    rules_version INTEGER NOT NULL
);
COMMENT ON TABLE judgements IS 'What the rules said of every commitment for every day, and the time for which we believed it';
COMMENT ON COLUMN judgements.commitment_id IS 'Commitment';
COMMENT ON COLUMN judgements.valid_from IS 'First day for which it holds';
COMMENT ON COLUMN judgements.valid_to IS 'First day for which it no longer holds';
COMMENT ON COLUMN judgements.known_from IS 'When we came to believe it (UTC)';
COMMENT ON COLUMN judgements.known_to IS 'When we ceased to believe it (UTC)';
COMMENT ON COLUMN judgements.stage IS 'How far it is, by what the evidence supports';
COMMENT ON COLUMN judgements.claimed_stage IS 'How far sources say it is, where the evidence does not support that';
COMMENT ON COLUMN judgements.status IS 'The comparable word for the supported stage';
COMMENT ON COLUMN judgements.stage_since IS 'Date (EDTF) of the event that began the present stage';
COMMENT ON COLUMN judgements.schedule IS 'Where it stands against its date';
COMMENT ON COLUMN judgements.confidence IS 'How well the evidence carries the stage';
COMMENT ON COLUMN judgements.disputed IS 'Whether sources on record disagree about it';
COMMENT ON COLUMN judgements.official_stage IS 'Furthest stage that officials claim';
COMMENT ON COLUMN judgements.evidence_reaches IS 'Latest day for which evidence or a check speaks';
COMMENT ON COLUMN judgements.last_checked IS 'Day of the latest recorded search';
COMMENT ON COLUMN judgements.deadline IS 'Latest day of the date that is awaited: stated, or the last edition plus the rhythm';
COMMENT ON COLUMN judgements.lapses_on IS 'Last day on which another edition still keeps the rhythm';
COMMENT ON COLUMN judgements.answers IS 'The three answers for each party of a joint pledge';
COMMENT ON COLUMN judgements.rules_version IS 'Edition of the rule book that said so';

CREATE TABLE findings (
    commitment_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL,
    requirement VARCHAR NOT NULL,
    supported BOOLEAN NOT NULL,
    items STRUCT(source_id VARCHAR, proves VARCHAR)[] NOT NULL,
    rules_version INTEGER NOT NULL
);
COMMENT ON TABLE findings IS 'What the evidence rule found about every event that stands';
COMMENT ON COLUMN findings.commitment_id IS 'Commitment';
COMMENT ON COLUMN findings.version IS 'Event (see history)';
COMMENT ON COLUMN findings.known_from IS 'When we came to believe it (UTC)';
COMMENT ON COLUMN findings.known_to IS 'When we ceased to believe it (UTC)';
COMMENT ON COLUMN findings.requirement IS 'Rule by which the stage of the event is proved (see lifecycle)';
COMMENT ON COLUMN findings.supported IS 'Whether the evidence meets it';
COMMENT ON COLUMN findings.items IS 'What each item proves alone: report, word, act or effect; empty where it does not support or is outweighed';
COMMENT ON COLUMN findings.rules_version IS 'Edition of the rule book that said so';

CREATE MACRO evidence_known(known_at) AS TABLE
SELECT
    c.commitment_id, c.version, c.source_id, c.bearing, s.reliability, c.credibility, c.locator, c.quote,
    s.origin, list_extract(list_filter(f.items, lambda i: i.source_id = c.source_id), 1).proves AS proves,
    c.prefix, c.suffix, c.archive_sha256, c.position, s.withdrawn_at
FROM citations AS c
JOIN events AS e USING (commitment_id, version)
JOIN source_versions AS s ON s.id = c.source_id
    AND s.known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < s.known_to
LEFT JOIN findings AS f ON f.commitment_id = c.commitment_id AND f.version = c.version
    AND f.known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < f.known_to
WHERE e.recorded_at <= CAST(known_at AS TIMESTAMP);
COMMENT ON MACRO TABLE evidence_known IS 'Evidence with origin and what each item proves alone, by what was known at a moment (UTC)';

CREATE VIEW evidence AS
SELECT commitment_id, version, source_id, bearing, reliability, credibility, locator, quote
FROM evidence_known(TIMESTAMP '9999-12-30');
COMMENT ON VIEW evidence IS 'The bearing of one source on one event, with both Admiralty grades';
COMMENT ON COLUMN evidence.commitment_id IS 'Commitment';
COMMENT ON COLUMN evidence.version IS 'Event it bears on (see history)';
COMMENT ON COLUMN evidence.source_id IS 'Source';
COMMENT ON COLUMN evidence.bearing IS 'supports, contradicts or context';
COMMENT ON COLUMN evidence.reliability IS 'Reliability of the source, A to F';
COMMENT ON COLUMN evidence.credibility IS 'Credibility of what it says, 1 confirmed to 5 improbable, 6 cannot be judged';
COMMENT ON COLUMN evidence.locator IS 'Where in the source';
COMMENT ON COLUMN evidence.quote IS 'Words of the source';

CREATE MACRO as_known(day, known_at) AS TABLE
SELECT
    d.commitment_id AS id, d.title, d.pledge, d.kind, d.pillar, d.agreement_id, d.parties, d.headline,
    d.due, d.due_earliest, d.due_latest, d.cadence, d.fulfilment_test,
    j.stage, j.status, j.stage_since, j.schedule, j.confidence, j.disputed, j.official_stage,
    j.evidence_reaches, j.last_checked, h.version, h.known_from AS recorded_at
FROM judgements AS j
JOIN definitions AS d ON d.commitment_id = j.commitment_id
    AND d.known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < d.known_to
JOIN heads AS h ON h.commitment_id = j.commitment_id
    AND h.known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < h.known_to
WHERE j.known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < j.known_to
    AND j.valid_from <= CAST(day AS DATE) AND CAST(day AS DATE) < j.valid_to;
COMMENT ON MACRO TABLE as_known IS 'Commitments as they stood on a day, by what was known at a moment (UTC)';

CREATE MACRO as_of(day) AS TABLE
FROM as_known(day, TIMESTAMP '9999-12-30');
COMMENT ON MACRO TABLE as_of IS 'Commitments as they stood on a day, by all that is known now';

CREATE MACRO answers_known(day, known_at) AS TABLE
WITH judged AS (
    SELECT commitment_id, official_stage, stage, claimed_stage, schedule, answers
    FROM judgements
    WHERE known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < known_to
        AND valid_from <= CAST(day AS DATE) AND CAST(day AS DATE) < valid_to
)
SELECT commitment_id, CAST(NULL AS VARCHAR) AS party, official_stage, stage, claimed_stage, schedule
FROM judged
UNION ALL
SELECT commitment_id, unnest(answers, recursive := true) FROM judged;
COMMENT ON MACRO TABLE answers_known IS 'The three answers to how far, for all parties together and for each, on a day and by what was known at a moment (UTC)';

CREATE VIEW answers AS
FROM answers_known(CAST(make_timestamp(epoch_us(now())) AS DATE), TIMESTAMP '9999-12-30');
COMMENT ON VIEW answers IS 'Three answers to how far: what officials say, what the evidence supports, and the schedule; for all parties together and for each';
COMMENT ON COLUMN answers.commitment_id IS 'Commitment';
COMMENT ON COLUMN answers.party IS 'Party of a joint pledge; empty for all together';
COMMENT ON COLUMN answers.official_stage IS 'Furthest stage that officials claim; empty where no official source speaks';
COMMENT ON COLUMN answers.stage IS 'Stage that the evidence supports';
COMMENT ON COLUMN answers.claimed_stage IS 'Stage that sources claim and the evidence does not support; empty where there is none';
COMMENT ON COLUMN answers.schedule IS 'Where it stands against its date';

CREATE VIEW corrections AS
SELECT
    l.seq, l.recorded_at, l.actor AS recorded_by,
    CASE WHEN l.kind = 'event' THEN 'supersede' ELSE l.kind END AS action,
    if(l.entity = 'commitment' AND l.kind <> 'revise', 'event', l.entity) AS entity,
    l.entity_id, l.version,
    CASE l.kind
        WHEN 'event' THEN CAST(l.payload->>'supersedes' AS INTEGER)
        -- The numbers between two wordings are those of events and withdrawals.
        WHEN 'revise' THEN (
            SELECT max(p.version) FROM ledger AS p
            WHERE p.entity = l.entity AND p.entity_id = l.entity_id AND p.kind IN ('add', 'revise')
                AND p.version < l.version)
        ELSE CAST(l.payload->>'version' AS INTEGER)
    END AS corrected_version,
    coalesce(l.payload->>'reason', l.payload->>'because') AS because
FROM ledger AS l
WHERE l.kind IN ('withdraw', 'restore') OR (l.kind = 'event' AND l.payload->>'supersedes' IS NOT NULL)
    -- What is told in more languages was not wrong before, as long as nothing is told otherwise.
    OR (l.kind = 'revise' AND NOT (contains(l.payload, '"translations":[') AND (
        SELECT json_merge_patch(arg_max(p.payload, p.version), '{"because": null, "translations": null}')
                = json_merge_patch(l.payload, '{"because": null, "translations": null}')
            AND NOT EXISTS (
                FROM translation_versions AS v
                WHERE v.entity = l.entity AND v.entity_id = l.entity_id AND v.known_to = l.recorded_at
                    AND NOT EXISTS (
                        FROM translation_versions AS same
                        WHERE same.entity = v.entity AND same.entity_id = v.entity_id
                            AND same.field = v.field AND same.language = v.language
                            AND same.original = v.original AND same.text = v.text
                            AND same.known_from = v.known_to))
        FROM ledger AS p
        WHERE p.entity = l.entity AND p.entity_id = l.entity_id AND p.kind IN ('add', 'revise')
            AND p.version < l.version)));
COMMENT ON VIEW corrections IS 'Everything that was ever corrected: revised, superseded, withdrawn or restored';
COMMENT ON COLUMN corrections.seq IS 'Ledger entry that corrects';
COMMENT ON COLUMN corrections.recorded_at IS 'When (UTC)';
COMMENT ON COLUMN corrections.recorded_by IS 'Who';
COMMENT ON COLUMN corrections.action IS 'revise, supersede, withdraw or restore';
COMMENT ON COLUMN corrections.entity IS 'What sort of thing was corrected';
COMMENT ON COLUMN corrections.entity_id IS 'Which one; for an event its commitment';
COMMENT ON COLUMN corrections.version IS 'Version that the correction made';
COMMENT ON COLUMN corrections.corrected_version IS 'Version that was corrected; empty for a thing as a whole';
COMMENT ON COLUMN corrections.because IS 'Why, where somebody said so';

CREATE VIEW commitments AS
FROM as_of(CAST(make_timestamp(epoch_us(now())) AS DATE));
COMMENT ON VIEW commitments IS 'Every commitment as it stands today (UTC)';
COMMENT ON COLUMN commitments.id IS 'Identifier';
COMMENT ON COLUMN commitments.title IS 'Title';
COMMENT ON COLUMN commitments.pledge IS 'What was promised, in our words';
COMMENT ON COLUMN commitments.kind IS 'Sort of instrument; decides the lifecycle';
COMMENT ON COLUMN commitments.pillar IS 'Section of the agreement, or subject';
COMMENT ON COLUMN commitments.agreement_id IS 'Agreement in which it stands';
COMMENT ON COLUMN commitments.parties IS 'Sides and the bodies that answer for it there';
COMMENT ON COLUMN commitments.headline IS 'Whether it is one of the headline commitments';
COMMENT ON COLUMN commitments.due IS 'Stated date (EDTF); empty where none was stated';
COMMENT ON COLUMN commitments.due_earliest IS 'First day of that date';
COMMENT ON COLUMN commitments.due_latest IS 'Last day of that date';
COMMENT ON COLUMN commitments.cadence IS 'Promised interval between editions (ISO 8601 duration)';
COMMENT ON COLUMN commitments.fulfilment_test IS 'What must be seen for the pledge to count as kept';
COMMENT ON COLUMN commitments.stage IS 'How far it is, in the words of its kind, by what the evidence supports';
COMMENT ON COLUMN commitments.status IS 'The comparable word: unconfirmed, pledged, in-progress, ongoing, delivered or not-delivered';
COMMENT ON COLUMN commitments.stage_since IS 'Date (EDTF) of the event that began the present stage';
COMMENT ON COLUMN commitments.schedule IS 'Against its date: no-date, upcoming, due-soon, late, lapsed, met or unknown';
COMMENT ON COLUMN commitments.confidence IS 'How well the evidence carries the stage: high, moderate or low';
COMMENT ON COLUMN commitments.disputed IS 'Whether sources on record disagree about it';
COMMENT ON COLUMN commitments.official_stage IS 'Furthest stage that officials claim';
COMMENT ON COLUMN commitments.evidence_reaches IS 'Latest day for which evidence or a check speaks';
COMMENT ON COLUMN commitments.last_checked IS 'Day of the latest recorded search; empty where nobody looked';
COMMENT ON COLUMN commitments.version IS 'Newest version';
COMMENT ON COLUMN commitments.recorded_at IS 'When that version was recorded (UTC)';
