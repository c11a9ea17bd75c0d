"""Archives of folders: written, and taken apart by the one extractor of the package.

What an archive may do is little: regular files and folders below the target, as much as the archive
is allowed to grow. Links, devices and names that lead elsewhere stop it before anything is written.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

_RATIO: Final = 20  # how much larger than the archive its content may be
_SMALL: Final = 60 << 20  # bytes of content that any archive may have
_CHUNK: Final = 1 << 20
_TOO_LARGE: Final = "The archive's content is far larger than the archive: not extracted"
_WINDOWS_DRIVE: Final = ":"


class _Member(NamedTuple):
    name: str
    size: int
    is_folder: bool
    open: Callable[[], Any]


def archive_directory(input_dir: str | os.PathLike[str], archive_file_path: str) -> str:
    """Write a folder's content into a gzipped tar archive; return the archive's absolute path.

    Args:
        input_dir: The folder.
        archive_file_path: The archive.
    """
    target = Path(archive_file_path).absolute()
    with tarfile.open(target, "w:gz") as archive:
        for path in sorted(Path(input_dir).iterdir()):
            archive.add(path, arcname=path.name)
    return str(target)


def extract_archive_to_dir(archive_path: str | os.PathLike[str], dest_dir: str) -> str:
    """Take a tar or zip archive apart into a folder; return the folder.

    Args:
        archive_path: The archive.
        dest_dir: The folder; it is made.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where a member would be written elsewhere, is a
            link or a device, or the content is far larger than the archive. Nothing of the archive
            stays then.
    """
    source, target = Path(archive_path), Path(dest_dir)
    limit = max(_SMALL, source.stat().st_size * _RATIO)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target) as place:
        staging = Path(place) / "content"
        staging.mkdir()
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                _write(_zip_members(archive), staging, limit)
        else:
            with tarfile.open(source) as tar:
                _write(_tar_members(tar), staging, limit)
        shutil.copytree(staging, target, dirs_exist_ok=True)
    return str(dest_dir)


def _refused(what: str) -> MlflowException:
    return MlflowException.invalid_parameter_value(what)


def _tar_members(archive: tarfile.TarFile) -> Iterable[_Member]:
    for member in archive:
        if not (member.isreg() or member.isdir()):
            raise _refused(f"The archive's member {member.name!r} is a link or a device")
        yield _Member(
            member.name,
            member.size,
            member.isdir(),
            lambda member=member: archive.extractfile(member),  # type: ignore[misc]  # bound now
        )


def _zip_members(archive: zipfile.ZipFile) -> Iterable[_Member]:
    for info in archive.infolist():
        kind = info.external_attr >> 28  # the file type of POSIX modes
        if kind not in (0, 4, 8):
            raise _refused(f"The archive's member {info.filename!r} is a link or a device")
        yield _Member(
            info.filename,
            info.file_size,
            info.is_dir(),
            lambda info=info: archive.open(info),  # type: ignore[misc]  # bound now
        )


def _write(members: Iterable[_Member], folder: Path, limit: int) -> None:
    written = 0
    for member in members:
        path = _place(member.name, folder)
        if member.is_folder:
            path.mkdir(parents=True, exist_ok=True)
            continue
        if written + member.size > limit:
            raise _refused(_TOO_LARGE)
        path.parent.mkdir(parents=True, exist_ok=True)
        written += _copy(member, path, limit - written)


def _copy(member: _Member, path: Path, limit: int) -> int:
    written = 0
    try:
        target = path.open("xb")
    except OSError as error:
        raise _refused(f"The archive has {member.name!r} twice: {error.strerror}") from error
    with member.open() as source, target:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > limit:
                raise _refused(_TOO_LARGE)
            target.write(chunk)
    return written


def _place(name: str, folder: Path) -> Path:
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or _WINDOWS_DRIVE in name or "\0" in name:
        raise _refused(
            f"Escaped path destination in the archive file is not allowed, but got path {name}."
        )
    return folder.joinpath(*parts.parts)
