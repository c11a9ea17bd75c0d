"""The OpenAPI 3.1 document and the TypeScript types, both made from the endpoint table."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import msgspec

from mlflow._core.limits import MAX_ENTITY_KEY_LENGTH, MAX_EXPERIMENT_NAME_LENGTH
from mlflow._wire.endpoints import ARTIFACT_LISTS, ENDPOINTS, Endpoint
from mlflow._wire.headers import IDEMPOTENCY_KEY
from mlflow._wire.messages import Message
from mlflow.version import HEADRACE_VERSION

_FIELD: Final = re.compile(r"\{(\w+)\}")
_ERROR: Final = {
    "type": "object",
    "required": ["error_code", "message"],
    "properties": {"error_code": {"type": "string"}, "message": {"type": "string"}},
}
_NOT_FINITE: Final = {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}
_VIEWS: Final = {"enum": ["ACTIVE_ONLY", "DELETED_ONLY", "ALL"]}
_TEXT: Final = {"pattern": "^[^\\u0000]+$"}
_KEY: Final = {**_TEXT, "maxLength": MAX_ENTITY_KEY_LENGTH}
_NAME: Final = {**_TEXT, "maxLength": MAX_EXPERIMENT_NAME_LENGTH}
# By message and field, or by field: what is not seen from the type.
_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "experiment_id": {"pattern": "^[0-9]{1,18}$"},
    "CreateExperiment.name": _NAME,
    "UpdateExperiment.new_name": _NAME,
    "GetOrCreateExperiment.name": _NAME,
    "SearchExperiments.view_type": _VIEWS,
    "SearchRuns.run_view_type": _VIEWS,
    "UpdateRun.status": {"enum": ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]},
    "FinalizeLoggedModel.status": {"enum": ["LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"]},
    "LogMetric.key": _KEY,
    "InputMetric.key": _KEY,
    "LogParam.key": _KEY,
    "SetTag.key": _KEY,
    # A tag of a dataset may be named by the empty text.
    "KeyValue.key": {"pattern": "^[^\\u0000]*$"},
    "GetMetricBuckets.axis": {"enum": ["step", "time", "relative"]},
    "GetMetricBuckets.buckets": {"minimum": 1, "maximum": 10_000},
    "ConsoleChunk.stream": {"enum": ["stdout", "stderr"]},
    "max_results": {"minimum": 1, "maximum": 50_000},
}
_RETRY_AFTER: Final = {
    "headers": {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}}
}
_ASKS: Final = {"headers": {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}}
# By status: what it stands for, and its headers.
_REFUSALS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "400": ("A field is missing or wrong, or what stands there does not allow it.", {}),
    "401": ("Name or password are missing or wrong.", _ASKS),
    "403": ("The caller, the page or the host is not allowed to.", {}),
    "404": ("It does not exist.", {}),
    "413": ("The body is longer than the server takes.", {}),
    "429": ("Too many wrong passwords.", _RETRY_AFTER),
    "431": ("The query, or the headers, are longer than the server takes.", {}),
    "501": ("It is not built.", {}),
    "503": ("The server has as much to do as it takes on.", _RETRY_AFTER),
}


def openapi_document(
    rows: Sequence[Endpoint] = ENDPOINTS,
    *,
    unbuilt: Collection[str] = (),
    basic_auth: bool = False,
) -> dict[str, Any]:
    """Return the OpenAPI document of operations.

    Args:
        rows: The operations; each is described under the path that clients use.
        unbuilt: The names of those that answer 501.
        basic_auth: Whether name and password are asked for.
    """
    messages = _messages(rows)
    found, components = msgspec.json.schema_components(
        messages, ref_template="#/components/schemas/{name}"
    )
    components = {name: _exact(name, _with_texts(one)) for name, one in components.items()}
    schemas = dict(zip(messages, found, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for row in rows:
        operation = _operation(row, schemas, components, built=row.name not in unbuilt)
        paths.setdefault(row.route, {})[row.method.lower()] = operation
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Headrace",
            "version": HEADRACE_VERSION,
            "description": "The tracking server's JSON operations. Absent and null fields mean "
            "the same; 64-bit integers may be sent as texts; unknown fields are ignored.",
        },
        "paths": paths,
        "components": {
            "schemas": {**components, "Error": _ERROR},
            "responses": {
                status: {**_content({"$ref": "#/components/schemas/Error"}, said), **more}
                for status, (said, more) in _REFUSALS.items()
            },
        },
    }
    if basic_auth:
        document["components"]["securitySchemes"] = {"basic": {"type": "http", "scheme": "basic"}}
        document["security"] = [{"basic": []}]
    return document


def _messages(rows: Iterable[Endpoint]) -> list[type[Message]]:
    both = [message for row in rows for message in (row.request, row.response)]
    return list(dict.fromkeys(both))


def _with_texts(shape: Any) -> Any:
    """Say which texts stand for doubles."""
    if isinstance(shape, list):
        return [_with_texts(one) for one in shape]
    if not isinstance(shape, dict):
        return shape
    found = {name: _with_texts(one) for name, one in shape.items()}
    options = found.get("anyOf", ())
    if {"type": "number"} in options:
        found["anyOf"] = [*(one for one in options if one.get("type") != "string"), _NOT_FINITE]
    return found


def _exact(message: str, shape: dict[str, Any]) -> dict[str, Any]:
    """Say of a message's fields what their types do not."""
    for name, field in shape.get("properties", {}).items():
        more = _FIELDS.get(f"{message}.{name}") or _FIELDS.get(name)
        if more is not None:
            options = field.get("anyOf", [field])
            options[0] = {**options[0], **more}
    return shape


