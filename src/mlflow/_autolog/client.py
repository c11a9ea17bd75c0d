"""A client that queues calls, for integrations that are written against that interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlflow._core.clock import now_ms
from mlflow.entities.metric import Metric
from mlflow.entities.param import Param
from mlflow.entities.run_tag import RunTag
from mlflow.tracking.async_logging import RunOperations as Operations
from mlflow.tracking.client import MlflowClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from mlflow.entities.dataset_input import DatasetInput


class PendingRunId:
    """The id of a run that the next flush creates."""

    run_id: str | None = None


class RunOperations(Operations):
    """What a flush returns: something to wait for."""

    def await_completion(self) -> None:
        """Return when the store has acknowledged everything.

        Raises:
            MlflowException: something could not be written; the message says what.
        """
        self.wait()


class MlflowAutologgingQueueingClient:
    """Queues calls that write to runs until ``flush``; as a context manager the end flushes."""

    def __init__(self, tracking_uri: str | None = None) -> None:
        """Queue for a store.

        Args:
            tracking_uri: The store's URI; the one in force by default.
        """
        self._client = MlflowClient(tracking_uri)
        self._queue: list[Callable[[], Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, exc_type: object, exc: object, traceback: object) -> None:
        self.flush(synchronous=True)

    def create_run(
        self,
        experiment_id: str,
        start_time: int | None = None,
        tags: dict[str, Any] | None = None,
        run_name: str | None = None,
    ) -> PendingRunId:
        """Queue a new run; return what stands for its id in the other calls."""
        pending = PendingRunId()

        def create() -> None:
            run = self._client.create_run(experiment_id, start_time or now_ms(), tags, run_name)
            pending.run_id = run.info.run_id

        self._queue.append(create)
        return pending

    def set_terminated(
        self,
        run_id: str | PendingRunId,
        status: str | None = None,
        end_time: int | None = None,
    ) -> None:
        """Queue the end of a run."""
        self._later(run_id, lambda run: self._client.set_terminated(run, status, end_time))

    def log_params(self, run_id: str | PendingRunId, params: dict[str, Any]) -> None:
        """Queue params."""
        made = [Param(str(key), str(value)) for key, value in params.items()]
        self._later(run_id, lambda run: self._client.log_batch(run, (), made, (), False))

    def log_inputs(self, run_id: str | PendingRunId, datasets: list[DatasetInput] | None) -> None:
        """Queue datasets that a run reads."""
        if datasets:
            self._later(run_id, lambda run: self._client.log_inputs(run, datasets))

    def log_metrics(
        self,
        run_id: str | PendingRunId,
        metrics: dict[str, float],
        step: int | None = None,
        dataset: Any = None,
        model_id: str | None = None,
    ) -> None:
        """Queue a point of each of several metrics."""
        name, digest = (dataset.name, dataset.digest) if dataset is not None else (None, None)
        time_ms = now_ms()
        made = [
            Metric(key, value, time_ms, step or 0, model_id, name, digest)
            for key, value in metrics.items()
        ]
        self._later(run_id, lambda run: self._client.log_batch(run, made, (), (), False))

    def set_tags(self, run_id: str | PendingRunId, tags: dict[str, Any]) -> None:
        """Queue tags."""
        made = [RunTag(str(key), str(value)) for key, value in tags.items()]
        self._later(run_id, lambda run: self._client.log_batch(run, (), (), made, False))

    def _later(self, run_id: str | PendingRunId, write: Callable[[str], Any]) -> None:
        def run_it() -> Any:
            known = run_id.run_id if isinstance(run_id, PendingRunId) else run_id
            return write(str(known))

        self._queue.append(run_it)

    def flush(self, synchronous: bool = True) -> RunOperations:
        """Make all queued calls, in their order; values go to the journal.

        Args:
            synchronous: Whether to wait until the store has acknowledged them.

        Returns:
            Something to wait for.
        """
        queue, self._queue = self._queue, []
        made = [write() for write in queue]
        futures = [one for done in made if isinstance(done, Operations) for one in done.pending]
        operations = RunOperations(futures)
        if synchronous:
            operations.wait()
        return operations
