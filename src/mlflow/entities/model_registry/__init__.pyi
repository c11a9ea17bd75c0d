# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.entities.model_registry.catalog_search import ModelVersionSearch as ModelVersionSearch
from mlflow.entities.model_registry.catalog_search import RegisteredModelSearch as RegisteredModelSearch
from mlflow.entities.model_registry.deployment_jobs import ModelVersionDeploymentJobState as ModelVersionDeploymentJobState
from mlflow.entities.model_registry.deployment_jobs import RegisteredModelDeploymentJobState as RegisteredModelDeploymentJobState
from mlflow.entities.model_registry.model_version import ModelVersion as ModelVersion
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag as ModelVersionTag
from mlflow.entities.model_registry.registered_model import RegisteredModel as RegisteredModel
from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias as RegisteredModelAlias
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag as RegisteredModelTag

NAMES: Final[dict[str, str]]
__all__ = [
    'ModelVersion',
    'ModelVersionDeploymentJobState',
    'ModelVersionSearch',
    'ModelVersionTag',
    'Prompt',
    'PromptModelConfig',
    'PromptVersion',
    'RegisteredModel',
    'RegisteredModelAlias',
    'RegisteredModelDeploymentJobState',
    'RegisteredModelSearch',
    'RegisteredModelTag',
]

class Prompt:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...

class PromptModelConfig:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...

class PromptVersion:
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...
