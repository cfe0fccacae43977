-- Sources of this batch. A new grade or publisher may move every commitment that cites them.
DELETE FROM sources WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'source');
INSERT INTO sources BY NAME
SELECT
    entity_id AS id, payload->>'title' AS title,
    CAST(payload->>'title_is_descriptive' AS BOOLEAN) AS title_is_descriptive,
    payload->>'publisher' AS publisher, l.payload->>'kind' AS kind,
    payload->>'published' AS published, p.earliest AS published_earliest, p.latest AS published_latest,
    payload->>'url' AS url, payload->>'language' AS language,
    payload->>'reliability' AS reliability, payload->>'reliability_reason' AS reliability_reason,
    payload->>'note' AS note, version, recorded_at, actor AS recorded_by
FROM latest AS l
LEFT JOIN dates AS p ON p.edtf = payload->>'published'
WHERE entity = 'source' ORDER BY entity_id;

INSERT INTO touched
SELECT commitment_id FROM citations WHERE source_id IN (SELECT entity_id FROM latest WHERE entity = 'source');
