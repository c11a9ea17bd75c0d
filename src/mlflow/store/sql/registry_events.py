"""What webhooks are told of the model registry: for each event, the fields that are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow.entities.webhook import WebhookAction, WebhookEntity, WebhookEvent

if TYPE_CHECKING:
    from mlflow.entities.model_registry.model_version import ModelVersion
    from mlflow.entities.model_registry.registered_model import RegisteredModel

Told = tuple[WebhookEvent, dict[str, Any]]


def model_created(model: RegisteredModel) -> Told:
    """Return the event of a new registered model."""
    data = {"name": model.name, "tags": dict(model.tags), "description": model.description}
    return WebhookEvent(WebhookEntity.REGISTERED_MODEL, WebhookAction.CREATED), data


def version_created(version: ModelVersion) -> Told:
    """Return the event of a new version."""
    data = {
        "name": version.name,
        "version": str(version.version),
        "source": version.source,
        "run_id": version.run_id or None,
        "tags": dict(version.tags),
        "description": version.description,
    }
    return WebhookEvent(WebhookEntity.MODEL_VERSION, WebhookAction.CREATED), data


def tag_set(name: str, version: Any, key: str, value: str) -> Told:
    """Return the event of a version's tag."""
    data = {"name": name, "version": str(version), "key": key, "value": value}
    return WebhookEvent(WebhookEntity.MODEL_VERSION_TAG, WebhookAction.SET), data


def tag_deleted(name: str, version: Any, key: str) -> Told:
    """Return the event of a version's tag that is gone."""
    data = {"name": name, "version": str(version), "key": key}
    return WebhookEvent(WebhookEntity.MODEL_VERSION_TAG, WebhookAction.DELETED), data


def alias_created(name: str, alias: str, version: Any) -> Told:
    """Return the event of an alias that names a version."""
    data = {"name": name, "alias": alias, "version": str(version)}
    return WebhookEvent(WebhookEntity.MODEL_VERSION_ALIAS, WebhookAction.CREATED), data


def alias_deleted(name: str, alias: str) -> Told:
    """Return the event of an alias that is gone."""
    data = {"name": name, "alias": alias}
    return WebhookEvent(WebhookEntity.MODEL_VERSION_ALIAS, WebhookAction.DELETED), data


def example(event: WebhookEvent) -> dict[str, Any]:
    """Return what a trial tells a webhook of an event.

    Args:
        event: The event.
    """
    named: dict[str, Any] = {"name": "example_model"}
    tag = {"key": "example_key", "value": "example_value"}
    about: dict[str, Any] = {"tags": {tag["key"]: tag["value"]}, "description": "An example"}
    examples: dict[str, dict[str, Any]] = {
        "registered_model": {**named, **about},
        "model_version": {**named, "version": "1", "source": "models:/1", "run_id": None, **about},
        "model_version_tag": {**named, "version": "1", **tag},
        "model_version_alias": {**named, "alias": "example_alias", "version": "1"},
    }
    data: dict[str, Any] = examples.get(event.entity.value, {**named, **about})
    if event.action is WebhookAction.DELETED:
        data = {key: value for key, value in data.items() if key != "value"}
        if event.entity is WebhookEntity.MODEL_VERSION_ALIAS:
            data.pop("version")
    return data
