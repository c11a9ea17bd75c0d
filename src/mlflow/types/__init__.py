"""The types of model inputs and outputs: columns, tensors, parameters."""

from typing import Final

from mlflow._core.lazy import attach, grouped

NAMES: Final = grouped(
    {
        "mlflow.types.schema": "ColSpec DataType ParamSchema ParamSpec Schema TensorSpec",
    }
)

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
