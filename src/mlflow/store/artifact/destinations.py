"""The table of destinations: which class moves the bytes of which location."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow._core.uri import scheme_of
from mlflow.exceptions import INVALID_PARAMETER_VALUE, MlflowException
from mlflow.store.artifact.local_artifact_repo import artifact_directory
from mlflow.store.artifact.local_files import LocalFiles

if TYPE_CHECKING:
    from mlflow.store.artifact.contract import ArtifactFiles


def open_destination(uri: str) -> ArtifactFiles:
    """Return the files of a location; nothing is opened before the first use.

    Args:
        uri: A path, or a URI of a scheme that this table knows.

    Raises:
        MlflowException: the scheme has no row, or the URI is none that its class accepts.
    """
    scheme = scheme_of(uri)
    if scheme in ("", "file"):
        return LocalFiles(artifact_directory(uri))
    raise MlflowException(
        f"No files can be kept at a location with the scheme {scheme!r}.", INVALID_PARAMETER_VALUE
    )
