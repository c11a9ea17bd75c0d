"""Datasets of the Hugging Face library: named here, not built yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow._core.lazy import not_built
from mlflow.data.optional import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlflow.data.dataset_source import DatasetSource


def from_huggingface(
    ds: Any,
    path: str | None = None,
    targets: str | None = None,
    data_dir: str | None = None,
    data_files: str | Sequence[str] | Mapping[str, str | Sequence[str]] | None = None,
    revision: Any = None,
    name: str | None = None,
    digest: str | None = None,
    trust_remote_code: bool | None = None,
    source: str | DatasetSource | None = None,
) -> Any:
    """Raise: datasets of this library are not built yet.

    Raises:
        ModuleNotFoundError: the library is not installed.
        NotImplementedError: it is.
    """
    del ds, path, targets, data_dir, data_files, revision, name, digest, trust_remote_code, source
    require("datasets", "mlflow.data.from_huggingface")
    raise not_built("mlflow.data.from_huggingface")
