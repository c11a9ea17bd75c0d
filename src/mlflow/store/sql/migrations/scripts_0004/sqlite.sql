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
