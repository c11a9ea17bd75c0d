"""A model registry of another distribution, built, installed, and used by a whole program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import uv

_PLUGIN = Path(__file__).with_name("plugin_registry.py")
_PROJECT = """
[project]
name = "registry-plugin"
version = "1.0"
[project.entry-points."mlflow.model_registry_store"]
shelf = "registry_plugin.store:PluginRegistry"
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""
_PROGRAM = """
import json, mlflow
from mlflow.exceptions import MlflowException
mlflow.set_tracking_uri("sqlite:///store.db")
mlflow.set_registry_uri("shelf://a/b")
def double(model_input):
    return model_input * 2
with mlflow.start_run():
    info = mlflow.pyfunc.log_model(
        name="m", python_model=double, registered_model_name="r", pip_requirements=[]
    )
again = mlflow.register_model(info.model_uri, "r")
client = mlflow.MlflowClient()
client.set_registered_model_alias("r", "champion", 2)
try:
    client.get_registered_model_history("r")
except MlflowException as error:
    lacks = [error.error_code, "PluginRegistry does not define" in error.message]
print(json.dumps({
    "versions": [info.registered_model_version, again.version],
    "aliases": client.get_registered_model("r").aliases,
    "found": [one.source == info.model_uri for one in client.search_model_versions()],
    "predicted": mlflow.pyfunc.load_model("models:/r@champion").predict([1]),
    "loaded by number": mlflow.pyfunc.load_model("models:/r/1").predict([1]),
    "lacks": lacks,
    "uri": client._registry.store_uri,
    "tracking": mlflow.MlflowClient("sqlite:///store.db")._tracking_uri,
}))
"""


def _install(folder: Path) -> Path:
    """Build the plugin and install it into a folder for packages; return that folder."""
    project, packages = folder / "plugin", folder / "packages"
    (project / "registry_plugin").mkdir(parents=True)
    (project / "registry_plugin" / "__init__.py").touch()
    shutil.copyfile(_PLUGIN, project / "registry_plugin" / "store.py")
    (project / "pyproject.toml").write_text(_PROJECT, "utf-8")
    words = [uv.find_uv_bin(), "pip", "install", "--quiet", "--offline", "--no-build-isolation"]
    where = ["--python", sys.executable, "--target", str(packages), str(project)]
    subprocess.run([*words, *where], check=True)
    return packages


def test_an_installed_registry_serves_a_program(tmp_path: Path) -> None:
    """Models are registered, named and loaded through it; what it lacks says so by its code."""
    packages = _install(tmp_path)
    (tmp_path / "work").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path / "work",
        env={**os.environ, "PYTHONPATH": str(packages)},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "versions": [1, "2"],
        "aliases": {"champion": "2"},
        "found": [True, True],
        "predicted": [1, 1],
        "loaded by number": [1, 1],
        "lacks": ["NOT_IMPLEMENTED", True],
        "uri": "shelf://a/b",
        "tracking": "sqlite:///store.db",
    }
