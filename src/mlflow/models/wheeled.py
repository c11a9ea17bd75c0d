"""Models that bring their libraries: every requirement as a wheel beside the model."""

from __future__ import annotations

import importlib.util
import logging
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlflow._core.model_uris import SCHEME, ModelUri, parse_model_uri
from mlflow._core.uri import scheme_of
from mlflow.environment_variables import MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS
from mlflow.exceptions import BAD_REQUEST, MlflowException
from mlflow.models import yamlfile
from mlflow.models.environment import CONDA_FILE, REQUIREMENTS_FILE, conda_with_pip
from mlflow.models.location import MLMODEL_FILE, ModelFolder, fetch_model
from mlflow.models.log import FORBIDDEN, log_model, register_logged
from mlflow.models.model import Model
from mlflow.models.needs import UPSTREAMS, read_needs, wheel_name
from mlflow.models.own_wheel import own_wheel
from mlflow.models.signing import SIGNATURE_FILE
from mlflow.models.uv_program import find_uv
from mlflow.models.virtualenv import SERVING_LINES
from mlflow.store.entities.model_manifest import NOT_COVERED
from mlflow.tracking import fluent
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.registry_uris import version_named

if TYPE_CHECKING:
    from mlflow.entities.logged_model import LoggedModel
    from mlflow.entities.model_registry.model_version import ModelVersion
    from mlflow.models.info import ModelInfo
    from mlflow.models.needs import Needs

_logger = logging.getLogger(__name__)
WHEELS_FOLDER: Final = "wheels"
ORIGINAL_FILE: Final = "original_requirements.txt"
_SUFFIX: Final = "_wheels"
_AWAIT_SECONDS: Final = 300
# Options that change which wheels are taken; where they come from is said by pip's own variables.
_OPTIONS: Final = frozenset(
    {
        *("--only-binary=:all:", "--only-binary=:none:", "--no-binary=:all:", "--no-binary=:none:"),
        *("--prefer-binary", "--pre", "--no-deps", "--require-hashes", "--ignore-requires-python"),
        *("--no-build-isolation", "--use-pep517", "--check-build-dependencies"),
        *("--no-clean", "--no-verify"),
    }
)


def add_libraries_to_model(
    model_uri: str, run_id: str | None = None, registered_model_name: str | None = None
) -> ModelInfo:
    """Log a registered model again with all its libraries as wheels, as a new version.

    The wheels are those for this Python and this system. Headrace stands in for mlflow.

    Args:
        model_uri: A version: ``models:/<name>/<version>``, ``models:/<name>@<alias>`` and the like.
        run_id: The run that logs it; by default the active one, else that of the version.
        registered_model_name: Whose version it becomes; by default the same model's.

    Returns:
        The new model's identity, place and description.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for another URI, unknown options or lines that are
            no requirements; BAD_REQUEST for a model that has its libraries; an error that says
            what pip said.
    """
    named, options = _version_uri(model_uri), _options()
    client = MlflowClient()
    version = version_named(client._registry, named)  # noqa: SLF001 - the client's own store
    if run_id is not None:
        client.get_run(run_id)
    source = fetch_model(model_uri)
    if hasattr(Model.load(source.path / MLMODEL_FILE), WHEELS_FOLDER):
        raise MlflowException("The model has its libraries already.", BAD_REQUEST)
    behind = client.get_logged_model(source.model_id) if source.model_id else None
    with tempfile.TemporaryDirectory(prefix="headrace-") as work:
        folder = _copy(source, Path(work, "model"))
        _bring_wheels(folder, Path(work), options)

        def save(path: str, artifact_location: str, run: str | None, new_id: str) -> Model:
            shutil.copytree(folder, path, dirs_exist_ok=True)
            return _write_mlmodel(Path(path), artifact_location, run, new_id)

        model, logged = log_model(
            save,
            name=_name(version, behind),
            artifact_path=None,
            run_id=run_id or _run_of(version),
            model_type=behind.model_type if behind else None,
            params=dict(behind.params or {}) if behind else None,
            tags=None,
            step=0,
            model_id=None,
        )
    number = register_logged(logged, registered_model_name or version.name, _AWAIT_SECONDS)
    return replace(model.get_model_info(logged), registered_model_version=number)


