"""One row an operation: what routes, clients, documents and permissions are made from.

``name`` is the store's method where there is one, so that one name leads through all floors. The
recorded operations are reachable under ``/api/<version>`` and ``/ajax-api/<version>``, our own
(no versions) under ``/api/headrace``.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from mlflow._wire import messages as m
from mlflow._wire import own_messages as own
from mlflow._wire import own_registry_messages as own_r
from mlflow._wire import registry_messages as r
from mlflow._wire import table_messages as t
from mlflow._wire import webhook_messages as w
from mlflow._wire.permissions import (
    EXPERIMENT_EDIT,
    EXPERIMENT_MANAGE,
    EXPERIMENT_READ,
    MODEL_EDIT,
    MODEL_MANAGE,
    MODEL_READ,
    SERVER_MANAGE,
    SIGNED_IN,
    Permission,
)

PREFIXES: Final = ("/api", "/ajax-api")
OWN_PREFIX: Final = "/api/headrace"
V2: Final = ("2.0",)
# Paths of what is no message: below a prefix and version, or below our own prefix.
ARTIFACTS: Final = "/mlflow-artifacts/artifacts"
MULTIPART: Final = "/mlflow-artifacts/mpu"
OWN_PARTS: Final = "/artifacts/parts"
SERVER_INFO: Final = "/3.0/mlflow/server-info"
HEALTH: Final = "/health"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An operation.

    Attributes:
        name: The store's method, or the handler's name.
        method: The HTTP verb; GET takes its fields from the query, the others from a JSON body.
        path: The path below prefix and version; ``{field}`` is a field of the request.
        request: The message that asks.
        response: The message that answers.
        permission: What the caller must be allowed to do.
        required: The fields that must be there.
        versions: The API versions that have it; none for our own.
    """

    name: str
    method: str
    path: str
    request: type[m.Message]
    response: type[m.Message]
    permission: Permission
    required: tuple[str, ...] = ()
    versions: tuple[str, ...] = V2

    @property
    def route(self) -> str:
        """The path that clients use."""
        return self.routes()[0]

    @property
    def writes(self) -> bool:
        """Whether it changes something in the store."""
        reads = ("get_", "search_", "list_", "create_presigned_")
        return not self.name.startswith(reads) or self.name == "get_or_create_experiment"

    def routes(self) -> tuple[str, ...]:
        """Return every path that leads here."""
        if not self.versions:
            return (OWN_PREFIX + self.path,)
        return tuple(
            f"{prefix}/{version}{self.path}" for prefix in PREFIXES for version in self.versions
        )


_E = "/mlflow/experiments"
_R = "/mlflow/runs"
_L = "/mlflow/logged-models"
_L1 = "/mlflow/logged-models/{model_id}"
_M = "/mlflow/registered-models"
_V = "/mlflow/model-versions"
_W = "/mlflow/webhooks"
_W1 = "/mlflow/webhooks/{webhook_id}"

EXPERIMENTS: Final = (
    Endpoint("create_experiment", "POST", f"{_E}/create", m.CreateExperiment,
             m.CreateExperimentResponse, SIGNED_IN, ("name",)),
    Endpoint("search_experiments", "POST", f"{_E}/search", m.SearchExperiments,
             m.SearchExperimentsResponse, SIGNED_IN),
    Endpoint("search_experiments", "GET", f"{_E}/search", m.SearchExperiments,
             m.SearchExperimentsResponse, SIGNED_IN),
    Endpoint("get_experiment", "GET", f"{_E}/get", m.GetExperiment, m.ExperimentResponse,
             EXPERIMENT_READ, ("experiment_id",)),
    Endpoint("get_experiment_by_name", "GET", f"{_E}/get-by-name", m.GetExperimentByName,
             m.ExperimentResponse, EXPERIMENT_READ, ("experiment_name",)),
    Endpoint("delete_experiment", "POST", f"{_E}/delete", m.DeleteExperiment, m.Empty,
             EXPERIMENT_MANAGE, ("experiment_id",)),
    Endpoint("restore_experiment", "POST", f"{_E}/restore", m.RestoreExperiment, m.Empty,
             EXPERIMENT_MANAGE, ("experiment_id",)),
    Endpoint("rename_experiment", "POST", f"{_E}/update", m.UpdateExperiment, m.Empty,
             EXPERIMENT_EDIT, ("experiment_id", "new_name")),
    Endpoint("set_experiment_tag", "POST", f"{_E}/set-experiment-tag", m.SetExperimentTag, m.Empty,
             EXPERIMENT_EDIT, ("experiment_id", "key")),
    Endpoint("delete_experiment_tag", "POST", f"{_E}/delete-experiment-tag", m.DeleteExperimentTag,
             m.Empty, EXPERIMENT_EDIT, ("experiment_id", "key")),
    Endpoint("search_datasets", "POST", f"{_E}/search-datasets", m.SearchDatasets,
             m.SearchDatasetsResponse, EXPERIMENT_READ),
)  # fmt: skip

