CREATE TABLE IF NOT EXISTS hr_changes (
    topic VARCHAR(20) COLLATE utf8mb4_0900_bin NOT NULL,
    name VARCHAR(256) COLLATE utf8mb4_0900_bin NOT NULL,
    changed_time BIGINT NOT NULL,
    PRIMARY KEY (topic, name),
    KEY hr_changes_by_time (topic, changed_time)
);

