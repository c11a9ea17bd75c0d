"""Scoring requests: from the bytes of a request to what a model is given.

A request is JSON with exactly one of four fields, a chat or completion request as such, or CSV.
Conversions are those that requests have been served under for years, as measured: a table's
values are cast to the signature's types as numpy casts, base64 stands for bytes.
"""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import BAD_REQUEST, MlflowException
from mlflow.models.convert import bad
from mlflow.types.schema import ColSpec, DataType, ParamSchema, Schema, TensorSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.models.signature import ModelSignature

DF_SPLIT: Final = "dataframe_split"
DF_RECORDS: Final = "dataframe_records"
INSTANCES: Final = "instances"
INPUTS: Final = "inputs"
PARAMS: Final = "params"
STREAM: Final = "stream"
SUPPORTED_FORMATS: Final = frozenset({DF_SPLIT, DF_RECORDS, INSTANCES, INPUTS})
_CHAT_FIELDS: Final = ("messages", "prompt", "input")
_SPLIT_FIELDS: Final = frozenset({"columns", "index", "data"})
_MISFITS: Final = (ValueError, TypeError, AttributeError, KeyError, OverflowError)
_FORMS: Final = (
    "The input must be a JSON dictionary with exactly one of the input fields"
    " 'dataframe_split', 'dataframe_records', 'inputs' and 'instances'"
)


@dataclass(frozen=True, slots=True)
class Payload:
    """What a request asks a model.

    Attributes:
        data: The input.
        params: The parameters; None when the request has none.
        is_chat: Whether the request is a chat or completion request: its answer is not wrapped.
    """

    data: Any
    params: Any = None
    is_chat: bool = False


def refused(message: str) -> MlflowException:
    """Return the error for a request that cannot be read."""
    return MlflowException(f"Invalid input. {message}", BAD_REQUEST)


class PayloadPlan:
    """How requests for one model are read, worked out once from its signature."""

    def __init__(
        self, schema: Schema | None = None, params: ParamSchema | None = None, *, raw: bool = False
    ) -> None:
        """Compile what a model takes.

        Args:
            schema: Of its input; without one, values stay what JSON makes of them.
            params: Of its parameters.
            raw: Whether the model has type hints: it is given what stands there, and checks it.
        """
        self._schema = schema
        self._params = {spec.name for spec in params.params} if params else frozenset()
        self._frames = FramePlan(schema)
        self._is_raw = raw

    @classmethod
    def of(cls, signature: ModelSignature | None) -> PayloadPlan:
        """Return the plan for a model with a signature, or with none."""
        if signature is None:
            return cls()
        raw = signature._from_type_hint  # noqa: SLF001 - ours
        return cls(signature.inputs, signature.params, raw=raw)

    def read(self, body: bytes | str) -> Payload:
        """Return what a request in JSON asks.

        Raises:
            MlflowException: BAD_REQUEST where it is not one; INVALID_PARAMETER_VALUE where it is
                no request for a model with type hints.
        """
        given = _decoded(body)
        if any(name in given for name in _CHAT_FIELDS):
            params = {name: given.pop(name) for name in self._params & given.keys()}
            return Payload(given, params, is_chat=True)
        params = given.pop(PARAMS, None)
        if not self._is_raw:
            return Payload(self.parse(given), params)
        if INPUTS not in given:
            raise bad(
                "The model has type hints: a request is a dictionary with the field 'inputs', not"
                f" {sorted(given)}"
            )
        return Payload(given[INPUTS], params)

    def parse(self, given: dict[str, Any]) -> Any:
        """Return the input in a decoded request.

        Raises:
            MlflowException: BAD_REQUEST where there is not exactly one of the four fields, or it
                does not fit the schema.
        """
        fields = [name for name in given if name in SUPPORTED_FORMATS]
        if len(fields) != 1:
            raise MlflowException(f"{_FORMS}, not {fields}", BAD_REQUEST)
        value = given[fields[0]]
        if fields[0] == DF_SPLIT:
            return self._frames.from_split(value)
        if fields[0] == DF_RECORDS:
            return self._frames.from_records(value)
        try:
            return parse_tensors(value, self._schema, by_row=fields[0] == INSTANCES)
        except _MISFITS as error:
            raise refused(f"The data under '{fields[0]}' do not fit: {error}") from error


