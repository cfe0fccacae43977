-- Searches of this batch. A corrected one may have been made for other commitments before.
INSERT INTO touched
SELECT commitment_id FROM checks WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'check');
INSERT INTO touched
SELECT unnest(CAST(payload->'commitment_ids' AS VARCHAR[])) FROM latest WHERE entity = 'check';

DELETE FROM checks WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'check');
INSERT INTO checks BY NAME
SELECT
    entity_id AS id, unnest(CAST(payload->'commitment_ids' AS VARCHAR[])) AS commitment_id,
    CAST(payload->>'checked_on' AS DATE) AS checked_on,
    CAST(payload->'places' AS VARCHAR[]) AS places, CAST(payload->'languages' AS VARCHAR[]) AS languages,
    CAST(payload->'terms' AS VARCHAR[]) AS terms, payload->>'note' AS note,
    recorded_at, actor AS recorded_by
FROM latest WHERE entity = 'check';
