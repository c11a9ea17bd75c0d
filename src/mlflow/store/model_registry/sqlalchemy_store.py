"""The model registry on SQL, in the same database as a tracking store or in one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from mlflow._core.acting import acting_user
from mlflow.store.model_registry import (
    SEARCH_MODEL_VERSION_MAX_RESULTS_DEFAULT,
    SEARCH_REGISTERED_MODEL_MAX_RESULTS_DEFAULT,
)
from mlflow.store.model_registry.abstract_store import AbstractStore
from mlflow.store.model_registry.evidence import (
    Files,
    check_files,
    find_model,
    gather,
    known_evidence,
)
from mlflow.store.model_registry.webhook_stores import SqlWebhooks
from mlflow.store.sql import (
    model_aliases,
    model_moves,
    model_versions,
    registered_models,
    registry_events,
    requests,
    search_registry,
)
from mlflow.store.sql.news import MODELS, get_news, note
from mlflow.store.sql.search import checked_max_results
from mlflow.store.sql.webhooks import note_event
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as TrackingStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlflow.entities.model_registry.model_version import ModelVersion
    from mlflow.entities.model_registry.model_version_tag import ModelVersionTag
    from mlflow.entities.model_registry.registered_model import RegisteredModel
    from mlflow.entities.model_registry.registered_model_tag import RegisteredModelTag
    from mlflow.exceptions import MlflowException
    from mlflow.store.entities.change import News
    from mlflow.store.entities.paged_list import PagedList
    from mlflow.store.entities.registry_move import RegistryMove
    from mlflow.store.entities.request_key import RequestKey
    from mlflow.store.entities.version_evidence import VersionEvidence
    from mlflow.store.sql.session import Session
    from mlflow.store.tracking.abstract_store import AbstractStore as AbstractTrackingStore

T = TypeVar("T")


class SqlAlchemyStore(SqlWebhooks, AbstractStore):
    """A model registry in SQLite, PostgreSQL, MySQL or MariaDB."""

    def __init__(
        self,
        db_uri: str,
        read_db_uri: str | None = None,
        *,
        tracking: AbstractTrackingStore | None = None,
        check: Files = check_files,
    ) -> None:
        """Open the registry; a new database gets its schema, an existing one is checked.

        Args:
            db_uri: ``sqlite:///path``, ``postgresql://…``, ``mysql://…`` or ``mariadb://…``.
            read_db_uri: Accepted; all is read from the one database.
            tracking: Knows runs and logged models; the tracking store in the same database when
                None.
            check: Holds the files of a model to its manifest.

        Raises:
            MlflowException: the URI is wrong, or the database cannot be used.
        """
        del read_db_uri
        super().__init__(db_uri)
        self.db_uri: Final = db_uri
        self.tracking: Final = TrackingStore(db_uri) if tracking is None else tracking
        self.check = check
        self._database: Final = TrackingStore._get_or_create_engine(db_uri)  # noqa: SLF001 - shared

    def _read(self, work: Callable[..., T], *args: Any, **options: Any) -> T:
        return self._database.read(lambda session: work(session, *args, **options))

    def _write(self, work: Callable[..., T], *args: Any, **options: Any) -> T:
        return self._database.write(lambda session: work(session, *args, **options))

    def _change(self, work: Callable[..., T], name: str, *args: Any, **options: Any) -> T:
        """Write to a registered model, and note that it changed."""

        def whole(session: Session) -> T:
            made = work(session, name, *args, **options)
            note(session, MODELS, name)
            return made

        return self._database.write(whole)

    def _tell(
        self,
        event: Callable[[T], registry_events.Told],
        work: Callable[..., T],
        *args: Any,
        **options: Any,
    ) -> T:
        """Write, and let webhooks be told of it in the same transaction."""

        def whole(session: Session, *given: Any, **named: Any) -> T:
            made = work(session, *given, **named)
            note_event(session, *event(made))
            return made

        return self._change(whole, *args, **options)

    # Requests

    def once(self, key: RequestKey, call: Callable[[], bytes]) -> bytes:
        """Run a call that writes through this store's own methods, unless it was run before."""
        requests.check_key(key)
        return self._database.write(lambda session: requests.once(session, key, call))

    def run_together(self, calls: Sequence[Callable[[], T]]) -> list[T | MlflowException]:
        """Run calls that write to this database, each whole or undone; SQLite commits them once."""
        return self._database.write_together(calls)

    def get_news(self, topic: str, since_ms: int | None) -> News:
        """Return which models changed since an answer was given."""
        return self._read(get_news, topic, since_ms)

    # Registered models

    def create_registered_model(
        self,
        name: str,
        tags: list[RegisteredModelTag] | None = None,
        description: str | None = None,
        deployment_job_id: str | None = None,
    ) -> RegisteredModel:
        """Create a registered model; a taken name is an error."""
        del deployment_job_id  # there are no such jobs
        create = registered_models.create_registered_model
        return self._tell(registry_events.model_created, create, name, tags or (), description)

    def update_registered_model(
        self, name: str, description: str | None, deployment_job_id: str | None = None
    ) -> RegisteredModel:
        """Set the description of a registered model; None removes it."""
        del deployment_job_id
        return self._change(registered_models.update_registered_model, name, description)

    def rename_registered_model(self, name: str, new_name: str) -> RegisteredModel:
        """Give a registered model another name."""
        return self._change(registered_models.rename_registered_model, name, new_name)

    def delete_registered_model(self, name: str) -> None:
        """Remove a registered model with its versions and history."""
        self._change(registered_models.delete_registered_model, name)

    def get_registered_model(self, name: str) -> RegisteredModel:
        """Return a registered model with the newest version of each stage."""
        return self._read(registered_models.get_registered_model, name)

    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[RegisteredModel]:
        """Return a page of the registered models that a filter selects."""
        usual = SEARCH_REGISTERED_MODEL_MAX_RESULTS_DEFAULT
        return self._read(
            search_registry.search_registered_models,
            filter_string=filter_string,
            max_results=usual if max_results is None else max_results,
            order_by=order_by,
            page_token=page_token,
        )

    def get_latest_versions(self, name: str, stages: list[str] | None = None) -> list[ModelVersion]:
        """Return the newest version of each of these stages, of every stage by default."""
        return self._read(model_versions.get_latest_versions, name, stages)

    def set_registered_model_tag(self, name: str, tag: RegisteredModelTag) -> None:
        """Set a tag of a registered model."""
        self._change(registered_models.set_registered_model_tag, name, tag)

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Remove a tag of a registered model; a missing one is none already."""
        self._change(registered_models.delete_registered_model_tag, name, key)

    # Versions

    def evidence_for(
        self, source: str, run_id: str | None, model_id: str | None
    ) -> VersionEvidence:
        """Return what is known of a version that is about to be created, files included.

        Raises:
            MlflowException: there is no such source, or its files cannot be read now.
        """
        return gather(self.tracking, self, self.check, source, run_id, model_id)

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
        evidence = known_evidence()
        if evidence is None:
            self.get_registered_model(name)  # before files are read
            evidence = self.evidence_for(source, run_id, model_id)
        create = model_versions.create_model_version
        described = (tags or (), run_link, description)
        told = registry_events.version_created
        return self._tell(told, create, name, source, *described, evidence=evidence)

    def update_model_version(
        self, name: str, version: str | int, description: str | None
    ) -> ModelVersion:
        """Set the description of a version; None removes it."""
        return self._change(model_versions.update_model_version, name, version, description)

    def transition_model_version_stage(
        self, name: str, version: str | int, stage: str, archive_existing_versions: bool
    ) -> ModelVersion:
        """Move a version to a stage, and archive those that are there if asked to."""
        return self._change(
            model_versions.transition_stage,
            name,
            version,
            stage,
            archive_existing=archive_existing_versions,
            user=acting_user(),
        )

    def delete_model_version(self, name: str, version: str | int) -> None:
        """Remove a version, and the aliases that name it."""
        self._change(model_versions.delete_model_version, name, version, user=acting_user())

    def get_model_version(self, name: str, version: str | int) -> ModelVersion:
        """Return a version."""
        return self._read(model_versions.get_model_version, name, version)

    def get_model_version_download_uri(self, name: str, version: str | int) -> str:
        """Return where a version's files are; of one that is not READY none is given out."""
        uri = self._read(model_versions.get_download_uri, name, version)
        known = self.get_model_version_evidence(name, version)
        if known.model_id is None or known.storage_location is None:
            return uri
        model = find_model(self.tracking, known.model_id)
        return uri if model is None else model.artifact_location  # which may have moved

    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[ModelVersion]:
        """Return a page of the versions that a filter selects."""
        usual = SEARCH_MODEL_VERSION_MAX_RESULTS_DEFAULT
        return self._read(
            search_registry.search_model_versions,
            filter_string=filter_string,
            max_results=usual if max_results is None else max_results,
            order_by=order_by,
            page_token=page_token,
        )

    def set_model_version_tag(self, name: str, version: str | int, tag: ModelVersionTag) -> None:
        """Set a tag of a version."""
        told = registry_events.tag_set(name, version, tag.key, tag.value)
        self._tell(lambda _: told, model_versions.set_model_version_tag, name, version, tag)

    def delete_model_version_tag(self, name: str, version: str | int, key: str) -> None:
        """Remove a tag of a version; a missing one is none already."""
        told = registry_events.tag_deleted(name, version, key)
        self._tell(lambda _: told, model_versions.delete_model_version_tag, name, version, key)

    def get_model_version_evidence(self, name: str, version: str | int) -> VersionEvidence:
        """Return what is known of a version's files: where they are, and whether they are whole."""
        return self._read(model_versions.get_evidence, name, version)

    # Aliases

    def set_registered_model_alias(self, name: str, alias: str, version: str | int) -> None:
        """Let an alias name a version, whatever it named before."""
        told, user = registry_events.alias_created(name, alias, version), acting_user()
        self._tell(lambda _: told, model_aliases.set_alias, name, alias, version, user=user)

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Remove an alias; a missing one is none already."""
        told, user = registry_events.alias_deleted(name, alias), acting_user()
        self._tell(lambda _: told, model_aliases.delete_alias, name, alias, user=user)

    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """Return the version that an alias names; ``latest`` is the one with the last number."""
        return self._read(model_aliases.get_by_alias, name, alias)

    def get_model_version_by_alias_at(self, name: str, alias: str, time_ms: int) -> ModelVersion:
        """Return the version that an alias named at a time."""
        return self._read(model_aliases.get_by_alias, name, alias, time_ms)

    def get_registered_model_history(
        self,
        name: str,
        alias: str | None = None,
        max_results: int | None = None,
        page_token: str | None = None,
    ) -> PagedList[RegistryMove]:
        """Return a page of the moves of aliases and stages, the newest first."""
        limit = checked_max_results(max_results, model_moves.MAX_MOVES)
        return self._read(model_moves.get_history, name, alias, limit, page_token)
