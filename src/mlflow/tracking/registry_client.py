"""The part of the client that speaks to the model registry."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.clock import monotonic, sleep
from mlflow._core.model_uris import SCHEME, parse_model_uri
from mlflow._core.registry_names import validate_model_name
from mlflow._core.retry import backoff
from mlflow._core.tags import MLFLOW_MODEL_VERSIONS, MLFLOW_PROMPT_IS_PROMPT
from mlflow._core.uri import scheme_of
from mlflow.entities.logged_model_tag import LoggedModelTag
from mlflow.entities.model_registry.model_version_stages import ALL_STAGES
from mlflow.entities.model_registry.model_version_status import FAILED_REGISTRATION, READY
from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag
from mlflow.exceptions import INVALID_STATE, MlflowException
from mlflow.store.model_registry import (
    SEARCH_MODEL_VERSION_MAX_RESULTS_DEFAULT,
    SEARCH_REGISTERED_MODEL_MAX_RESULTS_DEFAULT,
)
from mlflow.tracking.registry_stores import _get_store
from mlflow.tracking.registry_uris import version_named

if TYPE_CHECKING:
    from mlflow.entities.model_registry.model_version import ModelVersion
    from mlflow.entities.model_registry.registered_model import RegisteredModel
    from mlflow.store.entities.paged_list import PagedList
    from mlflow.store.entities.registry_move import RegistryMove
    from mlflow.store.entities.version_evidence import VersionEvidence
    from mlflow.store.model_registry.abstract_store import AbstractStore
    from mlflow.store.tracking.abstract_store import AbstractStore as AbstractTrackingStore

AWAIT_SECONDS: Final = 300
_LONGEST_WAIT: Final = 3.0
_NO_PROMPT: Final = f"tag.`{MLFLOW_PROMPT_IS_PROMPT}` != 'true'"
_TAKEN: Final = ("RESOURCE_ALREADY_EXISTS", "ALREADY_EXISTS")
_logger: Final = logging.getLogger("mlflow.tracking")


class RegistryClient:
    """Registered models, their versions, aliases and stages."""

    _tracking_uri: str
    _registry_uri: str
    _store: AbstractTrackingStore

    @property
    def _registry(self) -> AbstractStore:
        return _get_store(self._registry_uri, self._tracking_uri)

    # Registered models

    def create_registered_model(
        self,
        name: str,
        tags: dict[str, str] | None = None,
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> RegisteredModel:
        """Create a registered model; a taken name is an error."""
        made = [RegisteredModelTag(key, str(value)) for key, value in (tags or {}).items()]
        validate_model_name(name)
        return self._registry.create_registered_model(name, made, description, deployment_job_id)

    def rename_registered_model(self, name: str, new_name: str) -> RegisteredModel:
        """Give a registered model another name."""
        validate_model_name(new_name, "new_name")
        return self._registry.rename_registered_model(name, new_name)

    def update_registered_model(
        self, name: str, description: str | None = None, deployment_job_id: str | None = None
    ) -> RegisteredModel:
        """Set the description of a registered model; None removes it."""
        return self._registry.update_registered_model(name, description, deployment_job_id)

    def delete_registered_model(self, name: str) -> None:
        """Remove a registered model with all its versions and their history."""
        self._registry.delete_registered_model(name)

    def get_registered_model(self, name: str) -> RegisteredModel:
        """Return a registered model with its tags, aliases and newest versions."""
        return self._registry.get_registered_model(name)

    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int = SEARCH_REGISTERED_MODEL_MAX_RESULTS_DEFAULT,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[RegisteredModel]:
        """Return a page of the registered models that a filter selects, by name."""
        search = self._registry.search_registered_models
        return search(_models_only(filter_string), max_results, order_by, page_token)

    def get_latest_versions(self, name: str, stages: list[str] | None = None) -> list[ModelVersion]:
        """Return the newest version of each of these stages, of every stage by default."""
        return self._registry.get_latest_versions(name, stages)

    def set_registered_model_tag(self, name: str, key: str, value: Any) -> None:
        """Set a tag of a registered model; the value is kept as text."""
        self._registry.set_registered_model_tag(name, RegisteredModelTag(key, str(value)))

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Remove a tag of a registered model."""
        self._registry.delete_registered_model_tag(name, key)

    # Versions

    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: dict[str, Any] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        await_creation_for: int | None = AWAIT_SECONDS,
        model_id: str | None = None,
    ) -> ModelVersion:
        """Create the next version of a registered model.

        Args:
            name: The registered model.
            source: Where the version comes from: ``models:/m-…``, ``runs:/…`` or a location.
            run_id: The run that produced it.
            tags: Tags; values are kept as text.
            run_link: A link to a run of another server.
            description: A free text.
            await_creation_for: Seconds to wait until it is ready; 0 or None for not at all.
            model_id: The logged model that it comes from.

        Raises:
            MlflowException: the model is not there, or the version's files are not whole.
        """
        if model_id is None and scheme_of(source) == SCHEME:
            model_id = parse_model_uri(source).model_id
        made = [ModelVersionTag(key, str(value)) for key, value in (tags or {}).items()]
        version = self._registry.create_model_version(
            name, source, run_id, made, run_link, description, model_id=model_id
        )
        if model_id is not None:
            self._note_version(model_id, version)
        return self._awaited(version, await_creation_for) if await_creation_for else version

    def _note_version(self, model_id: str, version: ModelVersion) -> None:
        """Note a version in a tag of the logged model that it comes from."""
        try:
            tags = self._store.get_logged_model(model_id).tags
        except MlflowException:  # of another tracking store
            return
        known = json.loads(tags.get(MLFLOW_MODEL_VERSIONS) or "[]")
        known.append({"name": version.name, "version": int(version.version)})
        tag = LoggedModelTag(MLFLOW_MODEL_VERSIONS, json.dumps(known))
        self._store.set_logged_model_tags(model_id, [tag])

    def _awaited(self, version: ModelVersion, seconds: float) -> ModelVersion:
        """Wait until a version is ready and return it.

        Raises:
            MlflowException: it is not ready in time, or never will be.
        """
        until = monotonic() + seconds
        for wait in backoff(first=0.1, longest=_LONGEST_WAIT):
            if version.status == READY:
                return version
            if version.status == FAILED_REGISTRATION:
                raise MlflowException(
                    f"Version {version.version} of {version.name!r} was registered and cannot be"
                    f" used: {version.status_message or 'its registration failed.'}",
                    INVALID_STATE,
                )
            if monotonic() > until:
                break
            sleep(wait)
            version = self._registry.get_model_version(version.name, version.version)
        raise MlflowException(
            f"Version {version.version} of {version.name!r} is {version.status} after"
            f" {seconds} seconds."
        )

    def copy_model_version(self, src_model_uri: str, dst_name: str) -> ModelVersion:
        """Make a version of another registered model, which is created if need be, of a version.

        Args:
            src_model_uri: ``models:/name/version``, ``models:/name@alias`` and the like.
            dst_name: The registered model that gets the new version.
        """
        named = parse_model_uri(src_model_uri) if scheme_of(src_model_uri) == SCHEME else None
        if named is None or named.name is None or named.path:
            raise MlflowException.invalid_parameter_value(
                f"Unsupported source model URI: {src_model_uri!r}. Only versions of registered"
                " models are copied, named by 'models:/<name>/<version>' or"
                " 'models:/<name>@<alias>'."
            )
        source = version_named(self._registry, named)
        self.ensure_registered_model(dst_name)
        made = self.create_model_version(
            dst_name,
            f"models:/{source.name}/{source.version}",
            source.run_id,
            source.tags,
            source.run_link,
            source.description,
        )
        _logger.info(
            "Copied version '%s' of model '%s' to version '%s' of model '%s'.",
            *(source.version, source.name, made.version, dst_name),
        )
        return made

    def ensure_registered_model(self, name: str) -> None:
        """Create a registered model unless there is one of this name."""
        try:
            self.create_registered_model(name)
        except MlflowException as error:
            if error.error_code not in _TAKEN:
                raise
            _logger.info(
                "Registered model '%s' already exists. Creating a new version of this model...",
                name,
            )
        else:
            _logger.info("Successfully registered model '%s'.", name)

    def update_model_version(
        self, name: str, version: str, description: str | None = None
    ) -> ModelVersion:
        """Set the description of a version."""
        if description is None:
            raise MlflowException.invalid_parameter_value(
                "Attempting to update model version with no new field values."
            )
        return self._registry.update_model_version(name, version, description)

    def transition_model_version_stage(
        self, name: str, version: str, stage: str, archive_existing_versions: bool = False
    ) -> ModelVersion:
        """Move a version to a stage, and archive those that are there if asked to."""
        move = self._registry.transition_model_version_stage
        return move(name, version, stage, archive_existing_versions)

    def delete_model_version(self, name: str, version: str) -> None:
        """Remove a version, and the aliases that name it."""
        self._registry.delete_model_version(name, version)

    def get_model_version(self, name: str, version: str) -> ModelVersion:
        """Return a version."""
        return self._registry.get_model_version(name, version)

    def get_model_version_download_uri(self, name: str, version: str) -> str:
        """Return where a version's files are."""
        return self._registry.get_model_version_download_uri(name, version)

    def get_model_version_evidence(self, name: str, version: str) -> VersionEvidence:
        """Return what is known of a version's files: where they are, and whether they are whole."""
        return self._registry.get_model_version_evidence(name, version)

    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int = SEARCH_MODEL_VERSION_MAX_RESULTS_DEFAULT,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[ModelVersion]:
        """Return a page of the versions that a filter selects, the last changed first."""
        search = self._registry.search_model_versions
        return search(filter_string, max_results, order_by, page_token)

    def get_model_version_stages(self, name: str, version: str) -> list[str]:
        """Return the stages that a version can be in."""
        del name, version  # the same for all
        return list(ALL_STAGES)

    def set_model_version_tag(
        self,
        name: str,
        version: str | None = None,
        key: str | None = None,
        value: Any = None,
        stage: str | None = None,
    ) -> None:
        """Set a tag of a version, or of the newest one in a stage; the value is kept as text."""
        number = self._version_or_stage(name, version, stage)
        tag = ModelVersionTag(key, str(value))  # type: ignore[arg-type]  # checked by the store
        self._registry.set_model_version_tag(name, number, tag)

    def delete_model_version_tag(
        self,
        name: str,
        version: str | None = None,
        key: str | None = None,
        stage: str | None = None,
    ) -> None:
        """Remove a tag of a version, or of the newest one in a stage."""
        number = self._version_or_stage(name, version, stage)
        self._registry.delete_model_version_tag(name, number, key)  # type: ignore[arg-type]  # same

    def _version_or_stage(self, name: str, version: str | None, stage: str | None) -> str | int:
        if version is not None and stage is not None:
            raise MlflowException.invalid_parameter_value(
                "version and stage cannot be set together"
            )
        if version is not None:
            return version
        if stage is None:
            raise MlflowException.invalid_parameter_value("version or stage must be set")
        found = self._registry.get_latest_versions(name, [stage])
        if not found:
            raise MlflowException.invalid_parameter_value(
                f"Could not find any model version for {stage} stage"
            )
        return found[0].version

    # Aliases

    def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
        """Let an alias name a version, whatever it named before."""
        self._registry.set_registered_model_alias(name, alias, version)

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Remove an alias."""
        self._registry.delete_registered_model_alias(name, alias)

    def get_model_version_by_alias(
        self, name: str, alias: str, *, as_of: datetime | int | None = None
    ) -> ModelVersion:
        """Return the version that an alias names.

        Args:
            name: The registered model.
            alias: The alias.
            as_of: The time that is asked about, as a ``datetime`` or in milliseconds since 1970;
                now when None.
        """
        if as_of is None:
            return self._registry.get_model_version_by_alias(name, alias)
        if isinstance(as_of, datetime):
            as_of = int(as_of.timestamp() * 1000)
        return self._registry.get_model_version_by_alias_at(name, alias, as_of)

    def get_registered_model_history(
        self,
        name: str,
        alias: str | None = None,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> PagedList[RegistryMove]:
        """Return a page of who moved which alias or stage when, the newest first.

        Args:
            name: The registered model.
            alias: Only the moves of this alias.
            max_results: The page's length; 10,000 by default and at most.
            page_token: The token of the page before.
        """
        return self._registry.get_registered_model_history(name, alias, max_results, page_token)


def _models_only(filter_string: str | None) -> str:
    """Return a filter that prompts, which registries keep among the models, do not pass."""
    if not filter_string or not filter_string.strip():
        return _NO_PROMPT
    # Other servers know no parentheses, and no OR that would need them.
    has_or = " or " in filter_string.lower()
    return f"({filter_string}) AND {_NO_PROMPT}" if has_or else f"{filter_string} AND {_NO_PROMPT}"
