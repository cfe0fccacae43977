-- Agreements of this batch.
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
