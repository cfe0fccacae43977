-- Agreements of this batch.
UPDATE agreement_versions SET known_to = l.recorded_at
FROM latest AS l
WHERE l.entity = 'agreement' AND l.entity_id = agreement_versions.id
    AND agreement_versions.known_to = TIMESTAMP '9999-12-31';
INSERT INTO agreement_versions BY NAME
SELECT
    entity_id AS id, payload->>'title' AS title, CAST(payload->'parties' AS VARCHAR[]) AS parties,
    l.payload->>'kind' AS kind, payload->>'dated' AS dated,
    p.earliest AS dated_earliest, p.latest AS dated_latest,
    CAST(payload->'source_ids' AS VARCHAR[]) AS source_ids, payload->>'summary' AS summary,
    version, recorded_at, actor AS recorded_by,
    recorded_at AS known_from, TIMESTAMP '9999-12-31' AS known_to
FROM latest AS l
LEFT JOIN dates AS p ON p.edtf = payload->>'dated'
WHERE entity = 'agreement' ORDER BY entity_id;
