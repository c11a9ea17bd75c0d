# Written by tools/surface.py from the table of names in __init__.py.
from typing import Any, Final, NoReturn

from mlflow.types.schema import ColSpec as ColSpec
from mlflow.types.schema import DataType as DataType
from mlflow.types.schema import ParamSchema as ParamSchema
from mlflow.types.schema import ParamSpec as ParamSpec
from mlflow.types.schema import Schema as Schema
from mlflow.types.schema import TensorSpec as TensorSpec

NAMES: Final[dict[str, str]]
__all__ = [
    'ColSpec',
    'DataType',
    'ParamSchema',
    'ParamSpec',
    'Schema',
    'TensorSpec',
]
