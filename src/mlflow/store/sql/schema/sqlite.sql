CREATE TABLE IF NOT EXISTS hr_info (
    name VARCHAR(100) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE IF NOT EXISTS hr_experiments (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(500) NOT NULL,
    artifact_location TEXT,
    lifecycle_stage VARCHAR(20) NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    UNIQUE (name)
);

CREATE INDEX IF NOT EXISTS hr_experiments_by_time ON hr_experiments (lifecycle_stage, last_update_time, id);

CREATE TABLE IF NOT EXISTS hr_keys (
    id INTEGER NOT NULL,
    kind SMALLINT NOT NULL,
    name VARCHAR(250) NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT hr_keys_by_name UNIQUE (kind, name)
);

CREATE TABLE IF NOT EXISTS hr_experiment_tags (
    experiment_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (experiment_id, key_id)
)
 WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hr_runs (
    id INTEGER NOT NULL,
    run_uuid VARCHAR(32) NOT NULL,
    experiment_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    user_id VARCHAR(256) NOT NULL,
    status SMALLINT NOT NULL,
    lifecycle_stage VARCHAR(20) NOT NULL,
    start_time BIGINT NOT NULL,
    end_time BIGINT,
    deleted_time BIGINT,
    artifact_uri TEXT NOT NULL,
    last_heartbeat BIGINT,
    changed_time BIGINT DEFAULT 0 NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (run_uuid)
);

CREATE INDEX IF NOT EXISTS hr_runs_by_change ON hr_runs (experiment_id, changed_time, id);

CREATE INDEX IF NOT EXISTS hr_runs_by_deletion ON hr_runs (deleted_time);

CREATE INDEX IF NOT EXISTS hr_runs_by_start ON hr_runs (experiment_id, lifecycle_stage, start_time, run_uuid);

CREATE TABLE IF NOT EXISTS hr_metrics (
    run_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    step BIGINT NOT NULL,
    timestamp BIGINT NOT NULL,
    value DOUBLE NOT NULL,
    kind SMALLINT NOT NULL,
    PRIMARY KEY (run_id, key_id, step, timestamp, value, kind)
)
 WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hr_latest_metrics (
    run_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    experiment_id INTEGER NOT NULL,
    value DOUBLE NOT NULL,
    kind SMALLINT NOT NULL,
    timestamp BIGINT NOT NULL,
    step BIGINT NOT NULL,
    min_value DOUBLE,
    max_value DOUBLE,
    count BIGINT NOT NULL,
    PRIMARY KEY (run_id, key_id)
)
 WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS hr_latest_metrics_by_value ON hr_latest_metrics (experiment_id, key_id, kind, value, run_id);

CREATE TABLE IF NOT EXISTS hr_params (
    run_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run_id, key_id)
)
 WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS hr_params_by_value ON hr_params (key_id, value, run_id);

CREATE TABLE IF NOT EXISTS hr_tags (
    run_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run_id, key_id)
)
 WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS hr_tags_by_value ON hr_tags (key_id, value, run_id);

CREATE TABLE IF NOT EXISTS hr_datasets (
    id INTEGER NOT NULL,
    dataset_uuid VARCHAR(36) NOT NULL,
    experiment_id INTEGER NOT NULL,
    name VARCHAR(500) NOT NULL,
    digest VARCHAR(36) NOT NULL,
    source_type VARCHAR(36) NOT NULL,
    source TEXT NOT NULL,
    schema TEXT,
    profile TEXT,
    PRIMARY KEY (id),
    CONSTRAINT hr_datasets_by_name UNIQUE (experiment_id, name, digest),
    UNIQUE (dataset_uuid)
);

CREATE TABLE IF NOT EXISTS hr_dataset_inputs (
    run_id INTEGER NOT NULL,
    dataset_id INTEGER NOT NULL,
    input_uuid VARCHAR(36) NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (run_id, dataset_id)
)
 WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS hr_dataset_inputs_by_dataset ON hr_dataset_inputs (dataset_id, run_id);

CREATE TABLE IF NOT EXISTS hr_input_tags (
    run_id INTEGER NOT NULL,
    dataset_id INTEGER NOT NULL,
    name VARCHAR(255) NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (run_id, dataset_id, name)
)
 WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hr_logged_models (
    id INTEGER NOT NULL,
    model_uuid VARCHAR(36) NOT NULL,
    experiment_id INTEGER NOT NULL,
    name VARCHAR(500) NOT NULL,
    artifact_location TEXT NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    status_message TEXT,
    lifecycle_stage VARCHAR(20) NOT NULL,
    model_type VARCHAR(500),
    source_run_id VARCHAR(32),
    PRIMARY KEY (id),
    UNIQUE (model_uuid)
);

CREATE INDEX IF NOT EXISTS hr_logged_models_by_run ON hr_logged_models (source_run_id);

CREATE INDEX IF NOT EXISTS hr_logged_models_by_time ON hr_logged_models (experiment_id, lifecycle_stage, creation_time, id);