RUNS: Final = (
    Endpoint("create_run", "POST", f"{_R}/create", m.CreateRun, m.RunResponse, EXPERIMENT_EDIT,
             ("experiment_id",)),
    Endpoint("get_run", "GET", f"{_R}/get", m.GetRun, m.RunResponse, EXPERIMENT_READ, ("run_id",)),
    Endpoint("update_run_info", "POST", f"{_R}/update", m.UpdateRun, m.UpdateRunResponse,
             EXPERIMENT_EDIT, ("run_id",)),
    Endpoint("delete_run", "POST", f"{_R}/delete", m.DeleteRun, m.Empty, EXPERIMENT_MANAGE,
             ("run_id",)),
    Endpoint("restore_run", "POST", f"{_R}/restore", m.RestoreRun, m.Empty, EXPERIMENT_MANAGE,
             ("run_id",)),
    Endpoint("search_runs", "POST", f"{_R}/search", m.SearchRuns, m.SearchRunsResponse,
             EXPERIMENT_READ),
    Endpoint("log_metric", "POST", f"{_R}/log-metric", m.LogMetric, m.Empty, EXPERIMENT_EDIT,
             ("run_id", "key", "value", "timestamp")),
    Endpoint("log_param", "POST", f"{_R}/log-parameter", m.LogParam, m.Empty, EXPERIMENT_EDIT,
             ("run_id", "key")),
    Endpoint("set_tag", "POST", f"{_R}/set-tag", m.SetTag, m.Empty, EXPERIMENT_EDIT,
             ("run_id", "key")),
    Endpoint("delete_tag", "POST", f"{_R}/delete-tag", m.DeleteTag, m.Empty, EXPERIMENT_EDIT,
             ("run_id", "key")),
    Endpoint("log_batch", "POST", f"{_R}/log-batch", m.LogBatch, m.Empty, EXPERIMENT_EDIT,
             ("run_id",)),
    Endpoint("record_logged_model", "POST", f"{_R}/log-model", m.LogModel, m.Empty,
             EXPERIMENT_EDIT, ("run_id", "model_json")),
    Endpoint("log_inputs", "POST", f"{_R}/log-inputs", m.LogInputs, m.Empty, EXPERIMENT_EDIT,
             ("run_id",)),
    Endpoint("log_outputs", "POST", f"{_R}/outputs", m.LogOutputs, m.Empty, EXPERIMENT_EDIT,
             ("run_id", "models")),
    Endpoint("get_metric_history", "GET", "/mlflow/metrics/get-history", m.GetMetricHistory,
             m.MetricsResponse, EXPERIMENT_READ, ("run_id", "metric_key")),
    Endpoint("get_metric_history_bulk", "GET", "/mlflow/metrics/get-history-bulk",
             m.GetMetricHistoryBulk, m.MetricsResponse, EXPERIMENT_READ, ("run_id", "metric_key")),
    Endpoint("get_metric_history_bulk_interval", "GET", "/mlflow/metrics/get-history-bulk-interval",
             m.GetMetricHistoryBulkInterval, m.MetricsResponse, EXPERIMENT_READ,
             ("run_ids", "metric_key")),
)  # fmt: skip

