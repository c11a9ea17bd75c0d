"""Webhooks, and what they are still to be told."""

from pathlib import Path
from typing import Final

from alembic import op

from mlflow.store.sql.schema import setup

revision: Final = "0005"
down_revision: Final = "0004"

_SCRIPTS: Final = Path(__file__).parent.parent / "scripts_0005"


def upgrade() -> None:
    """Make the tables."""
    dialect = op.get_context().dialect
    is_mariadb = dialect.name == "mysql" and getattr(dialect, "is_mariadb", False)
    for statement in setup.script("mariadb" if is_mariadb else dialect.name, _SCRIPTS):
        op.execute(statement)


def downgrade() -> None:
    """Remove them."""
    for table in ("hr_webhook_deliveries", "hr_webhooks"):
        op.execute(f"DROP TABLE IF EXISTS {table}")
