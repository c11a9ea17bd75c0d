"""Random schemas and random inputs: what enforcement makes of them; runs in both interpreters."""

import datetime as dt
import decimal
import logging
import random
import warnings

import numpy as np
import pandas as pd

from mlflow.models import Model, ModelSignature
from mlflow.pyfunc import PyFuncModel
from mlflow.types.schema import (
    AnyType,
    Array,
    ColSpec,
    Map,
    Object,
    Property,
    Schema,
    TensorSpec,
)

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

SCALARS = ("boolean", "integer", "long", "float", "double", "string", "binary", "datetime")
DAY = dt.datetime(2024, 1, 2)  # noqa: DTZ001 - schemas have no time zones
VALUES = (
    True,
    False,
    0,
    1,
    7,
    -3,
    2**40,
    0.0,
    1.0,
    2.5,
    float("nan"),
    "a",
    "",
    "1",
    b"a",
    None,
    DAY,
    DAY.date(),
    np.int32(4),
    np.int64(5),
    np.float32(1.5),
    np.float64(2.5),
    np.bool_(True),
    np.str_("n"),
    np.datetime64("2024-01-02"),
    pd.Timestamp(DAY),
    decimal.Decimal(1),
    [],
    {},
    [1],
    [1, 2],
    [1.5],
    ["a"],
    [True],
    [None],
    [1, None],
    [[1]],
    {"a": 1},
    {"a": "x"},
    {"a": [1]},
    {"b": 2.5},
    {1: 1},
    [{"a": 1}],
    np.array([1, 2]),
    np.array(["a"]),
    np.array([1.5], "f4"),
)
DTYPES = (
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
    "Int32",
    "Int64",
    "Float64",
    "boolean",
    "object",
    "category",
    "string",
    "datetime64[s]",
    "datetime64[ns]",
    "timedelta64[s]",
    "datetime64[ns, UTC]",
)
SHAPES = ((-1,), (-1, 2), (2,), (-1, -1), (1, 2))
TENSORS = ("int32", "int64", "float32", "float64", "bool", "str", "object", "uint8")


def kind(rng, depth=2):
    pick = rng.random()
    if depth == 0 or pick < 0.6:
        return rng.choice(SCALARS)
    if pick < 0.75:
        return Array(kind(rng, depth - 1))
    if pick < 0.87:
        members = [Property(name, kind(rng, depth - 1), rng.random() < 0.7) for name in "ab"]
        return Object(members[: rng.randint(1, 2)])
    return Map(kind(rng, depth - 1)) if pick < 0.95 else AnyType()


def schema(rng):
    if rng.random() < 0.2:
        names = rng.choice(([None], ["a"], ["a", "b"]))
        specs = [
            TensorSpec(np.dtype(rng.choice(TENSORS)), rng.choice(SHAPES), name) for name in names
        ]
        return Schema(specs)
    names = rng.choice(([None], ["a"], ["a", "b"], ["a", "b", "c"], [None, None]))
    if rng.random() < 0.5:
        chosen = rng.choice(SCALARS)
        kinds = [chosen for _ in names]
    else:
        kinds = [kind(rng) for _ in names]
    required = [name is None or rng.random() < 0.7 for name in names]
    return Schema([ColSpec(*spec) for spec in zip(kinds, names, required)])


def column(rng, size):
    if rng.random() < 0.5:
        try:
            start = rng.choice((0, 1, 1, 5))
            return pd.Series([start] * size).astype(rng.choice(DTYPES))
        except (TypeError, ValueError):
            pass
    values = [rng.choice(VALUES)] * size if rng.random() < 0.6 else rng.choices(VALUES, k=size)
    try:
        return pd.Series(values, dtype=object if rng.random() < 0.5 else None)
    except (TypeError, ValueError):
        return pd.Series(values, dtype=object)


def data(rng):  # noqa: PLR0911 - one line for each kind of input
    pick = rng.random()
    names = rng.choice((["a"], ["a", "b"], ["b", "a"], ["a", "b", "c"], ["z"], [0], [0, 1]))
    size = rng.choice((1, 1, 2, 0))
    if pick < 0.45:
        return pd.DataFrame({name: column(rng, size) for name in names})
    if pick < 0.52:
        series = column(rng, size)
        series.name = rng.choice((None, "a"))
        return series
    if pick < 0.67:
        return {str(name): rng.choice(VALUES) for name in names}
    if pick < 0.75:
        return [{str(name): rng.choice(VALUES) for name in names} for _ in range(size)]
    if pick < 0.83:
        return rng.choices(VALUES, k=size)
    if pick < 0.9:
        array = np.ones(rng.choice(((2,), (1,), (1, 2), (2, 2), (2, 3))))
        return array.astype(rng.choice(("f4", "f8", "i4", "i8", "?", "U", "O")))
    if pick < 0.94:
        return {str(name): np.ones((2,), rng.choice(("f4", "f8", "i8"))) for name in names}
    return rng.choice(VALUES)


def shown(value):
    if isinstance(value, pd.DataFrame):
        return {
            str(name): [str(value[name].dtype), [shown(item) for item in value[name]]]
            for name in value.columns
        }
    if isinstance(value, np.ndarray):
        return ["array", str(value.dtype), list(value.shape), str(value.tolist())]
    if isinstance(value, dict):
        return {str(name): shown(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    return [type(value).__name__, str(value)]


class Echo:
    def predict(self, data):
        return data


def case(seed):
    rng = random.Random(seed)  # noqa: S311 - cases, no secrets
    wanted, given = schema(rng), data(rng)
    model = Model(signature=ModelSignature(inputs=wanted))
    model.add_flavor("python_function", loader_module="x")
    about = f"{wanted} <- {type(given).__name__} {given!r}"
    if isinstance(given, pd.DataFrame):
        about += f" {given.dtypes.to_dict()}"
    try:
        return about, shown(PyFuncModel(model, Echo()).predict(given))
    except Exception as error:  # noqa: BLE001 - whatever it is, is compared
        return about, ["!", getattr(error, "error_code", type(error).__name__)]


def main(count):
    return [case(seed) for seed in range(count)]
