"""Projects of uv: what goes with a model, what does not, and what is said when uv cannot help."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import uv
from sklearn.linear_model import LinearRegression

import mlflow
from mlflow.models.uv_project import UvChoice
from tests.parity.uv_projects import write_project

INDEX = "HEADRACE_TEST_INDEX"
PROGRAM = "from mlflow.cli.main import main; main()"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write a project."""
    return write_project(tmp_path / "project")


def _lines(folder: Path) -> list[str]:
    return (folder / "requirements.txt").read_text("utf-8").splitlines()


def test_other_flavors_need_what_the_working_directory_says(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the lock has not is pinned as here; the project's files stay where they are."""
    monkeypatch.chdir(project)
    model = LinearRegression().fit([[1], [2]], [1, 2])
    mlflow.sklearn.save_model(model, tmp_path / "m")
    lines = _lines(tmp_path / "m")
    assert "six==1.16.0" in lines
    assert any(line.startswith("scikit-learn==") for line in lines)
    assert not any(line.startswith("numpy") for line in lines)
    assert not (tmp_path / "m" / "uv.lock").exists()
    monkeypatch.setenv("MLFLOW_UV_AUTO_DETECT", "false")
    mlflow.sklearn.save_model(model, tmp_path / "n")
    assert "six==1.16.0" not in _lines(tmp_path / "n")


def test_the_group_for_development_is_taken_when_it_is_asked_for(project: Path) -> None:
    """Otherwise it is not."""
    assert "iniconfig==2.0.0" not in (UvChoice(project).lines() or [])
    assert "iniconfig==2.0.0" in (UvChoice(project, groups=["dev"]).lines() or [])


def test_what_belongs_to_the_machine_stays_there(
    project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Users of indexes, and packages of a folder, which a warning names."""
    lock = project / "uv.lock"
    text = lock.read_text("utf-8").replace("https://index", "https://me:secret@index")
    text = text.replace('name = "six"\nversion = "1.16.0"\nsource = { registry = "https://me:secret'
                        '@index.example/simple" }', 'name = "six"\nversion = "1.16.0"\n'
                        'source = { editable = "six" }')  # fmt: skip
    lock.write_text(text, "utf-8")
    lines = UvChoice(project).lines()
    assert lines is not None
    assert lines[0] == "--extra-index-url https://index.example/simple"
    assert "secret" not in " ".join(lines)
    assert not [line for line in lines if "six" in line]
    assert "-e ./six" in caplog.text


@pytest.mark.parametrize("trouble", ["group", "extra", "lock", "uv", "absent"])
def test_what_the_lock_cannot_tell_is_inferred(
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    trouble: str,
) -> None:
    """One warning says why; the model is saved."""
    if trouble == "lock":
        (project / "uv.lock").write_text("no lock", "utf-8")
    elif trouble == "absent":
        (project / "uv.lock").unlink()
    elif trouble == "uv":
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    mlflow.pyfunc.save_model(
        tmp_path / "m",
        python_model=lambda model_input: model_input,
        uv_project_path=project,
        uv_groups=["none"] if trouble == "group" else None,
        uv_extras=["none"] if trouble == "extra" else None,
    )
    assert any(line.startswith("cloudpickle==") for line in _lines(tmp_path / "m"))
    assert "six==1.16.0" not in _lines(tmp_path / "m")
    said = [one for one in caplog.records if one.name == "mlflow.models.uv_project"]
    assert [one.levelname for one in said] == ["WARNING"]


@pytest.mark.skipif(not os.environ.get(INDEX), reason=f"set {INDEX} where packages can be had")
def test_an_environment_has_what_the_lock_says(tmp_path: Path) -> None:
    """A model runs with the version that its project locked, and with what a group adds."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[project]\nname = "p"\nversion = "0"\nrequires-python = ">=3.10"\n'
        'dependencies = ["six<1.17", "cloudpickle"]\n'
        '[dependency-groups]\nserve = ["sniffio==1.3.0"]\n',
        "utf-8",
    )
    subprocess.run([uv.find_uv_bin(), "lock", "--quiet", "--project", project], check=True)

    def versions(model_input: list[str]) -> list[str]:
        from importlib import metadata  # noqa: PLC0415 - pickled with it

        return [metadata.version(name) for name in model_input]

    model = tmp_path / "m"
    mlflow.pyfunc.save_model(
        model, python_model=versions, uv_project_path=project, uv_groups=["serve"]
    )
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "models", "predict", "-m", str(model)],
        input='{"inputs": ["six", "sniffio", "headrace"]}',
        env={**os.environ, "MLFLOW_ENV_ROOT": str(tmp_path / "environments")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["predictions"][:2] == ["1.16.0", "1.3.0"]
