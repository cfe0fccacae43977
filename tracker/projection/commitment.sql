-- Wordings of commitments in this batch: the old one is closed, the new one opened.
UPDATE definitions SET known_to = l.recorded_at
FROM latest AS l
WHERE l.entity = 'commitment' AND l.entity_id = definitions.commitment_id
    AND definitions.known_to = TIMESTAMP '9999-12-31';
INSERT INTO definitions BY NAME
SELECT
    entity_id AS commitment_id, version, actor AS recorded_by, payload->>'because' AS because,
    recorded_at AS known_from, TIMESTAMP '9999-12-31' AS known_to,
    payload->>'title' AS title, payload->>'pledge' AS pledge, l.payload->>'kind' AS kind,
    payload->>'pillar' AS pillar, payload->>'agreement_id' AS agreement_id,
    CAST(payload->'parties' AS STRUCT("name" VARCHAR, bodies VARCHAR[])[]) AS parties,
    payload->>'parties_basis' AS parties_basis, CAST(payload->>'headline' AS BOOLEAN) AS headline,
    payload->>'due' AS due, p.earliest AS due_earliest, p.latest AS due_latest,
    payload->>'cadence' AS cadence, payload->>'cadence_note' AS cadence_note,
    payload->>'lapses_after' AS lapses_after,
    payload->>'fulfilment_test' AS fulfilment_test,
    CAST(payload->'source_ids' AS VARCHAR[]) AS source_ids,
    CAST(payload->'related_source_ids' AS VARCHAR[]) AS related_source_ids,
    CAST(payload->'open_questions' AS VARCHAR[]) AS open_questions,
    CAST(payload->'conflicts' AS VARCHAR[]) AS conflicts,
    CAST(nullif(payload->>'assessment', 'null')
        AS STRUCT(stage VARCHAR, since VARCHAR, confidence VARCHAR, note VARCHAR)) AS assessment,
    plain(names) || coalesce(chr(31) || plain(texts), '') AS searchable,
    replace(plain(names), ' ', '') AS searchable_names
FROM (
    SELECT *,
        concat_ws(chr(31), entity_id, payload->>'title',
            array_to_string(json_extract_string(payload, '$.parties[*].name'), chr(31)),
            array_to_string(json_extract_string(payload, '$.parties[*].bodies[*]'), chr(31)),
            array_to_string(json_extract_string(payload, '$.translations[*].title'), chr(31))) AS names,
        concat_ws(chr(31), payload->>'pledge',
            array_to_string(json_extract_string(payload, '$.translations[*].pledge'), chr(31))) AS texts
    FROM latest WHERE entity = 'commitment'
) AS l
LEFT JOIN dates AS p ON p.edtf = payload->>'due'
WHERE entity = 'commitment' ORDER BY entity_id;

UPDATE milestone_versions SET known_to = l.recorded_at
FROM latest AS l
WHERE l.entity = 'commitment' AND l.entity_id = milestone_versions.commitment_id
    AND milestone_versions.known_to = TIMESTAMP '9999-12-31';
INSERT INTO milestone_versions BY NAME
SELECT
    m.commitment_id, m.position, m.step.name AS "name",
    m.step.expected AS expected, e.earliest AS expected_earliest, e.latest AS expected_latest,
    m.step.expected_basis AS expected_basis,
    m.step.reached AS reached, r.earliest AS reached_earliest, r.latest AS reached_latest,
    m.step.note AS note, m.recorded_at AS known_from, TIMESTAMP '9999-12-31' AS known_to
FROM (
    SELECT commitment_id, recorded_at, unnest(steps) AS step, generate_subscripts(steps, 1) AS position
    FROM (
        SELECT entity_id AS commitment_id, recorded_at,
            CAST(payload->'milestones' AS STRUCT(
                "name" VARCHAR, expected VARCHAR, expected_basis VARCHAR, reached VARCHAR, note VARCHAR)[]) AS steps
        FROM latest WHERE entity = 'commitment'
    )
) AS m
LEFT JOIN dates AS e ON e.edtf = m.step.expected
LEFT JOIN dates AS r ON r.edtf = m.step.reached
ORDER BY m.commitment_id, m.position;
