"""Settings of the client, at their documented place."""

from typing import Final

from mlflow._core.lazy import attach

_METRICS: Final = "mlflow.system_metrics"

NAMES: Final = {
    "disable_system_metrics_logging": f"{_METRICS}:disable_system_metrics_logging",
    "enable_async_logging": "mlflow.tracking.async_logging:enable_async_logging",
    "enable_system_metrics_logging": f"{_METRICS}:enable_system_metrics_logging",
    "get_registry_uri": "mlflow.tracking.stores:get_registry_uri",
    "get_tracking_uri": "mlflow.tracking.stores:get_tracking_uri",
    "is_tracking_uri_set": "mlflow.tracking.stores:is_tracking_uri_set",
    "set_registry_uri": "mlflow.tracking.stores:set_registry_uri",
    "set_system_metrics_node_id": f"{_METRICS}:set_system_metrics_node_id",
    "set_system_metrics_samples_before_logging": (
        f"{_METRICS}:set_system_metrics_samples_before_logging"
    ),
    "set_system_metrics_sampling_interval": f"{_METRICS}:set_system_metrics_sampling_interval",
    "set_tracking_uri": "mlflow.tracking.stores:set_tracking_uri",
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
