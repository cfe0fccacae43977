-- Changes that were proposed or decided in this batch.
INSERT INTO proposals BY NAME
SELECT
    entity_id AS id, 'waiting' AS state, recorded_at AS proposed_at, actor AS proposed_by,
    list_sort(list_distinct(
        json_extract_string(payload, '$.changes[*].payload.commitment_id')
        || list_transform(
            list_filter(CAST(payload->'changes' AS JSON[]), lambda c: c->>'entity' = 'commitment'),
            lambda c: c->>'entity_id')
        || json_extract_string(payload, '$.changes[*].payload.commitment_ids[*]')
    )) AS commitment_ids,
    payload->'changes' AS changes
FROM fresh WHERE entity = 'proposal' AND kind = 'add' ORDER BY entity_id;
UPDATE proposals SET
    state = if(f.kind = 'approve', 'approved', 'declined'), decided_at = f.recorded_at, decided_by = f.actor,
    reason = f.payload->>'reason'
FROM fresh AS f
WHERE f.entity = 'proposal' AND f.kind IN ('approve', 'decline') AND f.entity_id = proposals.id;
