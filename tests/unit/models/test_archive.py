"""Archives: what may not come out of one, by every way in."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from mlflow.exceptions import MlflowException
from mlflow.models.archive import archive_directory, extract_archive_to_dir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_OUTSIDE = ("../x", "/x", "a/../../x", "..\\x", "C:\\x")


def test_a_folder_comes_back(tmp_path: Path) -> None:
    """What is archived is extracted: files, folders, their content."""
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "file").write_text("text")
    archive = archive_directory(tmp_path / "in", str(tmp_path / "a.tar.gz"))
    assert extract_archive_to_dir(archive, str(tmp_path / "out")) == str(tmp_path / "out")
    assert (tmp_path / "out" / "deep" / "file").read_text() == "text"


def _tar(path: Path, fill: Callable[[tarfile.TarFile], None]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        fill(archive)
    return path


def _member(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


def _refused(archive: Path, place: Path) -> None:
    target = place / "room" / "out"
    with pytest.raises(MlflowException):
        extract_archive_to_dir(archive, str(target))
    assert [path for path in place.rglob("*") if path.is_file()] == [archive]
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("name", _OUTSIDE)
def test_nothing_is_written_outside(tmp_path: Path, name: str) -> None:
    """A name that leads elsewhere stops the archive, tar or zip, and nothing of it stays."""

    def fill(archive: tarfile.TarFile) -> None:
        archive.addfile(_member("good"), io.BytesIO())
        archive.addfile(_member(name), io.BytesIO())

    _refused(_tar(tmp_path / "a.tar.gz", fill), tmp_path)
    (tmp_path / "a.tar.gz").unlink()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("good", "x")
        archive.writestr(name, "x")
    _refused(tmp_path / "a.zip", tmp_path)


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    """Only files and folders come out of an archive."""
    _refused(_tar(tmp_path / "a.tar.gz", lambda tar: tar.addfile(_member("x", kind))), tmp_path)


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    """The mode of a member of a zip archive may say that it is a link."""
    info = zipfile.ZipInfo("x")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    _refused(tmp_path / "a.zip", tmp_path)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    """Content far larger than the archive stops it, whatever sizes its members claim."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(7):
            archive.writestr(str(place), b"\0" * (10 << 20))
    _refused(tmp_path / "a.zip", tmp_path)


def test_a_member_twice_is_refused(tmp_path: Path) -> None:
    """A second member of one name does not overwrite the first."""

    def fill(archive: tarfile.TarFile) -> None:
        archive.addfile(_member("x"), io.BytesIO())
        archive.addfile(_member("x"), io.BytesIO())

    _refused(_tar(tmp_path / "a.tar.gz", fill), tmp_path)