ARTIFACT_LISTS: Final = (
    Endpoint("list_artifacts", "GET", "/mlflow/artifacts/list", m.ListArtifacts,
             m.ListArtifactsResponse, EXPERIMENT_READ, ("run_id",)),
    Endpoint("create_presigned_upload_url", "POST", "/mlflow/artifacts/presigned-upload-url",
             m.CreatePresignedUploadUrl, m.PresignedUrlResponse, EXPERIMENT_EDIT, ("path",)),
    Endpoint("create_presigned_download_url", "POST", "/mlflow/artifacts/presigned-download-url",
             m.CreatePresignedDownloadUrl, m.PresignedUrlResponse, EXPERIMENT_READ,
             ("run_id", "path")),
    Endpoint("list_logged_model_artifacts", "GET", f"{_L1}/artifacts/directories",
             m.ListLoggedModelArtifacts, m.ListArtifactsResponse, EXPERIMENT_READ, ("model_id",)),
    Endpoint("list_proxied_artifacts", "GET", ARTIFACTS, m.ListProxiedArtifacts,
             m.ListArtifactsResponse, EXPERIMENT_READ),
)  # fmt: skip

LOGGED_MODELS: Final = (
    Endpoint("create_logged_model", "POST", _L, m.CreateLoggedModel, m.LoggedModelResponse,
             EXPERIMENT_EDIT, ("experiment_id",)),
    Endpoint("search_logged_models", "POST", f"{_L}/search", m.SearchLoggedModels,
             m.SearchLoggedModelsResponse, EXPERIMENT_READ, ("experiment_ids",)),
    Endpoint("get_logged_model", "GET", _L1, m.GetLoggedModel, m.LoggedModelResponse,
             EXPERIMENT_READ, ("model_id",)),
    Endpoint("finalize_logged_model", "PATCH", _L1, m.FinalizeLoggedModel, m.LoggedModelResponse,
             EXPERIMENT_EDIT, ("model_id", "status")),
    Endpoint("delete_logged_model", "DELETE", _L1, m.DeleteLoggedModel, m.Empty, EXPERIMENT_MANAGE,
             ("model_id",)),
    Endpoint("set_logged_model_tags", "PATCH", f"{_L1}/tags", m.SetLoggedModelTags, m.Empty,
             EXPERIMENT_EDIT, ("model_id",)),
    Endpoint("delete_logged_model_tag", "DELETE", _L1 + "/tags/{tag_key}", m.DeleteLoggedModelTag,
             m.Empty, EXPERIMENT_EDIT, ("model_id", "tag_key")),
    Endpoint("log_logged_model_params", "POST", f"{_L1}/params", m.LogLoggedModelParams, m.Empty,
             EXPERIMENT_EDIT, ("model_id",)),
)  # fmt: skip

