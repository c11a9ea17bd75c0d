"""``mlflow models``: serve, predict, and the environments and images to do it in."""

from __future__ import annotations

import sys
from typing import Any, Final

import click
from click import option

import mlflow.environment_variables as env
from mlflow.cli.lazy_group import example
from mlflow.cli.model_history import history
from mlflow.cli.options import RequiredUnless
from mlflow.models import update_model_requirements
from mlflow.models.docker import build_docker, generate_dockerfile
from mlflow.models.location import fetch_model
from mlflow.models.virtualenv import LOCAL, check_manager, model_environment
from mlflow.pyfunc.backend import PyFuncBackend, serve_models
from mlflow.pyfunc.scoring_server.settings import DEFAULT_NAME, ServingSettings

_URI_HELP: Final = "models:/NAME/VERSION, models:/NAME@ALIAS, models:/m-…, runs:/RUN/NAME, a path."
_model_uri: Final = option("--model-uri", "-m", required=True, help=_URI_HELP)
_env_manager: Final = option("--env-manager", default="virtualenv", show_default=True,
    help="virtualenv or uv: an environment with what the model needs, made by uv and kept; local:"
    " this one, as it is.")  # fmt: skip
_install_mlflow: Final = option("--install-mlflow", is_flag=True, default=False,
    help="Headrace is installed in any case.")  # fmt: skip


@click.group(
    epilog=example(
        """
mlflow models serve -m models:/churn@champion --env-manager local
mlflow models serve --model churn=models:/churn/3 --model spam=./spam --env-manager local
mlflow models predict -m ./model -i rows.csv -t csv --env-manager local
mlflow models prepare-env -m models:/churn/3          # makes what serve and predict run in
mlflow models history --name churn                    # who moved which alias when
mlflow models generate-dockerfile -m models:/churn/3 -d image && docker build image
"""
    )
)
def models() -> None:
    """Serve models, predict with them, pack them, and ask the registry what happened."""


models.add_command(history)


