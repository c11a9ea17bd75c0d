CREATE TABLE IF NOT EXISTS hr_webhooks (
    id BIGINT NOT NULL AUTO_INCREMENT,
    uuid VARCHAR(36) COLLATE utf8mb4_0900_bin NOT NULL,
    name VARCHAR(63) COLLATE utf8mb4_0900_bin NOT NULL,
    url VARCHAR(500) COLLATE utf8mb4_0900_bin NOT NULL,
    events MEDIUMTEXT COLLATE utf8mb4_0900_bin NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    description MEDIUMTEXT COLLATE utf8mb4_0900_bin,
    status SMALLINT NOT NULL,
    secret MEDIUMTEXT COLLATE utf8mb4_0900_bin,
    PRIMARY KEY (id),
    CONSTRAINT hr_webhooks_by_uuid UNIQUE (uuid)
);

CREATE TABLE IF NOT EXISTS hr_webhook_deliveries (
    id BIGINT NOT NULL AUTO_INCREMENT,
    uuid VARCHAR(36) COLLATE utf8mb4_0900_bin NOT NULL,
    webhook_id BIGINT NOT NULL,
    body MEDIUMTEXT COLLATE utf8mb4_0900_bin NOT NULL,
    attempts INTEGER NOT NULL,
    due_time BIGINT NOT NULL,
    PRIMARY KEY (id),
    KEY hr_webhook_deliveries_by_time (due_time, id),
    KEY hr_webhook_deliveries_by_webhook (webhook_id)
);

