"""What a server needs: keys of requests, consoles, heartbeats, and when a run changed."""

from typing import Final

import sqlalchemy
from alembic import context, op
from sqlalchemy import BigInteger, Column, text

from mlflow.store.sql.migrations import scripts

revision: Final = "0002"
down_revision: Final = "0001"

_TABLES: Final = ("hr_console", "hr_request_keys", "hr_journals")
_INDEX: Final = "hr_runs_by_change"


def upgrade() -> None:
    """Make the new tables, columns and the index; what is there already stays, as on MariaDB."""
    scripts.run(revision)
    columns, indexes = _present()
    if "last_heartbeat" not in columns:
        op.add_column("hr_runs", Column("last_heartbeat", BigInteger, nullable=True))
    if "changed_time" not in columns:
        default = text("0")
        column = Column("changed_time", BigInteger, nullable=False, server_default=default)
        op.add_column("hr_runs", column)
    if _INDEX not in indexes:
        op.create_index(_INDEX, "hr_runs", ["experiment_id", "changed_time", "id"])


def downgrade() -> None:
    """Remove them."""
    columns, indexes = _present()
    if _INDEX in indexes:
        op.drop_index(_INDEX, "hr_runs")
    for column in ("changed_time", "last_heartbeat"):
        if column in columns:
            op.drop_column("hr_runs", column)
    for table in _TABLES:
        op.execute(f"DROP TABLE IF EXISTS {table}")


def _present() -> tuple[set[str], set[str]]:
    """Return the columns and indexes of the runs; none where the SQL is only written down."""
    if context.is_offline_mode():
        return set(), set()
    inspector = sqlalchemy.inspect(op.get_bind())
    columns = {str(column["name"]) for column in inspector.get_columns("hr_runs")}
    return columns, {str(index["name"]) for index in inspector.get_indexes("hr_runs")}
