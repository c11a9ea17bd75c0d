CREATE TABLE IF NOT EXISTS hr_webhooks (
    id INTEGER NOT NULL,
    uuid VARCHAR(36) NOT NULL,
    name VARCHAR(63) NOT NULL,
    url VARCHAR(500) NOT NULL,
    events TEXT NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    description TEXT,
    status SMALLINT NOT NULL,
    secret TEXT,
    PRIMARY KEY (id),
    CONSTRAINT hr_webhooks_by_uuid UNIQUE (uuid)
);

CREATE TABLE IF NOT EXISTS hr_webhook_deliveries (
    id INTEGER NOT NULL,
    uuid VARCHAR(36) NOT NULL,
    webhook_id INTEGER NOT NULL,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_time BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX IF NOT EXISTS hr_webhook_deliveries_by_time ON hr_webhook_deliveries (due_time, id);

CREATE INDEX IF NOT EXISTS hr_webhook_deliveries_by_webhook ON hr_webhook_deliveries (webhook_id);

