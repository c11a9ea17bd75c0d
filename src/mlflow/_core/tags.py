"""Tag keys with a meaning, each spelled once."""

import json
from pathlib import Path
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
MLFLOW_DATASET_CONTEXT: Final = "mlflow.data.context"
MLFLOW_DATASETS: Final = "mlflow.datasets"
MLFLOW_GIT_BRANCH: Final = "mlflow.source.git.branch"
MLFLOW_GIT_COMMIT: Final = "mlflow.source.git.commit"
MLFLOW_GIT_REPO_URL: Final = "mlflow.source.git.repoURL"
MLFLOW_LOGGED_ARTIFACTS: Final = "mlflow.loggedArtifacts"
MLFLOW_LOGGED_IMAGES: Final = "mlflow.loggedImages"
MLFLOW_LOGGED_MODELS: Final = "mlflow.log-model.history"
MLFLOW_MODEL_IS_EXTERNAL: Final = "mlflow.model.isExternal"
MLFLOW_MODEL_VERSIONS: Final = "mlflow.modelVersions"
MLFLOW_PARENT_RUN_ID: Final = "mlflow.parentRunId"
MLFLOW_RUN_NAME: Final = "mlflow.runName"
MLFLOW_RUN_NOTE: Final = "mlflow.note.content"
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

# The recorded ones that nothing here reads or writes: programs import them.
globals().update(json.loads(Path(__file__).with_name("tags.json").read_bytes()))
