-- Data sets of this batch; a thing written twice in a batch stands once in `latest`.
UPDATE dataset_versions SET known_to = l.recorded_at
FROM latest AS l
WHERE l.entity = 'dataset' AND l.entity_id = dataset_versions.id
    AND dataset_versions.known_to = TIMESTAMP '9999-12-31';
INSERT INTO dataset_versions BY NAME
SELECT
    entity_id AS id, payload->>'subject' AS subject, CAST(payload->>'as_of' AS DATE) AS as_of,
    payload->>'compiled_from' AS compiled_from, payload->>'text_limits' AS text_limits,
    CAST(payload->'evidence_horizon' AS STRUCT(corpus VARCHAR, dense_until DATE, remark VARCHAR)[]) AS evidence_horizon,
    payload->>'date_rule' AS date_rule, payload->>'milestone_rule' AS milestone_rule,
    version, recorded_at, actor AS recorded_by,
    recorded_at AS known_from, TIMESTAMP '9999-12-31' AS known_to
FROM latest WHERE entity = 'dataset' ORDER BY entity_id;
