"""The same training programs log the same in upstream and here: names, values, files, models."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from tests.parity import autolog_programs as programs
from tests.parity.upstream import our_python, run_script, upstream_python

SCRIPT: Final = Path(__file__).with_name("autolog_script.py").read_text("utf-8")
# Upstream infers requirements by a second interpreter, for minutes; they are compared elsewhere.
VARIABLES: Final = {"MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT": "1"}
PARTS: Final = 6
# Programs whose training data only we describe (COMPATIBILITY.md).
DESCRIBED_HERE: Final = ("fails", "xy")


def _part(all_programs: dict[str, str], number: int) -> dict[str, str]:
    names = sorted(all_programs)[number::PARTS]
    return {name: all_programs[name] for name in names}


def cut_models(answer: dict[str, Any]) -> None:
    """Take the files of models out of runs' folders: upstream keeps them apart."""
    models = tuple(f"{model['name']}/" for model in answer["models"])
    for run in answer["runs"]:
        run["artifacts"] = [name for name in run["artifacts"] if not name.startswith(models)]
        run["texts"] = {
            name: text for name, text in run["texts"].items() if not name.startswith(models)
        }


def _same(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without what differs between two runs of one program."""
    for run in answer["runs"]:
        run["metrics"] = {
            key: "seconds" if "time" in key else points for key, points in run["metrics"].items()
        }
        if "cv_results.csv" in run["texts"]:
            run["texts"]["cv_results.csv"] = run["texts"]["cv_results.csv"].split("\n")[0]
    cut_models(answer)
    if any("mlflow.parentRunId" in run["tags"] for run in answer["runs"]):
        answer["runs"][1:] = sorted(answer["runs"][1:], key=lambda run: json.dumps(run["params"]))
    for run in answer["runs"]:
        # Upstream logs the place of **kwargs of functions, not what was given.
        run["params"] = {key: text for key, text in run["params"].items() if "_empty" not in text}
        if "model_summary.txt" in run["texts"]:
            run["texts"]["model_summary.txt"] = _without_time(run["texts"]["model_summary.txt"])
    for model in answer["models"]:
        model["params"] = {
            key: text for key, text in model["params"].items() if "_empty" not in text
        }
        # Where XGBoost stopped is a metric of the training data upstream, of no data here.
        model["metrics"] = [
            [key, "seconds" if "time" in key else value, name if "training" in key else None]
            for key, value, name in model["metrics"]
        ]
        for conf in model["flavors"].values():
            if conf.get("skops_trusted_types"):  # in any order upstream
                conf["skops_trusted_types"] = sorted(conf["skops_trusted_types"])
    return answer


def _without_time(summary: str) -> str:
    return re.sub(r"(Date|Time):\s*[\w,:]+( \w+ \w+ \d+)?", r"\1:", summary)


def _close(one: Any, other: Any) -> bool:
    """Return whether two answers agree, numbers to five digits."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_close(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_close, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-4, abs=1e-9)
    return bool(one == other)


def _take_what_came(upstream: dict[str, Any], here: dict[str, Any], found: list[Any]) -> None:
    """Take out what upstream may have left behind: after an error it does not wait for it."""
    assert upstream.pop("datasets") in ([], found)
    if upstream["status"] == "FAILED":
        for part in ("params", "tags"):
            assert upstream.pop(part).items() <= here.pop(part).items()


def _compare(payload: dict[str, Any]) -> None:
    theirs = run_script(upstream_python(), SCRIPT, payload, VARIABLES)
    ours = run_script(our_python(), SCRIPT, payload, VARIABLES)
    assert theirs.keys() == payload["programs"].keys()
    for name in theirs:
        upstream, here = _same(theirs[name]), _same(ours[name])
        if name in DESCRIBED_HERE:
            found = [run.pop("datasets") for run in here["runs"]]
            assert [len(datasets) for datasets in found] == [1]
            _take_what_came(upstream["runs"][0], here["runs"][0], found[0])
        if not _close(here, upstream):
            assert here == upstream, name


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(PARTS))
def test_sklearn(number: int) -> None:
    """Estimators, pipelines, searches and metrics after training."""
    chosen = _part(programs.SKLEARN, number)
    _compare({"before": programs.SKLEARN_BEFORE, "programs": chosen, "libraries": ["sklearn"]})


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(PARTS))
def test_boosting(number: int) -> None:
    """XGBoost and LightGBM: boosters, estimators, early stopping, both together."""
    payload = {
        "before": programs.BOOSTING_BEFORE,
        "programs": _part(programs.BOOSTING, number),
        "libraries": ["xgboost", "lightgbm", "sklearn"],
    }
    _compare(payload)


@pytest.mark.timeout(600)
def test_statsmodels() -> None:
    """Regressions, generalized models, series."""
    payload = {
        "before": programs.STATSMODELS_BEFORE,
        "programs": programs.STATSMODELS,
        "libraries": ["statsmodels"],
    }
    _compare(payload)
