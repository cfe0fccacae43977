-- Events of this batch, the evidence for them, and what they replace.
CREATE OR REPLACE TEMP TABLE happened AS
SELECT entity_id AS commitment_id, version, payload, recorded_at, actor,
    -- A cast would refuse lines that lack the keys of later models.
    from_json(payload->'evidence', '[{
        "source_id": "VARCHAR", "bearing": "VARCHAR", "credibility": "INTEGER", "locator": "VARCHAR",
        "quote": "VARCHAR", "prefix": "VARCHAR", "suffix": "VARCHAR", "archive_sha256": "VARCHAR"}]') AS items
FROM fresh WHERE entity = 'commitment' AND kind = 'event';

INSERT INTO events BY NAME
SELECT
    h.commitment_id, h.version, h.payload->>'happened_on' AS happened_on,
    p.earliest AS happened_earliest, p.latest AS happened_latest,
    -- Nobody records what has not happened.
    least(p.latest, CAST(h.recorded_at AS DATE)) AS certain_on,
    h.payload->>'stage' AS stage, h.payload->>'party' AS party, h.payload->>'note' AS note,
    list_transform(h.items, lambda i: i.source_id) AS source_ids,
    CAST(h.payload->>'supersedes' AS INTEGER) AS supersedes,
    h.recorded_at, h.actor AS recorded_by
FROM happened AS h
JOIN dates AS p ON p.edtf = h.payload->>'happened_on'
ORDER BY h.commitment_id, h.version;

INSERT INTO citations BY NAME
SELECT commitment_id, version, position, unnest(item)
FROM (
    SELECT commitment_id, version, unnest(items) AS item, generate_subscripts(items, 1) AS position
    FROM happened
)
ORDER BY commitment_id, version, position;

INSERT INTO withdrawals BY NAME
SELECT
    commitment_id, CAST(payload->>'supersedes' AS INTEGER) AS version, actor AS withdrawn_by,
    payload->>'because' AS because, version AS superseded_by,
    recorded_at AS known_from, TIMESTAMP '9999-12-31' AS known_to
FROM happened WHERE payload->>'supersedes' IS NOT NULL;
