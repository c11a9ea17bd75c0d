"""Rows a second on Spark, Ray and Dask, here and upstream by turns; both need those libraries.

    python bench/batch.py --ours PYTHON --upstream PYTHON [--engines spark,ray,dask] [--turns N]

On Spark both have ``spark_udf``. Upstream has nothing for Ray and Dask: there the row is what its
users write, a class or a function that loads the model once and predicts frames. Everything runs on
two cores of this machine.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from typing import Final

ENGINES: Final = ("spark", "ray", "dask")
SIDES: Final = ("ours", "upstream")
LIMIT_SECONDS: Final = 500
_PROGRAM: Final = """
import json, os, sys, tempfile, time, warnings, logging
warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
os.environ |= {"PYSPARK_PYTHON": sys.executable, "MLFLOW_DISABLE_TELEMETRY": "true",
               "RAY_raylet_start_wait_time_s": "300", "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}
import numpy as np, pandas as pd, mlflow
from sklearn.linear_model import LinearRegression
engine, rows = sys.argv[1], int(sys.argv[2])
names = [f"x{i}" for i in range(8)]
data = pd.DataFrame(np.random.default_rng(0).normal(size=(rows, 8)), columns=names)
model = LinearRegression().fit(data.head(100), data.x0.head(100))
path = tempfile.mkdtemp() + "/m"
mlflow.sklearn.save_model(model, path, input_example=data.head(2), pip_requirements=["skops"])
own = hasattr(mlflow.pyfunc, "ray_map")

class Scorer:
    def __init__(self, path):
        self.model = mlflow.pyfunc.load_model(path)

    def __call__(self, frame):
        return pd.DataFrame({"prediction": self.model.predict(frame)}, index=frame.index)

def spark():
    from pyspark.sql import SparkSession, functions as F
    settings = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1",
                "spark.driver.bindAddress": "127.0.0.1"}
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    columns = (F.rand(i).alias(name) for i, name in enumerate(names))
    table = session.range(rows, numPartitions=4).select(*columns).cache()
    table.count()

    def score():
        udf = mlflow.pyfunc.spark_udf(session, path, env_manager="local", result_type="double")
        return table.select(udf(*names).alias("y")).agg(F.sum("y")).collect()[0][0]
    return score

def ray():
    import ray
    ray.init(num_cpus=2, include_dashboard=False, object_store_memory=200 << 20,
             log_to_driver=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    table = ray.data.from_pandas([data[i::4] for i in range(4)]).materialize()
    hand = dict(fn_constructor_args=(path,), batch_format="pandas", batch_size=4096, concurrency=1)

    def score():
        found = mlflow.pyfunc.ray_map(table, path) if own else table.map_batches(Scorer, **hand)
        return found.sum("prediction")
    return score

def dask():
    import dask.dataframe as frames
    table = frames.from_pandas(data, npartitions=4)
    meta = pd.DataFrame({"prediction": pd.Series(dtype="float64")})

    def score():
        found = (mlflow.pyfunc.dask_map(table, path, meta=meta) if own
                 else table.map_partitions(Scorer(path), meta=meta))
        return found["prediction"].sum().compute(scheduler="threads", num_workers=2)
    return score

score = {"spark": spark, "ray": ray, "dask": dask}[engine]()
seconds = []
for _ in range(2 if engine == "ray" else 3):  # whose jobs start processes, and take long
    start = time.perf_counter()
    total = float(score())
    seconds.append(time.perf_counter() - start)
print("RESULT" + json.dumps({"first": seconds[0], "again": min(seconds[1:]), "total": total}))
"""


def measure(python: str, engine: str, rows: int) -> dict[str, float]:
    """Return the seconds of the first job of a process and of the best later one."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [python, "-c", _PROGRAM, engine, str(rows)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_SECONDS,
        )
    lines = [line for line in done.stdout.splitlines() if "RESULT" in line]
    if not lines:
        raise SystemExit(f"{engine} with {python}:\n{done.stdout[-1000:]}\n{done.stderr[-3000:]}")
    found: dict[str, float] = json.loads(lines[0].partition("RESULT")[2])
    return found


def main() -> None:
    """Measure by turns and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", default=sys.executable)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--turns", type=int, default=1)
    given = parser.parse_args()
    print("| linear regression of 8 columns | unit | upstream 3.17.2 | Headrace | ratio |")
    print("|---|---|---:|---:|---:|", flush=True)
    for engine in given.engines.split(","):
        found: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
        for _ in range(given.turns):
            for side in SIDES:
                found[side].append(measure(getattr(given, side), engine, given.rows))
                print(engine, side, found[side][-1], file=sys.stderr, flush=True)
        totals = [round(one["total"], 3) for side in SIDES for one in found[side]]
        if len(set(totals)) > 1:
            raise SystemExit(f"{engine}: they do not predict the same: {totals}")
        first, again = (
            [statistics.median(one[key] for one in found[side]) for side in SIDES]
            for key in ("first", "again")
        )
        print(f"| {engine}: first job of a process | s | {_cells(first[1], first[0], '.2f')} |")
        rates = [given.rows / one for one in again]
        print(
            f"| {engine}: later jobs | rows/s | {_cells(rates[1], rates[0], ',.0f')} |", flush=True
        )


def _cells(theirs: float, ours: float, form: str) -> str:
    ratio = max(theirs, ours) / min(theirs, ours)
    better = (ours < theirs) == (form == ".2f")
    return f"{theirs:{form}} | {ours:{form}} | {'' if better else '1/'}{ratio:.1f} ×"


if __name__ == "__main__":
    main()