CREATE TABLE IF NOT EXISTS hr_model_tags (
    model_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (model_id, key_id)
)
 WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hr_model_params (
    model_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (model_id, key_id)
)
 WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hr_model_metrics (
    model_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    step BIGINT NOT NULL,
    timestamp BIGINT NOT NULL,
    run_id INTEGER NOT NULL,
    dataset_name VARCHAR(500) NOT NULL,
    dataset_digest VARCHAR(36) NOT NULL,
    value DOUBLE NOT NULL,
    kind SMALLINT NOT NULL,
    experiment_id INTEGER NOT NULL,
    PRIMARY KEY (model_id, key_id, step, timestamp, run_id, dataset_name, dataset_digest, value, kind)
)
 WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS hr_model_metrics_by_run ON hr_model_metrics (run_id);

CREATE TABLE IF NOT EXISTS hr_model_inputs (
    run_id INTEGER NOT NULL,
    model_uuid VARCHAR(36) NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (run_id, model_uuid)
)
 WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hr_model_outputs (
    run_id INTEGER NOT NULL,
    model_uuid VARCHAR(36) NOT NULL,
    step BIGINT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (run_id, model_uuid, step)
)
 WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hr_run_documents (
    run_id INTEGER NOT NULL,
    name VARCHAR(250) NOT NULL,
    content_type VARCHAR(250) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    creation_time BIGINT NOT NULL,
    PRIMARY KEY (run_id, name)
)
 WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS hr_run_documents_by_digest ON hr_run_documents (digest);

CREATE TABLE IF NOT EXISTS hr_document_contents (
    digest VARCHAR(64) NOT NULL,
    content BLOB NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (digest)
);

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

CREATE TABLE IF NOT EXISTS hr_series (
    run_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    axis SMALLINT NOT NULL,
    level SMALLINT NOT NULL,
    built BIGINT NOT NULL,
    cells BIGINT NOT NULL,
    count BIGINT NOT NULL,
    step BIGINT NOT NULL,
    timestamp BIGINT NOT NULL,
    value DOUBLE NOT NULL,
    kind SMALLINT NOT NULL,
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    PRIMARY KEY (run_id, key_id, axis)
)
 WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hr_series_cells (
    run_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    axis SMALLINT NOT NULL,
    level SMALLINT NOT NULL,
    block BIGINT NOT NULL,
    points BIGINT NOT NULL,
    first_step BIGINT,
    last_step BIGINT,
    content BLOB NOT NULL,
    PRIMARY KEY (run_id, key_id, axis, level, block)
)
 WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hr_model_manifests (
    model_id INTEGER NOT NULL,
    digest VARCHAR(64) NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (model_id)
);

CREATE TABLE IF NOT EXISTS hr_registered_models (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(256) NOT NULL,
    description TEXT,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    last_version BIGINT NOT NULL,
    UNIQUE (name)
);

CREATE INDEX IF NOT EXISTS hr_registered_models_by_time ON hr_registered_models (last_update_time, id);

CREATE TABLE IF NOT EXISTS hr_registered_model_tags (
    model_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (model_id, key_id)
)
 WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hr_model_versions (
    id INTEGER NOT NULL,
    model_id INTEGER NOT NULL,
    version BIGINT NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    description TEXT,
    stage SMALLINT NOT NULL,
    source TEXT NOT NULL,
    storage_location TEXT,
    run_id VARCHAR(250),
    run_link TEXT,
    status SMALLINT NOT NULL,
    status_message TEXT,
    model_uuid VARCHAR(36),
    digest VARCHAR(64),
    digest_status SMALLINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT hr_model_versions_by_number UNIQUE (model_id, version)
);

CREATE INDEX IF NOT EXISTS hr_model_versions_by_run ON hr_model_versions (run_id);

CREATE INDEX IF NOT EXISTS hr_model_versions_by_stage ON hr_model_versions (model_id, stage, version);

CREATE INDEX IF NOT EXISTS hr_model_versions_by_time ON hr_model_versions (last_update_time, id);

CREATE TABLE IF NOT EXISTS hr_model_version_tags (
    version_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (version_id, key_id)
)
 WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS hr_model_aliases (
    model_id INTEGER NOT NULL,
    alias VARCHAR(255) NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (model_id, alias)
)
 WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS hr_model_aliases_by_version ON hr_model_aliases (model_id, version);

CREATE TABLE IF NOT EXISTS hr_model_moves (
    id INTEGER NOT NULL,
    model_id INTEGER NOT NULL,
    alias VARCHAR(255) NOT NULL,
    version BIGINT,
    stage SMALLINT,
    time_ms BIGINT NOT NULL,
    user_id VARCHAR(256),
    PRIMARY KEY (id)
);

CREATE INDEX IF NOT EXISTS hr_model_moves_by_alias ON hr_model_moves (model_id, alias, id);

CREATE TABLE IF NOT EXISTS hr_changes (
    topic VARCHAR(20) NOT NULL,
    name VARCHAR(256) NOT NULL,
    changed_time BIGINT NOT NULL,
    PRIMARY KEY (topic, name)
)
 WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS hr_changes_by_time ON hr_changes (topic, changed_time);

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

CREATE TABLE IF NOT EXISTS hr_alembic_version (
    version_num VARCHAR(32) NOT NULL,
    PRIMARY KEY (version_num)
);

