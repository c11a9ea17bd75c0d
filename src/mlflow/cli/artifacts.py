"""``mlflow artifacts``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from mlflow.artifacts import download_artifacts
from mlflow.cli.lazy_group import LazyGroup, example
from mlflow.cli.output import (
    echo_json,
    echo_table,
    output_option_for_people,
    size_text,
    wants_table,
)
from mlflow.exceptions import MlflowException
from mlflow.tracking.client import MlflowClient

RUN_ID: Final = click.option(
    "--run-id", "-r", type=click.STRING, required=True, help="The run's id."
)


@click.group(
    cls=LazyGroup,
    epilog=example(
        """
mlflow artifacts list --run-id RUN_ID
mlflow artifacts download --run-id RUN_ID --artifact-path plots --dst-path .
mlflow artifacts log-artifact --run-id RUN_ID --local-file report.pdf
"""
    ),
)
def artifacts() -> None:
    """List, download and upload files of runs."""


@artifacts.command(
    "list",
    epilog=example(
        """
mlflow artifacts list --run-id RUN_ID
mlflow artifacts list --run-id RUN_ID --artifact-path plots --output json
"""
    ),
)
@RUN_ID
@click.option("--artifact-path", "-a", help="A folder of the run; its root by default.")
@output_option_for_people
def list_artifacts(run_id: str, artifact_path: str | None, output: str | None) -> None:
    """List the files and folders in a folder of a run."""
    found = MlflowClient().list_artifacts(run_id, artifact_path)
    if not wants_table(output):
        echo_json(
            [
                {"path": one.path, "is_dir": one.is_dir}
                | ({} if one.is_dir else {"file_size": one.file_size})
                for one in found
            ]
        )
        return
    echo_table(
        ("Path", "Size"),
        [(f"{one.path}/" if one.is_dir else one.path, size_text(one.file_size)) for one in found],
        "No artifacts here.",
    )


@artifacts.command(
    epilog=example(
        """
mlflow artifacts download --run-id RUN_ID --dst-path copy
mlflow artifacts download --artifact-uri models:/MODEL_ID --dst-path model
"""
    ),
)
@click.option("--run-id", "-r", help="The run to download from.")
@click.option("--artifact-path", "-a", help="A file or folder of the run; everything by default.")
@click.option(
    "--artifact-uri", "-u", help="What to download, instead of a run: runs:/…, models:/…, a path."
)
@click.option(
    "--dst-path", "-d", help="The folder to put it in, made if missing; a temporary one by default."
)
def download(
    run_id: str | None, artifact_path: str | None, artifact_uri: str | None, dst_path: str | None
) -> None:
    """Download files and print the path where they are."""
    if (run_id is None) == (artifact_uri is None):
        raise click.UsageError(
            "Give exactly one of --run-id and --artifact-uri.", click.get_current_context()
        )
    if artifact_uri is not None and artifact_path is not None:
        raise click.UsageError(
            "--artifact-path goes with --run-id; with --artifact-uri, make it part of the URI.",
            click.get_current_context(),
        )
    click.echo(
        download_artifacts(
            artifact_uri=artifact_uri,
            run_id=run_id,
            artifact_path=artifact_path,
            dst_path=dst_path,
        )
    )


@artifacts.command(
    "log-artifact",
    epilog=example("mlflow artifacts log-artifact -r RUN_ID -l report.pdf -a reports"),
)
@click.option("--local-file", "-l", type=click.STRING, required=True, help="The file to upload.")
@RUN_ID
@click.option("--artifact-path", "-a", help="The folder to put it in; the run's root by default.")
def log_artifact(local_file: str, run_id: str, artifact_path: str | None) -> None:
    """Upload a file to a run."""
    if not Path(local_file).exists():
        raise MlflowException.invalid_parameter_value(f"There is no file {local_file!r}.")
    MlflowClient().log_artifact(run_id, local_file, artifact_path)
    _say_logged("file", local_file, artifact_path)


@artifacts.command(
    "log-artifacts", epilog=example("mlflow artifacts log-artifacts -r RUN_ID -l plots -a plots")
)
@click.option(
    "--local-dir", "-l", type=click.STRING, required=True, help="The folder whose files to upload."
)
@RUN_ID
@click.option("--artifact-path", "-a", help="The folder to put them in; the run's root by default.")
def log_artifacts(local_dir: str, run_id: str, artifact_path: str | None) -> None:
    """Upload the files of a folder to a run."""
    if not Path(local_dir).is_dir():
        raise MlflowException.invalid_parameter_value(f"There is no folder {local_dir!r}.")
    MlflowClient().log_artifacts(run_id, local_dir, artifact_path)
    _say_logged("folder", local_dir, artifact_path)


def _say_logged(what: str, name: str, artifact_path: str | None) -> None:
    where = f"the folder {artifact_path!r} of the run" if artifact_path else "the run's root"
    click.echo(f"Logged the {what} {name!r} to {where}.", err=True)
