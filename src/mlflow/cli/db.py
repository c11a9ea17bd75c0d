"""``mlflow db``."""

import click

from mlflow.cli.lazy_group import LazyGroup, example
from mlflow.store.sql import migrate


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
    done = migrate.upgrade(url, dry_run=dry_run)
    if not done.statements:
        click.echo(f"The schema is of this version already: {done.after}.")
    elif dry_run:
        click.echo(done.statements)
        click.echo(f"-- From {done.before or 'nothing'} to {done.after}. Nothing was changed.")
    else:
        click.echo(f"The schema was brought from {done.before or 'nothing'} to {done.after}.")
