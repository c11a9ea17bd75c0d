"""Old import paths that programs in use rely on, and where each thing lives now.

A text maps a whole module; a table maps single names (``"module:attribute"``) of a path whose
other names are absent. A path goes in when a public program needs it and its target exists.
"""

from collections.abc import Mapping
from typing import Final

_LIMITS: Final = "mlflow._core.limits"

ALIASES: Final[Mapping[str, str | Mapping[str, str]]] = {
    "mlflow.entities._mlflow_object": {"_MlflowObject": "mlflow.entities._entity:Entity"},
    "mlflow.protos.databricks_pb2": "mlflow.exceptions",
    "mlflow.utils.mlflow_tags": "mlflow._core.tags",
    "mlflow.utils.name_utils": {
        "_generate_random_name": "mlflow._core.names:random_run_name",
    },
    "mlflow.utils.time": {"get_current_time_millis": "mlflow._core.clock:now_ms"},
    "mlflow.utils.uri": {
        "append_to_uri_path": "mlflow._core.uri:join_uri",
        "get_uri_scheme": "mlflow._core.uri:scheme_of",
        "is_local_uri": "mlflow._core.uri:is_local_uri",
    },
    "mlflow.utils.validation": "mlflow._core.limits",
}
