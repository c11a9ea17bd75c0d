"""Which version of a registered model a ``models:`` URI names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from mlflow._core.model_uris import ModelUri
    from mlflow.entities.model_registry.model_version import ModelVersion
    from mlflow.store.model_registry.abstract_store import AbstractStore


def version_named(registry: AbstractStore, named: ModelUri) -> ModelVersion:
    """Return the version that a URI names: by its number, an alias, or the newest in a stage.

    Raises:
        MlflowException: there is none.
    """
    name = str(named.name)
    if named.version is not None:
        return registry.get_model_version(name, named.version)
    if named.alias is not None:
        return registry.get_model_version_by_alias(name, named.alias)
    found = registry.get_latest_versions(name, [str(named.stage)])
    if not found:
        raise MlflowException(
            f"No versions of model with name '{name}' and stage '{named.stage}' found"
        )
    return found[0]


def version_is_fixed(uri: str) -> MlflowException:
    """Return the error for a change of a version's files."""
    return MlflowException.invalid_parameter_value(
        f"{uri!r} is a version of a registered model, whose files do not change: log a model, and"
        " register it as the next version."
    )
