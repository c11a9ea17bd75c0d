"""The first schema."""

from typing import Final

from alembic import op

from mlflow.store.sql.migrations import scripts
from mlflow.store.sql.schema import views

revision: Final = "0001"
down_revision: Final = None

_TABLES: Final = (
    "hr_document_contents", "hr_run_documents", "hr_model_outputs", "hr_model_inputs",
    "hr_model_metrics",
    "hr_model_params", "hr_model_tags", "hr_logged_models", "hr_input_tags", "hr_dataset_inputs",
    "hr_datasets", "hr_tags", "hr_params", "hr_latest_metrics", "hr_metrics", "hr_runs",
    "hr_experiment_tags", "hr_keys", "hr_experiments", "hr_info",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables from the scripts as they were at this revision."""
    scripts.run(revision)


def downgrade() -> None:
    """Remove everything of ours."""
    for name in views.VIEWS:
        op.execute(f"DROP VIEW IF EXISTS {name}")
    for table in _TABLES:
        op.execute(f"DROP TABLE IF EXISTS {table}")
