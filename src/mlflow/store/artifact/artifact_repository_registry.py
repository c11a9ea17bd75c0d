"""The table of URI schemes: which class serves which artifact location.

Rows come from this file, from the entry points of other distributions (group
``mlflow.artifact_repository``) and, for schemes that name a run or a model instead of a place,
from the floor above (``mlflow.tracking.artifact_locations``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlflow._core.lazy import resolve
from mlflow._core.plugins import find_plugins
from mlflow._core.uri import mask_password, scheme_of
from mlflow.exceptions import (
    INTERNAL_ERROR,
    INVALID_PARAMETER_VALUE,
    NOT_IMPLEMENTED,
    MlflowException,
)
from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository
from mlflow.store.artifact.remote_repo import (
    AzureBlobArtifactRepository,
    AzureDataLakeArtifactRepository,
    B2ArtifactRepository,
    GCSArtifactRepository,
    HttpArtifactRepository,
    R2ArtifactRepository,
    S3ArtifactRepository,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.store.artifact.artifact_repo import ArtifactRepository

    Factory = Callable[[str, str | None, str | None], ArtifactRepository]

_GROUP: Final = "mlflow.artifact_repository"
_PROXIED: Final = "mlflow.store.artifact.mlflow_artifacts_repo:MlflowArtifactsRepository"

# Schemes of the interface that no class serves yet.
_NOT_BUILT: Final = (
    "ftp",
    "sftp",
    "dbfs",
    "hdfs",
    "viewfs",
)


class ArtifactRepositoryRegistry:
    """Scheme -> what makes the repository of a URI with that scheme."""

    def __init__(self) -> None:
        self._registry: dict[str, Factory] = {}

    def register(self, scheme: str, repository: Factory) -> None:
        """Add or replace a row.

        Args:
            scheme: The scheme in lower case, without the colon; "" for plain paths.
            repository: A class or function of (artifact URI, tracking URI, registry URI).
        """
        self._registry[scheme] = repository

    def register_entrypoints(self) -> None:
        """Add the rows of other distributions, keeping those that are there."""
        for point in find_plugins(_GROUP):
            if point.name not in self._registry:
                self.register(point.name, point.load())

    def get_registered_artifact_repositories(self) -> dict[str, Factory]:
        """Return all rows."""
        self.register_entrypoints()
        return dict(self._registry)

    def get_artifact_repository(
        self, artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None
    ) -> ArtifactRepository:
        """Return the repository of an artifact location.

        Args:
            artifact_uri: The location.
            tracking_uri: The tracking store that the location belongs to.
            registry_uri: The model registry that the location belongs to.

        Raises:
            MlflowException: nothing serves the URI's scheme.
        """
        scheme = scheme_of(artifact_uri)
        factory = self._registry.get(scheme)
        if factory is None:
            self.register_entrypoints()
            factory = self._registry.get(scheme)
        if factory is None:
            raise self._unknown(scheme, artifact_uri)
        return factory(artifact_uri, tracking_uri, registry_uri)

    def _unknown(self, scheme: str, artifact_uri: str) -> MlflowException:
        shown = mask_password(artifact_uri)
        if scheme in _NOT_BUILT:
            return MlflowException(
                f"Artifacts at {shown!r} cannot be reached: Headrace does not serve the scheme "
                f"'{scheme}:' yet. Use a local directory, or install a plugin with the entry "
                f"point '{scheme}' in the group '{_GROUP}'; COMPATIBILITY.md lists what is built.",
                NOT_IMPLEMENTED,
            )
        known = sorted({*self._registry, *_NOT_BUILT})
        return MlflowException(
            f"Could not find a registered artifact repository for: {shown}. Currently registered "
            f"schemes are: {known}",
            INTERNAL_ERROR if scheme else INVALID_PARAMETER_VALUE,
        )


def _proxied(
    artifact_uri: str, tracking_uri: str | None, registry_uri: str | None
) -> ArtifactRepository:
    """Return the repository behind a tracking server; HTTP is loaded for those who use one."""
    found: ArtifactRepository = resolve(_PROXIED)(artifact_uri, tracking_uri, registry_uri)
    return found


_artifact_repository_registry: Final = ArtifactRepositoryRegistry()
_artifact_repository_registry.register("", LocalArtifactRepository)
_artifact_repository_registry.register("file", LocalArtifactRepository)
_artifact_repository_registry.register("s3", S3ArtifactRepository)
_artifact_repository_registry.register("r2", R2ArtifactRepository)
_artifact_repository_registry.register("b2", B2ArtifactRepository)
_artifact_repository_registry.register("gs", GCSArtifactRepository)
_artifact_repository_registry.register("http", HttpArtifactRepository)
_artifact_repository_registry.register("https", HttpArtifactRepository)
_artifact_repository_registry.register("mlflow-artifacts", _proxied)
for _scheme in ("wasb", "wasbs"):
    _artifact_repository_registry.register(_scheme, AzureBlobArtifactRepository)
for _scheme in ("abfs", "abfss"):
    _artifact_repository_registry.register(_scheme, AzureDataLakeArtifactRepository)


def get_artifact_repository(
    artifact_uri: str, tracking_uri: str | None = None, registry_uri: str | None = None
) -> ArtifactRepository:
    """Return the repository of an artifact location, by the URI's scheme.

    Args:
        artifact_uri: The location.
        tracking_uri: The tracking store that the location belongs to.
        registry_uri: The model registry that the location belongs to.

    Raises:
        MlflowException: nothing serves the URI's scheme.
    """
    return _artifact_repository_registry.get_artifact_repository(
        artifact_uri, tracking_uri, registry_uri
    )


def get_registered_artifact_repositories() -> dict[str, Factory]:
    """Return what serves each scheme."""
    return _artifact_repository_registry.get_registered_artifact_repositories()
