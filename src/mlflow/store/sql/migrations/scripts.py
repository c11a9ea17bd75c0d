"""What revisions share: the statements of one, as they were written down with it."""

from pathlib import Path

from alembic import op

from mlflow.store.sql.schema import setup


def run(revision: str) -> None:
    """Run the statements of a revision for this kind of database."""
    dialect = op.get_context().dialect
    is_mariadb = dialect.name == "mysql" and getattr(dialect, "is_mariadb", False)
    folder = Path(__file__).parent / f"scripts_{revision}"
    for statement in setup.script("mariadb" if is_mariadb else dialect.name, folder):
        op.execute(statement)
