"""What a server says about itself, and charts in the form that a browser draws from."""

from collections.abc import Iterator

import pytest

from mlflow._wire.columns import COLUMNS_CONTENT_TYPE, decode_columns
from mlflow._wire.endpoints import ENDPOINTS
from tests.e2e.servers import Served, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A fresh server."""
    with serving(tmp_path_factory.mktemp("server")) as served:
        yield served


def test_the_server_describes_its_operations(server: Served) -> None:
    """The OpenAPI document of a running server has every row of the table."""
    document = server.ask("GET", "/api/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert {row.route for row in ENDPOINTS} == document["paths"].keys()


def test_charts_come_as_columns_when_asked_for(server: Served) -> None:
    """The same buckets in JSON and in columns."""
    run = server.api("POST", "/runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
    points = [{"key": "a", "value": n / 2, "timestamp": 1, "step": n} for n in range(100)]
    server.api("POST", "/runs/log-batch", {"run_id": run, "metrics": points})
    ask = {"run_ids": [run], "metric_keys": ["a"], "buckets": 10}
    path = "/api/headrace/metrics/buckets"
    plain = server.ask("POST", path, ask).json["series"][0]["buckets"]
    reply = server.ask("POST", path, ask, headers={"Accept": COLUMNS_CONTENT_TYPE})
    assert reply.headers["content-type"] == COLUMNS_CONTENT_TYPE
    (series,) = decode_columns(reply.body).series
    assert sum(bucket["count"] for bucket in plain) == 100
    assert list(series.cells.count) == [bucket["count"] for bucket in plain]
    assert list(series.cells.high) == [bucket["max"] for bucket in plain]


def test_charts_have_limits(server: Served) -> None:
    """More buckets than a screen has pixels are refused by name."""
    ask = {"run_ids": ["r"], "metric_keys": ["a"], "buckets": 10_001}
    reply = server.ask("POST", "/api/headrace/metrics/buckets", ask)
    assert reply.status == 400
    assert "'buckets'" in reply.json["message"]
