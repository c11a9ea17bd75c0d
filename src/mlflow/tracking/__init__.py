"""The client side of tracking: lazy names, one module for each subject."""

from typing import Final

from mlflow._core.lazy import attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.tracking.": "artifact_locations client context fluent multimedia",
        "mlflow.tracking.client": "MlflowClient _get_artifact_repo",
        "mlflow.tracking.stores": """
            _get_store get_registry_uri get_tracking_uri is_tracking_uri_set set_registry_uri
            set_tracking_uri
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
