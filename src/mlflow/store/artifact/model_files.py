"""A model's files and its manifest: writing one down, and holding files to one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from mlflow._core.paths import join_path
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.contract import CHUNK
from mlflow.store.artifact.local_sources import source_files
from mlflow.store.entities.model_manifest import NOT_COVERED, ManifestFile, ModelManifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mlflow.store.artifact.contract import ArtifactFiles


def manifest_of(local: Path, path: str) -> ModelManifest:
    """Return the manifest of what is about to be logged.

    Args:
        local: A file or a folder of this machine; a missing one has no files.
        path: Where a file goes to, or a folder's content.
    """
    sources = source_files(local, path) if local.exists() else []
    return ModelManifest(
        {source.path: digested(source.file) for source in sources if source.file is not None}
    )


def digested(file: Path) -> ManifestFile:
    """Return size and digest of a file of this machine."""
    digest = hashlib.sha256()
    size = 0
    with file.open("rb") as source:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return ManifestFile(size, digest.hexdigest())


def find_fault(files: ArtifactFiles, root: str, manifest: ModelManifest) -> str | None:
    """Return what is wrong with a model's files; None when each is as its manifest says.

    Args:
        files: Where they lie.
        root: The model's folder there, "" for the root.
        manifest: What there must be, and nothing else.

    Raises:
        MlflowException: the files cannot be read now.
    """
    for path, wanted in sorted(manifest.files.items()):
        try:
            fault = _fault_of_file(files, join_path(root, path), wanted)
        except MlflowException as error:
            fault = _FAULTS.get(error.error_code)
            if fault is None:
                raise  # whoever keeps the files did not answer: nothing is known
        if fault is not None:
            return f"{path!r}: {fault}"
    for path in _iter_paths(files, root):
        inner = path[len(root) + 1 :] if root else path
        if inner not in manifest.files and inner not in NOT_COVERED:
            return f"{inner!r}: it is not among the files that were logged"
    return None


_FAULTS: Final = {
    "RESOURCE_DOES_NOT_EXIST": "it is missing",
    "DATA_LOSS": "it is damaged",
    "INVALID_PARAMETER_VALUE": "it is no file of this model",
}


def _fault_of_file(files: ArtifactFiles, path: str, wanted: ManifestFile) -> str | None:
    stat = files.stat(path)
    if stat.size != wanted.size:
        return f"it has {stat.size} bytes instead of {wanted.size}"
    found = stat.sha256 or _digest(files, path)
    return None if found == wanted.sha256 else f"its sha256 is {found}, not {wanted.sha256}"


def _digest(files: ArtifactFiles, path: str) -> str:
    digest = hashlib.sha256()
    with files.read(path) as reader:
        for chunk in reader:
            digest.update(chunk)
    return digest.hexdigest()


def _iter_paths(files: ArtifactFiles, folder: str) -> Iterator[str]:
    for info in files.list(folder):
        if info.is_dir:
            yield from _iter_paths(files, info.path)
        else:
            yield info.path
