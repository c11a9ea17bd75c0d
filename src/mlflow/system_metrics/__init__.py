"""The load of the machine while a run is active: processor, memory, disk, network, GPUs."""

from typing import Final

from mlflow._core.lazy import attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.system_metrics.settings": """
            disable_system_metrics_logging enable_system_metrics_logging set_system_metrics_node_id
            set_system_metrics_samples_before_logging set_system_metrics_sampling_interval
        """,
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
