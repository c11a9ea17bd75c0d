"""What is done with a model beside predicting in this process: serving, environments, images."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mlflow.exceptions import MlflowException
from mlflow.models.docker import build_docker, generate_dockerfile
from mlflow.models.flavor_backend import FlavorBackend
from mlflow.models.location import MLMODEL_FILE, fetch_model
from mlflow.models.model import Model
from mlflow.models.virtualenv import (
    LOCAL,
    become_python,
    check_manager,
    model_environment,
    run_python,
)
from mlflow.pyfunc.load import FLAVOR_NAME, load_model
from mlflow.pyfunc.scoring_server.content import CONTENT_TYPE_CSV, CONTENT_TYPE_JSON
from mlflow.pyfunc.scoring_server.invoke import ServedModel
from mlflow.pyfunc.scoring_server.run import run_scoring_server
from mlflow.pyfunc.scoring_server.settings import DEFAULT_NAME, ServingSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CONTENT_TYPES: Final = {
    "json": CONTENT_TYPE_JSON,
    "csv": CONTENT_TYPE_CSV,
    CONTENT_TYPE_JSON: CONTENT_TYPE_JSON,
    CONTENT_TYPE_CSV: CONTENT_TYPE_CSV,
}
_MODELS: Final = ("-m", "mlflow", "models")


class PyFuncBackend(FlavorBackend):
    """Serves and scores models with a Python function, here or in an environment of their own."""

    def __init__(
        self,
        config: dict[str, Any],
        env_manager: str = "virtualenv",
        workers: int = 1,
        **kwargs: Any,
    ) -> None:
        """Keep the settings.

        Args:
            config: The flavor's settings in MLmodel.
            env_manager: ``local``, ``virtualenv`` or ``uv``.
            workers: Processes that serve.
            kwargs: Others are taken and have no effect, but for ``enable_mlserver``.

        Raises:
            MlflowException: ``enable_mlserver`` is set, or there is no such manager.
        """
        super().__init__(config, **kwargs)
        if kwargs.get("enable_mlserver"):
            raise MlflowException.invalid_parameter_value(
                "`enable_mlserver` is not taken: MLServer loads models through mlflow by itself,"
                " and its own command starts it. The server here has batches and several models."
            )
        self.env_manager: Final = check_manager(env_manager)
        self.workers: Final = workers

    def predict(
        self,
        model_uri: str,
        input_path: str | None,
        output_path: str | None,
        content_type: str,
        pip_requirements_override: Sequence[str] | None = None,
        extra_envs: Mapping[str, str] | None = None,
    ) -> None:
        """Predict what is in a file or on standard input.

        Args:
            model_uri: The model.
            input_path: The file; standard input when None.
            output_path: Where to write the answer; standard output when None.
            content_type: ``json`` or ``csv``.
            pip_requirements_override: Requirements that take the place of the model's own.
            extra_envs: Variables of the model's process.

        Raises:
            MlflowException: the input, the model or the environment is wrong.
        """
        kind = _kind(content_type)
        if self.env_manager == LOCAL:
            if pip_requirements_override or extra_envs:
                raise MlflowException.invalid_parameter_value(
                    "Requirements and variables are for a process of the model's own; with"
                    " env_manager 'local' there is none."
                )
            predict_file(model_uri, input_path, output_path, kind)
            return
        folder = fetch_model(model_uri).path.resolve()
        python = model_environment(folder, pip_requirements_override or ())
        given = {"--input-path": input_path, "--output-path": output_path}
        words = [word for name, path in given.items() if path for word in (name, path)]
        words += ["--content-type", content_type, "--env-manager", LOCAL]
        command = [*_MODELS, "predict", "--model-uri", str(folder), *words]
        run_python(python, command, variables=extra_envs)

    def serve(
        self,
        model_uri: str,
        port: int,
        host: str,
        timeout: int,
        synchronous: bool = True,
        stdout: Any = None,
        stderr: Any = None,
    ) -> Any:
        """Serve a model until told to stop.

        Args:
            model_uri: The model.
            port: Where to listen.
            host: Where to listen.
            timeout: Seconds for one request.
            synchronous: Must be true: start a process to serve beside what you do.
            stdout: Not taken.
            stderr: Not taken.

        Raises:
            MlflowException: see ``run_scoring_server``.
        """
        if not synchronous or stdout is not None or stderr is not None:
            raise MlflowException.invalid_parameter_value(
                "Serving ends when it is told to. To go on meanwhile, start the command"
                " `mlflow models serve` as a process of its own."
            )
        settings = ServingSettings(
            models=((DEFAULT_NAME, model_uri),),
            port=port,
            host=host,
            timeout=timeout,
            workers=self.workers,
        )
        serve_models(settings, self.env_manager)

    def prepare_env(self, model_uri: str, capture_output: bool = False) -> int:
        """Make the environment of a model.

        Args:
            model_uri: The model.
            capture_output: Taken and without effect: uv's output is in the error when it fails.

        Returns:
            0; failures are raised.

        Raises:
            MlflowException: a requirement is none, or the environment cannot be made.
        """
        del capture_output
        if self.env_manager != LOCAL:
            model_environment(fetch_model(model_uri).path)
        return 0

    def build_image(
        self,
        model_uri: str | None,
        image_name: str,
        install_java: bool = False,
        install_mlflow: bool = False,
        mlflow_home: str | None = None,
        base_image: str | None = None,
    ) -> None:
        """Build an image; see ``mlflow.models.build_docker``."""
        build_docker(
            model_uri,
            image_name,
            self.env_manager,
            mlflow_home,
            install_java,
            install_mlflow,
            base_image,
        )

    def generate_dockerfile(
        self,
        model_uri: str | None,
        output_dir: str,
        install_java: bool = False,
        install_mlflow: bool = False,
        mlflow_home: str | None = None,
        base_image: str | None = None,
    ) -> None:
        """Write the folder of an image; see ``mlflow.models.docker.generate_dockerfile``."""
        del install_mlflow
        generate_dockerfile(
            model_uri,
            output_dir,
            env_manager=self.env_manager,
            install_java=install_java,
            mlflow_home=mlflow_home,
            base_image=base_image,
        )

    def can_score_model(self) -> bool:
        """Return whether this backend can score: it always can."""
        return True

    def can_build_image(self) -> bool:
        """Return whether this backend can build images: it always can."""
        return True


def get_flavor_backend(model_uri: str | None, **kwargs: Any) -> FlavorBackend:
    """Return what serves and scores a model.

    Args:
        model_uri: The model; None for a backend of none.
        kwargs: See ``PyFuncBackend``.

    Raises:
        MlflowException: there is no such model, or it has no Python function.
    """
    config: dict[str, Any] = {}
    if model_uri is not None:
        flavors = Model.load(fetch_model(model_uri).path / MLMODEL_FILE).flavors
        if FLAVOR_NAME not in flavors:
            raise MlflowException(
                f"No suitable flavor backend was found: the model has {sorted(flavors)}, not"
                f" '{FLAVOR_NAME}'"
            )
        config = flavors[FLAVOR_NAME]
    return PyFuncBackend(config, **kwargs)


def predict_file(
    model_uri: str, input_path: str | None, output_path: str | None, kind: str
) -> None:
    """Predict what is in a file, in this process.

    Args:
        model_uri: The model.
        input_path: The file; standard input when None.
        output_path: Where to write the answer; standard output when None.
        kind: The content type of the input.
    """
    served = ServedModel(DEFAULT_NAME, load_model(model_uri))
    body = Path(input_path).read_bytes() if input_path else sys.stdin.buffer.read()
    answer = served.invoke(body, kind)
    if output_path:
        Path(output_path).write_bytes(answer)
    else:
        sys.stdout.write(answer.decode() + "\n")


def serve_models(settings: ServingSettings, env_manager: str) -> None:
    """Serve models in this process, or in the environment of the one model.

    Args:
        settings: What the server is told.
        env_manager: ``local``, ``virtualenv`` or ``uv``.

    Raises:
        MlflowException: see ``run_scoring_server``; or several models are to have an environment.
    """
    if check_manager(env_manager) == LOCAL:
        run_scoring_server(settings)
        return
    if len(settings.models) > 1:
        raise MlflowException.invalid_parameter_value(
            "Several models in one process share its environment: --env-manager local"
        )
    name, uri = settings.models[0]
    folder = fetch_model(uri).path.resolve()
    python = model_environment(folder)
    told = json.dumps(asdict(replace(settings, models=((name, str(folder)),))))
    become_python(python, ["-m", "mlflow.pyfunc.scoring_server.run", told])


def _kind(content_type: str) -> str:
    if content_type not in _CONTENT_TYPES:
        raise MlflowException.invalid_parameter_value(
            f"Unknown content type {content_type!r}; it is 'json' or 'csv'."
        )
    return _CONTENT_TYPES[content_type]
