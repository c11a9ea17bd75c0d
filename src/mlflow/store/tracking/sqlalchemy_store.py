"""The tracking store on SQL: one small module for each aggregate, put together here.

A method checks its arguments, opens one transaction and hands it to the aggregate's function.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Final, TypeVar

from mlflow._core.clock import monotonic
from mlflow._core.guard import contained
from mlflow._wire.columns import encode_columns
from mlflow._wire.table_messages import (
    ExperimentCountsResponse,
    GetExperimentCounts,
    RunGroupsResponse,
    RunKeysResponse,
    RunTableResponse,
    SearchRunGroups,
    SearchRunKeys,
    SearchRunTable,
)
from mlflow.entities.dataset_input import DatasetInput
from mlflow.entities.dataset_summary import _DatasetSummary
from mlflow.entities.experiment import Experiment
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_output import LoggedModelOutput
from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run import Run
from mlflow.entities.run_info import RunInfo
from mlflow.entities.run_tag import RunTag
from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.entities.change import Changes, News
from mlflow.store.entities.console import ConsoleChunk, ConsolePage
from mlflow.store.entities.metric_bucket import BucketAxis, ChartAxis, MetricBucket
from mlflow.store.entities.model_manifest import ModelManifest
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.entities.request_key import RequestKey
from mlflow.store.entities.run_document import RunDocument
from mlflow.store.entities.run_liveness import RunLiveness
from mlflow.store.sampling import buckets_of_chart
from mlflow.store.sql import (
    batch,
    buckets,
    changes,
    connect,
    console,
    datasets,
    documents,
    experiments,
    garbage,
    history,
    inputs,
    liveness,
    logged_models,
    manifests,
    news,
    requests,
    run_groups,
    run_key_list,
    run_table,
    runs,
    search,
    tags,
)
from mlflow.store.sql.connect import ARTIFACT_FOLDER, database_key, open_database
from mlflow.store.sql.engine import Database
from mlflow.store.sql.locations import absolute
from mlflow.store.sql.metrics import DuplicatePointsError, check_point
from mlflow.store.sql.run_keys import require_active_run
from mlflow.store.sql.session import Session
from mlflow.store.sql.texts import param_pair, tag_pair
from mlflow.store.tracking.abstract_store import SEARCH_MAX_RESULTS_DEFAULT, AbstractStore

T = TypeVar("T")
_Options = dict[str, Any]

# How often, and how many at once, old idempotency keys are removed.
_SWEEP_SECONDS: Final = 10.0
_SWEPT_KEYS: Final = 5_000


class SqlAlchemyStore(AbstractStore):
    """A tracking store in SQLite, PostgreSQL, MySQL or MariaDB."""

    # One database object for each database, however many stores are made on it.
    _engine_map: ClassVar[dict[str, Database]] = {}
    _engine_map_lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, db_uri: str, default_artifact_root: str | None = None) -> None:
        """Open the store; a new database gets its schema, an existing one is checked.

        Args:
            db_uri: ``sqlite:///path``, ``postgresql://…``, ``mysql://…`` or ``mariadb://…``.
            default_artifact_root: Where experiments keep their artifacts that name no place of
                their own. When None, ``mlruns`` beside a database in a file, else in the working
                directory: which differs from process to process, so that each experiment then
                keeps the place that it was created with.

        Raises:
            MlflowException: the URI is wrong, or the database cannot be used.
        """
        super().__init__()
        self.db_uri: Final = db_uri
        root = default_artifact_root or connect.default_artifact_root(db_uri)
        self.artifact_root_uri: Final = absolute(root or ARTIFACT_FOLDER)
        self._keeps_absolute: Final = root is None
        self._swept = monotonic()
        self._database: Final = self._get_or_create_engine(db_uri)
        if self._read(experiments.is_default_unplaced):
            with suppress(MlflowException):  # who may only read leaves it to the next
                self._write(experiments.place_default)

    @classmethod
    def _get_or_create_engine(cls, db_uri: str) -> Database:
        key = database_key(db_uri)
        with cls._engine_map_lock:
            database = cls._engine_map.get(key)
            if database is None:
                database = cls._engine_map[key] = open_database(db_uri)
            return database

    @classmethod
    def forget(cls, db_uri: str) -> None:
        """Close the connections to a database and forget it; a store made later opens it anew."""
        with cls._engine_map_lock:
            database = cls._engine_map.pop(database_key(db_uri), None)
        if database is not None:
            database.close()

    def _read(self, work: Callable[..., T], *args: Any, **options: Any) -> T:
        """Run ``work(session, …)`` on a snapshot."""

        def run(session: Session) -> T:
            session.artifact_root = self.artifact_root_uri
            session.keeps_absolute = self._keeps_absolute
            return work(session, *args, **options)

        return self._database.read(run)

    def _write(self, work: Callable[..., T], *args: Any, **options: Any) -> T:
        """Run ``work(session, …)`` in one transaction."""

        def run(session: Session) -> T:
            session.artifact_root = self.artifact_root_uri
            session.keeps_absolute = self._keeps_absolute
            return work(session, *args, **options)

        return self._database.write(run)

    # Requests

    def once(self, key: RequestKey, call: Callable[[], bytes]) -> bytes:
        """Run a call that writes through this store's own methods, unless it was run before."""
        requests.check_key(key)
        response = self._database.write(lambda session: requests.once(session, key, call))
        self._sweep()
        return response

    def run_together(self, calls: Sequence[Callable[[], T]]) -> list[T | MlflowException]:
        """Run calls that write to this database, each whole or undone; SQLite commits them once."""
        results = self._database.write_together(calls)
        self._sweep()
        return results

    def _sweep(self) -> None:
        """Now and then, when all is committed, remove some keys that are old."""
        now = monotonic()
        if now - self._swept > _SWEEP_SECONDS and not self._database.in_transaction:
            self._swept = now
            with contained("Removing old idempotency keys"):
                self._write(requests.forget_some, _SWEPT_KEYS)

    # Experiments

    def create_experiment(
        self,
        name: str,
        artifact_location: str | None = None,
        tags: Sequence[ExperimentTag] | None = None,
    ) -> str:
        """Create an experiment and return its id."""
        return self._write(experiments.create_experiment, name, artifact_location, tags or ())

    def get_or_create_experiment(self, name: str) -> Experiment:
        """Return the experiment with this name, created if there is none; race-free."""
        found = self.get_experiment_by_name(name) if isinstance(name, str) else None
        return found or self._write(experiments.get_or_create_experiment, name)

    def get_experiment(self, experiment_id: str) -> Experiment:
        """Return an experiment, active or deleted."""
        return self._read(experiments.get_experiment, experiment_id)

    def get_experiment_by_name(self, experiment_name: str) -> Experiment | None:
        """Return the experiment with this name, active or deleted; None when there is none."""
        return self._read(experiments.find_experiment_by_name, experiment_name)

    def search_experiments(
        self,
        view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int = SEARCH_MAX_RESULTS_DEFAULT,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Experiment]:
        """Return a page of the experiments that a filter selects."""
        options: _Options = {
            "view_type": view_type,
            "max_results": max_results,
            "filter_string": filter_string,
            "order_by": order_by,
            "page_token": page_token,
        }
        return self._read(search.search_experiments, **options)

    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Give an active experiment another name."""
        self._write(experiments.rename_experiment, experiment_id, new_name)

    def delete_experiment(self, experiment_id: str) -> None:
        """Mark an active experiment and its runs as deleted."""
        self._write(experiments.delete_experiment, experiment_id)

    def restore_experiment(self, experiment_id: str) -> None:
        """Make a deleted experiment and its runs active again."""
        self._write(experiments.restore_experiment, experiment_id)

    def set_experiment_tag(self, experiment_id: str, tag: ExperimentTag) -> None:
        """Set a tag of an active experiment."""
        self._write(experiments.set_experiment_tag, experiment_id, tag)

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag of an active experiment; a missing one is an error."""
        self._write(experiments.delete_experiment_tag, experiment_id, key)

    # Runs

    def create_run(
        self,
        experiment_id: str,
        user_id: str,
        start_time: int,
        tags: Sequence[RunTag] | None,
        run_name: str | None,
        *,
        run_id: str | None = None,
    ) -> Run:
        """Create a running run; a missing name is made up, and so is an id."""
        pairs = tags or ()
        return self._write(
            runs.create_run, experiment_id, user_id, start_time, pairs, run_name, run_id=run_id
        )

    def get_run(self, run_id: str) -> Run:
        """Return a run with its latest metrics, params, tags, inputs and outputs."""
        return self._read(runs.get_run, run_id)

    def update_run_info(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> RunInfo:
        """Change an active run's status, end and name; None leaves a field as it is."""
        return self._write(runs.update_run_info, run_id, run_status, end_time, run_name)

    def search_runs(
        self,
        experiment_ids: list[str],
        filter_string: str | None,
        run_view_type: int,
        max_results: int = SEARCH_MAX_RESULTS_DEFAULT,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Run]:
        """Return a page of the runs of these experiments that a filter selects."""
        options: _Options = {
            "experiment_ids": experiment_ids,
            "filter_string": filter_string,
            "run_view_type": run_view_type,
            "max_results": max_results,
            "order_by": order_by,
            "page_token": page_token,
        }
        return self._read(search.search_runs, **options)

    def search_run_table(self, ask: SearchRunTable) -> RunTableResponse:
        """Return a page of runs with chosen columns, and how many match."""
        return self._read(run_table.search_run_table, ask)

    def search_run_keys(self, ask: SearchRunKeys) -> RunKeysResponse:
        """Return a page of the keys that runs have."""
        return self._read(run_key_list.search_run_keys, ask)

    def search_run_groups(self, ask: SearchRunGroups) -> RunGroupsResponse:
        """Return statistics of metrics over groups of runs."""
        return self._read(run_groups.search_run_groups, ask)

    def get_experiment_counts(self, ask: GetExperimentCounts) -> ExperimentCountsResponse:
        """Return how many runs experiments have."""
        ids = search.checked_experiments(ask.experiment_ids)
        return self._read(experiments.get_experiment_counts, ids)

    def delete_run(self, run_id: str) -> None:
        """Mark a run as deleted."""
        self._write(runs.delete_run, run_id)

    def restore_run(self, run_id: str) -> None:
        """Make a deleted run active again."""
        self._write(runs.restore_run, run_id)

    # What runs hold

    def log_metric(self, run_id: str, metric: Metric) -> None:
        """Add a point to a metric's history and move its latest value."""
        if metric.model_id is not None:
            self.log_batch(run_id, [metric], (), ())
            return
        key, point = check_point(metric)
        write = self._database.write_points
        write(lambda session: batch.log_metric(session, run_id, key, point))

    def log_param(self, run_id: str, param: Param) -> None:
        """Set a param once; another value for the same key is an error naming both."""
        pair = dict([param_pair(param)])

        def work(session: Session) -> None:
            run = require_active_run(session, run_id)
            tags.put_params(session, run.id, run_id, pair, one=True)

        self._database.write(work)

    def set_tag(self, run_id: str, tag: RunTag) -> None:
        """Set a tag."""
        pair = dict([tag_pair(tag)])
        self._database.write(
            lambda session: tags.set_tags(session, require_active_run(session, run_id).id, pair)
        )

    def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag; a missing one is an error."""
        self._database.write(
            lambda session: tags.delete_tag(
                session, require_active_run(session, run_id).id, run_id, key
            )
        )

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric],
        params: Sequence[Param],
        tags: Sequence[RunTag],
    ) -> None:
        """Log all of these in one transaction."""
        checked = batch.check_batch(metrics, params, tags)
        write = self._database.write_points if checked.is_only_points else self._database.write
        try:
            write(lambda session: batch.log_batch(session, run_id, checked))
        except DuplicatePointsError:
            self._database.write(
                lambda session: batch.log_batch(session, run_id, checked, careful=True)
            )

    def log_inputs(
        self,
        run_id: str,
        datasets: Sequence[DatasetInput] | None = None,
        models: Sequence[LoggedModelInput] | None = None,
    ) -> None:
        """Record what a run read."""
        self._write(inputs.log_inputs, run_id, datasets, models)

    def log_outputs(self, run_id: str, models: Sequence[LoggedModelOutput]) -> None:
        """Record the models that a run made."""
        self._write(inputs.log_outputs, run_id, models)

    def get_metric_history(
        self,
        run_id: str,
        metric_key: str,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> PagedList[Metric]:
        """Return a metric's points; all of them when ``max_results`` is None."""
        return self._read(history.get_history, run_id, metric_key, max_results, page_token)

    def get_metric_history_bulk(
        self, run_ids: Sequence[str], metric_key: str, max_results: int
    ) -> list[Metric]:
        """Return the points of several runs, each with ``run_id`` set, at most ``max_results``."""
        return self._read(history.get_history_of_runs, run_ids, metric_key, max_results)

    def get_metric_history_bulk_interval(
        self,
        run_ids: Sequence[str],
        metric_key: str,
        max_results: int,
        start_step: int | None = None,
        end_step: int | None = None,
    ) -> list[Metric]:
        """Return points of several runs at evenly spread steps, first and last step included."""
        return self._read(
            history.get_sample, run_ids, metric_key, max_results, start_step, end_step
        )

    def get_metric_buckets(
        self,
        run_ids: Sequence[str],
        metric_keys: Sequence[str],
        *,
        buckets: int,
        axis: BucketAxis = "step",
        start: int | None = None,
        end: int | None = None,
    ) -> dict[str, list[MetricBucket]]:
        """Return exact aggregates of every point, in at most ``buckets`` parts of the axis."""
        options: _Options = {"buckets": buckets, "axis": axis, "start": start, "end": end}
        return buckets_of_chart(_get_chart(self._database, run_ids, metric_keys, **options))

    def get_metric_columns(
        self,
        run_ids: Sequence[str],
        metric_keys: Sequence[str],
        *,
        buckets: int,
        axis: ChartAxis = "step",
        start: int | None = None,
        end: int | None = None,
        groups: Sequence[str] | None = None,
    ) -> bytes:
        """Return the same as columns, of runs or of groups of them."""
        options: _Options = {"buckets": buckets, "axis": axis, "start": start, "end": end}
        chart = _get_chart(self._database, run_ids, metric_keys, groups=groups, **options)
        return encode_columns(chart)

    def gather_charts(self, since_ms: int = 0, *, seconds: float = 1.0) -> bool:
        """Make long histories ready for charts; return whether nothing is left to do."""
        return buckets.gather_ahead(self._database, since_ms, seconds)

    def search_datasets(self, experiment_ids: Sequence[str]) -> list[_DatasetSummary]:
        """Return the datasets that the runs of these experiments read."""
        return self._read(datasets.search_datasets, experiment_ids)

    # Live runs

    def record_heartbeat(self, run_ids: Sequence[str]) -> None:
        """Note that the clients of these runs live now."""
        self._write(liveness.record_heartbeat, run_ids)

    def get_liveness(self, run_ids: Sequence[str]) -> list[RunLiveness]:
        """Return when the clients of these runs were last heard of."""
        return self._read(liveness.get_liveness, run_ids)

    def log_console(self, run_id: str, chunks: Sequence[ConsoleChunk]) -> None:
        """Keep what an active run wrote to its terminal."""
        self._write(console.log_console, run_id, chunks)

    def get_console(
        self,
        run_id: str,
        after: int = 0,
        max_results: int = 1000,
        contains: str | None = None,
        before: int | None = None,
    ) -> ConsolePage:
        """Return what a run wrote, in the order in which it came."""
        return self._read(console.get_console, run_id, after, max_results, contains, before)

    def get_changes(self, experiment_ids: Sequence[str], cursor: str | None) -> Changes:
        """Return what happened to the runs of these experiments since the cursor was given out."""
        return self._read(changes.get_changes, experiment_ids, cursor)

    def get_news(self, topic: str, since_ms: int | None) -> News:
        """Return which experiments, or models of them, changed since an answer was given."""
        return self._read(news.get_news, topic, since_ms)

    # Run documents

    def log_run_document(self, run_id: str, name: str, content: bytes, content_type: str) -> None:
        """Keep a document with a run; one of the same name is replaced."""
        self._write(documents.log_run_document, run_id, name, content, content_type)

    def log_run_documents(self, found: Sequence[tuple[str, str, bytes, str]]) -> None:
        """Keep documents of several runs in one transaction: all of them or none."""
        self._write(documents.log_run_documents, found)

    def get_run_document(self, run_id: str, name: str) -> RunDocument:
        """Return a document of a run."""
        return self._read(documents.get_run_document, run_id, name)

    def list_run_documents(self, run_id: str) -> list[str]:
        """Return the names of a run's documents in order."""
        return self._read(documents.list_run_documents, run_id)

    # Logged models

    def create_logged_model(
        self,
        experiment_id: str,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: list[LoggedModelTag] | None = None,
        params: list[LoggedModelParameter] | None = None,
        model_type: str | None = None,
    ) -> LoggedModel:
        """Create a pending logged model; a missing name is made up."""
        options: _Options = {
            "name": name,
            "source_run_id": source_run_id,
            "tags": tags,
            "params": params,
            "model_type": model_type,
        }
        return self._write(logged_models.create_logged_model, experiment_id, **options)

    def get_logged_model(self, model_id: str, allow_deleted: bool = False) -> LoggedModel:
        """Return a logged model; a deleted one only when allowed."""
        return self._read(logged_models.get_logged_model, model_id, allow_deleted=allow_deleted)

    def finalize_logged_model(self, model_id: str, status: LoggedModelStatus) -> LoggedModel:
        """Set the final status of a logged model."""
        return self._write(logged_models.finalize_logged_model, model_id, status)

    def set_logged_model_tags(self, model_id: str, tags: list[LoggedModelTag]) -> None:
        """Set tags of a logged model."""
        self._write(logged_models.set_logged_model_tags, model_id, tags)

    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Remove a tag of a logged model; a missing one is an error."""
        self._write(logged_models.delete_logged_model_tag, model_id, key)

    def log_logged_model_params(self, model_id: str, params: list[LoggedModelParameter]) -> None:
        """Set params of a logged model, each once."""
        self._write(logged_models.log_logged_model_params, model_id, params)

    def delete_logged_model(self, model_id: str) -> None:
        """Mark a logged model as deleted."""
        self._write(logged_models.delete_logged_model, model_id)

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
        options: _Options = {
            "experiment_ids": experiment_ids,
            "filter_string": filter_string,
            "datasets": datasets,
            "max_results": max_results,
            "order_by": order_by,
            "page_token": page_token,
        }
        return self._read(search.search_logged_models, **options)

    def record_logged_model(self, run_id: str, mlflow_model: Any) -> None:
        """Note a model's MLmodel content in the run's history tag, as older clients read it."""
        self._write(logged_models.record_logged_model, run_id, mlflow_model)

    def log_model_manifest(self, model_id: str, manifest: ModelManifest) -> None:
        """Note which files a logged model consists of."""
        self._write(manifests.log_model_manifest, model_id, manifest)

    def get_model_manifest(self, model_id: str) -> ModelManifest:
        """Return which files a logged model, deleted or not, consists of; without any: unknown."""
        return self._read(manifests.get_model_manifest, model_id)

    # Garbage collection; the names with an underscore are recorded ones

    def garbage(self, remove_artifacts: Callable[[str], None] | None = None) -> garbage.Collector:
        """Return what removes deleted runs, logged models and experiments for good.

        Args:
            remove_artifacts: Called with each artifact location before the rows go.
        """
        return garbage.Collector(self._database, self.artifact_root_uri, remove_artifacts)

    def _get_deleted_runs(self, older_than: int = 0) -> list[str]:
        return self._read(garbage.deleted_runs, older_than_ms=older_than)

    def _get_deleted_logged_models(self, older_than: int = 0) -> list[str]:
        return self._read(garbage.deleted_models, older_than_ms=older_than)

    def _get_deleted_experiments(self, older_than: int = 0) -> list[str]:
        return self._read(garbage.deleted_experiments, older_than_ms=older_than)

    def _hard_delete_run(self, run_id: str) -> None:
        self.garbage().runs([run_id])

    def _hard_delete_logged_model(self, model_id: str) -> None:
        self.garbage().models([model_id])

    def _hard_delete_experiment(self, experiment_id: str) -> None:
        self.garbage().experiment(experiment_id)


_get_chart: Final = buckets.get_chart
