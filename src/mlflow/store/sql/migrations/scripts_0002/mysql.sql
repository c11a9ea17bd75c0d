CREATE TABLE IF NOT EXISTS hr_journals (
    journal_id VARCHAR(64) COLLATE utf8mb4_0900_bin NOT NULL,
    floor BIGINT NOT NULL,
    applied MEDIUMTEXT COLLATE utf8mb4_0900_bin NOT NULL,
    PRIMARY KEY (journal_id)
);

CREATE TABLE IF NOT EXISTS hr_request_keys (
    request_key VARCHAR(250) COLLATE utf8mb4_0900_bin NOT NULL,
    response LONGBLOB NOT NULL,
    creation_time BIGINT NOT NULL,
    PRIMARY KEY (request_key),
    KEY hr_request_keys_by_time (creation_time)
);

CREATE TABLE IF NOT EXISTS hr_console (
    run_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    stream SMALLINT NOT NULL,
    sequence BIGINT NOT NULL,
    time_ms BIGINT NOT NULL,
    total BIGINT NOT NULL,
    content MEDIUMTEXT COLLATE utf8mb4_0900_bin NOT NULL,
    PRIMARY KEY (run_id, position),
    CONSTRAINT hr_console_by_sequence UNIQUE (run_id, stream, sequence)
);
