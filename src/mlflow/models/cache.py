"""Downloaded models, kept on this machine by the digest of all their files.

A model whose files have a manifest is fetched once for all processes of a user. It is verified
against the manifest when it is filled in; when it is used, sizes and times must be what they were
then. A folder appears whole or not at all. What was not used for longest goes when the limit is
reached, but nothing that a running process has loaded.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlflow._core.clock import now_ms
from mlflow._core.variables import read
from mlflow.environment_variables import HEADRACE_MODEL_CACHE_BYTES, HEADRACE_MODEL_CACHE_DIR
from mlflow.exceptions import DATA_LOSS, MlflowException
from mlflow.store.artifact.model_files import digested
from mlflow.store.entities.model_manifest import NOT_COVERED, ModelManifest

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable

_FILES: Final = "files"
_STAMP: Final = "stamp.json"
_LOCK: Final = "lock"
_NEW: Final = ".new-"
_TRIES: Final = 3
_LEFT_OVER_MS: Final = 24 * 60 * 60 * 1000


def cached(manifest: ModelManifest, download: Callable[[Path], object]) -> Path | None:
    """Return a folder with a model's files; None where the cache is off or too small for them.

    Args:
        manifest: What the files must be.
        download: Fetches them into a folder.

    Raises:
        MlflowException: DATA_LOSS where what was fetched is not what the manifest says; an error
            where other users can write to the cache.
    """
    size = sum(file.size for file in manifest.files.values())
    if not manifest.files or size > HEADRACE_MODEL_CACHE_BYTES.get():
        return None
    root = _private_root()
    entry = root / manifest.digest
    for _ in range(_TRIES):
        if _hold(entry) and _is_whole(entry):
            os.utime(entry)
            return entry / _FILES
        _fill(entry, manifest, download)
        _evict(root, entry)
    raise MlflowException(f"The cache of models in {root} changes while it is used")


def _private_root() -> Path:
    root = _root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = root.lstat()
    is_own = sys.platform == "win32" or (found.st_uid == os.geteuid() and not found.st_mode & 0o077)
    if not stat.S_ISDIR(found.st_mode) or not is_own:
        raise MlflowException(
            f"The cache of models {root} must be a folder that only its user can reach (mode 0700):"
            " whoever else can write to it decides which code is loaded. Correct that, or name"
            f" another folder in {HEADRACE_MODEL_CACHE_DIR.name}."
        )
    return root


def _root() -> Path:
    chosen = HEADRACE_MODEL_CACHE_DIR.get()
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        return Path(read("LOCALAPPDATA") or Path.home(), "headrace", "models")
    base = read("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "headrace" / "models"


def _hold(entry: Path) -> bool:
    """Keep an entry as long as this process lives; return whether it is there."""
    try:
        is_same = os.fstat(_locked(entry)).st_ino == (entry / _LOCK).stat().st_ino
    except FileNotFoundError:
        return False
    if not is_same:  # it went and came again
        _locked.cache_clear()
        return _hold(entry)
    return True


@cache
def _locked(entry: Path) -> int:
    descriptor = os.open(entry / _LOCK, os.O_RDONLY)
    if sys.platform != "win32":
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def _is_whole(entry: Path) -> bool:
    try:
        wanted = json.loads((entry / _STAMP).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return False
    return bool(wanted == _stamp(entry / _FILES))


def _stamp(folder: Path) -> dict[str, list[int]]:
    found = {}
    for path in folder.rglob("*"):
        about = path.lstat()
        if not stat.S_ISDIR(about.st_mode):
            is_file = stat.S_ISREG(about.st_mode)
            name = path.relative_to(folder).as_posix()
            found[name] = [about.st_size if is_file else -1, about.st_mtime_ns]
    return found


def _fill(entry: Path, manifest: ModelManifest, download: Callable[[Path], object]) -> None:
    new = Path(tempfile.mkdtemp(prefix=_NEW, dir=entry.parent))
    try:
        files = new / _FILES
        files.mkdir(mode=0o700)
        download(files)
        _verify(files, manifest)
        (new / _STAMP).write_text(json.dumps(_stamp(files)), "utf-8")
        (new / _LOCK).touch()
        for path in new.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o400)
        if entry.exists() and not _is_whole(entry):
            _put_away(entry)
        new.rename(entry)
    except OSError:
        if not entry.exists():  # else another process was first
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _put_away(entry: Path) -> None:
    gone = Path(tempfile.mkdtemp(prefix=_NEW, dir=entry.parent))
    try:
        entry.rename(gone / entry.name)
    finally:
        shutil.rmtree(gone, ignore_errors=True)


def _verify(folder: Path, manifest: ModelManifest) -> None:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name in found & NOT_COVERED - manifest.files.keys():
        (folder / name).unlink()
    wrong = sorted((found - NOT_COVERED) ^ (manifest.files.keys() - NOT_COVERED))
    wrong += [
        name
        for name in sorted(found & manifest.files.keys())
        if digested(folder / name) != manifest.files[name]
    ]
    if wrong:
        raise MlflowException(
            f"The model's files are not those that were logged: {', '.join(wrong[:5])}", DATA_LOSS
        )


def _evict(root: Path, keep: Path) -> None:
    """Remove what was not used for longest, down to the limit, and what crashes left."""
    entries = []
    for path in root.iterdir():
        if not path.name.startswith(_NEW):
            entries.append((path.stat().st_mtime, path))
        elif path.stat().st_mtime * 1000 < now_ms() - _LEFT_OVER_MS:
            shutil.rmtree(path, ignore_errors=True)
    sizes = {path: sum(size for size, _ in _stamp(path / _FILES).values()) for _, path in entries}
    total = sum(sizes.values())
    for _, path in sorted(entries):
        if total <= HEADRACE_MODEL_CACHE_BYTES.get():
            return
        if path != keep and _remove(path):
            total -= sizes[path]


def _remove(entry: Path) -> bool:
    """Remove an entry that no process has loaded."""
    try:
        descriptor = os.open(entry / _LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _put_away(entry)
    except OSError:  # in use, or another process was first
        return False
    finally:
        os.close(descriptor)
    return True
