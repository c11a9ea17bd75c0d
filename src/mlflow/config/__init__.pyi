# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.system_metrics import disable_system_metrics_logging as disable_system_metrics_logging
from mlflow.system_metrics import enable_system_metrics_logging as enable_system_metrics_logging
from mlflow.system_metrics import set_system_metrics_node_id as set_system_metrics_node_id
from mlflow.system_metrics import set_system_metrics_samples_before_logging as set_system_metrics_samples_before_logging
from mlflow.system_metrics import set_system_metrics_sampling_interval as set_system_metrics_sampling_interval
from mlflow.tracking.async_logging import enable_async_logging as enable_async_logging
from mlflow.tracking.stores import get_registry_uri as get_registry_uri
from mlflow.tracking.stores import get_tracking_uri as get_tracking_uri
from mlflow.tracking.stores import is_tracking_uri_set as is_tracking_uri_set
from mlflow.tracking.stores import set_registry_uri as set_registry_uri
from mlflow.tracking.stores import set_tracking_uri as set_tracking_uri

NAMES: Final[dict[str, str]]
__all__ = [
    'disable_system_metrics_logging',
    'enable_async_logging',
    'enable_system_metrics_logging',
    'get_registry_uri',
    'get_tracking_uri',
    'is_tracking_uri_set',
    'set_registry_uri',
    'set_system_metrics_node_id',
    'set_system_metrics_samples_before_logging',
    'set_system_metrics_sampling_interval',
    'set_tracking_uri',
]
