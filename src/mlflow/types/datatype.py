"""The eight scalar types of a column.

Classes of this package carry ``mlflow.types.schema`` as their module, because pickled models of
other implementations name them there and read ours there.
"""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np

SCHEMA_MODULE: Final = "mlflow.types.schema"


class _Facts(NamedTuple):
    """What one scalar type is called elsewhere."""

    number: int
    numpy: str
    pandas: str
    python: type


_FACTS: Final = {
    "boolean": _Facts(1, "bool", "bool", bool),
    "integer": _Facts(2, "int32", "int32", int),
    "long": _Facts(3, "int64", "int64", int),
    "float": _Facts(4, "float32", "float32", float),
    "double": _Facts(5, "float64", "float64", float),
    "string": _Facts(6, "str", "object", str),
    "binary": _Facts(7, "bytes", "object", bytes),
    "datetime": _Facts(8, "datetime64[ns]", "datetime64[ns]", dt.date),
}


class DataType(Enum):
    """A scalar type."""

    __module__ = SCHEMA_MODULE

    boolean = 1
    integer = 2
    long = 3
    float = 4
    double = 5
    string = 6
    binary = 7
    datetime = 8

    def __repr__(self) -> str:
        return self.name

    def to_numpy(self) -> np.dtype[Any]:
        """Return the numpy type of the values."""
        import numpy as np  # noqa: PLC0415 - optional package

        return np.dtype(_FACTS[self.name].numpy)

    def to_pandas(self) -> Any:
        """Return the type of a pandas column that holds the values: a dtype, or ``object``."""
        import numpy as np  # noqa: PLC0415 - optional package

        name = _FACTS[self.name].pandas
        return object if name == "object" else np.dtype(name)

    def to_python(self) -> type:
        """Return the Python type of the values."""
        return _FACTS[self.name].python

    def to_spark(self) -> Any:
        """Return the Spark SQL type of the values; needs pyspark."""
        from pyspark.sql import types  # noqa: PLC0415 - optional package

        return {
            "boolean": types.BooleanType,
            "integer": types.IntegerType,
            "long": types.LongType,
            "float": types.FloatType,
            "double": types.DoubleType,
            "string": types.StringType,
            "binary": types.BinaryType,
            "datetime": types.TimestampType,
        }[self.name]()

    @classmethod
    def all_types(cls) -> list[DataType]:
        """Return every scalar type."""
        return list(cls)

    @classmethod
    def get_spark_types(cls) -> list[Any]:
        """Return the Spark SQL type of every scalar type; needs pyspark."""
        return [kind.to_spark() for kind in cls]

    @classmethod
    def from_numpy_type(cls, np_type: Any) -> DataType | None:
        """Return the scalar type whose values have this numpy type, or None."""
        return next((kind for kind in cls if kind.to_numpy() == np_type), None)

    @classmethod
    def check_type(cls, data_type: DataType, value: object) -> bool:
        """Return whether a value is of a scalar type, as it is, without conversion."""
        import numpy as np  # noqa: PLC0415 - optional package

        if data_type is cls.datetime:
            return isinstance(value, (dt.date, np.datetime64))
        kinds = {data_type.to_python(), data_type.to_numpy().type}
        return type(value) in kinds


TYPE_NAMES: Final = tuple(DataType.__members__)
