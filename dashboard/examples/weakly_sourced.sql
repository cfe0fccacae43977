-- Events that rest on one source only, graded below B2.
SELECT h.commitment_id, h.happened_on, h.stage, e.source_id, e.reliability, e.credibility
FROM history AS h
JOIN evidence AS e USING (commitment_id, version)
WHERE len(h.source_ids) = 1 AND (e.reliability > 'B' OR e.credibility > 2)
ORDER BY e.reliability DESC, e.credibility DESC, h.commitment_id;
