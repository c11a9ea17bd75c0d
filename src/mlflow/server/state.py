"""What handlers share: the store, the settings, and the ways to do what blocks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, TypeVar

from mlflow._asgi.lanes import Lane, one_by_one
from mlflow._core.uri import is_local_uri, scheme_of
from mlflow.environment_variables import MLFLOW_SQLALCHEMYSTORE_POOL_SIZE
from mlflow.server.artifacts import ArtifactService
from mlflow.server.live import Hub
from mlflow.store.model_registry.abstract_store import AbstractStore as AbstractRegistry
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as SqlAlchemyRegistry
from mlflow.store.sql.deadline import deadline
from mlflow.store.sql.news import MODELS
from mlflow.store.tracking.folder import folder_database
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mlflow.server.settings import ServerSettings
    from mlflow.store.entities.change import Changes, News
    from mlflow.store.tracking.abstract_store import AbstractStore

T = TypeVar("T")

_POOL_SIZE: Final = 5  # of the database, unless the variable says more
_SQLITE_READERS: Final = 4
_FILE_THREADS: Final = 16
_ON_SQLITE: Final = ("", "file", "sqlite")


class ServerState:
    """What handlers share.

    Attributes:
        store: The tracking store.
        registry: The model registry.
        settings: What the server was told.
        artifacts: The artifacts that it serves.
        live: Who follows what happens in experiments.
        stopping: Set when the server begins to drain: streams end.
    """

    def __init__(self, settings: ServerSettings, store: AbstractStore) -> None:
        """Make the state of a server.

        Args:
            settings: What the server was told.
            store: The tracking store.
        """
        self.settings: Final = settings
        self.store: Final = store
        self.registry: Final = open_registry(settings, store)
        self.artifacts: Final = ArtifactService(settings, store, registry=self.registry)
        if isinstance(self.registry, SqlAlchemyRegistry):
            self.registry.check = self.artifacts.check_files
        self.live: Final = Hub(self.changes, self.news)
        self.stopping: Final = asyncio.Event()
        self._seconds: Final = settings.operation_seconds
        self.on_sqlite: Final = scheme_of(settings.backend_store_uri) in _ON_SQLITE
        size = MLFLOW_SQLALCHEMYSTORE_POOL_SIZE.get() or _POOL_SIZE
        threads = settings.threads or (_SQLITE_READERS if self.on_sqlite else size)
        queue = settings.queue
        self._reads: Final = Lane("reads", one_by_one, threads=threads, capacity=queue, group=1)
        self._writes: Final = (
            Lane("writes", store.run_together, threads=1, capacity=queue)
            if self.on_sqlite
            else self._reads
        )
        self._registry_writes: Final = self._lane_of_registry(size)
        self._files: Final = Lane(
            "files", one_by_one, threads=_FILE_THREADS, capacity=queue, group=1
        )

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes, for their figures."""
        found = (self._reads, self._writes, self._registry_writes, self._files)
        return tuple(dict.fromkeys(found))

    def _lane_of_registry(self, size: int) -> Lane:
        """Return the lane of the registry's writes: its own where it has a database of its own."""
        uri = self.settings.registry_store_uri
        if not uri or uri == self.settings.backend_store_uri:
            return self._writes
        if scheme_of(uri) not in _ON_SQLITE:
            return Lane("registry", one_by_one, threads=size, capacity=self.settings.queue, group=1)
        together = self.registry.run_together
        return Lane("registry", together, threads=1, capacity=self.settings.queue)

    def read(self, call: Callable[[], T]) -> asyncio.Future[T]:
        """Do a call that reads the store, in time, and return a future of its result.

        Raises:
            Overloaded: as many operations wait as may.
        """

        def timed() -> T:
            with deadline(self._seconds):
                return call()

        return self._reads.submit(timed)

    def write(self, call: Callable[[], T]) -> asyncio.Future[T]:
        """Do a call that writes the store, and return a future that is done after the commit.

        Args:
            call: What to do; it may be done again from its start before it is committed, so it
                must have no effect but on the store.

        Raises:
            Overloaded: as many operations wait as may.
        """
        return self._hinting(self._writes.submit(call))

    def write_registry(self, call: Callable[[], T]) -> asyncio.Future[T]:
        """Do a call that writes the registry, and return a future that is done after the commit.

        Args:
            call: What to do; it may be done again, as one of ``write``.

        Raises:
            Overloaded: as many operations wait as may.
        """
        return self._hinting(self._registry_writes.submit(call))

    def _hinting(self, future: asyncio.Future[T]) -> asyncio.Future[T]:
        if self.live.count:
            future.add_done_callback(self.live.hint)
        return future

    def changes(self, experiment_ids: Sequence[str], cursor: str | None) -> asyncio.Future[Changes]:
        """Ask the store what happened in experiments, and return a future of its answer."""
        return self.read(lambda: self.store.get_changes(experiment_ids, cursor))

    def news(self, topic: str, since_ms: int | None) -> asyncio.Future[News]:
        """Ask the store that knows of a topic what changed, and return a future of its answer."""
        store = self.registry if topic == MODELS else self.store
        return self.read(lambda: store.get_news(topic, since_ms))

    def run_in_pool(self, call: Callable[[], T]) -> asyncio.Future[T]:
        """Do a call that blocks on files or other servers, and return a future of its result.

        Raises:
            Overloaded: as many calls wait as may.
        """
        return self._files.submit(call)

    def stop(self) -> None:
        """Let streams end: the server is draining."""
        self.stopping.set()
        self.live.stop()

    def close(self) -> None:
        """End the threads and close the database."""
        self.artifacts.close()
        for lane in self.lanes:
            lane.close()
        for store in (self.store, self.registry):
            if isinstance(store, SqlAlchemyStore | SqlAlchemyRegistry):
                SqlAlchemyStore.forget(store.db_uri)


def open_registry(settings: ServerSettings, store: AbstractStore) -> AbstractRegistry:
    """Return the model registry of a server: in the tracking store's database by default.

    Raises:
        MlflowException: it cannot be opened.
    """
    if not isinstance(store, SqlAlchemyStore):
        return AbstractRegistry()  # every method says that it is missing
    uri = settings.registry_store_uri or store.db_uri
    if is_local_uri(uri):
        uri = f"sqlite:///{folder_database(uri)}"
    return SqlAlchemyRegistry(uri, tracking=store)
