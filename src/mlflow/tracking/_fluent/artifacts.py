"""Logging artifacts to the active run: files, texts, figures, images, tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow._core.uri import join_uri
from mlflow.tracking._fluent.experiments import _get_experiment_id
from mlflow.tracking._fluent.runs import _get_or_start_run
from mlflow.tracking._fluent.state import client_of
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    import io

    import pandas as pd


def _target(run_id: str | None) -> tuple[MlflowClient, str]:
    if run_id is not None:
        return MlflowClient(), run_id
    run = _get_or_start_run()
    return client_of(run), run.info.run_id


def log_artifact(
    local_path: str, artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Copy a local file, or a directory with its name, to a run's artifacts.

    Args:
        local_path: The file or directory.
        artifact_path: Folder to put it in; the root by default.
        run_id: The run; the active one by default.
    """
    client, target = _target(run_id)
    client.log_artifact(target, local_path, artifact_path)


def log_artifacts(
    local_dir: str, artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Copy what a local directory holds to a run's artifacts.

    Args:
        local_dir: The directory; its own name is left out.
        artifact_path: Folder to put it in; the root by default.
        run_id: The run; the active one by default.
    """
    client, target = _target(run_id)
    client.log_artifacts(target, local_dir, artifact_path)


def log_text(text: str, artifact_file: str, run_id: str | None = None) -> None:
    """Keep a text as an artifact of a run, the active one by default."""
    client, target = _target(run_id)
    client.log_text(target, text, artifact_file)


def log_dict(dictionary: dict[str, Any], artifact_file: str, run_id: str | None = None) -> None:
    """Keep a dictionary as an artifact, YAML or JSON by the file's suffix."""
    client, target = _target(run_id)
    client.log_dict(target, dictionary, artifact_file)


def log_stream(
    stream: io.BufferedIOBase | io.RawIOBase, artifact_file: str, run_id: str | None = None
) -> None:
    """Keep what a binary stream holds as an artifact, in constant memory."""
    client, target = _target(run_id)
    client.log_stream(target, stream, artifact_file)


def log_figure(
    figure: Any, artifact_file: str, *, save_kwargs: dict[str, Any] | None = None
) -> None:
    """Keep a matplotlib or plotly figure as an artifact of the active run.

    Args:
        figure: The figure.
        artifact_file: The artifact's path; its suffix chooses the format.
        save_kwargs: Passed on to the library that draws the figure.
    """
    client, target = _target(None)
    client.log_figure(target, figure, artifact_file, save_kwargs=save_kwargs)


def log_image(
    image: Any,
    artifact_file: str | None = None,
    key: str | None = None,
    step: int | None = None,
    timestamp: int | None = None,
    synchronous: bool | None = False,
) -> None:
    """Keep an image: one file, or with ``key`` a point of a series over steps.

    Args:
        image: An ``mlflow.Image``, a PIL image or an array.
        artifact_file: Path of a single image; not together with the arguments after it.
        key: Name of a series.
        step: The point's step; 0 by default.
        timestamp: Milliseconds since 1970; now by default.
        synchronous: False writes a point of a series in the background.
    """
    client, target = _target(None)
    client.log_image(target, image, artifact_file, key, step, timestamp, synchronous)


def log_table(
    data: dict[str, Any] | pd.DataFrame, artifact_file: str, run_id: str | None = None
) -> None:
    """Keep a table as an artifact, appended to the one that is there."""
    client, target = _target(run_id)
    client.log_table(target, data, artifact_file)


def load_table(
    artifact_file: str,
    run_ids: list[str] | None = None,
    extra_columns: list[str] | None = None,
) -> pd.DataFrame:
    """Return a table that several runs of the experiment in force logged, as one DataFrame.

    Args:
        artifact_file: The table's path.
        run_ids: The runs to read; all of the experiment's by default.
        extra_columns: Values of the runs to add, such as ``run_id`` or ``params.lr``.
    """
    return MlflowClient().load_table(_get_experiment_id(), artifact_file, run_ids, extra_columns)


def get_artifact_uri(artifact_path: str | None = None) -> str:
    """Return where an artifact of the active run is, or the root of its artifacts."""
    root = _get_or_start_run().info.artifact_uri or ""
    return join_uri(root, artifact_path) if artifact_path else root
