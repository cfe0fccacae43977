-- The ledger, the tables projected from it, and the views and macros that readers use.
-- Days are calendar days, times are UTC without zone. Open ends are 9999-12-31.

CREATE TABLE ledger (
    seq BIGINT PRIMARY KEY,
    recorded_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    entity VARCHAR NOT NULL,
    entity_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    payload JSON NOT NULL,
    idempotency_key VARCHAR UNIQUE,
    previous_hash VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    UNIQUE (entity, entity_id, version)
);
COMMENT ON TABLE ledger IS 'Every change ever made, append-only and hash-chained; all other tables follow from it';
COMMENT ON COLUMN ledger.seq IS 'Position in the ledger, from 1, without gaps';
COMMENT ON COLUMN ledger.recorded_at IS 'When it was recorded (UTC)';
COMMENT ON COLUMN ledger.actor IS 'Who recorded it';
COMMENT ON COLUMN ledger.entity IS 'What it is about: dataset, source, agreement, commitment, check or dispute';
COMMENT ON COLUMN ledger.entity_id IS 'Identifier of that thing';
COMMENT ON COLUMN ledger.version IS 'Number of this entry among the entries of the same thing, from 1';
COMMENT ON COLUMN ledger.kind IS 'What it does: add, revise or event';
COMMENT ON COLUMN ledger.payload IS 'The content, as canonical JSON (RFC 8785)';
COMMENT ON COLUMN ledger.idempotency_key IS 'Key of the request that made it; a repeated request lands once';
COMMENT ON COLUMN ledger.previous_hash IS 'Hash of the entry before; 64 zeros for the first';
COMMENT ON COLUMN ledger.hash IS 'SHA-256 over the canonical form of all other columns';

COMMENT ON TABLE schema_migrations IS 'Migrations applied to this store';
COMMENT ON COLUMN schema_migrations.version IS 'Number; the highest is the schema version';
COMMENT ON COLUMN schema_migrations.name IS 'What it made';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When it was applied (UTC)';

CREATE TABLE lifecycle (
    kind VARCHAR NOT NULL,
    ordinal INTEGER NOT NULL,
    stage VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    proof VARCHAR NOT NULL,
    reason VARCHAR
);
COMMENT ON TABLE lifecycle IS 'The ordered stages of every kind, the status each maps to, and what proves it';
COMMENT ON COLUMN lifecycle.kind IS 'Kind of commitment';
COMMENT ON COLUMN lifecycle.ordinal IS 'Place of the stage in the lifecycle, from 0';
COMMENT ON COLUMN lifecycle.stage IS 'How far a commitment is';
COMMENT ON COLUMN lifecycle.status IS 'The comparable word for it';
COMMENT ON COLUMN lifecycle.proof IS 'Evidence that proves the stage';
COMMENT ON COLUMN lifecycle.reason IS 'Why this status or place, where it could be argued';

CREATE TABLE dates (
    edtf VARCHAR NOT NULL,
    earliest DATE NOT NULL,
    latest DATE NOT NULL
);
COMMENT ON TABLE dates IS 'How every date text on record is read';
COMMENT ON COLUMN dates.edtf IS 'The date in EDTF (ISO 8601-2)';
COMMENT ON COLUMN dates.earliest IS 'First day it can mean';
COMMENT ON COLUMN dates.latest IS 'Last day it can mean';

CREATE TABLE datasets (
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
    recorded_by VARCHAR NOT NULL
);
COMMENT ON TABLE datasets IS 'What the set of pledges is about, and where its evidence ends';
COMMENT ON COLUMN datasets.id IS 'Identifier';
COMMENT ON COLUMN datasets.subject IS 'What the pledges are about';
COMMENT ON COLUMN datasets.as_of IS 'Day on which it was compiled';
COMMENT ON COLUMN datasets.compiled_from IS 'Material it was compiled from';
COMMENT ON COLUMN datasets.text_limits IS 'Which texts could not be read in full';
COMMENT ON COLUMN datasets.evidence_horizon IS 'How far each body of material was searched';
COMMENT ON COLUMN datasets.date_rule IS 'How its dates were written';
COMMENT ON COLUMN datasets.milestone_rule IS 'How its expected dates were found';
COMMENT ON COLUMN datasets.version IS 'Version';
COMMENT ON COLUMN datasets.recorded_at IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN datasets.recorded_by IS 'Who recorded it';

