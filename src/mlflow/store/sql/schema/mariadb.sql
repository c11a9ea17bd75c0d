CREATE TABLE IF NOT EXISTS hr_info (
    name VARCHAR(100) COLLATE utf8mb4_nopad_bin NOT NULL,
    value MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (name)
);

CREATE TABLE IF NOT EXISTS hr_experiments (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(500) COLLATE utf8mb4_nopad_bin NOT NULL,
    artifact_location MEDIUMTEXT COLLATE utf8mb4_nopad_bin,
    lifecycle_stage VARCHAR(20) COLLATE utf8mb4_nopad_bin NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name),
    KEY hr_experiments_by_time (lifecycle_stage, last_update_time, id)
);

CREATE TABLE IF NOT EXISTS hr_keys (
    id BIGINT NOT NULL AUTO_INCREMENT,
    kind SMALLINT NOT NULL,
    name VARCHAR(250) COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT hr_keys_by_name UNIQUE (kind, name)
);

CREATE TABLE IF NOT EXISTS hr_experiment_tags (
    experiment_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    value MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (experiment_id, key_id)
);

CREATE TABLE IF NOT EXISTS hr_runs (
    id BIGINT NOT NULL AUTO_INCREMENT,
    run_uuid VARCHAR(32) COLLATE utf8mb4_nopad_bin NOT NULL,
    experiment_id BIGINT NOT NULL,
    name MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    user_id VARCHAR(256) COLLATE utf8mb4_nopad_bin NOT NULL,
    status SMALLINT NOT NULL,
    lifecycle_stage VARCHAR(20) COLLATE utf8mb4_nopad_bin NOT NULL,
    start_time BIGINT NOT NULL,
    end_time BIGINT,
    deleted_time BIGINT,
    artifact_uri MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    last_heartbeat BIGINT,
    changed_time BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE (run_uuid),
    KEY hr_runs_by_change (experiment_id, changed_time, id),
    KEY hr_runs_by_deletion (deleted_time),
    KEY hr_runs_by_start (experiment_id, lifecycle_stage, start_time, run_uuid)
);

CREATE TABLE IF NOT EXISTS hr_metrics (
    run_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    timestamp BIGINT NOT NULL,
    value DOUBLE NOT NULL,
    kind SMALLINT NOT NULL,
    PRIMARY KEY (run_id, key_id, step, timestamp, value, kind)
);

CREATE TABLE IF NOT EXISTS hr_latest_metrics (
    run_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    experiment_id BIGINT NOT NULL,
    value DOUBLE NOT NULL,
    kind SMALLINT NOT NULL,
    timestamp BIGINT NOT NULL,
    step BIGINT NOT NULL,
    min_value DOUBLE,
    max_value DOUBLE,
    count BIGINT NOT NULL,
    PRIMARY KEY (run_id, key_id),
    KEY hr_latest_metrics_by_value (experiment_id, key_id, kind, value, run_id)
);

CREATE TABLE IF NOT EXISTS hr_params (
    run_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    value MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (run_id, key_id),
    KEY hr_params_by_value (key_id, value(180), run_id)
);

CREATE TABLE IF NOT EXISTS hr_tags (
    run_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    value MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (run_id, key_id),
    KEY hr_tags_by_value (key_id, value(180), run_id)
);

CREATE TABLE IF NOT EXISTS hr_datasets (
    id BIGINT NOT NULL AUTO_INCREMENT,
    dataset_uuid VARCHAR(36) COLLATE utf8mb4_nopad_bin NOT NULL,
    experiment_id BIGINT NOT NULL,
    name VARCHAR(500) COLLATE utf8mb4_nopad_bin NOT NULL,
    digest VARCHAR(36) COLLATE utf8mb4_nopad_bin NOT NULL,
    source_type VARCHAR(36) COLLATE utf8mb4_nopad_bin NOT NULL,
    source LONGTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    `schema` LONGTEXT COLLATE utf8mb4_nopad_bin,
    profile LONGTEXT COLLATE utf8mb4_nopad_bin,
    PRIMARY KEY (id),
    CONSTRAINT hr_datasets_by_name UNIQUE (experiment_id, name, digest),
    UNIQUE (dataset_uuid)
);

CREATE TABLE IF NOT EXISTS hr_dataset_inputs (
    run_id BIGINT NOT NULL,
    dataset_id BIGINT NOT NULL,
    input_uuid VARCHAR(36) COLLATE utf8mb4_nopad_bin NOT NULL,
    `position` INTEGER NOT NULL,
    PRIMARY KEY (run_id, dataset_id),
    KEY hr_dataset_inputs_by_dataset (dataset_id, run_id)
);

