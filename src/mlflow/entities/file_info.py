"""One entry of an artifact listing."""

from __future__ import annotations

from mlflow.entities._entity import ByValue, ReadOnly


class FileInfo(ByValue):
    """A file or a directory of artifacts, its path relative to the artifact root."""

    __slots__ = ("_bytes", "_is_dir", "_path")

    def __init__(self, path: str, is_dir: bool, file_size: int | None) -> None:
        self._path = path
        self._is_dir = is_dir
        self._bytes = file_size

    path = ReadOnly[str]("_path", "The path, relative to the artifact root.")
    is_dir = ReadOnly[bool]("_is_dir", "Whether it is a directory.")
    file_size = ReadOnly["int | None"]("_bytes", "The size in bytes; None for a directory.")
