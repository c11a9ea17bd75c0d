"""The client side of tracking: lazy names, one module for each subject."""

from typing import Final

from mlflow._core.lazy import attach

NAMES: Final = {
    "MlflowClient": "mlflow.tracking.client:MlflowClient",
    "_get_artifact_repo": "mlflow.tracking.client:_get_artifact_repo",
    "_get_store": "mlflow.tracking.stores:_get_store",
    "artifact_locations": "mlflow.tracking.artifact_locations:",
    "client": "mlflow.tracking.client:",
    "context": "mlflow.tracking.context:",
    "fluent": "mlflow.tracking.fluent:",
    "get_registry_uri": "mlflow.tracking.stores:get_registry_uri",
    "get_tracking_uri": "mlflow.tracking.stores:get_tracking_uri",
    "is_tracking_uri_set": "mlflow.tracking.stores:is_tracking_uri_set",
    "multimedia": "mlflow.tracking.multimedia:",
    "set_registry_uri": "mlflow.tracking.stores:set_registry_uri",
    "set_tracking_uri": "mlflow.tracking.stores:set_tracking_uri",
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
