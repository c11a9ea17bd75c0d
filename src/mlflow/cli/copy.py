"""``mlflow copy``: experiments and registered models, from one store to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mlflow._core.uri import mask_password
from mlflow.cli.lazy_group import example
from mlflow.tracking.copying.copier import Copier
from mlflow.tracking.copying.notes import Notes
from mlflow.tracking.copying.registry import RegistryCopier
from mlflow.tracking.copying.side import Side
from mlflow.tracking.journal.place import full_uri, journal_root
from mlflow.tracking.registry_stores import _get_store as _get_registry
from mlflow.tracking.stores import open_store

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    epilog=example(
        """
mlflow copy sqlite:///mlflow.db http://host:5000
mlflow copy http://old:5000 postgresql://host/new --experiment-name training
"""
    ),
)
@click.argument("source")
@click.argument("target")
@click.option(
    "--experiment-name", "names", multiple=True, help="Only this experiment; may be repeated."
)
@click.option(
    "--registry/--no-registry",
    default=None,
    help="Registered models with their versions, tags and aliases too.  [default: yes, unless"
    " --experiment-name is given]",
)
def copy(source: str, target: str, names: tuple[str, ...], registry: bool | None) -> None:
    """Copy experiments, runs, metrics with their history, files, logged and registered models.

    SOURCE and TARGET are tracking URIs. What is in the target already is left as it is; what was
    interrupted goes on where it stopped when it is run again. Registered models are those that are
    kept with the runs; versions of one that the target has become its next ones.
    """
    if full_uri(source) == full_uri(target):
        raise click.UsageError("SOURCE and TARGET are the same store.")
    with_registry = not names if registry is None else registry
    copy_store(source, target, journal_root() / "copies", names, registry=with_registry)


def copy_store(
    source: str,
    target: str,
    notes: Path,
    names: tuple[str, ...] = (),
    *,
    registry: bool = True,
) -> None:
    """Copy one store to another, with a progress bar.

    Args:
        source: A tracking URI.
        target: A tracking URI.
        notes: Folder for what an interrupted copy has to know.
        names: Names of experiments; all when there are none.
        registry: Whether registered models are copied too.

    Raises:
        MlflowException: a store refuses, or cannot be reached.
    """
    sides = Side(open_store(source), source), Side(open_store(target), target)
    known = Notes.between(notes, source, target)
    copier = Copier(*sides, known)
    count = sum(
        1
        for experiment in sides[0].iter_experiments()
        if not names or experiment.name in names
        for _ in sides[0].iter_runs(experiment.experiment_id)
    )
    with click.progressbar(length=count, label=f"To {mask_password(target)}") as bar:
        copied = copier.copy(names, bar.update)
    click.echo(
        f"{copied.experiments} experiments: copied {copied.runs} runs, {copied.models} logged"
        f" models, {copied.points} points of metrics, {copied.files} files that were not there."
    )
    if registry:
        _copy_registry(sides[0], target, known)


def _copy_registry(source: Side, target: str, notes: Notes) -> None:
    registries = [_get_registry(uri, uri) for uri in (source.uri, target)]
    copied = RegistryCopier(registries[0], registries[1], source, notes).copy()
    if copied.models or copied.versions or copied.aliases:
        click.echo(
            f"Registered models: copied {copied.models} names, {copied.versions} versions,"
            f" {copied.aliases} aliases that were not there."
        )
    for line in copied.left_out:
        click.echo(f"Left out: {line}", err=True)
