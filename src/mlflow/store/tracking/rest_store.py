"""The tracking store behind a server: each method is one call of an operation.

Any server of the recorded interface will do. What only a Headrace has (heartbeats, consoles, run
documents, buckets) is asked of one; elsewhere the contract's defaults hold, and evidence that such
a server cannot keep is let go.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from mlflow._core.limits import (
    missing_value,
    validate_int64,
    validate_metric_value,
    validate_timestamp,
)
from mlflow._wire import entities as wire
from mlflow._wire import messages as m
from mlflow._wire.codec import double
from mlflow.entities.logged_model_status import LoggedModelStatus
from mlflow.entities.run_status import RunStatus
from mlflow.entities.view_type import ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.tracking import rest_creates
from mlflow.store.tracking.abstract_store import SEARCH_MAX_RESULTS_DEFAULT
from mlflow.store.tracking.rest_client import RestClient
from mlflow.store.tracking.rest_own import OwnOperations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlflow.entities.dataset_input import DatasetInput
    from mlflow.entities.dataset_summary import _DatasetSummary
    from mlflow.entities.experiment import Experiment
    from mlflow.entities.experiment_tag import ExperimentTag
    from mlflow.entities.logged_model import LoggedModel
    from mlflow.entities.logged_model_input import LoggedModelInput
    from mlflow.entities.logged_model_output import LoggedModelOutput
    from mlflow.entities.logged_model_parameter import LoggedModelParameter
    from mlflow.entities.logged_model_tag import LoggedModelTag
    from mlflow.entities.metric import Metric
    from mlflow.entities.param import Param
    from mlflow.entities.run import Run
    from mlflow.entities.run_info import RunInfo
    from mlflow.entities.run_tag import RunTag
    from mlflow.store.entities.request_key import RequestKey

M = TypeVar("M", bound=m.Message)

_MISSING: Final = "RESOURCE_DOES_NOT_EXIST"
# Servers refuse more runs, and cut more points, in one question about histories …
_RUNS_OF_HISTORY: Final = 100
_POINTS_OF_HISTORY: Final = 25_000
# … and refuse more steps in one about samples.
_STEPS_OF_SAMPLE: Final = 2500


class RestStore(OwnOperations):
    """A tracking store behind a server; safe for threads and for children of ``fork``."""

    def __init__(self, store_uri: str, artifact_uri: str | None = None) -> None:
        """Prepare for calls; connects to nothing.

        Args:
            store_uri: The server's ``http`` or ``https`` URI.
            artifact_uri: Where experiments that are created here keep their artifacts, when not
                at the server's own place.
        """
        super().__init__(RestClient(store_uri))
        self._artifact_uri = artifact_uri

    def close(self) -> None:
        """Close the connections that wait for a request; the next request opens one again."""
        self._client.session.close()

    # Requests

    def once(self, key: RequestKey, call: Callable[[], bytes]) -> bytes:
        """Run a call that makes one writing request, unless it was run before.

        Servers other than ours know no keys: there the call is run at least once.
        """
        if not self._client.is_ours():
            return call()
        with self._client.keyed(key):
            return call()

    # Experiments

    def create_experiment(
        self,
        name: str,
        artifact_location: str | None = None,
        tags: Sequence[ExperimentTag] | None = None,
    ) -> str:
        """Create an experiment and return its id; a taken name is an error, deleted ones count."""
        request = m.CreateExperiment(
            name=name,
            artifact_location=artifact_location or self._artifact_uri,
            tags=wire.items(tags or ()),
        )
        return rest_creates.create_experiment(self._client, request, self.get_experiment_by_name)

    def get_experiment(self, experiment_id: str) -> Experiment:
        """Return an experiment, active or deleted."""
        request = m.GetExperiment(experiment_id=experiment_id)
        return _experiment(self._client.call("get_experiment", request, m.ExperimentResponse))

    def get_experiment_by_name(self, experiment_name: str) -> Experiment | None:
        """Return the experiment with this name, active or deleted; None when there is none."""
        request = m.GetExperimentByName(experiment_name=experiment_name)
        try:
            found = self._client.call("get_experiment_by_name", request, m.ExperimentResponse)
        except MlflowException as error:
            if error.error_code == _MISSING:
                return None
            raise
        return _experiment(found)

    def search_experiments(
        self,
        view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int = SEARCH_MAX_RESULTS_DEFAULT,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Experiment]:
        """Return a page of the experiments that a filter selects."""
        request = m.SearchExperiments(
            view_type=_view_name(view_type),
            max_results=max_results,
            filter=filter_string,
            order_by=order_by or [],
            page_token=page_token,
        )
        page = self._client.call("search_experiments", request, m.SearchExperimentsResponse)
        return PagedList(map(wire.experiment_of, page.experiments), page.next_page_token or None)

    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Give an active experiment another name."""
        self._client.call(
            "rename_experiment",
            m.UpdateExperiment(experiment_id=experiment_id, new_name=new_name),
            m.Empty,
            is_done=lambda: self.get_experiment(experiment_id).name == new_name,
        )

    def delete_experiment(self, experiment_id: str) -> None:
        """Mark an active experiment and its runs as deleted; garbage collection removes them."""
        self._client.call(
            "delete_experiment",
            m.DeleteExperiment(experiment_id=experiment_id),
            m.Empty,
            is_done=lambda: self.get_experiment(experiment_id).lifecycle_stage == "deleted",
        )

    def restore_experiment(self, experiment_id: str) -> None:
        """Make a deleted experiment and its runs active again."""
        self._client.call(
            "restore_experiment",
            m.RestoreExperiment(experiment_id=experiment_id),
            m.Empty,
            is_done=lambda: self.get_experiment(experiment_id).lifecycle_stage == "active",
        )

    def set_experiment_tag(self, experiment_id: str, tag: ExperimentTag) -> None:
        """Set a tag of an active experiment."""
        request = m.SetExperimentTag(experiment_id=experiment_id, key=tag.key, value=tag.value)
        self._client.call("set_experiment_tag", request, m.Empty)

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag of an active experiment; a missing one is an error."""
        self._client.call(
            "delete_experiment_tag",
            m.DeleteExperimentTag(experiment_id=experiment_id, key=key),
            m.Empty,
            is_done=lambda: key not in self.get_experiment(experiment_id).tags,
        )

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
        """Create a running run, once, whatever happens to the answer; a missing name is made up."""
        if run_id is not None and not run_id:
            raise MlflowException.invalid_parameter_value("An empty run id cannot be chosen.")
        request = m.CreateRun(
            experiment_id=experiment_id,
            user_id=user_id,
            start_time=start_time,
            tags=wire.items(tags or ()),
            run_name=run_name,
            run_id=run_id,
        )
        return self._run(rest_creates.create_run(self._client, request))

    def get_run(self, run_id: str) -> Run:
        """Return a run with its latest metrics, params, tags, inputs and outputs."""
        found = self._client.call("get_run", m.GetRun(run_id=run_id), m.RunResponse)
        return self._run(found.run or m.Run())

    def _run(self, message: m.Run) -> Run:
        return rest_creates.without_request_id(wire.run_of(message))

    def update_run_info(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> RunInfo:
        """Change an active run's status, end and name; None leaves a field as it is."""
        request = m.UpdateRun(
            run_id=run_id,
            status=None if run_status is None else RunStatus.to_string(run_status),
            end_time=end_time,
            run_name=run_name,
        )
        found = self._client.call("update_run_info", request, m.UpdateRunResponse)
        return wire.run_info_of(found.run_info or m.RunInfo())

    def _search_runs(
        self,
        experiment_ids: list[str],
        filter_string: str | None,
        run_view_type: int,
        max_results: int,
        order_by: list[str] | None,
        page_token: str | None,
    ) -> tuple[list[Run], str | None]:
        """Return a page of runs and its token."""
        request = m.SearchRuns(
            experiment_ids=experiment_ids,
            filter=filter_string,
            run_view_type=_view_name(run_view_type),
            max_results=max_results,
            order_by=order_by or [],
            page_token=page_token,
        )
        page = self._client.call("search_runs", request, m.SearchRunsResponse)
        return [self._run(run) for run in page.runs], page.next_page_token or None

    def delete_run(self, run_id: str) -> None:
        """Mark a run as deleted; garbage collection removes it."""
        self._client.call(
            "delete_run",
            m.DeleteRun(run_id=run_id),
            m.Empty,
            is_done=lambda: self.get_run(run_id).info.lifecycle_stage == "deleted",
        )

    def restore_run(self, run_id: str) -> None:
        """Make a deleted run active again."""
        self._client.call(
            "restore_run",
            m.RestoreRun(run_id=run_id),
            m.Empty,
            is_done=lambda: self.get_run(run_id).info.lifecycle_stage == "active",
        )

    # What runs hold

    def log_metric(self, run_id: str, metric: Metric) -> None:
        """Add a point to a metric's history and move its latest value."""
        value, timestamp, step = _numbers(metric)
        request = m.LogMetric(
            run_id=run_id,
            key=metric.key,
            value=value,
            timestamp=timestamp,
            step=step,
            model_id=metric.model_id,
            dataset_name=metric.dataset_name,
            dataset_digest=metric.dataset_digest,
        )
        self._client.call("log_metric", request, m.Empty)

    def log_param(self, run_id: str, param: Param) -> None:
        """Set a param once; another value for the same key is an error naming both."""
        request = m.LogParam(run_id=run_id, key=param.key, value=param.value)
        self._client.call("log_param", request, m.Empty)

    def set_tag(self, run_id: str, tag: RunTag) -> None:
        """Set a tag."""
        self._client.call("set_tag", m.SetTag(run_id=run_id, key=tag.key, value=tag.value), m.Empty)

    def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag; a missing one is an error."""
        self._client.call(
            "delete_tag",
            m.DeleteTag(run_id=run_id, key=key),
            m.Empty,
            is_done=lambda: key not in self.get_run(run_id).data.tags,
        )

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric],
        params: Sequence[Param],
        tags: Sequence[RunTag],
    ) -> None:
        """Log all of these in one transaction."""
        request = m.LogBatch(
            run_id=run_id,
            metrics=list(map(_point, metrics)),
            params=wire.items(params),
            tags=wire.items(tags),
        )
        self._client.call("log_batch", request, m.Empty)

    def log_inputs(
        self,
        run_id: str,
        datasets: Sequence[DatasetInput] | None = None,
        models: Sequence[LoggedModelInput] | None = None,
    ) -> None:
        """Record what a run read."""
        request = m.LogInputs(
            run_id=run_id,
            datasets=list(map(_dataset, datasets or ())),
            models=[m.ModelInput(model_id=one.model_id) for one in models or ()],
        )
        self._client.call("log_inputs", request, m.Empty)

    def log_outputs(self, run_id: str, models: Sequence[LoggedModelOutput]) -> None:
        """Record the models that a run made."""
        request = m.LogOutputs(run_id=run_id, models=wire.outputs_messages(models))
        self._client.call("log_outputs", request, m.Empty)

    def get_metric_history(
        self,
        run_id: str,
        metric_key: str,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> PagedList[Metric]:
        """Return a metric's points; all of them when ``max_results`` is None."""
        found: list[Metric] = []
        while True:
            request = m.GetMetricHistory(
                run_id=run_id, metric_key=metric_key, max_results=max_results, page_token=page_token
            )
            page = self._client.call("get_metric_history", request, m.MetricsResponse)
            found += map(wire.metric_of, page.metrics)
            page_token = page.next_page_token or None
            if max_results is not None or page_token is None:
                return PagedList(found, page_token)

    def get_metric_history_bulk(
        self, run_ids: Sequence[str], metric_key: str, max_results: int
    ) -> list[Metric]:
        """Return the points of several runs, each with ``run_id`` set, at most ``max_results``."""
        found: list[Metric] = []
        asked = sorted(set(run_ids))
        for first in range(0, len(asked), _RUNS_OF_HISTORY):
            left = max_results - len(found)
            if left <= 0:
                break
            some = asked[first : first + _RUNS_OF_HISTORY]
            request = m.GetMetricHistoryBulk(run_id=some, metric_key=metric_key, max_results=left)
            page = self._client.call("get_metric_history_bulk", request, m.MetricsResponse)
            if _POINTS_OF_HISTORY <= len(page.metrics) < left:
                found += super().get_metric_history_bulk(some, metric_key, left)
            else:
                found += map(wire.metric_of, page.metrics)
        return found

    def get_metric_history_bulk_interval(
        self,
        run_ids: Sequence[str],
        metric_key: str,
        max_results: int,
        start_step: int | None = None,
        end_step: int | None = None,
    ) -> list[Metric]:
        """Return points of several runs at evenly spread steps, first and last step included."""
        is_empty = start_step is not None and end_step is not None and start_step > end_step
        is_large = len(run_ids) > _RUNS_OF_HISTORY or max_results > _STEPS_OF_SAMPLE
        if is_empty or is_large or max_results < 1:  # servers refuse the question
            return super().get_metric_history_bulk_interval(
                run_ids, metric_key, max_results, start_step, end_step
            )
        request = m.GetMetricHistoryBulkInterval(
            run_ids=list(run_ids),
            metric_key=metric_key,
            max_results=max_results,
            start_step=start_step,
            end_step=end_step,
        )
        page = self._client.call("get_metric_history_bulk_interval", request, m.MetricsResponse)
        return [wire.metric_of(point) for point in page.metrics]

    def search_datasets(self, experiment_ids: Sequence[str]) -> list[_DatasetSummary]:
        """Return at most 1,000 datasets that these experiments' runs read, deleted ones too."""
        if not experiment_ids:
            return []  # servers refuse the question
        request = m.SearchDatasets(experiment_ids=list(experiment_ids))
        found = self._client.call("search_datasets", request, m.SearchDatasetsResponse)
        return [wire.dataset_summary_of(one) for one in found.dataset_summaries]

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
        """Create a pending logged model, once; a missing name is made up."""
        request = m.CreateLoggedModel(
            experiment_id=experiment_id,
            name=name,
            source_run_id=source_run_id,
            tags=_texts(tags or ()),
            params=_texts(params or ()),
            model_type=model_type,
        )
        return _model(rest_creates.create_logged_model(self._client, request))

    def get_logged_model(self, model_id: str, allow_deleted: bool = False) -> LoggedModel:
        """Return a logged model; a deleted one only when allowed."""
        request = m.GetLoggedModel(model_id=model_id, allow_deleted=allow_deleted or None)
        return _model(self._client.call("get_logged_model", request, m.LoggedModelResponse).model)

    def finalize_logged_model(self, model_id: str, status: LoggedModelStatus) -> LoggedModel:
        """Set the final status of a logged model."""
        try:
            name = wire.model_status_name(LoggedModelStatus(status))
        except ValueError as error:
            known = ", ".join(LoggedModelStatus)
            raise MlflowException.invalid_parameter_value(f"{error}: it is {known}.") from None
        request = m.FinalizeLoggedModel(model_id=model_id, status=name)
        found = self._client.call("finalize_logged_model", request, m.LoggedModelResponse)
        return _model(found.model)

    def set_logged_model_tags(self, model_id: str, tags: list[LoggedModelTag]) -> None:
        """Set tags of a logged model."""
        request = m.SetLoggedModelTags(model_id=model_id, tags=_texts(tags))
        self._client.call("set_logged_model_tags", request, m.Empty)

    def delete_logged_model_tag(self, model_id: str, key: str) -> None:
        """Remove a tag of a logged model; a missing one is an error."""
        self._client.call(
            "delete_logged_model_tag",
            m.DeleteLoggedModelTag(model_id=model_id, tag_key=key),
            m.Empty,
            is_done=lambda: key not in self.get_logged_model(model_id).tags,
        )

    def log_logged_model_params(self, model_id: str, params: list[LoggedModelParameter]) -> None:
        """Set params of a logged model, each once."""
        request = m.LogLoggedModelParams(model_id=model_id, params=_texts(params))
        self._client.call("log_logged_model_params", request, m.Empty)

    def delete_logged_model(self, model_id: str) -> None:
        """Mark a logged model as deleted."""

        def is_done() -> bool:
            try:
                self.get_logged_model(model_id)
            except MlflowException as error:
                return error.error_code == _MISSING
            return False

        request = m.DeleteLoggedModel(model_id=model_id)
        self._client.call("delete_logged_model", request, m.Empty, is_done=is_done)

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
        if not experiment_ids:
            return PagedList([], None)  # servers refuse the question
        request = m.SearchLoggedModels(
            experiment_ids=experiment_ids,
            filter=filter_string,
            datasets=[_message(m.ModelDataset, one, "datasets") for one in datasets or ()],
            max_results=max_results,
            order_by=[_message(m.ModelOrder, one, "order_by") for one in order_by or ()],
            page_token=page_token,
        )
        page = self._client.call("search_logged_models", request, m.SearchLoggedModelsResponse)
        return PagedList(map(_model, page.models), page.next_page_token or None)

    def record_logged_model(self, run_id: str, mlflow_model: Any) -> None:
        """Note a model's MLmodel content in the run's history tag, as older clients read it."""
        summary = getattr(mlflow_model, "get_tags_dict", None)
        if summary is None:
            raise MlflowException.invalid_parameter_value(
                f"'mlflow_model' must be a mlflow.models.Model, not {type(mlflow_model).__name__}."
            )
        request = m.LogModel(run_id=run_id, model_json=json.dumps(summary()))
        self._client.call("record_logged_model", request, m.Empty)