CREATE TABLE IF NOT EXISTS hr_input_tags (
    run_id BIGINT NOT NULL,
    dataset_id BIGINT NOT NULL,
    name VARCHAR(255) COLLATE utf8mb4_nopad_bin NOT NULL,
    value MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (run_id, dataset_id, name)
);

CREATE TABLE IF NOT EXISTS hr_logged_models (
    id BIGINT NOT NULL AUTO_INCREMENT,
    model_uuid VARCHAR(36) COLLATE utf8mb4_nopad_bin NOT NULL,
    experiment_id BIGINT NOT NULL,
    name VARCHAR(500) COLLATE utf8mb4_nopad_bin NOT NULL,
    artifact_location MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    status SMALLINT NOT NULL,
    status_message MEDIUMTEXT COLLATE utf8mb4_nopad_bin,
    lifecycle_stage VARCHAR(20) COLLATE utf8mb4_nopad_bin NOT NULL,
    model_type VARCHAR(500) COLLATE utf8mb4_nopad_bin,
    source_run_id VARCHAR(32) COLLATE utf8mb4_nopad_bin,
    PRIMARY KEY (id),
    UNIQUE (model_uuid),
    KEY hr_logged_models_by_run (source_run_id),
    KEY hr_logged_models_by_time (experiment_id, lifecycle_stage, creation_time, id)
);

CREATE TABLE IF NOT EXISTS hr_model_tags (
    model_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    value MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (model_id, key_id)
);

CREATE TABLE IF NOT EXISTS hr_model_params (
    model_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    value MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (model_id, key_id)
);

CREATE TABLE IF NOT EXISTS hr_model_metrics (
    model_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    timestamp BIGINT NOT NULL,
    run_id BIGINT NOT NULL,
    dataset_name VARCHAR(500) COLLATE utf8mb4_nopad_bin NOT NULL,
    dataset_digest VARCHAR(36) COLLATE utf8mb4_nopad_bin NOT NULL,
    value DOUBLE NOT NULL,
    kind SMALLINT NOT NULL,
    experiment_id BIGINT NOT NULL,
    PRIMARY KEY (model_id, key_id, step, timestamp, run_id, dataset_name, dataset_digest, value, kind),
    KEY hr_model_metrics_by_run (run_id)
);

CREATE TABLE IF NOT EXISTS hr_model_inputs (
    run_id BIGINT NOT NULL,
    model_uuid VARCHAR(36) COLLATE utf8mb4_nopad_bin NOT NULL,
    `position` INTEGER NOT NULL,
    PRIMARY KEY (run_id, model_uuid)
);

CREATE TABLE IF NOT EXISTS hr_model_outputs (
    run_id BIGINT NOT NULL,
    model_uuid VARCHAR(36) COLLATE utf8mb4_nopad_bin NOT NULL,
    step BIGINT NOT NULL,
    `position` INTEGER NOT NULL,
    PRIMARY KEY (run_id, model_uuid, step)
);

CREATE TABLE IF NOT EXISTS hr_run_documents (
    run_id BIGINT NOT NULL,
    name VARCHAR(250) COLLATE utf8mb4_nopad_bin NOT NULL,
    content_type VARCHAR(250) COLLATE utf8mb4_nopad_bin NOT NULL,
    digest VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    creation_time BIGINT NOT NULL,
    PRIMARY KEY (run_id, name),
    KEY hr_run_documents_by_digest (digest)
);

CREATE TABLE IF NOT EXISTS hr_document_contents (
    digest VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    content LONGBLOB NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (digest)
);

CREATE TABLE IF NOT EXISTS hr_journals (
    journal_id VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    floor BIGINT NOT NULL,
    applied MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (journal_id)
);

CREATE TABLE IF NOT EXISTS hr_request_keys (
    request_key VARCHAR(250) COLLATE utf8mb4_nopad_bin NOT NULL,
    response LONGBLOB NOT NULL,
    creation_time BIGINT NOT NULL,
    PRIMARY KEY (request_key),
    KEY hr_request_keys_by_time (creation_time)
);

CREATE TABLE IF NOT EXISTS hr_console (
    run_id BIGINT NOT NULL,
    `position` BIGINT NOT NULL,
    stream SMALLINT NOT NULL,
    sequence BIGINT NOT NULL,
    time_ms BIGINT NOT NULL,
    total BIGINT NOT NULL,
    content MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (run_id, `position`),
    CONSTRAINT hr_console_by_sequence UNIQUE (run_id, stream, sequence)
);

CREATE TABLE IF NOT EXISTS hr_series (
    run_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
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
);

CREATE TABLE IF NOT EXISTS hr_series_cells (
    run_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    axis SMALLINT NOT NULL,
    level SMALLINT NOT NULL,
    block BIGINT NOT NULL,
    points BIGINT NOT NULL,
    first_step BIGINT,
    last_step BIGINT,
    content LONGBLOB NOT NULL,
    PRIMARY KEY (run_id, key_id, axis, level, block)
);

