"""How charts behave as points grow: fills a store with long series and measures what reads them.

    python bench/scale_points.py --runs 1000 --points 100000 --output points.json

The points are made inside SQLite, straight into the tables; each run has one metric. Ten runs of
100,000 points are the default; 1,000 of 1,000,000 are a store of a thousand million, some 40 GB.
``first`` gathers the points, as a server does in the background; ``cold`` is a process that has
just started and finds the cells in the database; ``warm`` is the same process, asked again.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from mlflow.entities.metric import Metric
from mlflow.store.sql.connect import open_database
from mlflow.store.sql.keys import METRIC, key_ids
from mlflow.store.sql.session import Session
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

KEY = "loss"
FIRST_TIME = 1_700_000_000_000
_POINTS = """
INSERT INTO hr_metrics (run_id, key_id, step, timestamp, value, kind)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
SELECT ?, ?, i, ? + i * 37, ((i * 2654435761 + ?) % 1000003) / 1000003.0 + 1000.0 / (i + 10), 0
FROM n
"""
_LATEST = """
INSERT INTO hr_latest_metrics (run_id, key_id, experiment_id, value, kind, timestamp, step,
    min_value, max_value, count)
SELECT run_id, key_id, 0, value, kind, timestamp, step, 0, 101, ? FROM hr_metrics
WHERE run_id = ? AND key_id = ? ORDER BY step DESC LIMIT 1
"""


@dataclass
class Bench:
    """A store and what was measured in it."""

    store: SqlAlchemyStore
    found: dict[str, float]

    def measure(self, name: str, work: Callable[[], object]) -> None:
        """Run work once and note its milliseconds, on the wall and of the processor."""
        wall, processor = perf_counter(), process_time()
        work()
        self.note(f"{name}, ms", (perf_counter() - wall) * 1e3)
        self.note(f"{name}, ms of processor", (process_time() - processor) * 1e3)

    def note(self, name: str, value: float) -> None:
        """Note and print one figure."""
        self.found[name] = value
        print(f"{name:60s} {value:14,.2f}", flush=True)


def fill(bench: Bench, runs: int, points: int) -> list[str]:
    """Make the runs and their points."""
    store, database = bench.store, open_database(bench.store.db_uri)
    ids = [store.create_run("0", "bench", FIRST_TIME, [], None).info.run_id for _ in range(runs)]

    def one(session: Session, *, run_id: str, salt: int) -> None:
        number = session.scalar("SELECT id FROM hr_runs WHERE run_uuid = ?", (run_id,))
        key = key_ids(session, METRIC, (KEY,), create=True)[KEY]
        session.run(_POINTS, (points, number, key, FIRST_TIME + salt, salt))
        session.run(_LATEST, (points, number, key))

    started = perf_counter()
    for salt, run_id in enumerate(ids):
        database.write(partial(one, run_id=run_id, salt=salt))
    database.close()
    bench.note("rows made, a second", runs * points / (perf_counter() - started))
    return ids


def charts(bench: Bench, ids: list[str], points: int, when: str) -> None:
    """Measure charts of all runs and of one."""

    def columns(some: list[str], **options: Any) -> Callable[[], bytes]:
        asked = {"buckets": 1000, **options}
        return lambda: bench.store.get_metric_columns(some, [KEY], **asked)

    few = ids[: max(1, 4_000_000 // 1000)]
    name = f"{when}: {len(few):,} runs x {points:,} points"
    bench.measure(f"{name} by step", columns(few))
    bench.measure(f"{when}: one run by step", columns(ids[:1]))
    if when == "first":
        return
    middle = {"start": points // 3, "end": points // 2}
    bench.measure(f"{name}, a sixth of the steps", columns(few, **middle))
    bench.measure(f"{when}: one run, a sixth", columns(ids[:1], **middle))
    near = {"start": points // 3, "end": points // 3 + 500}
    bench.measure(f"{when}: one run, 500 steps", columns(ids[:1], **near))
    bench.measure(
        f"{when}: one run by step, as objects",
        lambda: bench.store.get_metric_buckets(ids[:1], [KEY], buckets=1000),
    )


def others(bench: Bench, ids: list[str], points: int) -> None:
    """Measure what else reads or writes long series."""
    store, run_id = bench.store, ids[0]
    by_time: dict[str, Any] = {"buckets": 1000, "axis": "time"}
    bench.measure(
        "first: one run by time",
        lambda: store.get_metric_columns(ids[:1], [KEY], **by_time),
    )
    bench.measure(
        "warm: one run by time",
        lambda: store.get_metric_columns(ids[:1], [KEY], **by_time),
    )
    bench.measure("a history, whole", lambda: store.get_metric_history(run_id, KEY))
    bench.measure(
        "a sample of 1,000 points of 10 runs",
        lambda: store.get_metric_history_bulk_interval(ids[:10], KEY, 1000),
    )
    more = [Metric(KEY, 1.0, FIRST_TIME + (points + i) * 37, points + i) for i in range(1000)]
    bench.measure("1,000 points logged", lambda: store.log_batch(run_id, more, [], []))
    bench.measure(
        "the next chart of the run",
        lambda: store.get_metric_columns([run_id], [KEY], buckets=1000),
    )
    late = [Metric(KEY, 5.0, FIRST_TIME, points // 2)]
    store.log_batch(run_id, late, [], [])
    bench.measure(
        "a chart after a late point",
        lambda: store.get_metric_columns([run_id], [KEY], buckets=1000),
    )


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--points", type=int, default=100_000, help="of each run")
    parser.add_argument("--folder", type=Path, help="where the store is made; removed at the end")
    parser.add_argument("--output", type=Path)
    parser.add_argument("--again", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        path = asked.again or Path(folder) / "store.db"
        bench = Bench(SqlAlchemyStore(f"sqlite:///{path}", folder), {})
        if asked.again:
            ids = [run.info.run_id for run in bench.store.search_runs(["0"], None, 1, 50_000)]
            charts(bench, ids, asked.points, "cold")
            charts(bench, ids, asked.points, "warm")
        else:
            ids = fill(bench, asked.runs, asked.points)
            bench.note("bytes a point", path.stat().st_size / asked.runs / asked.points)
            charts(bench, ids, asked.points, "first")
            bench.note("bytes a point, with cells", path.stat().st_size / asked.runs / asked.points)
            again = [sys.executable, __file__, "--again", str(path), "--points", str(asked.points)]
            output = Path(folder) / "again.json"
            subprocess.run([*again, "--output", str(output)], check=True)
            bench.found.update(json.loads(output.read_text()))
            others(bench, ids, asked.points)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        bench.note("peak memory of the process, MiB" + (", cold" if asked.again else ""), peak)
        if asked.output:
            asked.output.write_text(json.dumps(bench.found, indent=2))


if __name__ == "__main__":
    main()
