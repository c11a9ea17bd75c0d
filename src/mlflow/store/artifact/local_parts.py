"""Uploads in parts to a directory: the parts are files in a hidden folder until they are joined.

An upload is a folder ``.headrace-uploads.part/<id>`` at the destination's root. A part's name says
its number, size and digest, so that a listing is all that another process needs to go on.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Final

from mlflow.store.artifact.contract import CHUNK, FileStat, Part
from mlflow.store.artifact.errors import explained, explained_while_writing
from mlflow.store.artifact.upload_ids import (
    UPLOADS,
    counted,
    matched_parts,
    new_upload_id,
    no_such_upload,
    require_number,
    require_upload_id,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from typing_extensions import Buffer

    from mlflow.store.artifact.contract import Writer
    from mlflow.store.artifact.folders import Folder

_PART: Final = re.compile(r"([0-9]{5})-([0-9]+)-([0-9a-f]{64})")


class LocalParts:
    """Uploads in parts below one directory; see ``contract.Multipart`` for what holds."""

    part_size: Final = 64 * 1024 * 1024
    most_parts: Final = 10_000

    def __init__(
        self,
        staging: Callable[[], AbstractContextManager[Folder]],
        create: Callable[..., Writer],
    ) -> None:
        """Remember how to reach the destination.

        Args:
            staging: Opens the hidden folder, making it if it is missing.
            create: ``contract.ArtifactFiles.create`` of the destination.
        """
        self._staging = staging
        self._create = create

    def begin(self, path: str, *, sha256: str | None = None) -> str:  # noqa: ARG002 - the interface
        """Begin an upload and return its id."""
        upload_id = new_upload_id(path)
        with (
            explained("write artifact", path),
            self._staging() as staging,
            staging.enter(upload_id, create=True),
        ):
            return upload_id

    def write_part(
        self, path: str, upload_id: str, number: int, chunks: Iterable[Buffer], *, size: int
    ) -> Part:
        """Store a part; one with the same number is replaced."""
        require_number(number, self.most_parts)
        with self._upload(path, upload_id) as folder:
            with explained("write artifact", path):
                staged = folder.stage(str(number))
            try:
                with explained_while_writing(path):
                    digest = _written(path, staged.file, chunks, size)
                with explained("write artifact", path):
                    staged.sync()
                    older = [name for name, part in _parts(folder) if part.number == number]
                    part = Part(number, size, digest, digest)
                    staged.publish(name=_name(part))
            except BaseException:
                staged.discard()
                raise
            for name in older:
                if name != _name(part):
                    folder.discard(name)
            return part

    def list_parts(self, path: str, upload_id: str) -> list[Part]:
        """Return the parts that are stored, ordered by number."""
        with self._upload(path, upload_id) as folder:
            return sorted(part for _, part in _parts(folder))

    def complete(
        self, path: str, upload_id: str, parts: Sequence[Part], *, sha256: str | None = None
    ) -> FileStat:
        """Let the file appear, made of parts in the order of their numbers."""
        with self._upload(path, upload_id) as folder:
            found = matched_parts(path, parts, [part for _, part in _parts(folder)])
            total = sum(part.size for part in found)
            with self._create(path, size=total, sha256=sha256) as writer:
                for part in found:
                    with folder.open(_name(part)) as file:
                        while chunk := file.read(CHUNK):
                            writer.write(chunk)
                stat = writer.commit()
        self.abort(path, upload_id)
        return stat

    def abort(self, path: str, upload_id: str) -> None:
        """Forget an upload and its parts; nothing happens when there is none."""
        require_upload_id(path, upload_id)
        with (
            explained("delete artifact", path),
            self._staging() as staging,
            suppress(FileNotFoundError),
        ):
            staging.remove(upload_id)

    def clean(self, *, before_ms: int) -> int:
        """Forget the uploads that nothing was added to since a time, and return how many."""
        with explained("clean", UPLOADS), self._staging() as staging:
            stale = [
                entry.name
                for entry in staging.entries()
                if entry.stat(follow_symlinks=False).st_mtime_ns < before_ms * 1_000_000
            ]
            for name in stale:
                with suppress(FileNotFoundError):
                    staging.remove(name)
        return len(stale)

    @contextmanager
    def _upload(self, path: str, upload_id: str) -> Iterator[Folder]:
        require_upload_id(path, upload_id)
        with ExitStack() as stack:
            with explained("write artifact", path):
                staging = stack.enter_context(self._staging())
                try:
                    folder = stack.enter_context(staging.enter(upload_id))
                except FileNotFoundError:
                    raise no_such_upload(path, upload_id) from None
            yield folder


def _name(part: Part) -> str:
    return f"{part.number:05}-{part.size}-{part.etag}"


def _parts(folder: Folder) -> Iterator[tuple[str, Part]]:
    """Yield the names of the parts that are whole, and what they say."""
    for entry in folder.entries():
        match = _PART.fullmatch(entry.name)
        if match is None:
            continue
        number, size, digest = match.groups()
        if entry.stat(follow_symlinks=False).st_size == int(size):
            yield entry.name, Part(int(number), int(size), digest, digest)


def _written(path: str, file: BinaryIO, chunks: Iterable[Buffer], size: int) -> str:
    """Write a part's bytes and return their digest."""
    digest = hashlib.sha256()
    for chunk in counted(path, chunks, size):
        digest.update(chunk)
        file.write(chunk)
    return digest.hexdigest()
