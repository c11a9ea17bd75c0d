"""Log, load and predict models in both implementations, by turns, and write the table.

    python bench/models.py --upstream ../upstream/bin/python

What an implementation adds is what counts: the library's own dump and its raw prediction are
measured in the same process and subtracted. Each process logs a model with an input example to a
fresh store; the first call of a process, which imports and infers for the first time, is a row of
its own.
"""

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
ROUNDS: Final = 3
CALLS: Final = 5
ROWS: Final = 2000
GOAL_MS: Final = 150.0
KINDS: Final = ("logistic", "forest", "xgboost")
FIGURES: Final = {
    "log_first": ("first `log_model` over the dump, ms", GOAL_MS),
    "log": ("next `log_model` over the dump, ms", GOAL_MS),
    "load": ("`load_model`, ms", None),
    "load_pyfunc": ("`pyfunc.load_model`, ms", None),
    "predict": ("`predict` of one row over the raw call, µs", 20.0),
}


def milliseconds(call: Callable[[], Any], calls: int = CALLS) -> float:
    """Return the median time of a call."""
    times = []
    for _ in range(calls):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times)


def over(call: Callable[[], Any], base: Callable[[], Any], calls: int = 1000) -> float:
    """Return how much longer a call takes than another, by turns: the median, in milliseconds."""
    more = []
    for _ in range(calls):
        started = time.perf_counter()
        base()
        between = time.perf_counter()
        call()
        more.append((time.perf_counter() - between) - (between - started))
    return statistics.median(more) * 1e3


def make(kind: str) -> tuple[Any, Any, dict[str, Any]]:
    """Return a model, its data, and arguments of ``log_model``."""
    import pandas as pd
    from sklearn.datasets import make_classification
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    values, labels = make_classification(ROWS, 20, random_state=0)
    data = pd.DataFrame(values, columns=[f"c{place}" for place in range(20)])
    if kind == "xgboost":
        import xgboost

        return xgboost.XGBClassifier(n_estimators=50).fit(data, labels), data, {}
    if kind == "forest":  # upstream's default refuses it
        forest = RandomForestClassifier(100, random_state=0).fit(data, labels)
        return forest, data, {"skops_trusted_types": ["sklearn.tree._tree.Tree"]}
    return LogisticRegression().fit(data, labels), data, {}


def dump(model: Any, kind: str, path: Path) -> None:
    """Write the model as its library does."""
    if kind == "xgboost":
        model.save_model(path.with_suffix(".ubj"))
    else:
        import skops.io

        skops.io.dump(model, path)


def measure(kind: str) -> dict[str, float]:
    """Return the figures of this interpreter's implementation."""
    warnings.simplefilter("ignore")
    logging.disable(logging.INFO)
    model, data, options = make(kind)
    import mlflow

    mlflow.set_tracking_uri("sqlite:///store.db")
    mlflow.set_experiment("bench")
    flavor = mlflow.xgboost if kind == "xgboost" else mlflow.sklearn
    dumping = milliseconds(lambda: dump(model, kind, Path("alone")))
    with mlflow.start_run():

        def log() -> Any:
            return flavor.log_model(model, name="m", input_example=data.head(3), **options)

        first = milliseconds(log, 1)
        later = milliseconds(log, 2)  # upstream takes many seconds for each
        uri = log().model_uri
    function = mlflow.pyfunc.load_model(uri)
    row = data.head(1)
    return {
        "log_first": first - dumping,
        "log": later - dumping,
        "load": milliseconds(lambda: flavor.load_model(uri)),
        "load_pyfunc": milliseconds(lambda: mlflow.pyfunc.load_model(uri)),
        "predict": over(lambda: function.predict(row), lambda: model.predict(row)) * 1e3,
    }


def run(python: str, kind: str) -> dict[str, float]:
    """Return the figures of one process in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [python, str(Path(__file__).resolve()), "--measure", kind],
            cwd=folder,
            env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "TMPDIR": folder},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        sys.exit(f"{python} {kind} failed:\n{done.stderr[-3000:]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def table(found: dict[str, dict[str, list[dict[str, float]]]]) -> str:
    """Return the Markdown table."""
    lines = ["| model | figure | upstream 3.17.2 | Headrace | ratio | goal | met |"]
    lines += ["|---|---|---:|---:|---:|---:|---|"]
    for kind, sides in found.items():
        for figure, (title, goal) in FIGURES.items():
            ours, upstream = (
                statistics.median(one[figure] for one in sides[side])
                for side in ("ours", "upstream")
            )
            ratio = f"{upstream / ours:.1f} ×" if ours > 0 else ""
            wanted = "" if goal is None else f"≤ {goal:g}"
            met = "" if goal is None else ("yes" if ours <= goal else "**no**")
            lines.append(
                f"| {kind} | {title} | {upstream:.3g} | {ours:.3g} | {ratio} | {wanted} | {met} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Measure and write results/models.json and results/models.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", default=sys.executable, help="python that has headrace[models]")
    parser.add_argument("--upstream", help="python that has mlflow==3.17.2")
    parser.add_argument("--measure", choices=KINDS, help="measure in this process only")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled files are kept, as anywhere
    found: dict[str, dict[str, list[dict[str, float]]]] = {}
    for kind in KINDS:
        for _ in range(ROUNDS):
            for side in ("ours", "upstream"):
                print(f"{kind} ({side})", file=sys.stderr)
                figures = run(getattr(options, side), kind)
                found.setdefault(kind, {}).setdefault(side, []).append(figures)
    text = table(found)
    print(text)
    date = datetime.now(timezone.utc).isoformat(timespec="seconds")
    facts = {"date": date, "cores": os.cpu_count(), "load": os.getloadavg(), "figures": found}
    (HERE / "results" / "models.json").write_text(json.dumps(facts, indent=1) + "\n")
    (HERE / "results" / "models.md").write_text(text + "\n")


if __name__ == "__main__":
    main()
