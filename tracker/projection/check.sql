-- Searches of this batch. A corrected one may have been made for other commitments before.
INSERT INTO touched
SELECT commitment_id FROM check_versions
WHERE known_to = TIMESTAMP '9999-12-31' AND id IN (SELECT entity_id FROM latest WHERE entity = 'check');
INSERT INTO touched
SELECT unnest(CAST(payload->'commitment_ids' AS VARCHAR[])) FROM latest WHERE entity = 'check';

UPDATE check_versions SET known_to = l.recorded_at
FROM latest AS l
WHERE l.entity = 'check' AND l.entity_id = check_versions.id AND check_versions.known_to = TIMESTAMP '9999-12-31';
INSERT INTO check_versions BY NAME
SELECT
    entity_id AS id, unnest(CAST(payload->'commitment_ids' AS VARCHAR[])) AS commitment_id,
    CAST(payload->>'checked_on' AS DATE) AS checked_on,
    CAST(payload->'places' AS VARCHAR[]) AS places, CAST(payload->'languages' AS VARCHAR[]) AS languages,
    CAST(payload->'terms' AS VARCHAR[]) AS terms, payload->>'note' AS note,
    version, recorded_at, actor AS recorded_by,
    recorded_at AS known_from, TIMESTAMP '9999-12-31' AS known_to
FROM latest WHERE entity = 'check' ORDER BY entity_id;
