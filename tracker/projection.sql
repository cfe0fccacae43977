-- From the ledger entries in the temporary table `fresh` to the tables that readers use.
-- One batch at a time, in order: everything here may rely on what earlier batches left.

-- A text column reads JSON null as missing; a thing written twice in a batch counts once.
CREATE OR REPLACE TEMP TABLE latest AS
SELECT * FROM fresh WHERE kind IN ('add', 'revise')
QUALIFY row_number() OVER (PARTITION BY entity, entity_id ORDER BY version DESC) = 1;

DELETE FROM datasets WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'dataset');
INSERT INTO datasets BY NAME
SELECT
    entity_id AS id, payload->>'subject' AS subject, CAST(payload->>'as_of' AS DATE) AS as_of,
    payload->>'compiled_from' AS compiled_from, payload->>'text_limits' AS text_limits,
    CAST(payload->'evidence_horizon' AS STRUCT(corpus VARCHAR, dense_until DATE, remark VARCHAR)[]) AS evidence_horizon,
    payload->>'date_rule' AS date_rule, payload->>'milestone_rule' AS milestone_rule,
    version, recorded_at, actor AS recorded_by
FROM latest WHERE entity = 'dataset';

DELETE FROM sources WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'source');
INSERT INTO sources BY NAME
SELECT
    entity_id AS id, payload->>'title' AS title,
    CAST(payload->>'title_is_descriptive' AS BOOLEAN) AS title_is_descriptive,
    payload->>'publisher' AS publisher, l.payload->>'kind' AS kind,
    payload->>'published' AS published, p.earliest AS published_earliest, p.latest AS published_latest,
    payload->>'url' AS url, payload->>'language' AS language,
    payload->>'reliability' AS reliability, payload->>'reliability_reason' AS reliability_reason,
    payload->>'note' AS note, version, recorded_at, actor AS recorded_by
FROM latest AS l
LEFT JOIN dates AS p ON p.edtf = payload->>'published'
WHERE entity = 'source' ORDER BY entity_id;

DELETE FROM agreements WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'agreement');
INSERT INTO agreements BY NAME
SELECT
    entity_id AS id, payload->>'title' AS title, CAST(payload->'parties' AS VARCHAR[]) AS parties,
    l.payload->>'kind' AS kind, payload->>'dated' AS dated,
    p.earliest AS dated_earliest, p.latest AS dated_latest,
    CAST(payload->'source_ids' AS VARCHAR[]) AS source_ids, payload->>'summary' AS summary,
    version, recorded_at, actor AS recorded_by
FROM latest AS l
LEFT JOIN dates AS p ON p.edtf = payload->>'dated'
WHERE entity = 'agreement' ORDER BY entity_id;

UPDATE definitions SET known_to = l.recorded_at
FROM latest AS l
WHERE l.entity = 'commitment' AND l.entity_id = definitions.commitment_id
    AND definitions.known_to = TIMESTAMP '9999-12-31';
INSERT INTO definitions BY NAME
SELECT
    entity_id AS commitment_id, version, recorded_at AS known_from, TIMESTAMP '9999-12-31' AS known_to,
    payload->>'title' AS title, payload->>'pledge' AS pledge, l.payload->>'kind' AS kind,
    payload->>'pillar' AS pillar, payload->>'agreement_id' AS agreement_id,
    CAST(payload->'parties' AS STRUCT("name" VARCHAR, bodies VARCHAR[])[]) AS parties,
    payload->>'parties_basis' AS parties_basis, CAST(payload->>'headline' AS BOOLEAN) AS headline,
    payload->>'due' AS due, p.earliest AS due_earliest, p.latest AS due_latest,
    payload->>'cadence' AS cadence, payload->>'cadence_note' AS cadence_note,
    payload->>'fulfilment_test' AS fulfilment_test,
    CAST(payload->'source_ids' AS VARCHAR[]) AS source_ids,
    CAST(payload->'related_source_ids' AS VARCHAR[]) AS related_source_ids,
    CAST(payload->'open_questions' AS VARCHAR[]) AS open_questions,
    CAST(payload->'conflicts' AS VARCHAR[]) AS conflicts,
    CAST(nullif(payload->>'assessment', 'null')
        AS STRUCT(stage VARCHAR, since VARCHAR, confidence VARCHAR, note VARCHAR)) AS assessment
FROM latest AS l
LEFT JOIN dates AS p ON p.edtf = payload->>'due'
WHERE entity = 'commitment' ORDER BY entity_id;

DELETE FROM milestones WHERE commitment_id IN (SELECT entity_id FROM latest WHERE entity = 'commitment');
INSERT INTO milestones BY NAME
SELECT
    m.commitment_id, m.position, m.step.name AS "name",
    m.step.expected AS expected, e.earliest AS expected_earliest, e.latest AS expected_latest,
    m.step.expected_basis AS expected_basis,
    m.step.reached AS reached, r.earliest AS reached_earliest, r.latest AS reached_latest,
    m.step.note AS note
