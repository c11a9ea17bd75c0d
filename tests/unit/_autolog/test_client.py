"""The queueing client, arguments as params, examples: what integrations are written against."""

from __future__ import annotations

import importlib
import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from mlflow._autolog.arguments import (
    get_instance_method_first_arg_value,
    get_method_call_arg_value,
    get_mlflow_run_params_for_fn_args,
)
from mlflow._autolog.client import MlflowAutologgingQueueingClient
from mlflow._autolog.examples import resolve_input_example_and_signature
from mlflow._autolog.versions import unsupported
from mlflow.exceptions import MlflowException
from mlflow.models.signature import ModelSignature, infer_signature
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    from pathlib import Path


def train(data: Any, rounds: int = 10, *rest: Any, rate: float = 0.1, **more: Any) -> None:
    """Stand for a library's function."""


def test_arguments_are_params_with_their_defaults() -> None:
    """Named arguments by name, given or not; what is left out is left out."""
    found = get_mlflow_run_params_for_fn_args(train, [1], {"rate": 0.5, "depth": 3}, ["data"])
    assert found == {"rounds": 10, "rate": 0.5, "depth": 3}
    assert get_method_call_arg_value(1, "rounds", 9, [1], {}) == 9
    assert get_method_call_arg_value(1, "rounds", 9, [1, 2], {}) == 2
    assert get_instance_method_first_arg_value(train, [], {"data": 5}) == 5
    assert get_instance_method_first_arg_value(train, [4], {}) == 4


def test_a_queue_writes_when_it_is_flushed(tmp_path: Path) -> None:
    """A run, its values and its end go to the store in the order in which they were queued."""
    uri = f"sqlite:///{tmp_path}/runs.db"
    queue, client = MlflowAutologgingQueueingClient(uri), MlflowClient(uri)
    run = queue.create_run("0", run_name="queued")
    queue.log_params(run, {"a": 1})
    queue.log_metrics(run, {"m": 1.0}, step=2)
    queue.set_tags(run, {"t": "x"})
    queue.set_terminated(run)
    assert list(client.search_runs(["0"])) == []
    queue.flush(synchronous=False).await_completion()
    (found,) = client.search_runs(["0"])
    assert (found.data.params, found.data.metrics) == ({"a": "1"}, {"m": 1.0})
    assert (found.data.tags["t"], found.info.run_name) == ("x", "queued")
    assert found.info.status == "FINISHED"
    with queue:
        queue.log_params(found.info.run_id, {"b": 2})
    assert client.get_run(found.info.run_id).data.params == {"a": "1", "b": "2"}
    queue.log_params(found.info.run_id, {"b": 3})
    with pytest.raises(MlflowException, match="b"):
        queue.flush()


def test_examples_and_signatures_that_fail_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    """A failure is logged and nothing else happens."""
    logger = logging.getLogger("mlflow.test")
    example, signature = resolve_input_example_and_signature(
        lambda: [[1.0]], infer_signature, False, True, logger
    )
    assert example is None
    assert isinstance(signature, ModelSignature)
    given = resolve_input_example_and_signature(lambda: 1 / 0, infer_signature, True, True, logger)
    assert given == (None, None)
    assert "division" in caplog.text


def test_versions_outside_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Older and newer libraries are told from known ones; unknown flavors have no versions."""
    module = importlib.import_module("mlflow._autolog.versions")
    assert unsupported("sklearn") is None
    assert unsupported("unknown") is None
    for version, known in (("1.5.2", False), ("1.9.7", True), ("1.10.0", False), ("dev", True)):
        monkeypatch.setattr(module, "installed_version", lambda _name, found=version: found)
        assert (unsupported("sklearn") is None) is known


def test_enabling_everything_imports_no_library() -> None:
    """``mlflow.autolog()`` imports neither numpy nor any library that has an integration."""
    code = (
        "import sys, mlflow; mlflow.autolog();"
        "print([n for n in ('sklearn', 'numpy', 'xgboost', 'torch', 'pandas') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
