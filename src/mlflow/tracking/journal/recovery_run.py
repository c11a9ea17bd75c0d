"""One journal of a dead process, from its folder to the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlflow.tracking.journal.courier import Courier
from mlflow.tracking.journal.deliveries import DeliveryLog
from mlflow.tracking.journal.journal import Journal
from mlflow.tracking.journal.place import rejects_path
from mlflow.tracking.journal.recovery import Outcome
from mlflow.tracking.journal.rejects import Rejects
from mlflow.tracking.journal.spool import Spool
from mlflow.tracking.run_artifacts import upload_to_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.store.tracking.abstract_store import AbstractStore
    from mlflow.tracking.journal.place import Place


def deliver_place(
    place: Place,
    store: AbstractStore,
    uri: str,
    on_progress: Callable[[int], None] = lambda _count: None,
) -> Outcome:
    """Deliver a journal and remove it.

    Args:
        place: Its folder, locked by this process.
        store: Where to.
        uri: The store's tracking URI.
        on_progress: Told how many calls were delivered, again and again.

    Raises:
        MlflowException: the store cannot be reached; the journal stays as it is.
    """
    log = DeliveryLog(place.path / "deliveries")
    first = log.finished
    journal = Journal.load(place.path, first)
    rejects = Rejects(rejects_path(place.path.name))
    courier = Courier(
        store,
        journal,
        log,
        rejects,
        Spool(place.path),
        upload=lambda run_id, path, to: upload_to_run(store, uri, run_id, path, to),
    )
    try:
        before = first
        while courier.deliver():
            on_progress(log.finished - before)
            before = log.finished
    finally:
        journal.close()
        log.close()
    place.remove()
    return Outcome(log.finished - first - rejects.count, rejects.count, str(rejects.path))


def count_left(place: Place) -> int:
    """Return how many calls a journal holds that are not delivered."""
    log = DeliveryLog(place.path / "deliveries")
    journal = Journal.load(place.path, log.finished)
    count = journal.pending
    journal.close()
    log.close()
    return count
