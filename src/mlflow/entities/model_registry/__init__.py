"""The values of the model registry: lazy names, one small file for each entity."""

from typing import Final

from mlflow._core.lazy import UNBUILT, attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.entities.model_registry.catalog_search": "ModelVersionSearch RegisteredModelSearch",
        "mlflow.entities.model_registry.deployment_jobs": """
            ModelVersionDeploymentJobState RegisteredModelDeploymentJobState
        """,
        "mlflow.entities.model_registry.model_version": "ModelVersion",
        "mlflow.entities.model_registry.model_version_tag": "ModelVersionTag",
        "mlflow.entities.model_registry.registered_model": "RegisteredModel",
        "mlflow.entities.model_registry.registered_model_alias": "RegisteredModelAlias",
        "mlflow.entities.model_registry.registered_model_tag": "RegisteredModelTag",
        UNBUILT: "Prompt PromptModelConfig PromptVersion",
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
