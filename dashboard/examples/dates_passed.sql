-- Dates that have passed, with how far the evidence reaches.
SELECT id, title, due, schedule, evidence_reaches
FROM commitments
WHERE due_latest < current_date
ORDER BY due_latest;
