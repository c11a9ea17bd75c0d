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
