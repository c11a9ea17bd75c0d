"""What files a model consists of, and their digests: the evidence that a copy is whole.

The client writes it before the first byte of a model is sent, so that what an upload left undone
is missing from the files, not from the manifest.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from mlflow._core.paths import relative_path
from mlflow.exceptions import MlflowException

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_MOST_FILES: Final = 100_000
# Clients write it beside a registered model's files to say which version they loaded.
NOT_COVERED: Final = frozenset({"registered_model_meta"})


class ManifestFile(NamedTuple):
    """What a file must be: its size in bytes and its sha256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True)
class ModelManifest:
    """The files of a model by their paths below its folder."""

    files: Mapping[str, ManifestFile] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """The sha256 of all of it: two models with the same files have the same."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def merged(self, other: ModelManifest) -> ModelManifest:
        """Return this manifest with the files of another one, which replace those of their path."""
        return ModelManifest({**self.files, **other.files})

    def to_json(self) -> str:
        """Return the canonical text."""
        files = {path: [size, sha256] for path, (size, sha256) in self.files.items()}
        return json.dumps({"files": files}, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> ModelManifest:
        """Return what ``to_json`` wrote down, checked.

        Raises:
            MlflowException: it is another text (INVALID_PARAMETER_VALUE).
        """
        try:
            files = json.loads(text)["files"]
            if len(files) > _MOST_FILES:
                raise _refused(f"it has {len(files)} files; at most {_MOST_FILES} are taken")
            return cls({path: _checked(path, *found) for path, found in files.items()})
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            raise _refused("it is not the JSON of a manifest") from None


def _checked(path: object, size: Any, sha256: Any) -> ManifestFile:
    if not isinstance(path, str) or not path or relative_path(path) != path:
        raise _refused(f"{path!r:.100} is no path below a model")
    if type(size) is not int or size < 0 or not _SHA256.fullmatch(sha256):
        raise _refused(f"{path!r:.100} has no size and sha256")
    return ManifestFile(size, sha256)


def _refused(why: str) -> MlflowException:
    return MlflowException.invalid_parameter_value(f"The manifest of a model is refused: {why}.")