def _operation(
    row: Endpoint,
    schemas: dict[type[Message], dict[str, Any]],
    components: dict[str, Any],
    *,
    built: bool,
) -> dict[str, Any]:
    in_path = _FIELD.findall(row.path)
    fields = components[row.request.__name__]["properties"]
    parameters = [_parameter(name, fields[name], "path", required=True) for name in in_path]
    refusals = [status for status in _REFUSALS if built or status not in ("404", "503")]
    operation: dict[str, Any] = {
        "operationId": f"{row.name}_{row.method.lower()}",
        "summary": (row.request.__doc__ or "").strip().splitlines()[0],
        "x-permission": f"{row.permission.resource.value}:{row.permission.level.value}",
        "responses": {
            "200": _content(schemas[row.response], "The answer."),
            **{status: {"$ref": f"#/components/responses/{status}"} for status in refusals},
        },
    }
    if built and row not in ARTIFACT_LISTS:  # those need a destination that can do it
        operation["responses"].pop("501")
    if row.method == "GET":
        parameters += [
            _parameter(name, schema, "query", required=name in row.required)
            for name, schema in fields.items()
            if name not in in_path
        ]
    else:
        body = _content(_body(row, schemas, fields, in_path))
        needed = bool(set(row.required) - set(in_path))  # nothing is an empty object
        operation["requestBody"] = {"required": needed, **body}
    if row.writes:
        schema = {"type": "string", "pattern": "^[!-~]{1,200}$"}
        parameters.append({"name": IDEMPOTENCY_KEY, "in": "header", "schema": schema})
    return {**operation, "parameters": parameters}


def _body(
    row: Endpoint,
    schemas: dict[type[Message], dict[str, Any]],
    fields: dict[str, Any],
    in_path: Sequence[str],
) -> dict[str, Any]:
    reference = schemas[row.request]
    required = [name for name in row.required if name not in in_path]
    if not required:
        return reference
    needed = {name: _there(fields[name]) for name in required}
    return {"allOf": [reference], "required": required, "properties": needed}


def _content(schema: dict[str, Any], description: str = "") -> dict[str, Any]:
    content: dict[str, Any] = {"content": {"application/json": {"schema": schema}}}
    return {**content, "description": description} if description else content


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field that is not null."""
    shown = {key: value for key, value in schema.items() if key != "default"}
    options = [one for one in shown.get("anyOf", ()) if one.get("type") != "null"]
    if not options:
        return shown
    return options[0] if len(options) == 1 else {"anyOf": options}


def _there(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field that is neither null nor empty."""
    shown = _given(schema)
    least = {"array": "minItems", "string": "minLength"}.get(shown.get("type", ""))
    return {**shown, least: 1} if least else shown


def _parameter(name: str, schema: dict[str, Any], where: str, *, required: bool) -> dict[str, Any]:
    shown = _there(schema) if required else _given(schema)  # a query says absence by absence
    return {"name": name, "in": where, "required": required, "schema": shown}


# TypeScript


def typescript_types(rows: Sequence[Endpoint] = ENDPOINTS) -> str:
    """Return the messages as TypeScript interfaces, and the operations as one typed table.

    Args:
        rows: The operations.
    """
    _, components = msgspec.json.schema_components(_messages(rows), ref_template="{name}")
    lines = ["// Made from the endpoint table by tools/wire.py; do not edit.", ""]
    for name, schema in sorted(components.items()):
        lines.append(f"export interface {name} {{")
        for field, shape in schema.get("properties", {}).items():
            lines.append(f"  {field}?: {_typescript(shape)};")
        lines += ["}", ""]
    lines.append("export interface Operations {")
    for row in rows:
        key = f"{row.method} {row.route}"
        lines.append(
            f"  '{key}': {{ request: {row.request.__name__}; response: {row.response.__name__} }};"
        )
    return "\n".join([*lines, "}", ""])


def _typescript(shape: dict[str, Any]) -> str:
    if "$ref" in shape:
        return str(shape["$ref"])
    if "anyOf" in shape:
        options = [_typescript(one) for one in shape["anyOf"] if one.get("type") != "null"]
        return " | ".join(dict.fromkeys(options))
    kind = shape.get("type")
    if kind == "array":
        item = _typescript(shape["items"])
        return f"({item})[]" if " " in item else f"{item}[]"
    if kind == "object":
        return f"Record<string, {_typescript(shape['additionalProperties'])}>"
    names = {"integer": "number", "number": "number", "boolean": "boolean", "string": "string"}
    return names[str(kind)]
