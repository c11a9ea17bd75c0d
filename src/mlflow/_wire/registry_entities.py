"""Registered models and their versions to messages and back."""

from collections.abc import Mapping
from typing import Final

from mlflow._wire import registry_messages as r
from mlflow._wire.entities import items_of, pairs
from mlflow.entities.model_registry.model_version import ModelVersion
from mlflow.entities.model_registry.model_version_status import READY, ModelVersionStatus
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.entities.model_registry.registered_model import RegisteredModel
from mlflow.entities.model_registry.registered_model_alias import RegisteredModelAlias
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag

_STATUSES: Final[Mapping[int, str]] = {
    number: ModelVersionStatus.to_string(number) for number in ModelVersionStatus.all_status()
}


def version_message(version: ModelVersion) -> r.ModelVersion:
    """Return a version."""
    return r.ModelVersion(
        name=version.name,
        version=str(version.version),
        creation_timestamp=version.creation_timestamp,
        last_updated_timestamp=version.last_updated_timestamp,
        user_id=version.user_id,
        current_stage=version.current_stage,
        description=version.description,
        source=version.source,
        run_id=version.run_id,
        status=version.status,
        status_message=version.status_message,
        tags=pairs(version.tags),
        run_link=version.run_link,
        aliases=version.aliases,
        model_id=version.model_id,
    )


def version_of(message: r.ModelVersion | None) -> ModelVersion:
    """Return the version that a message holds; its number stays text, as it came."""
    one = message or r.ModelVersion()
    status = one.status if isinstance(one.status, str) else _STATUSES.get(one.status or 0)
    return ModelVersion(
        one.name or "",
        one.version or "",
        one.creation_timestamp or 0,
        one.last_updated_timestamp,
        one.description,
        one.user_id,
        one.current_stage,
        one.source,
        one.run_id,
        status or READY,
        one.status_message,
        items_of(ModelVersionTag, one.tags),
        one.run_link,
        one.aliases,
        one.model_id,
    )


def model_message(model: RegisteredModel) -> r.RegisteredModel:
    """Return a registered model."""
    return r.RegisteredModel(
        name=model.name,
        creation_timestamp=model.creation_timestamp,
        last_updated_timestamp=model.last_updated_timestamp,
        description=model.description or None,  # as it is recorded, unlike that of a version
        latest_versions=[version_message(one) for one in model.latest_versions],
        tags=pairs(model.tags),
        aliases=[
            r.RegisteredModelAlias(alias=alias, version=str(version))
            for alias, version in model.aliases.items()
        ],
    )


def model_of(message: r.RegisteredModel | None) -> RegisteredModel:
    """Return the registered model that a message holds."""
    one = message or r.RegisteredModel()
    return RegisteredModel(
        one.name or "",
        one.creation_timestamp,
        one.last_updated_timestamp,
        one.description,
        [version_of(version) for version in one.latest_versions],
        items_of(RegisteredModelTag, one.tags),
        [RegisteredModelAlias(each.alias or "", each.version or "") for each in one.aliases],
        one.deployment_job_id,
    )
