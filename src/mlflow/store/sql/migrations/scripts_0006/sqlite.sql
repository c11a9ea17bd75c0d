CREATE TABLE IF NOT EXISTS hr_changes (
    topic VARCHAR(20) NOT NULL,
    name VARCHAR(256) NOT NULL,
    changed_time BIGINT NOT NULL,
    PRIMARY KEY (topic, name)
)
 WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS hr_changes_by_time ON hr_changes (topic, changed_time);

