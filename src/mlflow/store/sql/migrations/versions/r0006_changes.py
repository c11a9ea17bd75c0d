"""When what the registry and experiments keep of models changed."""

from typing import Final

from alembic import op

from mlflow.store.sql.migrations import scripts

revision: Final = "0006"
down_revision: Final = "0005"


def upgrade() -> None:
    """Make the table; writes fill it."""
    scripts.run(revision)


def downgrade() -> None:
    """Remove it: all that it holds is of the last seconds."""
    op.execute("DROP TABLE IF EXISTS hr_changes")
