-- Data sets of this batch; a thing written twice in a batch stands once in `latest`.
DELETE FROM datasets WHERE id IN (SELECT entity_id FROM latest WHERE entity = 'dataset');
INSERT INTO datasets BY NAME
SELECT
    entity_id AS id, payload->>'subject' AS subject, CAST(payload->>'as_of' AS DATE) AS as_of,
    payload->>'compiled_from' AS compiled_from, payload->>'text_limits' AS text_limits,
    CAST(payload->'evidence_horizon' AS STRUCT(corpus VARCHAR, dense_until DATE, remark VARCHAR)[]) AS evidence_horizon,
    payload->>'date_rule' AS date_rule, payload->>'milestone_rule' AS milestone_rule,
    version, recorded_at, actor AS recorded_by
FROM latest WHERE entity = 'dataset';
