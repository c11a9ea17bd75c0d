"""Datasets held in numpy arrays."""

from __future__ import annotations

import json
import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from mlflow.data.dataset import Dataset
from mlflow.data.digest_utils import compute_numpy_digest
from mlflow.data.pyfunc_dataset_mixin import PyFuncConvertibleDatasetMixin, PyFuncInputsOutputs
from mlflow.data.schema import TensorDatasetSchema
from mlflow.data.sources import source_of
from mlflow.exceptions import MlflowException
from mlflow.types.infer import infer_schema

if TYPE_CHECKING:
    import numpy as np

    from mlflow.data.dataset_source import DatasetSource

    Arrays = np.ndarray[Any, Any] | dict[str, np.ndarray[Any, Any]]

_logger: Final = logging.getLogger("mlflow.data")


class NumpyDataset(Dataset, PyFuncConvertibleDatasetMixin):
    """An array, or arrays by name, of features, and of targets."""

    def __init__(
        self,
        features: Arrays,
        source: DatasetSource,
        targets: Arrays | None = None,
        name: str | None = None,
        digest: str | None = None,
    ) -> None:
        """Keep the arrays.

        Args:
            features: An array, or arrays by name.
            source: Where they came from.
            targets: An array, or arrays by name.
            name: What the dataset is called.
            digest: The data's fingerprint; computed by default.
        """
        super().__init__(source=source, name=name, digest=digest)
        self._features = features
        self._targets = targets

    def _compute_digest(self) -> str:
        return compute_numpy_digest(self._features, self._targets)

    def to_dict(self) -> dict[str, str]:
        """Return name, digest, source, schema and profile."""
        schema = self.schema
        return {
            **super().to_dict(),
            "schema": json.dumps(None if schema is None else schema.to_dict()),
            "profile": json.dumps(self.profile),
        }

    @property
    def features(self) -> Arrays:
        """The features."""
        return self._features

    @property
    def targets(self) -> Arrays | None:
        """The targets."""
        return self._targets

    @property
    def profile(self) -> Any | None:
        """Shape, number of values and bytes of the features and of the targets."""
        figures = _figures("features", self._features)
        if self._targets is not None:
            figures |= _figures("targets", self._targets)
        return figures

    @cached_property
    def _schema(self) -> TensorDatasetSchema | None:
        try:
            targets = infer_schema(self._targets) if self._targets is not None else None
            return TensorDatasetSchema(infer_schema(self._features), targets)
        except MlflowException as error:
            _logger.warning("The dataset %r has no schema: %s", self.name, error)
            return None

    @property
    def schema(self) -> TensorDatasetSchema | None:
        """The arrays' types and shapes, None when some have none."""
        return self._schema

    def to_pyfunc(self) -> PyFuncInputsOutputs:
        """Return the features and the targets."""
        return PyFuncInputsOutputs(self._features, self._targets)


def _figures(role: str, data: Arrays) -> dict[str, Any]:
    return {
        f"{role}_{figure}": {name: getattr(array, figure) for name, array in data.items()}
        if isinstance(data, dict)
        else getattr(data, figure)
        for figure in ("shape", "size", "nbytes")
    }


def from_numpy(
    features: Arrays,
    source: str | DatasetSource | None = None,
    targets: Arrays | None = None,
    name: str | None = None,
    digest: str | None = None,
) -> NumpyDataset:
    """Return a dataset of arrays.

    Args:
        features: An array, or arrays by name.
        source: Where they came from: a path, a URI or a source; this program by default.
        targets: An array, or arrays by name.
        name: What the dataset is called; "dataset" by default.
        digest: The data's fingerprint; computed by default.

    Raises:
        MlflowException: something given is no array, or the source is of no known kind.
    """
    for role, data in (("features", features), ("targets", targets)):
        for array in data.values() if isinstance(data, dict) else [data]:
            if data is not None and not hasattr(array, "flatten"):
                raise MlflowException.invalid_parameter_value(
                    f"from_numpy takes numpy arrays, or arrays by name, as {role}, not "
                    f"{type(array).__name__}. Call numpy.asarray(data) first."
                )
    return NumpyDataset(features, source_of(source), targets, name, digest)
