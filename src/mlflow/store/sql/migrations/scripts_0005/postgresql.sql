CREATE TABLE IF NOT EXISTS hr_webhooks (
    id BIGSERIAL NOT NULL,
    uuid VARCHAR(36) COLLATE "C" NOT NULL,
    name VARCHAR(63) COLLATE "C" NOT NULL,
    url VARCHAR(500) COLLATE "C" NOT NULL,
    events TEXT COLLATE "C" NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    description TEXT COLLATE "C",
    status SMALLINT NOT NULL,
    secret TEXT COLLATE "C",
    PRIMARY KEY (id),
    CONSTRAINT hr_webhooks_by_uuid UNIQUE (uuid)
);

CREATE TABLE IF NOT EXISTS hr_webhook_deliveries (
    id BIGSERIAL NOT NULL,
    uuid VARCHAR(36) COLLATE "C" NOT NULL,
    webhook_id BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    attempts INTEGER NOT NULL,
    due_time BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX IF NOT EXISTS hr_webhook_deliveries_by_time ON hr_webhook_deliveries (due_time, id);

CREATE INDEX IF NOT EXISTS hr_webhook_deliveries_by_webhook ON hr_webhook_deliveries (webhook_id);

