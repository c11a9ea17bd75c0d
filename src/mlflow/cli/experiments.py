"""``mlflow experiments``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from mlflow.cli.lazy_group import LazyGroup, example
from mlflow.cli.options import find_experiment, view_type
from mlflow.cli.output import (
    TABLE,
    echo_fields,
    echo_json,
    echo_table,
    output_option,
    wants_table,
)
from mlflow.cli.run_columns import csv_text
from mlflow.cli.run_pages import iter_runs
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    from mlflow.entities.experiment import Experiment

_PAGE: Final = 1000
EXPERIMENT_ID: Final = click.option(
    "--experiment-id", "-x", type=click.STRING, required=True, help="The experiment's id."
)


@click.group(
    cls=LazyGroup,
    unbuilt=("update",),
    epilog=example(
        """
mlflow experiments search
mlflow experiments create --experiment-name iris
mlflow experiments get --experiment-name iris --output json
mlflow experiments csv --experiment-id 1 --filename runs.csv
"""
    ),
)
def experiments() -> None:
    """Create, find, rename, delete experiments."""


@experiments.command(
    epilog=example("mlflow experiments create -n iris -l s3://bucket/iris"),
)
@click.option(
    "--experiment-name", "-n", type=click.STRING, required=True, help="A name that is not taken."
)
@click.option(
    "--artifact-location",
    "-l",
    help="Where its runs keep their files; a folder below the store's root by default.",
)
@click.option("--trace-archival-retention", help="Not part of this release; see COMPATIBILITY.md.")
def create(
    experiment_name: str, artifact_location: str | None, trace_archival_retention: str | None
) -> None:
    """Create an experiment and print its id."""
    if trace_archival_retention is not None:
        raise click.UsageError(
            "--trace-archival-retention is not part of this release of Headrace; COMPATIBILITY.md"
            " lists what is built."
        )
    made = MlflowClient().create_experiment(experiment_name, artifact_location)
    click.echo(f"Created experiment '{experiment_name}' with id {made}")


@experiments.command(
    epilog=example(
        """
mlflow experiments search
mlflow experiments search --view deleted_only
mlflow experiments search --filter "tags.team = 'vision'" --output json
"""
    ),
)
@click.option(
    "--view",
    "-v",
    default="active_only",
    show_default=True,
    help="Which experiments: active_only, deleted_only or all.",
)
@click.option("--max-results", type=click.INT, help="How many at most; all by default.")
@click.option("--filter", "filter_string", help="A search expression, such as \"name LIKE 'a%'\".")
@output_option
def search(view: str, max_results: int | None, filter_string: str | None, output: str) -> None:
    """List experiments, the newest first."""
    found = _find(view_type(view), max_results, filter_string)
    if not wants_table(output):
        echo_json([dict(one) for one in found])
        return
    echo_table(
        ("Experiment Id", "Name", "Artifact Location"),
        [(one.experiment_id, one.name, one.artifact_location) for one in found],
        "No experiments. To make one: mlflow experiments create --experiment-name NAME",
    )


def _find(view: int, max_results: int | None, filter_string: str | None) -> list[Experiment]:
    client = MlflowClient()
    found: list[Experiment] = []
    token = None
    while True:
        wanted = _PAGE if max_results is None else min(_PAGE, max_results - len(found))
        page = client.search_experiments(view, wanted, filter_string, None, token)
        found += page
        token = page.token
        if not token or (max_results is not None and len(found) >= max_results):
            return found


@experiments.command(
    epilog=example(
        """
mlflow experiments get --experiment-id 1
mlflow experiments get --experiment-name iris --output json
"""
    ),
)
@click.option("--experiment-id", "-x", type=click.STRING, help="The experiment's id.")
@click.option("--experiment-name", "-n", type=click.STRING, help="The experiment's name.")
@output_option
def get(experiment_id: str | None, experiment_name: str | None, output: str) -> None:
    """Show an experiment."""
    found = find_experiment(MlflowClient(), experiment_id, experiment_name)
    if output != TABLE:
        echo_json(dict(found))
        return
    echo_fields(
        [
            ("Experiment ID", found.experiment_id),
            ("Name", found.name),
            ("Artifact Location", found.artifact_location),
            ("Lifecycle Stage", found.lifecycle_stage),
            ("Creation Time", found.creation_time),
            ("Last Update Time", found.last_update_time),
            ("Tags", ", ".join(f"{key}={value}" for key, value in sorted(found.tags.items()))),
        ]
    )


@experiments.command(epilog=example("mlflow experiments delete --experiment-id 1"))
@EXPERIMENT_ID
def delete(experiment_id: str) -> None:
    """Mark an experiment and its runs as deleted.

    They can be restored until `mlflow gc` removes them for good.
    """
    MlflowClient().delete_experiment(experiment_id)
    click.echo(f"Experiment with ID {experiment_id} has been deleted.")


@experiments.command(epilog=example("mlflow experiments restore --experiment-id 1"))
@EXPERIMENT_ID
def restore(experiment_id: str) -> None:
    """Make a deleted experiment and its runs active again."""
    MlflowClient().restore_experiment(experiment_id)
    click.echo(f"Experiment with id {experiment_id} has been restored.")


@experiments.command(epilog=example("mlflow experiments rename -x 1 --new-name iris-2"))
@EXPERIMENT_ID
@click.option("--new-name", type=click.STRING, required=True, help="A name that is not taken.")
def rename(experiment_id: str, new_name: str) -> None:
    """Give an experiment another name."""
    MlflowClient().rename_experiment(experiment_id, new_name)
    click.echo(f"Experiment with id {experiment_id} has been renamed to '{new_name}'.")


@experiments.command(
    epilog=example(
        """
mlflow experiments csv --experiment-id 1
mlflow experiments csv --experiment-id 1 --filename runs.csv
"""
    ),
)
@EXPERIMENT_ID
@click.option("--filename", "-o", type=click.STRING, help="The file to write; stdout by default.")
def csv(experiment_id: str, filename: str | None) -> None:
    """Write all runs of an experiment as CSV: a row a run, a column a metric, param and tag."""
    client = MlflowClient()
    client.get_experiment(experiment_id)
    text = csv_text(list(iter_runs(client, experiment_id)))
    if filename is None:
        click.echo(text)
        return
    Path(filename).write_text(text, encoding="utf-8", newline="")
    click.echo(
        f"Experiment with ID {experiment_id} has been exported as a CSV to file: {filename}."
    )
