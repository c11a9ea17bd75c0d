CREATE TABLE IF NOT EXISTS hr_changes (
    topic VARCHAR(20) COLLATE "C" NOT NULL,
    name VARCHAR(256) COLLATE "C" NOT NULL,
    changed_time BIGINT NOT NULL,
    PRIMARY KEY (topic, name)
);

CREATE INDEX IF NOT EXISTS hr_changes_by_time ON hr_changes (topic, changed_time);

