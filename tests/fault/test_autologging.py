"""Autologging while the server dies in the middle of a training."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.e2e.servers import serving, start_server

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS: Final = 30
_MOST_SECONDS: Final = 30.0

_DATA: Final = """
import hashlib, sys, time
import numpy as np
random = np.random.default_rng(0)
X = random.normal(size=(200, 3))
Y = X @ [1.0, 2.0, 3.0]
"""
_XGBOOST: Final = """
import xgboost
class Pause(xgboost.callback.TrainingCallback):
    def after_iteration(self, model, epoch, evals_log):
        at_round(epoch)
        return False
def train(rounds):
    matrix = xgboost.DMatrix(X, Y)
    model = xgboost.train({"max_depth": 2, "nthread": 1}, matrix, rounds, callbacks=[Pause()],
                          evals=[(matrix, "train")], verbose_eval=False)
    return bytes(model.save_raw())
"""
_LIGHTGBM: Final = """
import lightgbm
def train(rounds):
    data = lightgbm.Dataset(X, Y)
    model = lightgbm.train({"verbose": -1, "num_threads": 1, "metric": "l2"}, data, rounds,
                           valid_sets=[data], valid_names=["train"],
                           callbacks=[lambda env: at_round(env.iteration)])
    return model.model_to_string().encode()
"""
_PROGRAM: Final = """
import mlflow
flavor, rounds = sys.argv[1], int(sys.argv[2])
def at_round(number):
    if number == rounds // 2:
        mlflow.flush_async_logging()
        print(mlflow.active_run().info.run_id, flush=True)
        sys.stdin.readline()
getattr(mlflow, flavor).autolog()
began = time.monotonic()
print(hashlib.sha256(train(rounds)).hexdigest(), time.monotonic() - began, flush=True)
sys.stdin.readline()
mlflow.flush_async_logging()
"""
_PLAIN: Final = """
def at_round(number):
    pass
print(hashlib.sha256(train(int(sys.argv[1]))).hexdigest())
"""


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("flavor", "program", "metric"),
    [("xgboost", _XGBOOST, "train-rmse"), ("lightgbm", _LIGHTGBM, "train-l2")],
)
def test_a_server_that_dies_half_way_through_boosting(
    tmp_path: Path, flavor: str, program: str, metric: str
) -> None:
    """The same model is trained, in time; each round is there once when the server is back."""
    environment = {
        name: text for name, text in os.environ.items() if not name.startswith("MLFLOW_")
    }
    plain = subprocess.run(
        [sys.executable, "-c", _DATA + program + _PLAIN, str(ROUNDS)],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    ).stdout.strip()
    assert len(plain) == 2 * hashlib.sha256().digest_size
    server = start_server(tmp_path)
    environment["MLFLOW_TRACKING_URI"] = server.url
    environment["HEADRACE_JOURNAL_DIR"] = str(tmp_path / "journals")
    with subprocess.Popen(
        [sys.executable, "-c", _DATA + program + _PROGRAM, flavor, str(ROUNDS)],
        env=environment,
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        assert client.stderr is not None
        run_id = client.stdout.readline().strip()
        assert run_id, client.stderr.read()
        server.kill()
        client.stdin.write("go\n")
        client.stdin.flush()
        answer = client.stdout.readline().split()
        assert answer, client.stderr.read()
        with serving(tmp_path, port=server.port) as again:
            client.stdin.write("go\n")
            client.stdin.flush()
            errors = client.stderr.read()
            assert client.wait(120) == 0, errors
            path = f"/metrics/get-history?run_id={run_id}&metric_key={metric}"
            points = again.api("GET", path)["metrics"]
            run = again.api("GET", f"/runs/get?run_id={run_id}")["run"]
    assert answer[0] == plain
    assert float(answer[1]) < _MOST_SECONDS
    assert "Traceback" not in errors
    assert [point["step"] for point in points] == list(range(ROUNDS))
    assert run["info"]["status"] == "FINISHED"
