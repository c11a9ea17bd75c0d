"""MLFLOW_LOCK_MODEL_DEPENDENCIES: a model's requirements with all that they need."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from mlflow.models.environment import make_environment
from mlflow.models.locking import lock
from mlflow.models.uv_program import find_uv

if TYPE_CHECKING:
    from pathlib import Path

INDEX = "HEADRACE_TEST_INDEX"


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for locked requirements."""
    monkeypatch.setenv("MLFLOW_LOCK_MODEL_DEPENDENCIES", "true")


@pytest.mark.skipif(not os.environ.get(INDEX), reason=f"set {INDEX} where packages can be had")
def test_every_distribution_is_named_with_its_version() -> None:
    """The given lines stay as comments, constraints hold, and what is needed is added."""
    found = lock(["python-dateutil<3"], ["six<1.16"])
    assert found is not None
    assert found[:2] == ("# Original requirements", "# python-dateutil<3")
    assert found[found.index("#") + 1] == "# Locked requirements"
    assert "six==1.15.0" in found
    assert any(line.startswith("python-dateutil==") for line in found)


def test_what_cannot_be_resolved_stays_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    """Without a solution, or without uv, a warning says why and the model is saved all the same."""
    environment = make_environment(inferred=None, pip_requirements=["mlflow", "six>2", "six<1"])
    assert environment.lines() == ["mlflow", "six>2", "six<1"]
    assert "The requirements are not locked" in caplog.text


def test_without_uv_a_warning_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where there is no uv, nothing is locked."""
    assert find_uv()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert lock(["six"], []) is None
    assert "uv is not installed" in caplog.text


def test_a_conda_environment_is_left_as_it_is() -> None:
    """Who gives a whole environment has decided about it."""
    conda = {"dependencies": ["python=3.11", {"pip": ["mlflow", "six"]}]}
    assert make_environment(inferred=None, conda_env=conda).lines() == ["mlflow", "six"]


def test_nothing_is_locked_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is off by default."""
    monkeypatch.delenv("MLFLOW_LOCK_MODEL_DEPENDENCIES")
    assert lock(["six"], []) is None
