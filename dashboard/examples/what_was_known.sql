-- Both clocks: how things stood on 1 March 2026, by what was on record at a moment (UTC).
SELECT status, count(*) AS n
FROM as_known('2026-03-01', now())
GROUP BY ALL
ORDER BY ALL;
