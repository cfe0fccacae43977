-- Every event: the proof its stage needs, whether the evidence meets it, and what each source proves.
SELECT f.commitment_id, h.happened_on, h.stage, f.requirement, f.supported,
    [i.source_id || ': ' || coalesce(i.proves, '–') FOR i IN f.items] AS items
FROM findings AS f
JOIN history AS h ON h.commitment_id = f.commitment_id AND h.version = f.version
WHERE f.known_to = TIMESTAMP '9999-12-31'
ORDER BY f.supported, f.commitment_id, h.happened_earliest;
