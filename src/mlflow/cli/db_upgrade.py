"""``mlflow db upgrade``: apart from its group, for it alone needs the SQL toolkit."""

import click

from mlflow._core.uri import mask_password
from mlflow.cli.lazy_group import example
from mlflow.store.sql.migrate import upgrade as upgrade_schema


@click.command(
    epilog=example(
        """
mlflow db upgrade sqlite:///mlflow.db --dry-run
mlflow db upgrade postgresql://user@host/mlflow
"""
    ),
)
@click.argument("url")
@click.option(
    "--dry-run", is_flag=True, help="Print the SQL that would be run, and change nothing."
)
def upgrade(url: str, dry_run: bool) -> None:
    """Bring the schema of a database to this version.

    Make a backup first, and stop the programs that use the database.
    """
    done = upgrade_schema(url, dry_run=dry_run)
    where = mask_password(url)
    if not done.statements:
        click.echo(f"{where} has schema {done.after} already: nothing to do.")
        return
    before = f"schema {done.before}" if done.before else "no schema"
    if dry_run:
        click.echo(done.statements.rstrip())
        click.echo(
            f"{where} has {before}; the SQL above would bring it to {done.after}. Nothing was"
            " changed.",
            err=True,
        )
        return
    click.echo(f"{where} had {before}, and has {done.after} now.")
