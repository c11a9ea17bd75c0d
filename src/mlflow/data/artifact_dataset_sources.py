"""Sources at the URIs that artifacts can be at: one class for each scheme, made from one table."""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, ClassVar, Final

from mlflow._core.uri import scheme_of
from mlflow.data.filesystem_dataset_source import FileSystemDatasetSource
from mlflow.exceptions import MlflowException
from mlflow.tracking.artifact_access import download_artifacts

if TYPE_CHECKING:
    from typing_extensions import Self

# Source type and class name, by scheme: the first of a class names it.
_TABLE: Final = (
    ("local", "LocalArtifactDatasetSource", ("", "file")),
    ("s3", "S3ArtifactDatasetSource", ("s3",)),
    ("r2", "R2ArtifactDatasetSource", ("r2",)),
    ("b2", "B2ArtifactDatasetSource", ("b2",)),
    ("gs", "GCSArtifactDatasetSource", ("gs",)),
    ("wasbs", "AzureBlobArtifactDatasetSource", ("wasbs",)),
    ("ftp", "FTPArtifactDatasetSource", ("ftp",)),
    ("sftp", "SFTPArtifactDatasetSource", ("sftp",)),
    ("hdfs", "HdfsArtifactDatasetSource", ("hdfs",)),
    ("viewfs", "HdfsArtifactDatasetSource", ("viewfs",)),
    ("abfss", "AzureDataLakeArtifactDatasetSource", ("abfss",)),
)


class ArtifactDatasetSource(FileSystemDatasetSource):
    """Data at a URI with one of the schemes of artifact repositories."""

    _source_type: ClassVar[str]
    _schemes: ClassVar[tuple[str, ...]]

    def __init__(self, uri: str) -> None:
        """Keep the URI.

        Args:
            uri: Where the data is.
        """
        self._uri = uri

    @property
    def uri(self) -> str:
        """Where the data is."""
        return self._uri

    @classmethod
    def _get_source_type(cls) -> str:
        return cls._source_type

    def load(self, dst_path: str | None = None) -> str:
        """Return a local path of the data, downloading it if need be.

        Args:
            dst_path: A directory to download to. Without one, local data is not copied.
        """
        return download_artifacts(artifact_uri=self._uri, dst_path=dst_path)

    @classmethod
    def _can_resolve(cls, raw_source: Any) -> bool:
        if not isinstance(raw_source, (str, PathLike)):
            return False
        text = fspath(raw_source)
        if not isinstance(text, str) or text[1:3] == ":\\":
            return False
        return scheme_of(text) in cls._schemes

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        return cls(fspath(raw_source))

    def to_dict(self) -> dict[Any, Any]:
        """Return the URI."""
        return {"uri": self._uri}

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        """Return the source at a dictionary's URI."""
        uri = source_dict.get("uri")
        if uri is None:
            raise MlflowException.invalid_parameter_value(
                f'Failed to parse {cls.__name__}. Missing expected key: "uri"'
            )
        return cls(uri=uri)


ARTIFACT_DATASET_SOURCES: Final = tuple(
    type(
        name,
        (ArtifactDatasetSource,),
        {
            "__module__": __name__,
            "__doc__": f"Data at a URI of the source type {source_type!r}.",
            "_source_type": source_type,
            "_schemes": schemes,
        },
    )
    for source_type, name, schemes in _TABLE
)
"""One class for each row of the table."""

LocalArtifactDatasetSource: Final = ARTIFACT_DATASET_SOURCES[0]
"""Data on this machine."""
