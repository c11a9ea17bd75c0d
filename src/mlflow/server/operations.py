"""What each operation of the endpoint table does: message → store method → message.

A handler does nothing else; one that has nothing to say returns None. What has no handler here is
answered by other parts of the server (artifacts) or not at all.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from mlflow._wire import entities as wire
from mlflow._wire import messages as m
from mlflow._wire import own_messages as own
from mlflow._wire import table_messages as t
from mlflow._wire.codec import double
from mlflow._wire.columns import COLUMNS_CONTENT_TYPE
from mlflow.entities.experiment_tag import ExperimentTag
from mlflow.entities.logged_model_input import LoggedModelInput
from mlflow.entities.logged_model_parameter import LoggedModelParameter
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException
from mlflow.server.registry_operations import REGISTRY_HANDLERS
from mlflow.server.webhook_operations import WEBHOOK_HANDLERS
from mlflow.store.entities.console import ConsoleChunk
from mlflow.store.entities.metric_bucket import MetricBucket
from mlflow.store.entities.model_manifest import ModelManifest
from mlflow.store.tracking.abstract_store import SEARCH_MAX_RESULTS_DEFAULT, AbstractStore

Handler = Callable[[Any, Any], m.Message | None]

# As many points as one answer of the bulk operation holds at most.
_MAX_BULK: Final = 25_000
_MAX_BULK_RUNS: Final = 100
_MAX_INTERVAL: Final = 2_500
_INTERVAL: Final = 320
_CONSOLE_PAGE: Final = 1_000
_MAX_SERIES: Final = 100_000
_MAX_BUCKETS: Final = 10_000


def _limited(name: str, value: int | None, usual: int, most: int) -> int:
    if value is None:
        return usual
    if not 0 < value <= most:
        raise MlflowException.invalid_parameter_value(
            f"Invalid value {value} for parameter '{name}' supplied. It must be 1 to {most}."
        )
    return value


# Experiments


def _create_experiment(store: AbstractStore, ask: m.CreateExperiment) -> m.Message:
    tags = wire.items_of(ExperimentTag, ask.tags)
    made = store.create_experiment(ask.name or "", ask.artifact_location, tags)
    return m.CreateExperimentResponse(experiment_id=made)


def _get_or_create_experiment(store: AbstractStore, ask: own.GetOrCreateExperiment) -> m.Message:
    found = store.get_or_create_experiment(ask.name or "")
    return own.GetOrCreateExperimentResponse(experiment=wire.experiment_message(found))


def _get_experiment(store: AbstractStore, ask: m.GetExperiment) -> m.Message:
    found = store.get_experiment(ask.experiment_id or "")
    return m.ExperimentResponse(experiment=wire.experiment_message(found))


def _get_experiment_by_name(store: AbstractStore, ask: m.GetExperimentByName) -> m.Message:
    found = store.get_experiment_by_name(ask.experiment_name or "")
    if found is None:
        raise MlflowException(
            f"Could not find experiment with name '{ask.experiment_name}'", RESOURCE_DOES_NOT_EXIST
        )
    return m.ExperimentResponse(experiment=wire.experiment_message(found))


def _search_experiments(store: AbstractStore, ask: m.SearchExperiments) -> m.Message:
    page = store.search_experiments(
        view_type=wire.view_type_of(ask.view_type),
        max_results=ask.max_results or 0,
        filter_string=ask.filter,
        order_by=ask.order_by or None,
        page_token=ask.page_token or None,
    )
    return m.SearchExperimentsResponse(
        experiments=[wire.experiment_message(one) for one in page],
        next_page_token=page.token or None,
    )


def _rename_experiment(store: AbstractStore, ask: m.UpdateExperiment) -> None:
    store.rename_experiment(ask.experiment_id or "", ask.new_name or "")


def _delete_experiment(store: AbstractStore, ask: m.DeleteExperiment) -> None:
    store.delete_experiment(ask.experiment_id or "")


def _restore_experiment(store: AbstractStore, ask: m.RestoreExperiment) -> None:
    store.restore_experiment(ask.experiment_id or "")


def _set_experiment_tag(store: AbstractStore, ask: m.SetExperimentTag) -> None:
    store.set_experiment_tag(ask.experiment_id or "", ExperimentTag(ask.key or "", ask.value or ""))


def _delete_experiment_tag(store: AbstractStore, ask: m.DeleteExperimentTag) -> None:
    store.delete_experiment_tag(ask.experiment_id or "", ask.key or "")


def _search_datasets(store: AbstractStore, ask: m.SearchDatasets) -> m.Message:
    if not ask.experiment_ids:
        raise MlflowException.invalid_parameter_value(
            "SearchDatasets request must specify at least one experiment_id."
        )
    found = store.search_datasets(ask.experiment_ids)
    return m.SearchDatasetsResponse(dataset_summaries=wire.dataset_summary_messages(found))


# Runs


def _create_run(store: AbstractStore, ask: m.CreateRun) -> m.Message:
    tags = wire.items_of(RunTag, ask.tags)
    run = store.create_run(
        ask.experiment_id or "",
        ask.user_id or "",
        ask.start_time or 0,
        tags,
        ask.run_name,
        run_id=ask.run_id or None,
    )
    message = wire.run_message(run)
    message.outputs = None  # as it is recorded: only a run that is read has outputs
    return m.RunResponse(run=message)


def _get_run(store: AbstractStore, ask: m.GetRun) -> m.Message:
    return m.RunResponse(run=wire.run_message(store.get_run(ask.run_id or "")))


def _update_run_info(store: AbstractStore, ask: m.UpdateRun) -> m.Message:
    status = wire.run_status_of(ask.status)
    info = store.update_run_info(ask.run_id or "", status, ask.end_time, ask.run_name or None)
    return m.UpdateRunResponse(run_info=wire.run_info_message(info))


def _delete_run(store: AbstractStore, ask: m.DeleteRun) -> None:
    store.delete_run(ask.run_id or "")


def _restore_run(store: AbstractStore, ask: m.RestoreRun) -> None:
    store.restore_run(ask.run_id or "")


def _search_runs(store: AbstractStore, ask: m.SearchRuns) -> m.Message:
    most = SEARCH_MAX_RESULTS_DEFAULT if ask.max_results is None else ask.max_results
    page = store.search_runs(
        ask.experiment_ids,
        ask.filter,
        wire.view_type_of(ask.run_view_type),
        most,
        ask.order_by or None,
        ask.page_token or None,
    )
    return m.SearchRunsResponse(
        runs=[wire.run_message(run) for run in page], next_page_token=page.token or None
    )


def _log_metric(store: AbstractStore, ask: m.LogMetric) -> None:
    point = Metric(
        ask.key or "",
        0.0 if ask.value is None else float(ask.value),  # -0.0 is a value
        ask.timestamp or 0,
        ask.step or 0,
        ask.model_id,
        ask.dataset_name,
        ask.dataset_digest,
    )
    store.log_metric(ask.run_id or "", point)


def _log_param(store: AbstractStore, ask: m.LogParam) -> None:
    store.log_param(ask.run_id or "", Param(ask.key or "", ask.value or ""))


def _set_tag(store: AbstractStore, ask: m.SetTag) -> None:
    store.set_tag(ask.run_id or "", RunTag(ask.key or "", ask.value or ""))


def _delete_tag(store: AbstractStore, ask: m.DeleteTag) -> None:
    store.delete_tag(ask.run_id or "", ask.key or "")


def _log_batch(store: AbstractStore, ask: m.LogBatch) -> None:
    store.log_batch(
        ask.run_id or "",
        [wire.metric_of(point) for point in ask.metrics],
        wire.items_of(Param, ask.params),
        wire.items_of(RunTag, ask.tags),
    )


def _record_logged_model(store: AbstractStore, ask: m.LogModel) -> None:
    try:
        content = msgspec.json.decode(ask.model_json or "", type=dict)
    except msgspec.DecodeError as error:
        raise MlflowException.invalid_parameter_value(
            f"Malformed model info: 'model_json' is not a JSON object: {error}"
        ) from None
    missing = {"artifact_path", "flavors", "utc_time_created", "run_id"} - content.keys()
    if missing:
        raise MlflowException.invalid_parameter_value(
            f"Model json is missing mandatory fields: {sorted(missing)}"
        )
    store.record_logged_model(ask.run_id or "", content)


def _log_inputs(store: AbstractStore, ask: m.LogInputs) -> None:
    models = [LoggedModelInput(one.model_id or "") for one in ask.models]
    store.log_inputs(ask.run_id or "", wire.datasets_of(ask.datasets), models)


def _log_outputs(store: AbstractStore, ask: m.LogOutputs) -> None:
    store.log_outputs(ask.run_id or "", wire.outputs_of(ask.models))


# Metrics


def _get_metric_history(store: AbstractStore, ask: m.GetMetricHistory) -> m.Message:
    page = store.get_metric_history(
        ask.run_id or "", ask.metric_key or "", ask.max_results, ask.page_token or None
    )
    return m.MetricsResponse(
        metrics=[wire.metric_message(point) for point in page], next_page_token=page.token or None
    )


def _get_metric_history_bulk(store: AbstractStore, ask: m.GetMetricHistoryBulk) -> m.Message:
    if len(ask.run_id) > _MAX_BULK_RUNS:
        raise MlflowException.invalid_parameter_value(
            f"GetMetricHistoryBulk request cannot specify more than {_MAX_BULK_RUNS} run_ids."
            f" Received {len(ask.run_id)} run_ids."
        )
    most = min(_MAX_BULK if ask.max_results is None else ask.max_results, _MAX_BULK)
    found = store.get_metric_history_bulk(ask.run_id, ask.metric_key or "", most)
    return m.MetricsResponse(metrics=[wire.metric_message(point) for point in found])


def _get_metric_history_bulk_interval(
    store: AbstractStore, ask: m.GetMetricHistoryBulkInterval
) -> m.Message:
    if len(ask.run_ids) > _MAX_BULK_RUNS:
        raise MlflowException.invalid_parameter_value(
            f"GetMetricHistoryBulkInterval request must specify at most {_MAX_BULK_RUNS} run_ids."
            f" Received {len(ask.run_ids)} run_ids."
        )
    if (ask.start_step is None) != (ask.end_step is None):
        raise MlflowException.invalid_parameter_value(
            "If either start step or end step are specified, both must be specified."
        )
    if ask.start_step is not None and ask.start_step > (ask.end_step or 0):
        raise MlflowException.invalid_parameter_value(
            f"end_step must be greater than start_step. Found start_step={ask.start_step} and"
            f" end_step={ask.end_step}."
        )
    found = store.get_metric_history_bulk_interval(
        ask.run_ids,
        ask.metric_key or "",
        _limited("max_results", ask.max_results, _INTERVAL, _MAX_INTERVAL),
        ask.start_step,
        ask.end_step,
    )
    return m.MetricsResponse(metrics=[wire.metric_message(point) for point in found])


def chart_request(ask: own.GetMetricBuckets) -> dict[str, Any]:
    """Return the arguments of ``get_metric_columns`` by name, checked."""
    if ask.axis not in (None, "", "step", "time", "relative"):
        raise MlflowException.invalid_parameter_value(
            "'axis' must be 'step', 'time' or 'relative'."
        )
    if len(ask.run_ids) * len(ask.metric_keys) > _MAX_SERIES:
        raise MlflowException.invalid_parameter_value(
            f"At most {_MAX_SERIES} series (runs times metrics) can be asked for at once."
        )
    return {
        "run_ids": ask.run_ids,
        "metric_keys": ask.metric_keys,
        "buckets": _limited("buckets", ask.buckets, 1_000, _MAX_BUCKETS),
        "axis": ask.axis or "step",
        "start": ask.start,
        "end": ask.end,
        "groups": ask.groups or None,
    }


def _get_metric_buckets(store: AbstractStore, ask: own.GetMetricBuckets) -> m.Message:
    wanted = chart_request(ask)
    if wanted.pop("groups") or wanted["axis"] == "relative":
        raise MlflowException.invalid_parameter_value(
            "Groups of runs, and time since their start, are answered in columns alone: send"
            f" 'Accept: {COLUMNS_CONTENT_TYPE}'."
        )
    found = store.get_metric_buckets(**wanted)
    series = [
        own.MetricSeries(metric_key=key, buckets=[_bucket(one) for one in buckets])
        for key, buckets in found.items()
    ]
    return own.MetricBucketsResponse(series=series)


def _bucket(one: MetricBucket) -> own.MetricBucket:
    return own.MetricBucket(
        run_id=one.run_id,
        start=one.start,
        end=one.end,
        min=double(one.min),
        max=double(one.max),
        last=double(one.last),
        count=one.count,
        nan_count=one.nan_count,
        position=one.position,
    )


# Logged models


def _model(found: Any) -> m.Message:
    return m.LoggedModelResponse(model=wire.model_message(found))


def _create_logged_model(store: AbstractStore, ask: m.CreateLoggedModel) -> m.Message:
    return _model(
        store.create_logged_model(
            ask.experiment_id or "",
            ask.name or None,
            ask.source_run_id or None,
            wire.items_of(LoggedModelTag, ask.tags),
            wire.items_of(LoggedModelParameter, ask.params),
            ask.model_type or None,
        )
    )


def _get_logged_model(store: AbstractStore, ask: m.GetLoggedModel) -> m.Message:
    return _model(store.get_logged_model(ask.model_id or "", bool(ask.allow_deleted)))


def _finalize_logged_model(store: AbstractStore, ask: m.FinalizeLoggedModel) -> m.Message:
    status = wire.model_status_of(ask.status)
    if status is None:
        raise MlflowException.invalid_parameter_value(
            f"Invalid value {ask.status!r} for parameter 'status' supplied."
        )
    return _model(store.finalize_logged_model(ask.model_id or "", status))


def _delete_logged_model(store: AbstractStore, ask: m.DeleteLoggedModel) -> None:
    store.delete_logged_model(ask.model_id or "")


def _set_logged_model_tags(store: AbstractStore, ask: m.SetLoggedModelTags) -> None:
    store.set_logged_model_tags(ask.model_id or "", wire.items_of(LoggedModelTag, ask.tags))


def _delete_logged_model_tag(store: AbstractStore, ask: m.DeleteLoggedModelTag) -> None:
    store.delete_logged_model_tag(ask.model_id or "", ask.tag_key or "")


def _log_logged_model_params(store: AbstractStore, ask: m.LogLoggedModelParams) -> None:
    params = wire.items_of(LoggedModelParameter, ask.params)
    store.log_logged_model_params(ask.model_id or "", params)


def _search_logged_models(store: AbstractStore, ask: m.SearchLoggedModels) -> m.Message:
    page = store.search_logged_models(
        ask.experiment_ids,
        ask.filter or None,
        [msgspec.to_builtins(one) for one in ask.datasets] or None,
        ask.max_results,
        [msgspec.to_builtins(one) for one in ask.order_by] or None,
        ask.page_token or None,
    )
    return m.SearchLoggedModelsResponse(
        models=[wire.model_message(one) for one in page], next_page_token=page.token or None
    )


# Our own


def _record_heartbeat(store: AbstractStore, ask: own.RecordHeartbeat) -> None:
    store.record_heartbeat(ask.run_ids)


def _get_liveness(store: AbstractStore, ask: own.GetLiveness) -> m.Message:
    found = [
        own.RunLiveness(
            run_id=one.run_id, last_heartbeat=one.last_heartbeat, stale_since=one.stale_since
        )
        for one in store.get_liveness(ask.run_ids)
    ]
    return own.LivenessResponse(runs=found)


def _log_console(store: AbstractStore, ask: own.LogConsole) -> None:
    chunks = [
        ConsoleChunk(
            "stderr" if one.stream == "stderr" else "stdout",
            one.sequence or 0,
            one.time_ms or 0,
            one.text or "",
        )
        for one in ask.chunks
    ]
    store.log_console(ask.run_id or "", chunks)


def _get_console(store: AbstractStore, ask: own.GetConsole) -> m.Message:
    most = _limited("max_results", ask.max_results, _CONSOLE_PAGE, _CONSOLE_PAGE)
    page = store.get_console(
        ask.run_id or "", ask.after or 0, most, ask.contains or None, ask.before
    )
    chunks = [
        own.ConsoleChunk(
            stream=one.stream, sequence=one.sequence, time_ms=one.time_ms, text=one.text
        )
        for one in page.chunks
    ]
    return own.ConsoleResponse(
        chunks=chunks,
        next_position=page.next_position,
        dropped=page.dropped,
        first_position=page.first_position,
    )


def _log_run_documents(store: AbstractStore, ask: own.LogRunDocuments) -> None:
    found = [
        (one.run_id or "", one.name or "", one.content or b"", one.content_type or "")
        for one in ask.documents
    ]
    store.log_run_documents(found)


def _get_run_document(store: AbstractStore, ask: own.GetRunDocument) -> m.Message:
    one = store.get_run_document(ask.run_id or "", ask.name or "")
    document = own.RunDocument(
        name=one.name,
        content=one.content,
        content_type=one.content_type,
        creation_time=one.creation_time,
    )
    return own.RunDocumentResponse(document=document)


def _list_run_documents(store: AbstractStore, ask: own.ListRunDocuments) -> m.Message:
    return own.ListRunDocumentsResponse(names=store.list_run_documents(ask.run_id or ""))


def _log_model_manifest(store: AbstractStore, ask: own.LogModelManifest) -> None:
    store.log_model_manifest(ask.model_id or "", ModelManifest.from_json(ask.manifest or ""))


def _search_run_table(store: AbstractStore, ask: t.SearchRunTable) -> m.Message:
    return store.search_run_table(ask)


def _search_run_keys(store: AbstractStore, ask: t.SearchRunKeys) -> m.Message:
    return store.search_run_keys(ask)


def _search_run_groups(store: AbstractStore, ask: t.SearchRunGroups) -> m.Message:
    return store.search_run_groups(ask)


def _get_experiment_counts(store: AbstractStore, ask: t.GetExperimentCounts) -> m.Message:
    return store.get_experiment_counts(ask)


def _get_model_manifest(store: AbstractStore, ask: own.GetModelManifest) -> m.Message:
    found = store.get_model_manifest(ask.model_id or "")
    return own.ModelManifestResponse(manifest=found.to_json(), digest=found.digest)


HANDLERS: Final[dict[str, Handler]] = (
    {
        handler.__name__.removeprefix("_"): handler
        for handler in (
            _create_experiment,
            _get_or_create_experiment,
            _get_experiment,
            _get_experiment_by_name,
            _search_experiments,
            _rename_experiment,
            _delete_experiment,
            _restore_experiment,
            _set_experiment_tag,
            _delete_experiment_tag,
            _search_datasets,
            _create_run,
            _get_run,
            _update_run_info,
            _delete_run,
            _restore_run,
            _search_runs,
            _log_metric,
            _log_param,
            _set_tag,
            _delete_tag,
            _log_batch,
            _record_logged_model,
            _log_inputs,
            _log_outputs,
            _get_metric_history,
            _get_metric_history_bulk,
            _get_metric_history_bulk_interval,
            _get_metric_buckets,
            _create_logged_model,
            _get_logged_model,
            _finalize_logged_model,
            _delete_logged_model,
            _set_logged_model_tags,
            _delete_logged_model_tag,
            _log_logged_model_params,
            _search_logged_models,
            _record_heartbeat,
            _get_liveness,
            _log_console,
            _get_console,
            _log_run_documents,
            _get_run_document,
            _list_run_documents,
            _log_model_manifest,
            _get_model_manifest,
            _search_run_table,
            _search_run_keys,
            _search_run_groups,
            _get_experiment_counts,
        )
    }
    | REGISTRY_HANDLERS
    | WEBHOOK_HANDLERS
)