def _numbers(metric: Metric) -> tuple[float, int, int]:
    """Return a point's value, time and step as they are sent: texts where JSON has no number."""
    value, timestamp, step = metric.value, metric.timestamp, metric.step
    if type(timestamp) is not int or type(step) is not int:
        what = f"metric {metric.key!r}"
        timestamp, step = validate_timestamp(timestamp, what), validate_int64(step, "step", what)
    if type(value) is not float or value - value != 0:
        value = double(validate_metric_value(metric.key, value, timestamp))  # type: ignore[assignment]  # a text is decoded as the number that it names
    return value, timestamp, step


def _point(metric: Metric) -> m.InputMetric:
    value, timestamp, step = _numbers(metric)
    return m.InputMetric(
        key=metric.key,
        value=value,
        timestamp=timestamp,
        step=step,
        model_id=metric.model_id,
        dataset_name=metric.dataset_name,
        dataset_digest=metric.dataset_digest,
    )


def _dataset(used: DatasetInput) -> m.DatasetInput:
    """Return a dataset as it is sent, whole: what is absent there would be empty for a server."""
    try:
        (message,) = wire.dataset_messages([used])
    except AttributeError as error:
        raise MlflowException.invalid_parameter_value(f"This is no dataset: {error}.") from None
    dataset = message.dataset or m.Dataset()
    needed = ("name", "digest", "source_type", "source")
    missing = [name for name in needed if getattr(dataset, name) is None]
    missing += [f"tags.{tag.key}" for tag in message.tags if tag.key is None or tag.value is None]
    if missing:
        raise missing_value(f"dataset.{missing[0]}")
    return message


def _texts(values: Sequence[LoggedModelTag | LoggedModelParameter]) -> list[m.KeyValue]:
    """Return tags or params of a logged model, whose values may be numbers."""
    found = []
    for one in values:
        if one.value is None:  # what a caller may do
            raise missing_value(f"{one.key}.value")
        found.append(m.KeyValue(key=one.key, value=str(one.value)))
    return found


def _view_name(view_type: int) -> str:
    ViewType.to_string(view_type)  # raises for what is none
    return wire.view_name(view_type)


def _experiment(found: m.ExperimentResponse) -> Experiment:
    return wire.experiment_of(found.experiment or m.Experiment())


def _model(found: m.LoggedModel | None) -> LoggedModel:
    return rest_creates.without_request_id(wire.model_of(found or m.LoggedModel()))


def _message(cls: type[M], fields: object, what: str) -> M:
    try:
        return msgspec.convert(fields, cls)
    except msgspec.ValidationError as error:
        raise MlflowException.invalid_parameter_value(
            f"Invalid value {fields!r} for parameter '{what}' supplied: {error}."
        ) from None
