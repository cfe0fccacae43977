-- Sources of this batch. A new grade or origin may move every commitment that cites them.
UPDATE source_versions SET known_to = l.recorded_at
FROM latest AS l
WHERE l.entity = 'source' AND l.entity_id = source_versions.id AND source_versions.known_to = TIMESTAMP '9999-12-31';
INSERT INTO source_versions BY NAME
SELECT
    entity_id AS id, payload->>'title' AS title,
    CAST(payload->>'title_is_descriptive' AS BOOLEAN) AS title_is_descriptive,
    payload->>'publisher' AS publisher, l.payload->>'kind' AS kind,
    payload->>'published' AS published, p.earliest AS published_earliest, p.latest AS published_latest,
    payload->>'url' AS url, payload->>'language' AS language,
    payload->>'reliability' AS reliability, payload->>'reliability_reason' AS reliability_reason,
    payload->>'note' AS note, coalesce(payload->>'origin', payload->>'publisher') AS origin,
    coalesce(CAST(payload->'speaks_for' AS VARCHAR[]), []) AS speaks_for,
    plain(concat_ws(chr(31), payload->>'title', payload->>'publisher')) AS searchable,
    version, recorded_at, actor AS recorded_by,
    recorded_at AS known_from, TIMESTAMP '9999-12-31' AS known_to
FROM latest AS l
LEFT JOIN dates AS p ON p.edtf = payload->>'published'
WHERE entity = 'source' ORDER BY entity_id;

INSERT INTO touched
SELECT commitment_id FROM citations WHERE source_id IN (SELECT entity_id FROM latest WHERE entity = 'source');
