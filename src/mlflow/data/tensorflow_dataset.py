"""Datasets of TensorFlow: named here, not built yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow._core.lazy import not_built
from mlflow.data.optional import require

if TYPE_CHECKING:
    from mlflow.data.dataset_source import DatasetSource


def from_tensorflow(
    features: Any,
    source: str | DatasetSource | None = None,
    targets: Any = None,
    name: str | None = None,
    digest: str | None = None,
) -> Any:
    """Raise: datasets of TensorFlow are not built yet.

    Raises:
        ModuleNotFoundError: tensorflow is not installed.
        NotImplementedError: it is.
    """
    del features, source, targets, name, digest
    require("tensorflow", "mlflow.data.from_tensorflow")
    raise not_built("mlflow.data.from_tensorflow")