def _version_uri(uri: str) -> ModelUri:
    named = parse_model_uri(uri) if scheme_of(uri) == SCHEME else None
    if named is None or named.name is None or named.path:
        raise MlflowException.invalid_parameter_value(
            f"Not the URI of a version of a registered model: {uri!r}. Libraries are added to"
            " registered models: 'models:/<name>/<version>' or 'models:/<name>@<alias>'"
        )
    return named


def _options() -> list[str]:
    variable = MLFLOW_WHEELED_MODEL_PIP_DOWNLOAD_OPTIONS
    given = shlex.split(variable.get())
    unknown = [option for option in given if option not in _OPTIONS]
    if unknown:
        raise MlflowException.invalid_parameter_value(
            f"{variable.name} has options that are not taken: {' '.join(unknown)}. These are:"
            f" {', '.join(sorted(_OPTIONS))}. Others are variables of pip: PIP_INDEX_URL and so on."
        )
    return given


def _run_of(version: ModelVersion) -> str | None:
    active = fluent.active_run()
    return active.info.run_id if active is not None else version.run_id or None


def _name(version: ModelVersion, behind: LoggedModel | None) -> str:
    name = behind.name if behind is not None else version.name
    return "".join("_" if mark in FORBIDDEN else mark for mark in str(name)) + _SUFFIX


def _copy(source: ModelFolder, folder: Path) -> Path:
    """Return a copy of a model's files, writable, without what is about the registered ones."""
    ignored = shutil.ignore_patterns(*NOT_COVERED, SIGNATURE_FILE)
    shutil.copytree(source.path, folder, ignore=ignored)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return folder


def _write_mlmodel(folder: Path, location: str, run_id: str | None, model_id: str) -> Model:
    file = folder / MLMODEL_FILE
    own = {"artifact_path": location, "run_id": run_id, "utc_time_created": None}
    ids = {"model_uuid": model_id, "model_id": model_id}
    wheels = {WHEELS_FOLDER: {"platform": platform.platform()}}
    model = Model.from_dict({**Model.load(file).to_dict(), **own, **ids, **wheels})
    model.save(file)
    return model


def _bring_wheels(folder: Path, work: Path, options: list[str]) -> None:
    """Put the wheels of all requirements into a model's folder, and let its files name them."""
    needs = read_needs(folder)
    running = ".".join(platform.python_version_tuple()[:2])
    if needs.python and not f"{needs.python}.".startswith(f"{running}."):
        _logger.warning(
            "The model was saved by Python %s; its wheels are for Python %s.", needs.python, running
        )
    wheels = folder / WHEELS_FOLDER
    _fetch_wheels(needs, wheels, work, options)
    lines = sorted(f"{WHEELS_FOLDER}/{wheel.name}" for wheel in wheels.iterdir())
    requirements, conda = folder / REQUIREMENTS_FILE, folder / CONDA_FILE
    if requirements.is_file():
        requirements.rename(folder / ORIGINAL_FILE)
    requirements.write_text("\n".join(lines) + "\n", "utf-8")
    yamlfile.save(conda, conda_with_pip(yamlfile.load(conda) if conda.is_file() else None, lines))


def _fetch_wheels(needs: Needs, wheels: Path, work: Path, options: list[str]) -> None:
    texts = {"lines.txt": (*needs.lines, *SERVING_LINES), "limits.txt": needs.constraints}
    for name, lines in texts.items():
        (work / name).write_text("\n".join(lines) + "\n", "utf-8")
    wheels.mkdir(exist_ok=True)
    words = [*_pip(), "wheel", "--disable-pip-version-check", *options, "--wheel-dir", str(wheels)]
    words += ["--requirement", str(work / "lines.txt"), "--constraint", str(work / "limits.txt")]
    done = subprocess.run(  # noqa: S603 - a list of words; no shell
        [*words, str(own_wheel(work)), *map(str, needs.wheels)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise MlflowException(
            f"The wheels of the model's libraries cannot be had: pip said:\n{done.stderr[-4000:]}"
        )
    for wheel in wheels.iterdir():
        if wheel_name(wheel.name) in UPSTREAMS:  # what a library asked for; Headrace is there
            wheel.unlink()


def _pip() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    uv = find_uv("Wheels are fetched with pip or uv, and neither is installed: pip install uv.")
    return [uv, "tool", "run", "--quiet", "--python", sys.executable, "pip"]
