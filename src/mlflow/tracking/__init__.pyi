# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.tracking import artifact_locations as artifact_locations
from mlflow.tracking import client as client
from mlflow.tracking import context as context
from mlflow.tracking import fluent as fluent
from mlflow.tracking import multimedia as multimedia
from mlflow.tracking.client import MlflowClient as MlflowClient
from mlflow.tracking.client import _get_artifact_repo as _get_artifact_repo
from mlflow.tracking.stores import _get_store as _get_store
from mlflow.tracking.stores import get_registry_uri as get_registry_uri
from mlflow.tracking.stores import get_tracking_uri as get_tracking_uri
from mlflow.tracking.stores import is_tracking_uri_set as is_tracking_uri_set
from mlflow.tracking.stores import set_registry_uri as set_registry_uri
from mlflow.tracking.stores import set_tracking_uri as set_tracking_uri

NAMES: Final[dict[str, str]]
__all__ = [
    'MlflowClient',
    '_get_artifact_repo',
    '_get_store',
    'artifact_locations',
    'client',
    'context',
    'fluent',
    'get_registry_uri',
    'get_tracking_uri',
    'is_tracking_uri_set',
    'multimedia',
    'set_registry_uri',
    'set_tracking_uri',
]
