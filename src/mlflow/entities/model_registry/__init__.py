"""The values of the model registry: lazy names, one small file for each entity."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach

_HERE: Final = "mlflow.entities.model_registry."

NAMES: Final = {
    "ModelVersion": f"{_HERE}model_version:ModelVersion",
    "ModelVersionDeploymentJobState": f"{_HERE}deployment_jobs:ModelVersionDeploymentJobState",
    "ModelVersionSearch": f"{_HERE}catalog_search:ModelVersionSearch",
    "ModelVersionTag": f"{_HERE}model_version_tag:ModelVersionTag",
    "Prompt": UNBUILT,
    "PromptModelConfig": UNBUILT,
    "PromptVersion": UNBUILT,
    "RegisteredModel": f"{_HERE}registered_model:RegisteredModel",
    "RegisteredModelAlias": f"{_HERE}registered_model_alias:RegisteredModelAlias",
    "RegisteredModelDeploymentJobState": (
        f"{_HERE}deployment_jobs:RegisteredModelDeploymentJobState"
    ),
    "RegisteredModelSearch": f"{_HERE}catalog_search:RegisteredModelSearch",
    "RegisteredModelTag": f"{_HERE}registered_model_tag:RegisteredModelTag",
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
