"""Run the same workloads in both implementations, by turns, and write the table.

    python bench/compare.py --ours .venv/bin/python --upstream ../upstream/bin/python

Each round runs a workload once in each implementation, one after the other, so that both see the
same machine; the figure is the median of the rounds and the ratio that of the medians. Each process
gets an empty folder and a fresh store. `workloads.py` uses the public interface only.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

Measured = tuple[str, dict[str, float]]
Figures = dict[str, dict[str, list[float]]]

from collections.abc import Iterable, Iterator

import tomllib

HERE = Path(__file__).resolve().parent
# name -> (command line of workloads.py, rounds)
WORKLOADS = {
    "import_time": (["import_time", "--n", "5"], 3),
    "log_metric_sync": (["log_metric_sync", "--n", "2000"], 3),
    "log_metric_sync_normal": (["log_metric_sync", "--n", "2000"], 3),
    "log_metric_async": (["log_metric_async", "--n", "2000"], 1),
    "log_batch_1000": (["log_batch_1000", "--n", "20"], 3),
    "metric_history": (["metric_history", "--n", "20000"], 3),
    "search_runs": (["search_runs", "--n", "2000"], 2),
    "search_all_pandas_warm": (["search_runs", "--n", "2000"], 1),
    "pyfunc_predict": (["pyfunc_predict", "--n", "300"], 3),
    "autolog": (["autolog", "--n", "20"], 2),
}
# Upstream imports pandas with itself, Headrace when a DataFrame is asked for: the import, 0.4 s, is
# part of the first call here and of `import mlflow` there. This variant has it done in both.
WARM = (
    "import pandas, runpy, sys; sys.argv.pop(0); runpy.run_path(sys.argv[0], run_name='__main__')"
)
OURS_ONLY = {"log_metric_sync_normal": {"HEADRACE_SQLITE_SYNCHRONOUS": "NORMAL"}}
SILENT = {"PYTHONWARNINGS": "ignore", "MLFLOW_DISABLE_TELEMETRY": "true", "TQDM_DISABLE": "1"}


def run(python: str, arguments: list[str], extra: dict[str, str]) -> tuple[str, float]:
    """Return the standard output and the seconds of one process in an empty folder."""
    folder = tempfile.mkdtemp(prefix="compare_")
    started = time.perf_counter()
    done = subprocess.run(
        [python, *arguments],
        cwd=folder,
        env={**os.environ, **SILENT, **extra, "TMPDIR": folder},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    shutil.rmtree(folder, ignore_errors=True)
    if done.returncode:
        sys.exit(f"{python} {' '.join(arguments)} failed:\n{done.stderr[-3000:]}")
    return done.stdout, seconds


def measure_workload(python: str, name: str, extra: dict[str, str]) -> dict[str, float]:
    """Return figure name -> value of one run of a workload."""
    warm = name == "search_all_pandas_warm"
    command = [*(["-c", WARM] if warm else []), str(HERE / "workloads.py"), *WORKLOADS[name][0]]
    output, _ = run(python, command, extra)
    figures = {}
    for line in output.splitlines():
        if not line.startswith("RESULT "):
            continue
        result = json.loads(line.removeprefix("RESULT "))
        figure = name if name.startswith("log_metric_sync") else result["workload"]
        if warm:
            if figure != "search_all_pandas":
                continue
            figure = name
        figures[figure] = result["value"]
        if "rss_mib" in result:
            figures["import_memory"] = result["rss_mib"]
        if "call_p50_us" in result:
            figures["log_metric_async_call"] = result["call_p50_us"]
    return figures


def measure_first_program(python: str) -> dict[str, float]:
    """Return the whole process with and without its mlflow lines."""
    program = str(HERE / "first_program.py")
    _, bare = run(python, [program, "--bare"], {})
    _, whole = run(python, [program], {})
    return {"first_program": whole, "first_program_factor": whole / bare}


def measure_install(requirement: str) -> dict[str, float]:
    """Return megabytes and distributions of a fresh environment that holds one requirement."""
    folder = Path(tempfile.mkdtemp(prefix="install_"))
    python = folder / "bin" / "python"
    subprocess.run(["uv", "venv", "-q", "--python", sys.executable, str(folder)], check=True)
    subprocess.run(
        ["uv", "pip", "install", "-q", "--link-mode=copy", "--python", str(python), requirement],
        check=True,
    )
    packages = next(folder.glob("lib/python*/site-packages"))
    size = sum(f.lstat().st_size for f in packages.rglob("*") if f.is_file())
    count = len(list(packages.glob("*.dist-info")))
    shutil.rmtree(folder)
    return {"install_size": size / 1e6, "install_distributions": count}


def alternate(ours: str, upstream: str, only: list[str] | None) -> Iterator[Measured]:
    """Yield what one side gave, side after side, round after round."""
    for name, (_, rounds) in WORKLOADS.items():
        if only and name not in only:
            continue
        for _ in range(rounds):
            for side, python in (("ours", ours), ("upstream", upstream)):
                if name in OURS_ONLY and side == "upstream":
                    continue
                print(f"{name} ({side})", file=sys.stderr)
                yield side, measure_workload(python, name, OURS_ONLY.get(name, {}))
    if only and "first_program" not in only:
        return
    for _ in range(3):
        for side, python in (("ours", ours), ("upstream", upstream)):
            print(f"first_program ({side})", file=sys.stderr)
            yield side, measure_first_program(python)


def collect(measured: Iterable[Measured]) -> Figures:
    """Return figure -> side -> all its values."""
    figures: Figures = {}
    for side, values in measured:
        for figure, value in values.items():
            figures.setdefault(figure, {"ours": [], "upstream": []})[side].append(value)
    return figures


def number(value: float | None) -> str:
    """Return a figure with three significant digits."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004


