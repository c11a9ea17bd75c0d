"""Where registered models are kept: one contract, a store in a database, one behind a server."""

from typing import Final

DEFAULT_LOCAL_FILE_AND_ARTIFACT_PATH: Final = "./mlruns"
SEARCH_REGISTERED_MODEL_MAX_RESULTS_DEFAULT: Final = 100
SEARCH_REGISTERED_MODEL_MAX_RESULTS_THRESHOLD: Final = 1_000
SEARCH_MODEL_VERSION_MAX_RESULTS_DEFAULT: Final = 10_000
SEARCH_MODEL_VERSION_MAX_RESULTS_THRESHOLD: Final = 200_000
