"""What each operation of the model registry does: message → store method → message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mlflow._wire import messages as m
from mlflow._wire import own_registry_messages as own
from mlflow._wire import registry_messages as r
from mlflow._wire.entities import items_of
from mlflow._wire.registry_entities import model_message, version_message
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.entities.model_registry.model_version import ModelVersion
    from mlflow.entities.model_registry.registered_model import RegisteredModel
    from mlflow.store.model_registry.abstract_store import AbstractStore


def _model(found: RegisteredModel) -> m.Message:
    return r.RegisteredModelResponse(registered_model=model_message(found))


def _version(found: ModelVersion) -> m.Message:
    return r.ModelVersionResponse(model_version=version_message(found))


def _of(ask: r.OfModelVersion) -> tuple[str, str]:
    return ask.name or "", ask.version or ""


def _search(ask: r.SearchRegistry) -> tuple[Any, ...]:
    return ask.filter or None, ask.max_results, ask.order_by or None, ask.page_token or None


# Registered models


def _create_registered_model(store: AbstractStore, ask: r.CreateRegisteredModel) -> m.Message:
    tags = items_of(RegisteredModelTag, ask.tags)
    return _model(store.create_registered_model(ask.name or "", tags, ask.description))


def _rename_registered_model(store: AbstractStore, ask: r.RenameRegisteredModel) -> m.Message:
    return _model(store.rename_registered_model(ask.name or "", ask.new_name or ""))


def _update_registered_model(store: AbstractStore, ask: r.UpdateRegisteredModel) -> m.Message:
    return _model(store.update_registered_model(ask.name or "", ask.description))


def _delete_registered_model(store: AbstractStore, ask: r.DeleteRegisteredModel) -> None:
    store.delete_registered_model(ask.name or "")


def _get_registered_model(store: AbstractStore, ask: r.GetRegisteredModel) -> m.Message:
    return _model(store.get_registered_model(ask.name or ""))


def _search_registered_models(store: AbstractStore, ask: r.SearchRegisteredModels) -> m.Message:
    page = store.search_registered_models(*_search(ask))
    return r.SearchRegisteredModelsResponse(
        registered_models=[model_message(one) for one in page], next_page_token=page.token or None
    )


def _get_latest_versions(store: AbstractStore, ask: r.GetLatestVersions) -> m.Message:
    found = store.get_latest_versions(ask.name or "", ask.stages or None)
    return r.ModelVersionsResponse(model_versions=[version_message(one) for one in found])


def _set_registered_model_tag(store: AbstractStore, ask: r.SetRegisteredModelTag) -> None:
    tag = RegisteredModelTag(ask.key or "", ask.value or "")
    store.set_registered_model_tag(ask.name or "", tag)


def _delete_registered_model_tag(store: AbstractStore, ask: r.DeleteRegisteredModelTag) -> None:
    store.delete_registered_model_tag(ask.name or "", ask.key or "")


# Versions


def _create_model_version(store: AbstractStore, ask: r.CreateModelVersion) -> m.Message:
    made = store.create_model_version(
        ask.name or "",
        ask.source or "",
        ask.run_id or "",
        items_of(ModelVersionTag, ask.tags),
        ask.run_link or "",
        ask.description or "",
        model_id=ask.model_id or None,
    )
    return _version(made)


def _update_model_version(store: AbstractStore, ask: r.UpdateModelVersion) -> m.Message:
    return _version(store.update_model_version(*_of(ask), ask.description))


def _transition_model_version_stage(
    store: AbstractStore, ask: r.TransitionModelVersionStage
) -> m.Message:
    archive = bool(ask.archive_existing_versions)
    return _version(store.transition_model_version_stage(*_of(ask), ask.stage or "", archive))


def _delete_model_version(store: AbstractStore, ask: r.DeleteModelVersion) -> None:
    store.delete_model_version(*_of(ask))


def _get_model_version(store: AbstractStore, ask: r.GetModelVersion) -> m.Message:
    return _version(store.get_model_version(*_of(ask)))


def _search_model_versions(store: AbstractStore, ask: r.SearchModelVersions) -> m.Message:
    page = store.search_model_versions(*_search(ask))
    return r.ModelVersionsResponse(
        model_versions=[version_message(one) for one in page], next_page_token=page.token or None
    )


def _get_model_version_download_uri(
    store: AbstractStore, ask: r.GetModelVersionDownloadUri
) -> m.Message:
    return r.DownloadUriResponse(artifact_uri=store.get_model_version_download_uri(*_of(ask)))


def _set_model_version_tag(store: AbstractStore, ask: r.SetModelVersionTag) -> None:
    store.set_model_version_tag(*_of(ask), ModelVersionTag(ask.key or "", ask.value or ""))


def _delete_model_version_tag(store: AbstractStore, ask: r.DeleteModelVersionTag) -> None:
    store.delete_model_version_tag(*_of(ask), ask.key or "")


def _get_model_version_evidence(
    store: AbstractStore, ask: own.GetModelVersionEvidence
) -> m.Message:
    found = store.get_model_version_evidence(*_of(ask))
    return own.ModelVersionEvidenceResponse(
        run_id=found.run_id,
        storage_location=found.storage_location,
        model_id=found.model_id,
        digest=found.digest,
        digest_status=found.digest_status.value,
        fault=found.fault,
    )


# Aliases


def _set_registered_model_alias(store: AbstractStore, ask: r.SetRegisteredModelAlias) -> None:
    store.set_registered_model_alias(ask.name or "", ask.alias or "", ask.version or "")


def _delete_registered_model_alias(store: AbstractStore, ask: r.DeleteRegisteredModelAlias) -> None:
    store.delete_registered_model_alias(ask.name or "", ask.alias or "")


def _get_model_version_by_alias(store: AbstractStore, ask: r.GetModelVersionByAlias) -> m.Message:
    return _version(store.get_model_version_by_alias(ask.name or "", ask.alias or ""))


def _get_model_version_by_alias_at(
    store: AbstractStore, ask: own.GetModelVersionByAliasAt
) -> m.Message:
    time_ms = ask.time_ms or 0
    return _version(store.get_model_version_by_alias_at(ask.name or "", ask.alias or "", time_ms))


def _get_registered_model_history(
    store: AbstractStore, ask: own.GetRegisteredModelHistory
) -> m.Message:
    page = store.get_registered_model_history(
        ask.name or "", ask.alias or None, ask.max_results, ask.page_token or None
    )
    moves = [
        own.RegistryMove(
            time_ms=one.time_ms,
            user_id=one.user_id,
            alias=one.alias,
            version=one.version,
            stage=one.stage,
        )
        for one in page
    ]
    return own.RegistryMovesResponse(moves=moves, next_page_token=page.token or None)


REGISTRY_HANDLERS: Final[dict[str, Callable[[Any, Any], m.Message | None]]] = {
    handler.__name__.removeprefix("_"): handler
    for handler in (
        _create_registered_model,
        _rename_registered_model,
        _update_registered_model,
        _delete_registered_model,
        _get_registered_model,
        _search_registered_models,
        _get_latest_versions,
        _set_registered_model_tag,
        _delete_registered_model_tag,
        _create_model_version,
        _update_model_version,
        _transition_model_version_stage,
        _delete_model_version,
        _get_model_version,
        _search_model_versions,
        _get_model_version_download_uri,
        _set_model_version_tag,
        _delete_model_version_tag,
        _get_model_version_evidence,
        _set_registered_model_alias,
        _delete_registered_model_alias,
        _get_model_version_by_alias,
        _get_model_version_by_alias_at,
        _get_registered_model_history,
    )
}