def table(figures: Figures) -> tuple[str, list[dict[str, Any]]]:
    """Return the Markdown table and its rows as data."""
    goals = tomllib.loads((HERE / "goals.toml").read_text())
    rows, lines = [], []
    lines += ["| workload | unit | upstream 3.17.2 | Headrace | ratio | goal | met |"]
    lines += ["|---|---|---:|---:|---:|---:|---|"]
    for name, goal in goals.items():
        if name not in figures:
            continue
        ours, upstream = (
            statistics.median(figures[name][side]) if figures[name][side] else None
            for side in ("ours", "upstream")
        )
        lower = goal["better"] == "lower"
        ratio = None
        if ours and upstream:
            ratio = upstream / ours if lower else ours / upstream
        wanted = goal.get("goal")
        met = None if wanted is None else (ours <= wanted if lower else ours >= wanted)
        rows.append(
            {"name": name, "unit": goal["unit"], "upstream": upstream, "ours": ours}
            | {"ratio": ratio, "goal": wanted, "met": met, "all": figures[name]}
        )
        sign = "" if wanted is None else ("≤ " if lower else "≥ ") + number(wanted)
        shown = "" if ratio is None else f"{number(ratio)} ×"
        word = {True: "yes", False: "**no**", None: ""}[met]
        lines.append(
            f"| {goal['title']} | {goal['unit']} | {number(upstream)} | {number(ours)}"
            f" | {shown} | {sign} | {word} |"
        )
    return "\n".join(lines), rows


def main() -> None:
    """Measure and write results/latest.json and results/latest.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", default=sys.executable, help="python that has headrace[models]")
    parser.add_argument("--upstream", required=True, help="python that has mlflow==3.17.2")
    parser.add_argument("--only", action="append", help="a workload; may be given several times")
    parser.add_argument("--install", help="wheel of ours to measure a bare install with")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled files are kept, as anywhere
    started = datetime.now(timezone.utc)
    measured = list(alternate(options.ours, options.upstream, options.only))
    if options.install:
        print("install", file=sys.stderr)
        measured.append(("ours", measure_install(options.install)))
        measured.append(("upstream", measure_install("mlflow==3.17.2")))
    figures = collect(measured)
    text, rows = table(figures)
    print(text)
    target = HERE / "results"
    target.mkdir(exist_ok=True)
    name = "latest" if not options.only else "partial"
    facts: dict[str, Any] = {"date": started.isoformat(timespec="seconds"), "cores": os.cpu_count()}
    facts |= {"python": platform.python_version(), "rows": rows}
    (target / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n")
    (target / f"{name}.md").write_text(text + "\n")


if __name__ == "__main__":
    main()
