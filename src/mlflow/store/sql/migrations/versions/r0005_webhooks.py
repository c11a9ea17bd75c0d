"""Webhooks, and what they are still to be told."""

from typing import Final

from alembic import op

from mlflow.store.sql.migrations import scripts

revision: Final = "0005"
down_revision: Final = "0004"


def upgrade() -> None:
    """Make the tables."""
    scripts.run(revision)


def downgrade() -> None:
    """Remove them."""
    for table in ("hr_webhook_deliveries", "hr_webhooks"):
        op.execute(f"DROP TABLE IF EXISTS {table}")
