-- Second judgements of this batch. They are compared with the first and change no answer.
DELETE FROM codings WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'coding');
INSERT INTO codings BY NAME
SELECT
    entity_id AS id, payload->>'commitment_id' AS commitment_id,
    CAST(payload->>'event_version' AS INTEGER) AS event_version, payload->>'stage' AS stage,
    payload->>'note' AS note, recorded_at, actor AS recorded_by
FROM latest WHERE entity = 'coding' ORDER BY entity_id;
