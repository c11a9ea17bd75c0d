"""``mlflow db``."""

import click

from mlflow.cli.lazy_group import LazyGroup, example
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


@click.group(
    cls=LazyGroup,
    unbuilt=(
        "delete-trace-rollups",
        "migrate-to-default-workspace",
        "move-resources",
        "prepopulate-trace-analytics",
    ),
    epilog=example("mlflow db upgrade sqlite:///mlflow.db --dry-run"),
)
def db() -> None:
    """Look after the database of a store."""


@db.command(
    epilog=example(
        """
mlflow db upgrade sqlite:///mlflow.db --dry-run
mlflow db upgrade postgresql://user@host/mlflow
"""
    ),
)
@click.argument("url")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
def upgrade(url: str, dry_run: bool) -> None:
    """Bring the schema of a database to this version.

    Make a backup first, and stop the programs that use the database.
    """
    if dry_run:
        click.echo("Nothing was changed.")
        return
    SqlAlchemyStore(url)
    click.echo("The schema is of this version.")
