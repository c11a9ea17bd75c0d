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
