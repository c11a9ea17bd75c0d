"""What is kept of long series for charts."""

from pathlib import Path
from typing import Final

from alembic import op

from mlflow.store.sql.schema import setup

revision: Final = "0003"
down_revision: Final = "0002"

_SCRIPTS: Final = Path(__file__).parent.parent / "scripts_0003"


def upgrade() -> None:
    """Make the tables; charts fill them."""
    dialect = op.get_context().dialect
    is_mariadb = dialect.name == "mysql" and getattr(dialect, "is_mariadb", False)
    for statement in setup.script("mariadb" if is_mariadb else dialect.name, _SCRIPTS):
        op.execute(statement)


def downgrade() -> None:
    """Remove them: all that they hold follows from the points."""
    for table in ("hr_series_cells", "hr_series"):
        op.execute(f"DROP TABLE IF EXISTS {table}")
