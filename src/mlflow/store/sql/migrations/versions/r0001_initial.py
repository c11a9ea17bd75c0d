"""The first schema."""

from pathlib import Path
from typing import Final

from alembic import op

from mlflow.store.sql.schema import setup, views

revision: Final = "0001"
down_revision: Final = None

_SCRIPTS: Final = Path(__file__).parent.parent / "scripts_0001"
_TABLES: Final = (
    "hr_document_contents", "hr_run_documents", "hr_model_outputs", "hr_model_inputs",
    "hr_model_metrics",
    "hr_model_params", "hr_model_tags", "hr_logged_models", "hr_input_tags", "hr_dataset_inputs",
    "hr_datasets", "hr_tags", "hr_params", "hr_latest_metrics", "hr_metrics", "hr_runs",
    "hr_experiment_tags", "hr_keys", "hr_experiments", "hr_info",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables from the scripts as they were at this revision."""
    dialect = op.get_context().dialect
    is_mariadb = dialect.name == "mysql" and getattr(dialect, "is_mariadb", False)
    for statement in setup.script("mariadb" if is_mariadb else dialect.name, _SCRIPTS):
        op.execute(statement)


def downgrade() -> None:
    """Remove everything of ours."""
    for name in views.VIEWS:
        op.execute(f"DROP VIEW IF EXISTS {name}")
    for table in _TABLES:
        op.execute(f"DROP TABLE IF EXISTS {table}")
