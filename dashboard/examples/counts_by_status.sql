SELECT status, count(*) AS n
FROM commitments
GROUP BY ALL
ORDER BY n DESC;
