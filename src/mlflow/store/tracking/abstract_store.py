"""What a tracking store promises, in prose; one contract test class holds every engine to it.

- **Threads and processes.** Every method may be called from any thread and, on one database, from
  any number of processes at once. Writers queue; no method surfaces a lock, a deadlock or a
  serialization failure of the database.
- **Atomicity.** A method that returns has committed everything; one that raises has changed
  nothing.
- **Idempotency.** Logging the same metric point, param or tag again is not an error and changes
  nothing; so is deleting what is deleted. A param keeps its first value.
- **Order.** A metric's latest value is the one with the greatest (step, timestamp, value). History
  is ordered by (timestamp, step, value) unless said otherwise. Searches have a total order.
- **Fidelity.** Keys and values come back byte for byte, metric values bit for bit but for NaN
  payloads.
- **Errors.** ``MlflowException`` with one of the codes of ``mlflow.exceptions``; an argument that
  is wrong is ``INVALID_PARAMETER_VALUE``, an id that nothing has ``RESOURCE_DOES_NOT_EXIST``, a
  name that is taken ``RESOURCE_ALREADY_EXISTS``, a write to what is deleted
  ``INVALID_PARAMETER_VALUE`` (but for logged models, which a run may finish, tag and measure after
  their deletion).
- **Times** are integers, milliseconds since 1970 in UTC; **ids** are strings.

Stores of other distributions (entry points in the group ``mlflow.tracking_store``) subclass this
with as many of the recorded methods as they serve. So nothing is enforced when such a class is
made: what is composed of others has a body, and what is missing says so when it is called. The
methods marked abstract are those that all others build on; a type checker asks for them.
"""

# ruff: noqa: ARG002 - methods that say that they are missing use no argument

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

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
from mlflow.exceptions import NOT_IMPLEMENTED, MlflowException
from mlflow.store.entities.change import Changes, News
from mlflow.store.entities.console import ConsoleChunk, ConsolePage
from mlflow.store.entities.metric_bucket import BucketAxis, ChartAxis, MetricBucket
from mlflow.store.entities.model_manifest import ModelManifest
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.entities.request_key import RequestKey
from mlflow.store.entities.run_document import RunDocument
from mlflow.store.entities.run_liveness import RunLiveness
from mlflow.store.sampling import (
    bucket_points,
    chart_of_buckets,
    check_chart,
    of_run,
    sample_points,
)

T = TypeVar("T")

_TAKEN: Final = "RESOURCE_ALREADY_EXISTS"

SEARCH_MAX_RESULTS_DEFAULT = 1000
SEARCH_MAX_RESULTS_THRESHOLD = 50000


