"""A model's files are held to its manifest: each file, byte for byte, and nothing beside them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mlflow.store.artifact.local_files import LocalFiles
from mlflow.store.artifact.model_files import find_fault, manifest_of

if TYPE_CHECKING:
    from pathlib import Path


def test_every_difference_is_found(tmp_path: Path) -> None:
    """A missing, longer, other or further file is a fault; a note of a client is none."""
    folder = tmp_path / "root" / "model"
    (folder / "data").mkdir(parents=True)
    (folder / "MLmodel").write_bytes(b"flavors")
    (folder / "data" / "weights").write_bytes(b"12345")
    manifest = manifest_of(folder, "")
    assert set(manifest.files) == {"MLmodel", "data/weights"}
    files = LocalFiles(tmp_path / "root")

    def fault() -> str | None:
        return find_fault(files, "model", manifest)

    assert fault() is None
    (folder / "registered_model_meta").write_text("note")
    assert fault() is None
    weights = folder / "data" / "weights"
    weights.write_bytes(b"12346")
    assert "sha256" in (fault() or "")
    weights.write_bytes(b"123456")
    assert "6 bytes" in (fault() or "")
    weights.unlink()
    assert fault() == "'data/weights': it is missing"
    weights.write_bytes(b"12345")
    (folder / "data" / "code.py").write_text("import os")
    assert "'data/code.py'" in (fault() or "")


def test_a_recorded_digest_is_not_believed_after_a_change(tmp_path: Path) -> None:
    """The destination's own digest is of the bytes that it was taken from, and of no others."""
    files = LocalFiles(tmp_path / "root")
    with files.create("model/a") as writer:
        writer.write(b"12345")
    manifest = manifest_of(tmp_path / "root" / "model", "")
    assert find_fault(files, "model", manifest) is None
    changed = tmp_path / "root" / "model" / "a"
    changed.write_bytes(b"54321")
    os.utime(changed, ns=(0, changed.stat().st_mtime_ns + 1))  # the clock of files is coarse
    assert "sha256" in (find_fault(files, "model", manifest) or "")
