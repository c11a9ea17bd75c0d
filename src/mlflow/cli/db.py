"""``mlflow db``."""

import click

from mlflow.cli.lazy_group import LazyGroup, Row, example


@click.group(
    cls=LazyGroup,
    rows={
        "upgrade": Row(
            "mlflow.cli.db_upgrade:upgrade", "Bring the schema of a database to this version."
        )
    },
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
