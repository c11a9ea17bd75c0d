"""A scoring server as a process, or several."""

from __future__ import annotations

import json
import logging
import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from mlflow._asgi.security import is_loopback
from mlflow._asgi.sockets import bind, raise_file_limit, say, serve_app
from mlflow._asgi.workers import Workers
from mlflow.exceptions import MlflowException
from mlflow.pyfunc.load import load_model
from mlflow.pyfunc.scoring_server.app import ScoringApplication
from mlflow.pyfunc.scoring_server.invoke import ServedModel
from mlflow.pyfunc.scoring_server.settings import ServingSettings
from mlflow.version import HEADRACE_VERSION, VERSION

if TYPE_CHECKING:
    import socket


# Seconds that a thread computes before another may: what answers must not wait for what predicts.
_SWITCH_SECONDS: Final = 0.0005


def run_scoring_server(settings: ServingSettings) -> None:
    """Serve models until told to stop.

    Args:
        settings: What the server is told.

    Raises:
        MlflowException: the port is taken, or a model cannot be loaded.
    """
    if not is_loopback(settings.host):
        say("WARNING: no authentication: whoever can connect may ask for predictions.")
    raise_file_limit()
    sock = bind(settings.host, settings.port)
    serve = partial(_serve, settings, sock)
    if settings.workers > 1:
        Workers(serve, settings.workers).run()
    else:
        serve(0)


def _serve(settings: ServingSettings, sock: socket.socket, worker: int) -> None:
    sys.setswitchinterval(_SWITCH_SECONDS)
    logging.getLogger("mlflow").setLevel(logging.INFO)

    def make() -> ScoringApplication:
        served = [ServedModel(name, load_model(uri)) for name, uri in settings.models]
        return ScoringApplication(served, settings)

    def ready() -> None:
        names = ", ".join(name for name, _ in settings.models)
        address = f"http://{settings.host}:{sock.getsockname()[1]}"
        say(
            f"Headrace {HEADRACE_VERSION} (interface of MLflow {VERSION}) serves {names} at"
            f" {address}/invocations, described at {address}/docs. Press Ctrl+C to stop."
        )

    on_ready = ready if worker == 0 else None
    serve_app(make, sock, access_log=settings.access_log, on_ready=on_ready)


def main(told: str) -> None:
    """Serve as another process says, which has made this one's environment.

    Args:
        told: The settings, as JSON.
    """
    given = json.loads(told)
    lists = ("models", "allowed_hosts", "cors_allowed_origins")
    given |= {name: tuple(given[name]) for name in lists}
    given["models"] = tuple((name, uri) for name, uri in given["models"])
    try:
        run_scoring_server(ServingSettings(**given))
    except MlflowException as error:
        raise SystemExit(f"Error: {error}") from error


if __name__ == "__main__":
    main(sys.argv[1])
