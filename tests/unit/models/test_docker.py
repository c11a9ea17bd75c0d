"""Folders from which images are built: what is in them, and what never is."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mlflow.exceptions import MlflowException
from mlflow.models.docker import build_docker, generate_dockerfile
from mlflow.models.own_wheel import WHEEL_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

NASTY = "a;touch m;`touch m`$(touch m)"


def model(folder: Path, requirements: str = "mlflow==3.17.2\nscikit-learn==1.9.1\n") -> Path:
    """Make the files of a model that a folder is generated from."""
    folder.mkdir()
    (folder / "MLmodel").write_text("flavors: {}\n")
    (folder / "python_env.yaml").write_text(
        "python: 3.11.7\ndependencies:\n- -r requirements.txt\n"
    )
    (folder / "requirements.txt").write_text(requirements)
    return folder


def commands(folder: Path) -> list[tuple[str, Sequence[str] | str]]:
    """Return the instructions of a Dockerfile, lists of words decoded."""
    found: list[tuple[str, Sequence[str] | str]] = []
    for line in (folder / "Dockerfile").read_text().splitlines():
        word, _, rest = line.partition(" ")
        found.append((word, json.loads(rest) if rest.startswith("[") else rest))
    return found


def test_the_folder_has_all_that_the_image_copies(tmp_path: Path) -> None:
    """The model under a fixed name, parsed requirements, and this Headrace as a wheel."""
    folder = generate_dockerfile(str(model(tmp_path / NASTY)), tmp_path / "image")
    found = commands(folder)
    assert found[0] == ("FROM", "python:3.11.7-slim")
    runs = [words for name, words in found if name in ("RUN", "COPY", "ENTRYPOINT")]
    assert all(isinstance(words, list) for words in runs)
    for name, words in found:
        if name == "COPY":
            assert all((folder / word).exists() for word in words[:-1])
    assert (folder / "requirements.txt").read_text() == "scikit-learn==1.9.1\nnumpy\npandas\n"
    assert "mlflow ; sys_platform == 'never'" in (folder / "overrides.txt").read_text()
    with zipfile.ZipFile(folder / WHEEL_NAME) as archive:
        assert archive.testzip() is None
        assert "mlflow/pyfunc/scoring_server/run.py" in archive.namelist()
    assert (folder / "model" / "MLmodel").read_text() == "flavors: {}\n"
    assert NASTY not in (folder / "Dockerfile").read_text()
    assert found[-1][1][-4:] == ["--port", "8080", "--env-manager", "local"]
    assert ("USER", "serving") in found


def test_an_image_without_a_model_serves_what_is_mounted(tmp_path: Path) -> None:
    """Its environment is made when it starts."""
    found = commands(generate_dockerfile(None, tmp_path / "image", install_java=True))
    assert found[-1][1][-1] == "uv"
    assert "/opt/ml/model" in found[-1][1]
    assert any("openjdk-11-jre-headless" in words for name, words in found if name == "RUN")


@pytest.mark.parametrize("name", [NASTY, "-x", "--privileged", "a b", "UPPER", ""])
def test_names_of_images_are_checked(tmp_path: Path, name: str) -> None:
    """A name that is none reaches no command and no file."""
    with pytest.raises(MlflowException, match="no name of an image"):
        build_docker(None, name)
    with pytest.raises(MlflowException, match="no name of an image"):
        generate_dockerfile(None, tmp_path / "image", base_image=name or "\n")
    assert not (tmp_path / "image").exists()


def test_a_bad_requirement_writes_no_folder(tmp_path: Path) -> None:
    """Nothing is half done."""
    source = model(tmp_path / "model", "x; touch m\n")
    with pytest.raises(MlflowException, match="no requirement"):
        generate_dockerfile(str(source), tmp_path / "image")
    assert not (tmp_path / "image").exists()


def test_docker_gets_a_list_of_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program in the place of docker sees each as it is, and its failure is said."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "docker"
    program.write_text(
        f'#!/bin/sh\nfor word in "$@"; do echo "$word" >> {tmp_path}/words; done\n'
        'test -f "$5/Dockerfile" && exit $(cat "$5/model/code")\n'
    )
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
    source = model(tmp_path / NASTY)
    (source / "code").write_text("0")
    build_docker(str(source), "churn:1")
    words = (tmp_path / "words").read_text().splitlines()
    assert words[:4] == ["build", "--tag", "churn:1", "--"]
    (source / "code").write_text("3")
    with pytest.raises(MlflowException, match="failed .3."):
        build_docker(str(source), "churn:1")
    assert not list(tmp_path.glob("**/m"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MlflowException, match="docker is not installed"):
        build_docker(str(source), "churn:1")
