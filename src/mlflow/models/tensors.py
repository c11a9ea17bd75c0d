"""Data for schemas of arrays: checked as they are, never converted, but for DataFrames."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from mlflow.models.convert import bad

if TYPE_CHECKING:
    from mlflow.types.schema import Schema, TensorSpec


def enforce_tensors(data: Any, schema: Schema) -> Any:
    """Return data as the arrays that a schema wants.

    Args:
        data: An array or sparse matrix; a DataFrame; a dictionary of arrays where the schema has
            names.
        schema: A schema of arrays.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where type, shape or kind of data differ.
    """
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(data, pandas.Series):
        data = data.to_frame()
    is_frame = pandas is not None and isinstance(data, pandas.DataFrame)
    specs: list[Any] = schema.inputs
    if not schema.has_input_names():
        return _one_array(data, specs[0], is_frame=is_frame)
    if is_frame:
        _check_names(data.columns, specs)
        return {spec.name: _frame_column(data[spec.name], spec) for spec in specs}
    if _is_array(data) and len(specs) == 1:
        data = {specs[0].name: data}
    names = data if isinstance(data, dict) else ()
    _check_names(names, specs)
    for value in data.values():
        if not _is_array(value):
            raise bad(
                "This model contains a tensor-based model signature with input names, which wants"
                " a dictionary that maps each name to a numpy array, but a dict with value type"
                f" {type(value)} was found."
            )
    return {spec.name: _checked(data[spec.name], spec) for spec in specs}


def _is_array(value: object) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def _check_names(given: Any, specs: list[TensorSpec]) -> None:
    missing = [spec.name for spec in specs if spec.name not in given]
    if missing:
        raise bad(f"Model is missing inputs {missing}.")


def _one_array(data: Any, spec: TensorSpec, *, is_frame: bool) -> Any:
    if is_frame:
        if data.shape[1] == 1:
            return _frame_column(data.iloc[:, 0], spec)
        return _checked(data.to_numpy(), spec)
    if _is_array(data) or (hasattr(data, "tocsr") and hasattr(data, "shape")):
        return _checked(data, spec)
    raise bad(
        "This model contains a tensor-based model signature with no input names, which wants a"
        " numpy array or a pandas DataFrame with fitting columns, but an input of type"
        f" {type(data)} was found."
    )


def _frame_column(series: Any, spec: TensorSpec) -> Any:
    """Return a DataFrame's column, of scalars or of flattened arrays, as an array."""
    import numpy as np  # noqa: PLC0415 - optional package

    first = series.iloc[0] if len(series) else None
    if isinstance(first, dict) or (series.dtype.kind in "mM" and spec.type.kind not in "mMO"):
        raise bad(
            f"The column '{series.name}' holds {type(first)}, which no {spec.type} stands for"
        )
    if isinstance(first, (list, np.ndarray)):
        if spec.shape[0] != -1:
            raise bad(f"A column of arrays has a first dimension of -1, not {spec.shape[0]}")
        array = np.array(series.tolist(), dtype=spec.type)
        shape = (-1, *spec.shape[1:])
        return _checked(array.reshape(shape), spec)
    if spec.shape not in ((-1,), (-1, 1)):
        raise bad(
            f"The input pandas dataframe column '{spec.name}' contains scalar values, which"
            " requires the shape to be (-1,) or (-1, 1), but got tensor spec shape of"
            f" {spec.shape}."
        )
    array = np.array(series, dtype=spec.type)
    return _checked(array.reshape((-1, *spec.shape[1:])), spec)


def _checked(array: Any, spec: TensorSpec) -> Any:
    expected, given = spec.type, array.dtype
    if expected.kind == "O" and spec.shape == (-1,):
        return array  # anything goes, in any shape
    flexible = expected.kind in "US" and given.kind == expected.kind
    anything = expected.kind == "O" and given.kind in "OUS"
    if given != expected and not flexible and not anything:
        raise bad(f"dtype of input {given} does not match expected dtype {expected}")
    shape = spec.shape
    if len(array.shape) != len(shape) or any(
        want not in (-1, size) for want, size in zip(shape, array.shape, strict=True)
    ):
        raise bad(f"Shape of input {array.shape} does not match expected shape {shape}.")
    return array
