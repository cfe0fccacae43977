-- Where the headline commitments stood on 1 February 2026.
SELECT title, stage, status, stage_since
FROM as_of('2026-02-01')
WHERE headline
ORDER BY title;
