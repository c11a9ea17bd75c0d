"""Saves models with a project of uv in many ways; runs in either implementation."""

import logging
import os
import pathlib
import warnings

import mlflow

FILES = ("uv.lock", "pyproject.toml", ".python-version")


def _saved(folder):
    lines = (folder / "requirements.txt").read_text().splitlines()
    files = {name: (folder / name).read_text() for name in FILES if (folder / name).exists()}
    return [line for line in lines if not line.startswith("cloudpickle")], files


def main(payload):
    """Return what each way writes."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    (pathlib.Path.cwd() / "module_of_ours.py").write_text("def _load_pyfunc(path): return path")
    here = pathlib.Path.cwd()
    found = {}
    for name, case in payload["cases"].items():
        os.environ.update(case["variables"])
        os.chdir(case["cwd"] or here)
        folder = here / name
        # A loader, not a pickle: what its file names is not what this is about.
        mlflow.pyfunc.save_model(folder, loader_module="module_of_ours", **case["arguments"])
        found[name] = _saved(folder)
        os.chdir(here)
        for variable in case["variables"]:
            del os.environ[variable]
    for name, arguments in payload["asked"].items():
        lines = mlflow.models.infer_pip_requirements("absent", "python_function", **arguments)
        found[name] = lines
    for name, source in payload["copied"].items():
        folder = here / name
        folder.mkdir()
        done = mlflow.pyfunc.copy_uv_project_files(str(folder), source)
        found[name] = [done, sorted(path.name for path in folder.iterdir())]
    return found