CREATE TABLE sources (
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
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL
);
COMMENT ON TABLE sources IS 'Documents, with the reliability of who speaks in them';
COMMENT ON COLUMN sources.id IS 'Identifier';
COMMENT ON COLUMN sources.title IS 'Title, in the language of the document';
COMMENT ON COLUMN sources.title_is_descriptive IS 'Whether the title describes the document instead of quoting it';
COMMENT ON COLUMN sources.publisher IS 'Who published it';
COMMENT ON COLUMN sources.kind IS 'Who speaks in it: official, news, analysis, company, blog or unknown';
COMMENT ON COLUMN sources.published IS 'Date of publication (EDTF); empty where it carries none';
COMMENT ON COLUMN sources.published_earliest IS 'First day of that date';
COMMENT ON COLUMN sources.published_latest IS 'Last day of that date';
COMMENT ON COLUMN sources.url IS 'Address';
COMMENT ON COLUMN sources.language IS 'Language (BCP 47)';
COMMENT ON COLUMN sources.reliability IS 'Admiralty scale: A completely reliable, B usually, C fairly, D not usually, E unreliable, F cannot be judged';
COMMENT ON COLUMN sources.reliability_reason IS 'Why that grade';
COMMENT ON COLUMN sources.note IS 'What a user of the source must know';
COMMENT ON COLUMN sources.version IS 'Version';
COMMENT ON COLUMN sources.recorded_at IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN sources.recorded_by IS 'Who recorded it';

CREATE TABLE agreements (
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
    recorded_by VARCHAR NOT NULL
);
COMMENT ON TABLE agreements IS 'Documents in which pledges stand';
COMMENT ON COLUMN agreements.id IS 'Identifier';
COMMENT ON COLUMN agreements.title IS 'Title';
COMMENT ON COLUMN agreements.parties IS 'Who made it';
COMMENT ON COLUMN agreements.kind IS 'What sort of document it is';
COMMENT ON COLUMN agreements.dated IS 'Its date (EDTF); empty where none is known';
COMMENT ON COLUMN agreements.dated_earliest IS 'First day of that date';
COMMENT ON COLUMN agreements.dated_latest IS 'Last day of that date';
COMMENT ON COLUMN agreements.source_ids IS 'Sources that carry or describe it';
COMMENT ON COLUMN agreements.summary IS 'What it does, in our words';
COMMENT ON COLUMN agreements.version IS 'Version';
COMMENT ON COLUMN agreements.recorded_at IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN agreements.recorded_by IS 'Who recorded it';

CREATE TABLE definitions (
    commitment_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
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
    fulfilment_test VARCHAR NOT NULL,
    source_ids VARCHAR[] NOT NULL,
    related_source_ids VARCHAR[] NOT NULL,
    open_questions VARCHAR[] NOT NULL,
    conflicts VARCHAR[] NOT NULL,
    assessment STRUCT(stage VARCHAR, since VARCHAR, confidence VARCHAR, note VARCHAR)
);
COMMENT ON TABLE definitions IS 'Every wording of every commitment, with the time for which it was the one on record';
COMMENT ON COLUMN definitions.commitment_id IS 'Commitment';
COMMENT ON COLUMN definitions.version IS 'Version of the commitment that brought this wording';
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
COMMENT ON COLUMN definitions.fulfilment_test IS 'What must be seen for the pledge to count as kept';
COMMENT ON COLUMN definitions.source_ids IS 'Sources in which the pledge itself stands';
COMMENT ON COLUMN definitions.related_source_ids IS 'Sources that help, without bearing on any event';
COMMENT ON COLUMN definitions.open_questions IS 'What is not known';
COMMENT ON COLUMN definitions.conflicts IS 'Where accounts differ, in words';
COMMENT ON COLUMN definitions.assessment IS 'The compiler''s own verdict, kept beside the computed one and never used to compute it';