class _Assignment(click.ParamType[tuple[str, str]]):
    """``NAME=VALUE``, as a pair."""

    name = "key=value"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return the name and the value."""
        name, equals, text = str(value).partition("=")
        if not name or not equals or not text:
            self.fail(f"{value!r} is not NAME=VALUE", param, ctx)
        return name, text


# The recorded options, then ours.
_SERVE: Final = (
    option("--model-uri", "-m", cls=RequiredUnless, unless="model", help=_URI_HELP),
    option("--port", "-p", type=int, default=5000, show_default=True, envvar=env.MLFLOW_PORT.name,
        help="The port; 0 for any that is free."),
    option("--host", "-h", default="127.0.0.1", show_default=True, envvar=env.MLFLOW_HOST.name,
        help="The address to listen on; there is no authentication."),
    option("--timeout", "-t", type=int, default=60, show_default=True,
        envvar=env.MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT.name,
        help="Seconds for one request; 0 for no limit."),
    option("--workers", "-w",
        envvar=env.MLFLOW_MODELS_WORKERS.name,
        help="Processes, each with its own models; one by default."),
    _env_manager,
    option("--no-conda", is_flag=True, help="The same as --env-manager local."),
    _install_mlflow,
    option("--model", type=_Assignment(), multiple=True, metavar="NAME=URI",
        help="Serve this one at /models/NAME/invocations; may be repeated. The first of all also"
        " answers /invocations."),
    option("--batch-window-ms", type=float, default=0.0, show_default=True,
        help="Let a request wait so long for others, to predict them together; 0 for not."),
    option("--batch-rows", type=int, default=64, show_default=True,
        help="Most rows that are predicted together."),
    option("--threads", type=int, default=4, show_default=True,
        help="Most predictions at the same time in a process."),
    option("--queue", type=int, default=256, show_default=True,
        help="Most requests that wait; others are told to come back (503)."),
    option("--max-body-bytes", "body_limit", type=int, default=64 * 1024 * 1024,
        show_default=True, help="Largest body of a request (413)."),
    option("--allowed-hosts", help="Comma-separated Host headers to answer, '*' for any part; by"
        " default loopback and private addresses, and all where --host is no loopback."),
    option("--cors-allowed-origins", help="Comma-separated origins of pages that may ask."),
    option("--access-log", is_flag=True, help="Log each request, as a line of JSON."),
)  # fmt: skip


def _serve_options(command: Any) -> Any:
    """Add the options to the command."""
    for add in reversed(_SERVE):
        command = add(command)
    return command


@models.command(epilog=example("mlflow models serve -m models:/churn@champion -p 5001"))
@_serve_options
def serve(
    *,
    model_uri: str | None,
    model: tuple[tuple[str, str], ...],
    env_manager: str,
    no_conda: bool,
    install_mlflow: bool,
    workers: str | None,
    allowed_hosts: str | None,
    cors_allowed_origins: str | None,
    **given: Any,
) -> None:
    """Answer predictions over HTTP: POST JSON or CSV to /invocations; /docs describes it.

    It stops on Ctrl+C or SIGTERM when all that was asked is answered, within ten seconds.
    """
    del install_mlflow
    first = [(DEFAULT_NAME, model_uri)] if model_uri is not None else []
    settings = ServingSettings(
        models=(*first, *model),
        workers=_count(workers),
        allowed_hosts=_list(allowed_hosts),
        cors_allowed_origins=_list(cors_allowed_origins),
        **given,
    )
    serve_models(settings, LOCAL if no_conda else env_manager)


def _count(text: str | None) -> int:
    if text is None:
        return 1
    if not text.isascii() or not text.isdigit():
        raise click.UsageError(f"--workers must be a number, not {text!r}.")
    return int(text)


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


@models.command(epilog=example("echo '{\"inputs\": [[1, 2]]}' | mlflow models predict -m ./model"))
@_model_uri
@option("--input-path", "-i", help="A file of JSON or CSV; standard input by default.")
@option("--output-path", "-o", help="Where to write the answer; standard output by default.")
@option("--content-type", "-t", default="json", show_default=True, help="json or csv.")
@_env_manager
@_install_mlflow
@option(
    "--pip-requirements-override",
    "-r",
    help="Comma-separated requirements that take the place of the model's own.",
)
@option(
    "--env",
    type=_Assignment(),
    multiple=True,
    metavar="NAME=VALUE",
    help="A variable of the model's process; may be repeated.",
)
def predict(
    *,
    model_uri: str,
    input_path: str | None,
    output_path: str | None,
    content_type: str,
    env_manager: str,
    install_mlflow: bool,
    pip_requirements_override: str | None,
    env: tuple[tuple[str, str], ...],
) -> None:
    """Predict what is in a file, in the forms that the server takes."""
    del install_mlflow
    backend = PyFuncBackend({}, env_manager)
    override = _list(pip_requirements_override)
    backend.predict(model_uri, input_path, output_path, content_type, override, dict(env))


@models.command("prepare-env", epilog=example("mlflow models prepare-env -m models:/churn/3"))
@_model_uri
@_env_manager
@_install_mlflow
def prepare_env(*, model_uri: str, env_manager: str, install_mlflow: bool) -> None:
    """Make the environment that serve and predict run a model in, and print its Python."""
    del install_mlflow
    if check_manager(env_manager) == LOCAL:
        click.echo(sys.executable)
    else:
        click.echo(model_environment(fetch_model(model_uri).path))


_image_uri: Final = option(
    "--model-uri", "-m", help="The model; without one, the image serves what is at /opt/ml/model."
)
_mlflow_home: Final = option("--mlflow-home", help="Not taken: the image gets this Headrace.")
_install_java: Final = option("--install-java", type=bool, help="Whether to install Java.")


@models.command("build-docker", epilog=example("mlflow models build-docker -m ./model -n churn"))
@_image_uri
@option("--name", "-n", default="mlflow-pyfunc-servable", show_default=True, help="Of the image.")
@_env_manager
@_mlflow_home
@_install_java
@_install_mlflow
def build_docker_command(**given: Any) -> None:
    """Build an image that serves a model on port 8080, with docker."""
    build_docker(**given)


@models.command(
    "generate-dockerfile",
    epilog=example("mlflow models generate-dockerfile -m ./model -d image && docker build image"),
)
@_image_uri
@option("--output-directory", "-d", default="mlflow-dockerfile", show_default=True,
    help="The folder to write.")  # fmt: skip
@option("--env-manager", help="See `mlflow models serve`.")
@_mlflow_home
@_install_java
@_install_mlflow
def generate_dockerfile_command(*, install_mlflow: bool, **given: Any) -> None:
    """Write a folder from which `docker build` makes an image that serves a model."""
    del install_mlflow
    folder = generate_dockerfile(**given)
    click.echo(f"Written to {folder}; build it with: docker build {folder}", err=True)


@models.command(
    "update-pip-requirements",
    epilog=example("mlflow models update-pip-requirements -m runs:/RUN/model add 'pandas>=2'"),
)
@_model_uri
@click.argument("operation", type=click.Choice(["add", "remove"]))
@click.argument("requirement_strings", nargs=-1)
def update_pip_requirements(
    *, model_uri: str, operation: Any, requirement_strings: tuple[str, ...]
) -> None:
    """Add requirements to a model, or remove them, in requirements.txt and conda.yaml."""
    update_model_requirements(model_uri, operation, list(requirement_strings))