FROM (
    SELECT commitment_id, unnest(steps) AS step, generate_subscripts(steps, 1) AS position
    FROM (
        SELECT entity_id AS commitment_id,
            CAST(payload->'milestones' AS STRUCT(
                "name" VARCHAR, expected VARCHAR, expected_basis VARCHAR, reached VARCHAR, note VARCHAR)[]) AS steps
        FROM latest WHERE entity = 'commitment'
    )
) AS m
LEFT JOIN dates AS e ON e.edtf = m.step.expected
LEFT JOIN dates AS r ON r.edtf = m.step.reached
ORDER BY m.commitment_id, m.position;

CREATE OR REPLACE TEMP TABLE moved AS
SELECT entity_id AS commitment_id, max(version) AS version, max(recorded_at) AS recorded_at
FROM fresh WHERE entity = 'commitment' GROUP BY entity_id;
DELETE FROM heads WHERE commitment_id IN (SELECT commitment_id FROM moved);
INSERT INTO heads BY NAME FROM moved ORDER BY commitment_id;

CREATE OR REPLACE TEMP TABLE happened AS
SELECT entity_id AS commitment_id, version, payload, recorded_at, actor,
    CAST(payload->'evidence' AS STRUCT(
        source_id VARCHAR, bearing VARCHAR, credibility INTEGER, locator VARCHAR, quote VARCHAR)[]) AS items
FROM fresh WHERE entity = 'commitment' AND kind = 'event';

INSERT INTO history BY NAME
SELECT
    h.commitment_id, h.version, h.payload->>'happened_on' AS happened_on,
    p.earliest AS happened_earliest, p.latest AS happened_latest,
    c.stage, c.status, h.payload->>'note' AS note,
    list_transform(h.items, lambda i: i.source_id) AS source_ids,
    h.recorded_at, h.actor AS recorded_by
FROM happened AS h
JOIN dates AS p ON p.edtf = h.payload->>'happened_on'
JOIN definitions AS d ON d.commitment_id = h.commitment_id AND d.known_to = TIMESTAMP '9999-12-31'
JOIN lifecycle AS c ON c.kind = d.kind AND c.stage = h.payload->>'stage'
ORDER BY h.commitment_id, h.version;

-- A new kind may give a stage that was told before another status.
UPDATE history SET status = c.status
FROM latest AS l
JOIN lifecycle AS c ON c.kind = (l.payload->>'kind')
WHERE l.entity = 'commitment' AND l.entity_id = history.commitment_id
    AND c.stage = history.stage AND c.status <> history.status;

INSERT INTO citations BY NAME
SELECT commitment_id, version, position, item.source_id, item.bearing, item.credibility, item.locator, item.quote
FROM (
    SELECT commitment_id, version, unnest(items) AS item, generate_subscripts(items, 1) AS position
    FROM happened
)
ORDER BY commitment_id, version, position;

-- Whose judgement may change: commitments written to, those that cite a rewritten source,
-- those that a check or a dispute touches or touched.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT commitment_id FROM moved
UNION SELECT commitment_id FROM citations WHERE source_id IN (SELECT entity_id FROM latest WHERE entity = 'source')
UNION SELECT unnest(CAST(payload->'commitment_ids' AS VARCHAR[])) FROM latest WHERE entity IN ('check', 'dispute')
UNION SELECT commitment_id FROM checks WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'check')
UNION SELECT unnest(commitment_ids) FROM disputes WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'dispute');

DELETE FROM checks WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'check');
INSERT INTO checks BY NAME
SELECT
    entity_id AS id, unnest(CAST(payload->'commitment_ids' AS VARCHAR[])) AS commitment_id,
    CAST(payload->>'checked_on' AS DATE) AS checked_on,
    CAST(payload->'places' AS VARCHAR[]) AS places, CAST(payload->'languages' AS VARCHAR[]) AS languages,
    CAST(payload->'terms' AS VARCHAR[]) AS terms, payload->>'note' AS note,
    recorded_at, actor AS recorded_by
FROM latest WHERE entity = 'check';

DELETE FROM disputes WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'dispute');
INSERT INTO disputes BY NAME
SELECT
    entity_id AS id, payload->>'claim' AS claim,
    CAST(payload->'sides' AS STRUCT(position VARCHAR, source_ids VARCHAR[])[]) AS sides,
    payload->>'holds' AS holds, payload->>'why' AS why, CAST(payload->>'settled' AS BOOLEAN) AS settled,
    CAST(payload->'commitment_ids' AS VARCHAR[]) AS commitment_ids,
    version, recorded_at, actor AS recorded_by
FROM latest WHERE entity = 'dispute' ORDER BY entity_id;
