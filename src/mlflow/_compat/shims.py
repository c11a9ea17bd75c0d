"""What old paths offered and the house has no equal of: small, and only for those paths."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow._core.lazy import resolve
from mlflow._core.uri import local_path
from mlflow.models.location import fetch_model
from mlflow.tracking import stores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

_CODES: Final[dict[str, int]] = {
    name: value
    for name, value in vars(resolve("mlflow.exceptions:")).items()
    if name.isupper() and not name.startswith("_") and isinstance(value, int)
}


class ErrorCode:
    """The error codes in the form of a protobuf enum: names to numbers and back."""

    @staticmethod
    def Name(number: int) -> str:  # noqa: N802 - protobuf's name
        """Return the name of a code."""
        for name, value in _CODES.items():
            if value == number:
                return name
        raise ValueError(f"There is no error code {number!r}")

    @staticmethod
    def Value(name: str) -> int:  # noqa: N802 - protobuf's name
        """Return the number of a code."""
        if name not in _CODES:
            raise ValueError(f"There is no error code {name!r}")
        return _CODES[name]

    @staticmethod
    def keys() -> list[str]:
        """Return the names."""
        return list(_CODES)

    @staticmethod
    def values() -> list[int]:
        """Return the numbers."""
        return list(_CODES.values())

    @staticmethod
    def items() -> list[tuple[str, int]]:
        """Return names with numbers."""
        return list(_CODES.items())


class TempDir:
    """A temporary directory, as a context manager that can also be the working directory."""

    def __init__(self, chdr: bool = False, remove_on_exit: bool = True) -> None:
        self._chdr = chdr
        self._remove = remove_on_exit
        self._path: Path | None = None
        self._back: Path | None = None

    def __enter__(self) -> Self:
        self._path = Path(tempfile.mkdtemp()).resolve()
        if self._chdr:
            self._back = Path.cwd()
            os.chdir(self._path)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._back is not None:
            os.chdir(self._back)
        if self._remove and self._path is not None:
            shutil.rmtree(self._path)

    def path(self, *path: str) -> str:
        """Return a path below the directory; inside it, when that is the working directory."""
        if self._path is None:
            raise RuntimeError("enter the directory first: with TempDir() as tmp")
        return str(Path("." if self._chdr else self._path, *path))


def write_to(filename: str, data: str) -> None:
    """Write a text file."""
    Path(filename).write_text(data, "utf-8")


def path_to_local_file_uri(path: str) -> str:
    """Return the ``file:`` URI of a local path."""
    return Path(path).absolute().as_uri()


def local_file_uri_to_path(uri: str) -> str:
    """Return the local path that a ``file:`` URI or a path names."""
    return str(local_path(uri))


def download_artifact_from_uri(
    artifact_uri: str,
    output_path: str | None = None,
    lineage_header_info: dict[str, Any] | None = None,  # noqa: ARG001 - the old signature
    tracking_uri: str | None = None,
    registry_uri: str | None = None,  # noqa: ARG001 - the old signature
) -> str:
    """Return the local path of a model's or a run's files, copied only when that is asked for."""
    if tracking_uri is None:
        return str(fetch_model(artifact_uri, output_path).path)
    with use_tracking_uri(tracking_uri):
        return str(fetch_model(artifact_uri, output_path).path)


@contextmanager
def use_tracking_uri(uri: str) -> Iterator[None]:
    """Use another tracking URI inside the block."""
    before = stores.get_tracking_uri() if stores.is_tracking_uri_set() else None
    stores.set_tracking_uri(uri)
    try:
        yield
    finally:
        stores.set_tracking_uri(before or "")
