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
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

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
from mlflow.store.entities.metric_bucket import BucketAxis, MetricBucket
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.entities.run_document import RunDocument

SEARCH_MAX_RESULTS_DEFAULT = 1000
SEARCH_MAX_RESULTS_THRESHOLD = 50000


class AbstractStore(ABC):
    """The contract of a tracking store; the module's text says what holds for every method."""

    # Experiments

    @abstractmethod
    def create_experiment(
        self,
        name: str,
        artifact_location: str | None = None,
        tags: Sequence[ExperimentTag] | None = None,
    ) -> str:
        """Create an experiment and return its id; a taken name is an error, deleted ones count."""

    @abstractmethod
    def get_or_create_experiment(self, name: str) -> Experiment:
        """Return the experiment with this name, created if there is none; race-free.

        A deleted experiment is returned as it is; callers decide what that means.
        """

    @abstractmethod
    def get_experiment(self, experiment_id: str) -> Experiment:
        """Return an experiment, active or deleted."""

    @abstractmethod
    def get_experiment_by_name(self, experiment_name: str) -> Experiment | None:
        """Return the experiment with this name, active or deleted; None when there is none."""

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

    @abstractmethod
    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Give an active experiment another name."""

    @abstractmethod
    def delete_experiment(self, experiment_id: str) -> None:
        """Mark an active experiment and its runs as deleted; garbage collection removes them."""

    @abstractmethod
    def restore_experiment(self, experiment_id: str) -> None:
        """Make a deleted experiment and its runs active again."""

    @abstractmethod
    def set_experiment_tag(self, experiment_id: str, tag: ExperimentTag) -> None:
        """Set a tag of an active experiment."""

    @abstractmethod
    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag of an active experiment; a missing one is an error."""

    # Runs

    @abstractmethod
    def create_run(
        self,
        experiment_id: str,
        user_id: str,
        start_time: int,
        tags: Sequence[RunTag] | None,
        run_name: str | None,
    ) -> Run:
        """Create a running run; a missing name is made up."""

    @abstractmethod
    def get_run(self, run_id: str) -> Run:
        """Return a run with its latest metrics, params, tags, inputs and outputs."""

    @abstractmethod
    def update_run_info(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> RunInfo:
        """Change an active run's status, end and name; None leaves a field as it is."""

    @abstractmethod
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

    @abstractmethod
    def delete_run(self, run_id: str) -> None:
        """Mark a run as deleted; garbage collection removes it."""

    @abstractmethod
    def restore_run(self, run_id: str) -> None:
        """Make a deleted run active again."""

    # What runs hold

    @abstractmethod
    def log_metric(self, run_id: str, metric: Metric) -> None:
        """Add a point to a metric's history and move its latest value."""

    @abstractmethod
    def log_param(self, run_id: str, param: Param) -> None:
        """Set a param once; another value for the same key is an error naming both."""

    @abstractmethod
    def set_tag(self, run_id: str, tag: RunTag) -> None:
        """Set a tag."""

    @abstractmethod
    def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag; a missing one is an error."""

    @abstractmethod
    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric],
        params: Sequence[Param],
        tags: Sequence[RunTag],
    ) -> None:
        """Log all of these in one transaction."""

    @abstractmethod
    def log_inputs(
        self,
        run_id: str,
        datasets: Sequence[DatasetInput] | None = None,
        models: Sequence[LoggedModelInput] | None = None,
    ) -> None:
        """Record what a run read."""

    @abstractmethod
    def log_outputs(self, run_id: str, models: Sequence[LoggedModelOutput]) -> None:
        """Record the models that a run made."""

    @abstractmethod
    def get_metric_history(
        self,
        run_id: str,
        metric_key: str,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> PagedList[Metric]:
        """Return a metric's points; all of them when ``max_results`` is None."""

    @abstractmethod
    def get_metric_history_bulk(
        self, run_ids: Sequence[str], metric_key: str, max_results: int
    ) -> list[Metric]:
        """Return the points of several runs, each with ``run_id`` set, at most ``max_results``."""

    @abstractmethod
    def get_metric_history_bulk_interval(
        self,
        run_ids: Sequence[str],
        metric_key: str,
        max_results: int,
        start_step: int | None = None,
        end_step: int | None = None,
    ) -> list[Metric]:
        """Return points of several runs at evenly spread steps, first and last step included."""

    @abstractmethod
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

        The parts are the same for all runs and keys, so that curves line up; empty parts are left
        out. The answer maps each metric key to its buckets, ordered by run, then position.
        """

    @abstractmethod
    def search_datasets(self, experiment_ids: Sequence[str]) -> list[_DatasetSummary]:
        """Return at most 1,000 datasets that these experiments' runs read, deleted ones too."""

    # Run documents

    @abstractmethod
    def log_run_document(self, run_id: str, name: str, content: bytes, content_type: str) -> None:
        """Keep a document with a run; one of the same name is replaced."""

    def log_run_documents(self, found: Sequence[tuple[str, str, bytes, str]]) -> None:
        """Keep documents of several runs, each (run id, name, content, content type)."""
        for run_id, name, content, content_type in found:
            self.log_run_document(run_id, name, content, content_type)

    @abstractmethod
    def get_run_document(self, run_id: str, name: str) -> RunDocument:
        """Return a document of a run."""

    @abstractmethod
    def list_run_documents(self, run_id: str) -> list[str]:
        """Return the names of a run's documents in order."""

    # Logged models

    @abstractmethod
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

    @abstractmethod
    def get_logged_model(self, model_id: str, allow_deleted: bool = False) -> LoggedModel:
        """Return a logged model; a deleted one only when allowed."""

    @abstractmethod
    def finalize_logged_model(self, model_id: str, status: LoggedModelStatus) -> LoggedModel:
        """Set the final status of a logged model."""

    @abstractmethod
    def set_logged_model_tags(self, model_id: str, tags: list[LoggedModelTag]) -> None:
        """Set tags of a logged model."""

    @abstractmethod
    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Remove a tag of a logged model; a missing one is an error."""

    @abstractmethod
    def log_logged_model_params(self, model_id: str, params: list[LoggedModelParameter]) -> None:
        """Set params of a logged model, each once."""

    @abstractmethod
    def delete_logged_model(self, model_id: str) -> None:
        """Mark a logged model as deleted."""

    @abstractmethod
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

    @abstractmethod
    def record_logged_model(self, run_id: str, mlflow_model: Any) -> None:
        """Note a model's MLmodel content in the run's history tag, as older clients read it."""
