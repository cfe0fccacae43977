CREATE OR REPLACE TEMP TABLE standing AS
SELECT t.* REPLACE (
    m.version AS version, m.withdrawn_at AS withdrawn_at, m.withdrawn_by AS withdrawn_by,
    m.withdrawn_because AS withdrawn_because, m.recorded_at AS known_from)
FROM {entity}_versions AS t
JOIN marked AS m ON m.entity = '{entity}' AND m.entity_id = t.id
WHERE t.known_to = TIMESTAMP '9999-12-31';

UPDATE {entity}_versions SET known_to = s.known_from
FROM standing AS s
WHERE s.id = {entity}_versions.id AND {entity}_versions.known_to = TIMESTAMP '9999-12-31';
INSERT INTO {entity}_versions FROM standing;
