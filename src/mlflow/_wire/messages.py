"""The messages of the tracking service, as they are recorded: one class each.

Every field is optional on the wire: None, or an empty list, is a field that is absent. A double
that is not finite is one of the texts of ``codec.double``. Unknown fields are ignored.
"""

from typing import Annotated, TypeAlias

import msgspec

from mlflow._core.limits import INT64_MAX, INT64_MIN

_BOUNDS = msgspec.Meta(ge=INT64_MIN, le=INT64_MAX, extra_json_schema={"format": "int64"})
Int64: TypeAlias = Annotated[int, _BOUNDS]
Double = float | str  # a number, or "NaN", "Infinity", "-Infinity"
EnumName = str | int  # the name of an enum's value; its number is read too


class Message(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A JSON object with recorded field names."""


class Empty(Message):
    """What an operation answers that has nothing to say."""


class KeyValue(Message, gc=False):
    """A named text: the shape of all tags and params."""

    key: str | None = None
    value: str | None = None


class _Point(Message, gc=False):
    """What all forms of a metric's point share."""

    key: str | None = None
    timestamp: Int64 | None = None
    step: Int64 | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None
    model_id: str | None = None
    run_id: str | None = None


class Metric(_Point, gc=False):
    """A point of a metric in an answer."""

    value: Double | None = None


class InputMetric(_Point, gc=False):
    """A point of a metric in a request, where texts of numbers are accepted too."""

    value: float | None = None


# Runs


class RunInfo(Message, gc=False):
    """The attributes of a run."""

    run_uuid: str | None = None
    experiment_id: str | None = None
    run_name: str | None = None
    user_id: str | None = None
    status: str | None = None
    start_time: Int64 | None = None
    end_time: Int64 | None = None
    artifact_uri: str | None = None
    lifecycle_stage: str | None = None
    run_id: str | None = None


class RunData(Message):
    """What a run logged."""

    metrics: list[Metric] = []
    params: list[KeyValue] = []
    tags: list[KeyValue] = []


class Dataset(Message):
    """A dataset as a run read it."""

    name: str | None = None
    digest: str | None = None
    source_type: str | None = None
    source: str | None = None
    schema: str | None = None
    profile: str | None = None


class DatasetInput(Message):
    """A dataset and what it was used for."""

    tags: list[KeyValue] = []
    dataset: Dataset | None = None


class ModelInput(Message):
    """A logged model that a run used."""

    model_id: str | None = None


class ModelOutput(Message):
    """A logged model that a run made."""

    model_id: str | None = None
    step: Int64 | None = None


class RunInputs(Message):
    """What went into a run."""

    dataset_inputs: list[DatasetInput] = []
    model_inputs: list[ModelInput] = []


class RunOutputs(Message):
    """What came out of a run."""

    model_outputs: list[ModelOutput] = []


class Run(Message):
    """A run with all that it holds."""

    info: RunInfo | None = None
    data: RunData | None = None
    inputs: RunInputs | None = None
    outputs: RunOutputs | None = None


class OfRun(Message):
    """A request about one run; ``run_uuid`` is the field's old name."""

    run_id: str | None = None
    run_uuid: str | None = None


class CreateRun(Message):
    """Create a run; ``run_id`` is ours, other servers ignore it."""

    experiment_id: str | None = None
    user_id: str | None = None
    run_name: str | None = None
    start_time: Int64 | None = None
    tags: list[KeyValue] = []
    run_id: str | None = None


class RunResponse(Message):
    """A run."""

    run: Run | None = None


class GetRun(OfRun):
    """Ask for a run."""


class UpdateRun(OfRun):
    """Change a run's status, end and name."""

    status: EnumName | None = None
    end_time: Int64 | None = None
    run_name: str | None = None


class UpdateRunResponse(Message):
    """The run's new attributes."""

    run_info: RunInfo | None = None


class DeleteRun(OfRun):
    """Mark a run as deleted."""


class RestoreRun(OfRun):
    """Make a deleted run active again."""


class SearchRuns(Message):
    """Ask for a page of runs."""

    experiment_ids: list[str] = []
    filter: str | None = None
    run_view_type: EnumName | None = None
    max_results: Int64 | None = None
    order_by: list[str] = []
    page_token: str | None = None


class SearchRunsResponse(Message):
    """A page of runs."""

    runs: list[Run] = []
    next_page_token: str | None = None


class LogMetric(OfRun):
    """Log a point of a metric."""

    key: str | None = None
    value: float | None = None
    timestamp: Int64 | None = None
    step: Int64 | None = None
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None


class LogParam(OfRun):
    """Log a param."""

    key: str | None = None
    value: str | None = None


class SetTag(OfRun):
    """Set a tag."""

    key: str | None = None
    value: str | None = None


class DeleteTag(OfRun):
    """Remove a tag."""

    key: str | None = None


class LogBatch(OfRun):
    """Log metrics, params and tags at once."""

    metrics: list[InputMetric] = []
    params: list[KeyValue] = []
    tags: list[KeyValue] = []


class LogModel(OfRun):
    """Note a model's MLmodel content with a run."""

    model_json: str | None = None


class LogInputs(OfRun):
    """Record what a run read."""

    datasets: list[DatasetInput] = []
    models: list[ModelInput] = []


class LogOutputs(OfRun):
    """Record what a run made."""

    models: list[ModelOutput] = []


class GetMetricHistory(OfRun):
    """Ask for the points of a metric."""

    metric_key: str | None = None
    page_token: str | None = None
    max_results: Int64 | None = None


class MetricsResponse(Message):
    """Points of metrics."""

    metrics: list[Metric] = []
    next_page_token: str | None = None


class GetMetricHistoryBulk(Message):
    """Ask for the points of a metric of several runs."""

    run_id: list[str] = []
    metric_key: str | None = None
    max_results: Int64 | None = None


class GetMetricHistoryBulkInterval(Message):
    """Ask for evenly spread points of a metric of several runs."""

    run_ids: list[str] = []
    metric_key: str | None = None
    start_step: Int64 | None = None
    end_step: Int64 | None = None
    max_results: Int64 | None = None


# Experiments


class Experiment(Message):
    """An experiment."""

    experiment_id: str | None = None
    name: str | None = None
    artifact_location: str | None = None
    lifecycle_stage: str | None = None
    last_update_time: Int64 | None = None
    creation_time: Int64 | None = None
    tags: list[KeyValue] = []
    effective_trace_archival_retention: str | None = None
    workspace: str | None = None


class CreateExperiment(Message):
    """Create an experiment."""

    name: str | None = None
    artifact_location: str | None = None
    tags: list[KeyValue] = []


class CreateExperimentResponse(Message):
    """The new experiment's id."""

    experiment_id: str | None = None


class OfExperiment(Message):
    """A request about one experiment."""

    experiment_id: str | None = None


class GetExperiment(OfExperiment):
    """Ask for an experiment."""


class GetExperimentByName(Message):
    """Ask for an experiment by its name."""

    experiment_name: str | None = None


class ExperimentResponse(Message):
    """An experiment."""

    experiment: Experiment | None = None


class UpdateExperiment(OfExperiment):
    """Rename an experiment."""

    new_name: str | None = None


class DeleteExperiment(OfExperiment):
    """Mark an experiment as deleted."""


class RestoreExperiment(OfExperiment):
    """Make a deleted experiment active again."""


class SetExperimentTag(OfExperiment):
    """Set a tag of an experiment."""

    key: str | None = None
    value: str | None = None


class DeleteExperimentTag(OfExperiment):
    """Remove a tag of an experiment."""

    key: str | None = None


class SearchExperiments(Message):
    """Ask for a page of experiments."""

    max_results: Int64 | None = None
    page_token: str | None = None
    filter: str | None = None
    order_by: list[str] = []
    view_type: EnumName | None = None


class SearchExperimentsResponse(Message):
    """A page of experiments."""

    experiments: list[Experiment] = []
    next_page_token: str | None = None


class SearchDatasets(Message):
    """Ask which datasets experiments used."""

    experiment_ids: list[str] = []


class DatasetSummary(Message):
    """A dataset in short."""

    experiment_id: str | None = None
    name: str | None = None
    digest: str | None = None
    context: str | None = None


class SearchDatasetsResponse(Message):
    """Datasets in short."""

    dataset_summaries: list[DatasetSummary] = []


# Artifacts


class FileInfo(Message):
    """A file or a folder."""

    path: str | None = None
    is_dir: bool | None = None
    file_size: Int64 | None = None


class ListArtifacts(OfRun):
    """Ask what a folder of a run holds."""

    path: str | None = None
    page_token: str | None = None


class ListLoggedModelArtifacts(Message):
    """Ask what a folder of a logged model holds."""

    model_id: str | None = None
    artifact_directory_path: str | None = None
    page_token: str | None = None


class ListArtifactsResponse(Message):
    """A page of a folder."""

    root_uri: str | None = None
    files: list[FileInfo] = []
    next_page_token: str | None = None


class CreatePresignedUploadUrl(Message):
    """Ask for a URL to upload to."""

    run_id: str | None = None
    path: str | None = None
    expiration: Int64 | None = None
    model_id: str | None = None


class CreatePresignedDownloadUrl(Message):
    """Ask for a URL to download from."""

    run_id: str | None = None
    path: str | None = None
    expiration: Int64 | None = None


class PresignedUrlResponse(Message):
    """A URL and the headers to send with it."""

    presigned_url: str | None = None
    headers: dict[str, str] = {}
    file_size: Int64 | None = None


class DownloadUrlResponse(Message):
    """The same of the artifact service, which calls the URL otherwise."""

    url: str | None = None
    headers: dict[str, str] = {}
    file_size: Int64 | None = None


class ListProxiedArtifacts(Message):
    """Ask what a folder of the artifact service holds."""

    path: str | None = None
    page_token: str | None = None


class CreateMultipartUpload(Message):
    """Begin an upload in parts."""

    path: str | None = None
    num_parts: Int64 | None = None


class MultipartUploadCredential(Message):
    """Where one part goes."""

    url: str | None = None
    part_number: Int64 | None = None
    headers: dict[str, str] = {}


class CreateMultipartUploadResponse(Message):
    """The upload's id and where its parts go."""

    upload_id: str | None = None
    credentials: list[MultipartUploadCredential] = []


class MultipartUploadPart(Message):
    """A part that was uploaded."""

    part_number: Int64 | None = None
    etag: str | None = None
    url: str | None = None


class CompleteMultipartUpload(Message):
    """End an upload in parts."""

    path: str | None = None
    upload_id: str | None = None
    parts: list[MultipartUploadPart] = []


class AbortMultipartUpload(Message):
    """Give an upload in parts up."""

    path: str | None = None
    upload_id: str | None = None


# Logged models


class LoggedModelRegistration(Message):
    """A registered version of a logged model."""

    name: str | None = None
    version: str | None = None


class LoggedModelInfo(Message):
    """The attributes of a logged model."""

    model_id: str | None = None
    experiment_id: str | None = None
    name: str | None = None
    creation_timestamp_ms: Int64 | None = None
    last_updated_timestamp_ms: Int64 | None = None
    artifact_uri: str | None = None
    status: str | None = None
    creator_id: Int64 | None = None
    model_type: str | None = None
    source_run_id: str | None = None
    status_message: str | None = None
    tags: list[KeyValue] = []
    registrations: list[LoggedModelRegistration] = []


class LoggedModelData(Message):
    """The params and metrics of a logged model."""

    params: list[KeyValue] = []
    metrics: list[Metric] = []


class LoggedModel(Message):
    """A logged model."""

    info: LoggedModelInfo | None = None
    data: LoggedModelData | None = None


class OfModel(Message):
    """A request about one logged model."""

    model_id: str | None = None


class CreateLoggedModel(Message):
    """Create a logged model."""

    experiment_id: str | None = None
    name: str | None = None
    model_type: str | None = None
    source_run_id: str | None = None
    params: list[KeyValue] = []
    tags: list[KeyValue] = []


class LoggedModelResponse(Message):
    """A logged model."""

    model: LoggedModel | None = None


class FinalizeLoggedModel(OfModel):
    """Set the final status of a logged model."""

    status: EnumName | None = None


class GetLoggedModel(OfModel):
    """Ask for a logged model; ``allow_deleted`` is ours."""

    allow_deleted: bool | None = None


class DeleteLoggedModel(OfModel):
    """Mark a logged model as deleted."""


class SetLoggedModelTags(OfModel):
    """Set tags of a logged model."""

    tags: list[KeyValue] = []


class DeleteLoggedModelTag(OfModel):
    """Remove a tag of a logged model."""

    tag_key: str | None = None


class LogLoggedModelParams(OfModel):
    """Set params of a logged model."""

    params: list[KeyValue] = []


class ModelDataset(Message):
    """A dataset that metrics of logged models are restricted to."""

    dataset_name: str | None = None
    dataset_digest: str | None = None


class ModelOrder(Message):
    """One key of the order of logged models."""

    field_name: str | None = None
    ascending: bool | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None


class SearchLoggedModels(Message):
    """Ask for a page of logged models."""

    experiment_ids: list[str] = []
    filter: str | None = None
    datasets: list[ModelDataset] = []
    max_results: Int64 | None = None
    order_by: list[ModelOrder] = []
    page_token: str | None = None


class SearchLoggedModelsResponse(Message):
    """A page of logged models."""

    models: list[LoggedModel] = []
    next_page_token: str | None = None
