"""Tag keys with a meaning, each spelled once."""

from typing import Final

# Ours: by it a client finds what it created when the answer was lost, on a server that keeps no
# keys. Under this prefix because interfaces hide it.
HEADRACE_REQUEST_ID: Final = "mlflow.headrace.requestId"
# On a copy: the id of what it was made from, where that could not be kept.
HEADRACE_COPY_OF: Final = "mlflow.headrace.copyOf"
# On an experiment of an offline store: the server's experiment that its runs are meant for.
HEADRACE_EXPERIMENT_ID: Final = "mlflow.headrace.experimentId"
# On a logged model: the file or folder of a training's checkpoints that it was made from.
HEADRACE_CHECKPOINT: Final = "mlflow.headrace.checkpoint"
# On a run: the colour in which pages show it, where somebody chose one.
HEADRACE_COLOR: Final = "mlflow.headrace.color"

LATEST_CHECKPOINT_ARTIFACT_TAG_KEY: Final = "mlflow.latest_checkpoint_artifact"
MLFLOW_ARTIFACT_LOCATION: Final = "mlflow.artifactLocation"
MLFLOW_AUTOLOGGING: Final = "mlflow.autologging"
MLFLOW_CUSTOM_VIEW_TAG_PREFIX: Final = "mlflow.customView.view"
MLFLOW_DATABRICKS_CLUSTER_ID: Final = "mlflow.databricks.cluster.id"
MLFLOW_DATABRICKS_GIT_REPO_COMMIT: Final = "mlflow.databricks.gitRepoCommit"
MLFLOW_DATABRICKS_GIT_REPO_PROVIDER: Final = "mlflow.databricks.gitRepoProvider"
MLFLOW_DATABRICKS_GIT_REPO_REFERENCE: Final = "mlflow.databricks.gitRepoReference"
MLFLOW_DATABRICKS_GIT_REPO_REFERENCE_TYPE: Final = "mlflow.databricks.gitRepoReferenceType"
MLFLOW_DATABRICKS_GIT_REPO_RELATIVE_PATH: Final = "mlflow.databricks.gitRepoRelativePath"
MLFLOW_DATABRICKS_GIT_REPO_STATUS: Final = "mlflow.databricks.gitRepoStatus"
MLFLOW_DATABRICKS_GIT_REPO_URL: Final = "mlflow.databricks.gitRepoUrl"
MLFLOW_DATABRICKS_JOB_ID: Final = "mlflow.databricks.jobID"
MLFLOW_DATABRICKS_JOB_RUN_ID: Final = "mlflow.databricks.jobRunID"
MLFLOW_DATABRICKS_JOB_TYPE: Final = "mlflow.databricks.jobType"
MLFLOW_DATABRICKS_JOB_TYPE_INFO: Final = "mlflow.databricks.jobTypeInfo"
MLFLOW_DATABRICKS_MODEL_SERVING_ENDPOINT_NAME: Final = "mlflow.databricks.modelServingEndpointName"
MLFLOW_DATABRICKS_NOTEBOOK_COMMAND_ID: Final = "mlflow.databricks.notebook.commandID"
MLFLOW_DATABRICKS_NOTEBOOK_ID: Final = "mlflow.databricks.notebookID"
MLFLOW_DATABRICKS_NOTEBOOK_PATH: Final = "mlflow.databricks.notebookPath"
MLFLOW_DATABRICKS_RUN_URL: Final = "mlflow.databricks.runURL"
MLFLOW_DATABRICKS_SGC_RESUME_RUN_JOB_RUN_ID_PREFIX: Final = (
    "mlflow.databricks.sgc.resumeRun.jobRunId"
)
MLFLOW_DATABRICKS_SHELL_JOB_ID: Final = "mlflow.databricks.shellJobID"
MLFLOW_DATABRICKS_SHELL_JOB_RUN_ID: Final = "mlflow.databricks.shellJobRunID"
MLFLOW_DATABRICKS_WEBAPP_URL: Final = "mlflow.databricks.webappURL"
MLFLOW_DATABRICKS_WORKSPACE_ID: Final = "mlflow.databricks.workspaceID"
MLFLOW_DATABRICKS_WORKSPACE_URL: Final = "mlflow.databricks.workspaceURL"
MLFLOW_DATASET_CONTEXT: Final = "mlflow.data.context"
MLFLOW_DATASETS: Final = "mlflow.datasets"
MLFLOW_DOCKER_IMAGE_ID: Final = "mlflow.docker.image.id"
MLFLOW_DOCKER_IMAGE_URI: Final = "mlflow.docker.image.uri"
MLFLOW_EXPERIMENT_DATABRICKS_TELEMETRY_DESTINATION_ID: Final = (
    "mlflow.experiment.databricksTelemetryDestinationId"
)
MLFLOW_EXPERIMENT_DATABRICKS_TRACE_ANNOTATIONS_TABLE: Final = (
    "mlflow.experiment.databricksTraceAnnotationsTable"
)
MLFLOW_EXPERIMENT_DATABRICKS_TRACE_DESTINATION_PATH: Final = (
    "mlflow.experiment.databricksTraceDestinationPath"
)
MLFLOW_EXPERIMENT_DATABRICKS_TRACE_LOG_STORAGE_TABLE: Final = (
    "mlflow.experiment.databricksTraceLogStorageTable"
)
MLFLOW_EXPERIMENT_DATABRICKS_TRACE_SPAN_STORAGE_TABLE: Final = (
    "mlflow.experiment.databricksTraceSpanStorageTable"
)
MLFLOW_EXPERIMENT_IS_GATEWAY: Final = "mlflow.experiment.isGateway"
MLFLOW_EXPERIMENT_PRIMARY_METRIC_GREATER_IS_BETTER: Final = (
    "mlflow.experiment.primaryMetric.greaterIsBetter"
)
MLFLOW_EXPERIMENT_PRIMARY_METRIC_NAME: Final = "mlflow.experiment.primaryMetric.name"
MLFLOW_EXPERIMENT_SOURCE_ID: Final = "mlflow.experiment.sourceId"
MLFLOW_EXPERIMENT_SOURCE_TYPE: Final = "mlflow.experiment.sourceType"
MLFLOW_GENAI_EVALUATE_AGENT_DIGEST: Final = "mlflow.genaiEvaluate.agent.digest"
MLFLOW_GENAI_EVALUATE_AGENT_FUNCTION: Final = "mlflow.genaiEvaluate.agent.function"
MLFLOW_GENAI_EVALUATE_AGENT_URI: Final = "mlflow.genaiEvaluate.agent.uri"
MLFLOW_GENAI_EVALUATE_DATASET_IDENTITY: Final = "mlflow.genaiEvaluate.datasetIdentity"
MLFLOW_GENAI_EVALUATE_JOB_ID: Final = "mlflow.genaiEvaluate.jobId"
MLFLOW_GENAI_EVALUATE_SCORERS_DIGEST: Final = "mlflow.genaiEvaluate.scorersDigest"
MLFLOW_GIT_BRANCH: Final = "mlflow.source.git.branch"
MLFLOW_GIT_COMMIT: Final = "mlflow.source.git.commit"
MLFLOW_GIT_DIFF: Final = "mlflow.source.git.diff"
MLFLOW_GIT_DIRTY: Final = "mlflow.source.git.dirty"
MLFLOW_GIT_REPO_URL: Final = "mlflow.source.git.repoURL"
MLFLOW_ISSUE_DETECTION_JOB_ID: Final = "mlflow.issueDetection.jobId"
MLFLOW_LATEST_ONLINE_SCORING_SESSION_CHECKPOINT: Final = (
    "mlflow.latestOnlineScoring.session.checkpoint"
)
MLFLOW_LATEST_ONLINE_SCORING_TRACE_CHECKPOINT: Final = "mlflow.latestOnlineScoring.trace.checkpoint"
MLFLOW_LOGGED_ARTIFACTS: Final = "mlflow.loggedArtifacts"
MLFLOW_LOGGED_IMAGES: Final = "mlflow.loggedImages"
MLFLOW_LOGGED_MODELS: Final = "mlflow.log-model.history"
MLFLOW_MODEL_IS_EXTERNAL: Final = "mlflow.model.isExternal"
MLFLOW_MODEL_VERSIONS: Final = "mlflow.modelVersions"
MLFLOW_PARENT_RUN_ID: Final = "mlflow.parentRunId"
MLFLOW_PROJECT_BACKEND: Final = "mlflow.project.backend"
MLFLOW_PROJECT_ENTRY_POINT: Final = "mlflow.project.entryPoint"
MLFLOW_PROJECT_ENV: Final = "mlflow.project.env"
MLFLOW_RUN_NAME: Final = "mlflow.runName"
MLFLOW_RUN_NOTE: Final = "mlflow.note.content"
MLFLOW_RUN_SOURCE_TYPE: Final = "mlflow.runSourceType"
MLFLOW_RUN_TYPE: Final = "mlflow.runType"
MLFLOW_RUN_TYPE_GENAI_EVALUATE: Final = "genai_evaluate"
MLFLOW_RUN_TYPE_ISSUE_DETECTION: Final = "issue_detection"
MLFLOW_RUN_TYPE_TEST: Final = "test"
MLFLOW_SOURCE_NAME: Final = "mlflow.source.name"
MLFLOW_SOURCE_TYPE: Final = "mlflow.source.type"
MLFLOW_TRACE_ARCHIVAL_FAILURE: Final = "mlflow.trace.archivalFailure"
MLFLOW_TRACE_ARCHIVE_LOCATION: Final = "mlflow.trace.archiveLocation"
MLFLOW_TRACE_SPANS_LOCATION: Final = "mlflow.trace.spansLocation"
MLFLOW_USER: Final = "mlflow.user"

# Tags that a user cannot change once they are set.
IMMUTABLE_TAGS: Final = frozenset(
    {
        MLFLOW_ARTIFACT_LOCATION,
        MLFLOW_TRACE_ARCHIVAL_FAILURE,
        MLFLOW_TRACE_ARCHIVE_LOCATION,
        MLFLOW_TRACE_SPANS_LOCATION,
        MLFLOW_USER,
    }
)
# On registered models and versions that are prompts, which are not models.
MLFLOW_PROMPT_IS_PROMPT: Final = "mlflow.prompt.is_prompt"
# What a run's Spark has read: a line for each path.
SPARK_DATASOURCE_INFO: Final = "sparkDatasourceInfo"
