-- Events of this batch and the evidence for them.
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

INSERT INTO citations BY NAME
SELECT commitment_id, version, position, item.source_id, item.bearing, item.credibility, item.locator, item.quote
FROM (
    SELECT commitment_id, version, unnest(items) AS item, generate_subscripts(items, 1) AS position
    FROM happened
)
ORDER BY commitment_id, version, position;
