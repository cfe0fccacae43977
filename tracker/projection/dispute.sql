-- Disputes of this batch; both what they touch and what they touched is judged anew.
INSERT INTO touched
SELECT unnest(commitment_ids) FROM disputes WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'dispute');
INSERT INTO touched
SELECT unnest(CAST(payload->'commitment_ids' AS VARCHAR[])) FROM latest WHERE entity = 'dispute';

DELETE FROM disputes WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'dispute');
INSERT INTO disputes BY NAME
SELECT
    entity_id AS id, payload->>'claim' AS claim,
    CAST(payload->'sides' AS STRUCT(position VARCHAR, source_ids VARCHAR[])[]) AS sides,
    payload->>'holds' AS holds, payload->>'why' AS why, CAST(payload->>'settled' AS BOOLEAN) AS settled,
    CAST(payload->'commitment_ids' AS VARCHAR[]) AS commitment_ids,
    version, recorded_at, actor AS recorded_by
FROM latest WHERE entity = 'dispute' ORDER BY entity_id;
