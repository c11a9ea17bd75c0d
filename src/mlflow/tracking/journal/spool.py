"""Files that wait in a journal's folder for their upload, each in a folder of its own."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from mlflow._core.ids import new_uuid


class Spool:
    """Copies of files, so that their owner may change or delete them."""

    def __init__(self, folder: Path | None) -> None:
        """Remember the journal's folder; a temporary one serves where it has none."""
        self._folder = folder

    def place(self, name: str) -> Path:
        """Return a new path for a file with this name."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="headrace-"))
        folder = self._folder / "files" / new_uuid()
        folder.mkdir(mode=0o700, parents=True)
        return folder / name

    def copy(self, source: Path) -> Path:
        """Return a copy of a file."""
        target = self.place(source.name)
        shutil.copyfile(source, target)
        target.chmod(0o600)
        return target

    def move(self, name: str, folder: Path) -> None:
        """Move a file of the spool to a folder that outlives the journal."""
        path = self.find(name)
        if path is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(path.parent, folder)

    def name(self, path: Path) -> str:
        """Return what a file of the spool is called in the journal."""
        return f"{path.parent.name}/{path.name}"

    def find(self, name: str) -> Path | None:
        """Return a file of the spool, None when it is not there any more."""
        if self._folder is None:
            return None
        path = self._folder / "files" / name
        return path if path.exists() else None
