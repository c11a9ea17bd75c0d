# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.system_metrics.settings import disable_system_metrics_logging as disable_system_metrics_logging
from mlflow.system_metrics.settings import enable_system_metrics_logging as enable_system_metrics_logging
from mlflow.system_metrics.settings import set_system_metrics_node_id as set_system_metrics_node_id
from mlflow.system_metrics.settings import set_system_metrics_samples_before_logging as set_system_metrics_samples_before_logging
from mlflow.system_metrics.settings import set_system_metrics_sampling_interval as set_system_metrics_sampling_interval

NAMES: Final[dict[str, str]]
__all__ = [
    'disable_system_metrics_logging',
    'enable_system_metrics_logging',
    'set_system_metrics_node_id',
    'set_system_metrics_samples_before_logging',
    'set_system_metrics_sampling_interval',
]
