"""``mlflow sync``: deliver what could not be delivered when it was logged."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from mlflow._core.uri import mask_password
from mlflow.cli.copy import copy_store
from mlflow.cli.lazy_group import example
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.folder import FOLDER_DATABASE
from mlflow.tracking.journal.place import Place, iter_journals, journal_root
from mlflow.tracking.journal.recovery_run import count_left, deliver_place
from mlflow.tracking.stores import (
    OFFLINE,
    find_target,
    get_tracking_uri,
    is_offline_folder,
    is_tracking_uri_set,
    open_store,
)

_HIDDEN: Final = "***"


@click.command(
    epilog=example(
        """
mlflow sync                                       # every journal of this user
mlflow sync ~/.local/state/headrace/journal/ID    # one of them, as a notice named it
mlflow sync DIR --to http://host:5000             # an offline directory, or a journal elsewhere
"""
    ),
)
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(exists=True))
@click.option("--to", "target", help="The tracking URI to deliver to.")
def sync(directory: str | None, target: str | None) -> None:
    """Deliver what processes logged that could not reach their store.

    DIR is a journal, a folder of journals, or an offline store; the user's own by default. What
    was delivered once is never delivered again, however often this is run or interrupted.
    """
    folder = Path(directory).absolute() if directory else journal_root()
    if is_offline_folder(folder) or (folder / FOLDER_DATABASE).is_file():
        _upload(folder, target)
        return
    paths = list(iter_journals(folder))
    if not directory:
        for offline in sorted((folder / "offline").glob("*")):
            _upload(offline, target)
    if not paths:
        click.echo(f"Nothing to deliver in {folder}.")
        return
    failed = [path for path in paths if not _deliver(path, target)]
    if failed:
        raise click.ClickException(f"{len(failed)} of {len(paths)} journals are still there.")


def _upload(folder: Path, target: str | None) -> None:
    """Copy an offline store to the server.

    Raises:
        MlflowException: it cannot be reached, or nobody says which one.
    """
    current = get_tracking_uri() if is_tracking_uri_set() else ""
    uri = target or find_target(folder) or current
    if not uri or uri.startswith(OFFLINE):
        raise MlflowException.invalid_parameter_value(
            f"{folder} is an offline store: name the server by --to or MLFLOW_TRACKING_URI."
        )
    copy_store(str(folder), uri, folder)


def _deliver(path: Path, target: str | None) -> bool:
    """Deliver one journal and return whether it is gone."""
    place = Place.take(path)
    if place is None:
        click.echo(f"{path}: its process is running and delivers it itself.")
        return True
    try:
        uri = target or _known_uri(place)
        store = open_store(uri)
        left = count_left(place)
        label = f"To {mask_password(uri)}"
        with click.progressbar(length=left, label=label) as bar:
            outcome = deliver_place(place, store, uri, bar.update)
    except MlflowException as error:
        place.release()
        click.echo(f"{path}: {error}", err=True)
        return False
    click.echo(f"{path}: {outcome.delivered} calls delivered.")
    if outcome.refused:
        click.echo(f"{outcome.refused} calls were refused; see {outcome.rejects}", err=True)
    return True


def _known_uri(place: Place) -> str:
    """Return the tracking URI that a journal was made for.

    Raises:
        MlflowException: it had a password, which is not kept.
    """
    if _HIDDEN not in place.uri:
        return place.uri
    current = get_tracking_uri()
    if place.belongs_to(current):
        return current
    raise MlflowException.invalid_parameter_value(
        f"The journal is for {place.uri}, whose password is not kept: name the store by --to or "
        "MLFLOW_TRACKING_URI."
    )
