"""Every environment variable as one typed row: name, default, one line of doc.

The only place that reads or writes ``os.environ``. The recorded names are all here, so that code
which imports them works; a row without a doc line is accepted and has no effect.
"""

import os
from collections.abc import Mapping
from typing import Final, Generic, TypeVar

T = TypeVar("T")


class _EnvironmentVariable(Generic[T]):
    """One variable: its name, the default and how its text becomes a value."""

    def __init__(self, name: str, default: T, doc: str = "") -> None:
        self.name: Final = name
        self.default: Final[T] = default
        self.__doc__ = doc

    def _convert(self, text: str) -> T:
        raise NotImplementedError

    @property
    def defined(self) -> bool:
        """Whether the environment holds the variable."""
        return self.name in os.environ

    def is_set(self) -> bool:
        """Return whether the environment holds the variable."""
        return self.name in os.environ

    def get_raw(self) -> str | None:
        """Return the text in the environment, None when there is none."""
        return os.environ.get(self.name)

    def get(self) -> T:
        """Return the value in the environment, or the default.

        Raises:
            ValueError: the text is no value of this variable's type.
        """
        text = os.environ.get(self.name)
        if text is None:
            return self.default
        try:
            return self._convert(text)
        except ValueError as error:
            raise ValueError(f"Failed to convert {text!r} for {self.name}: {error}") from None

    def set(self, value: T) -> None:
        """Put a value into this process's environment."""
        os.environ[self.name] = str(value)

    def unset(self) -> None:
        """Remove the variable from this process's environment."""
        os.environ.pop(self.name, None)

    def __str__(self) -> str:
        return f"{self.name} (default: {self.default})"

    def __repr__(self) -> str:
        return repr(self.name)


class _Text(_EnvironmentVariable[T]):
    def _convert(self, text: str) -> T:
        return text  # type: ignore[return-value]  # T is str or str | None in every row


class _Integer(_EnvironmentVariable[T]):
    def _convert(self, text: str) -> T:
        return int(text)  # type: ignore[return-value]  # T is int or int | None in every row


class _Number(_EnvironmentVariable[T]):
    def _convert(self, text: str) -> T:
        return float(text)  # type: ignore[return-value]  # T is float or float | None in every row


class _Switch(_EnvironmentVariable[T]):
    def _convert(self, text: str) -> T:
        lowered = text.lower()
        if lowered not in ("true", "false", "1", "0"):
            raise ValueError(
                f"value must be one of ['true', 'false', '1', '0'] (case-insensitive), got {text!r}"
            )
        return lowered in ("true", "1")  # type: ignore[return-value]  # T is bool or bool | None


class _Names(_EnvironmentVariable[T]):
    """A comma-separated list; empty entries are dropped."""

    def _convert(self, text: str) -> T:
        return [part.strip() for part in text.split(",") if part.strip()]  # type: ignore[return-value]  # T is a list


def snapshot(prefixes: tuple[str, ...]) -> dict[str, str]:
    """Return the variables of this process whose names begin with one of the prefixes."""
    return {name: text for name, text in os.environ.items() if name.startswith(prefixes)}


def load_missing(variables: Mapping[str, str]) -> None:
    """Put variables into this process's environment, but for those that it has already."""
    for name, text in variables.items():
        os.environ.setdefault(name, text)


def read(name: str) -> str | None:
    """Return a variable of another program (a scheduler's, a shell's), None when not set."""
    return os.environ.get(name)


# Our own.
HEADRACE_SQLITE_SYNCHRONOUS = _Text(
    "HEADRACE_SQLITE_SYNCHRONOUS",
    "FULL",
    "SQLite's durability: FULL survives a power cut, NORMAL a crash of the process only.",
)
HEADRACE_RUN_DOCUMENTS = _Switch(
    "HEADRACE_RUN_DOCUMENTS",
    True,
    "Whether the uncommitted diff, the packages and the command line are kept with each run.",
)
HEADRACE_CONSOLE = _Switch(
    "HEADRACE_CONSOLE", True, "Whether a run keeps what its program prints, with secrets masked."
)
HEADRACE_HEARTBEAT_SECONDS = _Number[float](
    "HEADRACE_HEARTBEAT_SECONDS",
    12.0,
    "How often a program says that its active runs live; 0 for never. Silent for 60 is stale.",
)
HEADRACE_RUN_OWNERS = _Text(
    "HEADRACE_RUN_OWNERS",
    "",
    "Set by Headrace for the processes that a program starts: the runs that the program ends.",
)
HEADRACE_BASIC_AUTH_FILE = _Text[str | None](
    "HEADRACE_BASIC_AUTH_FILE", None, "`mlflow server --basic-auth-file`."
)
HEADRACE_METRICS_PORT = _Integer[int | None](
    "HEADRACE_METRICS_PORT", None, "`mlflow server --metrics-port`."
)
HEADRACE_ACCESS_LOG = _Switch(
    "HEADRACE_ACCESS_LOG", True, "Whether `mlflow server` logs each request, as a line of JSON."
)
HEADRACE_SERVER_QUEUE = _Integer[int](
    "HEADRACE_SERVER_QUEUE",
    1024,
    "Most operations that wait in a server; others are told to retry.",
)
HEADRACE_SERVER_OPERATION_SECONDS = _Number[float](
    "HEADRACE_SERVER_OPERATION_SECONDS", 60.0, "Most time that a server reads for one request."
)
HEADRACE_JOURNAL_DIR = _Text[str | None](
    "HEADRACE_JOURNAL_DIR",
    None,
    "Folder of the journals of what is not delivered yet; one of the user's own by default.",
)
HEADRACE_JOURNAL_MAX_BYTES = _Integer[int](
    "HEADRACE_JOURNAL_MAX_BYTES",
    1 << 30,
    "How much a process's journal may hold for one store; 64 MiB where it is in memory only.",
)
HEADRACE_JOURNAL_WHEN_FULL = _Text(
    "HEADRACE_JOURNAL_WHEN_FULL",
    "block",
    "What a call does when the journal is full: block, drop (the oldest records), or raise.",
)
HEADRACE_ON_SERVER_FAULT = _Text(
    "HEADRACE_ON_SERVER_FAULT",
    "journal",
    "What a call that logs to a run does when the store cannot be reached: journal, or raise.",
)
HEADRACE_SERVER_PATIENCE_SECONDS = _Number[float](
    "HEADRACE_SERVER_PATIENCE_SECONDS",
    10.0,
    "How long a call that logs to a run tries to reach the store before it goes to the journal.",
)
HEADRACE_FLUSH_TIMEOUT_SECONDS = _Number[float](
    "HEADRACE_FLUSH_TIMEOUT_SECONDS",
    60.0,
    "How long a flush, or a read that needs one, waits for a store that takes nothing.",
)
HEADRACE_RAISE_REJECTED = _Switch(
    "HEADRACE_RAISE_REJECTED",
    True,
    "Whether the end of a run raises what the store refused after the call had returned.",
)
HEADRACE_OFFLINE = _Text(
    "HEADRACE_OFFLINE",
    "never",
    "auto starts a run in a local directory when the server cannot be reached; never raises.",
)
HEADRACE_ASYNC_EXIT_TIMEOUT_SECONDS = _Number[float](
    "HEADRACE_ASYNC_EXIT_TIMEOUT_SECONDS",
    5.0,
    "How long the exit waits for the store to take what is in the journal.",
)

