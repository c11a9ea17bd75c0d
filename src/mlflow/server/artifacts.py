"""From the id of a run, a model or a version to its files: the caller never names a location.

Every location that is opened here was issued by this server or told it by its operator
(``server.locations``); what the store holds beside is refused.
"""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol
from urllib.parse import unquote

from mlflow._core.paths import join_path, relative_path
from mlflow._core.uri import mask_password
from mlflow.environment_variables import HEADRACE_SERVED_ARTIFACT_LOCATIONS
from mlflow.exceptions import NOT_IMPLEMENTED, PERMISSION_DENIED, MlflowException
from mlflow.server.locations import (
    check_location,
    destination_of,
    opened_roots,
    path_below,
    proxied_path,
)
from mlflow.server.presigned import Signer, shared_key
from mlflow.store.artifact.destinations import open_destination
from mlflow.store.artifact.model_files import find_fault
from mlflow.store.entities.version_evidence import DigestStatus

if TYPE_CHECKING:
    from mlflow.server.settings import ServerSettings
    from mlflow.store.artifact.contract import ArtifactFiles
    from mlflow.store.entities.model_manifest import ModelManifest
    from mlflow.store.tracking.abstract_store import AbstractStore

# Uploads of parts and joins of them hold a thread each; what comes beyond waits.
_PART_THREADS: Final = 32
_DENIED: Final = "PERMISSION_DENIED"
_DRIVE: Final = re.compile(r"(^|/)[A-Za-z]:")


class Place(NamedTuple):
    """A path among the files of a destination; ``uri`` is the location that it stands for."""

    files: ArtifactFiles
    path: str
    uri: str

    def below(self, path: str | None) -> Place:
        """Return the place of a path that a caller named.

        Raises:
            MlflowException: the path is refused (INVALID_PARAMETER_VALUE).
        """
        inner = checked_path(path or "")
        return self._replace(path=join_path(self.path, inner) if inner else self.path)


class VersionSource(Protocol):
    """What knows where the files of a model's version lie."""

    def get_model_version_download_uri(self, name: str, version: str) -> str:
        """Return the location."""
        ...


class ArtifactService:
    """The artifacts that a server serves.

    Attributes:
        signer: Signs previews and the addresses of parts.
        part_threads: Where parts are written and joined.
    """

    def __init__(
        self,
        settings: ServerSettings,
        store: AbstractStore | None,
        *,
        registry: VersionSource | None = None,
    ) -> None:
        """Prepare; nothing is opened.

        Args:
            settings: What the server was told.
            store: Knows runs and logged models; None for a server of artifacts only.
            registry: Knows the versions of models, if there is one.

        Raises:
            MlflowException: the server cannot keep artifacts at its destination.
        """
        self._settings: Final = settings
        self._store: Final = None if settings.artifacts_only else store
        self._registry: Final = registry
        self._destination: Final = destination_of(settings) if settings.serve_artifacts else None
        self._roots: Final = opened_roots(settings)
        self._opened: dict[str, ArtifactFiles] = {}
        self._lock = threading.Lock()
        self.signer: Final = Signer(shared_key(store))
        self.part_threads: Final = ThreadPoolExecutor(_PART_THREADS, "artifact-parts")

    def close(self) -> None:
        """End the threads."""
        self.part_threads.shutdown(wait=False, cancel_futures=True)

    @property
    def signs_addresses(self) -> bool:
        """Whether clients can be sent to the destination of the proxy itself."""
        return self._destination is not None and self.proxied("").files.presigner is not None

    def check_location(self, uri: str | None) -> None:
        """Refuse a location that a caller may not name for a new experiment."""
        check_location(uri, self._settings)

    def proxied(self, path: str | None) -> Place:
        """Return the place of a path below the destination.

        Raises:
            MlflowException: no artifacts go through this server (NOT_IMPLEMENTED), or the path is
                refused.
        """
        if self._destination is None:
            raise MlflowException(
                "Artifact serving is disabled. Run `mlflow server` with `--serve-artifacts` to"
                " enable.",
                NOT_IMPLEMENTED,
            )
        return Place(self._files(self._destination), "", "mlflow-artifacts:/").below(path)

    def of_run(self, run_id: str) -> Place:
        """Return where a run's artifacts lie."""
        return self._located(self._tracking.get_run(run_id).info.artifact_uri)

    def of_model(self, model_id: str) -> Place:
        """Return where a logged model's artifacts lie."""
        return self._located(self._tracking.get_logged_model(model_id).artifact_location)

    def of_version(self, name: str, version: str) -> Place:
        """Return where the artifacts of a registered model's version lie."""
        if self._registry is None:
            raise MlflowException("This server has no model registry.", NOT_IMPLEMENTED)
        return self._located(self._registry.get_model_version_download_uri(name, version))

    def check_files(
        self, location: str, manifest: ModelManifest
    ) -> tuple[DigestStatus, str | None]:
        """Hold the files of a model to its manifest; those that others keep are not opened.

        Args:
            location: Where the model's files are, as the store says.
            manifest: What there must be.
        """
        try:
            place = self._located(location)
        except MlflowException as error:
            if error.error_code == _DENIED:
                return DigestStatus.UNKNOWN, None
            raise
        fault = find_fault(place.files, place.path, manifest)
        return (DigestStatus.VERIFIED if fault is None else DigestStatus.FAILED), fault

    @property
    def _tracking(self) -> AbstractStore:
        if self._store is None:
            raise MlflowException(
                "This server runs with --artifacts-only: it knows neither runs nor models.",
                NOT_IMPLEMENTED,
            )
        return self._store

    def _located(self, location: str | None) -> Place:
        uri = location or ""
        path = proxied_path(uri)
        if path is not None:
            return self.proxied(path)._replace(uri=uri)
        for root in self._roots:
            path = path_below(uri, root)
            if path is not None:
                return Place(self._files(root), path, uri)
        raise MlflowException(
            f"This server does not open {mask_password(uri)!r}: it issued no such location. Read it"
            " with a client that may, or let the operator list it in"
            f" {HEADRACE_SERVED_ARTIFACT_LOCATIONS.name}.",
            PERMISSION_DENIED,
        )

    def _files(self, root: str) -> ArtifactFiles:
        with self._lock:
            found = self._opened.get(root)
            if found is None:
                found = self._opened[root] = open_destination(root)
            return found


def checked_path(path: str) -> str:
    """Return a caller's path in its canonical form, "" for the root.

    Raises:
        MlflowException: it could leave its root; the text is the recorded one.
    """
    try:
        found = relative_path(path)
    except MlflowException:
        raise MlflowException.invalid_parameter_value("Invalid path") from None
    decoded = found
    while (following := unquote(decoded)) != decoded:
        decoded = following
    # A drive's letter must not begin any part: any may be where a client's own path begins.
    if _DRIVE.search(decoded):
        raise MlflowException.invalid_parameter_value("Invalid path")
    return found
