"""Environments of models as archives, for machines that cannot make them: Spark's workers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mlflow.exceptions import MlflowException
from mlflow.models.archive import archive_directory
from mlflow.models.choke import admit_code, origin_of, reading_from
from mlflow.models.location import fetch_model
from mlflow.models.virtualenv import LOCAL, check_manager, model_environment
from mlflow.tracking.artifact_access import download_artifacts

ENVIRONMENT_SUFFIX: Final = ".tar.gz"


def build_model_env(model_uri: str, save_path: str, env_manager: str = "virtualenv") -> str:
    """Return the path of an archive of the environment that a model needs.

    It is for machines that have this Python at the same path and the same kind of processor; see
    ``mlflow.pyfunc.spark_udf``.

    Args:
        model_uri: See ``mlflow.pyfunc.load_model``.
        save_path: The folder that the archive is written to; it is made.
        env_manager: ``virtualenv`` or ``uv``.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for another manager, or a requirement that is
            none; the environment cannot be made.
    """
    if check_manager(env_manager) == LOCAL:
        raise MlflowException.invalid_parameter_value(
            "There is no environment of the model's own with env_manager 'local'."
        )
    environment = model_environment(fetch_model(model_uri).path).parent.parent
    target = Path(save_path, f"{environment.name}{ENVIRONMENT_SUFFIX}")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}")
    try:
        archive_directory(environment, str(part))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return str(target.absolute())


def fetch_environment(uri: str) -> Path:
    """Return the archive of an environment on this machine.

    Args:
        uri: A path, or the URI of an artifact.

    Raises:
        MlflowException: INVALID_PARAMETER_VALUE for something else than ``build_model_env`` writes;
            an error of the policy: what is in an environment is run.
    """
    if not uri.endswith(ENVIRONMENT_SUFFIX):
        raise MlflowException.invalid_parameter_value(
            f"{uri!r} is no archive of an environment: mlflow.pyfunc.build_model_env writes them,"
            f" and their names end with {ENVIRONMENT_SUFFIX}."
        )
    with reading_from(origin_of(uri)):
        admit_code("environment", Path(uri))
    return Path(download_artifacts(artifact_uri=uri))
