"""The table of destinations: which class moves the bytes of which location."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mlflow._core.lazy import resolve
from mlflow._core.uri import scheme_of
from mlflow.exceptions import INVALID_PARAMETER_VALUE, MlflowException
from mlflow.store.artifact.local_artifact_repo import artifact_directory
from mlflow.store.artifact.local_files import LocalFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlflow.store.artifact.contract import ArtifactFiles


def open_local(uri: str) -> ArtifactFiles:
    """Return the files of a directory of this machine."""
    return LocalFiles(artifact_directory(uri))


# By name: a server of local files loads no client of object stores.
_OPENERS: Final[Mapping[str, str]] = {
    "": "mlflow.store.artifact.destinations:open_local",
    "file": "mlflow.store.artifact.destinations:open_local",
    "s3": "mlflow.store.artifact.s3_files:open_s3",
    "r2": "mlflow.store.artifact.s3_files:open_s3",
    "b2": "mlflow.store.artifact.s3_files:open_s3",
    "gs": "mlflow.store.artifact.gcs_files:open_gcs",
    "http": "mlflow.store.artifact.http_files:open_http",
    "https": "mlflow.store.artifact.http_files:open_http",
    "wasb": "mlflow.store.artifact.azure_files:open_azure",
    "wasbs": "mlflow.store.artifact.azure_files:open_azure",
    "abfs": "mlflow.store.artifact.azure_files:open_azure",
    "abfss": "mlflow.store.artifact.azure_files:open_azure",
}


def open_destination(uri: str) -> ArtifactFiles:
    """Return the files of a location; nothing is opened before the first use.

    Args:
        uri: A path, or a URI of a scheme that this table knows.

    Raises:
        MlflowException: the scheme has no row, or the URI is none that its class accepts.
    """
    found = find_destination(uri)
    if found is None:
        raise MlflowException(
            f"No files can be kept at a location with the scheme {scheme_of(uri)!r}.",
            INVALID_PARAMETER_VALUE,
        )
    return found


def find_destination(uri: str) -> ArtifactFiles | None:
    """Return the files of a location; None where the table has no row for its scheme.

    Raises:
        MlflowException: the URI is none that its class accepts.
    """
    name = _OPENERS.get(scheme_of(uri))
    if name is None:
        return None
    opener: Callable[[str], ArtifactFiles] = resolve(name)
    return opener(uri)
