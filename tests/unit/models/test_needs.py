"""What a model's files say of its environment is parsed before anything starts."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from mlflow.exceptions import MlflowException
from mlflow.models.needs import read_needs
from mlflow.models.virtualenv import check_manager, model_environment

if TYPE_CHECKING:
    from pathlib import Path

PYTHON_ENV = (
    "python: 3.11.7\nbuild_dependencies:\n- pip==26.3\ndependencies:\n- -r requirements.txt\n"
)


def write(folder: Path, **files: str) -> Path:
    """Write files of a model; a double underscore stands for the dot."""
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, "utf-8")
    return folder


def test_the_files_of_a_model_are_read(tmp_path: Path) -> None:
    """Requirements, indexes and constraints; mlflow is left out, whatever its version."""
    text = (
        "mlflow==3.17.2\nmlflow-skinny[x]>=2 ; python_version > '3'\nheadrace\n"
        "--extra-index-url https://index.example/simple\nscikit-learn==1.9.1  # pinned\n"
        "pandas[parquet]>=2,<4\n-c constraints.txt\n\n# a remark\n"
    )
    limits = "numpy<3\n"
    write(tmp_path, python_env__yaml=PYTHON_ENV, requirements__txt=text, constraints__txt=limits)
    needs = read_needs(tmp_path)
    assert needs.python == "3.11.7"
    assert needs.lines == (
        "--extra-index-url https://index.example/simple",
        "scikit-learn==1.9.1",
        "pandas[parquet]<4,>=2",
    )
    assert needs.constraints == ("numpy<3",)


def test_conda_yaml_is_read_where_there_is_nothing_else(tmp_path: Path) -> None:
    """Models of old releases have only that."""
    text = "dependencies:\n- python=3.10.4\n- pip\n- pip:\n  - mlflow\n  - numpy==2.0.0\n"
    needs = read_needs(write(tmp_path, conda__yaml=text))
    assert (needs.python, needs.lines) == ("3.10.4", ("numpy==2.0.0",))


def test_a_wheel_of_the_models_own_is_taken(tmp_path: Path) -> None:
    """It must be below the model's folder."""
    (tmp_path / "wheels").mkdir()
    wheel = tmp_path / "wheels" / "own-1.0-py3-none-any.whl"
    wheel.touch()
    lines = f"wheels/{wheel.name}\nwheels/mlflow_skinny-3.17.2-py3-none-any.whl\n"
    needs = read_needs(write(tmp_path, requirements__txt=lines))  # mlflow's is not asked for
    assert needs.wheels == (wheel,)
    with pytest.raises(MlflowException, match="does not bring"):
        read_needs(write(tmp_path, requirements__txt="../own-1.0-py3-none-any.whl\n"))


BAD_LINES = [
    "x; touch m",
    "x && touch m",
    "x`touch m`",
    "$(touch m)",
    "x\x00y",
    "-e git+https://h.example/x",
    "-r ../../secret",
    "-r /etc/passwd",
    "--index-url https://h.example/$(touch m)",
    "--index-url ext::sh",
    "--config-settings x=y",
    "x @ ; touch m",
]


@pytest.mark.parametrize("line", BAD_LINES)
@pytest.mark.parametrize("place", ["requirements", "python_env", "build", "constraints", "conda"])
def test_a_line_that_is_no_requirement_starts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, place: str
) -> None:
    """Wherever it stands, the error names it and no process begins."""
    if place in ("requirements", "constraints"):
        requirements = line if place == "requirements" else "-c constraints.txt"
        write(tmp_path, python_env__yaml=PYTHON_ENV, requirements__txt=requirements)
        write(tmp_path, constraints__txt=line)
    else:
        quoted = '"' + line.replace("\x00", "\\0").replace('"', '\\"') + '"'
        texts = {
            "python_env": ("python_env.yaml", f"dependencies:\n- {quoted}\n"),
            "build": ("python_env.yaml", f"build_dependencies:\n- {quoted}\n"),
            "conda": ("conda.yaml", f"dependencies:\n- pip:\n  - {quoted}\n"),
        }
        name, text = texts[place]
        (tmp_path / name).write_text(text, "utf-8")
    root = tmp_path / "environments"
    monkeypatch.setenv("MLFLOW_ENV_ROOT", str(root))
    monkeypatch.setattr(subprocess, "Popen", None)
    with pytest.raises(MlflowException) as raised:
        model_environment(tmp_path)
    assert raised.value.error_code == "INVALID_PARAMETER_VALUE"
    assert not root.exists()


@pytest.mark.parametrize("version", ["3.11; touch m", "../3", "3", "pypy"])
def test_a_python_version_is_digits(tmp_path: Path, version: str) -> None:
    """Anything else is an error."""
    with pytest.raises(MlflowException, match="Python version"):
        read_needs(write(tmp_path, python_env__yaml=f'python: "{version}"\n'))


def test_conda_is_refused_with_what_to_do() -> None:
    """So is a manager that nobody knows."""
    with pytest.raises(MlflowException, match="--env-manager uv"):
        check_manager("conda")
    with pytest.raises(MlflowException, match="must be one of"):
        check_manager("pipenv")
