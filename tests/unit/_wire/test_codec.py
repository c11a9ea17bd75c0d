"""JSON as protobuf's JSON form has it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlflow._wire import messages as m
from mlflow._wire.codec import decode_json, decode_query, double, encode_json, require
from mlflow._wire.errors import error_body, error_of
from mlflow.exceptions import RESOURCE_DOES_NOT_EXIST, MlflowException


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"value": "NaN"}', math.nan),
        (b'{"value": "Infinity"}', math.inf),
        (b'{"value": "-Infinity"}', -math.inf),
        (b'{"value": "1.5"}', 1.5),
        (b'{"value": 1}', 1.0),
        (b'{"value": -0.0}', -0.0),
    ],
)
def test_doubles_are_numbers_or_texts(body: bytes, value: float) -> None:
    """What is not finite arrives as a text, and so may every other number."""
    found = decode_json(m.LogMetric, body).value
    assert found is not None
    assert str(found) == str(value)


def test_integers_may_be_texts_and_whole_floats() -> None:
    """64-bit integers survive as numbers, texts and whole floats."""
    found = decode_json(m.LogMetric, b'{"timestamp": "9007199254740993", "step": 5.0}')
    assert (found.timestamp, found.step) == (9007199254740993, 5)


def test_unknown_fields_and_nulls_are_ignored() -> None:
    """What nobody knows, and null, are as if absent."""
    assert decode_json(m.GetRun, b'{"x": {"y": [1]}, "run_id": null}') == m.GetRun()


@given(st.floats())
def test_doubles_survive(value: float) -> None:
    """Every double comes back, but for NaN payloads."""
    text = encode_json(m.Metric(value=double(value)))
    found = decode_json(m.Metric, text).value
    assert found is not None
    back = float(found)
    assert back == value or (math.isnan(back) and math.isnan(value))
    assert math.copysign(1, back) == math.copysign(1, value) or math.isnan(value)


@pytest.mark.parametrize(
    ("cls", "body", "message"),
    [
        (m.CreateExperiment, b'{"name": 123}', "Invalid value 123 for parameter 'name' supplied"),
        (m.CreateExperiment, b'{"tags": "5"}', "Invalid value \"5\" for parameter 'tags' supplied"),
        (m.LogBatch, b'{"metrics": [{}, {"value": "a"}]}', "parameter 'metrics[1].value' supplied"),
        (m.LogBatch, b'{"params": [{"key": []}]}', "parameter 'params[0].key' supplied"),
        (m.LogMetric, b'{"timestamp": "x"}', "Invalid value \"x\" for parameter 'timestamp'"),
        (m.LogMetric, b"{not json", "not valid JSON"),
        (m.LogMetric, b"[]", "must be a JSON object, not array"),
        (m.LogMetric, b'{"key": "\xff"}', "not valid JSON"),
        (m.LogMetric, b"[" * 100_000, "not valid JSON"),
    ],
)
def test_what_is_wrong_is_named(cls: type[m.Message], body: bytes, message: str) -> None:
    """A wrong field is named with its value; a wrong body is called so."""
    with pytest.raises(MlflowException) as caught:
        decode_json(cls, body)
    assert message in caught.value.message
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_queries_repeat_fields_of_lists() -> None:
    """A list in a query is a repeated name; of a single field, the first counts."""
    found = decode_query(m.GetMetricHistoryBulk, "run_id=a&run_id=b&metric_key=x&metric_key=y")
    assert (found.run_id, found.metric_key) == (["a", "b"], "x")


@pytest.mark.parametrize("query", ["metric_key=%ff", "max_results=x"])
def test_wrong_queries_are_refused(query: str) -> None:
    """No UTF-8 and no number are the caller's errors."""
    with pytest.raises(MlflowException) as caught:
        decode_query(m.GetMetricHistory, query)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_required_fields() -> None:
    """Zero is there, an empty text is not; a run may be named by its old field."""
    require(m.LogMetric(run_id="a", timestamp=0), ("run_id", "timestamp"))
    old = m.GetRun(run_uuid="a")
    require(old, ("run_id",))
    assert old.run_id == "a"
    with pytest.raises(MlflowException, match="Missing value for required parameter 'key'"):
        require(m.LogMetric(key=""), ("key",))


def test_errors_go_and_come() -> None:
    """An error keeps its code and text on the way."""
    sent = MlflowException("No such run", RESOURCE_DOES_NOT_EXIST)
    found = error_of(404, error_body(sent), source="GET /x")
    assert found is not None
    assert found.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert "No such run" in found.message
    assert error_of(200, b"{}", source="GET /x") is None


def test_foreign_error_pages_are_summarised() -> None:
    """A proxy's page is not dumped into a message."""
    found = error_of(404, b"<html><body>gone</body></html>", source="GET /x")
    assert found is not None
    assert found.message == "GET /x was answered with status 404 and an HTML page."


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**64, 10**400])
def test_integers_have_64_bits(number: int) -> None:
    """One more bit is the caller's fault, in JSON, as a text, and in a query."""
    for body in (f'{{"step": {number}}}', f'{{"step": "{number}"}}'):
        with pytest.raises(MlflowException, match="'step'") as caught:
            decode_json(m.LogMetric, body.encode())
        assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    with pytest.raises(MlflowException, match="'end_step'"):
        decode_query(m.GetMetricHistoryBulkInterval, f"end_step={number}")
    most = decode_json(m.LogMetric, f'{{"step": {2**63 - 1}, "timestamp": {-(2**63)}}}'.encode())
    assert (most.step, most.timestamp) == (2**63 - 1, -(2**63))


def test_errors_repeat_little_of_a_request() -> None:
    """A message is cut in its middle: beginning and end say what it is about."""
    error = MlflowException(f"The run {'x' * 100_000} is not here", RESOURCE_DOES_NOT_EXIST)
    body = error_body(error)
    assert len(body) < 5_000
    assert b'"The run xxx' in body
    assert b'xxx is not here"' in body
