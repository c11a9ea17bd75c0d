"""What a model registry promises, in prose; one contract test class holds every engine to it.

- **Threads, processes, atomicity, errors, times**: as in ``mlflow.store.tracking.abstract_store``.
- **Numbers.** The versions of a model are numbered 1, 2, 3 … in the order in which their creation
  was committed, without gaps, however many are created at once. A deleted number stays unused.
- **Readiness.** A version is READY when nothing speaks against its files: it has a manifest and
  every file is as the manifest says, or it has none. Otherwise it is FAILED_REGISTRATION, keeps its
  number, and no location is given out for it.
- **Aliases** name at most one version each. Every move is kept with who made it, and the version
  that an alias named at any time since can be asked for. Removing a model removes its history.
- **Order.** Searches have a total order: models by name, versions by last change, latest first.

Stores of other distributions (entry points in the group ``mlflow.model_registry_store``) subclass
this with as many of the recorded methods as they serve; what is missing says so when it is called.
"""

# ruff: noqa: ARG002 - methods that say that they are missing use no argument

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from mlflow.exceptions import NOT_IMPLEMENTED, MlflowException
from mlflow.store.model_registry.webhook_stores import AbstractWebhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlflow.entities.model_registry.model_version import ModelVersion
    from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
    from mlflow.entities.model_registry.registered_model import RegisteredModel
    from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag
    from mlflow.store.entities.change import News
    from mlflow.store.entities.paged_list import PagedList
    from mlflow.store.entities.registry_move import RegistryMove
    from mlflow.store.entities.request_key import RequestKey
    from mlflow.store.entities.version_evidence import VersionEvidence

T = TypeVar("T")


class AbstractStore(AbstractWebhooks):
    """The contract of a model registry; the module's text says what holds for every method."""

    def __init__(self, store_uri: str | None = None, tracking_uri: str | None = None) -> None:
        """Remember where the registry is, and the tracking store beside it."""
        self.store_uri = store_uri
        self.tracking_uri = tracking_uri

    def once(self, key: RequestKey, call: Callable[[], bytes]) -> bytes:
        """Run a call that writes through this store's own methods, unless it was run before."""
        return call()

    def run_together(self, calls: Sequence[Callable[[], T]]) -> list[T | MlflowException]:
        """Run calls that write to this store, each whole or undone."""
        raise self._missing("run_together")

    def get_news(self, topic: str, since_ms: int | None) -> News:
        """Return which ``models``, the only topic, changed since an answer was given.

        A version, an alias or a tag is a change of its model; a renamed one has both names, and one
        that was removed its last. As of a tracking store, the seconds before are in it too.
        """
        raise self._missing("get_news")

    # Registered models

    def create_registered_model(
        self,
        name: str,
        tags: list[RegisteredModelTag] | None = None,
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> RegisteredModel:
        """Create a registered model; a taken name is an error."""
        raise self._missing("create_registered_model")

    def update_registered_model(
        self, name: str, description: str | None, deployment_job_id: str | None = None
    ) -> RegisteredModel:
        """Set the description of a registered model; None removes it."""
        raise self._missing("update_registered_model")

    def rename_registered_model(self, name: str, new_name: str) -> RegisteredModel:
        """Give a registered model another name."""
        raise self._missing("rename_registered_model")

    def delete_registered_model(self, name: str) -> None:
        """Remove a registered model with its versions and history."""
        raise self._missing("delete_registered_model")

    def get_registered_model(self, name: str) -> RegisteredModel:
        """Return a registered model with the newest version of each stage."""
        raise self._missing("get_registered_model")

    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[RegisteredModel]:
        """Return a page of the registered models that a filter selects."""
        raise self._missing("search_registered_models")

    def get_latest_versions(self, name: str, stages: list[str] | None = None) -> list[ModelVersion]:
        """Return the newest version of each of these stages, of every stage by default."""
        raise self._missing("get_latest_versions")

    def set_registered_model_tag(self, name: str, tag: RegisteredModelTag) -> None:
        """Set a tag of a registered model."""
        raise self._missing("set_registered_model_tag")

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Remove a tag of a registered model; a missing one is none already."""
        raise self._missing("delete_registered_model_tag")

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
        raise self._missing("create_model_version")

    def evidence_for(
        self, source: str, run_id: str | None, model_id: str | None
    ) -> VersionEvidence:
        """Return what is known of a version that is about to be created, files included."""
        raise self._missing("evidence_for")

    def update_model_version(
        self, name: str, version: str | int, description: str | None
    ) -> ModelVersion:
        """Set the description of a version; None removes it."""
        raise self._missing("update_model_version")

    def transition_model_version_stage(
        self, name: str, version: str | int, stage: str, archive_existing_versions: bool
    ) -> ModelVersion:
        """Move a version to a stage, and archive those that are there if asked to."""
        raise self._missing("transition_model_version_stage")

    def delete_model_version(self, name: str, version: str | int) -> None:
        """Remove a version, and the aliases that name it."""
        raise self._missing("delete_model_version")

    def get_model_version(self, name: str, version: str | int) -> ModelVersion:
        """Return a version."""
        raise self._missing("get_model_version")

    def get_model_version_download_uri(self, name: str, version: str | int) -> str:
        """Return where a version's files are; of one that is not READY none is given out."""
        raise self._missing("get_model_version_download_uri")

    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[ModelVersion]:
        """Return a page of the versions that a filter selects."""
        raise self._missing("search_model_versions")

    def set_model_version_tag(self, name: str, version: str | int, tag: ModelVersionTag) -> None:
        """Set a tag of a version."""
        raise self._missing("set_model_version_tag")

    def delete_model_version_tag(self, name: str, version: str | int, key: str) -> None:
        """Remove a tag of a version; a missing one is none already."""
        raise self._missing("delete_model_version_tag")

    def get_model_version_evidence(self, name: str, version: str | int) -> VersionEvidence:
        """Return what is known of a version's files: where they are, and whether they are whole."""
        raise self._missing("get_model_version_evidence")

    # Aliases

    def set_registered_model_alias(self, name: str, alias: str, version: str | int) -> None:
        """Let an alias name a version, whatever it named before."""
        raise self._missing("set_registered_model_alias")

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Remove an alias; a missing one is none already."""
        raise self._missing("delete_registered_model_alias")

    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """Return the version that an alias names; ``latest`` is the one with the last number."""
        raise self._missing("get_model_version_by_alias")

    def get_model_version_by_alias_at(self, name: str, alias: str, time_ms: int) -> ModelVersion:
        """Return the version that an alias named at a time."""
        raise self._missing("get_model_version_by_alias_at")

    def get_registered_model_history(
        self,
        name: str,
        alias: str | None = None,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> PagedList[RegistryMove]:
        """Return a page of the moves of aliases and stages, the newest first.

        Args:
            name: The registered model.
            alias: Only the moves of this alias.
            max_results: The page's length; 10,000 by default and at most.
            page_token: The token of the page before.
        """
        raise self._missing("get_registered_model_history")

    def _missing(self, method: str) -> MlflowException:
        return MlflowException(
            f"The model registry {type(self).__name__} does not define {method}: it cannot serve"
            " this call. Ask its author, or use a database (sqlite:///mlflow.db).",
            NOT_IMPLEMENTED,
        )
