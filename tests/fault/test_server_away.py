"""A server that is away for ten minutes of the client's clock, in the middle of training."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from mlflow.tracking.journal.journal import Journal
from tests.e2e.servers import serving, start_server
from tests.fault.extent import extent

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]

_logger: Final = logging.getLogger(__name__)
_CALLS: Final = extent(20_000, 100_000)
_BYTES_PER_POINT: Final = 100
_MILLISECOND: Final = 1_000_000  # nanoseconds

# Time passes 120 times as fast for the client: ten minutes are five seconds.
_PROGRAM: Final = """
import sys, time
real, sleep, began = time.monotonic, time.sleep, time.monotonic()
time.monotonic = lambda: began + (real() - began) * 120
time.sleep = lambda seconds: sleep(seconds / 120)
import json, logging
import mlflow
calls, more = int(sys.argv[1]), json.loads(sys.argv[2])
run = mlflow.start_run()
before = calls // 50
for step in range(before):
    mlflow.log_metric("m", step, step=step, **more)
print(run.info.run_id, flush=True)
sys.stdin.readline()
since, spent, cpu, faulted = time.monotonic(), [], [], None
for step in range(before, calls):
    while step % 100 == 0 and time.monotonic() - since < 590 * (step - before) / (calls - before):
        sleep(0.001)
    began_cpu, began_call = time.thread_time_ns(), time.perf_counter_ns()
    mlflow.log_metric("m", step, step=step, **more)
    spent.append(time.perf_counter_ns() - began_call)
    cpu.append(time.thread_time_ns() - began_cpu)
while (simulated := time.monotonic() - since) < 600:
    sleep(0.001)
first, later, cpu = max(spent[:100]), sorted(spent[100:]), sorted(cpu[100:])
print(json.dumps({
    "simulated": simulated, "first": first, "median": later[len(later) // 2],
    "p99": later[len(later) * 99 // 100], "longest": later[-1],
    "cpu_p99": cpu[len(cpu) * 99 // 100],
}), flush=True)
sys.stdin.readline()
ahead = time.monotonic() - real()
time.monotonic, time.sleep = lambda: ahead + real(), sleep
mlflow.end_run()
mlflow.flush_async_logging()
"""


@pytest.mark.parametrize("more", [{}, {"synchronous": False}], ids=["default", "asynchronous"])
def test_ten_minutes_without_a_server(tmp_path: Path, more: dict[str, bool]) -> None:
    """No call raises or takes long, the journal is small, and all is delivered once."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("MLFLOW_")}
    journals = tmp_path / "journals"
    server = start_server(tmp_path)
    client = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(_CALLS), json.dumps(more)],
        env={**kept, "MLFLOW_TRACKING_URI": server.url, "HEADRACE_JOURNAL_DIR": str(journals)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with client:
        assert client.stdin is not None
        assert client.stdout is not None
        assert client.stderr is not None
        run_id = client.stdout.readline().strip()
        server.kill()
        client.stdin.write("go\n")
        client.stdin.flush()
        line = client.stdout.readline()
        assert line, client.stderr.read()
        found = json.loads(line)
        (folder,) = {path.parent for path in journals.glob("*/*.segment")}
        journal = Journal.load(folder, 0)
        bytes_per_point = journal.size / journal.next_number
        journal.close()
        with serving(tmp_path, port=server.port) as again:
            client.stdin.write("go\n")
            client.stdin.flush()
            errors = client.stderr.read()
            assert client.wait(120) == 0, errors
            history = again.api(
                "GET", f"/metrics/get-history?run_id={run_id}&metric_key=m&max_results={_CALLS + 1}"
            )
            run = again.api("GET", f"/runs/get?run_id={run_id}")["run"]
    _logger.info("%s; %.1f bytes a point", found, bytes_per_point)
    assert [point["step"] for point in history["metrics"]] == list(range(_CALLS))
    assert run["info"]["status"] == "FINISHED"
    assert errors.count("cannot be reached") == 1
    assert "Traceback" not in errors
    assert found["simulated"] >= 600
    assert found["p99"] < _MILLISECOND
    assert bytes_per_point <= _BYTES_PER_POINT
    assert not list(journals.glob("*/journal.json"))
