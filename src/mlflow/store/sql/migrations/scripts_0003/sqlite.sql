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
