"""Datasets of TensorFlow: tensors, and ``tf.data.Dataset``."""

from __future__ import annotations

import hashlib
import json
import logging
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from mlflow.data.dataset import Dataset
from mlflow.data.digest_utils import compute_numpy_digest
from mlflow.data.evaluation_dataset import EvaluationDataset
from mlflow.data.optional import require
from mlflow.data.pyfunc_dataset_mixin import PyFuncConvertibleDatasetMixin, PyFuncInputsOutputs
from mlflow.data.schema import TensorDatasetSchema
from mlflow.data.sources import source_of
from mlflow.exceptions import MlflowException
from mlflow.types.schema import Schema, TensorSpec

if TYPE_CHECKING:
    from mlflow.data.dataset_source import DatasetSource

_logger: Final = logging.getLogger("mlflow.data")
_INFINITE: Final = -1  # tf.data.INFINITE_CARDINALITY
_ENDLESS: Final = 10_000  # elements of a dataset without an end that its digest is made of


class TensorFlowDataset(Dataset, PyFuncConvertibleDatasetMixin):
    """Features, and targets, as tensors or as ``tf.data.Dataset``."""

    def __init__(
        self,
        features: Any,
        source: DatasetSource,
        targets: Any = None,
        name: str | None = None,
        digest: str | None = None,
    ) -> None:
        """Keep the data.

        Args:
            features: A tensor or a ``tf.data.Dataset``.
            source: Where it came from.
            targets: The same kind of thing, or None.
            name: What the dataset is called.
            digest: The data's fingerprint; computed by default.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE for anything else.
        """
        tf = require("tensorflow", "This dataset")
        kinds = {"tf.data.Dataset": tf.data.Dataset, "TensorFlow Tensor": tf.Tensor}
        kind = next((name for name, one in kinds.items() if isinstance(features, one)), None)
        if kind is None:
            raise MlflowException.invalid_parameter_value(
                "'features' must be an instance of tf.data.Dataset or a TensorFlow Tensor. Found:"
                f" {type(features)}."
            )
        if targets is not None and not isinstance(targets, kinds[kind]):
            raise MlflowException.invalid_parameter_value(
                f"If 'features' is a {kind}, then 'targets' must be one too. Found:"
                f" {type(targets)}."
            )
        super().__init__(source=source, name=name, digest=digest)
        self._features = features
        self._targets = targets
        self._is_tensor = kind == "TensorFlow Tensor"
        self._nest: Any = tf.nest

    def _compute_digest(self) -> str:
        given = [self._features] if self._targets is None else [self._features, self._targets]
        if self._is_tensor:
            return compute_numpy_digest(*(tensor.numpy() for tensor in given))
        digest = hashlib.md5(usedforsecurity=False)
        for data in given:
            is_endless = int(data.cardinality()) == _INFINITE
            elements = data.as_numpy_iterator()
            for element in islice(elements, _ENDLESS) if is_endless else elements:
                for array in self._nest.flatten(element):
                    digest.update(compute_numpy_digest(_array(array)).encode())
            digest.update(repr(data.element_spec).encode())
        return digest.hexdigest()[:8]

    def to_dict(self) -> dict[str, Any]:
        """Return name, digest, source, schema and profile."""
        schema = self.schema
        return {
            **super().to_dict(),
            "schema": None if schema is None else json.dumps(schema.to_dict()),
            "profile": json.dumps(self.profile),
        }

    @property
    def data(self) -> Any:
        """The features."""
        return self._features

    @property
    def targets(self) -> Any:
        """The targets."""
        return self._targets

    @property
    def profile(self) -> Any | None:
        """The numbers of values of tensors, or of elements of datasets."""
        figures = {"features_cardinality": self._cardinality(self._features)}
        if self._targets is not None:
            figures["targets_cardinality"] = self._cardinality(self._targets)
        return figures

    def _cardinality(self, data: Any) -> int:
        return int(data.numpy().size) if self._is_tensor else int(data.cardinality())

    @cached_property
    def _schema(self) -> TensorDatasetSchema | None:
        features = self._schema_of(self._features)
        if features is None:
            _logger.warning("The dataset %r has no schema: its elements are no tensors", self.name)
            return None
        targets = None if self._targets is None else self._schema_of(self._targets)
        return TensorDatasetSchema(features, targets)

    def _schema_of(self, data: Any) -> Schema | None:
        if self._is_tensor:
            return Schema([TensorSpec(data.numpy().dtype, (-1, *data.shape[1:]))])
        spec = data.element_spec
        named = spec if isinstance(spec, dict) else {None: spec}
        if not all(hasattr(one, "shape") and hasattr(one, "dtype") for one in named.values()):
            return None
        import numpy as np  # noqa: PLC0415 - optional package

        return Schema(
            [
                TensorSpec(
                    np.dtype(one.dtype.as_numpy_dtype),
                    (-1, *(-1 if size is None else int(size) for size in one.shape)),
                    name,
                )
                for name, one in named.items()
            ]
        )

    @property
    def schema(self) -> TensorDatasetSchema | None:
        """The tensors' types and shapes, None where elements are no tensors."""
        return self._schema

    def to_pyfunc(self) -> PyFuncInputsOutputs:
        """Return the features and the targets."""
        return PyFuncInputsOutputs(self._features, self._targets)

    def to_evaluation_dataset(
        self, path: Any = None, feature_names: Any = None
    ) -> EvaluationDataset:
        """Return the data for an evaluation.

        Args:
            path: Where the data is.
            feature_names: The features' names.

        Raises:
            MlflowException: the data is no tensor.
        """
        if not self._is_tensor:
            raise MlflowException("Data must be a Tensor to convert to an EvaluationDataset.")
        return EvaluationDataset(
            self._features.numpy(),
            targets=None if self._targets is None else self._targets.numpy(),
            path=path,
            feature_names=feature_names,
            name=self.name,
            digest=self.digest,
        )


def _array(value: Any) -> Any:
    import numpy as np  # noqa: PLC0415 - optional package

    return np.asarray(value)


def from_tensorflow(
    features: Any,
    source: str | DatasetSource | None = None,
    targets: Any = None,
    name: str | None = None,
    digest: str | None = None,
) -> TensorFlowDataset:
    """Return a dataset of tensors.

    Args:
        features: A tensor or a ``tf.data.Dataset``.
        source: Where it came from: a path, a URI or a source; this program by default.
        targets: The same kind of thing, or None.
        name: What the dataset is called; "dataset" by default.
        digest: The data's fingerprint; computed by default.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for anything else.
        ModuleNotFoundError: the library is not installed.
    """
    return TensorFlowDataset(features, source_of(source), targets, name, digest)
