"""A wheel of the running Headrace, for environments in which a model asks for mlflow.

A model's requirements name ``mlflow``; from an index that would be upstream. What is installed here
is packed instead, whether it came from a wheel or is a checkout: nothing is built or downloaded.
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

import mlflow.version as own_version
from mlflow.version import HEADRACE_VERSION, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

WHEEL_NAME: Final = f"headrace-{HEADRACE_VERSION}-py3-none-any.whl"
_DIST_INFO: Final = f"headrace-{HEADRACE_VERSION}.dist-info"
_ALIAS: Final = f"headrace-{HEADRACE_VERSION}.data/purelib/mlflow-{VERSION}.dist-info"
_OWN_FILES: Final = ("METADATA", "entry_points.txt")
_ALIAS_FILES: Final = ("METADATA", "RECORD")
_SKIPPED: Final = ("__pycache__",)
_WHEEL: Final = (
    "Wheel-Version: 1.0\nGenerator: headrace\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
)
_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the same installation gives the same bytes


def own_wheel(folder: Path) -> Path:
    """Write the wheel into a folder and return its path.

    Args:
        folder: Where to; the file is named as wheels are.
    """
    path = folder / WHEEL_NAME
    record = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _files():
            archive.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            record.append(f"{name},sha256={digest},{len(data)}\n")
        name = f"{_DIST_INFO}/RECORD"
        archive.writestr(zipfile.ZipInfo(name, _TIME), "".join(record) + f"{name},,\n")
    return path


def own_digest() -> str:
    """Return what tells one state of the code from another."""
    found = hashlib.sha256()
    for name, data in _files():
        found.update(f"{name}\0{len(data)}\0".encode() + data)
    return found.hexdigest()


def _files() -> Iterator[tuple[str, bytes]]:
    package = Path(own_version.__file__).parent
    for path in sorted(package.rglob("*")):
        if path.is_file() and not set(path.parts) & set(_SKIPPED):
            yield f"mlflow/{path.relative_to(package).as_posix()}", path.read_bytes()
    for name in _OWN_FILES:
        text = metadata.distribution("headrace").read_text(name)
        if text is not None:
            yield f"{_DIST_INFO}/{name}", text.encode()
    yield f"{_DIST_INFO}/WHEEL", _WHEEL.encode()
    for name in _ALIAS_FILES:
        yield f"{_ALIAS}/{name}", (metadata.distribution("mlflow").read_text(name) or "").encode()
