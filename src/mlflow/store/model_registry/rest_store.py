"""The model registry behind a server: each method is one call of an operation.

Any server of the recorded interface will do; what only a Headrace has (history, evidence) is asked
of one. Creating is exactly once there; elsewhere it is tried once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote

from mlflow._core.acting import acting_user
from mlflow._core.ids import new_uuid
from mlflow._wire import messages as m
from mlflow._wire import own_registry_messages as own
from mlflow._wire import registry_messages as r
from mlflow._wire.entities import items
from mlflow._wire.headers import USER
from mlflow._wire.registry_entities import model_of, version_of
from mlflow.exceptions import NOT_IMPLEMENTED, MlflowException
from mlflow.store.entities.paged_list import PagedList
from mlflow.store.entities.registry_move import RegistryMove
from mlflow.store.entities.request_key import IdempotencyKey
from mlflow.store.entities.version_evidence import DigestStatus, VersionEvidence
from mlflow.store.model_registry.abstract_store import AbstractStore
from mlflow.store.model_registry.webhook_stores import RestWebhooks
from mlflow.store.tracking.rest_client import RestClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.entities.model_registry.model_version import ModelVersion
    from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
    from mlflow.entities.model_registry.registered_model import RegisteredModel
    from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag
    from mlflow.store.entities.request_key import RequestKey

M = TypeVar("M", bound=m.Message)


class RestStore(RestWebhooks, AbstractStore):
    """A model registry behind a server; safe for threads and for children of ``fork``."""

    def __init__(self, store_uri: str, tracking_uri: str | None = None) -> None:
        """Prepare for calls; connects to nothing.

        Args:
            store_uri: The server's ``http`` or ``https`` URI.
            tracking_uri: The tracking store beside it; the server asks its own.
        """
        super().__init__(store_uri, tracking_uri)
        self._client: Final = RestClient(store_uri)

    def close(self) -> None:
        """Close the connections that wait for a request; the next request opens one again."""
        self._client.session.close()

    def once(self, key: RequestKey, call: Callable[[], bytes]) -> bytes:
        """Run a call that makes one writing request, unless it was run before.

        Servers other than ours know no keys: there the call is run at least once.
        """
        if not self._client.is_ours():
            return call()
        with self._client.keyed(key):
            return call()

    def _call(self, name: str, request: m.Message, response: type[M]) -> M:
        user = acting_user()
        headers = {USER: quote(user)} if user else None
        return self._client.call(name, request, response, headers=headers)

    def _create(self, name: str, request: m.Message, response: type[M]) -> M:
        if not self._client.is_ours():
            return self._client.call(name, request, response, is_repeatable=False)
        if self._client.has_key():
            return self._call(name, request, response)
        with self._client.keyed(IdempotencyKey(new_uuid())):
            return self._call(name, request, response)

    def _model(self, name: str, request: m.Message) -> RegisteredModel:
        return model_of(self._call(name, request, r.RegisteredModelResponse).registered_model)

    def _version(self, name: str, request: m.Message) -> ModelVersion:
        return version_of(self._call(name, request, r.ModelVersionResponse).model_version)

    # Registered models

    def create_registered_model(
        self,
        name: str,
        tags: list[RegisteredModelTag] | None = None,
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> RegisteredModel:
        """Create a registered model; a taken name is an error."""
        request = r.CreateRegisteredModel(
            name=name,
            tags=items(tags or ()),
            description=description,
            deployment_job_id=deployment_job_id,
        )
        made = self._create("create_registered_model", request, r.RegisteredModelResponse)
        return model_of(made.registered_model)

    def update_registered_model(
        self, name: str, description: str | None, deployment_job_id: str | None = None
    ) -> RegisteredModel:
        """Set the description of a registered model; None removes it."""
        request = r.UpdateRegisteredModel(
            name=name, description=description, deployment_job_id=deployment_job_id
        )
        return self._model("update_registered_model", request)

    def rename_registered_model(self, name: str, new_name: str) -> RegisteredModel:
        """Give a registered model another name."""
        request = r.RenameRegisteredModel(name=name, new_name=new_name)
        return self._model("rename_registered_model", request)

    def delete_registered_model(self, name: str) -> None:
        """Remove a registered model with its versions and history."""
        self._call("delete_registered_model", r.DeleteRegisteredModel(name=name), m.Empty)

    def get_registered_model(self, name: str) -> RegisteredModel:
        """Return a registered model with the newest version of each stage."""
        return self._model("get_registered_model", r.GetRegisteredModel(name=name))

    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[RegisteredModel]:
        """Return a page of the registered models that a filter selects."""
        request = r.SearchRegisteredModels(
            filter=filter_string,
            max_results=max_results,
            order_by=order_by or [],
            page_token=page_token,
        )
        response = r.SearchRegisteredModelsResponse
        page = self._call("search_registered_models", request, response)
        return PagedList([model_of(one) for one in page.registered_models], page.next_page_token)

    def get_latest_versions(self, name: str, stages: list[str] | None = None) -> list[ModelVersion]:
        """Return the newest version of each of these stages, of every stage by default."""
        request = r.GetLatestVersions(name=name, stages=list(stages or ()))
        found = self._call("get_latest_versions", request, r.ModelVersionsResponse)
        return [version_of(one) for one in found.model_versions]

    def set_registered_model_tag(self, name: str, tag: RegisteredModelTag) -> None:
        """Set a tag of a registered model."""
        request = r.SetRegisteredModelTag(name=name, key=tag.key, value=str(tag.value))
        self._call("set_registered_model_tag", request, m.Empty)

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Remove a tag of a registered model; a missing one is none already."""
        request = r.DeleteRegisteredModelTag(name=name, key=key)
        self._call("delete_registered_model_tag", request, m.Empty)

    # Versions

    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: list[ModelVersionTag] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        local_model_path: str | None = None,
        model_id: str | None = None,
    ) -> ModelVersion:
        """Create the next version of a registered model."""
        del local_model_path  # of stores that upload
        request = r.CreateModelVersion(
            name=name,
            source=source,
            run_id=run_id,
            tags=[m.KeyValue(key=tag.key, value=str(tag.value)) for tag in tags or ()],
            run_link=run_link,
            description=description,
            model_id=model_id,
        )
        made = self._create("create_model_version", request, r.ModelVersionResponse)
        return version_of(made.model_version)

    def update_model_version(
        self, name: str, version: str | int, description: str | None
    ) -> ModelVersion:
        """Set the description of a version; None removes it."""
        request = r.UpdateModelVersion(name=name, version=_text(version), description=description)
        return self._version("update_model_version", request)

    def transition_model_version_stage(
        self, name: str, version: str | int, stage: str, archive_existing_versions: bool
    ) -> ModelVersion:
        """Move a version to a stage, and archive those that are there if asked to."""
        request = r.TransitionModelVersionStage(
            name=name,
            version=_text(version),
            stage=stage,
            archive_existing_versions=archive_existing_versions,
        )
        return self._version("transition_model_version_stage", request)

    def delete_model_version(self, name: str, version: str | int) -> None:
        """Remove a version, and the aliases that name it."""
        request = r.DeleteModelVersion(name=name, version=_text(version))
        self._call("delete_model_version", request, m.Empty)

    def get_model_version(self, name: str, version: str | int) -> ModelVersion:
        """Return a version."""
        request = r.GetModelVersion(name=name, version=_text(version))
        return self._version("get_model_version", request)

    def get_model_version_download_uri(self, name: str, version: str | int) -> str:
        """Return where a version's files are; of one that is not READY none is given out."""
        request = r.GetModelVersionDownloadUri(name=name, version=_text(version))
        found = self._call("get_model_version_download_uri", request, r.DownloadUriResponse)
        return found.artifact_uri or ""

    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[ModelVersion]:
        """Return a page of the versions that a filter selects."""
        request = r.SearchModelVersions(
            filter=filter_string,
            max_results=max_results,
            order_by=order_by or [],
            page_token=page_token,
        )
        page = self._call("search_model_versions", request, r.ModelVersionsResponse)
        return PagedList([version_of(one) for one in page.model_versions], page.next_page_token)

    def set_model_version_tag(self, name: str, version: str | int, tag: ModelVersionTag) -> None:
        """Set a tag of a version."""
        request = r.SetModelVersionTag(
            name=name, version=_text(version), key=tag.key, value=str(tag.value)
        )
        self._call("set_model_version_tag", request, m.Empty)

    def delete_model_version_tag(self, name: str, version: str | int, key: str) -> None:
        """Remove a tag of a version; a missing one is none already."""
        request = r.DeleteModelVersionTag(name=name, version=_text(version), key=key)
        self._call("delete_model_version_tag", request, m.Empty)

    def get_model_version_evidence(self, name: str, version: str | int) -> VersionEvidence:
        """Return what is known of a version's files; another server knows no digests."""
        if not self._client.is_ours():
            found = self.get_model_version(name, version)
            return VersionEvidence(found.run_id, model_id=found.model_id)
        request = own.GetModelVersionEvidence(name=name, version=_text(version))
        response = own.ModelVersionEvidenceResponse
        one = self._call("get_model_version_evidence", request, response)
        return VersionEvidence(
            one.run_id,
            one.storage_location,
            one.model_id,
            one.digest,
            DigestStatus(one.digest_status or DigestStatus.UNKNOWN),
            one.fault,
        )

    # Aliases

    def set_registered_model_alias(self, name: str, alias: str, version: str | int) -> None:
        """Let an alias name a version, whatever it named before."""
        request = r.SetRegisteredModelAlias(name=name, alias=alias, version=_text(version))
        self._call("set_registered_model_alias", request, m.Empty)

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Remove an alias; a missing one is none already."""
        request = r.DeleteRegisteredModelAlias(name=name, alias=alias)
        self._call("delete_registered_model_alias", request, m.Empty)

    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """Return the version that an alias names; ``latest`` is the one with the last number."""
        request = r.GetModelVersionByAlias(name=name, alias=alias)
        return self._version("get_model_version_by_alias", request)

    def get_model_version_by_alias_at(self, name: str, alias: str, time_ms: int) -> ModelVersion:
        """Return the version that an alias named at a time."""
        self._require_history()
        request = own.GetModelVersionByAliasAt(name=name, alias=alias, time_ms=time_ms)
        return self._version("get_model_version_by_alias_at", request)

    def get_registered_model_history(
        self,
        name: str,
        alias: str | None = None,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> PagedList[RegistryMove]:
        """Return a page of the moves of aliases and stages, the newest first."""
        self._require_history()
        request = own.GetRegisteredModelHistory(
            name=name, alias=alias, max_results=max_results, page_token=page_token
        )
        page = self._call("get_registered_model_history", request, own.RegistryMovesResponse)
        moves = [
            RegistryMove(one.time_ms or 0, one.user_id, one.alias, one.version, one.stage)
            for one in page.moves
        ]
        return PagedList(moves, page.next_page_token)

    def _require_history(self) -> None:
        if not self._client.is_ours():
            raise MlflowException(
                f"The server {self.store_uri} keeps no history of aliases and stages.",
                NOT_IMPLEMENTED,
            )


def _text(version: str | int | None) -> str | None:
    return None if version is None else str(version)
