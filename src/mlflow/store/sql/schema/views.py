"""Views with upstream's table and column names: people's own SQL and dashboards stay alive.

They are for reading by others; nothing here reads them. A table of the user's own that has one of
the names is left alone, and the view is not made.
"""

from typing import Final

from mlflow.entities.model_registry.model_version_stages import STAGES
from mlflow.entities.model_registry.model_version_status import ModelVersionStatus
from mlflow.entities.run_status import RunStatus
from mlflow.store.sql.session import Session

_STATUS: Final = " ".join(
    f"WHEN {status} THEN '{RunStatus.to_string(status)}'" for status in RunStatus.all_status()
)
_STAGES: Final = " ".join(f"WHEN {number} THEN '{name}'" for number, name in enumerate(STAGES))
_VERSION_STATUS: Final = " ".join(
    f"WHEN {status} THEN '{ModelVersionStatus.to_string(status)}'"
    for status in ModelVersionStatus.all_status()
)
REGISTRY: Final = (
    "registered_models", "registered_model_tags", "registered_model_aliases", "model_versions",
    "model_version_tags",
)  # fmt: skip

# Name -> the query; column names are recorded facts of upstream's database.
VIEWS: Final[dict[str, str]] = {
    "experiments": """
        SELECT id AS experiment_id, name, artifact_location, lifecycle_stage, creation_time,
            last_update_time, 'default' AS workspace
        FROM hr_experiments""",
    "runs": f"""
        SELECT run_uuid, name, 'UNKNOWN' AS source_type, '' AS source_name,
            '' AS entry_point_name, user_id, CASE status {_STATUS} END AS status, start_time,
            end_time, '' AS source_version, lifecycle_stage, artifact_uri, experiment_id,
            deleted_time
        FROM hr_runs""",
    "metrics": """
        SELECT k.name AS "key", m.value AS value, m.timestamp AS timestamp, r.run_uuid AS run_uuid,
            m.step AS step, (m.kind = 1) AS is_nan
        FROM hr_metrics m JOIN hr_runs r ON r.id = m.run_id JOIN hr_keys k ON k.id = m.key_id""",
    "latest_metrics": """
        SELECT k.name AS "key", m.value AS value, m.timestamp AS timestamp, m.step AS step,
            (m.kind = 1) AS is_nan, r.run_uuid AS run_uuid
        FROM hr_latest_metrics m JOIN hr_runs r ON r.id = m.run_id
            JOIN hr_keys k ON k.id = m.key_id""",
    "params": """
        SELECT k.name AS "key", p.value AS value, r.run_uuid AS run_uuid
        FROM hr_params p JOIN hr_runs r ON r.id = p.run_id JOIN hr_keys k ON k.id = p.key_id""",
    "tags": """
        SELECT k.name AS "key", t.value AS value, r.run_uuid AS run_uuid
        FROM hr_tags t JOIN hr_runs r ON r.id = t.run_id JOIN hr_keys k ON k.id = t.key_id""",
    "experiment_tags": """
        SELECT k.name AS "key", t.value AS value, t.experiment_id AS experiment_id
        FROM hr_experiment_tags t JOIN hr_keys k ON k.id = t.key_id""",
    "datasets": """
        SELECT dataset_uuid, experiment_id, name, digest, source_type AS dataset_source_type,
            source AS dataset_source, "schema" AS dataset_schema, profile AS dataset_profile
        FROM hr_datasets""",
    "inputs": """
        SELECT i.input_uuid AS input_uuid, 'DATASET' AS source_type, d.dataset_uuid AS source_id,
            'RUN' AS destination_type, r.run_uuid AS destination_id, 0 AS step
        FROM hr_dataset_inputs i JOIN hr_datasets d ON d.id = i.dataset_id
            JOIN hr_runs r ON r.id = i.run_id
        UNION ALL
        SELECT NULL, 'RUN_INPUT', r.run_uuid, 'MODEL_INPUT', m.model_uuid, 0
        FROM hr_model_inputs m JOIN hr_runs r ON r.id = m.run_id
        UNION ALL
        SELECT NULL, 'RUN_OUTPUT', r.run_uuid, 'MODEL_OUTPUT', m.model_uuid, m.step
        FROM hr_model_outputs m JOIN hr_runs r ON r.id = m.run_id""",
    "input_tags": """
        SELECT i.input_uuid AS input_uuid, t.name AS name, t.value AS value
        FROM hr_input_tags t JOIN hr_dataset_inputs i
            ON i.run_id = t.run_id AND i.dataset_id = t.dataset_id""",
    "logged_models": """
        SELECT model_uuid AS model_id, experiment_id, name, artifact_location,
            creation_time AS creation_timestamp_ms, last_update_time AS last_updated_timestamp_ms,
            status, lifecycle_stage, model_type, source_run_id, status_message
        FROM hr_logged_models""",
    "logged_model_tags": """
        SELECT m.model_uuid AS model_id, m.experiment_id AS experiment_id, k.name AS tag_key,
            t.value AS tag_value
        FROM hr_model_tags t JOIN hr_logged_models m ON m.id = t.model_id
            JOIN hr_keys k ON k.id = t.key_id""",
    "logged_model_params": """
        SELECT m.model_uuid AS model_id, m.experiment_id AS experiment_id, k.name AS param_key,
            p.value AS param_value
        FROM hr_model_params p JOIN hr_logged_models m ON m.id = p.model_id
            JOIN hr_keys k ON k.id = p.key_id""",
    "logged_model_metrics": """
        SELECT m.model_uuid AS model_id, k.name AS metric_name, x.timestamp AS metric_timestamp_ms,
            x.step AS metric_step, x.value AS metric_value, x.experiment_id AS experiment_id,
            r.run_uuid AS run_id, d.dataset_uuid AS dataset_uuid,
            NULLIF(x.dataset_name, '') AS dataset_name,
            NULLIF(x.dataset_digest, '') AS dataset_digest
        FROM hr_model_metrics x JOIN hr_logged_models m ON m.id = x.model_id
            JOIN hr_keys k ON k.id = x.key_id JOIN hr_runs r ON r.id = x.run_id
            LEFT JOIN hr_datasets d ON d.experiment_id = x.experiment_id
                AND d.name = x.dataset_name AND d.digest = x.dataset_digest""",
    "registered_models": """
        SELECT name, creation_time, last_update_time AS last_updated_time, description,
            'default' AS workspace
        FROM hr_registered_models""",
    "registered_model_tags": """
        SELECT k.name AS "key", t.value AS value, m.name AS name, 'default' AS workspace
        FROM hr_registered_model_tags t JOIN hr_registered_models m ON m.id = t.model_id
            JOIN hr_keys k ON k.id = t.key_id""",
    "registered_model_aliases": """
        SELECT a.alias AS alias, a.version AS version, m.name AS name, 'default' AS workspace
        FROM hr_model_aliases a JOIN hr_registered_models m ON m.id = a.model_id""",
    "model_versions": f"""
        SELECT m.name AS name, v.version AS version, v.creation_time AS creation_time,
            v.last_update_time AS last_updated_time, v.description AS description,
            NULL AS user_id, CASE v.stage {_STAGES} END AS current_stage, v.source AS source,
            v.run_id AS run_id, CASE v.status {_VERSION_STATUS} END AS status,
            v.status_message AS status_message, v.run_link AS run_link,
            v.storage_location AS storage_location, 'default' AS workspace
        FROM hr_model_versions v JOIN hr_registered_models m ON m.id = v.model_id""",
    "model_version_tags": """
        SELECT k.name AS "key", t.value AS value, m.name AS name, v.version AS version,
            'default' AS workspace
        FROM hr_model_version_tags t JOIN hr_model_versions v ON v.id = t.version_id
            JOIN hr_registered_models m ON m.id = v.model_id JOIN hr_keys k ON k.id = t.key_id""",
}

_TAKEN: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
    " AND table_schema = current_schema()",
    "mysql": "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
    " AND table_schema = DATABASE()",
}


def create(session: Session) -> None:
    """Make the views, anew where they exist."""
    taken = {name for (name,) in session.rows(_TAKEN[session.dialect.name])}
    for name, query in VIEWS.items():
        if name not in taken:
            drop(session, name)
            session.run(f"CREATE VIEW {name} AS {query.strip()}")


def drop(session: Session, name: str) -> None:
    """Remove one view."""
    session.run(f"DROP VIEW IF EXISTS {name}")
