"""``mlflow server`` and ``mlflow ui``: the tracking server, and the hashes of its passwords."""

from __future__ import annotations

import logging
import shlex
from pathlib import Path
from typing import Any, Final

import click
from click import option

import mlflow.environment_variables as env
from mlflow._core.uri import mask_password, scheme_of
from mlflow.cli.lazy_group import example
from mlflow.exceptions import MlflowException
from mlflow.server.basic_auth import hash_password
from mlflow.server.run import run_server
from mlflow.server.settings import ServerSettings
from mlflow.tracking.stores import DEFAULT_DATABASE, OFFLINE, get_tracking_uri

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
# Options that are recorded and not built, with what to do instead.
_UNBUILT: Final = {
    "read_replica_backend_store_uri": "reads go to the database of --backend-store-uri",
    "gunicorn_opts": "this server is not gunicorn; --workers and the --ssl options are its own",
    "waitress_opts": "this server is not waitress; it needs no settings of threads",
    "dev": "start the server again after a change",
    "app_name": "use --basic-auth-file, whose passwords are hashed",
    "trace_archival_config": "there are no traces in this release",
    "workspace_store_uri": "there are no workspaces in this release",
    "enable_workspaces": "there are no workspaces in this release",
}
_UVICORN_VALUES: Final = ("--ssl-certfile", "--ssl-keyfile", "--log-level")
_UVICORN_FLAGS: Final = ("--access-log", "--no-access-log")


_OFF: Final = "Not part of this release."
# The recorded options, then ours.
_OPTIONS: Final = (
    option("--backend-store-uri", envvar=env.MLFLOW_BACKEND_STORE_URI.name,
        help="Database of experiments and runs, or a directory; the tracking URI by default."),
    option("--read-replica-backend-store-uri",
        envvar=env.MLFLOW_READ_REPLICA_BACKEND_STORE_URI.name, help=_OFF),
    option("--registry-store-uri", envvar=env.MLFLOW_REGISTRY_STORE_URI.name,
        help="Database of registered models; that of the runs by default."),
    option("--default-artifact-root", envvar=env.MLFLOW_DEFAULT_ARTIFACT_ROOT.name,
        help="Where new experiments keep artifacts; through this server by default."),
    option("--serve-artifacts/--no-serve-artifacts", default=True,
        envvar=env.MLFLOW_SERVE_ARTIFACTS.name, help="Whether artifacts go through it."),
    option("--artifacts-only", is_flag=True, default=False,
        envvar=env.MLFLOW_ARTIFACTS_ONLY.name, help="Serve artifacts and nothing else."),
    option("--artifacts-destination", default="./mlartifacts", show_default=True,
        envvar=env.MLFLOW_ARTIFACTS_DESTINATION.name,
        help="Where it keeps the artifacts that go through it: a directory, s3://, gs://, …"),
    option("--host", "-h", default="127.0.0.1", show_default=True, envvar=env.MLFLOW_HOST.name,
        help="The address to listen on."),
    option("--port", "-p", type=int, default=5000, show_default=True, envvar=env.MLFLOW_PORT.name,
        help="The port; 0 for any that is free."),
    option("--workers", "-w", envvar=env.MLFLOW_WORKERS.name,
        help="Processes, on PostgreSQL and MySQL; one by default, and always on SQLite."),
    option("--static-prefix", envvar=env.MLFLOW_STATIC_PREFIX.name,
        help="What all paths begin with, such as /mlflow."),
    option("--allowed-hosts", envvar=env.MLFLOW_SERVER_ALLOWED_HOSTS.name,
        help="Comma-separated Host headers to answer, '*' for any part; by default loopback,"
        " private addresses and --host."),
    option("--cors-allowed-origins", envvar=env.MLFLOW_SERVER_CORS_ALLOWED_ORIGINS.name,
        help="Comma-separated origins of other sites' pages that may use the API."),
    option("--disable-security-middleware", is_flag=True, default=False,
        envvar=env.MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE.name,
        help="Check neither Host nor Origin: any web page can then use the server."),
    option("--x-frame-options", default="SAMEORIGIN", show_default=True,
        envvar=env.MLFLOW_SERVER_X_FRAME_OPTIONS.name,
        help="Who may show its pages in a frame: SAMEORIGIN, DENY or NONE (everyone)."),
    option("--gunicorn-opts", envvar=env.MLFLOW_GUNICORN_OPTS.name, help=_OFF),
    option("--waitress-opts", help=_OFF),
    option("--uvicorn-opts", envvar=env.MLFLOW_UVICORN_OPTS.name,
        help=f"Options of uvicorn: {', '.join((*_UVICORN_VALUES, *_UVICORN_FLAGS))}."),
    option("--dev", is_flag=True, default=False, help=_OFF),
    option("--expose-prometheus", envvar=env.MLFLOW_EXPOSE_PROMETHEUS.name,
        help="Answer /metrics, to who may use the server; the directory is not needed."),
    option("--app-name", type=click.Choice(["basic-auth", "basic-auth"]), help=_OFF),
    option("--trace-archival-config", type=click.Path(exists=True, dir_okay=False),
        envvar=env.MLFLOW_TRACE_ARCHIVAL_CONFIG.name, help=_OFF),
    option("--secrets-cache-ttl", type=click.IntRange(10, 300), default=60, help=_OFF),
    option("--secrets-cache-max-size", type=click.IntRange(1, 10_000), default=1000, help=_OFF),
    option("--workspace-store-uri", envvar=env.MLFLOW_WORKSPACE_STORE_URI.name, help=_OFF),
    option("--enable-workspaces/--disable-workspaces", default=False, help=_OFF),
    option("--basic-auth-file", type=_FILE, envvar=env.HEADRACE_BASIC_AUTH_FILE.name,
        help="Ask for names and passwords: lines of name:hash."),
    option("--insecure-no-auth", is_flag=True, default=False,
        help="Serve other machines without authentication."),
    option("--ssl-certfile", type=_FILE, help="PEM file of the certificate and its chain: TLS."),
    option("--ssl-keyfile", type=_FILE, help="PEM file of the certificate's private key."),
    option("--metrics-port", type=int, envvar=env.HEADRACE_METRICS_PORT.name,
        help="A port for /metrics alone, open to who can reach it; worker N has it plus N."),
)  # fmt: skip


