"""Schema enforcement: a schema is compiled once into a plan, and each input runs through it.

The common case, a DataFrame whose types fit, costs two comparisons and a conversion a block.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any, Final

from mlflow.exceptions import MlflowException
from mlflow.models.convert import bad, convert_column
from mlflow.models.layouts import FrameLayouts
from mlflow.models.tensors import enforce_tensors
from mlflow.types.infer_tables import library_of
from mlflow.types.schema import Array, DataType, Map, Object, ParamSchema, ParamSpec, Schema

_logger = logging.getLogger(__name__)
_SHOWN: Final = 500  # characters of the data in a message


class InputPlan:
    """What a schema wants of an input, worked out once."""

    def __init__(self, schema: Schema, *, copy: bool = True) -> None:
        """Compile a schema.

        Args:
            schema: The schema.
            copy: Whether a DataFrame that fits is passed on as a copy, so that a model that
                changes its input does not change the caller's.
        """
        self._schema = schema
        self._copy = copy
        self._is_tensor = schema.is_tensor_spec()
        self._named = schema.has_input_names()
        self._names = schema.input_names()
        self._specs: list[Any] = schema.inputs
        kinds = schema.input_types()
        plain = self._named and all(isinstance(kind, DataType) for kind in kinds)
        self._layouts = FrameLayouts(self._names, kinds) if plain else None

    def enforce(self, data: Any) -> Any:
        """Return data as the schema wants it.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE naming what does not fit.
        """
        if self._layouts is not None:
            fitting = self._layouts.fit(data, copy=self._copy)
            if fitting is not None:
                return fitting
        try:
            if self._is_tensor:
                return enforce_tensors(data, self._schema)
            return self._enforce_columns(_as_frame(data, self._specs))
        except (MlflowException, TypeError, ValueError) as error:
            shown = str(data)
            if len(shown) > _SHOWN:
                shown = shown[:_SHOWN] + "…"
            raise bad(
                f"Failed to enforce schema of data '{shown}' with schema '{self._schema}'."
                f" Error: {error}"
            ) from error

    def _enforce_columns(self, frame: Any) -> Any:
        import pandas as pd  # noqa: PLC0415 - optional package

        specs = self._specs
        if self._named:
            present = [spec for spec in specs if spec.name in frame.columns]
            self._check_names(frame, present)
            names: list[Any] = [spec.name for spec in present]
        else:
            present = specs
            if frame.shape[1] < len(specs):
                raise bad(
                    "Model inference is missing inputs. The model signature declares"
                    f" {len(specs)} inputs but the provided value only has {frame.shape[1]}"
                    " inputs. Note: the inputs were not named in the signature so we can only"
                    " verify their count."
                )
            names = list(frame.columns[: len(specs)])
        columns = [frame.iloc[:, i] for i in range(len(specs))] if not self._named else None
        converted = [
            convert_column(
                columns[i] if columns is not None else frame[name],
                spec.type,
                name,
                required=spec.required,
            )
            for i, (name, spec) in enumerate(zip(names, present, strict=True))
        ]
        result = pd.concat(converted, axis=1) if converted else frame[[]]
        result.columns = pd.Index(names)
        return result

    def _check_names(self, frame: Any, present: list[Any]) -> None:
        given = {spec.name for spec in present}
        missing = [spec.name for spec in self._specs if spec.required and spec.name not in given]
        if not missing:
            return
        extra = [name for name in frame.columns if name not in given]
        note = f" Note that there were extra inputs: {extra}." if extra else ""
        raise bad(f"Model is missing inputs {missing}.{note}")


def _as_frame(data: Any, specs: list[Any]) -> Any:
    """Return any input that stands for columns as a DataFrame."""
    import numpy as np  # noqa: PLC0415 - optional package
    import pandas as pd  # noqa: PLC0415 - optional package

    if isinstance(data, pd.DataFrame):
        return data
    if isinstance(data, pd.Series):
        return data.to_frame()
    if isinstance(data, dict):
        return _dict_frame(data, specs)
    if library_of(data) == "polars":
        rows = data.collect() if hasattr(data, "collect") else data
        return pd.DataFrame(rows.to_dict(as_series=False))
    if isinstance(data, (list, np.ndarray)):
        return pd.DataFrame(data)
    if isinstance(data, (str, bytes, int, float, np.generic, dt.date)):
        return pd.DataFrame([data])
    raise bad(f"Expected input to be DataFrame. Found: {type(data).__name__}")


def _dict_frame(data: dict[Any, Any], specs: list[Any]) -> Any:
    """Return a dictionary as one row, or as columns, whichever the schema means.

    Lists are values of one row where the schema has list or object columns, or text columns only;
    otherwise they are columns.
    """
    import pandas as pd  # noqa: PLC0415 - optional package

    kinds = [spec.type for spec in specs]
    values = data.values()
    one_row = any(isinstance(kind, (Array, Object)) for kind in kinds)
    if specs[0].name is not None and all(kind is DataType.string for kind in kinds):
        one_row = any(isinstance(value, list) for value in values)
        if any(
            not isinstance(one, str) for value in values if isinstance(value, list) for one in value
        ):
            raise bad("A list in a column of texts holds something else than texts")
    elif any(isinstance(kind, Map) for kind in kinds):
        one_row = one_row or any(isinstance(value, dict) for value in values)
    scalars = all(isinstance(kind, DataType) for kind in kinds)
    if one_row or not any(
        _is_column(value) or (scalars and isinstance(value, dict)) for value in values
    ):
        return pd.DataFrame([data])
    return pd.DataFrame(data)


def _is_column(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value)
    return hasattr(value, "__len__") and not isinstance(value, (str, bytes, dict))


def validate_schema(data: Any, expected_schema: Schema) -> None:
    """Check that data fit a schema.

    Args:
        data: What a model would be given.
        expected_schema: The schema.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE naming what does not fit.
    """
    InputPlan(expected_schema).enforce(data)


class ParamsPlan:
    """What a model's parameter schema wants of the parameters of one call."""

    def __init__(self, schema: ParamSchema | None) -> None:
        """Compile a schema."""
        self._specs = {spec.name: spec for spec in schema.params} if schema else {}
        self._defaults = {name: spec.default for name, spec in self._specs.items()}

    def enforce(self, params: Any) -> dict[str, Any] | None:
        """Return the parameters of a call, converted, with the defaults of those not given.

        None stays None where the schema has no parameters.

        Raises:
            MlflowException: INVALID_PARAMETER_VALUE naming each parameter that does not fit.
        """
        if params is None and not self._specs:
            return None
        if params is None or params == {}:
            return dict(self._defaults)
        if not isinstance(params, dict):
            raise bad(f"Parameters must be a dictionary. Got type '{type(params).__name__}'.")
        if not self._specs:
            _logger.warning(
                "This model's signature has no parameters; these are ignored: %s", list(params)
            )
            return {}
        given = {str(name): value for name, value in params.items()}
        if unknown := [name for name in given if name not in self._specs]:
            _logger.warning(
                "Unrecognized params %s are ignored; the model's signature has %s",
                unknown,
                list(self._specs),
            )
        wrong: list[tuple[str, str]] = []
        converted: dict[str, Any] = {}
        for name, spec in self._specs.items():
            if name not in given:
                continue
            try:
                converted[name] = ParamSpec.validate_param_spec(given[name], spec)
            except MlflowException as error:
                wrong.append((name, error.message))
        if wrong:
            raise bad(f"Invalid parameters found: {wrong}")
        return {**self._defaults, **converted}
