"""A store behind a server of this process: the contract holds over HTTP too."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from mlflow._asgi.runner import DrainingServer
from mlflow.server.app import create_app
from mlflow.server.settings import ServerSettings
from mlflow.store.tracking.rest_store import RestStore
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore


class StoreOverHttp(RestStore):
    """A client's store; what tests look at behind it is that of the server's database."""

    def __init__(self, uri: str, behind: SqlAlchemyStore) -> None:
        super().__init__(uri)
        self.uri = uri
        self._behind = behind

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)


class _Server(DrainingServer):
    def capture_signals(self) -> Any:
        """Leave signals to the tests: this is not the main thread."""
        return nullcontext()


@contextmanager
def served(database_uri: str, artifact_root: str) -> Iterator[StoreOverHttp]:
    """Run a server on a database in a thread, and yield the store of its client."""
    settings = ServerSettings(
        backend_store_uri=database_uri,
        default_artifact_root=artifact_root,
        serve_artifacts=False,
        access_log=False,
    )
    server = _Server(create_app(settings))
    ready = threading.Event()
    server.on_ready = ready.set
    with socket.create_server(("127.0.0.1", 0)) as sock:
        sock.setblocking(False)
        uri = f"http://127.0.0.1:{sock.getsockname()[1]}"
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
        thread.start()
        store = StoreOverHttp(uri, SqlAlchemyStore(database_uri, artifact_root))
        try:
            assert ready.wait(30)
            yield store
        finally:
            store.close()
            server.should_exit = True
            thread.join(30)
    assert not thread.is_alive()
