"""``mlflow gc``: the end of what was deleted."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import click

from mlflow.cli.lazy_group import example
from mlflow.environment_variables import MLFLOW_ARTIFACTS_DESTINATION, MLFLOW_WORKSPACE
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from mlflow.store.sql.garbage import SLICE, Collector
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.tracking.stores import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

_AGE: Final = re.compile(
    r"^(?:(?P<d>\d+(?:\.\d+)?)d)?(?:(?P<h>\d+(?:\.\d+)?)h)?"
    r"(?:(?P<m>\d+(?:\.\d+)?)m)?(?:(?P<s>\d+(?:\.\d+)?)s)?$"
)
_UNIT_MS: Final = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000}


def parse_age(text: str) -> int:
    """Return a duration such as ``1d2h3m4s`` in milliseconds.

    Raises:
        MlflowException: the text is no duration.
    """
    match = _AGE.match(text)
    if match is None or not any(match.groupdict().values()):
        raise MlflowException.invalid_parameter_value(
            f"--older-than needs days, hours, minutes and seconds such as 8h, 2d8h5m20s or 2m4s,"
            f" not {text!r}"
        )
    return int(sum(float(n) * _UNIT_MS[unit] for unit, n in match.groupdict().items() if n))


def _ids(text: str | None) -> list[str] | None:
    return None if text is None else [part.strip() for part in text.split(",") if part.strip()]


def _remove_artifacts(location: str) -> None:
    with suppress(FileNotFoundError):
        get_artifact_repository(location).delete_artifacts()


def _chosen(what: str, given: list[str] | None, deleted: list[str], age_ms: int) -> list[str]:
    """Return what to remove: what was named, or all that is deleted and old enough."""
    if given is None:
        return deleted
    old_enough = set(deleted)
    young = [one for one in given if one not in old_enough] if age_ms else []
    if young:
        raise MlflowException.invalid_parameter_value(
            f"{what} {', '.join(young)}: not deleted, or not as long ago as --older-than says."
            " Nothing was removed."
        )
    return given


@click.command(
    epilog=example(
        """
mlflow gc                              # all that is deleted
mlflow gc --older-than 30d             # what was deleted a month ago or earlier
mlflow gc --run-ids ID1,ID2
"""
    ),
)
@click.option(
    "--older-than",
    help="Only what was deleted at least so long ago: days, hours, minutes, seconds, such as"
    " 1d2h3m4s.",
)
@click.option(
    "--backend-store-uri", help="The database to clean; the tracking URI in force by default."
)
@click.option(
    "--artifacts-destination",
    envvar=MLFLOW_ARTIFACTS_DESTINATION.name,
    help="Where a tracking server keeps its artifacts; not needed for a database.",
)
@click.option("--run-ids", help="Comma-separated ids of deleted runs; all deleted ones by default.")
@click.option(
    "--experiment-ids",
    help="Comma-separated ids of deleted experiments, removed with their runs; all deleted ones by"
    " default.",
)
@click.option(
    "--logged-model-ids",
    help="Comma-separated ids of deleted logged models; all deleted ones by default.",
)
@click.option("--jobs", is_flag=True, default=False, help="Not part of this release.")
@click.option("--job-ids", help="Not part of this release.")
@click.option("--tracking-uri", help="The tracking URI to use instead of the one in force.")
@click.option("--workspace", envvar=MLFLOW_WORKSPACE.name, help="Not part of this release.")
@click.option("--all-workspaces", is_flag=True, default=False, help="Not part of this release.")
def gc(
    older_than: str | None,
    backend_store_uri: str | None,
    artifacts_destination: str | None,  # noqa: ARG001 - recorded; a database knows its locations
    run_ids: str | None,
    experiment_ids: str | None,
    logged_model_ids: str | None,
    jobs: bool,
    job_ids: str | None,
    tracking_uri: str | None,
    workspace: str | None,
    all_workspaces: bool,
) -> None:
    """Remove deleted runs, logged models and experiments for good, files included.

    Without ids it removes everything that is deleted. There is no way back.
    """
    unbuilt = {
        "--jobs": jobs,
        "--job-ids": job_ids,
        "--workspace": workspace,
        "--all-workspaces": all_workspaces,
    }
    asked = [name for name, value in unbuilt.items() if value]
    if asked:
        raise click.UsageError(
            f"{', '.join(asked)}: not part of this release of Headrace; COMPATIBILITY.md lists what"
            " is built.",
            click.get_current_context(),
        )
    store = open_store(backend_store_uri or tracking_uri)
    if not isinstance(store, SqlAlchemyStore):
        raise MlflowException.invalid_parameter_value(
            "mlflow gc works on a database: give its URI by --backend-store-uri"
        )
    named = [_ids(run_ids), _ids(logged_model_ids), _ids(experiment_ids)]
    if any(ids is not None for ids in named):  # ids restrict the collection to what they name
        named = [ids or [] for ids in named]
    _collect(store.garbage(_remove_artifacts), parse_age(older_than) if older_than else 0, *named)


def _collect(
    collector: Collector,
    age_ms: int,
    run_ids: list[str] | None,
    model_ids: list[str] | None,
    experiment_ids: list[str] | None,
) -> None:
    deleted = collector.deleted_runs(older_than_ms=age_ms)
    runs = _chosen("Runs", run_ids, deleted, age_ms)
    deleted = collector.deleted_models(older_than_ms=age_ms)
    models = _chosen("Logged models", model_ids, deleted, age_ms)
    deleted = collector.deleted_experiments(older_than_ms=age_ms)
    experiments = _chosen("Experiments", experiment_ids, deleted, age_ms)
    collector.require_deleted(runs, models)
    collector.resume()
    # First, because what they hold goes with them in fewer and larger steps.
    for experiment in experiments:
        collector.experiment(experiment)
        click.echo(f"Experiment with ID {experiment} has been permanently deleted.")
    _remove("Run", runs, collector.deleted_runs(), collector.runs)
    _remove("Logged model", models, collector.deleted_models(), collector.models)


def _remove(
    what: str, chosen: list[str], left: list[str], remove: Callable[[list[str]], object]
) -> None:
    """Remove what is left of the chosen: the rest went with its experiment."""
    there = set(left)
    gone = [one for one in chosen if one not in there]
    rest = [one for one in chosen if one in there]
    for part in [gone, *(rest[start : start + SLICE] for start in range(0, len(rest), SLICE))]:
        remove([one for one in part if one in there])
        for one in part:
            click.echo(f"{what} with ID {one} has been permanently deleted.")
