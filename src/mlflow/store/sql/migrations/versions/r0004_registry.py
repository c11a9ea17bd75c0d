"""The model registry, and manifests of logged models."""

from typing import Final

from alembic import op

from mlflow.store.sql.migrations import scripts
from mlflow.store.sql.schema import views

revision: Final = "0004"
down_revision: Final = "0003"

_TABLES: Final = (
    "hr_model_moves", "hr_model_aliases", "hr_model_version_tags", "hr_model_versions",
    "hr_registered_model_tags", "hr_registered_models", "hr_model_manifests",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables."""
    scripts.run(revision)


def downgrade() -> None:
    """Remove them, and the views that read them."""
    for name in views.REGISTRY:
        op.execute(f"DROP VIEW IF EXISTS {name}")
    for table in _TABLES:
        op.execute(f"DROP TABLE IF EXISTS {table}")
