"""What the server's half of the table of runs takes, without HTTP.

    python -m bench.tables --folder /tmp/pages

Ten thousand and a hundred thousand runs, and fifty runs with 12,000 metric keys and 1,000 params
each, in SQLite; the stores are made when they are missing. *Processor* is what the calls took of
it, at best, which other work on the machine changes little.
"""

import argparse
import os
import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from bench import pages_data, scale
from mlflow._wire.codec import encode_json
from mlflow._wire.messages import Message
from mlflow._wire.table_messages import (
    GetExperimentCounts,
    SearchRunGroups,
    SearchRunKeys,
    SearchRunTable,
)
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

ONE = ["1"]
COLUMNS = [f"metrics.metric{number}" for number in range(5)]
COLUMNS += ["params.param0", "params.param4", "params.param9"]
HALF = "metrics.metric1 > 0.36 AND params.param0 = '1'"


def many(store: SqlAlchemyStore, runs: str) -> None:
    """Measure an experiment of many runs."""

    def table(**asked: object) -> Callable[[], Message]:
        ask = SearchRunTable(experiment_ids=ONE, **asked)  # type: ignore[arg-type]  # as they are named
        return lambda: store.search_run_table(ask)

    first = table(telling_metrics=5, telling_params=5, max_results=100)
    show(f"{runs} runs: the first 100, columns that tell them apart", first)
    show(f"{runs} runs: 10,000 rows", table(max_results=10_000))
    show(f"{runs} runs: 10,000 rows x 8", table(columns=COLUMNS, max_results=10_000))
    ordered = {"columns": COLUMNS, "max_results": 10_000, "order_by": ["metrics.metric5 DESC"]}
    show(f"{runs} runs: the same by a metric", table(**ordered))
    filtered = table(columns=COLUMNS, max_results=100, filter=HALF)
    show(f"{runs} runs: two filters, 100 rows and the count", filtered)
    show(f"{runs} runs: all keys", lambda: store.search_run_keys(SearchRunKeys(experiment_ids=ONE)))
    three = [f"metric{number}" for number in range(3)]
    groups = SearchRunGroups(experiment_ids=ONE, group_by=["params.param1"], metrics=three)
    show(f"{runs} runs: groups with 3 metrics", lambda: store.search_run_groups(groups))
    counts = GetExperimentCounts(experiment_ids=ONE)
    show(f"{runs} runs: counts", lambda: store.get_experiment_counts(counts))


def wide(store: SqlAlchemyStore) -> None:
    """Measure an experiment of many keys."""
    ask = SearchRunTable(experiment_ids=ONE, telling_metrics=5, telling_params=5)
    show("12,000 keys: a table, columns that tell runs apart", lambda: store.search_run_table(ask))
    keys = SearchRunKeys(experiment_ids=ONE, kind="metrics")
    show("12,000 keys: the first 1,000", lambda: store.search_run_keys(keys))
    some = SearchRunKeys(experiment_ids=ONE, contains="layer77/")
    show("12,000 keys: those with a text", lambda: store.search_run_keys(some))


def show(name: str, call: Callable[[], Message]) -> None:
    """Print a row: milliseconds, those of the processor, and the answer's size."""
    walls, busy, size = [], [], 0
    for _ in range(7):
        started, used = perf_counter(), process_time()
        size = len(encode_json(call()))
        walls.append((perf_counter() - started) * 1e3)
        busy.append((process_time() - used) * 1e3)
    median = statistics.median(walls)
    print(f"| {name} | {median:.1f} | {min(busy):.1f} | {size / 1e6:.2f} |", flush=True)


def main() -> None:
    """Make what is missing and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the stores are kept")
    folder: Path = parser.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    stores: dict[str, Callable[[Path], object]] = {
        "table": lambda path: pages_data.table(pages_data.Maker(path)),
        "many": lambda path: scale.generate(path, 100_000, 1),
        "wide": lambda path: pages_data.wide(pages_data.Maker(path)),
    }
    opened = {}
    for name, make in stores.items():
        path = folder / f"{name}.db"
        if not path.exists():
            make(path)
        opened[name] = SqlAlchemyStore(f"sqlite:///{path}", str(folder / "artifacts"))
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores\n")
    print("| call | median, ms | processor, ms | MB |\n|---|---:|---:|---:|")
    many(opened["table"], "10,000")
    many(opened["many"], "100,000")
    wide(opened["wide"])


if __name__ == "__main__":
    main()
