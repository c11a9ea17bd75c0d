"""The explicit interface: a client of one tracking store, without any active run.

Every method is a thin door: arguments become values, the store of the contract does the work.
What is not built yet comes from the table in ``client_unbuilt``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mlflow._core.clock import now_ms
from mlflow._core.paths import join_path
from mlflow._core.tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME, MLFLOW_USER
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.entities.metric import Metric
from mlflow.entities.run_status import RunStatus
from mlflow.entities.run_tag import RunTag
from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.abstract_store import SEARCH_MAX_RESULTS_DEFAULT
from mlflow.tracking import arguments, recording
from mlflow.tracking.active_model import get_active_model_id
from mlflow.tracking.artifact_access import download_artifacts, list_artifacts
from mlflow.tracking.async_artifacts import write_later
from mlflow.tracking.client_unbuilt import with_unbuilt_methods
from mlflow.tracking.journal.artifacts import artifacts_of_run
from mlflow.tracking.multimedia import figure as figures
from mlflow.tracking.multimedia import image as images
from mlflow.tracking.multimedia import stream as streams
from mlflow.tracking.multimedia import table as tables
from mlflow.tracking.multimedia import text as texts
from mlflow.tracking.multimedia.notes import RunTags
from mlflow.tracking.registry_client import RegistryClient
from mlflow.tracking.run_artifacts import repository_of_model, upload_to_model
from mlflow.tracking.stores import _get_store, find_registry_uri, resolve_tracking_uri
from mlflow.tracking.webhook_client import WebhookClient

if TYPE_CHECKING:
    import io
    from collections.abc import Sequence

    import pandas as pd

    from mlflow.entities.dataset_input import DatasetInput
    from mlflow.entities.experiment import Experiment
    from mlflow.entities.file_info import FileInfo
    from mlflow.entities.logged_model import LoggedModel
    from mlflow.entities.logged_model_input import LoggedModelInput
    from mlflow.entities.logged_model_output import LoggedModelOutput
    from mlflow.entities.logged_model_status import LoggedModelStatus
    from mlflow.entities.param import Param
    from mlflow.entities.run import Run
    from mlflow.store.artifact.artifact_repo import ArtifactRepository
    from mlflow.store.entities.paged_list import PagedList
    from mlflow.store.tracking.abstract_store import AbstractStore
    from mlflow.tracking.async_logging import RunOperations

_UNKNOWN_USER = "unknown"


def _get_artifact_repo(run_id: str) -> ArtifactRepository:
    """Return what reads and writes the artifacts of a run in the store in force."""
    return artifacts_of_run(_get_store(), run_id, resolve_tracking_uri())


@with_unbuilt_methods
class MlflowClient(RegistryClient, WebhookClient):
    """Experiments, runs and logged models of a tracking store, and the models of a registry."""

    def __init__(
        self,
        tracking_uri: str | None = None,
        registry_uri: str | None = None,
        workspace_store_uri: str | None = None,
    ) -> None:
        """Choose the store; it is opened at its first use.

        Args:
            tracking_uri: Where experiments and runs are kept; the URI in force when None.
            registry_uri: Where registered models are kept; the URI in force when None.
            workspace_store_uri: Accepted; there are no workspaces yet.

        Raises:
            MlflowException: nothing serves the URI's scheme.
        """
        self._tracking_uri = resolve_tracking_uri(tracking_uri)
        self._registry_uri = registry_uri or find_registry_uri() or self._tracking_uri
        self._workspace_store_uri = workspace_store_uri

    @property
    def tracking_uri(self) -> str:
        """Where experiments and runs are kept."""
        return self._tracking_uri

    @property
    def _store(self) -> AbstractStore:  # type: ignore[override]  # read only
        return _get_store(self._tracking_uri)

    def _run_artifacts(self, run_id: str) -> ArtifactRepository:
        return artifacts_of_run(self._store, run_id, self._tracking_uri)

    def _model_artifacts(self, model_id: str) -> ArtifactRepository:
        return repository_of_model(self._store, model_id, self._tracking_uri)

    def _run_tags(self, run_id: str) -> RunTags:
        store = self._store
        return RunTags(
            get=lambda key: store.get_run(run_id).data.tags.get(key),  # noqa: PLW0108 - read late
            set=lambda key, value: store.set_tag(run_id, RunTag(key, value)),
        )

    # Experiments

    def create_experiment(
        self,
        name: str,
        artifact_location: str | None = None,
        tags: dict[str, Any] | None = None,
    ) -> str:
        """Create an experiment and return its id; a taken name is an error."""
        made = [ExperimentTag(key, str(value)) for key, value in (tags or {}).items()]
        return self._store.create_experiment(name, artifact_location, made)

    def get_experiment(self, experiment_id: str) -> Experiment:
        """Return an experiment, active or deleted."""
        return self._store.get_experiment(arguments.experiment_id(experiment_id))

    def get_experiment_by_name(self, name: str) -> Experiment | None:
        """Return the experiment with this name, active or deleted; None when there is none."""
        return self._store.get_experiment_by_name(name)

    def search_experiments(
        self,
        view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int | None = SEARCH_MAX_RESULTS_DEFAULT,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Experiment]:
        """Return a page of the experiments that a filter selects."""
        return self._store.search_experiments(
            view_type, arguments.page_size(max_results), filter_string, order_by, page_token
        )

    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Give an active experiment another name."""
        self._store.rename_experiment(arguments.experiment_id(experiment_id), new_name)

    def delete_experiment(self, experiment_id: str) -> None:
        """Mark an experiment and its runs as deleted."""
        self._store.delete_experiment(arguments.experiment_id(experiment_id))

    def restore_experiment(self, experiment_id: str) -> None:
        """Make a deleted experiment and its runs active again."""
        self._store.restore_experiment(arguments.experiment_id(experiment_id))

    def set_experiment_tag(self, experiment_id: str, key: str, value: Any) -> None:
        """Set a tag of an experiment; the value is kept as text."""
        self._store.set_experiment_tag(
            arguments.experiment_id(experiment_id), ExperimentTag(key, str(value))
        )

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag of an experiment; a missing one is an error."""
        self._store.delete_experiment_tag(arguments.experiment_id(experiment_id), key)

    # Runs

    def create_run(
        self,
        experiment_id: str,
        start_time: int | None = None,
        tags: dict[str, Any] | None = None,
        run_name: str | None = None,
    ) -> Run:
        """Create a running run; it is not made the active run.

        Args:
            experiment_id: The experiment.
            start_time: Milliseconds since 1970; now by default.
            tags: Tags of the run; values are kept as text.
            run_name: The name; made up when there is none, here and in the tags.
        """
        texts_by_key = {key: str(value) for key, value in (tags or {}).items()}
        named = texts_by_key.get(MLFLOW_RUN_NAME)
        if run_name and named and run_name != named:
            raise MlflowException.invalid_parameter_value(
                f"Both 'run_name' argument and '{MLFLOW_RUN_NAME}' tag are specified, but with "
                f"different values (run_name={run_name!r}, {MLFLOW_RUN_NAME}={named!r}). Give one."
            )
        return self._store.create_run(
            arguments.experiment_id(experiment_id),
            texts_by_key.get(MLFLOW_USER, _UNKNOWN_USER),
            recording.time_or_now(start_time),
            [RunTag(key, value) for key, value in texts_by_key.items()],
            run_name or named,
        )

    def get_run(self, run_id: str) -> Run:
        """Return a run with its latest metrics, params, tags, inputs and outputs."""
        return self._store.get_run(run_id)

    def get_parent_run(self, run_id: str) -> Run | None:
        """Return the run that a nested run belongs to, None for any other."""
        parent_id = self._store.get_run(run_id).data.tags.get(MLFLOW_PARENT_RUN_ID)
        return None if parent_id is None else self._store.get_run(parent_id)

    def search_runs(
        self,
        experiment_ids: list[str],
        filter_string: str = "",
        run_view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int = SEARCH_MAX_RESULTS_DEFAULT,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Run]:
        """Return a page of the runs of these experiments that a filter selects."""
        return self._store.search_runs(
            arguments.experiment_ids(experiment_ids),
            filter_string,
            run_view_type,
            max_results,
            order_by,
            page_token,
        )

    def set_terminated(
        self, run_id: str, status: str | None = None, end_time: int | None = None
    ) -> None:
        """End a run.

        Args:
            run_id: The run.
            status: FINISHED by default.
            end_time: Milliseconds since 1970; now by default.
        """
        number = RunStatus.from_string(status or RunStatus.to_string(RunStatus.FINISHED))
        end = now_ms() if end_time is None else end_time
        self._store.update_run_info(run_id, number, end, None)

    def update_run(self, run_id: str, status: str | None = None, name: str | None = None) -> None:
        """Change a run's status and name; None leaves them as they are."""
        number = None if status is None else RunStatus.from_string(status)
        self._store.update_run_info(run_id, number, None, name)

    def delete_run(self, run_id: str) -> None:
        """Mark a run as deleted."""
        self._store.delete_run(run_id)

    def restore_run(self, run_id: str) -> None:
        """Make a deleted run active again."""
        self._store.restore_run(run_id)

    # What runs hold

    def log_metric(
        self,
        run_id: str,
        key: str,
        value: float,
        timestamp: int | None = None,
        step: int | None = None,
        synchronous: bool | None = None,
        dataset_name: str | None = None,
        dataset_digest: str | None = None,
        model_id: str | None = None,
    ) -> RunOperations | None:
        """Add a point to a metric.

        Args:
            run_id: The run.
            key: The metric.
            value: A number, or an array or tensor that holds one.
            timestamp: Milliseconds since 1970; now by default.
            step: The training step; 0 by default.
            synchronous: False queues the point and returns at once.
            dataset_name: The dataset that was measured on.
            dataset_digest: That dataset's digest.
            model_id: The logged model that was measured; the active one by default.

        Returns:
            Something to wait for when the point was queued.
        """
        model = model_id or get_active_model_id()
        if model is not None:
            recording.link_model(self._store, run_id, model)
        metric = Metric(
            key,
            recording.as_number(key, value),
            recording.time_or_now(timestamp),
            recording.as_step(key, step),
            model,
            dataset_name,
            dataset_digest,
            run_id if model else None,
        )
        return recording.record_metric(self._store, run_id, metric, synchronous)

    def log_param(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> Any:
        """Set a param once; another value for the same key is an error.

        Returns:
            The value, or something to wait for when the param was queued.
        """
        return recording.record_param(self._store, run_id, key, value, synchronous)

    def set_tag(
        self, run_id: str, key: str, value: Any, synchronous: bool | None = None
    ) -> RunOperations | None:
        """Set a tag; the value is kept as text."""
        return recording.record_tag(self._store, run_id, key, value, synchronous)

    def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag of a run; a missing one is an error."""
        self._store.delete_tag(run_id, key)

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric] = (),
        params: Sequence[Param] = (),
        tags: Sequence[RunTag] = (),
        synchronous: bool | None = None,
    ) -> RunOperations | None:
        """Log many values; up to 1,000 metrics, 100 params and 100 tags in one transaction."""
        batch = recording.checked_batch(metrics, params, tags)
        return recording.record_batch(self._store, run_id, batch, synchronous)

    def log_inputs(
        self,
        run_id: str,
        datasets: Sequence[DatasetInput] | None = None,
        models: Sequence[LoggedModelInput] | None = None,
    ) -> None:
        """Record the datasets and models that a run read."""
        self._store.log_inputs(run_id, datasets, models)

    def log_outputs(self, run_id: str, models: list[LoggedModelOutput]) -> None:
        """Record the models that a run made."""
        self._store.log_outputs(run_id, models)

    def get_metric_history(self, run_id: str, key: str) -> list[Metric]:
        """Return all points of a metric."""
        return list(self._store.get_metric_history(run_id, key))

    # Artifacts

    def log_artifact(self, run_id: str, local_path: str, artifact_path: str | None = None) -> None:
        """Copy a local file, or a directory with its name, to a run's artifacts."""
        arguments.log_local(self._run_artifacts(run_id), local_path, artifact_path)

    def log_artifacts(self, run_id: str, local_dir: str, artifact_path: str | None = None) -> None:
        """Copy what a local directory holds to a run's artifacts."""
        self._run_artifacts(run_id).log_artifacts(local_dir, artifact_path)

    def log_text(self, run_id: str, text: str, artifact_file: str) -> None:
        """Keep a text as an artifact."""
        texts.log_text(self._run_artifacts(run_id), text, artifact_file)

    def log_dict(self, run_id: str, dictionary: dict[str, Any], artifact_file: str) -> None:
        """Keep a dictionary as an artifact, YAML or JSON by the file's suffix."""
        texts.log_dict(self._run_artifacts(run_id), dictionary, artifact_file)

    def log_stream(
        self, run_id: str, stream: io.BufferedIOBase | io.RawIOBase, artifact_file: str
    ) -> None:
        """Keep what a binary stream holds as an artifact."""
        streams.log_stream(self._run_artifacts(run_id), stream, artifact_file)

    def log_figure(
        self,
        run_id: str,
        figure: Any,
        artifact_file: str,
        *,
        save_kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Keep a matplotlib or plotly figure as an artifact."""
        figures.log_figure(self._run_artifacts(run_id), figure, artifact_file, save_kwargs)

    def log_image(
        self,
        run_id: str,
        image: Any,
        artifact_file: str | None = None,
        key: str | None = None,
        step: int | None = None,
        timestamp: int | None = None,
        synchronous: bool | None = None,
    ) -> None:
        """Keep an image: one file, or with ``key`` a point of a series over steps.

        Args:
            run_id: The run.
            image: An ``mlflow.Image``, a PIL image or an array.
            artifact_file: Path of a single image; not together with the arguments after it.
            key: Name of a series.
            step: The point's step; 0 by default.
            timestamp: Milliseconds since 1970; now by default.
            synchronous: False writes a point of a series in the background.
        """
        images.log_image(
            self._run_artifacts(run_id),
            self._run_tags(run_id),
            image,
            artifact_file,
            key,
            step,
            timestamp,
            submit=write_later if synchronous is False else None,
        )

    def log_table(
        self, run_id: str, data: dict[str, Any] | pd.DataFrame, artifact_file: str
    ) -> None:
        """Keep a table as an artifact, appended to the one that is there."""
        tables.log_table(self._run_artifacts(run_id), self._run_tags(run_id), data, artifact_file)

    def load_table(
        self,
        experiment_id: str,
        artifact_file: str,
        run_ids: list[str] | None = None,
        extra_columns: list[str] | None = None,
    ) -> pd.DataFrame:
        """Return a table that several runs of an experiment logged, as one DataFrame.

        Args:
            experiment_id: The experiment.
            artifact_file: The table's path.
            run_ids: The runs to read; all of the experiment's by default.
            extra_columns: Values of the runs to add, such as ``run_id`` or ``params.lr``.
        """
        found = self._table_runs(arguments.experiment_id(experiment_id), artifact_file, run_ids)
        return tables.load_table(
            found,
            lambda run: self._run_artifacts(run.info.run_id),
            artifact_file,
            extra_columns,
        )

    def _table_runs(
        self, experiment_id: str, artifact_file: str, run_ids: list[str] | None
    ) -> list[Run]:
        if run_ids is not None:
            return [self._store.get_run(run_id) for run_id in run_ids]
        found: list[Run] = []
        token: str | None = None
        while True:
            page = self._store.search_runs(
                [experiment_id],
                tables.table_filter(artifact_file),
                ViewType.ACTIVE_ONLY,
                page_token=token,
            )
            found.extend(page)
            token = page.token
            if not token:
                return found

    def list_artifacts(self, run_id: str, path: str | None = None) -> list[FileInfo]:
        """Return the files and folders in a run's artifacts, or in a folder of them."""
        return list_artifacts(run_id=run_id, artifact_path=path, tracking_uri=self._tracking_uri)

    def download_artifacts(self, run_id: str, path: str, dst_path: str | None = None) -> str:
        """Return the path of a local copy of a run's artifact, or of a folder of them."""
        return download_artifacts(
            run_id=run_id, artifact_path=path, dst_path=dst_path, tracking_uri=self._tracking_uri
        )

    # Logged models

    def create_logged_model(
        self,
        experiment_id: str,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
        model_type: str | None = None,
    ) -> LoggedModel:
        """Create a pending logged model."""
        return self._store.create_logged_model(
            arguments.experiment_id(experiment_id),
            name,
            source_run_id,
            arguments.model_tags(tags or {}),
            arguments.model_params(params or {}),
            model_type,
        )

    def get_logged_model(self, model_id: str) -> LoggedModel:
        """Return a logged model."""
        return self._store.get_logged_model(arguments.model_id(model_id))

    def search_logged_models(
        self,
        experiment_ids: list[str],
        filter_string: str | None = None,
        datasets: list[dict[str, Any]] | None = None,
        max_results: int | None = None,
        order_by: list[dict[str, Any]] | None = None,
        page_token: str | None = None,
    ) -> PagedList[LoggedModel]:
        """Return a page of the logged models of these experiments that a filter selects."""
        return self._store.search_logged_models(
            arguments.experiment_ids(experiment_ids),
            filter_string,
            datasets,
            max_results,
            order_by,
            page_token,
        )

    def finalize_logged_model(
        self, model_id: str, status: Literal["READY", "FAILED"] | LoggedModelStatus
    ) -> LoggedModel:
        """Set the final status of a logged model."""
        return self._store.finalize_logged_model(
            arguments.model_id(model_id), arguments.model_status(status)
        )

    def delete_logged_model(self, model_id: str) -> None:
        """Mark a logged model as deleted."""
        self._store.delete_logged_model(arguments.model_id(model_id))

    def set_logged_model_tags(self, model_id: str, tags: dict[str, Any]) -> None:
        """Set tags of a logged model; values are kept as text."""
        self._store.set_logged_model_tags(
            arguments.model_id(model_id), arguments.model_tags(recording.as_dict(tags, "tags"))
        )

    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Remove a tag of a logged model; a missing one is an error."""
        self._store.delete_logged_model_tag(arguments.model_id(model_id), key)

    def log_model_params(self, model_id: str, params: dict[str, str]) -> None:
        """Set params of a logged model, each once."""
        self._store.log_logged_model_params(
            arguments.model_id(model_id),
            arguments.model_params(recording.as_dict(params, "params")),
        )

    def log_model_artifact(
        self, model_id: str, local_path: str, artifact_path: str | None = None
    ) -> None:
        """Copy a local file, or a directory with its name, to a logged model's artifacts."""
        path = Path(local_path)
        folder = join_path(artifact_path, path.resolve().name) if path.is_dir() else artifact_path
        repository = self._model_artifacts(model_id)
        upload_to_model(self._store, repository, model_id, path, folder or "")

    def log_model_artifacts(
        self, model_id: str, local_dir: str, artifact_path: str | None = None
    ) -> None:
        """Copy what a local directory holds to a logged model's artifacts."""
        repository = self._model_artifacts(model_id)
        upload_to_model(self._store, repository, model_id, Path(local_dir), artifact_path or "")

    def list_logged_model_artifacts(self, model_id: str, path: str | None = None) -> list[FileInfo]:
        """Return the files and folders in a logged model's artifacts, or in a folder of them."""
        return self._model_artifacts(model_id).list_artifacts(path)
