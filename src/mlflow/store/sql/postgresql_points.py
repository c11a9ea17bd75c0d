"""Metric points on PostgreSQL: run, history and latest values in one statement, one round trip.

The points travel as arrays. The history answers which of them are new, so duplicates need no
second try, and the latest values are computed from those alone.
"""

from typing import Final

from mlflow.entities.lifecycle_stage import LifecycleStage
from mlflow.store.sql.dialect import POSTGRESQL
from mlflow.store.sql.keys import METRIC, key_ids
from mlflow.store.sql.metrics import LATEST_COLUMNS, Points, latest_changes
from mlflow.store.sql.run_keys import QUIET_MS, not_active, unknown_run
from mlflow.store.sql.session import Session
from mlflow.store.sql.values import NAN

_SQL: Final = f"""
WITH run AS (
    SELECT id, experiment_id, lifecycle_stage FROM hr_runs WHERE run_uuid = ?
), fresh AS (
    INSERT INTO hr_metrics (run_id, key_id, step, timestamp, value, kind)
    SELECT run.id, p.key_id, p.step, p.timestamp, p.value, p.kind
    FROM run, unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::float8[], ?::smallint[])
        AS p(key_id, step, timestamp, value, kind)
    WHERE run.lifecycle_stage = '{LifecycleStage.ACTIVE}'
    ON CONFLICT DO NOTHING
    RETURNING key_id, step, timestamp, value, kind
), totals AS (
    SELECT key_id, count(*) AS count, min(value) FILTER (WHERE kind <> {NAN}) AS min_value,
        max(value) FILTER (WHERE kind <> {NAN}) AS max_value
    FROM fresh GROUP BY key_id
), tops AS (
    SELECT DISTINCT ON (key_id) key_id, value, kind, timestamp, step
    FROM fresh ORDER BY key_id, step DESC, timestamp DESC, value DESC, kind DESC
), moved AS (
    INSERT INTO hr_latest_metrics ({", ".join(LATEST_COLUMNS)})
    SELECT run.id, tops.key_id, run.experiment_id, tops.value, tops.kind, tops.timestamp,
        tops.step, totals.min_value, totals.max_value, totals.count
    FROM run, tops JOIN totals ON totals.key_id = tops.key_id
    ORDER BY tops.key_id
    ON CONFLICT (run_id, key_id) DO UPDATE SET {", ".join(latest_changes("postgresql"))}
), touched AS (
    -- Who holds the row notes the change, or ends soon: nobody waits for it.
    UPDATE hr_runs SET changed_time = {POSTGRESQL.now_ms} WHERE id IN (
        SELECT r.id FROM hr_runs r JOIN run ON run.id = r.id
        WHERE run.lifecycle_stage = '{LifecycleStage.ACTIVE}'
            AND r.changed_time < {POSTGRESQL.now_ms} - {QUIET_MS}
        FOR NO KEY UPDATE OF r SKIP LOCKED
    )
)
SELECT lifecycle_stage FROM run
"""


def log_points_at_once(session: Session, run_id: object, points: Points) -> None:
    """Add points to an active run.

    Raises:
        MlflowException: the run is deleted or not there.
    """
    ids = key_ids(session, METRIC, points.by_key, create=True)
    rows = [(ids[key], *point) for key, group in points.by_key.items() for point in group]
    # In the order of the keys, so that two statements on one run cannot deadlock.
    rows.sort()
    columns = [list(column) for column in zip(*rows, strict=True)]
    stage = session.scalar(_SQL, (str(run_id), *columns))
    if stage is None:
        raise unknown_run(run_id)
    if stage != LifecycleStage.ACTIVE:
        raise not_active(run_id, stage)
