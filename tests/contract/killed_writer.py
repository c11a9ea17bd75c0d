"""A program to be killed: it applies the requests of a journal and says which are acknowledged.

Each request creates a run with ten points and a param. What it is given comes by arguments: the
database, the experiment, and the first sequence that nobody acknowledged.
"""

import sys
from collections.abc import Callable
from typing import Final

from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.store.entities.request_key import JournalKey
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

POINTS: Final = 10
_IN_FLIGHT: Final = 4


def request(store: SqlAlchemyStore, experiment_id: str, key: JournalKey) -> Callable[[], bytes]:
    """Return the request of a sequence."""

    def call() -> bytes:
        run_id = store.create_run(experiment_id, "u", 1, [], str(key.sequence)).info.run_id
        store.log_batch(run_id, [Metric("m", 1.0, n, n) for n in range(POINTS)], [], [])
        store.log_param(run_id, Param("whole", "yes"))
        return run_id.encode()

    return lambda: store.once(key, call)


def main(uri: str, experiment_id: str, first: int) -> None:
    """Apply requests for ever, in groups."""
    store = SqlAlchemyStore(uri, "/artifacts")
    while True:
        keys = [JournalKey("killed", first + number, first) for number in range(_IN_FLIGHT)]
        results = store.run_together([request(store, experiment_id, key) for key in keys])
        if not all(isinstance(result, bytes) for result in results):
            raise SystemExit(str(results))
        first += _IN_FLIGHT
        sys.stdout.write(f"{first}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
