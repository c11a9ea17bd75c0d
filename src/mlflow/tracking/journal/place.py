"""Where journals lie: one folder for each process and tracking URI, below one folder of the user.

The owner holds a lock on its folder for as long as it lives, so that others can tell what a dead
process left. The tracking URI is kept without its password; a hash of it as it was says whom a
journal belongs to.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Final

from mlflow._core.clock import now_ms
from mlflow._core.ids import new_uuid
from mlflow._core.uri import is_local_uri, local_path, mask_password, scheme_of
from mlflow._core.variables import read
from mlflow.environment_variables import HEADRACE_JOURNAL_DIR

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator

_DESCRIPTION: Final = "journal.json"
_LOCK: Final = "owner.lock"
_HIDDEN: Final = ".new-"


def journal_root() -> Path:
    """Return the folder of all journals: ``HEADRACE_JOURNAL_DIR``, else one of the user's own."""
    chosen = HEADRACE_JOURNAL_DIR.get()
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        return Path(read("LOCALAPPDATA") or Path.home(), "headrace", "journal")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "headrace" / "journal"
    state = read("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "headrace" / "journal"


def rejects_path(name: str) -> Path:
    """Return the file of what stores refused of a journal; it outlives the journal."""
    return journal_root() / "rejects" / f"{name}.jsonl"


def full_uri(uri: str) -> str:
    """Return a tracking URI that means the same in every working directory."""
    if uri.startswith("offline:"):
        return f"offline:{Path(uri[8:]).expanduser().absolute()}"
    if is_local_uri(uri):
        return os.path.abspath(local_path(uri).expanduser())  # noqa: PTH100 - ".." resolves
    scheme = scheme_of(uri)
    path = uri[len(scheme) + 4 :]
    if scheme.startswith("sqlite") and uri[len(scheme) :].startswith(":///") and path:
        return f"{scheme}:///{Path(path).absolute()}"
    return uri


def _key(uri: str) -> str:
    return hashlib.sha256(full_uri(uri).encode(errors="surrogateescape")).hexdigest()


@dataclass(slots=True)
class Place:
    """The folder of one journal, locked by this process.

    Attributes:
        path: The folder.
        uri: The tracking URI without its password.
    """

    path: Path
    uri: str
    _key: str
    _descriptor: int

    @classmethod
    def create(cls, uri: str) -> Place:
        """Make a folder for this process.

        Raises:
            OSError: it cannot be made.
        """
        root = journal_root()
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = new_uuid()
        hidden, path = root / f"{_HIDDEN}{name}", root / name
        hidden.mkdir(mode=0o700)
        # Locked before it can be seen: nobody takes it for what a dead process left.
        place = cls(path, mask_password(full_uri(uri)), _key(uri), _lock(hidden / _LOCK))
        description = {
            "tracking_uri": place.uri,
            "uri_key": place._key,
            "host": socket.gethostname(),
            "process": os.getpid(),
            "created_ms": now_ms(),
        }
        file = hidden / _DESCRIPTION
        file.touch(mode=0o600)
        file.write_text(json.dumps(description, indent=1), encoding="utf-8")
        hidden.rename(path)
        return place

    @classmethod
    def take(cls, path: Path, uri: str | None = None) -> Place | None:
        """Take over what a dead process left.

        Args:
            path: The folder.
            uri: Only if it belongs to this tracking URI.

        Returns:
            None when it is no journal, is another URI's, or its owner lives.
        """
        try:
            known = json.loads((path / _DESCRIPTION).read_text(encoding="utf-8"))
            if uri is not None and known["uri_key"] != _key(uri):
                return None
            if hasattr(os, "getuid") and path.lstat().st_uid != os.getuid():
                return None  # nobody delivers in another one's name
            descriptor = _lock(path / _LOCK)
        except (OSError, ValueError, KeyError):
            return None
        place = cls(path, str(known.get("tracking_uri", "")), str(known["uri_key"]), descriptor)
        # Whoever held the lock before may have delivered everything and removed the folder.
        if not (path / _DESCRIPTION).exists():
            place.release()
            return None
        return place

    def belongs_to(self, uri: str) -> bool:
        """Return whether the journal was made for a tracking URI."""
        return self._key == _key(uri)

    def release(self) -> None:
        """Let others take the folder."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def remove(self) -> None:
        """Delete the folder and what is in it."""
        with suppress(OSError):
            (self.path / _DESCRIPTION).unlink()
        rmtree(self.path, ignore_errors=True)
        self.release()


def iter_journals(folder: Path) -> Iterator[Path]:
    """Yield the folders of journals: a folder itself, or those right below it, the oldest first."""
    if (folder / _DESCRIPTION).is_file():
        yield folder
        return
    try:
        found = [entry for entry in folder.iterdir() if (entry / _DESCRIPTION).is_file()]
    except OSError:
        return
    yield from sorted(found, key=lambda path: path.stat().st_mtime_ns)


def _lock(path: Path) -> int:
    """Return a file that is locked until it is closed; a child of a fork has to close it.

    Raises:
        OSError: another process holds the lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
