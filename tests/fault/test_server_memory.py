"""A server that logs and reads many points gives their memory back."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import pytest

from mlflow.entities import Metric
from mlflow.store.sql.sqlite import _READER_CACHE_KIB, _WRITER_CACHE_KIB
from mlflow.store.tracking.rest_store import RestStore
from tests.e2e.servers import serving
from tests.fault.extent import extent

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3600)]

_logger: Final = logging.getLogger(__name__)
_POINTS: Final = extent(100_000, 1_000_000)
_BATCH: Final = 1000
_RUNS: Final = 10
_GROWTH: Final = 1.2
# What the connection that writes and the first that reads keep of the file, in KiB.
_PAGES: Final = _WRITER_CACHE_KIB + _READER_CACHE_KIB[0]


def test_points_that_were_logged_and_read_leave_no_memory(fresh_uri: str, tmp_path: Path) -> None:
    """After many points the memory is what the first left, and a fifth; SQLite's pages apart."""
    each = _POINTS // _RUNS
    allowed = _PAGES if fresh_uri.startswith("sqlite") else 0
    with serving(tmp_path, "--backend-store-uri", fresh_uri) as served:
        store = RestStore(served.url)

        def log(number: int) -> int:
            run_id = store.create_run("0", "u", 1, [], f"run {number}").info.run_id
            for first in range(0, each, _BATCH):
                steps = range(first, first + _BATCH)
                store.log_batch(
                    run_id, [Metric("m", step / 7, step, step) for step in steps], [], []
                )
            return len(store.get_metric_history(run_id, "m"))

        cold = served.resident_kilobytes()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(log, range(2)))
            start = served.resident_kilobytes()
            read = list(pool.map(log, range(_RUNS)))
        store.close()
        end = served.resident_kilobytes()
    _logger.info("%d points: %d, %d, at last %d kB", sum(read), cold, start, end)
    assert read == [each] * _RUNS
    assert end - allowed < start * _GROWTH
