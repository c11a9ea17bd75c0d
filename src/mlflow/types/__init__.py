"""The types of model inputs and outputs: columns, tensors, parameters."""

from typing import Final

from mlflow._core.lazy import attach

NAMES: Final = {
    "ColSpec": "mlflow.types.schema:ColSpec",
    "DataType": "mlflow.types.schema:DataType",
    "ParamSchema": "mlflow.types.schema:ParamSchema",
    "ParamSpec": "mlflow.types.schema:ParamSpec",
    "Schema": "mlflow.types.schema:Schema",
    "TensorSpec": "mlflow.types.schema:TensorSpec",
}

__getattr__, __dir__, __all__ = attach(__name__, NAMES)
