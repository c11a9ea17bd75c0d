CREATE TABLE IF NOT EXISTS hr_journals (
    journal_id VARCHAR(64) NOT NULL,
    floor BIGINT NOT NULL,
    applied TEXT NOT NULL,
    PRIMARY KEY (journal_id)
);

CREATE TABLE IF NOT EXISTS hr_request_keys (
    request_key VARCHAR(250) NOT NULL,
    response BLOB NOT NULL,
    creation_time BIGINT NOT NULL,
    PRIMARY KEY (request_key)
);

CREATE INDEX IF NOT EXISTS hr_request_keys_by_time ON hr_request_keys (creation_time);

CREATE TABLE IF NOT EXISTS hr_console (
    run_id INTEGER NOT NULL,
    position BIGINT NOT NULL,
    stream SMALLINT NOT NULL,
    sequence BIGINT NOT NULL,
    time_ms BIGINT NOT NULL,
    total BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (run_id, position),
    CONSTRAINT hr_console_by_sequence UNIQUE (run_id, stream, sequence)
)
 WITHOUT ROWID;
