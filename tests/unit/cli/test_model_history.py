"""``mlflow models history``: moves as a table and as JSON, and what aliases meant at a time."""

from __future__ import annotations

import json
import time
from datetime import datetime, timezone

import pytest

from mlflow.tracking.client import MlflowClient
from tests.unit.cli.conftest import Invoke


@pytest.fixture
def between(client: MlflowClient) -> int:
    """Move aliases and a stage; return a time between the moves of one alias."""
    client.create_registered_model("churn")
    for number in ("1", "2"):
        client.create_model_version("churn", f"s3://bucket/{number}")
    client.set_registered_model_alias("churn", "champion", "1")
    client.set_registered_model_alias("churn", "old", "1")
    (_, first, *_) = client.get_registered_model_history("churn")
    while int(time.time() * 1000) <= first.time_ms + 1:
        pass
    moment = int(time.time() * 1000)
    while int(time.time() * 1000) <= moment:
        pass
    client.set_registered_model_alias("churn", "champion", "2")
    client.delete_registered_model_alias("churn", "old")
    client.transition_model_version_stage("churn", "2", "Production")
    return moment


def test_moves_are_listed_newest_first(invoke: Invoke, between: int) -> None:
    """Who, what and when, a removal among them; one alias, and the newest ones only."""
    lines = invoke("models", "history", "--name", "churn").output.splitlines()
    assert lines[0].split() == ["Date", "User", "Alias", "Version", "Stage"]
    assert len(lines) == 7
    assert lines[2].endswith("Production")
    assert "(removed)" in lines[3]
    found = json.loads(
        invoke(
            *("models", "history", "--name", "churn", "--alias", "champion"),
            *("--output", "json", "--max-results", "1"),
        ).output
    )
    assert [(one["alias"], one["version"], one["stage"]) for one in found] == [
        ("champion", 2, None)
    ]
    assert found[0]["time_ms"] > between


def test_what_aliases_meant_is_asked_by_any_time(invoke: Invoke, between: int) -> None:
    """As milliseconds, as a date in UTC, and with an offset; before everything there is nothing."""
    moment = datetime.fromtimestamp(between / 1000, timezone.utc)
    plain = moment.replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")
    for text in (str(between), plain, f"{plain} UTC", moment.isoformat(), f"{plain}Z"):
        words = ("models", "history", "--name", "churn", "--as-of", text, "--output", "json")
        named = {one["alias"]: one["version"] for one in json.loads(invoke(*words).output)}
        assert named == {"champion": 1, "old": 1}
    result = invoke("models", "history", "--name", "churn", "--as-of", "2020-01-01")
    assert "named a version then" in result.stderr
    now = json.loads(
        invoke(
            "models", "history", "--name", "churn", "--as-of", "2999-01-01", "--output", "json"
        ).output
    )
    assert {one["alias"]: one["version"] for one in now} == {"champion": 2}


def test_what_is_wrong_is_said(invoke: Invoke, between: int) -> None:
    """A time that is none, and a model that is not there."""
    result = invoke("models", "history", "--name", "churn", "--as-of", "noon", code=2)
    assert "'noon' is neither" in result.stderr
    assert "absent" in invoke("models", "history", "--name", "absent", code=1).stderr
