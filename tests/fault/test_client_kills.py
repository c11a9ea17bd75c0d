"""Clients that are killed at any moment, while they log to a server in both ways."""

from __future__ import annotations

import logging
import os
import random
import signal
import struct
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from mlflow.entities import ViewType
from mlflow.store.tracking.rest_store import RestStore
from tests.e2e.servers import serving
from tests.fault.extent import extent
from tests.waiting import readable

if TYPE_CHECKING:
    from mlflow.entities import Run

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]

_logger: Final = logging.getLogger(__name__)
_KILLS: Final = extent(8, 100)
_COUNTS: Final = struct.Struct("<QQ")

# How many calls have returned is in a map of a file, which outlives the process.
_PROGRAM: Final = """
import mmap, struct, sys
import mlflow
with open(sys.argv[2], "r+b") as file:
    counts = mmap.mmap(file.fileno(), 0)
pack = struct.Struct("<QQ").pack_into
mlflow.start_run(run_name=sys.argv[1])
print("started", flush=True)
sent = 0
for step in range(10**9):
    for _ in range(20):
        mlflow.log_metric("asynchronous", sent, step=sent, synchronous=False)
        sent += 1
        pack(counts, 0, sent, step)
    mlflow.log_metrics({"synchronous": step, "second": step}, step=step)
    pack(counts, 0, sent, step + 1)
"""


def test_clients_that_are_killed_lose_no_call_that_returned(tmp_path: Path) -> None:
    """Whatever had returned is there once after one ``mlflow sync``, and nothing is there twice."""
    chance = random.Random()  # noqa: S311 - no secret
    kept = {name: text for name, text in os.environ.items() if not name.startswith("MLFLOW_")}
    variables = {
        **kept,
        "HEADRACE_JOURNAL_DIR": str(tmp_path / "journals"),
        "HEADRACE_RUN_DOCUMENTS": "false",
    }
    with serving(tmp_path) as served:
        variables["MLFLOW_TRACKING_URI"] = served.url
        for number in range(_KILLS):
            # Each client begins with what those before it left: they are killed at that, too.
            _run_and_kill(tmp_path, number, variables, chance)
        left = list((tmp_path / "journals").glob("*/journal.json"))
        done = subprocess.run(
            [sys.executable, "-m", "mlflow", "sync"],
            env=variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stderr
        _check(served.url, tmp_path)
    assert not list((tmp_path / "journals").glob("*/journal.json"))
    _logger.info("%d kills, %d journals left at the end", _KILLS, len(left))


def _run_and_kill(
    tmp_path: Path, number: int, variables: dict[str, str], chance: random.Random
) -> None:
    """Start a client and kill it: every fifth one before its run has started, perhaps."""
    counts = tmp_path / f"counts{number}"
    counts.write_bytes(bytes(_COUNTS.size))
    client = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(number), str(counts)],
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with client:
        assert client.stdout is not None
        if number % 5 == 0:
            readable(client.stdout, chance.uniform(0, 2))
        else:
            assert client.stdout.readline() == b"started\n"
        # The moment of the kill: nothing comes any more.
        readable(client.stdout, chance.uniform(0, 1.5))
        client.send_signal(signal.SIGKILL)


def _check(url: str, tmp_path: Path) -> None:
    store = RestStore(url)
    runs = {run.info.run_name: run for run in store.search_runs(["0"], "", ViewType.ALL, 1000)}
    names = [run.info.run_name for run in store.search_runs(["0"], "", ViewType.ALL, 1000)]
    assert len(names) == len(set(names))
    total = 0
    for number in range(_KILLS):
        sent, rounds = _COUNTS.unpack((tmp_path / f"counts{number}").read_bytes())
        run = runs.get(str(number))
        if run is None:
            assert (sent, rounds) == (0, 0)
            continue
        total += sent + 2 * rounds
        for key, count in (("asynchronous", sent), ("synchronous", rounds), ("second", rounds)):
            steps = _steps(store, run, key)
            assert steps == list(range(len(steps))), f"{key} of client {number}"
            # A call that had not returned may be there, or not.
            assert count <= len(steps) <= count + 1, f"{key} of client {number}"
    store.close()
    assert total > 0
    _logger.info("%d points of calls that had returned", total)


def _steps(store: RestStore, run: Run, key: str) -> list[int]:
    return [point.step for point in store.get_metric_history(run.info.run_id, key)]