def infer_and_parse_data(data: dict[str, Any], schema: Schema | None = None) -> Any:
    """Return the input in a decoded scoring request.

    Args:
        data: A dictionary with one of the four fields.
        schema: What the model takes; without one, values stay what JSON makes of them.
    """
    return PayloadPlan(schema).parse(data)


def _decoded(body: bytes | str) -> dict[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise refused(f"It is no JSON: {error}") from error
    if not isinstance(given, dict):
        raise refused(f"{_FORMS}, not a {type(given).__name__}")
    return given


class FramePlan:
    """How tables are cast to a schema's types."""

    def __init__(self, schema: Schema | None) -> None:
        """Compile a schema."""
        specs: list[Any] = schema.inputs if schema is not None else []
        self._casts = {spec.name: _cast_of(spec) for spec in specs}
        self._names = [spec.name for spec in specs]
        self._unnamed = bool(specs) and not (schema is not None and schema.has_input_names())
        # All columns named, required and doubles: the table is one block of numbers.
        self._is_block = bool(specs) and all(
            type(spec) is ColSpec and spec.type is DataType.double and spec.required and spec.name
            for spec in specs
        )
        self._columns: Any = None

    def from_split(self, value: Any) -> Any:
        """Return the table of ``dataframe_split``.

        Raises:
            MlflowException: BAD_REQUEST where it is none, or a value cannot be cast.
        """
        if not isinstance(value, dict):
            raise refused(f"'{DF_SPLIT}' must be a dictionary, not {type(value).__name__}")
        if "data" not in value or value.keys() - _SPLIT_FIELDS:
            raise refused(
                f"'{DF_SPLIT}' must have the field 'data' and may have 'columns' and 'index', not"
                f" {sorted(map(str, value))}"
            )
        if self._is_block and value.get("columns") == self._names and "index" not in value:
            found = self._block(value["data"])
            if found is not None:
                return found
        return self._frame(DF_SPLIT, value["data"], value.get("index"), value.get("columns"))

    def from_records(self, value: Any) -> Any:
        """Return the table of ``dataframe_records``.

        Raises:
            MlflowException: BAD_REQUEST where it is none, or a value cannot be cast.
        """
        if not isinstance(value, list):
            raise refused(f"'{DF_RECORDS}' must be a list of records, not {type(value).__name__}")
        if self._is_block and value:
            names = self._names
            try:
                found = self._block([[record[name] for name in names] for record in value])
            except (TypeError, KeyError):  # no records, or not with these names
                found = None
            if found is not None:
                return found
        return self._frame(DF_RECORDS, value, None, None)

    def _block(self, rows: Any) -> Any:
        """Return rows of numbers as a table, None where they are not that: a third of the time."""
        import numpy as np  # noqa: PLC0415 - optional package
        import pandas as pd  # noqa: PLC0415 - optional package

        try:
            values = np.array(rows, dtype=np.float64)
        except (TypeError, ValueError):
            return None
        if values.ndim != 2 or values.shape[1] != len(self._names):  # noqa: PLR2004 - a table
            return None
        if self._columns is None:
            self._columns = pd.Index(self._names)
        return pd.DataFrame(values, columns=self._columns, copy=False)

    def _frame(self, form: str, data: Any, index: Any, columns: Any) -> Any:
        import pandas as pd  # noqa: PLC0415 - optional package

        try:
            frame = pd.DataFrame(data, index=index, columns=columns)
        except _MISFITS as error:
            raise refused(f"'{form}' is no table: {error}") from error
        return self.cast(frame)

    def cast(self, frame: Any) -> Any:
        """Return a table with its columns cast to the schema's types.

        Raises:
            MlflowException: BAD_REQUEST where a value cannot be.
        """
        for position, name in enumerate(frame.columns):
            cast = self._casts[self._names[0]] if self._unnamed else self._casts.get(name, _same)
            column = frame.iloc[:, position]
            try:
                converted = cast(column)
            except _MISFITS as error:
                raise refused(
                    f"Data is not compatible with model signature: column {name!r} holds a value"
                    f" of another type: {error}"
                ) from error
            if converted is not column:
                frame.isetitem(position, converted)
        return frame


def _same(column: Any) -> Any:
    return column


def _cast_of(spec: Any) -> Callable[[Any], Any]:
    kind = spec.type
    if isinstance(spec, TensorSpec):
        return lambda column: _tensor_column(column, spec)
    if kind is DataType.binary:
        return _bytes_column
    if kind is DataType.string:
        return lambda column: column if column.dtype.kind == "O" else column.astype(object)
    if not isinstance(kind, DataType):
        return _same
    dtype = "datetime64[ns]" if kind is DataType.datetime else kind.to_numpy()
    return lambda column: column if column.dtype == dtype else column.astype(dtype)


def _bytes_column(column: Any) -> Any:
    return column.map(lambda text: base64.decodebytes(bytes(text, "utf-8")))


def _tensor_column(column: Any, spec: TensorSpec) -> Any:
    if column.dtype.kind == "O" and len(column) and isinstance(column.iloc[0], list):
        return column
    return column.astype(spec.type)


def parse_tensors(value: Any, schema: Schema | None, *, by_row: bool) -> Any:
    """Return the data of ``inputs`` or ``instances`` as arrays.

    Args:
        value: What the field holds.
        schema: What the model takes.
        by_row: Whether a list of dictionaries holds rows, to be gathered into one array a name.
    """
    import numpy as np  # noqa: PLC0415 - optional package

    specs: list[Any] = schema.inputs if schema is not None else []
    named = schema is not None and schema.has_input_names()
    types = {spec.name: _array_type(spec) for spec in specs} if named else {}
    only = _array_type(specs[0]) if specs else None

    columns = bool(specs) and not isinstance(specs[0], TensorSpec)

    def array(item: Any, dtype: Any) -> Any:
        made = np.array(item, dtype=dtype)
        if not columns or made.ndim:
            return made
        return made.item() if made.dtype.kind == "U" else made[()]  # one value of one row

    def arrays(fields: dict[str, Any]) -> dict[str, Any]:
        if specs and not named and not columns:
            raise ValueError("the signature has one array without a name, not a dictionary")
        return {name: array(item, types.get(name)) for name, item in fields.items()}

    if isinstance(value, dict):
        return arrays(value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        if not by_row:
            return [arrays(item) for item in value]
        return arrays(_gathered(value))
    if value == [] and not named:
        return value
    whole = array(value, only)
    return {specs[0].name: whole} if named and len(specs) == 1 else whole


def _gathered(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        for name, item in row.items():
            found.setdefault(name, []).append(item)
    return found


def _array_type(spec: Any) -> Any:
    if isinstance(spec, TensorSpec):
        return spec.type
    if not isinstance(spec.type, DataType):
        return object
    return {
        DataType.string: str,
        DataType.binary: bytes,
        DataType.datetime: "datetime64[ns]",
    }.get(spec.type, spec.type.to_numpy())


def parse_csv_input(csv_input: Any, schema: Schema | None = None) -> Any:
    """Return the table in a CSV.

    Args:
        csv_input: A path or a file of text, with a header.
        schema: What the model takes; its numbers, booleans and texts are read as such.

    Raises:
        MlflowException: BAD_REQUEST where it is no CSV, or a value has another type.
    """
    import pandas as pd  # noqa: PLC0415 - optional package

    specs: list[Any] = schema.inputs if schema is not None else []
    dates = [spec.name for spec in specs if spec.type is DataType.datetime]
    dtype: Any = None
    if schema is not None and schema.has_input_names():
        dtype = {
            spec.name: object if spec.type is DataType.string else spec.type.to_numpy()
            for spec in specs
            if isinstance(spec.type, DataType) and spec.type is not DataType.datetime
        }
    elif specs and all(spec.type is DataType.string for spec in specs):
        dtype = str
    try:
        frame = pd.read_csv(csv_input, dtype=dtype)
        for name in frame.columns.intersection(dates):
            frame[name] = frame[name].astype("datetime64[ns]")
    except (OSError, *_MISFITS) as error:
        raise refused(f"It is no CSV with a header that fits the model: {error}") from error
    return frame


def parse_csv_text(text: bytes | str, schema: Schema | None = None) -> Any:
    """Return the table in the text of a CSV; see ``parse_csv_input``."""
    try:
        plain = text.decode("utf-8") if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        raise refused(f"It is not UTF-8: {error}") from error
    return parse_csv_input(io.StringIO(plain), schema)


def parse_parquet_input(parquet_input: Any) -> Any:
    """Return the table in a Parquet file.

    Args:
        parquet_input: A path or a file of bytes.

    Raises:
        MlflowException: BAD_REQUEST where it is none.
    """
    import pandas as pd  # noqa: PLC0415 - optional package

    try:
        return pd.read_parquet(parquet_input)
    except (OSError, ImportError, *_MISFITS) as error:
        raise refused(f"It cannot be read as Parquet: {error}") from error