REGISTRY: Final = (
    Endpoint("create_registered_model", "POST", f"{_M}/create", r.CreateRegisteredModel,
             r.RegisteredModelResponse, SIGNED_IN, ("name",)),
    Endpoint("rename_registered_model", "POST", f"{_M}/rename", r.RenameRegisteredModel,
             r.RegisteredModelResponse, MODEL_EDIT, ("name", "new_name")),
    Endpoint("update_registered_model", "PATCH", f"{_M}/update", r.UpdateRegisteredModel,
             r.RegisteredModelResponse, MODEL_EDIT, ("name",)),
    Endpoint("delete_registered_model", "DELETE", f"{_M}/delete", r.DeleteRegisteredModel, m.Empty,
             MODEL_MANAGE, ("name",)),
    Endpoint("get_registered_model", "GET", f"{_M}/get", r.GetRegisteredModel,
             r.RegisteredModelResponse, MODEL_READ, ("name",)),
    Endpoint("search_registered_models", "GET", f"{_M}/search", r.SearchRegisteredModels,
             r.SearchRegisteredModelsResponse, SIGNED_IN),
    Endpoint("get_latest_versions", "POST", f"{_M}/get-latest-versions", r.GetLatestVersions,
             r.ModelVersionsResponse, MODEL_READ, ("name",)),
    Endpoint("get_latest_versions", "GET", f"{_M}/get-latest-versions", r.GetLatestVersions,
             r.ModelVersionsResponse, MODEL_READ, ("name",)),
    Endpoint("create_model_version", "POST", f"{_V}/create", r.CreateModelVersion,
             r.ModelVersionResponse, MODEL_EDIT, ("name", "source")),
    Endpoint("update_model_version", "PATCH", f"{_V}/update", r.UpdateModelVersion,
             r.ModelVersionResponse, MODEL_EDIT, ("name", "version")),
    Endpoint("transition_model_version_stage", "POST", f"{_V}/transition-stage",
             r.TransitionModelVersionStage, r.ModelVersionResponse, MODEL_EDIT,
             ("name", "version", "stage")),
    Endpoint("delete_model_version", "DELETE", f"{_V}/delete", r.DeleteModelVersion, m.Empty,
             MODEL_MANAGE, ("name", "version")),
    Endpoint("get_model_version", "GET", f"{_V}/get", r.GetModelVersion, r.ModelVersionResponse,
             MODEL_READ, ("name", "version")),
    Endpoint("search_model_versions", "GET", f"{_V}/search", r.SearchModelVersions,
             r.ModelVersionsResponse, MODEL_READ),
    Endpoint("get_model_version_download_uri", "GET", f"{_V}/get-download-uri",
             r.GetModelVersionDownloadUri, r.DownloadUriResponse, MODEL_READ, ("name", "version")),
    Endpoint("set_registered_model_tag", "POST", f"{_M}/set-tag", r.SetRegisteredModelTag, m.Empty,
             MODEL_EDIT, ("name", "key")),
    Endpoint("set_model_version_tag", "POST", f"{_V}/set-tag", r.SetModelVersionTag, m.Empty,
             MODEL_EDIT, ("name", "version", "key")),
    Endpoint("delete_registered_model_tag", "DELETE", f"{_M}/delete-tag",
             r.DeleteRegisteredModelTag, m.Empty, MODEL_EDIT, ("name", "key")),
    Endpoint("delete_model_version_tag", "DELETE", f"{_V}/delete-tag", r.DeleteModelVersionTag,
             m.Empty, MODEL_EDIT, ("name", "version", "key")),
    Endpoint("set_registered_model_alias", "POST", f"{_M}/alias", r.SetRegisteredModelAlias,
             m.Empty, MODEL_EDIT, ("name", "alias", "version")),
    Endpoint("delete_registered_model_alias", "DELETE", f"{_M}/alias", r.DeleteRegisteredModelAlias,
             m.Empty, MODEL_EDIT, ("name", "alias")),
    Endpoint("get_model_version_by_alias", "GET", f"{_M}/alias", r.GetModelVersionByAlias,
             r.ModelVersionResponse, MODEL_READ, ("name", "alias")),
)  # fmt: skip

WEBHOOKS: Final = (
    Endpoint("create_webhook", "POST", _W, w.CreateWebhook, w.WebhookResponse, SERVER_MANAGE,
             ("name", "url", "events")),
    Endpoint("list_webhooks", "GET", _W, w.ListWebhooks, w.ListWebhooksResponse, SERVER_MANAGE),
    Endpoint("get_webhook", "GET", _W1, w.GetWebhook, w.WebhookResponse, SERVER_MANAGE,
             ("webhook_id",)),
    Endpoint("update_webhook", "PATCH", _W1, w.UpdateWebhook, w.WebhookResponse, SERVER_MANAGE,
             ("webhook_id",)),
    Endpoint("delete_webhook", "DELETE", _W1, w.DeleteWebhook, m.Empty, SERVER_MANAGE,
             ("webhook_id",)),
    Endpoint("test_webhook", "POST", f"{_W1}/test", w.TestWebhook, w.TestWebhookResponse,
             SERVER_MANAGE, ("webhook_id",)),
)  # fmt: skip

