-- The ledger, from which everything else follows. Times are UTC without zone.

CREATE TABLE ledger (
    seq BIGINT PRIMARY KEY,
    recorded_at TIMESTAMP NOT NULL,
    actor VARCHAR NOT NULL,
    entity VARCHAR NOT NULL,
    entity_id VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    payload JSON NOT NULL,
    idempotency_key VARCHAR UNIQUE,
    previous_hash VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    UNIQUE (entity, entity_id, version)
);
COMMENT ON TABLE ledger IS 'Every change ever made, append-only and hash-chained; all other tables follow from it';
COMMENT ON COLUMN ledger.seq IS 'Position in the ledger, from 1, without gaps';
COMMENT ON COLUMN ledger.recorded_at IS 'When it was recorded (UTC)';
COMMENT ON COLUMN ledger.actor IS 'Who recorded it';
COMMENT ON COLUMN ledger.entity IS 'What it is about: dataset, source, agreement, commitment, check or dispute';
COMMENT ON COLUMN ledger.entity_id IS 'Identifier of that thing';
COMMENT ON COLUMN ledger.version IS 'Number of this entry among the entries of the same thing, from 1';
COMMENT ON COLUMN ledger.kind IS 'What it does: add, revise or event';
COMMENT ON COLUMN ledger.payload IS 'The content, as canonical JSON (RFC 8785)';
COMMENT ON COLUMN ledger.idempotency_key IS 'Key of the request that made it; a repeated request lands once';
COMMENT ON COLUMN ledger.previous_hash IS 'Hash of the entry before; 64 zeros for the first';
COMMENT ON COLUMN ledger.hash IS 'SHA-256 over the canonical form of all other columns';

COMMENT ON TABLE schema_migrations IS 'Migrations applied to this store';
COMMENT ON COLUMN schema_migrations.version IS 'Number; the highest is the schema version';
COMMENT ON COLUMN schema_migrations.name IS 'What it made';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When it was applied (UTC)';
