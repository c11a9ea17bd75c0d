"""Every environment variable as one typed row: name, default, one line of doc.

The recorded names are all here, so that code which imports them works; those that have no effect
are in ``_core/variables.json``. Our own stand in a file of their own. All are names of this module.
"""

from mlflow._core.own_variables import *  # noqa: F403 - a table in three files
from mlflow._core.recorded_variables import *  # noqa: F403 - a table in three files
from mlflow._core.variables import Integer, Names, Number, Switch, Text

MLFLOW_TRACKING_URI = Text[str | None](
    "MLFLOW_TRACKING_URI", None, "Where experiments and runs are kept."
)
MLFLOW_REGISTRY_URI = Text[str | None](
    "MLFLOW_REGISTRY_URI", None, "Where registered models are kept; the tracking URI by default."
)
MLFLOW_WORKSPACE_STORE_URI = Text[str | None]("MLFLOW_WORKSPACE_STORE_URI", None)
MLFLOW_WORKSPACE = Text[str | None]("MLFLOW_WORKSPACE", None)
MLFLOW_DFS_TMP = Text[str](
    "MLFLOW_DFS_TMP",
    "/tmp/mlflow",  # noqa: S108 - the recorded default
    "Scratch folder on a distributed file system.",
)
MLFLOW_HTTP_REQUEST_MAX_RETRIES = Integer[int](
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES", 7, "How often a request to a server is tried again."
)
MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR = Integer[int](
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR",
    2,
    "Seconds before the third try of a request are twice this, then doubled each time.",
)
MLFLOW_HTTP_REQUEST_BACKOFF_JITTER = Number[float](
    "MLFLOW_HTTP_REQUEST_BACKOFF_JITTER",
    1.0,
    "Up to so many random seconds are added to each wait between tries.",
)
MLFLOW_HTTP_REQUEST_TIMEOUT = Integer[int](
    "MLFLOW_HTTP_REQUEST_TIMEOUT",
    120,
    "How many seconds a request waits for a connection, or for more of an answer.",
)
MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER = Switch[bool](
    "MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER",
    True,
    "Whether a server may say how long to wait before the next try.",
)
MLFLOW_TRACKING_AWS_SIGV4 = Switch[bool](
    "MLFLOW_TRACKING_AWS_SIGV4",
    False,
    "Not built: requests are not signed for AWS, and setting it is an error.",
)
MLFLOW_TRACKING_AUTH = Text[str | None](
    "MLFLOW_TRACKING_AUTH",
    None,
    "Name of the plugin that authenticates requests (group mlflow.request_auth_provider).",
)
MLFLOW_S3_ENDPOINT_URL = Text[str | None]("MLFLOW_S3_ENDPOINT_URL", None)
MLFLOW_S3_IGNORE_TLS = Switch[bool]("MLFLOW_S3_IGNORE_TLS", False)
MLFLOW_S3_UPLOAD_EXTRA_ARGS = Text[str | None]("MLFLOW_S3_UPLOAD_EXTRA_ARGS", None)
MLFLOW_S3_EXPECTED_BUCKET_OWNER = Text[str | None]("MLFLOW_S3_EXPECTED_BUCKET_OWNER", None)
MLFLOW_SQLALCHEMYSTORE_POOL_SIZE = Integer[int | None](
    "MLFLOW_SQLALCHEMYSTORE_POOL_SIZE", None, "Connections that the pool keeps open."
)
MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE = Integer[int | None](
    "MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE",
    None,
    "Seconds after which a pooled connection is replaced.",
)
MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW = Integer[int | None](
    "MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW", None, "Connections beyond the pool's size."
)
MLFLOW_SQLALCHEMYSTORE_ECHO = Switch[bool](
    "MLFLOW_SQLALCHEMYSTORE_ECHO", False, "Whether the engine logs its statements."
)
MLFLOW_SQLALCHEMYSTORE_POOLCLASS = Text[str | None](
    "MLFLOW_SQLALCHEMYSTORE_POOLCLASS", None, "Name of the SQLAlchemy pool class to use."
)
MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT = Integer[int]("MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT", 60)
MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT = Integer[int | None](
    "MLFLOW_ARTIFACT_UPLOAD_DOWNLOAD_TIMEOUT", None
)
MLFLOW_INPUT_EXAMPLE_INFERENCE_TIMEOUT = Integer[int](
    "MLFLOW_INPUT_EXAMPLE_INFERENCE_TIMEOUT",
    180,
    "Seconds that a prediction on the input example may take.",
)
MLFLOW_DEFAULT_PREDICTION_DEVICE = Text[str | None]("MLFLOW_DEFAULT_PREDICTION_DEVICE", None)
MLFLOW_HUGGINGFACE_USE_DEVICE_MAP = Switch[bool]("MLFLOW_HUGGINGFACE_USE_DEVICE_MAP", False)
MLFLOW_HUGGINGFACE_DEVICE_MAP_STRATEGY = Text[str]("MLFLOW_HUGGINGFACE_DEVICE_MAP_STRATEGY", "auto")
MLFLOW_HUGGINGFACE_MODEL_MAX_SHARD_SIZE = Text[str](
    "MLFLOW_HUGGINGFACE_MODEL_MAX_SHARD_SIZE", "500MB"
)
MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS = Text[str](
    "MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS",
    "--only-binary=:all:",
    "Options of `pip wheel` when the libraries of a model are added to it.",
)
MLFLOW_ENABLE_MULTIPART_UPLOAD = Switch[bool]("MLFLOW_ENABLE_MULTIPART_UPLOAD", True)
MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD = Switch[bool]("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD", False)
MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS = Integer[int](
    "MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS", 300
)
MLFLOW_TRACKING_USERNAME = Text[str | None](
    "MLFLOW_TRACKING_USERNAME", None, "User name for a tracking server."
)
MLFLOW_TRACKING_PASSWORD = Text[str | None](
    "MLFLOW_TRACKING_PASSWORD", None, "Password for a tracking server."
)
MLFLOW_TRACKING_TOKEN = Text[str | None](
    "MLFLOW_TRACKING_TOKEN", None, "Bearer token for a tracking server."
)
MLFLOW_TRACKING_INSECURE_TLS = Switch[bool](
    "MLFLOW_TRACKING_INSECURE_TLS", False, "Whether a server's certificate goes unchecked."
)
MLFLOW_TRACKING_SERVER_CERT_PATH = Text[str | None](
    "MLFLOW_TRACKING_SERVER_CERT_PATH",
    None,
    "PEM file, or directory, of the certificates that servers are trusted by.",
)
MLFLOW_TRACKING_CLIENT_CERT_PATH = Text[str | None](
    "MLFLOW_TRACKING_CLIENT_CERT_PATH",
    None,
    "PEM file of our certificate and its key, for servers that ask for one.",
)
MLFLOW_RUN_ID = Text[str | None](
    "MLFLOW_RUN_ID", None, "The run that start_run() resumes when it is given no id."
)
MLFLOW_EXPERIMENT_ID = Text[str | None](
    "MLFLOW_EXPERIMENT_ID", None, "The experiment that runs go to when none was set."
)
MLFLOW_EXPERIMENT_NAME = Text[str | None](
    "MLFLOW_EXPERIMENT_NAME", None, "The same by name; created when it does not exist."
)
MLFLOW_ENV_ROOT = Text[str](
    "MLFLOW_ENV_ROOT", "~/.mlflow/envs", "Folder of the environments that models are restored into."
)
MLFLOW_AUTOLOGGING_TESTING = Switch[bool]("MLFLOW_AUTOLOGGING_TESTING", False)
MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR = Switch[bool](
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR",
    True,
    "Whether long transfers show a progress bar on a terminal.",
)
MLFLOW_RUN_CONTEXT = Text[str | None](
    "MLFLOW_RUN_CONTEXT", None, "JSON object of tags that every new run gets."
)
MLFLOW_DOWNLOAD_CHUNK_TIMEOUT = Integer[int]("MLFLOW_DOWNLOAD_CHUNK_TIMEOUT", 300)
MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING = Switch[bool](
    "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", False, "Whether every run records the machine's load."
)
MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL = Number[float | None](
    "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL",
    None,
    "Seconds between two samples of the machine's load.",
)
MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING = Integer[int | None](
    "MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING",
    None,
    "How many samples are averaged into one point.",
)
MLFLOW_SYSTEM_METRICS_NODE_ID = Text[str | None](
    "MLFLOW_SYSTEM_METRICS_NODE_ID", None, "Names this machine within the run's system metrics."
)
MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE = Integer[int](
    "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE", 524288000
)
MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE = Integer[int]("MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE", 10485760)
MLFLOW_ALLOW_HTTP_REDIRECTS = Switch[bool](
    "MLFLOW_ALLOW_HTTP_REDIRECTS", True, "Whether redirects of a server are followed."
)
MLFLOW_ENABLE_ASYNC_LOGGING = Switch[bool](
    "MLFLOW_ENABLE_ASYNC_LOGGING",
    False,
    "Whether logging calls return before the store has acknowledged them.",
)
MLFLOW_CONFIGURE_LOGGING = Switch[bool](
    "MLFLOW_CONFIGURE_LOGGING", True, "Whether the mlflow loggers get a handler of their own."
)
MLFLOW_TRUNCATE_LONG_VALUES = Switch[bool](
    "MLFLOW_TRUNCATE_LONG_VALUES",
    True,
    "Whether over-long param and tag values are cut with a warning instead of refused.",
)
MLFLOW_DOCKER_OPENJDK_VERSION = Text[str]("MLFLOW_DOCKER_OPENJDK_VERSION", "11")
MLFLOW_VERSION_PROMPT_CACHE_TTL_SECONDS = Number[float](
    "MLFLOW_VERSION_PROMPT_CACHE_TTL_SECONDS", float("inf")
)
MLFLOW_REQUIREMENTS_INFERENCE_RAISE_ERRORS = Switch[bool](
    "MLFLOW_REQUIREMENTS_INFERENCE_RAISE_ERRORS",
    False,
    "Whether a failure to infer a model's requirements is an error instead of a warning.",
)
MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE = Text[str]("MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE", "auto")
MLFLOW_HTTP_POOL_MAXSIZE = Integer[int](
    "MLFLOW_HTTP_POOL_MAXSIZE",
    10,
    "How many connections to a server are kept open between requests.",
)
MLFLOW_HTTP_TCP_KEEPALIVE = Switch[bool](
    "MLFLOW_HTTP_TCP_KEEPALIVE",
    True,
    "Whether idle connections are probed, so that firewalls keep them.",
)
MLFLOW_HTTP_TCP_KEEPALIVE_IDLE = Integer[int](
    "MLFLOW_HTTP_TCP_KEEPALIVE_IDLE", 30, "Seconds of silence before the first probe."
)
MLFLOW_HTTP_TCP_KEEPALIVE_INTERVAL = Integer[int](
    "MLFLOW_HTTP_TCP_KEEPALIVE_INTERVAL", 10, "Seconds between probes."
)
MLFLOW_HTTP_TCP_KEEPALIVE_COUNT = Integer[int](
    "MLFLOW_HTTP_TCP_KEEPALIVE_COUNT", 3, "How many probes without an answer end a connection."
)
MLFLOW_ASYNC_LOGGING_BUFFERING_SECONDS = Integer[int | None](
    "MLFLOW_ASYNC_LOGGING_BUFFERING_SECONDS",
    None,
    "How long the background sender gathers points before it sends.",
)
MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING = Switch[bool](
    "MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING",
    True,
    "Whether a logged model names the variables it may need.",
)
MLFLOW_SERVER_CORS_ALLOWED_ORIGINS = Text[str | None]("MLFLOW_SERVER_CORS_ALLOWED_ORIGINS", None)
MLFLOW_SERVER_ALLOWED_HOSTS = Text[str | None]("MLFLOW_SERVER_ALLOWED_HOSTS", None)
MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE = Text[str](
    "MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE", "false"
)
MLFLOW_SERVER_X_FRAME_OPTIONS = Text[str]("MLFLOW_SERVER_X_FRAME_OPTIONS", "SAMEORIGIN")
MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH = Integer[int](
    "MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH",
    2048,
    "Longest accepted artifact location, in characters.",
)
MLFLOW_MYSQL_SSL_CA = Text[str | None](
    "MLFLOW_MYSQL_SSL_CA", None, "Certificate authority file for MySQL connections."
)
MLFLOW_MYSQL_SSL_CERT = Text[str | None](
    "MLFLOW_MYSQL_SSL_CERT", None, "Client certificate file for MySQL connections."
)
MLFLOW_MYSQL_SSL_KEY = Text[str | None](
    "MLFLOW_MYSQL_SSL_KEY", None, "Client key file for MySQL connections."
)
MLFLOW_ACTIVE_MODEL_ID = Text[str | None](
    "MLFLOW_ACTIVE_MODEL_ID", None, "The logged model that traces and metrics belong to."
)
MLFLOW_PRINT_MODEL_URLS_ON_CREATION = Switch[bool](
    "MLFLOW_PRINT_MODEL_URLS_ON_CREATION", True, "Whether the link to a logged model is printed."
)
MLFLOW_LOGGING_LEVEL = Text[str | None](
    "MLFLOW_LOGGING_LEVEL", None, "Level of the mlflow loggers."
)
MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT = Switch[bool](
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT",
    False,
    "Whether the link to a run is left out at its end.",
)
MLFLOW_LOCK_MODEL_DEPENDENCIES = Switch[bool](
    "MLFLOW_LOCK_MODEL_DEPENDENCIES",
    False,
    "Whether a model's requirements.txt names all that its requirements need, resolved by uv.",
)
MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX = Text[str | None](
    "MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX",
    None,
    "Server: what a regular expression must find in the source of every new model version.",
)
MLFLOW_WEBHOOK_ALLOWED_SCHEMES = Names[list[str]]("MLFLOW_WEBHOOK_ALLOWED_SCHEMES", ["https"])
MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES = Names[list[str]](
    "MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES", []
)
MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY = Text[str | None](
    "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY", None
)
MLFLOW_WEBHOOK_REQUEST_TIMEOUT = Integer[int]("MLFLOW_WEBHOOK_REQUEST_TIMEOUT", 30)
MLFLOW_WEBHOOK_DELIVERY_MAX_WORKERS = Integer[int]("MLFLOW_WEBHOOK_DELIVERY_MAX_WORKERS", 10)
MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES = Integer[int]("MLFLOW_WEBHOOK_REQUEST_MAX_RETRIES", 3)
MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS = Switch[bool]("MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS", False)
MLFLOW_TRACE_ARCHIVAL_CONFIG = Text[str | None]("MLFLOW_TRACE_ARCHIVAL_CONFIG", None)
MLFLOW_ALLOW_PICKLE_DESERIALIZATION = Switch[bool](
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION",
    True,
    "Whether formats that can run code may be loaded at all.",
)
MLFLOW_UV_AUTO_DETECT = Switch[bool](
    "MLFLOW_UV_AUTO_DETECT",
    True,
    "Whether the lock of a project of uv in the working directory says what models need.",
)
MLFLOW_LOG_UV_FILES = Switch[bool](
    "MLFLOW_LOG_UV_FILES", True, "Whether the files of that project are copied beside the model."
)
MLFLOW_READ_REPLICA_BACKEND_STORE_URI = Text[str | None](
    "MLFLOW_READ_REPLICA_BACKEND_STORE_URI", None
)

