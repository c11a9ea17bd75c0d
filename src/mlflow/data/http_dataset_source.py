"""Sources at a web address."""

from __future__ import annotations

import posixpath
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from mlflow._core.paths import relative_path
from mlflow.data.dataset_source import DatasetSource
from mlflow.exceptions import INVALID_PARAMETER_VALUE, IO_ERROR, MlflowException
from mlflow.store.artifact.artifact_repo import download_folder
from mlflow.store.artifact.copying import copy_stream
from mlflow.store.artifact.folders import opened
from mlflow.store.artifact.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

_FILE_NAME: Final = re.compile(r"filename=([^;]+)", re.IGNORECASE)
_DEFAULT_NAME: Final = "dataset_source"
_TIMEOUT_SECONDS: Final = 60
_OK: Final = 200


class HTTPDatasetSource(DatasetSource):
    """Data at an ``http:`` or ``https:`` address."""

    def __init__(self, url: str) -> None:
        """Keep the address.

        Args:
            url: Where the data is.
        """
        self._url = url

    @property
    def url(self) -> str:
        """Where the data is."""
        return self._url

    @staticmethod
    def _get_source_type() -> str:
        return "http"

    def load(self, dst_path: str | None = None) -> str:
        """Download the data and return the file's path.

        The file is named by the answer or by the address, never placed outside the directory, and
        appears when it is complete.

        Args:
            dst_path: An existing directory to download to; a new temporary one by default.

        Raises:
            MlflowException: the server did not answer with the data.
        """
        import urllib3  # noqa: PLC0415 - only needed to download

        folder = download_folder(dst_path) if dst_path else Path(tempfile.mkdtemp())
        try:
            with urllib3.PoolManager().request(
                "GET", self._url, preload_content=False, timeout=_TIMEOUT_SECONDS
            ) as answer:
                if answer.status != _OK:
                    raise MlflowException(
                        f"The dataset at {self._url!r} was not downloaded: the server answered "
                        f"{answer.status} {answer.reason}.",
                        IO_ERROR,
                    )
                name = self._file_name(answer.headers)
                total = int(answer.headers.get("Content-Length") or 0)
                with (
                    Progress("Downloading dataset", total) as progress,
                    opened(folder) as place,
                    place.stage(name) as file,
                ):
                    copy_stream(answer, file, progress=progress.add)
        except urllib3.exceptions.HTTPError as error:
            raise MlflowException(
                f"The dataset at {self._url!r} was not downloaded: {error}", IO_ERROR
            ) from error
        return str(Path(dst_path) / name if dst_path else folder / name)

    def _file_name(self, headers: Mapping[str, str]) -> str:
        match = _FILE_NAME.search(headers.get("Content-Disposition") or "")
        if match:
            given = match.group(1).strip().strip("\"'")
            if not _is_name(given):
                raise MlflowException(
                    f"Invalid filename in Content-Disposition header: {given}. It must be a file "
                    "name, not a path.",
                    INVALID_PARAMETER_VALUE,
                )
            return given
        from_url = posixpath.basename(unquote(urlsplit(self._url).path))
        return from_url if _is_name(from_url) else _DEFAULT_NAME

    @staticmethod
    def _can_resolve(raw_source: Any) -> bool:
        if not isinstance(raw_source, str):
            return False
        try:
            return urlsplit(raw_source).scheme in ("http", "https")
        except ValueError:
            return False

    @classmethod
    def _resolve(cls, raw_source: Any) -> Self:
        return cls(raw_source)

    def to_dict(self) -> dict[Any, Any]:
        """Return the address."""
        return {"url": self._url}

    @classmethod
    def from_dict(cls, source_dict: dict[Any, Any]) -> Self:
        """Return the source at a dictionary's address."""
        url = source_dict.get("url")
        if url is None:
            raise MlflowException.invalid_parameter_value(
                f'Failed to parse {cls.__name__}. Missing expected key: "url"'
            )
        return cls(url=url)


def _is_name(text: str) -> bool:
    """Return whether a text that a server chose is one plain file name."""
    try:
        return bool(text) and "/" not in text and relative_path(text) == text
    except MlflowException:
        return False
