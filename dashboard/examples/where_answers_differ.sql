-- What officials say, what the evidence supports, and what is claimed beyond it.
SELECT c.title, a.party, a.official_stage, a.stage AS supported, a.claimed_stage, a.schedule
FROM answers AS a
JOIN commitments AS c ON c.id = a.commitment_id
WHERE a.claimed_stage IS NOT NULL OR a.official_stage <> a.stage
ORDER BY c.title, a.party NULLS FIRST;
