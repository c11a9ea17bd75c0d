"""The messages of our own operations, under ``/api/headrace``."""

from mlflow._wire.messages import Double, Experiment, Int64, Message


class GetOrCreateExperiment(Message):
    """Ask for the experiment of a name, created if there is none."""

    name: str | None = None


class GetOrCreateExperimentResponse(Message):
    """The experiment."""

    experiment: Experiment | None = None


class OfRuns(Message):
    """A request about several runs."""

    run_ids: list[str] = []


class RecordHeartbeat(OfRuns):
    """Say that the clients of runs live."""


class GetLiveness(OfRuns):
    """Ask when the clients of runs were last heard of."""


class RunLiveness(Message):
    """When a run's client was last heard of, in milliseconds."""

    run_id: str | None = None
    last_heartbeat: Int64 | None = None
    stale_since: Int64 | None = None


class LivenessResponse(Message):
    """The liveness of runs."""

    runs: list[RunLiveness] = []


class ConsoleChunk(Message):
    """A piece of what a run wrote."""

    stream: str | None = None
    sequence: Int64 | None = None
    time_ms: Int64 | None = None
    text: str | None = None


class LogConsole(Message):
    """Keep pieces of what a run wrote."""

    run_id: str | None = None
    chunks: list[ConsoleChunk] = []


class GetConsole(Message):
    """Ask for what a run wrote, after a position or before one (0 for the end)."""

    run_id: str | None = None
    after: Int64 | None = None
    max_results: Int64 | None = None
    contains: str | None = None
    before: Int64 | None = None


class ConsoleResponse(Message):
    """What a run wrote, and where to go on."""

    chunks: list[ConsoleChunk] = []
    next_position: Int64 | None = None
    dropped: Int64 | None = None
    first_position: Int64 | None = None


class RunDocument(Message):
    """A named piece of evidence; the content is base64 in JSON."""

    run_id: str | None = None
    name: str | None = None
    content: bytes | None = None
    content_type: str | None = None
    creation_time: Int64 | None = None


class LogRunDocuments(Message):
    """Keep documents of runs."""

    documents: list[RunDocument] = []


class GetRunDocument(Message):
    """Ask for a document of a run."""

    run_id: str | None = None
    name: str | None = None


class RunDocumentResponse(Message):
    """A document."""

    document: RunDocument | None = None


class ListRunDocuments(Message):
    """Ask which documents a run has."""

    run_id: str | None = None


class ListRunDocumentsResponse(Message):
    """The names of a run's documents."""

    names: list[str] = []


class GetMetricBuckets(Message):
    """Ask for the points of metrics of runs, gathered in equal parts of an axis."""

    run_ids: list[str] = []
    metric_keys: list[str] = []
    buckets: Int64 | None = None
    axis: str | None = None
    start: Int64 | None = None
    end: Int64 | None = None
    groups: list[str] = []


class MetricBucket(Message, gc=False):
    """All points of one metric of one run between two positions."""

    run_id: str | None = None
    start: Int64 | None = None
    end: Int64 | None = None
    min: Double | None = None
    max: Double | None = None
    last: Double | None = None
    count: Int64 | None = None
    nan_count: Int64 | None = None
    position: Int64 | None = None


class MetricSeries(Message):
    """The parts of one metric, ordered by run, then position."""

    metric_key: str | None = None
    buckets: list[MetricBucket] = []


class MetricBucketsResponse(Message):
    """The parts of several metrics."""

    series: list[MetricSeries] = []


class LogModelManifest(Message):
    """Say which files a logged model consists of, beside those that were said before."""

    model_id: str | None = None
    manifest: str | None = None


class GetModelManifest(Message):
    """Ask which files a logged model consists of."""

    model_id: str | None = None


class ModelManifestResponse(Message):
    """A manifest: JSON of ``{"files": {path: [size, sha256]}}``, and the sha256 of that text."""

    manifest: str | None = None
    digest: str | None = None
