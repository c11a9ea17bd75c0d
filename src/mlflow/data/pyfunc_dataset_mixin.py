"""Datasets that can be fed to a model."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from mlflow._core.lazy import not_built


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

    def to_evaluation_dataset(self, path: Any = None, feature_names: Any = None) -> Any:
        """Return the data for an evaluation.

        Args:
            path: Where the data is.
            feature_names: The features' names.
        """
        del path, feature_names
        raise not_built("mlflow.data.evaluation_dataset.EvaluationDataset")
