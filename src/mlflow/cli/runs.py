"""``mlflow runs``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from mlflow._core.tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NOTE, MLFLOW_USER
from mlflow.cli.lazy_group import LazyGroup, example
from mlflow.cli.options import RequiredUnless, find_experiment, view_type
from mlflow.cli.output import (
    JSON,
    echo_json,
    echo_table,
    output_option,
    output_option_for_people,
    wants_table,
)
from mlflow.cli.run_columns import DEFAULT, cells, header, parse_columns
from mlflow.cli.run_console import read_console
from mlflow.cli.run_description import describe_run
from mlflow.cli.run_pages import iter_runs
from mlflow.entities.run_status import RunStatus
from mlflow.environment_variables import MLFLOW_EXPERIMENT_ID, MLFLOW_EXPERIMENT_NAME
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.context.registry import resolve_tags
from mlflow.tracking.stores import _get_store

if TYPE_CHECKING:
    from mlflow.entities.experiment import Experiment

RUN_ID: Final = click.option("--run-id", type=click.STRING, required=True, help="The run's id.")


@click.group(
    cls=LazyGroup,
    unbuilt=("link-traces",),
    epilog=example(
        """
mlflow runs list --experiment-name demo
mlflow runs list --experiment-id 1 --filter "metrics.accuracy > 0.9" \\
    --order-by "metrics.accuracy DESC" --columns name,status,metrics.accuracy,id
mlflow runs describe --run-id RUN_ID
"""
    ),
)
def runs() -> None:
    """List, describe, create, delete runs."""


@runs.command(
    "list",
    epilog=example(
        """
mlflow runs list --experiment-name iris
mlflow runs list --experiment-id 1 --columns name,metrics.loss,params.lr,id
mlflow runs list --experiment-id 1 --view deleted_only --output json
"""
    ),
)
@click.option(
    "--experiment-id",
    cls=RequiredUnless,
    unless="experiment_name",
    type=click.STRING,
    envvar=MLFLOW_EXPERIMENT_ID.name,
    show_envvar=True,
    help="The experiment's id.",
)
@click.option("--experiment-name", type=click.STRING, help="The experiment's name.")
@click.option(
    "--view",
    "-v",
    default="active_only",
    show_default=True,
    help="Which runs: active_only, deleted_only or all.",
)
@click.option(
    "--filter",
    "filter_string",
    default="",
    help="A search expression, such as \"metrics.loss < 0.1 and params.lr = '0.01'\".",
)
@click.option(
    "--order-by",
    multiple=True,
    help='A search order, such as "metrics.loss ASC"; the newest first by default.',
)
@click.option("--max-results", type=click.INT, help="How many at most; all by default.")
@click.option(
    "--columns",
    default=",".join(DEFAULT),
    show_default=True,
    help="Columns of the table, comma-separated: date, name, id, status, duration, user,"
    " experiment, stage, metrics.KEY, params.KEY, tags.KEY.",
)
@output_option
def list_runs(
    experiment_id: str | None,
    experiment_name: str | None,
    view: str,
    filter_string: str,
    order_by: tuple[str, ...],
    max_results: int | None,
    columns: str,
    output: str,
) -> None:
    """List the runs of an experiment, the newest first."""
    chosen = parse_columns(columns)
    wanted = view_type(view)
    client = MlflowClient()
    experiment = find_experiment(client, experiment_id, experiment_name)
    found = iter_runs(
        client,
        experiment.experiment_id,
        view=wanted,
        filter_string=filter_string,
        order_by=list(order_by) or None,
        max_results=max_results,
    )
    if output == JSON:
        echo_json([run.to_dictionary() for run in found])
        return
    rows = [cells(run, chosen) for run in found]
    echo_table(header(chosen), rows, f"No runs in experiment {experiment.name!r} match.")


@runs.command(
    epilog=example(
        """
mlflow runs describe --run-id RUN_ID
mlflow runs describe --run-id RUN_ID --output json
"""
    ),
)
@RUN_ID
@output_option_for_people
def describe(run_id: str, output: str | None) -> None:
    """Show everything about a run: params, metrics, tags, inputs, outputs, documents."""
    run = MlflowClient().get_run(run_id)
    if wants_table(output):
        store = _get_store()
        documents, liveness = store.list_run_documents(run_id), store.get_liveness([run_id])
        click.echo(describe_run(run, documents, liveness))
    else:
        echo_json(run.to_dictionary())


@runs.command(
    epilog=example(
        """
