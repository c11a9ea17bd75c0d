"""A store of a test's own, and programs of a test's own that use it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from mlflow.entities.view_type import ViewType
from mlflow.tracking import fluent
from mlflow.tracking._fluent.state import state, thread_state
from mlflow.tracking.active_model import thread_models
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.stores import set_registry_uri, set_tracking_uri

if TYPE_CHECKING:
    import signal
    from pathlib import Path

    from mlflow.entities.run import Run

_VARIABLES = (
    "MLFLOW_TRACKING_URI",
    "MLFLOW_REGISTRY_URI",
    "MLFLOW_EXPERIMENT_ID",
    "MLFLOW_EXPERIMENT_NAME",
    "MLFLOW_RUN_ID",
    "MLFLOW_ACTIVE_MODEL_ID",
    "MLFLOW_ENABLE_ASYNC_LOGGING",
    "MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING",
)


def _forget() -> None:
    state.experiment_id = None
    thread_state.last_run_id = thread_state.last_uri = None
    thread_models.active_id = thread_models.last_id = None


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Enter an empty directory with no tracking URI set and no run active."""
    monkeypatch.chdir(tmp_path)
    for name in _VARIABLES:
        monkeypatch.setenv(name, "")  # so that what the test sets is undone
        monkeypatch.delenv(name)
    monkeypatch.setenv("HEADRACE_RUN_DOCUMENTS", "false")
    _forget()
    yield tmp_path
    while fluent.active_run() is not None:
        fluent.end_run()
    set_tracking_uri("")
    set_registry_uri("")
    _forget()


@pytest.fixture
def client(folder: Path) -> MlflowClient:
    """Return a client of a fresh store, which is the store in force."""
    set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
    return MlflowClient()


@dataclass(frozen=True)
class Outcome:
    """How a program ended, and the runs that it left."""

    code: int
    out: str
    err: str
    runs: list[Run]

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each run by name."""
        return {str(run.info.run_name): run.info.status for run in self.runs}


Program = Callable[..., Outcome]


@pytest.fixture
def program(folder: Path) -> Program:
    """Return a function that runs a program of its own, with a signal when it says "ready"."""
    uri = f"sqlite:///{folder / 'mlflow.db'}"

    def run(code: str, *, send: signal.Signals | None = None, **variables: str) -> Outcome:
        text = f"import os, signal, sys, threading, time\nimport mlflow\n{code}\n"
        process = subprocess.Popen(
            [sys.executable, "-c", text],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "MLFLOW_TRACKING_URI": uri, **variables},
        )
        first = ""
        if send is not None:
            assert process.stdout is not None
            first = process.stdout.readline()
            process.send_signal(send)
        out, err = process.communicate(timeout=120)
        set_tracking_uri(uri)
        reader = MlflowClient()
        ids = [one.experiment_id for one in reader.search_experiments()]
        runs = reader.search_runs(ids, run_view_type=ViewType.ALL)
        return Outcome(process.returncode, first + out, err, list(runs))

    return run
