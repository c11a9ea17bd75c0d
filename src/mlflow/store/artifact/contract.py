"""What a place of artifacts must be able to do; one class for each scheme implements it.

Paths are canonical relative paths (``mlflow._core.paths``); "" is the root. A file appears under
its path only when it is complete: a write that fails or is killed leaves nothing under the final
name, and replaces nothing. Every method may be called from several threads at once; of two writes
to one path the last one wins whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from mlflow.entities.file_info import FileInfo


class ArtifactFiles(Protocol):
    """Streams in, streams out, a listing, and deletion."""

    def writer(self, path: str) -> AbstractContextManager[BinaryIO]:
        """Open a file for writing; it appears when the block ends without an error.

        Args:
            path: Where to; folders on the way are made, a file that is there is replaced.
        """
        ...

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading.

        Raises:
            MlflowException: nothing is there (RESOURCE_DOES_NOT_EXIST), or no file.
        """
        ...

    def find(self, path: str) -> FileInfo | None:
        """Return what is at a path, None when nothing is."""
        ...

    def list(self, path: str) -> list[FileInfo]:
        """Return a folder's files and folders in the order of their paths.

        Args:
            path: The folder; a missing one and a file hold nothing.
        """
        ...

    def delete(self, path: str) -> None:
        """Delete a file or a folder with all it holds; nothing happens when nothing is there."""
        ...