CREATE TABLE heads (
    commitment_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE heads IS 'The newest version of every commitment';
COMMENT ON COLUMN heads.commitment_id IS 'Commitment';
COMMENT ON COLUMN heads.version IS 'Newest version';
COMMENT ON COLUMN heads.recorded_at IS 'When it was recorded (UTC)';

CREATE TABLE milestones (
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
    note VARCHAR
);
COMMENT ON TABLE milestones IS 'Steps on the way to each commitment, expected or reached';
COMMENT ON COLUMN milestones.commitment_id IS 'Commitment';
COMMENT ON COLUMN milestones.position IS 'Place in the list, from 1';
COMMENT ON COLUMN milestones.name IS 'What the step is';
COMMENT ON COLUMN milestones.expected IS 'When it is expected (EDTF)';
COMMENT ON COLUMN milestones.expected_earliest IS 'First day of that date';
COMMENT ON COLUMN milestones.expected_latest IS 'Last day of that date';
COMMENT ON COLUMN milestones.expected_basis IS 'stated by a party or report, or inferred by the compiler';
COMMENT ON COLUMN milestones.reached IS 'When it was reached (EDTF); empty where it was not';
COMMENT ON COLUMN milestones.reached_earliest IS 'First day of that date';
COMMENT ON COLUMN milestones.reached_latest IS 'Last day of that date';
COMMENT ON COLUMN milestones.note IS 'Remark';

CREATE TABLE history (
    commitment_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    happened_on VARCHAR NOT NULL,
    happened_earliest DATE NOT NULL,
    happened_latest DATE NOT NULL,
    stage VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    source_ids VARCHAR[] NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL,
    withdrawn_at TIMESTAMP,
    withdrawn_by VARCHAR
);
COMMENT ON TABLE history IS 'Events: on some day somebody judged that a commitment had reached a stage';
COMMENT ON COLUMN history.commitment_id IS 'Commitment';
COMMENT ON COLUMN history.version IS 'Version of the commitment that the event made';
COMMENT ON COLUMN history.happened_on IS 'When it happened (EDTF)';
COMMENT ON COLUMN history.happened_earliest IS 'First day of that date';
COMMENT ON COLUMN history.happened_latest IS 'Last day of that date';
COMMENT ON COLUMN history.stage IS 'Stage reached';
COMMENT ON COLUMN history.status IS 'Status to which the lifecycle maps that stage';
COMMENT ON COLUMN history.note IS 'What happened';
COMMENT ON COLUMN history.source_ids IS 'Sources cited';
COMMENT ON COLUMN history.recorded_at IS 'When it was recorded (UTC)';
COMMENT ON COLUMN history.recorded_by IS 'Who recorded it';
COMMENT ON COLUMN history.withdrawn_at IS 'When it was withdrawn (UTC); empty while it stands';
COMMENT ON COLUMN history.withdrawn_by IS 'Who withdrew it';

CREATE TABLE citations (
    commitment_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    position INTEGER NOT NULL,
    source_id VARCHAR NOT NULL,
    bearing VARCHAR NOT NULL,
    credibility INTEGER NOT NULL,
    locator VARCHAR,
    quote VARCHAR
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

CREATE TABLE checks (
    id VARCHAR NOT NULL,
    commitment_id VARCHAR NOT NULL,
    checked_on DATE NOT NULL,
    places VARCHAR[] NOT NULL,
    languages VARCHAR[] NOT NULL,
    terms VARCHAR[] NOT NULL,
    note VARCHAR,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL
);
COMMENT ON TABLE checks IS 'Searches that found nothing new, one row per search and commitment';
COMMENT ON COLUMN checks.id IS 'Search';
COMMENT ON COLUMN checks.commitment_id IS 'Commitment it was made for';
COMMENT ON COLUMN checks.checked_on IS 'Day of the search';
COMMENT ON COLUMN checks.places IS 'Where it looked';
COMMENT ON COLUMN checks.languages IS 'Languages it covered (BCP 47)';
COMMENT ON COLUMN checks.terms IS 'Words it looked for';
COMMENT ON COLUMN checks.note IS 'Remark';
COMMENT ON COLUMN checks.recorded_at IS 'When it was recorded (UTC)';
COMMENT ON COLUMN checks.recorded_by IS 'Who looked';

CREATE TABLE disputes (
    id VARCHAR NOT NULL,
    claim VARCHAR NOT NULL,
    sides STRUCT(position VARCHAR, source_ids VARCHAR[])[] NOT NULL,
    holds VARCHAR,
    why VARCHAR,
    settled BOOLEAN NOT NULL,
    commitment_ids VARCHAR[] NOT NULL,
    version INTEGER NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by VARCHAR NOT NULL
);
COMMENT ON TABLE disputes IS 'Sources that cannot both be right';
COMMENT ON COLUMN disputes.id IS 'Identifier';
COMMENT ON COLUMN disputes.claim IS 'What is disputed, as a question';
COMMENT ON COLUMN disputes.sides IS 'Positions, each with the sources that take it';
COMMENT ON COLUMN disputes.holds IS 'What we hold';
COMMENT ON COLUMN disputes.why IS 'Why';
COMMENT ON COLUMN disputes.settled IS 'Whether one position holds; false while it is open';
COMMENT ON COLUMN disputes.commitment_ids IS 'Commitments it touches';
COMMENT ON COLUMN disputes.version IS 'Version';
COMMENT ON COLUMN disputes.recorded_at IS 'When this version was recorded (UTC)';
COMMENT ON COLUMN disputes.recorded_by IS 'Who recorded it';

CREATE TABLE judgements (
    commitment_id VARCHAR NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    known_from TIMESTAMP NOT NULL,
    known_to TIMESTAMP NOT NULL,
    stage VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    stage_since VARCHAR,
    schedule VARCHAR NOT NULL,
    confidence VARCHAR NOT NULL,
    disputed BOOLEAN NOT NULL,
    official_stage VARCHAR,
    evidence_reaches DATE,
    last_checked DATE,
    deadline DATE,
    rules_version INTEGER NOT NULL
);
COMMENT ON TABLE judgements IS 'What the rules said of every commitment for every day, and the time for which we believed it';
COMMENT ON COLUMN judgements.commitment_id IS 'Commitment';
COMMENT ON COLUMN judgements.valid_from IS 'First day for which it holds';
COMMENT ON COLUMN judgements.valid_to IS 'First day for which it no longer holds';
COMMENT ON COLUMN judgements.known_from IS 'When we came to believe it (UTC)';
COMMENT ON COLUMN judgements.known_to IS 'When we ceased to believe it (UTC)';
COMMENT ON COLUMN judgements.stage IS 'How far it is';
COMMENT ON COLUMN judgements.status IS 'The comparable word for it';
COMMENT ON COLUMN judgements.stage_since IS 'Date (EDTF) of the event that began the present stage';
COMMENT ON COLUMN judgements.schedule IS 'Where it stands against its date';
COMMENT ON COLUMN judgements.confidence IS 'How well the evidence carries the stage';
COMMENT ON COLUMN judgements.disputed IS 'Whether sources on record disagree about it';
COMMENT ON COLUMN judgements.official_stage IS 'Furthest stage that an official source supports';
COMMENT ON COLUMN judgements.evidence_reaches IS 'Latest day for which evidence or a check speaks';
COMMENT ON COLUMN judgements.last_checked IS 'Day of the latest recorded search';
COMMENT ON COLUMN judgements.deadline IS 'Latest day of the date that is awaited: stated, or the last edition plus the rhythm';
COMMENT ON COLUMN judgements.rules_version IS 'Version of the rules that said so';

CREATE VIEW evidence AS
SELECT c.commitment_id, c.version, c.source_id, c.bearing, s.reliability, c.credibility, c.locator, c.quote
FROM citations AS c
JOIN sources AS s ON s.id = c.source_id;
COMMENT ON VIEW evidence IS 'The bearing of one source on one event, with both Admiralty grades';
COMMENT ON COLUMN evidence.commitment_id IS 'Commitment';
COMMENT ON COLUMN evidence.version IS 'Event it bears on (see history)';
COMMENT ON COLUMN evidence.source_id IS 'Source';
COMMENT ON COLUMN evidence.bearing IS 'supports, contradicts or context';
COMMENT ON COLUMN evidence.reliability IS 'Reliability of the source, A to F';
COMMENT ON COLUMN evidence.credibility IS 'Credibility of what it says, 1 confirmed to 5 improbable, 6 cannot be judged';
COMMENT ON COLUMN evidence.locator IS 'Where in the source';
COMMENT ON COLUMN evidence.quote IS 'Words of the source';

CREATE MACRO plain(words) AS lower(strip_accents(nfc_normalize(words)));
COMMENT ON MACRO plain IS 'A text as one searches for it: without case, accents and ways of composing Hangul';

CREATE MACRO as_of(day) AS TABLE
SELECT
    d.commitment_id AS id, d.title, d.pledge, d.kind, d.pillar, d.agreement_id, d.parties, d.headline,
    d.due, d.due_earliest, d.due_latest, d.cadence, d.fulfilment_test,
    j.stage, j.status, j.stage_since, j.schedule, j.confidence, j.disputed, j.official_stage,
    j.evidence_reaches, j.last_checked, h.version, h.recorded_at
FROM judgements AS j
JOIN definitions AS d ON d.commitment_id = j.commitment_id AND d.known_to = TIMESTAMP '9999-12-31'
JOIN heads AS h ON h.commitment_id = j.commitment_id
WHERE j.known_to = TIMESTAMP '9999-12-31'
    AND j.valid_from <= CAST(day AS DATE) AND CAST(day AS DATE) < j.valid_to;
COMMENT ON MACRO TABLE as_of IS 'Commitments as they stood on a day, by all that is known now';

CREATE MACRO as_known(day, known_at) AS TABLE
SELECT
    d.commitment_id AS id, d.title, d.pledge, d.kind, d.pillar, d.agreement_id, d.parties, d.headline,
    d.due, d.due_earliest, d.due_latest, d.cadence, d.fulfilment_test,
    j.stage, j.status, j.stage_since, j.schedule, j.confidence, j.disputed, j.official_stage,
    j.evidence_reaches, j.last_checked, h.version, h.recorded_at
FROM judgements AS j
JOIN definitions AS d ON d.commitment_id = j.commitment_id
    AND d.known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < d.known_to
JOIN (
    SELECT entity_id, max(version) AS version, max(recorded_at) AS recorded_at
    FROM ledger
    WHERE entity = 'commitment' AND recorded_at <= CAST(known_at AS TIMESTAMP)
    GROUP BY entity_id
) AS h ON h.entity_id = j.commitment_id
WHERE j.known_from <= CAST(known_at AS TIMESTAMP) AND CAST(known_at AS TIMESTAMP) < j.known_to
    AND j.valid_from <= CAST(day AS DATE) AND CAST(day AS DATE) < j.valid_to;
COMMENT ON MACRO TABLE as_known IS 'Commitments as they stood on a day, by what was known at a moment (UTC)';

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
COMMENT ON COLUMN commitments.stage IS 'How far it is, in the words of its kind';
COMMENT ON COLUMN commitments.status IS 'The comparable word: unconfirmed, pledged, in-progress, ongoing, delivered or not-delivered';
COMMENT ON COLUMN commitments.stage_since IS 'Date (EDTF) of the event that began the present stage';
COMMENT ON COLUMN commitments.schedule IS 'Against its date: no-date, upcoming, due-soon, late, lapsed, met or unknown';
COMMENT ON COLUMN commitments.confidence IS 'How well the evidence carries the stage: high, moderate or low';
COMMENT ON COLUMN commitments.disputed IS 'Whether sources on record disagree about it';
COMMENT ON COLUMN commitments.official_stage IS 'Furthest stage that an official source supports';
COMMENT ON COLUMN commitments.evidence_reaches IS 'Latest day for which evidence or a check speaks';
COMMENT ON COLUMN commitments.last_checked IS 'Day of the latest recorded search; empty where nobody looked';
COMMENT ON COLUMN commitments.version IS 'Newest version';
COMMENT ON COLUMN commitments.recorded_at IS 'When that version was recorded (UTC)';
