"""Artifacts in a directory of this machine."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO, Final

from mlflow._core.paths import join_path, split_path
from mlflow.entities.file_info import FileInfo
from mlflow.exceptions import DATA_LOSS, INVALID_PARAMETER_VALUE, MlflowException
from mlflow.store.artifact.copying import copy_descriptor
from mlflow.store.artifact.errors import explained, explained_while_writing, refused
from mlflow.store.artifact.folders import Folder, Staged, is_temporary, opened

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mlflow.store.artifact.local_sources import SourceFile
    from mlflow.store.artifact.progress import Progress

_BATCH: Final = 64  # files open at once
_SYNCHRONIZERS: Final = 8


class LocalFiles:
    """The files below one directory; see ``contract.ArtifactFiles`` for what holds.

    Bytes and names are on the disk when a write returns. Symbolic links below the directory are
    neither followed nor listed; the directory itself may be one.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def _folder(self, path: str, *, create: bool = False) -> Iterator[Folder]:
        with ExitStack() as stack:
            folder = stack.enter_context(opened(self.root, create=create))
            for name in path.split("/") if path else ():
                folder = stack.enter_context(folder.enter(name, create=create))
            yield folder

    @contextmanager
    def writer(self, path: str) -> Iterator[BinaryIO]:
        """Open a file for writing; it appears when the block ends without an error."""
        folder_path, name = _target(path)
        with ExitStack() as stack:
            with explained("write artifact", path):
                folder = stack.enter_context(self._folder(folder_path, create=True))
                _refuse_folder(folder, name, path)
            with explained_while_writing(path), folder.stage(name) as file:
                yield file
            with explained("write artifact", path):
                folder.sync()

    def put(self, sources: Sequence[SourceFile], progress: Progress) -> None:
        """Copy files of this machine.

        Each folder is synchronized once, and files are synchronized together: the disk then
        commits many of them in one go.

        Args:
            sources: Files and where to put them; a source without a file is an empty folder.
            progress: Told how many bytes were copied.
        """
        for source in sources:
            _target(source.path)
        ordered = sorted(sources, key=_folder_of)
        with ThreadPoolExecutor(_SYNCHRONIZERS, "artifact-sync") as pool:
            for folder_path, group in groupby(ordered, key=_folder_of):
                with (
                    explained("write artifacts to", folder_path or str(self.root)),
                    self._folder(folder_path, create=True) as folder,
                ):
                    members = list(group)
                    for start in range(0, len(members), _BATCH):
                        _put_batch(folder, members[start : start + _BATCH], progress, pool)
                    folder.sync()

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading."""
        folder_path, name = split_path(path)
        with explained("read artifact", path), self._folder(folder_path) as folder:
            return folder.open(name)

    def find(self, path: str) -> FileInfo | None:
        """Return what is at a path, None when nothing is."""
        if not path:
            return FileInfo("", is_dir=True, file_size=None) if self.root.is_dir() else None
        folder_path, name = split_path(path)
        try:
            with self._folder(folder_path) as folder:
                found = folder.stat(name)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise refused("read artifact", path, error) from error
        return _file_info(path, found)

    def list(self, path: str) -> list[FileInfo]:
        """Return a folder's files and folders in the order of their paths."""
        try:
            with self._folder(path) as folder:
                infos = [
                    _file_info(join_path(path, entry.name), found)
                    for entry in folder.entries()
                    if (found := _stat_if_there(entry)) is not None
                ]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise refused("list artifacts of", path, error) from error
        return sorted((info for info in infos if info is not None), key=lambda info: info.path)

    def delete(self, path: str) -> None:
        """Delete a file or a folder with all it holds; nothing happens when nothing is there."""
        try:
            if not path:
                with opened(self.root.parent) as parent:
                    parent.remove(self.root.name)
                    parent.sync()
                return
            folder_path, name = split_path(path)
            with self._folder(folder_path) as folder:
                folder.remove(name)
                folder.sync()
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise refused("delete artifact", path, error) from error

    def fetch(self, path: str, target: Path, progress: Progress) -> None:
        """Copy a file to a place outside; it appears there only when it is complete.

        Args:
            path: The file.
            target: The new file; its directory exists.
            progress: Told how many bytes were copied.
        """
        with (
            self.open(path) as source,
            explained("write", str(target)),
            opened(target.parent) as folder,
        ):
            staged = folder.stage(target.name)
            try:
                copy_descriptor(source.fileno(), staged.file.fileno(), progress=progress.add)
                staged.publish()
            except BaseException:
                staged.discard()
                raise


def _folder_of(source: SourceFile) -> str:
    return split_path(source.path)[0]


def _put_batch(
    folder: Folder, batch: Sequence[SourceFile], progress: Progress, pool: ThreadPoolExecutor
) -> None:
    staged: list[Staged] = []
    try:
        for source in batch:
            name = split_path(source.path)[1]
            if source.file is None:
                with folder.enter(name, create=True):
                    continue
            staged.append(_stage_copy(folder, name, source, progress))
        if len(staged) > 1:
            list(pool.map(Staged.sync, staged))
        else:
            for file in staged:
                file.sync()
        for file in staged:
            file.publish()
    except BaseException:
        for file in staged:
            file.discard()
        raise


def _stage_copy(folder: Folder, name: str, source: SourceFile, progress: Progress) -> Staged:
    _refuse_folder(folder, name, source.path)
    with source.open() as opened_source:
        staged = folder.stage(name, executable=bool(opened_source.mode & stat.S_IXUSR))
        try:
            copied = copy_descriptor(
                opened_source.descriptor, staged.file.fileno(), progress=progress.add
            )
            _require_whole(source, copied, opened_source.size)
        except BaseException:
            staged.discard()
            raise
    return staged


def _require_whole(source: SourceFile, copied: int, size: int) -> None:
    if copied < size:
        raise MlflowException(
            f"{str(source.file)!r} shrank from {size} to {copied} bytes while it was copied; it "
            "was not logged.",
            DATA_LOSS,
        )


def _target(path: str) -> tuple[str, str]:
    folder_path, name = split_path(path)
    if not name or is_temporary(name):
        raise MlflowException(
            f"{path!r} cannot be the name of an artifact: names like it are used while files are "
            "being written.",
            INVALID_PARAMETER_VALUE,
        )
    return folder_path, name


def _refuse_folder(folder: Folder, name: str, path: str) -> None:
    try:
        found = folder.stat(name)
    except FileNotFoundError:
        return
    if stat.S_ISDIR(found.st_mode):
        raise MlflowException(
            f"Cannot write artifact {path!r}: a folder of that name is there. Choose another name "
            "or delete the folder.",
            INVALID_PARAMETER_VALUE,
        )


def _stat_if_there(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None


def _file_info(path: str, found: os.stat_result) -> FileInfo | None:
    """Return an entry of a listing; None for a link or a special file."""
    if stat.S_ISDIR(found.st_mode):
        return FileInfo(path, is_dir=True, file_size=None)
    if stat.S_ISREG(found.st_mode):
        return FileInfo(path, is_dir=False, file_size=found.st_size)
    return None
