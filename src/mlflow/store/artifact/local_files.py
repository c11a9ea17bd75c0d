"""Artifacts in a directory of this machine."""

from __future__ import annotations

import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from heapq import nsmallest
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO, Final

from mlflow._core.paths import join_path, split_path
from mlflow.entities.file_info import FileInfo
from mlflow.exceptions import (
    DATA_LOSS,
    INVALID_PARAMETER_VALUE,
    MlflowException,
)
from mlflow.store.artifact.contract import CHUNK, PAGE, FileStat, Page
from mlflow.store.artifact.copying import copy_descriptor
from mlflow.store.artifact.errors import explained, explained_while_writing, refused
from mlflow.store.artifact.folders import Folder, Staged, opened
from mlflow.store.artifact.local_parts import LocalParts
from mlflow.store.artifact.local_stat import file_stat, record_digest
from mlflow.store.artifact.streams import (
    CheckedReader,
    CheckedWriter,
    checked_range,
    no_such_artifact,
    require_visible,
)
from mlflow.store.artifact.upload_ids import UPLOADS

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from typing_extensions import Buffer

    from mlflow.store.artifact.local_sources import SourceFile
    from mlflow.store.artifact.progress import Progress

_BATCH: Final = 64  # files open at once
_SYNCHRONIZERS: Final = 8


class LocalFiles:
    """The files below one directory; see ``contract.ArtifactFiles`` for what holds.

    Bytes and names are on the disk when a write returns. Symbolic links below the directory are
    neither followed nor listed; the directory itself may be one.
    """

    presigner: Final = None

    def __init__(self, root: Path) -> None:
        self.root = root
        self.uri = str(root)
        self.multipart = LocalParts(self._staging, self.create)

    @contextmanager
    def _staging(self) -> Iterator[Folder]:
        with opened(self.root, create=True) as root, root.enter(UPLOADS, create=True) as folder:
            yield folder

    @contextmanager
    def _folder(self, path: str, *, create: bool = False) -> Iterator[Folder]:
        require_visible(path)
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
        folder_path, name = _target(path)
        with explained("read artifact", path), self._folder(folder_path) as folder:
            return folder.open(name)

    def create(
        self, path: str, *, size: int | None = None, sha256: str | None = None
    ) -> CheckedWriter:
        """Begin a file; it appears when the writer is committed."""
        folder_path, name = _target(path)
        sink = _LocalSink(path, self._folder(folder_path, create=True), name)
        return CheckedWriter(path, sink, size=size, sha256=sha256)

    def read(self, path: str, *, start: int = 0, stop: int | None = None) -> CheckedReader:
        """Open a file for reading."""
        file = self.open(path)
        try:
            found = file_stat(path, file.fileno())
            first, end = checked_range(found, start, stop)
            file.seek(first)
        except BaseException:
            file.close()
            raise
        return CheckedReader(
            found, _chunks(file, end - first), start=first, stop=end, close=file.close
        )

    def stat(self, path: str) -> FileStat:
        """Return what is known of a file."""
        found = self.find(path)
        if found is None or found.is_dir:
            raise no_such_artifact(path)
        with self.open(path) as file:
            return file_stat(path, file.fileno())

    def find(self, path: str) -> FileInfo | None:
        """Return what is at a path, None when nothing is."""
        if not path:
            return FileInfo("", is_dir=True, file_size=None) if self.root.is_dir() else None
        folder_path, name = _target(path)
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
        return self.list_page(path, limit=sys.maxsize).entries

    def list_page(self, path: str, *, token: str | None = None, limit: int = PAGE) -> Page:
        """Return some of a folder's files and folders in the order of their paths."""
        try:
            with self._folder(path) as folder:
                return _page(folder, path, token or "", limit)
        except (FileNotFoundError, NotADirectoryError):
            return Page([], None)
        except OSError as error:
            raise refused("list artifacts of", path, error) from error

    def delete(self, path: str) -> None:
        """Delete a file or a folder with all it holds; nothing happens when nothing is there."""
        try:
            if not path:
                with opened(self.root.parent) as parent:
                    parent.remove(self.root.name)
                    parent.sync()
                return
            folder_path, name = _target(path)
            with self._folder(folder_path) as folder:
                folder.remove(name)
                folder.sync()
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise refused("delete artifact", path, error) from error

    def clean(self, *, before_ms: int) -> int:
        """Delete what writes and uploads that were begun before a time left behind."""
        if not self.root.is_dir():
            return 0
        with explained("clean", str(self.root)), opened(self.root) as root:
            return self.multipart.clean(before_ms=before_ms) + root.discard_temporary(before_ms)

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


class _LocalSink:
    """A file under a temporary name in the folder where it will appear."""

    def __init__(self, path: str, folder: AbstractContextManager[Folder], name: str) -> None:
        self._path = path
        self._stack = ExitStack()
        with self._stack, explained("write artifact", path):
            self._folder = self._stack.enter_context(folder)
            _refuse_folder(self._folder, name, path)
            self._staged = self._folder.stage(name)
            self._stack = self._stack.pop_all()

    def write(self, chunk: Buffer) -> None:
        with explained("write artifact", self._path):
            self._staged.file.write(chunk)

    def commit(self, size: int, sha256: str) -> FileStat:  # noqa: ARG002 - the interface
        with explained("write artifact", self._path):
            self._staged.sync()
            record_digest(self._staged.file.fileno(), sha256)
            found = file_stat(self._path, self._staged.file.fileno())
            self._staged.publish()
            self._folder.sync()
        self._stack.close()
        return found

    def abort(self) -> None:
        self._staged.discard()
        self._stack.close()


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
    folder_path, name = split_path(require_visible(path))
    if not name:
        raise MlflowException.invalid_parameter_value("An artifact has a name; this is a folder.")
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


def _page(folder: Folder, path: str, after: str, limit: int) -> Page:
    entries = (entry for entry in folder.entries() if entry.name > after)
    chosen = nsmallest(limit + 1, entries, key=lambda entry: entry.name)
    more = len(chosen) > limit
    infos = [
        _file_info(join_path(path, entry.name), found)
        for entry in chosen[:limit]
        if (found := _stat_if_there(entry)) is not None
    ]
    return Page(
        [info for info in infos if info is not None], chosen[limit - 1].name if more else None
    )


def _stat_if_there(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None


def _chunks(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (chunk := file.read(min(size, CHUNK))):
        size -= len(chunk)
        yield chunk


def _file_info(path: str, found: os.stat_result) -> FileInfo | None:
    """Return an entry of a listing; None for a link or a special file."""
    if stat.S_ISDIR(found.st_mode):
        return FileInfo(path, is_dir=True, file_size=None)
    if stat.S_ISREG(found.st_mode):
        return FileInfo(path, is_dir=False, file_size=found.st_size)
    return None
