"""``mlflow doctor``."""

import click

from mlflow.cli.doctor import report
from mlflow.cli.lazy_group import example


@click.command("doctor", epilog=example("mlflow doctor --mask-envs"))
@click.option(
    "--mask-envs",
    is_flag=True,
    help="Hide the values of all environment variables; those of secrets are always hidden.",
)
def doctor_command(mask_envs: bool) -> None:
    """Say what is installed and set up, for reports of problems."""
    click.echo(report(mask_envs=mask_envs))
