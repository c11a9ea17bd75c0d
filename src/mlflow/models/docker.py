"""Images that serve a model: a folder with a Dockerfile and all that it copies.

Nothing of a model becomes part of a command or of the Dockerfile but its Python version, which is
digits and dots. Its files are copied under a fixed name; its requirements are in a file of parsed
lines.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from mlflow.environment_variables import MLFLOW_DOCKER_OPENJDK_VERSION
from mlflow.exceptions import MlflowException
from mlflow.models.location import fetch_model
from mlflow.models.needs import Needs, read_needs
from mlflow.models.own_wheel import WHEEL_NAME, own_wheel
from mlflow.models.virtualenv import LOCAL, OVERRIDES, SERVING_LINES, check_manager

_IMAGE: Final = re.compile(r"[a-z0-9][A-Za-z0-9._/:@-]{0,254}")
_MODEL: Final = "/opt/ml/model"
_SETUP: Final = "/opt/headrace"
_PORT: Final = 8080


def generate_dockerfile(
    model_uri: str | None,
    output_directory: str | Path,
    *,
    env_manager: str | None = None,
    install_java: bool | None = None,
    mlflow_home: str | None = None,
    base_image: str | None = None,
) -> Path:
    """Write a folder from which an image that serves a model is built.

    Args:
        model_uri: The model; without one, the image serves what is mounted at ``/opt/ml/model``.
        output_directory: The folder; a Dockerfile and all that it copies.
        env_manager: ``local`` installs what the model needs into the image's Python; so do the
            others, where there is a model: an image needs no second environment.
        install_java: Whether to install Java.
        mlflow_home: Not taken: the image gets the running Headrace.
        base_image: To begin with, instead of the slim Python image of the model's version.

    Raises:
        MlflowException: an argument or a file of the model is not what it must be.
    """
    check_manager(env_manager or LOCAL)
    if mlflow_home is not None:
        raise MlflowException.invalid_parameter_value(
            "`mlflow_home` is not taken: the image gets the Headrace that builds it."
        )
    if base_image is not None:
        checked_image(base_image, "base image")
    folder = Path(output_directory)
    if model_uri is None:
        needs = Needs("", ())
        folder.mkdir(parents=True, exist_ok=True)
    else:
        source = fetch_model(model_uri).path
        needs = read_needs(source)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, folder / "model", dirs_exist_ok=True)
    own_wheel(folder)
    wheels = [path.name for path in needs.wheels]
    for path in needs.wheels:
        shutil.copy(path, folder)
    lines = [*needs.lines, *SERVING_LINES]
    (folder / "requirements.txt").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "constraints.txt").write_text("\n".join(needs.constraints) + "\n", "utf-8")
    (folder / "overrides.txt").write_text(OVERRIDES, "utf-8")
    base = base_image or f"python:{needs.python or '3.11'}-slim"
    text = _dockerfile(base, wheels, has_model=model_uri is not None, java=bool(install_java))
    (folder / "Dockerfile").write_text(text, "utf-8")
    return folder


def build_docker(
    model_uri: str | None = None,
    name: str = "mlflow-pyfunc",
    env_manager: str = "virtualenv",
    mlflow_home: str | None = None,
    install_java: bool = False,
    install_mlflow: bool = False,
    base_image: str | None = None,
) -> None:
    """Build an image that serves a model, with Docker.

    Args:
        model_uri: See ``generate_dockerfile``.
        name: Of the image.
        env_manager: See ``generate_dockerfile``.
        mlflow_home: See ``generate_dockerfile``.
        install_java: Whether to install Java.
        install_mlflow: Headrace is installed in any case.
        base_image: See ``generate_dockerfile``.

    Raises:
        MlflowException: see ``generate_dockerfile``; or Docker is not there, or failed.
    """
    del install_mlflow
    checked_image(name, "name")
    docker = shutil.which("docker")
    if docker is None:
        raise MlflowException(
            "docker is not installed. `mlflow models generate-dockerfile` writes the folder; build"
            " it where there is an engine: docker build FOLDER"
        )
    with tempfile.TemporaryDirectory(prefix="headrace-") as folder:
        generate_dockerfile(
            model_uri,
            folder,
            env_manager=env_manager,
            install_java=install_java,
            mlflow_home=mlflow_home,
            base_image=base_image,
        )
        done = subprocess.run(  # noqa: S603 - a list of words; no shell
            [docker, "build", "--tag", name, "--", folder], check=False
        )
    if done.returncode != 0:
        raise MlflowException(
            f"`docker build` failed ({done.returncode}), see above. Does an engine run? docker info"
        )


def checked_image(name: str, what: str) -> str:
    """Return the name of an image.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE where it is none.
    """
    if not _IMAGE.fullmatch(name):
        raise MlflowException.invalid_parameter_value(
            f"The {what} is no name of an image: {name!r}"
        )
    return name


def _exec(*words: str) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _dockerfile(base: str, wheels: list[str], *, has_model: bool, java: bool) -> str:
    """Return the Dockerfile; its commands are lists of words, which no shell reads."""
    names = [WHEEL_NAME, *wheels]
    files = ["requirements.txt", "constraints.txt", "overrides.txt", *names]
    install = ["uv", "pip", "install", "--system", "--no-cache", "--break-system-packages"]
    options = ["--override", "overrides.txt", "--constraint", "constraints.txt"]
    options += ["--requirement", "requirements.txt"]
    serve = ["python", "-I", "-m", "mlflow", "models", "serve", "--model-uri", _MODEL]
    where = ["--host", "0.0.0.0", "--port", str(_PORT)]  # noqa: S104 - inside a container
    lines = [f"FROM {base}", "RUN " + _exec("pip", "install", "--no-cache-dir", "uv")]
    if java:
        package = f"openjdk-{MLFLOW_DOCKER_OPENJDK_VERSION.get()}-jre-headless"
        lines.append("RUN " + _exec("apt-get", "update"))
        lines.append("RUN " + _exec("apt-get", "install", "-y", "--no-install-recommends", package))
    lines += [
        f"WORKDIR {_SETUP}",
        "COPY " + _exec(*files, f"{_SETUP}/"),
        "RUN " + _exec(*install, *options, *(f"./{name}" for name in names)),
    ]
    if has_model:
        lines.append("COPY " + _exec("model", _MODEL))
    manager = LOCAL if has_model else "uv"
    lines += [
        "RUN " + _exec("useradd", "--create-home", "serving"),
        "USER serving",
        f"EXPOSE {_PORT}",
        "ENTRYPOINT " + _exec(*serve, *where, "--env-manager", manager),
    ]
    return "\n".join(lines) + "\n"
