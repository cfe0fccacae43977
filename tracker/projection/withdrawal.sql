-- Events of commitments that this batch takes out of what counts, or back in.
UPDATE withdrawals SET known_to = f.recorded_at
FROM fresh AS f
WHERE f.kind = 'restore' AND f.entity_id = withdrawals.commitment_id AND f.entity = 'commitment'
    AND CAST(f.payload->>'version' AS INTEGER) = withdrawals.version
    AND withdrawals.known_to = TIMESTAMP '9999-12-31';
INSERT INTO withdrawals BY NAME
SELECT
    entity_id AS commitment_id, CAST(payload->>'version' AS INTEGER) AS version, actor AS withdrawn_by,
    payload->>'reason' AS because, recorded_at AS known_from, TIMESTAMP '9999-12-31' AS known_to
FROM fresh WHERE kind = 'withdraw' AND entity = 'commitment' ORDER BY commitment_id, version;

-- Sources, searches and disputes likewise: a new version of the row says so.
CREATE OR REPLACE TEMP TABLE marked AS
SELECT entity, entity_id, version, recorded_at, if(kind = 'withdraw', recorded_at, NULL) AS withdrawn_at,
    if(kind = 'withdraw', actor, NULL) AS withdrawn_by,
    if(kind = 'withdraw', payload->>'reason', NULL) AS withdrawn_because
FROM fresh WHERE kind IN ('withdraw', 'restore') AND entity <> 'commitment';