OWN: Final = (
    Endpoint("get_or_create_experiment", "POST", "/experiments/get-or-create",
             own.GetOrCreateExperiment, own.GetOrCreateExperimentResponse, SIGNED_IN, ("name",),
             versions=()),
    Endpoint("record_heartbeat", "POST", "/runs/heartbeat", own.RecordHeartbeat, m.Empty,
             EXPERIMENT_EDIT, ("run_ids",), versions=()),
    Endpoint("get_liveness", "POST", "/runs/liveness", own.GetLiveness, own.LivenessResponse,
             EXPERIMENT_READ, versions=()),
    Endpoint("log_console", "POST", "/runs/log-console", own.LogConsole, m.Empty, EXPERIMENT_EDIT,
             ("run_id",), versions=()),
    Endpoint("get_console", "GET", "/runs/console", own.GetConsole, own.ConsoleResponse,
             EXPERIMENT_READ, ("run_id",), versions=()),
    Endpoint("log_run_documents", "POST", "/runs/log-documents", own.LogRunDocuments, m.Empty,
             EXPERIMENT_EDIT, ("documents",), versions=()),
    Endpoint("get_run_document", "GET", "/runs/document", own.GetRunDocument,
             own.RunDocumentResponse, EXPERIMENT_READ, ("run_id", "name"), versions=()),
    Endpoint("list_run_documents", "GET", "/runs/documents", own.ListRunDocuments,
             own.ListRunDocumentsResponse, EXPERIMENT_READ, ("run_id",), versions=()),
    Endpoint("get_model_version_by_alias_at", "GET", "/registered-models/alias-at",
             own_r.GetModelVersionByAliasAt, r.ModelVersionResponse, MODEL_READ,
             ("name", "alias", "time_ms"), versions=()),
    Endpoint("get_registered_model_history", "GET", "/registered-models/history",
             own_r.GetRegisteredModelHistory, own_r.RegistryMovesResponse, MODEL_READ, ("name",),
             versions=()),
    Endpoint("get_model_version_evidence", "GET", "/model-versions/evidence",
             own_r.GetModelVersionEvidence, own_r.ModelVersionEvidenceResponse, MODEL_READ,
             ("name", "version"), versions=()),
    Endpoint("log_model_manifest", "POST", "/logged-models/manifest", own.LogModelManifest, m.Empty,
             EXPERIMENT_EDIT, ("model_id", "manifest"), versions=()),
    Endpoint("get_model_manifest", "GET", "/logged-models/manifest", own.GetModelManifest,
             own.ModelManifestResponse, EXPERIMENT_READ, ("model_id",), versions=()),
    Endpoint("get_metric_buckets", "POST", "/metrics/buckets", own.GetMetricBuckets,
             own.MetricBucketsResponse, EXPERIMENT_READ, ("run_ids", "metric_keys", "buckets"),
             versions=()),
    Endpoint("search_run_table", "POST", "/runs/table", t.SearchRunTable, t.RunTableResponse,
             EXPERIMENT_READ, versions=()),
    Endpoint("search_run_keys", "POST", "/runs/keys", t.SearchRunKeys, t.RunKeysResponse,
             EXPERIMENT_READ, versions=()),
    Endpoint("search_run_groups", "POST", "/runs/groups", t.SearchRunGroups, t.RunGroupsResponse,
             EXPERIMENT_READ, ("group_by",), versions=()),
    Endpoint("get_experiment_counts", "POST", "/experiments/counts", t.GetExperimentCounts,
             t.ExperimentCountsResponse, EXPERIMENT_READ, versions=()),
)  # fmt: skip

ENDPOINTS: Final = (
    *EXPERIMENTS,
    *RUNS,
    *ARTIFACT_LISTS,
    *LOGGED_MODELS,
    *REGISTRY,
    *WEBHOOKS,
    *OWN,
)


@lru_cache(maxsize=256)
def endpoint(name: str) -> Endpoint:
    """Return the row of an operation, the first where two verbs lead to it."""
    return next(row for row in ENDPOINTS if row.name == name)
