-- Through what door an entry came in.

ALTER TABLE ledger ADD COLUMN door VARCHAR;
COMMENT ON COLUMN ledger.door IS 'How it came in: python, command, dashboard or login; empty for entries older than this column';
COMMENT ON COLUMN ledger.entity IS 'What it is about: dataset, source, agreement, commitment, check, dispute, coding or proposal';
COMMENT ON COLUMN ledger.kind IS 'What it does: add, revise, event, withdraw, restore, approve or decline';