CREATE TABLE IF NOT EXISTS hr_model_manifests (
    model_id BIGINT NOT NULL,
    digest VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,
    content LONGTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (model_id)
);

CREATE TABLE IF NOT EXISTS hr_registered_models (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(256) COLLATE utf8mb4_nopad_bin NOT NULL,
    description MEDIUMTEXT COLLATE utf8mb4_nopad_bin,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    last_version BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name),
    KEY hr_registered_models_by_time (last_update_time, id)
);

CREATE TABLE IF NOT EXISTS hr_registered_model_tags (
    model_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    value MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (model_id, key_id)
);

CREATE TABLE IF NOT EXISTS hr_model_versions (
    id BIGINT NOT NULL AUTO_INCREMENT,
    model_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    description MEDIUMTEXT COLLATE utf8mb4_nopad_bin,
    stage SMALLINT NOT NULL,
    source MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    storage_location MEDIUMTEXT COLLATE utf8mb4_nopad_bin,
    run_id VARCHAR(250) COLLATE utf8mb4_nopad_bin,
    run_link MEDIUMTEXT COLLATE utf8mb4_nopad_bin,
    status SMALLINT NOT NULL,
    status_message MEDIUMTEXT COLLATE utf8mb4_nopad_bin,
    model_uuid VARCHAR(36) COLLATE utf8mb4_nopad_bin,
    digest VARCHAR(64) COLLATE utf8mb4_nopad_bin,
    digest_status SMALLINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT hr_model_versions_by_number UNIQUE (model_id, version),
    KEY hr_model_versions_by_run (run_id),
    KEY hr_model_versions_by_stage (model_id, stage, version),
    KEY hr_model_versions_by_time (last_update_time, id)
);

CREATE TABLE IF NOT EXISTS hr_model_version_tags (
    version_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    value MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    PRIMARY KEY (version_id, key_id)
);

CREATE TABLE IF NOT EXISTS hr_model_aliases (
    model_id BIGINT NOT NULL,
    alias VARCHAR(255) COLLATE utf8mb4_nopad_bin NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (model_id, alias),
    KEY hr_model_aliases_by_version (model_id, version)
);

CREATE TABLE IF NOT EXISTS hr_model_moves (
    id BIGINT NOT NULL AUTO_INCREMENT,
    model_id BIGINT NOT NULL,
    alias VARCHAR(255) COLLATE utf8mb4_nopad_bin NOT NULL,
    version BIGINT,
    stage SMALLINT,
    time_ms BIGINT NOT NULL,
    user_id VARCHAR(256) COLLATE utf8mb4_nopad_bin,
    PRIMARY KEY (id),
    KEY hr_model_moves_by_alias (model_id, alias, id)
);

CREATE TABLE IF NOT EXISTS hr_changes (
    topic VARCHAR(20) COLLATE utf8mb4_nopad_bin NOT NULL,
    name VARCHAR(256) COLLATE utf8mb4_nopad_bin NOT NULL,
    changed_time BIGINT NOT NULL,
    PRIMARY KEY (topic, name),
    KEY hr_changes_by_time (topic, changed_time)
);

CREATE TABLE IF NOT EXISTS hr_webhooks (
    id BIGINT NOT NULL AUTO_INCREMENT,
    uuid VARCHAR(36) COLLATE utf8mb4_nopad_bin NOT NULL,
    name VARCHAR(63) COLLATE utf8mb4_nopad_bin NOT NULL,
    url VARCHAR(500) COLLATE utf8mb4_nopad_bin NOT NULL,
    events MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    description MEDIUMTEXT COLLATE utf8mb4_nopad_bin,
    status SMALLINT NOT NULL,
    secret MEDIUMTEXT COLLATE utf8mb4_nopad_bin,
    PRIMARY KEY (id),
    CONSTRAINT hr_webhooks_by_uuid UNIQUE (uuid)
);

CREATE TABLE IF NOT EXISTS hr_webhook_deliveries (
    id BIGINT NOT NULL AUTO_INCREMENT,
    uuid VARCHAR(36) COLLATE utf8mb4_nopad_bin NOT NULL,
    webhook_id BIGINT NOT NULL,
    `body` MEDIUMTEXT COLLATE utf8mb4_nopad_bin NOT NULL,
    attempts INTEGER NOT NULL,
    due_time BIGINT NOT NULL,
    PRIMARY KEY (id),
    KEY hr_webhook_deliveries_by_time (due_time, id),
    KEY hr_webhook_deliveries_by_webhook (webhook_id)
);

CREATE TABLE IF NOT EXISTS hr_alembic_version (
    version_num VARCHAR(32) NOT NULL,
    PRIMARY KEY (version_num)
);

