"""A server gathers long histories before anybody asks for a chart of them."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from mlflow._wire.columns import COLUMNS_CONTENT_TYPE, decode_columns
from tests.e2e.servers import serving

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 30.0


def test_a_long_history_is_gathered_unasked(tmp_path: Path) -> None:
    """Soon after many points were logged, their cells lie in the database; a chart is exact."""
    database = tmp_path / "runs.db"
    with serving(tmp_path, "--backend-store-uri", f"sqlite:///{database}") as server:
        made = server.ask("POST", "/api/2.0/mlflow/runs/create", {"experiment_id": "0"})
        run_id = made.json["run"]["info"]["run_id"]
        points = [
            {"key": "loss", "value": float(i % 13), "timestamp": 1000 + i, "step": i}
            for i in range(900)
        ]
        body = {"run_id": run_id, "metrics": points}
        assert server.ask("POST", "/api/2.0/mlflow/runs/log-batch", body).status == 200
        until = time.monotonic() + SECONDS
        gathered = 0
        while not gathered and time.monotonic() < until:
            time.sleep(0.05)
            with closing(sqlite3.connect(database)) as connection:
                gathered = connection.execute("SELECT SUM(count) FROM hr_series").fetchone()[0]
        assert gathered > 600
        ask = {"run_ids": [run_id], "metric_keys": ["loss"], "buckets": 100}
        reply = server.ask(
            "POST",
            "/api/headrace/metrics/buckets",
            ask,
            headers={"Accept": COLUMNS_CONTENT_TYPE},
        )
        (series,) = decode_columns(reply.body).series
        assert sum(series.cells.count) == len(points)
        assert max(series.cells.high) == 12.0
