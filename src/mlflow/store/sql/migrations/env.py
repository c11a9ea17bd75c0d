"""What Alembic runs: the revisions, on the connection that ``migrate.py`` opened and locked."""

from typing import Any

from alembic import context

from mlflow.store.sql.schema.setup import VERSION_TABLE

_attributes: dict[str, Any] = context.config.attributes

if context.is_offline_mode():
    context.configure(
        dialect_name=_attributes["dialect"].name,
        version_table=VERSION_TABLE,
        literal_binds=True,
        output_buffer=_attributes["output"],
    )
else:
    context.configure(connection=_attributes["connection"], version_table=VERSION_TABLE)

with context.begin_transaction():
    context.run_migrations()
