"""What is kept of long series for charts."""

from typing import Final

from alembic import op

from mlflow.store.sql.migrations import scripts

revision: Final = "0003"
down_revision: Final = "0002"


def upgrade() -> None:
    """Make the tables; charts fill them."""
    scripts.run(revision)


def downgrade() -> None:
    """Remove them: all that they hold follows from the points."""
    for table in ("hr_series_cells", "hr_series"):
        op.execute(f"DROP TABLE IF EXISTS {table}")