def _options(command: Any) -> Any:
    """Add the options to a command."""
    for add in reversed(_OPTIONS):
        command = add(command)
    return command


def _start(given: dict[str, Any]) -> None:
    for name, instead in _UNBUILT.items():
        if given.pop(name):
            raise click.UsageError(
                f"--{name.replace('_', '-')} is not part of this release of Headrace: {instead}.",
                click.get_current_context(),
            )
    uvicorn = _uvicorn_options(given.pop("uvicorn_opts") or "")
    logging.getLogger("mlflow").setLevel(uvicorn.get("--log-level", "info").upper())
    certificate = given.pop("ssl_certfile") or uvicorn.get("--ssl-certfile")
    key = given.pop("ssl_keyfile") or uvicorn.get("--ssl-keyfile")
    uri = _backend(given.pop("backend_store_uri"))
    del given["secrets_cache_ttl"], given["secrets_cache_max_size"]
    settings = ServerSettings(
        backend_store_uri=uri,
        workers=_workers(given.pop("workers"), "" if given["artifacts_only"] else uri),
        static_prefix=given.pop("static_prefix") or "",
        allowed_hosts=_list(given.pop("allowed_hosts")),
        cors_allowed_origins=_list(given.pop("cors_allowed_origins")),
        check_hosts_and_origins=not given.pop("disable_security_middleware"),
        expose_prometheus=given.pop("expose_prometheus") is not None,
        certificate=Path(certificate) if certificate else None,
        certificate_key=Path(key) if key else None,
        access_log=env.HEADRACE_ACCESS_LOG.get() and "--no-access-log" not in uvicorn,
        queue=env.HEADRACE_SERVER_QUEUE.get(),
        operation_seconds=env.HEADRACE_SERVER_OPERATION_SECONDS.get(),
        **given,
    )
    run_server(settings)


def _backend(given: str | None) -> str:
    uri = given or get_tracking_uri()
    if scheme_of(uri) not in ("http", "https"):
        return uri.removeprefix(OFFLINE)
    if given is None:  # the variable names the server that clients here use: this one, perhaps
        return f"sqlite:///{Path.cwd() / DEFAULT_DATABASE}"
    raise MlflowException.invalid_parameter_value(
        f"The server needs a database or a directory, and {mask_password(uri)!r} is a server."
    )


def _list(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _workers(text: str | None, uri: str) -> int:
    if text is None:
        return 1
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 64:  # noqa: PLR2004 - enough
        raise click.UsageError(f"--workers must be 1 to 64, not {text!r}.")
    if int(text) > 1 and uri and scheme_of(uri) in ("", "file", "sqlite"):
        click.echo("SQLite takes one writer: one process serves, with threads.", err=True)
        return 1
    return int(text)


def _uvicorn_options(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    words = shlex.split(text)
    while words:
        name, equals, value = words.pop(0).partition("=")
        if name in _UVICORN_FLAGS and not equals:
            found[name] = ""
        elif name in _UVICORN_VALUES and (equals or words):
            found[name] = value if equals else words.pop(0)
        else:
            raise click.UsageError(
                f"--uvicorn-opts: {name} cannot be set; these can:"
                f" {', '.join((*_UVICORN_VALUES, *_UVICORN_FLAGS))}. The server's own options"
                " stand for the rest."
            )
    return found


@click.group(
    invoke_without_command=True,
    epilog=example(
        """
mlflow server                                            # mlflow.db here, for this machine
mlflow server --backend-store-uri postgresql://db/mlflow --workers 4
mlflow server hash-password --user ada >> passwords      # asks for the password
mlflow server --host 0.0.0.0 --basic-auth-file passwords
"""
    ),
)
@_options
@click.pass_context
def server(ctx: click.Context, /, **given: Any) -> None:
    """Serve experiments, runs and artifacts over HTTP, to every MLflow client.

    One process; it is ready at once and stops on Ctrl+C or SIGTERM when all that was asked is
    answered, within ten seconds.
    """
    if ctx.invoked_subcommand is None:
        _start(given)


@server.command(
    "hash-password", epilog=example("mlflow server hash-password --user ada >> passwords")
)
@option("--user", required=True, help="The name that goes with the password.")
@click.password_option(help="The password; asked for when not given.")
def hash_password_command(user: str, password: str) -> None:
    """Print a line for --basic-auth-file."""
    if not user or ":" in user or not user.isprintable():
        raise click.UsageError("A name must not be empty nor hold a colon.")
    click.echo(f"{user}:{hash_password(password)}")


@click.command(epilog=example("mlflow ui --backend-store-uri sqlite:///mlflow.db"))
@_options
def ui(**given: Any) -> None:
    """Serve experiments and runs: the same as `mlflow server`."""
    _start(given)
