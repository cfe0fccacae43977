-- How long it took from the pledge to the signature.
SELECT commitment_id,
    min(happened_earliest) FILTER (stage = 'pledged') AS pledged,
    min(happened_earliest) FILTER (stage = 'signed') AS signed,
    date_diff('day', pledged, signed) AS days
FROM history
WHERE stage IN ('pledged', 'signed')
GROUP BY commitment_id
HAVING signed IS NOT NULL
ORDER BY signed;
