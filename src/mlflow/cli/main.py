"""The command ``mlflow``: its table of groups, its own options, its way to fail."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from mlflow._core.variables import load_missing
from mlflow.cli.dotenv import read_dotenv
from mlflow.cli.lazy_group import ErrorGroup, Row, example
from mlflow.version import HEADRACE_VERSION, VERSION

ROWS: Final = {
    "artifacts": Row("mlflow.cli.artifacts:artifacts", "List, download and upload files of runs."),
    "copy": Row("mlflow.cli.copy:copy", "Copy experiments and models to another store."),
    "db": Row("mlflow.cli.db:db", "Look after the database of a store."),
    "demo": Row("mlflow.cli.demo:demo", "Train a few small models and look at their runs."),
    "doctor": Row("mlflow.cli.doctor_command:doctor_command", "Say what is installed and set up."),
    "experiments": Row(
        "mlflow.cli.experiments:experiments", "Create, find, rename, delete experiments."
    ),
    "gc": Row("mlflow.cli.gc:gc", "Remove what was deleted, for good."),
    "models": Row("mlflow.cli.models:models", "Serve models, predict, pack them; their history."),
    "sync": Row("mlflow.cli.sync:sync", "Deliver what could not be delivered yet."),
    "runs": Row("mlflow.cli.runs:runs", "List, describe, create, delete runs."),
    "server": Row("mlflow.cli.server:server", "Serve experiments and runs over HTTP."),
    "ui": Row("mlflow.cli.server:ui", "The same as server."),
}
UNBUILT: Final = (
    "agent",
    "ai-commands",
    "assistant",
    "autolog",
    "crypto",
    "datasets",
    "deployments",
    "gateway",
    "mcp",
    "migrate-filestore",
    "run",
    "sagemaker",
    "scorers",
    "skills",
    "traces",
)


def _show_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    click.echo(f"mlflow, version {VERSION}")
    click.echo(f"headrace, version {HEADRACE_VERSION}")
    ctx.exit()


@click.group(
    cls=ErrorGroup,
    rows=ROWS,
    unbuilt=UNBUILT,
    context_settings={"help_option_names": ["--help"]},
    epilog=example(
        """
mlflow demo                                       # something to look at
mlflow experiments search                         # which experiments are there
mlflow runs list --experiment-name demo           # the runs of one of them
mlflow runs describe --run-id RUN_ID              # everything about a run
mlflow artifacts list --run-id RUN_ID             # its files
"""
    ),
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.option(
    "--env-file",
    type=click.Path(exists=True, dir_okay=False),
    help="Read environment variables from a file of NAME=VALUE lines; those that are set already"
    " stay as they are.",
)
def cli(env_file: str | None) -> None:
    """Track experiments from the command line.

    Commands work on the store that MLFLOW_TRACKING_URI names, or on mlflow.db in this directory.
    """
    if env_file is not None:
        load_missing(read_dotenv(Path(env_file).read_text(encoding="utf-8")))


def main() -> None:
    """Run the command line."""
    cli(prog_name="mlflow")
