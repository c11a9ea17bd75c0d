"""Programs that train networks log the same in upstream and here.

They run where both interpreters have the libraries: ``just flavors`` makes such environments.
"""

from __future__ import annotations

import re
import subprocess
from importlib.util import find_spec
from typing import Any

import pytest

from tests.parity import autolog_network_programs as programs
from tests.parity.test_autolog import SCRIPT, VARIABLES, cut_models
from tests.parity.upstream import clean_environment, our_python, run_script, upstream_python


def _need(*libraries: str) -> None:
    """Skip where either interpreter lacks a library."""
    missing = [name for name in libraries if find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    looks = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))"
    done = subprocess.run(
        [upstream_python(), "-c", looks, *libraries], env=clean_environment(), check=False
    )
    if done.returncode:
        pytest.skip(f"upstream's interpreter lacks one of {', '.join(libraries)}")


def _comparable(answer: dict[str, Any]) -> Any:
    """Return an answer without times, and with names of files that have times in them cut."""
    cut_models(answer)
    for run in answer["runs"]:
        run["artifacts"] = sorted(
            re.sub(r"tfevents\..*", "tfevents", name) for name in run["artifacts"]
        )
        run["texts"] = sorted(run["texts"])
        run["metrics"] = {
            # Of points that are the same to the millisecond we keep one.
            key: "seconds" if re.search("runtime|per_second", key) else _without_repeats(points)
            for key, points in run["metrics"].items()
        }
        # Upstream leaves the context of the data out in one of the integrations.
        run["datasets"] = [{**one, "tags": []} for one in run["datasets"]]
    return answer


def _without_repeats(points: list[Any]) -> list[Any]:
    return [
        point for point, before in zip(points, [None, *points], strict=False) if point != before
    ]


def _compare(before: str, chosen: dict[str, str], libraries: list[str]) -> None:
    payload = {"before": before, "programs": chosen, "libraries": libraries}
    theirs = run_script(upstream_python(), SCRIPT, payload, VARIABLES)
    ours = run_script(our_python(), SCRIPT, payload, VARIABLES)
    for name in chosen:
        assert _comparable(ours[name]) == _comparable(theirs[name]), name


@pytest.mark.timeout(900)
def test_keras() -> None:
    """Both integrations of Keras: epochs, batches, early stopping, checkpoints."""
    _need("keras", "tensorflow", "tensorboard")
    _compare(programs.KERAS_BEFORE, programs.KERAS, ["keras", "tensorflow"])


@pytest.mark.timeout(900)
def test_lightning() -> None:
    """Lightning's trainers: epochs, batches, early stopping, checkpoints, a failure."""
    _need("torch", "pytorch_lightning")
    _compare(programs.LIGHTNING_BEFORE, programs.LIGHTNING, ["pytorch"])


@pytest.mark.timeout(900)
def test_transformers() -> None:
    """The library's own callback, with the integration and without: one run, the same in it."""
    _need("torch", "transformers", "accelerate")
    _compare(programs.TRANSFORMERS_BEFORE, programs.TRANSFORMERS, ["transformers", "sklearn"])


@pytest.mark.timeout(900)
def test_paddle() -> None:
    """Paddle's high-level models: epochs, evaluations, early stopping, a failure."""
    _need("paddle")
    _compare(programs.PADDLE_BEFORE, programs.PADDLE, ["paddle"])
