"""The loader that MLmodel files name for models from code, whatever their kind."""

from __future__ import annotations

from typing import Any

from mlflow.pyfunc.model import PythonModelWrapper, load_python_model
from mlflow.pyfunc.shape import shape_of


def _load_pyfunc(path: str, model_config: dict[str, Any] | None = None) -> Any:
    python_model, context = load_python_model(path, model_config)
    shape = shape_of(python_model)
    return (PythonModelWrapper if shape is None else shape.wrap)(python_model, context)
