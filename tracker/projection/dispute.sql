-- Disputes of this batch; both what they touch and what they touched is judged anew.
INSERT INTO touched
SELECT unnest(commitment_ids) FROM dispute_versions
WHERE known_to = TIMESTAMP '9999-12-31' AND id IN (SELECT entity_id FROM latest WHERE entity = 'dispute');
INSERT INTO touched
SELECT unnest(CAST(payload->'commitment_ids' AS VARCHAR[])) FROM latest WHERE entity = 'dispute';

UPDATE dispute_versions SET known_to = l.recorded_at
FROM latest AS l
WHERE l.entity = 'dispute' AND l.entity_id = dispute_versions.id
    AND dispute_versions.known_to = TIMESTAMP '9999-12-31';
INSERT INTO dispute_versions BY NAME
SELECT
    entity_id AS id, payload->>'claim' AS claim,
    from_json(payload->'sides', '[{"position": "VARCHAR", "source_ids": ["VARCHAR"], "holds": "BOOLEAN"}]') AS sides,
    payload->>'holds' AS holds, payload->>'why' AS why, CAST(payload->>'settled' AS BOOLEAN) AS settled,
    CAST(payload->'commitment_ids' AS VARCHAR[]) AS commitment_ids,
    version, recorded_at, actor AS recorded_by,
    recorded_at AS known_from, TIMESTAMP '9999-12-31' AS known_to
FROM latest WHERE entity = 'dispute' ORDER BY entity_id;
