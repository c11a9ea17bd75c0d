"""A model's signature: what it takes, what it gives, which parameters its inference has."""

from __future__ import annotations

import dataclasses
import logging
import warnings
from typing import Any

from mlflow.exceptions import MlflowException
from mlflow.types.infer import infer_param_schema, infer_schema
from mlflow.types.schema import (
    AnyType,
    ColSpec,
    DataType,
    ParamSchema,
    Schema,
    convert_dataclass_to_schema,
)

_logger = logging.getLogger(__name__)


class _TypeHints:
    """The type hints of a model's function; pickled Python models hold one."""

    def __init__(self, input_: Any = None, output: Any = None) -> None:
        self.input = input_
        self.output = output

    def __repr__(self) -> str:
        return f"<input: {self.input}, output: {self.output}>"


class ModelSignature:
    """The schemas of a model's inputs, outputs and parameters; each may be missing, not all."""

    def __init__(
        self, inputs: Any = None, outputs: Any = None, params: ParamSchema | None = None
    ) -> None:
        """Keep the schemas.

        Args:
            inputs: A ``Schema``, or a dataclass that describes one.
            outputs: The same for what the model returns.
            params: The parameters of inference.

        Raises:
            TypeError: one of them is of another type.
            ValueError: all of them are None.
        """
        if params is not None and not isinstance(params, ParamSchema):
            raise TypeError(
                f"params must be either None or a ParamSchema, got '{type(params).__name__}'"
            )
        if inputs is None and outputs is None and params is None:
            raise ValueError("At least one of inputs, outputs or params must be provided")
        self.inputs = _as_schema(inputs, "inputs")
        self.outputs = _as_schema(outputs, "outputs")
        self.params = params
        self._from_type_hint = False
        self._type_hint_from_example = False

    def to_dict(self) -> dict[str, Any]:
        """Return each schema as JSON text, None where there is none."""
        return {
            "inputs": self.inputs.to_json() if self.inputs else None,
            "outputs": self.outputs.to_json() if self.outputs else None,
            "params": self.params.to_json() if self.params else None,
        }

    @classmethod
    def from_dict(cls, signature_dict: dict[str, Any]) -> ModelSignature:
        """Make the signature from what ``to_dict`` returns; missing keys are None."""
        inputs, outputs, params = (
            signature_dict.get(part) for part in ("inputs", "outputs", "params")
        )
        return cls(
            inputs=Schema.from_json(inputs) if inputs else None,
            outputs=Schema.from_json(outputs) if outputs else None,
            params=ParamSchema.from_json(params) if params else None,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ModelSignature) and (
            self.inputs == other.inputs
            and self.outputs == other.outputs
            and self.params == other.params
        )

    __hash__ = None  # type: ignore[assignment]  # compared by value

    def __repr__(self) -> str:
        parts = (("inputs", self.inputs), ("outputs", self.outputs), ("params", self.params))
        return "".join(f"{name}: \n  {schema!r}\n" for name, schema in parts)


def _as_schema(value: Any, what: str) -> Schema | None:
    if value is None or isinstance(value, Schema):
        return value
    if dataclasses.is_dataclass(value):
        return convert_dataclass_to_schema(value)
    raise TypeError(
        f"{what} must be either None, a Schema, or a dataclass, got '{type(value).__name__}'"
    )


def any_schema() -> Schema:
    """Return the schema that allows everything."""
    return Schema([ColSpec(AnyType())])


def infer_signature(
    model_input: Any = None, model_output: Any = None, params: dict[str, Any] | None = None
) -> ModelSignature:
    """Return the signature that data show.

    Data whose schema cannot be told get the type that allows everything, with a warning.

    Args:
        model_input: What the model takes: a DataFrame, Series, array, list, dictionary, scalar, or
            a dataclass that describes it.
        model_output: What the model returns for it.
        params: Parameters of inference, their values as the defaults.
    """
    inputs = _infer_part(model_input, "inputs")
    if inputs is not None:
        _warn_of_integers(inputs)
    return ModelSignature(
        inputs=inputs,
        outputs=_infer_part(model_output, "outputs"),
        params=infer_param_schema(params) if params else None,
    )


def _infer_part(data: Any, what: str) -> Schema | None:
    if data is None:
        return None
    if dataclasses.is_dataclass(data):
        return convert_dataclass_to_schema(data if isinstance(data, type) else type(data))
    try:
        return infer_schema(data)
    except MlflowException as error:
        _logger.warning(
            "The schema of the %s could not be inferred (%s); the type Any stands for it, which"
            " allows every value.",
            what,
            error.message,
        )
        return any_schema()


def _warn_of_integers(schema: Schema) -> None:
    if schema.is_tensor_spec():
        return
    names = [
        name
        for name, kind in zip(schema.input_names(), schema.input_types(), strict=True)
        if kind in (DataType.integer, DataType.long)
    ]
    if names:
        warnings.warn(
            f"The inferred schema has integer columns: {names}. An integer column cannot hold"
            " missing values: data with one arrives as floats, and predict refuses it. If values"
            " may be missing, infer the schema from data that shows it, or declare the columns as"
            " double.",
            UserWarning,
            stacklevel=3,
        )