mlflow runs documents --run-id RUN_ID
mlflow runs documents --run-id RUN_ID --name git.diff | git apply
"""
    ),
)
@RUN_ID
@click.option("--name", help="Print this document instead of the list.")
@output_option
def documents(run_id: str, name: str | None, output: str) -> None:
    """List the documents kept with a run, or print one.

    They are the environment that it ran in and the changes that were not committed then.
    """
    store = _get_store()
    if name is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(store.get_run_document(run_id, name).content)
        sys.stdout.buffer.flush()
        return
    found = [store.get_run_document(run_id, one) for one in store.list_run_documents(run_id)]
    rows = [(one.name, one.content_type, len(one.content)) for one in found]
    if output == JSON:
        echo_json([{"name": row[0], "content_type": row[1], "size": row[2]} for row in rows])
        return
    echo_table(("Name", "Type", "Bytes"), rows, "No documents are kept with this run.")


@runs.command(
    epilog=example(
        """
mlflow runs console --run-id RUN_ID
mlflow runs console --run-id RUN_ID --contains "CUDA out of memory"
"""
    )
)
@RUN_ID
@click.option("--contains", help="Only the parts in which this text stands.")
def console(run_id: str, contains: str | None) -> None:
    """Print what a run printed, its two streams to their places."""
    chunks, dropped = read_console(_get_store(), run_id, contains=contains)
    if dropped:
        click.echo(f"{dropped} older parts were dropped.", err=True)
    for chunk in chunks:
        click.echo(chunk.text, nl=False, err=chunk.stream == "stderr")


@runs.command(epilog=example("mlflow runs delete --run-id RUN_ID"))
@RUN_ID
def delete(run_id: str) -> None:
    """Mark a run as deleted; it can be restored until `mlflow gc` removes it for good."""
    MlflowClient().delete_run(run_id)
    click.echo(f"Run with ID {run_id} has been deleted.")


@runs.command(epilog=example("mlflow runs restore --run-id RUN_ID"))
@RUN_ID
def restore(run_id: str) -> None:
    """Make a deleted run active again."""
    MlflowClient().restore_run(run_id)
    click.echo(f"Run with id {run_id} has been restored.")


@runs.command(
    epilog=example(
        """
mlflow runs create --experiment-name iris --run-name baseline
mlflow runs create --experiment-id 1 --tags team=vision --tags stage=test --status FAILED
"""
    ),
)
@click.option(
    "--experiment-id",
    type=click.STRING,
    envvar=MLFLOW_EXPERIMENT_ID.name,
    show_envvar=True,
    help="The experiment's id.",
)
@click.option(
    "--experiment-name",
    type=click.STRING,
    envvar=MLFLOW_EXPERIMENT_NAME.name,
    show_envvar=True,
    help="The experiment's name; it is created when there is none.",
)
@click.option("--run-name", help="The run's name; made up by default.")
@click.option("--description", help="What the run is about.")
@click.option("--tags", "-t", multiple=True, help="A tag, KEY=VALUE; can be given several times.")
@click.option(
    "--status",
    type=click.Choice(["FINISHED", "FAILED", "KILLED"]),
    default="FINISHED",
    show_default=True,
    help="The status that it ends with.",
)
@click.option("--parent-run-id", help="The run that it is nested in.")
def create(
    experiment_id: str | None,
    experiment_name: str | None,
    run_name: str | None,
    description: str | None,
    tags: tuple[str, ...],
    status: str,
    parent_run_id: str | None,
) -> None:
    """Create a run, end it, and print its id as JSON."""
    own = _parse_tags(tags)
    client = MlflowClient()
    experiment = _get_or_create(client, experiment_id, experiment_name)
    if description is not None:
        own[MLFLOW_RUN_NOTE] = description
    if parent_run_id is not None:
        own[MLFLOW_PARENT_RUN_ID] = client.get_run(parent_run_id).info.run_id
    all_tags = {key: str(value) for key, value in resolve_tags(own).items()}
    all_tags.setdefault(MLFLOW_USER, "")
    run = client.create_run(experiment.experiment_id, tags=all_tags, run_name=run_name)
    client.set_terminated(run.info.run_id, status)
    echo_json(
        {
            "run_id": run.info.run_id,
            "experiment_id": run.info.experiment_id,
            "status": RunStatus.to_string(RunStatus.from_string(status)),
            "run_name": run.info.run_name,
        }
    )


def _parse_tags(tags: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for tag in tags:
        key, equals, value = tag.partition("=")
        if not equals or not key:
            raise click.UsageError(
                f"Invalid tag format: {tag!r}. Tags must be in key=value format.",
                click.get_current_context(),
            )
        found[key] = value
    return found


def _get_or_create(
    client: MlflowClient, experiment_id: str | None, experiment_name: str | None
) -> Experiment:
    if experiment_id is None and experiment_name is not None:
        return _get_store().get_or_create_experiment(experiment_name)
    return find_experiment(client, experiment_id, experiment_name)
