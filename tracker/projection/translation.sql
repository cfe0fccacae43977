-- Translations of this batch. One that is told again unchanged stands on as it was, with the
-- words that it was made from: once those are reworded, or a conclusion is taken back, it translates
-- what is no longer on record. What is told of a conclusion that there never was translates nothing.
CREATE OR REPLACE TEMP TABLE translated AS
WITH told AS (
    SELECT entity, entity_id, version, recorded_at, actor, payload->>'title' AS title,
        payload->>'pledge' AS pledge, payload->>'subject' AS subject,
        payload->>'claim' AS claim, payload->>'holds' AS holds, payload->>'why' AS why,
        unnest(CAST(payload->'translations' AS JSON[])) AS t
    FROM latest WHERE entity IN ('dataset', 'agreement', 'commitment', 'dispute')
        AND contains(payload, '"translations":[')
),
names AS (
    SELECT told.*, unnest(map_entries(CAST(t->'names' AS MAP(VARCHAR, VARCHAR)))) AS pair
    FROM told WHERE entity = 'dataset'
),
positions AS (
    SELECT told.*, unnest(map_entries(CAST(t->'positions' AS MAP(VARCHAR, VARCHAR)))) AS pair
    FROM told WHERE entity = 'dispute'
),
texts AS (
    SELECT *, 'title' AS field, title AS original, t->>'title' AS text FROM told
    UNION ALL SELECT *, 'pledge', pledge, t->>'pledge' FROM told
    UNION ALL SELECT *, 'subject', subject, t->>'subject' FROM told
    UNION ALL SELECT *, 'claim', claim, t->>'claim' FROM told
    UNION ALL SELECT *, 'holds', holds, t->>'holds' FROM told
    UNION ALL SELECT *, 'why', why, t->>'why' FROM told
    UNION ALL SELECT * EXCLUDE (pair), 'name', pair.key, pair.value FROM names
    UNION ALL SELECT * EXCLUDE (pair), 'position', pair.key, pair.value FROM positions
)
SELECT entity, entity_id, field, coalesce(original, '') AS original, t->>'language' AS language, text,
    -- The parts of a translation are named as its fields are; a field of many lines in the plural.
    if(list_contains(CAST(t->'human' AS VARCHAR[]), if(field = 'position', 'positions', field)),
        'human', t->>'made_by') AS made_by,
    version, recorded_at, actor AS recorded_by
FROM texts WHERE text IS NOT NULL;

CREATE OR REPLACE TEMP TABLE retold AS
SELECT s.rowid AS place, t.entity, t.entity_id, t.field, t.original, t.language
FROM translation_versions AS s
JOIN translated AS t ON t.entity = s.entity AND t.entity_id = s.entity_id AND t.field = s.field
    AND t.language = s.language AND t.text = s.text AND t.made_by = s.made_by
    AND (s.field NOT IN ('name', 'position') OR t.original = s.original)
WHERE s.known_to = TIMESTAMP '9999-12-31';

UPDATE translation_versions SET known_to = l.recorded_at
FROM latest AS l
WHERE l.entity = translation_versions.entity AND l.entity_id = translation_versions.entity_id
    AND translation_versions.known_to = TIMESTAMP '9999-12-31'
    AND translation_versions.rowid NOT IN (SELECT place FROM retold);
INSERT INTO translation_versions BY NAME
SELECT t.*, t.recorded_at AS known_from, TIMESTAMP '9999-12-31' AS known_to
FROM translated AS t ANTI JOIN retold AS r USING (entity, entity_id, field, original, language)
ORDER BY t.entity, t.entity_id, t.language, t.field, t.original;
