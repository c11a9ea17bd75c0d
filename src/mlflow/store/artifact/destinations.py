"""The table of destinations: which class moves the bytes of which location."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlflow._core.uri import scheme_of
from mlflow.exceptions import INVALID_PARAMETER_VALUE, MlflowException
from mlflow.store.artifact.azure_files import open_azure
from mlflow.store.artifact.gcs_files import open_gcs
from mlflow.store.artifact.http_files import open_http
from mlflow.store.artifact.local_artifact_repo import artifact_directory
from mlflow.store.artifact.local_files import LocalFiles
from mlflow.store.artifact.s3_files import open_s3

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlflow.store.artifact.contract import ArtifactFiles


def _open_local(uri: str) -> ArtifactFiles:
    return LocalFiles(artifact_directory(uri))


_OPENERS: Final[Mapping[str, Callable[[str], ArtifactFiles]]] = {
    "": _open_local,
    "file": _open_local,
    "s3": open_s3,
    "gs": open_gcs,
    "http": open_http,
    "https": open_http,
    "wasb": open_azure,
    "wasbs": open_azure,
    "abfs": open_azure,
    "abfss": open_azure,
}


def open_destination(uri: str) -> ArtifactFiles:
    """Return the files of a location; nothing is opened before the first use.

    Args:
        uri: A path, or a URI of a scheme that this table knows.

    Raises:
        MlflowException: the scheme has no row, or the URI is none that its class accepts.
    """
    opener = _OPENERS.get(scheme_of(uri))
    if opener is None:
        raise MlflowException(
            f"No files can be kept at a location with the scheme {scheme_of(uri)!r}.",
            INVALID_PARAMETER_VALUE,
        )
    return opener(uri)