# Recorded as variables of options of the command line.
MLFLOW_ARTIFACTS_DESTINATION = Text[str | None]("MLFLOW_ARTIFACTS_DESTINATION", None)
MLFLOW_BACKEND_STORE_URI = Text[str | None]("MLFLOW_BACKEND_STORE_URI", None)
MLFLOW_REGISTRY_STORE_URI = Text[str | None]("MLFLOW_REGISTRY_STORE_URI", None)
MLFLOW_DEFAULT_ARTIFACT_ROOT = Text[str | None]("MLFLOW_DEFAULT_ARTIFACT_ROOT", None)
MLFLOW_SERVE_ARTIFACTS = Switch[bool]("MLFLOW_SERVE_ARTIFACTS", True)
MLFLOW_ARTIFACTS_ONLY = Switch[bool]("MLFLOW_ARTIFACTS_ONLY", False)
MLFLOW_HOST = Text[str]("MLFLOW_HOST", "127.0.0.1")
MLFLOW_MODELS_WORKERS = Text[str]("MLFLOW_MODELS_WORKERS", "1")
MLFLOW_PORT = Integer[int]("MLFLOW_PORT", 5000)
MLFLOW_WORKERS = Text[str | None]("MLFLOW_WORKERS", None)
MLFLOW_STATIC_PREFIX = Text[str | None]("MLFLOW_STATIC_PREFIX", None)
MLFLOW_GUNICORN_OPTS = Text[str | None]("MLFLOW_GUNICORN_OPTS", None)
MLFLOW_UVICORN_OPTS = Text[str | None]("MLFLOW_UVICORN_OPTS", None)
MLFLOW_EXPOSE_PROMETHEUS = Text[str | None]("MLFLOW_EXPOSE_PROMETHEUS", None)
