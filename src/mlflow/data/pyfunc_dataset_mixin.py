"""Datasets that can be fed to a model."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from mlflow.data.evaluation_dataset import EvaluationDataset


@dataclass
class PyFuncInputsOutputs:
    """A model's inputs and the outputs to expect."""

    inputs: Any
    outputs: Any = None


class PyFuncConvertibleDatasetMixin:
    """Data that can be fed to a model."""

    @abstractmethod
    def to_pyfunc(self) -> PyFuncInputsOutputs:
        """Return the data as a model's inputs and outputs."""
        raise NotImplementedError

    def to_evaluation_dataset(
        self, path: Any = None, feature_names: Any = None
    ) -> EvaluationDataset:
        """Return the data for an evaluation.

        Args:
            path: Where the data is.
            feature_names: The features' names.
        """
        return EvaluationDataset(
            **self._evaluation_parts(),
            path=path,
            feature_names=feature_names,
            name=getattr(self, "name", None),
            digest=getattr(self, "digest", None),
        )

    def _evaluation_parts(self) -> dict[str, Any]:
        """Return data, targets and predictions as ``EvaluationDataset`` takes them."""
        parts = self.to_pyfunc()
        return {"data": parts.inputs, "targets": parts.outputs}
