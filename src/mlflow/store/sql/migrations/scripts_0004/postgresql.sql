CREATE TABLE IF NOT EXISTS hr_model_manifests (
    model_id BIGINT NOT NULL,
    digest VARCHAR(64) COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (model_id)
);

CREATE TABLE IF NOT EXISTS hr_registered_models (
    id BIGSERIAL NOT NULL,
    name VARCHAR(256) COLLATE "C" NOT NULL,
    description TEXT COLLATE "C",
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    last_version BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (name)
);

CREATE INDEX IF NOT EXISTS hr_registered_models_by_time ON hr_registered_models (last_update_time, id);

CREATE TABLE IF NOT EXISTS hr_registered_model_tags (
    model_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (model_id, key_id)
);

CREATE TABLE IF NOT EXISTS hr_model_versions (
    id BIGSERIAL NOT NULL,
    model_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    creation_time BIGINT NOT NULL,
    last_update_time BIGINT NOT NULL,
    description TEXT COLLATE "C",
    stage SMALLINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    storage_location TEXT COLLATE "C",
    run_id VARCHAR(250) COLLATE "C",
    run_link TEXT COLLATE "C",
    status SMALLINT NOT NULL,
    status_message TEXT COLLATE "C",
    model_uuid VARCHAR(36) COLLATE "C",
    digest VARCHAR(64) COLLATE "C",
    digest_status SMALLINT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT hr_model_versions_by_number UNIQUE (model_id, version)
);

CREATE INDEX IF NOT EXISTS hr_model_versions_by_run ON hr_model_versions (run_id);

CREATE INDEX IF NOT EXISTS hr_model_versions_by_stage ON hr_model_versions (model_id, stage, version);

CREATE INDEX IF NOT EXISTS hr_model_versions_by_time ON hr_model_versions (last_update_time, id);

CREATE TABLE IF NOT EXISTS hr_model_version_tags (
    version_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (version_id, key_id)
);

CREATE TABLE IF NOT EXISTS hr_model_aliases (
    model_id BIGINT NOT NULL,
    alias VARCHAR(255) COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (model_id, alias)
);

CREATE INDEX IF NOT EXISTS hr_model_aliases_by_version ON hr_model_aliases (model_id, version);

CREATE TABLE IF NOT EXISTS hr_model_moves (
    id BIGSERIAL NOT NULL,
    model_id BIGINT NOT NULL,
    alias VARCHAR(255) COLLATE "C" NOT NULL,
    version BIGINT,
    stage SMALLINT,
    time_ms BIGINT NOT NULL,
    user_id VARCHAR(256) COLLATE "C",
    PRIMARY KEY (id)
);

CREATE INDEX IF NOT EXISTS hr_model_moves_by_alias ON hr_model_moves (model_id, alias, id);
