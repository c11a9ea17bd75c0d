"""Models with hostile names in every way to run them, and environments that are really made."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import cloudpickle
import pytest

import tests.e2e.serving_models as made
from tests.e2e.servers import serving

if TYPE_CHECKING:
    from collections.abc import Mapping

INDEX = "HEADRACE_TEST_INDEX"
NASTY = "a;touch m;`touch m`$(touch m) && touch m"
ROWS = {"dataframe_records": [{"x": 1.5}]}
PROGRAM = "from mlflow.cli.main import main; main()"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of saved models."""
    folder = tmp_path_factory.mktemp("models")
    cloudpickle.register_pickle_by_value(made)
    try:
        made.save_models(folder)
    finally:
        cloudpickle.unregister_pickle_by_value(made)
    return folder


@pytest.fixture
def place(saved: Path, tmp_path: Path) -> Path:
    """An empty folder with a model of a hostile name in it."""
    folder = tmp_path / "place"
    folder.mkdir()
    shutil.copytree(saved / "doubler", folder / NASTY)
    return folder


def mlflow(
    place: Path, *words: str, given: str = "", variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, and check that nothing in a name was run."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=place,
        input=given,
        env={**os.environ, **(variables or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not list(place.glob("**/m"))
    return done


def test_predict_here(place: Path) -> None:
    """From standard input and from a file, with the answer on standard output and in a file."""
    local = ("models", "predict", "-m", NASTY, "--env-manager", "local")
    done = mlflow(place, *local, given=json.dumps(ROWS))
    assert json.loads(done.stdout) == {"predictions": [{"y": 3.0, "rows": 1}]}, done.stderr
    name = "in;touch m;.csv"
    (place / name).write_text("x\n1\n2\n")
    done = mlflow(place, *local, "-i", name, "-t", "csv", "-o", "out;touch m;")
    assert done.returncode == 0, done.stderr
    found = json.loads((place / "out;touch m;").read_text())
    assert [row["y"] for row in found["predictions"]] == [2.0, 4.0]


def test_serve_here(place: Path) -> None:
    """The server's name of the model is its option's, not its folder's."""
    options = ("-m", NASTY, "--env-manager", "local")
    with serving(place, *options, command=("models", "serve")) as served:
        assert served.ask("POST", "/invocations", ROWS).json["predictions"][0]["y"] == 3.0
    assert not list(place.glob("**/m"))


def test_images_and_bad_requirements(place: Path) -> None:
    """A folder for an image is written; with a line that is no requirement nothing is done."""
    folder = place / "image;touch m;"
    words = ("models", "generate-dockerfile", "-m", NASTY, "-d", folder.name)
    assert mlflow(place, *words).returncode == 0
    assert (folder / "model" / "MLmodel").is_file()
    (place / NASTY / "requirements.txt").write_text("pandas; touch m\n")
    variables = {"MLFLOW_ENV_ROOT": str(place / "environments")}
    for command in ("predict", "serve", "prepare-env", "build-docker", "generate-dockerfile"):
        done = mlflow(place, "models", command, "-m", NASTY, variables=variables)
        assert done.returncode == 1, (command, done.stderr)
        assert "no requirement" in done.stderr or "docker is not installed" in done.stderr
    assert not (place / "environments").exists()


def test_wrong_words_are_refused(place: Path) -> None:
    """Conda, MLServer, and a content type that nobody reads."""
    done = mlflow(place, "models", "predict", "-m", NASTY, "--env-manager", "conda")
    assert "--env-manager uv" in done.stderr
    done = mlflow(place, "models", "serve", "-m", NASTY, "--enable-mlserver")
    assert done.returncode == 2
    local = ("models", "predict", "-m", NASTY, "--env-manager", "local")
    assert "json" in mlflow(place, *local, "-t", "xml").stderr


@pytest.mark.skipif(not os.environ.get(INDEX), reason=f"set {INDEX} where packages can be had")
def test_an_environment_of_its_own(place: Path) -> None:
    """It is made once, for its owner alone, with this Headrace as its mlflow."""
    root = place / "environments"
    variables = {"MLFLOW_ENV_ROOT": str(root)}
    words = ("models", "predict", "-m", NASTY, "--env", "WORD=$(touch m)")
    done = mlflow(place, *words, given=json.dumps(ROWS), variables=variables)
    assert json.loads(done.stdout) == {"predictions": [{"y": 3.0, "rows": 1}]}, done.stderr
    (environment,) = root.iterdir()
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    before = environment.stat().st_mtime_ns
    done = mlflow(place, "models", "prepare-env", "-m", NASTY, variables=variables)
    python = Path(done.stdout.strip())
    assert python.is_relative_to(environment)
    assert environment.stat().st_mtime_ns == before
    code = (
        "import importlib.metadata as m, mlflow, mlflow._compat.conflict as c;"
        "print(m.version('headrace'), m.version('mlflow'), repr(c.describe_mix()), mlflow.__file__)"
    )
    probe = subprocess.run([python, "-Ic", code], capture_output=True, text=True, check=True)
    own, alias, mix, file = probe.stdout.split()
    assert (own, alias, mix) == ("0.1.0", "3.17.2", "''")
    assert Path(file).is_relative_to(environment)
    code = (
        "import sys, mlflow; mlflow.models.predict(sys.argv[1], {'x': [1.5]}, output_path='out',"
        " extra_envs={'WORD': '$(touch m)'})"
    )
    subprocess.run(
        [sys.executable, "-c", code, NASTY], cwd=place, env={**os.environ, **variables}, check=True
    )
    assert json.loads((place / "out").read_text())["predictions"][0]["y"] == 3.0
    assert not list(place.glob("**/m"))
    options = ("-m", NASTY, "--env-manager", "uv")
    with serving(place, *options, command=("models", "serve"), environment=variables) as served:
        assert served.ask("POST", "/invocations", ROWS).json["predictions"][0]["y"] == 3.0
        exe = Path(f"/proc/{served.process.pid}/cmdline").read_bytes()
        assert bytes(environment) in exe
