"""Settings of the client, at their documented place."""

from typing import Final

from mlflow._core.lazy import attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.system_metrics": """
            disable_system_metrics_logging enable_system_metrics_logging set_system_metrics_node_id
            set_system_metrics_samples_before_logging set_system_metrics_sampling_interval
        """,
        "mlflow.tracking.async_logging": "enable_async_logging",
        "mlflow.tracking.stores": """
            get_registry_uri get_tracking_uri is_tracking_uri_set set_registry_uri set_tracking_uri
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
