"""What a server says of its models: an OpenAPI document, and a page without a script."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any, Final

from mlflow.models.example import SERVING_FILE
from mlflow.models.payload import DF_RECORDS, DF_SPLIT, INPUTS, INSTANCES, PARAMS
from mlflow.pyfunc.scoring_server.predictions import PREDICTIONS
from mlflow.types.nested import AnyType, Array, Map, Object
from mlflow.types.schema import DataType, TensorSpec
from mlflow.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlflow.pyfunc.scoring_server.invoke import ServedModel

_SCALARS: Final[dict[DataType, dict[str, Any]]] = {
    DataType.boolean: {"type": "boolean"},
    DataType.integer: {"type": "integer", "format": "int32"},
    DataType.long: {"type": "integer", "format": "int64"},
    DataType.float: {"type": "number", "format": "float"},
    DataType.double: {"type": "number", "format": "double"},
    DataType.string: {"type": "string"},
    DataType.binary: {"type": "string", "contentEncoding": "base64"},
    DataType.datetime: {"type": "string", "format": "date-time"},
}
_ERRORS: Final = {
    "400": "The input cannot be read, or does not fit the model.",
    "413": "The body is larger than the server takes.",
    "415": "The content type is none that is read.",
    "503": "The server has as much to do as it takes on.",
    "504": "The model took too long.",
}
_ERROR: Final = {
    "type": "object",
    "required": ["error_code", "message"],
    "properties": {"error_code": {"type": "string"}, "message": {"type": "string"}},
}
_PAGE_HEAD: Final = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Model serving</title>"
    "<link rel=stylesheet href=/docs.css><h1>Model serving</h1>"
    "<p>Programs read <a href=/openapi.json>/openapi.json</a>; figures are at"
    " <a href=/metrics>/metrics</a>.</p>"
)
CSS: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{text-align:left;padding:.2rem 1rem .2rem 0}"
    "pre{background:#8881;padding:1rem;overflow:auto}"
)


def json_schema(kind: Any) -> dict[str, Any]:
    """Return the JSON schema of a type of a signature."""
    if isinstance(kind, DataType):
        return _SCALARS[kind]
    if isinstance(kind, Array):
        return {"type": "array", "items": json_schema(kind.dtype)}
    if isinstance(kind, Object):
        return {
            "type": "object",
            "properties": {one.name: json_schema(one.dtype) for one in kind.properties},
            "required": [one.name for one in kind.properties if one.required],
        }
    if isinstance(kind, Map):
        return {"type": "object", "additionalProperties": json_schema(kind.value_type)}
    assert isinstance(kind, AnyType)  # noqa: S101 - there are no others
    return {}


def _tensor(spec: TensorSpec) -> dict[str, Any]:
    number = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}.get(spec.type.kind)
    found: dict[str, Any] = {"type": number} if number else {}
    for size in reversed(spec.shape):
        limits = {} if size < 0 else {"minItems": size, "maxItems": size}
        found = {"type": "array", "items": found, **limits}
    return found


def _record(specs: Sequence[Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {str(spec.name): _column(spec) for spec in specs},
        "required": [str(spec.name) for spec in specs if spec.required],
    }


def _column(spec: Any) -> dict[str, Any]:
    return _tensor(spec) if isinstance(spec, TensorSpec) else json_schema(spec.type)


def _forms(served: ServedModel) -> dict[str, Any]:
    """Return the schemas of the fields of which a request has one."""
    schema = served.schema
    table: dict[str, Any] = {
        "type": "object",
        "required": ["data"],
        "properties": {
            "columns": {"type": "array"},
            "index": {"type": "array"},
            "data": {"type": "array", "items": {"type": "array"}},
        },
    }
    if schema is None:
        return {DF_SPLIT: table, DF_RECORDS: {"type": "array"}, INPUTS: {}, INSTANCES: {}}
    if not schema.has_input_names():
        one = _column(schema.inputs[0])
        rows = one if schema.is_tensor_spec() else {"type": "array", "items": one}
        return {INPUTS: rows, INSTANCES: rows, DF_SPLIT: table}
    record = _record(schema.inputs)
    if schema.is_tensor_spec():
        return {INPUTS: record, INSTANCES: {"type": "array"}}
    rows = {"type": "array", "items": record}
    table["properties"]["columns"] = {"type": "array", "items": {"enum": schema.input_names()}}
    return {DF_RECORDS: rows, DF_SPLIT: table, INPUTS: {}, INSTANCES: {}}


def _params(served: ServedModel) -> dict[str, Any]:
    params = served.model.metadata.get_params_schema()
    return {
        "type": "object",
        "properties": {
            spec.name: {**json_schema(spec.dtype), "default": _jsonable(spec.default)}
            if spec.shape is None
            else {"type": "array", "default": _jsonable(spec.default)}
            for spec in (params.params if params else [])
        },
    }


def _jsonable(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


def _request(served: ServedModel) -> dict[str, Any]:
    params = _params(served)
    forms: list[dict[str, Any]] = [
        {
            "type": "object",
            "required": [name],
            "properties": {name: schema, PARAMS: params},
        }
        for name, schema in _forms(served).items()
    ]
    return {"oneOf": forms}


def _operation(served: ServedModel, *, first: bool) -> dict[str, Any]:
    outputs = served.model.metadata.get_output_schema()
    found: dict[str, Any] = {"type": "array"}
    if outputs is not None and outputs.has_input_names() and not outputs.is_tensor_spec():
        found = {"type": "array", "items": _record(outputs.inputs)}
    elif outputs is not None:
        one = _column(outputs.inputs[0])
        found = one if outputs.is_tensor_spec() else {"type": "array", "items": one}
    answer = {"type": "object", "properties": {PREDICTIONS: found}, "required": [PREDICTIONS]}
    content: dict[str, Any] = {"schema": _request(served)}
    example = example_of(served)
    if example is not None:
        content["example"] = json.loads(example)
    errors = {
        status: {"description": text, "content": {"application/json": {"schema": _ERROR}}}
        for status, text in _ERRORS.items()
    }
    return {
        "post": {
            "operationId": "invoke" if first else f"invoke_{served.name}",
            "summary": f"Predictions of the model {served.name}",
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": content,
                    "text/csv": {"schema": {"type": "string"}},
                },
            },
            "responses": {
                "200": {
                    "description": "Predictions, one a row.",
                    "content": {"application/json": {"schema": answer}},
                },
                **errors,
            },
        }
    }


def openapi(models: Sequence[ServedModel]) -> str:
    """Return the OpenAPI document of a server.

    Args:
        models: The first one answers ``/invocations``.
    """
    paths = {"/invocations": _operation(models[0], first=True)}
    for one in models:
        paths[f"/models/{one.name}/invocations"] = _operation(one, first=False)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Model serving", "version": VERSION},
        "paths": paths,
    }
    return json.dumps(document)


def example_of(served: ServedModel) -> str | None:
    """Return a request that the model's folder has as an example."""
    folder = served.model._folder  # noqa: SLF001 - the constructor's signature is recorded
    path = folder / SERVING_FILE if folder is not None else None
    return path.read_text("utf-8") if path is not None and path.is_file() else None


def page(models: Sequence[ServedModel]) -> str:
    """Return the page that describes a server to people."""
    parts = [_PAGE_HEAD]
    for number, one in enumerate(models):
        path = f"/models/{one.name}/invocations"
        also = " and <code>POST /invocations</code>" if number == 0 else ""
        parts.append(f"<h2>{_safe(one.name)}</h2><p><code>POST {_safe(path)}</code>{also}</p>")
        for title, specs in (
            ("Input", one.schema),
            ("Parameters", one.model.metadata.get_params_schema()),
            ("Output", one.model.metadata.get_output_schema()),
        ):
            if specs is not None:
                parts.append(f"<h3>{title}</h3>{_table(getattr(specs, 'inputs', specs))}")
        example = example_of(one)
        if example is not None:
            parts.append(f"<h3>Example</h3><pre>{_safe(example)}</pre>")
    return "".join(parts)


def _table(specs: Any) -> str:
    rows = [
        f"<tr><td>{_safe(str(getattr(spec, 'name', '') or ''))}<td>{_safe(repr(spec))}"
        for spec in specs
    ]
    return f"<table><tr><th>name<th>type{''.join(rows)}</table>"


def _safe(text: str) -> str:
    return html.escape(text)
