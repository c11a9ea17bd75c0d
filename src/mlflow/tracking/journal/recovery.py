"""Delivering what other processes left in their journals."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mlflow._core.guard import contained
from mlflow._core.lazy import resolve
from mlflow.exceptions import MlflowException
from mlflow.tracking.journal.place import Place, iter_journals, journal_root

if TYPE_CHECKING:
    from collections.abc import Callable

    from mlflow.store.tracking.abstract_store import AbstractStore

_logger: Final = logging.getLogger("mlflow.tracking.journal")
_DELIVER: Final = "mlflow.tracking.journal.recovery_run:deliver_place"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a journal.

    Attributes:
        delivered: How many calls the store has acknowledged.
        refused: How many it refused.
        rejects: Where those are kept.
    """

    delivered: int
    refused: int
    rejects: str


def deliver_left(store: AbstractStore, uri: str) -> threading.Thread | None:
    """Deliver in the background what dead processes left for a tracking URI.

    Args:
        store: The store of that URI.
        uri: The URI.

    Returns:
        The thread that does it; None when there is nothing.
    """
    with contained("Looking for journals of other processes", level=logging.DEBUG):
        left = [place for path in iter_journals(journal_root()) if (place := Place.take(path, uri))]
        if left:
            thread = threading.Thread(
                target=_deliver,
                args=(left, store, uri),
                name="mlflow-journal-recovery",
                daemon=True,
            )
            thread.start()
            return thread
    return None


def _deliver(left: list[Place], store: AbstractStore, uri: str) -> None:
    deliver: Callable[[Place, AbstractStore, str], Outcome] = resolve(_DELIVER)
    for place in left:
        with contained(f"Delivering the journal {place.path}", level=logging.INFO):
            try:
                outcome = deliver(place, store, uri)
                _logger.info("Delivered %d calls that another process had left.", outcome.delivered)
            except MlflowException as error:
                place.release()
                _logger.info("The journal %s is still there: %s", place.path, error.message)
