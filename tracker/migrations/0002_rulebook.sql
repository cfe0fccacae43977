-- Which edition of the rule book judges this store, and since when.

CREATE TABLE rulebook (
    version INTEGER NOT NULL,
    adopted_at TIMESTAMP
);
COMMENT ON TABLE rulebook IS 'Editions of the rules by which this store judged';
COMMENT ON COLUMN rulebook.version IS 'Edition';
COMMENT ON COLUMN rulebook.adopted_at IS 'When it was adopted (UTC); empty for the one from the beginning';
COMMENT ON COLUMN ledger.entity IS 'What it is about: dataset, source, agreement, commitment, check, dispute or coding';
COMMENT ON COLUMN ledger.kind IS 'What it does: add, revise, event, withdraw or restore';
