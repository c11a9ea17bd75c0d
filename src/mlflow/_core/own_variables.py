"""Our own variables, one typed row each; ``mlflow.environment_variables`` has them all."""

from mlflow._core.variables import Integer, Names, Number, Switch, Text

HEADRACE_SQLITE_SYNCHRONOUS = Text(
    "HEADRACE_SQLITE_SYNCHRONOUS",
    "FULL",
    "SQLite's durability: FULL survives a power cut, NORMAL a crash of the process only.",
)
HEADRACE_RUN_DOCUMENTS = Switch(
    "HEADRACE_RUN_DOCUMENTS",
    True,
    "Whether the uncommitted diff, the packages and the command line are kept with each run.",
)
HEADRACE_CONSOLE = Switch(
    "HEADRACE_CONSOLE", True, "Whether a run keeps what its program prints, with secrets masked."
)
HEADRACE_HEARTBEAT_SECONDS = Number[float](
    "HEADRACE_HEARTBEAT_SECONDS",
    12.0,
    "How often a program says that its active runs live; 0 for never. Silent for 60 is stale.",
)
HEADRACE_RUN_OWNERS = Text(
    "HEADRACE_RUN_OWNERS",
    "",
    "Set by Headrace for the processes that a program starts: the runs that the program ends.",
)
HEADRACE_BASIC_AUTH_FILE = Text[str | None](
    "HEADRACE_BASIC_AUTH_FILE", None, "`mlflow server --basic-auth-file`."
)
HEADRACE_METRICS_PORT = Integer[int | None](
    "HEADRACE_METRICS_PORT", None, "`mlflow server --metrics-port`."
)
HEADRACE_ACCESS_LOG = Switch(
    "HEADRACE_ACCESS_LOG", True, "Whether `mlflow server` logs each request, as a line of JSON."
)
HEADRACE_SERVER_QUEUE = Integer[int](
    "HEADRACE_SERVER_QUEUE",
    1024,
    "Most operations that wait in a server; others are told to retry.",
)
HEADRACE_SERVER_OPERATION_SECONDS = Number[float](
    "HEADRACE_SERVER_OPERATION_SECONDS", 60.0, "Most time that a server reads for one request."
)
HEADRACE_JOURNAL_DIR = Text[str | None](
    "HEADRACE_JOURNAL_DIR",
    None,
    "Folder of the journals of what is not delivered yet; one of the user's own by default.",
)
HEADRACE_JOURNAL_MAX_BYTES = Integer[int](
    "HEADRACE_JOURNAL_MAX_BYTES",
    1 << 30,
    "How much a process's journal may hold for one store; 64 MiB where it is in memory only.",
)
HEADRACE_JOURNAL_WHEN_FULL = Text(
    "HEADRACE_JOURNAL_WHEN_FULL",
    "block",
    "What a call does when the journal is full: block, drop (the oldest records), or raise.",
)
HEADRACE_ON_SERVER_FAULT = Text(
    "HEADRACE_ON_SERVER_FAULT",
    "journal",
    "What a call that logs to a run does when the store cannot be reached: journal, or raise.",
)
HEADRACE_SERVER_PATIENCE_SECONDS = Number[float](
    "HEADRACE_SERVER_PATIENCE_SECONDS",
    10.0,
    "How long a call that logs to a run tries to reach the store before it goes to the journal.",
)
HEADRACE_FLUSH_TIMEOUT_SECONDS = Number[float](
    "HEADRACE_FLUSH_TIMEOUT_SECONDS",
    60.0,
    "How long a flush, or a read that needs one, waits for a store that takes nothing.",
)
HEADRACE_RAISE_REJECTED = Switch(
    "HEADRACE_RAISE_REJECTED",
    True,
    "Whether the end of a run raises what the store refused after the call had returned.",
)
HEADRACE_OFFLINE = Text(
    "HEADRACE_OFFLINE",
    "never",
    "auto starts a run in a local directory when the server cannot be reached; never raises.",
)
HEADRACE_ASYNC_EXIT_TIMEOUT_SECONDS = Number[float](
    "HEADRACE_ASYNC_EXIT_TIMEOUT_SECONDS",
    5.0,
    "How long the exit waits for the store to take what is in the journal.",
)

HEADRACE_MAX_ARTIFACT_SIZE = Integer[int](
    "HEADRACE_MAX_ARTIFACT_SIZE",
    2**40,
    "Most bytes of a file, or of a part of one, that a server takes in one upload.",
)
HEADRACE_SERVED_ARTIFACT_LOCATIONS = Names[list[str]](
    "HEADRACE_SERVED_ARTIFACT_LOCATIONS",
    [],
    "Locations, beside its own, below which a server opens artifacts; separated by commas.",
)
HEADRACE_TRUSTED_MODEL_SOURCES = Names[list[str]](
    "HEADRACE_TRUSTED_MODEL_SOURCES",
    [],
    "URIs below which models may run code when they are loaded by URI; separated by commas.",
)
HEADRACE_MODEL_CACHE_DIR = Text[str | None](
    "HEADRACE_MODEL_CACHE_DIR",
    None,
    "Folder of downloaded models, kept by their digests; one of the user's own by default.",
)
HEADRACE_MODEL_CACHE_BYTES = Integer[int](
    "HEADRACE_MODEL_CACHE_BYTES",
    10 << 30,
    "How much the downloaded models that no process uses may hold; 0 keeps none.",
)
HEADRACE_MODEL_SIGNING_KEY = Text[str | None](
    "HEADRACE_MODEL_SIGNING_KEY",
    None,
    "File of the private key (elliptic curve, PEM) that signs models when they are logged; or"
    " `sigstore`.",
)
HEADRACE_MODEL_SIGNING_PASSWORD = Text[str | None](
    "HEADRACE_MODEL_SIGNING_PASSWORD", None, "The password of that file."
)
HEADRACE_MODEL_VERIFY_KEY = Text[str | None](
    "HEADRACE_MODEL_VERIFY_KEY",
    None,
    "File of the public key that must have signed every model that is loaded.",
)
HEADRACE_MODEL_VERIFY_IDENTITY = Text[str | None](
    "HEADRACE_MODEL_VERIFY_IDENTITY",
    None,
    "The identity and its issuer, with a blank between, that Sigstore must have seen sign it.",
)