HEADRACE_MAX_ARTIFACT_SIZE = _Integer[int](
    "HEADRACE_MAX_ARTIFACT_SIZE",
    2**40,
    "Most bytes of a file, or of a part of one, that a server takes in one upload.",
)
HEADRACE_SERVED_ARTIFACT_LOCATIONS = _Names[list[str]](
    "HEADRACE_SERVED_ARTIFACT_LOCATIONS",
    [],
    "Locations, beside its own, below which a server opens artifacts; separated by commas.",
)

# Recorded.
MLFLOW_TRACKING_URI = _Text[str | None](
    "MLFLOW_TRACKING_URI", None, "Where experiments and runs are kept."
)
MLFLOW_REGISTRY_URI = _Text[str | None](
    "MLFLOW_REGISTRY_URI", None, "Where registered models are kept; the tracking URI by default."
)
MLFLOW_WORKSPACE_STORE_URI = _Text[str | None]("MLFLOW_WORKSPACE_STORE_URI", None)
MLFLOW_ENABLE_WORKSPACES = _Switch[bool]("MLFLOW_ENABLE_WORKSPACES", False)
MLFLOW_ENABLE_AI_GATEWAY = _Switch[bool]("MLFLOW_ENABLE_AI_GATEWAY", True)
MLFLOW_ENABLE_REMOTE_ASSISTANT = _Switch[bool]("MLFLOW_ENABLE_REMOTE_ASSISTANT", False)
MLFLOW_ENABLE_ASSISTANT_SANDBOX = _Switch[bool | None]("MLFLOW_ENABLE_ASSISTANT_SANDBOX", None)
MLFLOW_SANDBOX_DOCKER_IMAGE = _Text[str]("MLFLOW_SANDBOX_DOCKER_IMAGE", "mlflow-sandbox:latest")
MLFLOW_ASSISTANT_SANDBOX_CLI_IMAGE = _Text[str](
    "MLFLOW_ASSISTANT_SANDBOX_CLI_IMAGE", "mlflow-assistant-sandbox:latest"
)
_MLFLOW_SERVER_BOOT_ID = _Text[str | None]("_MLFLOW_SERVER_BOOT_ID", None)
_MLFLOW_AUTH_ADMIN_BOOTSTRAPPED = _Switch[bool]("_MLFLOW_AUTH_ADMIN_BOOTSTRAPPED", False)
MLFLOW_SANDBOX_EGRESS_PROXY = _Text[str | None]("MLFLOW_SANDBOX_EGRESS_PROXY", None)
MLFLOW_RBAC_SEED_DEFAULT_ROLES = _Switch[bool]("MLFLOW_RBAC_SEED_DEFAULT_ROLES", True)
MLFLOW_WORKSPACE = _Text[str | None]("MLFLOW_WORKSPACE", None)
MLFLOW_WORKSPACE_ARTIFACT_ROOT_CACHE_CAPACITY = _Integer[int](
    "MLFLOW_WORKSPACE_ARTIFACT_ROOT_CACHE_CAPACITY", 128
)
MLFLOW_WORKSPACE_ARTIFACT_ROOT_CACHE_TTL_SECONDS = _Integer[int](
    "MLFLOW_WORKSPACE_ARTIFACT_ROOT_CACHE_TTL_SECONDS", 60
)
MLFLOW_DFS_TMP = _Text[str](
    "MLFLOW_DFS_TMP",
    "/tmp/mlflow",  # noqa: S108 - the recorded default
    "Scratch folder on a distributed file system.",
)
MLFLOW_HTTP_REQUEST_MAX_RETRIES = _Integer[int](
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES", 7, "How often a request to a server is tried again."
)
MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR = _Integer[int](
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR",
    2,
    "Seconds before the third try of a request are twice this, then doubled each time.",
)
MLFLOW_HTTP_REQUEST_BACKOFF_JITTER = _Number[float](
    "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER",
    1.0,
    "Up to so many random seconds are added to each wait between tries.",
)
MLFLOW_HTTP_REQUEST_TIMEOUT = _Integer[int](
    "MLFLOW_HTTP_REQUEST_TIMEOUT",
    120,
    "How many seconds a request waits for a connection, or for more of an answer.",
)
MLFLOW_DEPLOYMENT_CLIENT_HTTP_REQUEST_TIMEOUT = _Integer[int](
    "MLFLOW_DEPLOYMENT_CLIENT_HTTP_REQUEST_TIMEOUT", 300
)
MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER = _Switch[bool](
    "MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER",
    True,
    "Whether a server may say how long to wait before the next try.",
)
_MLFLOW_HTTP_REQUEST_MAX_RETRIES_LIMIT = _Integer[int]("_MLFLOW_HTTP_REQUEST_MAX_RETRIES_LIMIT", 10)
_MLFLOW_HTTP_REQUEST_MAX_BACKOFF_FACTOR_LIMIT = _Integer[int](
    "_MLFLOW_HTTP_REQUEST_MAX_BACKOFF_FACTOR_LIMIT", 120
)
MLFLOW_TRACKING_AWS_SIGV4 = _Switch[bool](
    "MLFLOW_TRACKING_AWS_SIGV4",
    False,
    "Not built: requests are not signed for AWS, and setting it is an error.",
)
MLFLOW_TRACKING_AUTH = _Text[str | None](
    "MLFLOW_TRACKING_AUTH",
    None,
    "Name of the plugin that authenticates requests (group mlflow.request_auth_provider).",
)
MLFLOW_GCS_DOWNLOAD_CHUNK_SIZE = _Integer[int | None]("MLFLOW_GCS_DOWNLOAD_CHUNK_SIZE", None)
MLFLOW_GCS_UPLOAD_CHUNK_SIZE = _Integer[int | None]("MLFLOW_GCS_UPLOAD_CHUNK_SIZE", None)
DISABLE_MLFLOWDBFS = _Text[str | None]("DISABLE_MLFLOWDBFS", None)
MLFLOW_S3_ENDPOINT_URL = _Text[str | None]("MLFLOW_S3_ENDPOINT_URL", None)
MLFLOW_S3_IGNORE_TLS = _Switch[bool]("MLFLOW_S3_IGNORE_TLS", False)
MLFLOW_S3_UPLOAD_EXTRA_ARGS = _Text[str | None]("MLFLOW_S3_UPLOAD_EXTRA_ARGS", None)
MLFLOW_S3_EXPECTED_BUCKET_OWNER = _Text[str | None]("MLFLOW_S3_EXPECTED_BUCKET_OWNER", None)
MLFLOW_KERBEROS_TICKET_CACHE = _Text[str | None]("MLFLOW_KERBEROS_TICKET_CACHE", None)
MLFLOW_KERBEROS_USER = _Text[str | None]("MLFLOW_KERBEROS_USER", None)
MLFLOW_PYARROW_EXTRA_CONF = _Text[str | None]("MLFLOW_PYARROW_EXTRA_CONF", None)
MLFLOW_SQLALCHEMYSTORE_POOL_SIZE = _Integer[int | None](
    "MLFLOW_SQLALCHEMYSTORE_POOL_SIZE", None, "Connections that the pool keeps open."
)
MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE = _Integer[int | None](
    "MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE",
    None,
    "Seconds after which a pooled connection is replaced.",
)
MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW = _Integer[int | None](
    "MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW", None, "Connections beyond the pool's size."
)
MLFLOW_SQLALCHEMYSTORE_ECHO = _Switch[bool](
    "MLFLOW_SQLALCHEMYSTORE_ECHO", False, "Whether the engine logs its statements."
)
MLFLOW_DISABLE_ENV_MANAGER_CONDA_WARNING = _Switch[bool](
    "MLFLOW_DISABLE_ENV_MANAGER_CONDA_WARNING", False
)
MLFLOW_SQLALCHEMYSTORE_POOLCLASS = _Text[str | None](
    "MLFLOW_SQLALCHEMYSTORE_POOLCLASS", None, "Name of the SQLAlchemy pool class to use."
)
MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT = _Integer[int]("MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT", 120)
MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT = _Integer[int]("MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT", 60)
MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT = _Integer[int | None](
    "MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT", None
)
MLFLOW_INPUT_EXAMPLE_INFERENCE_TIMEOUT = _Integer[int](
    "MLFLOW_INPUT_EXAMPLE_INFERENCE_TIMEOUT",
    180,
    "Seconds that a prediction on the input example may take.",
)
MLFLOW_DEFAULT_PREDICTION_DEVICE = _Text[str | None]("MLFLOW_DEFAULT_PREDICTION_DEVICE", None)
MLFLOW_DISABLE_HUGGINGFACE_ACCELERATE_FEATURES = _Switch[bool](
    "MLFLOW_DISABLE_HUGGINGFACE_ACCELERATE_FEATURES", False
)
MLFLOW_HUGGINGFACE_USE_DEVICE_MAP = _Switch[bool]("MLFLOW_HUGGINGFACE_USE_DEVICE_MAP", False)
MLFLOW_HUGGINGFACE_DEVICE_MAP_STRATEGY = _Text[str](
    "MLFLOW_HUGGINGFACE_DEVICE_MAP_STRATEGY", "auto"
)
MLFLOW_HUGGINGFACE_USE_LOW_CPU_MEM_USAGE = _Switch[bool](
    "MLFLOW_HUGGINGFACE_USE_LOW_CPU_MEM_USAGE", True
)
MLFLOW_HUGGINGFACE_MODEL_MAX_SHARD_SIZE = _Text[str](
    "MLFLOW_HUGGINGFACE_MODEL_MAX_SHARD_SIZE", "500MB"
)
MLFLOW_OPENAI_SECRET_SCOPE = _Text[str | None]("MLFLOW_OPENAI_SECRET_SCOPE", None)
MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS = _Text[str](
    "MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS", "--only-binary=:all:"
)
MLFLOW_ENABLE_MULTIPART_DOWNLOAD = _Switch[bool]("MLFLOW_ENABLE_MULTIPART_DOWNLOAD", True)
MLFLOW_ENABLE_MULTIPART_UPLOAD = _Switch[bool]("MLFLOW_ENABLE_MULTIPART_UPLOAD", True)
MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD = _Switch[bool]("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", False)
MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD = _Switch[bool](
    "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD", False
)
MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS = _Integer[int](
    "MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS", 300
)
MLFLOW_TESTING = _Switch[bool]("MLFLOW_TESTING", False)
MLFLOW_TRACKING_USERNAME = _Text[str | None](
    "MLFLOW_TRACKING_USERNAME", None, "User name for a tracking server."
)
MLFLOW_TRACKING_PASSWORD = _Text[str | None](
    "MLFLOW_TRACKING_PASSWORD", None, "Password for a tracking server."
)
MLFLOW_TRACKING_TOKEN = _Text[str | None](
    "MLFLOW_TRACKING_TOKEN", None, "Bearer token for a tracking server."
)
MLFLOW_TRACKING_INSECURE_TLS = _Switch[bool](
    "MLFLOW_TRACKING_INSECURE_TLS", False, "Whether a server's certificate goes unchecked."
)
MLFLOW_TRACKING_SERVER_CERT_PATH = _Text[str | None](
    "MLFLOW_TRACKING_SERVER_CERT_PATH",
    None,
    "PEM file, or directory, of the certificates that servers are trusted by.",
)
MLFLOW_TRACKING_CLIENT_CERT_PATH = _Text[str | None](
    "MLFLOW_TRACKING_CLIENT_CERT_PATH",
    None,
    "PEM file of our certificate and its key, for servers that ask for one.",
)
MLFLOW_RUN_ID = _Text[str | None](
    "MLFLOW_RUN_ID", None, "The run that start_run() resumes when it is given no id."
)
MLFLOW_TRACKING_DIR = _Text[str | None]("MLFLOW_TRACKING_DIR", None)
MLFLOW_REGISTRY_DIR = _Text[str | None]("MLFLOW_REGISTRY_DIR", None)
MLFLOW_EXPERIMENT_ID = _Text[str | None](
    "MLFLOW_EXPERIMENT_ID", None, "The experiment that runs go to when none was set."
)
MLFLOW_EXPERIMENT_NAME = _Text[str | None](
    "MLFLOW_EXPERIMENT_NAME", None, "The same by name; created when it does not exist."
)
MLFLOW_AUTH_CONFIG_PATH = _Text[str | None]("MLFLOW_AUTH_CONFIG_PATH", None)
MLFLOW_AUTH_ADMIN_USERNAME = _Text[str | None]("MLFLOW_AUTH_ADMIN_USERNAME", None)
MLFLOW_AUTH_ADMIN_PASSWORD = _Text[str | None]("MLFLOW_AUTH_ADMIN_PASSWORD", None)
MLFLOW_UC_OSS_TOKEN = _Text[str | None]("MLFLOW_UC_OSS_TOKEN", None)
MLFLOW_ENV_ROOT = _Text[str](
    "MLFLOW_ENV_ROOT", "~/.mlflow/envs", "Folder of the environments that models are restored into."
)
MLFLOW_ENABLE_DBFS_FUSE_ARTIFACT_REPO = _Switch[bool]("MLFLOW_ENABLE_DBFS_FUSE_ARTIFACT_REPO", True)
MLFLOW_ENABLE_UC_VOLUME_FUSE_ARTIFACT_REPO = _Switch[bool](
    "MLFLOW_ENABLE_UC_VOLUME_FUSE_ARTIFACT_REPO", True
)
MLFLOW_ENABLE_UC_NATIVE_MODEL_REGISTRY = _Switch[bool](
    "MLFLOW_ENABLE_UC_NATIVE_MODEL_REGISTRY", False
)
MLFLOW_AUTOLOGGING_TESTING = _Switch[bool]("MLFLOW_AUTOLOGGING_TESTING", False)
MLFLOW_GATEWAY_URI = _Text[str | None]("MLFLOW_GATEWAY_URI", None)
MLFLOW_DEPLOYMENTS_TARGET = _Text[str | None]("MLFLOW_DEPLOYMENTS_TARGET", None)
MLFLOW_GATEWAY_CONFIG = _Text[str | None]("MLFLOW_GATEWAY_CONFIG", None)
MLFLOW_DEPLOYMENTS_CONFIG = _Text[str | None]("MLFLOW_DEPLOYMENTS_CONFIG", None)
MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR = _Switch[bool](
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR",
    True,
    "Whether long transfers show a progress bar on a terminal.",
)
MLFLOW_CONDA_HOME = _Text[str | None]("MLFLOW_CONDA_HOME", None)
MLFLOW_CONDA_CREATE_ENV_CMD = _Text[str]("MLFLOW_CONDA_CREATE_ENV_CMD", "conda")
MLFLOW_DEPLOYMENT_FLAVOR_NAME = _Text[str | None]("MLFLOW_DEPLOYMENT_FLAVOR_NAME", None)
MLFLOW_RUN_CONTEXT = _Text[str | None](
    "MLFLOW_RUN_CONTEXT", None, "JSON object of tags that every new run gets."
)
MLFLOW_SAGEMAKER_DEPLOY_IMG_URL = _Text[str | None]("MLFLOW_SAGEMAKER_DEPLOY_IMG_URL", None)
MLFLOW_DISABLE_ENV_CREATION = _Switch[bool]("MLFLOW_DISABLE_ENV_CREATION", False)
MLFLOW_DOWNLOAD_CHUNK_TIMEOUT = _Integer[int]("MLFLOW_DOWNLOAD_CHUNK_TIMEOUT", 300)
MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING = _Switch[bool](
    "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", False, "Whether every run records the machine's load."
)
MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL = _Number[float | None](
    "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL",
    None,
    "Seconds between two samples of the machine's load.",
)
MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING = _Integer[int | None](
    "MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING",
    None,
    "How many samples are averaged into one point.",
)
MLFLOW_SYSTEM_METRICS_NODE_ID = _Text[str | None](
    "MLFLOW_SYSTEM_METRICS_NODE_ID", None, "Names this machine within the run's system metrics."
)
_MLFLOW_MPD_NUM_RETRIES = _Integer[int]("_MLFLOW_MPD_NUM_RETRIES", 3)
_MLFLOW_MPD_RETRY_INTERVAL_SECONDS = _Integer[int]("_MLFLOW_MPD_RETRY_INTERVAL_SECONDS", 1)
MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE = _Integer[int](
    "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE", 524288000
)
MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE = _Integer[int](
    "MLFLOW_MULTIPART_DOWNLOAD_MINIMUM_FILE_SIZE", 524288000
)
MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE = _Integer[int]("MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE", 10485760)
MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE = _Integer[int](
    "MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE", 104857600
)
MLFLOW_ALLOW_HTTP_REDIRECTS = _Switch[bool](
    "MLFLOW_ALLOW_HTTP_REDIRECTS", True, "Whether redirects of a server are followed."
)
MLFLOW_ENABLE_MCP_TOOL_DISCOVERY = _Switch[bool]("MLFLOW_ENABLE_MCP_TOOL_DISCOVERY", True)
MLFLOW_DEPLOYMENT_PREDICT_TIMEOUT = _Integer[int]("MLFLOW_DEPLOYMENT_PREDICT_TIMEOUT", 120)
MLFLOW_DEPLOYMENT_PREDICT_TOTAL_TIMEOUT = _Integer[int](
    "MLFLOW_DEPLOYMENT_PREDICT_TOTAL_TIMEOUT", 600
)
MLFLOW_GATEWAY_RATE_LIMITS_STORAGE_URI = _Text[str | None](
    "MLFLOW_GATEWAY_RATE_LIMITS_STORAGE_URI", None
)
MLFLOW_GATEWAY_ROUTE_TIMEOUT_SECONDS = _Integer[int]("MLFLOW_GATEWAY_ROUTE_TIMEOUT_SECONDS", 300)
MLFLOW_GATEWAY_RESOLVE_API_KEY_FROM_ENV = _Switch[bool](
    "MLFLOW_GATEWAY_RESOLVE_API_KEY_FROM_ENV", False
)
MLFLOW_GATEWAY_RESOLVE_API_KEY_FROM_FILE = _Switch[bool](
    "MLFLOW_GATEWAY_RESOLVE_API_KEY_FROM_FILE", False
)
MLFLOW_GATEWAY_BUDGET_REFRESH_INTERVAL = _Integer[int](
    "MLFLOW_GATEWAY_BUDGET_REFRESH_INTERVAL", 600
)
MLFLOW_GATEWAY_BUDGET_REDIS_URL = _Text[str | None]("MLFLOW_GATEWAY_BUDGET_REDIS_URL", None)
MLFLOW_GATEWAY_ALLOWED_PROVIDERS = _Text[str | None]("MLFLOW_GATEWAY_ALLOWED_PROVIDERS", None)
MLFLOW_GATEWAY_MAX_DECOMPRESSED_REQUEST_SIZE = _Integer[int](
    "MLFLOW_GATEWAY_MAX_DECOMPRESSED_REQUEST_SIZE", 104857600
)
MLFLOW_ENABLE_ASYNC_LOGGING = _Switch[bool](
    "MLFLOW_ENABLE_ASYNC_LOGGING",
    False,
    "Whether logging calls return before the store has acknowledged them.",
)
MLFLOW_ASYNC_LOGGING_THREADPOOL_SIZE = _Integer[int]("MLFLOW_ASYNC_LOGGING_THREADPOOL_SIZE", 10)
MLFLOW_CONFIGURE_LOGGING = _Switch[bool](
    "MLFLOW_CONFIGURE_LOGGING", True, "Whether the mlflow loggers get a handler of their own."
)
MLFLOW_TRUNCATE_LONG_VALUES = _Switch[bool](
    "MLFLOW_TRUNCATE_LONG_VALUES",
    True,
    "Whether over-long param and tag values are cut with a warning instead of refused.",
)
MLFLOW_RUN_SLOW_TESTS = _Switch[bool]("MLFLOW_RUN_SLOW_TESTS", False)
MLFLOW_DOCKER_OPENJDK_VERSION = _Text[str]("MLFLOW_DOCKER_OPENJDK_VERSION", "11")
MLFLOW_TRACE_TIMEOUT_SECONDS = _Integer[int | None]("MLFLOW_TRACE_TIMEOUT_SECONDS", None)
MLFLOW_TRACE_TIMEOUT_CHECK_INTERVAL_SECONDS = _Integer[int](
    "MLFLOW_TRACE_TIMEOUT_CHECK_INTERVAL_SECONDS", 1
)
MLFLOW_TRACE_BUFFER_TTL_SECONDS = _Integer[int]("MLFLOW_TRACE_BUFFER_TTL_SECONDS", 3600)
MLFLOW_TRACE_BUFFER_MAX_SIZE = _Integer[int]("MLFLOW_TRACE_BUFFER_MAX_SIZE", 1000)
MLFLOW_TRACE_EXTRACT_ATTACHMENTS = _Switch[bool]("MLFLOW_TRACE_EXTRACT_ATTACHMENTS", True)
MLFLOW_TRACE_MAX_ATTACHMENT_SIZE = _Integer[int | None]("MLFLOW_TRACE_MAX_ATTACHMENT_SIZE", None)
MLFLOW_PROMPT_CACHE_MAX_SIZE = _Integer[int]("MLFLOW_PROMPT_CACHE_MAX_SIZE", 128)
MLFLOW_ALIAS_PROMPT_CACHE_TTL_SECONDS = _Number[float](
    "MLFLOW_ALIAS_PROMPT_CACHE_TTL_SECONDS", 60.0
)
MLFLOW_VERSION_PROMPT_CACHE_TTL_SECONDS = _Number[float](
    "MLFLOW_VERSION_PROMPT_CACHE_TTL_SECONDS", float("inf")
)
_MLFLOW_EVALUATE_SUPPRESS_CLASSIFICATION_ERRORS = _Switch[bool](
    "_MLFLOW_EVALUATE_SUPPRESS_CLASSIFICATION_ERRORS", False
)
MLFLOW_GENAI_EVAL_MAX_WORKERS = _Integer[int]("MLFLOW_GENAI_EVAL_MAX_WORKERS", 10)
MLFLOW_GENAI_EVAL_MAX_SCORER_WORKERS = _Integer[int]("MLFLOW_GENAI_EVAL_MAX_SCORER_WORKERS", 10)
MLFLOW_GENAI_EVAL_PREDICT_RATE_LIMIT = _Text[str]("MLFLOW_GENAI_EVAL_PREDICT_RATE_LIMIT", "auto")
MLFLOW_GENAI_EVAL_SCORER_RATE_LIMIT = _Text[str | None]("MLFLOW_GENAI_EVAL_SCORER_RATE_LIMIT", None)
MLFLOW_GENAI_EVAL_MAX_RETRIES = _Integer[int]("MLFLOW_GENAI_EVAL_MAX_RETRIES", 3)
MLFLOW_GENAI_SIMULATOR_MAX_WORKERS = _Integer[int]("MLFLOW_GENAI_SIMULATOR_MAX_WORKERS", 10)
MLFLOW_ONLINE_SCORING_MAX_WORKER_THREADS = _Integer[int](
    "MLFLOW_ONLINE_SCORING_MAX_WORKER_THREADS", 10
)
MLFLOW_GENAI_OPTIMIZE_MAX_WORKERS = _Integer[int]("MLFLOW_GENAI_OPTIMIZE_MAX_WORKERS", 8)
MLFLOW_GENAI_JUDGE_DEFAULT_MODEL = _Text[str | None]("MLFLOW_GENAI_JUDGE_DEFAULT_MODEL", None)
MLFLOW_GENAI_JUDGE_BASE_URL = _Text[str | None]("MLFLOW_GENAI_JUDGE_BASE_URL", None)
MLFLOW_GENAI_EVAL_SKIP_TRACE_VALIDATION = _Switch[bool](
    "MLFLOW_GENAI_EVAL_SKIP_TRACE_VALIDATION", False
)
MLFLOW_GENAI_EVAL_ENABLE_SCORER_TRACING = _Switch[bool](
    "MLFLOW_GENAI_EVAL_ENABLE_SCORER_TRACING", False
)
MLFLOW_GENAI_EVAL_ASYNC_TIMEOUT = _Integer[int]("MLFLOW_GENAI_EVAL_ASYNC_TIMEOUT", 300)
MLFLOW_GENAI_EVAL_LLM_TIMEOUT = _Integer[int]("MLFLOW_GENAI_EVAL_LLM_TIMEOUT", 60)
MLFLOW_GENAI_DISCOVERY_TRIAGE_SAMPLE_SIZE = _Integer[int](
    "MLFLOW_GENAI_DISCOVERY_TRIAGE_SAMPLE_SIZE", 100
)
MLFLOW_REQUIREMENTS_INFERENCE_RAISE_ERRORS = _Switch[bool](
    "MLFLOW_REQUIREMENTS_INFERENCE_RAISE_ERRORS",
    False,
    "Whether a failure to infer a model's requirements is an error instead of a warning.",
)
MLFLOW_MAX_TRACES_TO_DISPLAY_IN_NOTEBOOK = _Integer[int](
    "MLFLOW_MAX_TRACES_TO_DISPLAY_IN_NOTEBOOK", 10
)
MLFLOW_NOTEBOOK_TRACE_RENDERER_BASE_URL = _Text[str | None](
    "MLFLOW_NOTEBOOK_TRACE_RENDERER_BASE_URL", None
)
MLFLOW_TRACE_SAMPLING_RATIO = _Number[float]("MLFLOW_TRACE_SAMPLING_RATIO", 1.0)
MLFLOW_TRACE_ENABLE_OTLP_DUAL_EXPORT = _Switch[bool]("MLFLOW_TRACE_ENABLE_OTLP_DUAL_EXPORT", False)
MLFLOW_ENABLE_OTLP_EXPORTER = _Switch[bool]("MLFLOW_ENABLE_OTLP_EXPORTER", True)
MLFLOW_USE_DEFAULT_TRACER_PROVIDER = _Switch[bool]("MLFLOW_USE_DEFAULT_TRACER_PROVIDER", True)
MLFLOW_TRACE_PROPAGATE_TO_OTEL_CONTEXT = _Switch[bool](
    "MLFLOW_TRACE_PROPAGATE_TO_OTEL_CONTEXT", False
)
MLFLOW_TRACE_USE_ISOLATED_RANDOM_ID_GENERATOR = _Switch[bool](
    "MLFLOW_TRACE_USE_ISOLATED_RANDOM_ID_GENERATOR", False
)
MLFLOW_ENABLE_OTEL_GENAI_SEMCONV = _Switch[bool]("MLFLOW_ENABLE_OTEL_GENAI_SEMCONV", False)
MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE = _Text[str]("MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE", "auto")
MLFLOW_DATABRICKS_ENDPOINT_HTTP_RETRY_TIMEOUT = _Integer[int](
    "MLFLOW_DATABRICKS_ENDPOINT_HTTP_RETRY_TIMEOUT", 500
)
MLFLOW_HTTP_POOL_CONNECTIONS = _Integer[int]("MLFLOW_HTTP_POOL_CONNECTIONS", 10)
MLFLOW_HTTP_POOL_MAXSIZE = _Integer[int](
    "MLFLOW_HTTP_POOL_MAXSIZE",
    10,
    "How many connections to a server are kept open between requests.",
)
MLFLOW_HTTP_TCP_KEEPALIVE = _Switch[bool](
    "MLFLOW_HTTP_TCP_KEEPALIVE",
    True,
    "Whether idle connections are probed, so that firewalls keep them.",
)
MLFLOW_HTTP_TCP_KEEPALIVE_IDLE = _Integer[int](
    "MLFLOW_HTTP_TCP_KEEPALIVE_IDLE", 30, "Seconds of silence before the first probe."
)
MLFLOW_HTTP_TCP_KEEPALIVE_INTERVAL = _Integer[int](
    "MLFLOW_HTTP_TCP_KEEPALIVE_INTERVAL", 10, "Seconds between probes."
)
MLFLOW_HTTP_TCP_KEEPALIVE_COUNT = _Integer[int](
    "MLFLOW_HTTP_TCP_KEEPALIVE_COUNT", 3, "How many probes without an answer end a connection."
)
MLFLOW_ENABLE_UC_FUNCTIONS = _Switch[bool]("MLFLOW_ENABLE_UC_FUNCTIONS", False)
MLFLOW_ASYNC_LOGGING_BUFFERING_SECONDS = _Integer[int | None](
    "MLFLOW_ASYNC_LOGGING_BUFFERING_SECONDS",
    None,
    "How long the background sender gathers points before it sends.",
)
MLFLOW_ENABLE_DB_SDK = _Switch[bool]("MLFLOW_ENABLE_DB_SDK", True)
MLFLOW_IN_CAPTURE_MODULE_PROCESS = _Switch[bool]("MLFLOW_IN_CAPTURE_MODULE_PROCESS", False)
MLFLOW_USE_DATABRICKS_SDK_MODEL_ARTIFACTS_REPO_FOR_UC = _Switch[bool](
    "MLFLOW_USE_DATABRICKS_SDK_MODEL_ARTIFACTS_REPO_FOR_UC", False
)
MLFLOW_DISABLE_DATABRICKS_SDK_FOR_RUN_ARTIFACTS = _Switch[bool](
    "MLFLOW_DISABLE_DATABRICKS_SDK_FOR_RUN_ARTIFACTS", False
)
MLFLOW_SKIP_SIGNATURE_CHECK_FOR_UC_REGISTRY_MIGRATION = _Switch[bool](
    "MLFLOW_SKIP_SIGNATURE_CHECK_FOR_UC_REGISTRY_MIGRATION", False
)
MLFLOW_MODEL_ENV_DOWNLOADING_TEMP_DIR = _Text[str | None](
    "MLFLOW_MODEL_ENV_DOWNLOADING_TEMP_DIR", None
)
_MLFLOW_SPARK_UDF_SERVERLESS_SKIP_DBCONNECT_ARTIFACT = _Switch[bool](
    "_MLFLOW_SPARK_UDF_SERVERLESS_SKIP_DBCONNECT_ARTIFACT", False
)
MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING = _Switch[bool](
    "MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING",
    True,
    "Whether a logged model names the variables it may need.",
)
MLFLOW_LOG_MODEL_COMPRESSION = _Text[str | None]("MLFLOW_LOG_MODEL_COMPRESSION", None)
MLFLOW_CONVERT_MESSAGES_DICT_FOR_LANGCHAIN = _Switch[bool | None](
    "MLFLOW_CONVERT_MESSAGES_DICT_FOR_LANGCHAIN", None
)
MLFLOW_GO_STORE_TESTING = _Switch[bool]("MLFLOW_GO_STORE_TESTING", False)
_MLFLOW_IS_IN_SERVING_ENVIRONMENT = _Switch[bool | None]("_MLFLOW_IS_IN_SERVING_ENVIRONMENT", None)
MLFLOW_FLASK_SERVER_SECRET_KEY = _Text[str | None]("MLFLOW_FLASK_SERVER_SECRET_KEY", None)
MLFLOW_SERVER_CORS_ALLOWED_ORIGINS = _Text[str | None]("MLFLOW_SERVER_CORS_ALLOWED_ORIGINS", None)
MLFLOW_SERVER_ALLOWED_HOSTS = _Text[str | None]("MLFLOW_SERVER_ALLOWED_HOSTS", None)
MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE = _Text[str](
    "MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE", "false"
)
MLFLOW_SERVER_X_FRAME_OPTIONS = _Text[str]("MLFLOW_SERVER_X_FRAME_OPTIONS", "SAMEORIGIN")
MLFLOW_BASIC_AUTH_FAIL_CLOSED = _Switch[bool]("MLFLOW_BASIC_AUTH_FAIL_CLOSED", True)
MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH = _Integer[int](
    "MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH",
    2048,
    "Longest accepted artifact location, in characters.",
)
MLFLOW_MYSQL_SSL_CA = _Text[str | None](
    "MLFLOW_MYSQL_SSL_CA", None, "Certificate authority file for MySQL connections."
)
MLFLOW_MYSQL_SSL_CERT = _Text[str | None](
    "MLFLOW_MYSQL_SSL_CERT", None, "Client certificate file for MySQL connections."
)
MLFLOW_MYSQL_SSL_KEY = _Text[str | None](
    "MLFLOW_MYSQL_SSL_KEY", None, "Client key file for MySQL connections."
)
MLFLOW_DATABRICKS_TRAFFIC_ID = _Text[str | None]("MLFLOW_DATABRICKS_TRAFFIC_ID", None)
MLFLOW_ENABLE_ASYNC_TRACE_LOGGING = _Switch[bool]("MLFLOW_ENABLE_ASYNC_TRACE_LOGGING", True)
MLFLOW_ASYNC_TRACE_LOGGING_MAX_WORKERS = _Integer[int]("MLFLOW_ASYNC_TRACE_LOGGING_MAX_WORKERS", 10)
MLFLOW_ASYNC_TRACE_LOGGING_MAX_QUEUE_SIZE = _Integer[int](
    "MLFLOW_ASYNC_TRACE_LOGGING_MAX_QUEUE_SIZE", 1000
)
MLFLOW_ASYNC_TRACE_LOGGING_MAX_SPAN_BATCH_SIZE = _Integer[int](
    "MLFLOW_ASYNC_TRACE_LOGGING_MAX_SPAN_BATCH_SIZE", 5
)
MLFLOW_ASYNC_TRACE_LOGGING_MAX_INTERVAL_MILLIS = _Integer[int](
    "MLFLOW_ASYNC_TRACE_LOGGING_MAX_INTERVAL_MILLIS", 5000
)
MLFLOW_ASYNC_TRACE_LOGGING_RETRY_TIMEOUT = _Integer[int](
    "MLFLOW_ASYNC_TRACE_LOGGING_RETRY_TIMEOUT", 500
)
MLFLOW_GET_TRACE_OTEL_RETRY_TIMEOUT_SECONDS = _Integer[int](
    "MLFLOW_GET_TRACE_OTEL_RETRY_TIMEOUT_SECONDS", 15
)
MLFLOW_GET_TRACE_OTEL_INITIAL_RETRY_INTERVAL_SECONDS = _Number[float](
    "MLFLOW_GET_TRACE_OTEL_INITIAL_RETRY_INTERVAL_SECONDS", 2.0
)
MLFLOW_GET_TRACE_OTEL_MAX_RETRY_INTERVAL_SECONDS = _Number[float](
    "MLFLOW_GET_TRACE_OTEL_MAX_RETRY_INTERVAL_SECONDS", 8.0
)
MLFLOW_TRACING_SQL_WAREHOUSE_ID = _Text[str | None]("MLFLOW_TRACING_SQL_WAREHOUSE_ID", None)
MLFLOW_SQL_WAREHOUSE_AUTO_START = _Switch[bool]("MLFLOW_SQL_WAREHOUSE_AUTO_START", True)
MLFLOW_SQL_WAREHOUSE_AUTO_START_TIMEOUT_SECONDS = _Integer[int](
    "MLFLOW_SQL_WAREHOUSE_AUTO_START_TIMEOUT_SECONDS", 1200
)
MLFLOW_TRACING_DESTINATION = _Text[str | None]("MLFLOW_TRACING_DESTINATION", None)
MLFLOW_USE_BATCH_SPAN_PROCESSOR = _Switch[bool]("MLFLOW_USE_BATCH_SPAN_PROCESSOR", True)
MLFLOW_ACTIVE_MODEL_ID = _Text[str | None](
    "MLFLOW_ACTIVE_MODEL_ID", None, "The logged model that traces and metrics belong to."
)
_MLFLOW_ACTIVE_MODEL_ID = _Text[str | None]("_MLFLOW_ACTIVE_MODEL_ID", None)
_MLFLOW_CREATE_LOGGED_MODEL_PARAMS_BATCH_SIZE = _Integer[int](
    "_MLFLOW_CREATE_LOGGED_MODEL_PARAMS_BATCH_SIZE", 100
)
_MLFLOW_LOG_LOGGED_MODEL_PARAMS_BATCH_SIZE = _Integer[int](
    "_MLFLOW_LOG_LOGGED_MODEL_PARAMS_BATCH_SIZE", 100
)
MLFLOW_PRINT_MODEL_URLS_ON_CREATION = _Switch[bool](
    "MLFLOW_PRINT_MODEL_URLS_ON_CREATION", True, "Whether the link to a logged model is printed."
)
MLFLOW_SEARCH_TRACES_MAX_THREADS = _Integer[int]("MLFLOW_SEARCH_TRACES_MAX_THREADS", 32)
MLFLOW_SEARCH_TRACES_MAX_BATCH_SIZE = _Integer[int]("MLFLOW_SEARCH_TRACES_MAX_BATCH_SIZE", 10)
MLFLOW_DELETE_TRACES_MAX_BATCH_SIZE = _Integer[int]("MLFLOW_DELETE_TRACES_MAX_BATCH_SIZE", 100)
MLFLOW_LOGGING_LEVEL = _Text[str | None](
    "MLFLOW_LOGGING_LEVEL", None, "Level of the mlflow loggers."
)
MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT = _Switch[bool](
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT",
    False,
    "Whether the link to a run is left out at its end.",
)
MLFLOW_LOCK_MODEL_DEPENDENCIES = _Switch[bool]("MLFLOW_LOCK_MODEL_DEPENDENCIES", False)
MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX = _Text[str | None](
    "MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX", None
)
MLFLOW_SERVER_GRAPHQL_MAX_ROOT_FIELDS = _Integer[int]("MLFLOW_SERVER_GRAPHQL_MAX_ROOT_FIELDS", 10)
MLFLOW_SERVER_GRAPHQL_MAX_ALIASES = _Integer[int]("MLFLOW_SERVER_GRAPHQL_MAX_ALIASES", 10)
MLFLOW_DISABLE_SCHEMA_DETAILS = _Switch[bool]("MLFLOW_DISABLE_SCHEMA_DETAILS", False)
MLFLOW_DISABLE_AGENT_HINT = _Switch[bool]("MLFLOW_DISABLE_AGENT_HINT", False)
MLFLOW_WEBHOOK_ALLOWED_SCHEMES = _Names[list[str]]("MLFLOW_WEBHOOK_ALLOWED_SCHEMES", ["https"])
MLFLOW_ICON_URL_ALLOWED_SCHEMES = _Names[list[str]]("MLFLOW_ICON_URL_ALLOWED_SCHEMES", ["https"])
MLFLOW_ICON_URL_ALLOW_PRIVATE_IPS = _Switch[bool]("MLFLOW_ICON_URL_ALLOW_PRIVATE_IPS", False)
MLFLOW_ICON_URL_ALLOWED_DOMAINS = _Names[list[str] | None]("MLFLOW_ICON_URL_ALLOWED_DOMAINS", None)
MLFLOW_GATEWAY_API_BASE_ALLOWED_SCHEMES = _Names[list[str]](
    "MLFLOW_GATEWAY_API_BASE_ALLOWED_SCHEMES", ["https"]
)
MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES = _Names[list[str]](
    "MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES", []
)
MLFLOW_GATEWAY_API_BASE_ALLOW_PRIVATE_IPS = _Switch[bool](
    "MLFLOW_GATEWAY_API_BASE_ALLOW_PRIVATE_IPS", False
)
MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY = _Text[str | None](
    "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY", None
)
MLFLOW_WEBHOOK_REQUEST_TIMEOUT = _Integer[int]("MLFLOW_WEBHOOK_REQUEST_TIMEOUT", 30)
MLFLOW_WEBHOOK_DELIVERY_MAX_WORKERS = _Integer[int]("MLFLOW_WEBHOOK_DELIVERY_MAX_WORKERS", 10)
MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES = _Integer[int]("MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES", 3)
MLFLOW_WEBHOOK_CACHE_TTL = _Integer[int]("MLFLOW_WEBHOOK_CACHE_TTL", 60)
MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS = _Switch[bool]("MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS", False)
MLFLOW_DISABLE_TELEMETRY = _Switch[bool]("MLFLOW_DISABLE_TELEMETRY", False)
_MLFLOW_TESTING_TELEMETRY = _Switch[bool]("_MLFLOW_TESTING_TELEMETRY", False)
_MLFLOW_TELEMETRY_SESSION_ID = _Text[str | None]("_MLFLOW_TELEMETRY_SESSION_ID", None)
_MLFLOW_TELEMETRY_LOGGING = _Switch[bool]("_MLFLOW_TELEMETRY_LOGGING", False)
_MLFLOW_TELEMETRY_PRE_WARM_DATABRICKS_SDK = _Switch[bool](
    "_MLFLOW_TELEMETRY_PRE_WARM_DATABRICKS_SDK", True
)
_MLFLOW_SGI_NAME = _Text[str | None]("_MLFLOW_SGI_NAME", None)
MLFLOW_ENFORCE_STDIN_SCORING_SERVER_FOR_SPARK_UDF = _Switch[bool](
    "MLFLOW_ENFORCE_STDIN_SCORING_SERVER_FOR_SPARK_UDF", True
)
MLFLOW_SERVER_ENABLE_JOB_EXECUTION = _Switch[bool]("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", True)
MLFLOW_SERVER_JOB_ENABLE_PERIODIC_TASKS = _Switch[bool](
    "MLFLOW_SERVER_JOB_ENABLE_PERIODIC_TASKS", True
)
MLFLOW_SERVER_JOB_HUEY_REDIS_URL = _Text[str | None]("MLFLOW_SERVER_JOB_HUEY_REDIS_URL", None)
MLFLOW_SERVER_JOB_FLUSH_PERIODIC_LOCKS_ON_STARTUP = _Switch[bool | None](
    "MLFLOW_SERVER_JOB_FLUSH_PERIODIC_LOCKS_ON_STARTUP", None
)
MLFLOW_SERVER_JOB_TRANSIENT_ERROR_MAX_RETRIES = _Integer[int](
    "MLFLOW_SERVER_JOB_TRANSIENT_ERROR_MAX_RETRIES", 3
)
MLFLOW_SERVER_JOB_TRANSIENT_ERROR_RETRY_BASE_DELAY = _Integer[int](
    "MLFLOW_SERVER_JOB_TRANSIENT_ERROR_RETRY_BASE_DELAY", 15
)
MLFLOW_SERVER_JOB_TRANSIENT_ERROR_RETRY_MAX_DELAY = _Integer[int](
    "MLFLOW_SERVER_JOB_TRANSIENT_ERROR_RETRY_MAX_DELAY", 60
)
MLFLOW_TRACE_ARCHIVAL_CONFIG = _Text[str | None]("MLFLOW_TRACE_ARCHIVAL_CONFIG", None)
MLFLOW_SQL_TRACE_ROLLUPS_ENABLED = _Switch[bool]("MLFLOW_SQL_TRACE_ROLLUPS_ENABLED", False)
MLFLOW_TRACE_ROLLUPS_SCHEDULE = _Text[str]("MLFLOW_TRACE_ROLLUPS_SCHEDULE", "0 2 * * *")
MLFLOW_TRACE_ROLLUPS_MAX_PARTITIONS_PER_RUN = _Integer[int](
    "MLFLOW_TRACE_ROLLUPS_MAX_PARTITIONS_PER_RUN", 1000
)
MLFLOW_TRACE_ROLLUPS_MAX_WORKERS = _Integer[int]("MLFLOW_TRACE_ROLLUPS_MAX_WORKERS", 4)
MLFLOW_SERVER_JUDGE_INVOKE_MAX_WORKERS = _Integer[int]("MLFLOW_SERVER_JUDGE_INVOKE_MAX_WORKERS", 10)
MLFLOW_SERVER_SCORER_INVOKE_BATCH_SIZE = _Integer[int](
    "MLFLOW_SERVER_SCORER_INVOKE_BATCH_SIZE", 100
)
MLFLOW_SERVER_ONLINE_SCORING_MAX_WORKERS = _Integer[int](
    "MLFLOW_SERVER_ONLINE_SCORING_MAX_WORKERS", 5
)
MLFLOW_ONLINE_SCORING_DEFAULT_SESSION_COMPLETION_BUFFER_SECONDS = _Integer[int](
    "MLFLOW_ONLINE_SCORING_DEFAULT_SESSION_COMPLETION_BUFFER_SECONDS", 300
)
MLFLOW_ONLINE_SCORING_DEFAULT_TRACE_COMPLETION_BUFFER_SECONDS = _Integer[int](
    "MLFLOW_ONLINE_SCORING_DEFAULT_TRACE_COMPLETION_BUFFER_SECONDS", 300
)
MLFLOW_JUDGE_MAX_ITERATIONS = _Integer[int]("MLFLOW_JUDGE_MAX_ITERATIONS", 30)
MLFLOW_JOB_DEFAULT_EXECUTOR_BACKEND = _Text[str]("MLFLOW_JOB_DEFAULT_EXECUTOR_BACKEND", "local")
MLFLOW_JOB_CUSTOM_SCORER_EXECUTOR_BACKEND = _Text[str | None](
    "MLFLOW_JOB_CUSTOM_SCORER_EXECUTOR_BACKEND", None
)
MLFLOW_SERVER_ENABLE_CUSTOM_SCORERS = _Switch[bool]("MLFLOW_SERVER_ENABLE_CUSTOM_SCORERS", False)
_MLFLOW_IN_JOB_EXECUTOR = _Switch[bool]("_MLFLOW_IN_JOB_EXECUTOR", False)
MLFLOW_SERVER_JOB_EXECUTION_ENGINE = _Text[str | None]("MLFLOW_SERVER_JOB_EXECUTION_ENGINE", None)
MLFLOW_SERVER_JOB_DEFAULT_TIMEOUT = _Number[float]("MLFLOW_SERVER_JOB_DEFAULT_TIMEOUT", 3600.0)
MLFLOW_SERVER_JOB_LEASE_TTL = _Number[float]("MLFLOW_SERVER_JOB_LEASE_TTL", 60.0)
MLFLOW_ENABLE_SGC_RUN_RESUMPTION_FOR_DATABRICKS_JOBS = _Switch[bool](
    "MLFLOW_ENABLE_SGC_RUN_RESUMPTION_FOR_DATABRICKS_JOBS", True
)
SERVERLESS_GPU_COMPUTE_ASSOCIATED_JOB_RUN_ID = _Text[str | None](
    "SERVERLESS_GPU_COMPUTE_ASSOCIATED_JOB_RUN_ID", None
)
MLFLOW_SERVER_ENABLE_GRAPHQL_AUTH = _Switch[bool]("MLFLOW_SERVER_ENABLE_GRAPHQL_AUTH", True)
_MLFLOW_ENABLE_UC_TRACE_UPSELL = _Switch[bool]("_MLFLOW_ENABLE_UC_TRACE_UPSELL", True)
MLFLOW_ALLOW_PICKLE_DESERIALIZATION = _Switch[bool](
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION",
    True,
    "Whether formats that can run code may be loaded at all.",
)
_MLFLOW_INTERNAL_GATEWAY_AUTH_TOKEN = _Text[str | None]("_MLFLOW_INTERNAL_GATEWAY_AUTH_TOKEN", None)
MLFLOW_MODEL_CATALOG_URI = _Text[str](
    "MLFLOW_MODEL_CATALOG_URI",
    "https://github.com/mlflow/mlflow/releases/download/model-catalog%2Flatest",
)
MLFLOW_MODEL_CATALOG_CACHE_TTL = _Integer[int]("MLFLOW_MODEL_CATALOG_CACHE_TTL", 86400)
MLFLOW_UV_AUTO_DETECT = _Switch[bool]("MLFLOW_UV_AUTO_DETECT", True)
MLFLOW_LOG_UV_FILES = _Switch[bool]("MLFLOW_LOG_UV_FILES", True)
MLFLOW_ALLOW_FILE_STORE = _Switch[bool]("MLFLOW_ALLOW_FILE_STORE", False)
MLFLOW_SKIP_PIP_REQUIREMENTS_CHECK = _Switch[bool]("MLFLOW_SKIP_PIP_REQUIREMENTS_CHECK", False)
MLFLOW_READ_REPLICA_BACKEND_STORE_URI = _Text[str | None](
    "MLFLOW_READ_REPLICA_BACKEND_STORE_URI", None
)

