"""``mlflow demo``: a few small models, so that there is something to look at."""

from __future__ import annotations

import logging
import socket
import sys
import webbrowser
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import click

from mlflow._core.clock import monotonic
from mlflow._core.uri import scheme_of
from mlflow.cli.demo_training import REGISTERED, train_digits, train_wine
from mlflow.cli.lazy_group import example
from mlflow.cli.output import table_text
from mlflow.cli.run_columns import cells, header
from mlflow.cli.run_pages import iter_runs
from mlflow.exceptions import FEATURE_DISABLED, MlflowException
from mlflow.server.run import run_server
from mlflow.server.settings import ServerSettings
from mlflow.tracking.client import MlflowClient
from mlflow.tracking.fluent import set_experiment
from mlflow.tracking.stores import (
    _get_store,
    get_tracking_uri,
    is_tracking_uri_set,
    set_tracking_uri,
)

if TYPE_CHECKING:
    from mlflow.entities.experiment import Experiment

EXPERIMENT: Final = "demo"
_PORT: Final = 5000
_NEEDED: Final = ("numpy", "pandas", "sklearn", "skops")
_COLUMNS: Final = ("name", "status", "duration", "metrics.accuracy", "metrics.loss", "id")


@click.command(
    epilog=example(
        """
mlflow demo
mlflow demo --tracking-uri sqlite:///demo.db
mlflow demo --no-browser --port 5001     # show them there, and open nothing
mlflow demo --refresh                    # delete the runs of earlier demos first
"""
    ),
)
@click.option(
    "--port",
    type=click.INT,
    help="Port of the web interface that shows the runs; 5000, or one that is free, in a terminal.",
)
@click.option("--tracking-uri", help="Where to log; the tracking URI in force by default.")
@click.option("--no-browser", is_flag=True, default=False, help="Open no browser.")
@click.option("--debug", is_flag=True, default=False, help="Show what is going on inside.")
@click.option(
    "--refresh", is_flag=True, default=False, help="Delete the runs of earlier demos first."
)
def demo(
    port: int | None, tracking_uri: str | None, no_browser: bool, debug: bool, refresh: bool
) -> None:
    """Train a few small models on scikit-learn's own data, log everything about them, show it.

    It takes some seconds and no network. The runs have parameters, curves, images, tables, a
    data set, models in the registry, tags, and a parent. In a terminal, or with --port, the web
    interface then runs until Ctrl+C.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise MlflowException(
            f"The demo trains real models and needs {', '.join(missing)}. Install them with:"
            " pip install 'headrace[models]'",
            FEATURE_DISABLED,
        )
    if debug:
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    if tracking_uri is not None:
        set_tracking_uri(tracking_uri)
    started = monotonic()
    experiment = _prepare(refresh=refresh)
    click.echo(f"Logging to {get_tracking_uri()}, experiment {EXPERIMENT!r}")
    made = [*train_wine(click.echo), *train_digits(click.echo)]
    click.echo(f"\n{len(made)} runs in {monotonic() - started:.1f} s:\n")
    _show(experiment, made, tracking_uri)
    if port is not None or sys.stdout.isatty():
        _open(experiment, port, browser=not no_browser)


def _open(experiment: Experiment, port: int | None, *, browser: bool) -> None:
    """Show the runs in the web interface: that of their server, or one that is started."""

    def open_page(address: str) -> None:
        page = f"{address}/#/experiments/{experiment.experiment_id}"
        click.echo(f"Look at {page}", err=True)
        if browser:
            webbrowser.open(page)

    uri = get_tracking_uri()
    if scheme_of(uri) in ("http", "https"):
        open_page(uri.rstrip("/"))
        return
    wanted = _PORT if port is None else port
    if port is None and not _is_free(wanted):
        wanted = 0
    settings = ServerSettings(backend_store_uri=uri, port=wanted, access_log=False)
    run_server(settings, open_page)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _prepare(*, refresh: bool) -> Experiment:
    found = _get_store().get_experiment_by_name(EXPERIMENT)
    if found is not None and refresh:
        client = MlflowClient()
        for run in list(iter_runs(client, found.experiment_id)):
            client.delete_run(run.info.run_id)
    return set_experiment(EXPERIMENT)


def _show(experiment: Experiment, made: list[str], tracking_uri: str | None) -> None:
    """Print the runs and what to do next."""
    client = MlflowClient()
    new = [
        run
        for run in iter_runs(client, experiment.experiment_id, order_by=["attributes.start_time"])
        if run.info.run_id in made
    ]
    click.echo(table_text(header(_COLUMNS), [cells(run, _COLUMNS) for run in new]))
    trained = [run for run in new if "loss" in run.data.metrics]
    best = max(trained, key=lambda run: run.data.metrics["accuracy"]).info.run_id
    flag = ""
    if tracking_uri is not None:
        flag = f"  export MLFLOW_TRACKING_URI={tracking_uri}\n"
    elif not is_tracking_uri_set():
        flag = "  (in this directory)\n"
    click.echo(
        f"""
What to do next:
{flag}  mlflow server                            # and look at it in a browser
  mlflow runs list --experiment-name {EXPERIMENT} --order-by "metrics.accuracy DESC"
  mlflow runs describe --run-id {best}
  mlflow artifacts list --run-id {best}
  mlflow artifacts download --run-id {best} --dst-path demo-files

In Python:
  import mlflow
  runs = mlflow.search_runs(experiment_names=["{EXPERIMENT}"])
  model = mlflow.pyfunc.load_model("models:/{REGISTERED}@champion")"""
    )
