"""The endpoint table against the recorded interface."""

import json
from pathlib import Path

import msgspec
import pytest

from mlflow._wire import permissions
from mlflow._wire.endpoints import ENDPOINTS, Endpoint
from mlflow._wire.messages import Message
from mlflow._wire.openapi import openapi_document, typescript_types
from mlflow._wire.unbuilt import UNBUILT
from mlflow.server.operations import HANDLERS

FACTS = json.loads((Path(__file__).parents[2] / "facts" / "rest_api.json").read_text())
SERVICES = ("service.proto", "model_registry.proto", "mlflow_artifacts.proto", "webhooks.proto")
# Fields of ours in recorded messages; other servers ignore them.
OWN_FIELDS = {
    "CreateRun": {"run_id"},
    "GetLoggedModel": {"allow_deleted"},
    "CreatePresignedUploadUrl.Response": {"file_size"},
}
# An old name, and pages where nothing is paged upstream.
COMMON_FIELDS = {"run_uuid", "next_page_token", "page_token", "root_uri"}


def recorded() -> dict[tuple[str, str, str], dict[str, str]]:
    found = {}
    for service in SERVICES:
        for row in FACTS[service]["operations"]:
            version = "2.0" if row["since"] < "3" else "3.0"
            found[row["method"], version, "/" + row["path"].lstrip("/")] = {**row, "file": service}
    return found


def fields_of(file: str, message: str) -> dict[str, dict[str, str]]:
    name, _, nested = message.partition(".")
    found = FACTS[file]["messages"][name]
    shape = found["nested"][nested] if nested else found
    return dict(shape["fields"])


def test_every_recorded_operation_is_built_or_answered() -> None:
    """Each recorded route is in the table, in the list of unbuilt ones, or about raw bytes."""
    rows = {(row.method, version, row.path) for row in ENDPOINTS for version in row.versions}
    unbuilt = {(verb, version, path) for version, path, verbs in UNBUILT for verb in verbs.split()}
    missing = {
        key
        for key in recorded()
        if key not in rows and key not in unbuilt and "mlflow-artifacts" not in key[2]
    }
    assert missing == set()
    assert not rows & unbuilt


@pytest.mark.parametrize("row", ENDPOINTS, ids=lambda row: f"{row.name}-{row.method}")
def test_messages_have_the_recorded_fields(row: Endpoint) -> None:
    """Requests and responses of recorded operations have exactly the recorded fields."""
    fact = recorded().get((row.method, (*row.versions, "")[0], row.path))
    if fact is None:
        assert not row.versions or row.name == "get_metric_history_bulk"
        return
    for message, name in ((row.request, fact["request"]), (row.response, fact["response"])):
        ours = {field.name for field in msgspec.structs.fields(message)}
        extra = ours - fields_of(fact["file"], name).keys()
        assert extra <= OWN_FIELDS.get(name, set()) | COMMON_FIELDS
        lacking = fields_of(fact["file"], name).keys() - ours
        assert lacking <= ({"model"} if name == "SetLoggedModelTags.Response" else set())


def test_every_row_has_a_permission_and_known_fields() -> None:
    """A row's permission is one of the table's, and what it requires are fields of its message."""
    known = {value for value in vars(permissions).values() if type(value) is permissions.Permission}
    for row in ENDPOINTS:
        assert row.permission in known
        names = {field.name for field in msgspec.structs.fields(row.request)}
        assert set(row.required) <= names
        if row.writes:
            assert row.permission.level not in (permissions.Level.READ, permissions.Level.ANYONE)


def test_no_route_is_there_twice() -> None:
    """A verb and a path lead to one operation."""
    routes = [(row.method, route) for row in ENDPOINTS for route in row.routes()]
    assert len(routes) == len(set(routes))


def test_handlers_are_named_like_operations() -> None:
    """Each handler serves a row of the table."""
    assert HANDLERS.keys() <= {row.name for row in ENDPOINTS}


def test_openapi_describes_every_operation() -> None:
    """Each row is a path of the document, and every reference in it leads somewhere."""
    document = openapi_document()
    for row in ENDPOINTS:
        assert row.method.lower() in document["paths"][row.route]
    text = json.dumps(document)
    for part in text.split('"#/components/schemas/')[1:]:
        assert part.partition('"')[0] in document["components"]["schemas"]


def test_openapi_says_what_may_be_sent_and_answered() -> None:
    """Bounds of integers, texts for doubles, statuses, and what is not built."""
    document = openapi_document(unbuilt={"create_registered_model"}, basic_auth=True)
    shapes = document["components"]["schemas"]
    step = shapes["LogMetric"]["properties"]["step"]["anyOf"][0]
    assert step["format"] == "int64"
    assert (step["minimum"], step["maximum"]) == (-(2**63), 2**63 - 1)
    for shape in ("Metric", "InputMetric"):
        value = shapes[shape]["properties"]["value"]["anyOf"]
        assert {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]} in value
    built = document["paths"]["/api/2.0/mlflow/runs/log-metric"]["post"]
    assert {"200", "400", "401", "403", "404", "413", "429", "503"} <= built["responses"].keys()
    assert "501" not in built["responses"]
    assert built["requestBody"]["required"]
    body = built["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["key"]["minLength"] == 1
    assert body["properties"]["key"]["maxLength"] == 250
    status = shapes["UpdateRun"]["properties"]["status"]["anyOf"][0]
    assert "KILLED" in status["enum"]
    assert (
        "501" in document["paths"]["/api/2.0/mlflow/registered-models/create"]["post"]["responses"]
    )
    assert document["security"] == [{"basic": []}]
    assert "security" not in openapi_document()


def test_typescript_names_every_message() -> None:
    """Each message of the table is an interface."""
    text = typescript_types()
    messages: set[type[Message]] = {row.request for row in ENDPOINTS}
    for message in messages:
        assert f"export interface {message.__name__} {{" in text