# Recorded as variables of options of the command line.
MLFLOW_ARTIFACTS_DESTINATION = _Text[str | None]("MLFLOW_ARTIFACTS_DESTINATION", None)
MLFLOW_BACKEND_STORE_URI = _Text[str | None]("MLFLOW_BACKEND_STORE_URI", None)
MLFLOW_REGISTRY_STORE_URI = _Text[str | None]("MLFLOW_REGISTRY_STORE_URI", None)
MLFLOW_DEFAULT_ARTIFACT_ROOT = _Text[str | None]("MLFLOW_DEFAULT_ARTIFACT_ROOT", None)
MLFLOW_SERVE_ARTIFACTS = _Switch[bool]("MLFLOW_SERVE_ARTIFACTS", True)
MLFLOW_ARTIFACTS_ONLY = _Switch[bool]("MLFLOW_ARTIFACTS_ONLY", False)
MLFLOW_HOST = _Text[str]("MLFLOW_HOST", "127.0.0.1")
MLFLOW_PORT = _Integer[int]("MLFLOW_PORT", 5000)
MLFLOW_WORKERS = _Text[str | None]("MLFLOW_WORKERS", None)
MLFLOW_STATIC_PREFIX = _Text[str | None]("MLFLOW_STATIC_PREFIX", None)
MLFLOW_GUNICORN_OPTS = _Text[str | None]("MLFLOW_GUNICORN_OPTS", None)
MLFLOW_UVICORN_OPTS = _Text[str | None]("MLFLOW_UVICORN_OPTS", None)
MLFLOW_EXPOSE_PROMETHEUS = _Text[str | None]("MLFLOW_EXPOSE_PROMETHEUS", None)