class AbstractStore:
    """The contract of a tracking store; the module's text says what holds for every method."""

    # Requests

    def once(self, key: RequestKey, call: Callable[[], bytes]) -> bytes:
        """Run a call that writes through this store's own methods, unless it was run before.

        A database notes the key in the call's own transaction; a call that raises leaves nothing.
        A store that knows no keys just runs the call: at least once.

        Args:
            key: What the request is known by.
            call: What to do; on a database it may be run again from the start when others got in
                its way, so it must have no effect but on this store.

        Returns:
            What the call returned, or for an idempotency key what it returned the first time.
            Empty for a journal key whose request was applied before.
        """
        return call()

    def run_together(self, calls: Sequence[Callable[[], T]]) -> list[T | MlflowException]:
        """Run calls that write through this store's own methods, and return when all are committed.

        On a database each is whole or undone, whatever becomes of the others, and may be run again
        from the start, so it must have no effect but on this store; SQLite commits them as one.

        Args:
            calls: What to do, in this order.

        Returns:
            For each call what it returned, or the error that it raised or that its commit met.
        """
        return [self._result_of(call) for call in calls]

    @staticmethod
    def _result_of(call: Callable[[], T]) -> T | MlflowException:
        try:
            return call()
        except MlflowException as error:
            return error

    # Experiments

    @abstractmethod
    def create_experiment(
        self,
        name: str,
        artifact_location: str | None = None,
        tags: Sequence[ExperimentTag] | None = None,
    ) -> str:
        """Create an experiment and return its id; a taken name is an error, deleted ones count."""
        raise self._missing("create_experiment")

    def get_or_create_experiment(self, name: str) -> Experiment:
        """Return the experiment with this name, created if there is none; race-free.

        A deleted experiment is returned as it is; callers decide what that means.
        """
        found = self.get_experiment_by_name(name)
        if found is not None:
            return found
        try:
            return self.get_experiment(self.create_experiment(name, None, []))
        except MlflowException as error:
            found = self.get_experiment_by_name(name) if error.error_code == _TAKEN else None
            if found is None:
                raise
            return found

    @abstractmethod
    def get_experiment(self, experiment_id: str) -> Experiment:
        """Return an experiment, active or deleted."""
        raise self._missing("get_experiment")

    def get_experiment_by_name(self, experiment_name: str) -> Experiment | None:
        """Return the experiment with this name, active or deleted; None when there is none."""
        token = None
        while True:
            page = self.search_experiments(view_type=ViewType.ALL, page_token=token)
            found = next((one for one in page if one.name == experiment_name), None)
            token = page.token
            if found is not None or not token:
                return found

    @abstractmethod
    def search_experiments(
        self,
        view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int = SEARCH_MAX_RESULTS_DEFAULT,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Experiment]:
        """Return a page of the experiments that a filter selects."""
        raise self._missing("search_experiments")

    @abstractmethod
    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Give an active experiment another name."""
        raise self._missing("rename_experiment")

    @abstractmethod
    def delete_experiment(self, experiment_id: str) -> None:
        """Mark an active experiment and its runs as deleted; garbage collection removes them."""
        raise self._missing("delete_experiment")

    @abstractmethod
    def restore_experiment(self, experiment_id: str) -> None:
        """Make a deleted experiment and its runs active again."""
        raise self._missing("restore_experiment")

    def set_experiment_tag(self, experiment_id: str, tag: ExperimentTag) -> None:
        """Set a tag of an active experiment."""
        raise self._missing("set_experiment_tag")

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag of an active experiment; a missing one is an error."""
        raise self._missing("delete_experiment_tag")

    # Runs

    @abstractmethod
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
        """Create a running run; a missing name is made up.

        A client may choose the id, 32 lower-case hex digits: the same id again in the same
        experiment returns the run that is there, another taken one is an error.
        """
        raise self._missing("create_run")

    @abstractmethod
    def get_run(self, run_id: str) -> Run:
        """Return a run with its latest metrics, params, tags, inputs and outputs."""
        raise self._missing("get_run")

    @abstractmethod
    def update_run_info(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> RunInfo:
        """Change an active run's status, end and name; None leaves a field as it is."""
        raise self._missing("update_run_info")

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
        runs, token = self._search_runs(
            experiment_ids, filter_string, run_view_type, max_results, order_by, page_token
        )
        return PagedList(runs, token)

    def _search_runs(
        self,
        experiment_ids: list[str],
        filter_string: str | None,
        run_view_type: int,
        max_results: int,
        order_by: list[str] | None,
        page_token: str | None,
    ) -> tuple[list[Run], str | None]:
        """Return a page of runs and its token: what other stores define for ``search_runs``."""
        raise self._missing("_search_runs")

    # Tables of runs: pages ask for these, in the words of the wire

    def search_run_table(self, ask: SearchRunTable) -> RunTableResponse:
        """Return a page of the runs that a filter selects with chosen columns, and their count.

        Columns that tell the runs of the page apart are chosen by a sample of its runs and keys.
        """
        raise self._missing("search_run_table")

    def search_run_keys(self, ask: SearchRunKeys) -> RunKeysResponse:
        """Return a page of the keys that runs, archived ones too, have: curves first, by name."""
        raise self._missing("search_run_keys")

    def search_run_groups(self, ask: SearchRunGroups) -> RunGroupsResponse:
        """Return statistics of metrics' latest values over groups of all runs that match.

        A run without the param or tag is in the group of None. NaN is no value; the standard
        deviation is the sample's, None below two values.
        """
        raise self._missing("search_run_groups")

    def get_experiment_counts(self, ask: GetExperimentCounts) -> ExperimentCountsResponse:
        """Return how many runs experiments have; ids that no experiment has are left out."""
        raise self._missing("get_experiment_counts")

    @abstractmethod
    def delete_run(self, run_id: str) -> None:
        """Mark a run as deleted; garbage collection removes it."""
        raise self._missing("delete_run")

    @abstractmethod
    def restore_run(self, run_id: str) -> None:
        """Make a deleted run active again."""
        raise self._missing("restore_run")

    # What runs hold

    def log_metric(self, run_id: str, metric: Metric) -> None:
        """Add a point to a metric's history and move its latest value."""
        self.log_batch(run_id, metrics=[metric], params=[], tags=[])

    def log_param(self, run_id: str, param: Param) -> None:
        """Set a param once; another value for the same key is an error naming both."""
        self.log_batch(run_id, metrics=[], params=[param], tags=[])

    def set_tag(self, run_id: str, tag: RunTag) -> None:
        """Set a tag."""
        self.log_batch(run_id, metrics=[], params=[], tags=[tag])

    def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag; a missing one is an error."""
        raise self._missing("delete_tag")

    @abstractmethod
    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric],
        params: Sequence[Param],
        tags: Sequence[RunTag],
    ) -> None:
        """Log all of these in one transaction."""
        raise self._missing("log_batch")

    @abstractmethod
    def log_inputs(
        self,
        run_id: str,
        datasets: Sequence[DatasetInput] | None = None,
        models: Sequence[LoggedModelInput] | None = None,
    ) -> None:
        """Record what a run read."""
        raise self._missing("log_inputs")

    def log_outputs(self, run_id: str, models: Sequence[LoggedModelOutput]) -> None:
        """Record the models that a run made."""
        raise self._missing("log_outputs")

    @abstractmethod
    def get_metric_history(
        self,
        run_id: str,
        metric_key: str,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> PagedList[Metric]:
        """Return a metric's points; all of them when ``max_results`` is None."""
        raise self._missing("get_metric_history")

    def get_metric_history_bulk(
        self, run_ids: Sequence[str], metric_key: str, max_results: int
    ) -> list[Metric]:
        """Return the points of several runs, each with ``run_id`` set, at most ``max_results``."""
        found: list[Metric] = []
        for run_id in sorted(set(run_ids)):
            if len(found) < max_results:
                points = self.get_metric_history(run_id, metric_key)
                found += [of_run(point, run_id) for point in points]
        return found[: max(0, max_results)]

    def get_metric_history_bulk_interval(
        self,
        run_ids: Sequence[str],
        metric_key: str,
        max_results: int,
        start_step: int | None = None,
        end_step: int | None = None,
    ) -> list[Metric]:
        """Return points of several runs at evenly spread steps, first and last step included."""
        series = {run_id: self.get_metric_history(run_id, metric_key) for run_id in run_ids}
        return sample_points(series, max_results, start_step=start_step, end_step=end_step)

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
        """Return exact aggregates of every point, in at most ``buckets`` equal parts of the axis.

        The parts are the same for all runs and keys, so that curves line up. Each covers a power of
        two of positions and starts at a multiple of it, so that a chart that is moved or that grows
        keeps them; the first and the last part are whole and may reach beyond ``start`` and
        ``end``. Empty parts are left out. The answer maps each metric key to its buckets, ordered
        by run, then position. ``store.sampling`` states how much one call may ask for.
        """
        runs, keys = check_chart(run_ids, metric_keys, buckets=buckets, axis=axis)
        series = {(run, key): self.get_metric_history(run, key) for key in keys for run in runs}
        return bucket_points(series, buckets=buckets, axis=axis, start=start, end=end)

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
        """Return the same as columns, in the form of ``mlflow._wire.columns``.

        On the axis ``relative`` points lie where they are since the start of their run. With
        ``groups``, the name of one for each run, series are of groups: each bucket says the count,
        the limits, the mean and the deviation of all points of all members.
        """
        if axis == "relative" or groups is not None:
            raise self._missing("get_metric_columns of groups, and of time since the start of runs")
        found = self.get_metric_buckets(
            run_ids, metric_keys, buckets=buckets, axis=axis, start=start, end=end
        )
        return encode_columns(chart_of_buckets(found, list(dict.fromkeys(run_ids)), axis=axis))

    def gather_charts(self, since_ms: int = 0, *, seconds: float = 1.0) -> bool:
        """Make long histories ready for charts, before anybody asks for one.

        A server calls this when it has nothing better to do; the first chart of a history does it
        otherwise.

        Args:
            since_ms: Histories of runs that are running, or ended since then.
            seconds: After how long to stop.

        Returns:
            Whether nothing is left to do; a store that keeps nothing ready has nothing to do.
        """
        return True

    def search_datasets(self, experiment_ids: Sequence[str]) -> list[_DatasetSummary]:
        """Return at most 1,000 datasets that these experiments' runs read, deleted ones too."""
        raise self._missing("search_datasets")

    # Live runs

    def record_heartbeat(self, run_ids: Sequence[str]) -> None:
        """Note that the clients of these runs live now; ids that no run has are left out."""
        raise self._missing("record_heartbeat")

    def get_liveness(self, run_ids: Sequence[str]) -> list[RunLiveness]:
        """Return when these runs' clients were last heard of; ids that no run has are left out."""
        return [RunLiveness(run_id, None, None) for run_id in run_ids]

    def log_console(self, run_id: str, chunks: Sequence[ConsoleChunk]) -> None:
        """Keep what an active run wrote to its terminal; the same chunk again changes nothing.

        A chunk whose stream and number are there with another text replaces it and takes a new
        position: so the last rows, which a progress bar still rewrites, are shown live and kept
        once. Readers do the same.

        Of each run the newest 16 MiB and 20,000 chunks are kept at least, and a quarter more at
        most; what is older is dropped, and a page says how much that was.
        """
        raise self._missing("log_console")

    def get_console(
        self,
        run_id: str,
        after: int = 0,
        max_results: int = 1000,
        contains: str | None = None,
        before: int | None = None,
    ) -> ConsolePage:
        """Return what a run wrote, in the order in which it came.

        Args:
            run_id: The run.
            after: Position after which to begin, from the page before; 0 for the beginning.
            max_results: How many chunks at most, and no more than 10,000.
            contains: Only chunks whose text contains this; as it is spelled.
            before: Return the last chunks before this position instead of the first ones; 0 for
                the end.
        """
        raise self._missing("get_console")

    def get_changes(self, experiment_ids: Sequence[str], cursor: str | None) -> Changes:
        """Return what happened to the runs of these experiments since the cursor was given out.

        Writes of every process are seen, at the latest some seconds after their commit. One that
        wants to follow asks with None first, which returns no items, then reads what it shows, and
        then asks again and again with the last cursor. What happened in the seconds before the
        first question may be told once more; every item says how things are, so that does no harm.

        Args:
            experiment_ids: The experiments, at most 1,000.
            cursor: From the answer before; None for the first question.
        """
        raise self._missing("get_changes")

    def get_news(self, topic: str, since_ms: int | None) -> News:
        """Return which experiments, or models of them, changed since an answer was given.

        What changed in the seconds before is in it too, with the same time as before. An
        experiment without runs that changed has no ``activity``.

        Args:
            topic: ``experiments`` themselves, the ``activity`` of their runs, or, by the
                experiment, ``logged_models``.
            since_ms: The time of the answer before; None for the first question.
        """
        raise self._missing("get_news")

    # Run documents

    def log_run_document(self, run_id: str, name: str, content: bytes, content_type: str) -> None:
        """Keep a document with a run; one of the same name is replaced."""
        raise self._missing("log_run_document")

    def log_run_documents(self, found: Sequence[tuple[str, str, bytes, str]]) -> None:
        """Keep documents of several runs, each (run id, name, content, content type)."""
        for run_id, name, content, content_type in found:
            self.log_run_document(run_id, name, content, content_type)

    def get_run_document(self, run_id: str, name: str) -> RunDocument:
        """Return a document of a run."""
        raise self._missing("get_run_document")

    def list_run_documents(self, run_id: str) -> list[str]:
        """Return the names of a run's documents in order; a store that keeps none has none."""
        return []

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
        raise self._missing("create_logged_model")

    def get_logged_model(self, model_id: str, allow_deleted: bool = False) -> LoggedModel:
        """Return a logged model; a deleted one only when allowed."""
        raise self._missing("get_logged_model")

    def finalize_logged_model(self, model_id: str, status: LoggedModelStatus) -> LoggedModel:
        """Set the final status of a logged model."""
        raise self._missing("finalize_logged_model")

    def set_logged_model_tags(self, model_id: str, tags: list[LoggedModelTag]) -> None:
        """Set tags of a logged model."""
        raise self._missing("set_logged_model_tags")

    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Remove a tag of a logged model; a missing one is an error."""
        raise self._missing("delete_logged_model_tag")

    def log_logged_model_params(self, model_id: str, params: list[LoggedModelParameter]) -> None:
        """Set params of a logged model, each once."""
        raise self._missing("log_logged_model_params")

    def delete_logged_model(self, model_id: str) -> None:
        """Mark a logged model as deleted."""
        raise self._missing("delete_logged_model")

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
        raise self._missing("search_logged_models")

    def record_logged_model(self, run_id: str, mlflow_model: Any) -> None:
        """Note a model's MLmodel content in the run's history tag, as older clients read it."""
        raise self._missing("record_logged_model")

    def log_model_manifest(self, model_id: str, manifest: ModelManifest) -> None:
        """Note which files a logged model consists of; a store that keeps no manifests does not."""

    def get_model_manifest(self, model_id: str) -> ModelManifest:
        """Return which files a logged model, deleted or not, consists of; without any: unknown."""
        return ModelManifest()

    def _missing(self, method: str) -> MlflowException:
        return MlflowException(
            f"The tracking store {type(self).__name__} does not define {method}: it cannot serve"
            " this call. Ask its author, or use a database (sqlite:///mlflow.db).",
            NOT_IMPLEMENTED,
        )
