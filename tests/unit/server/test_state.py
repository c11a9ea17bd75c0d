"""What handlers share: reads in time, writes in order, files beside."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from mlflow.exceptions import MlflowException
from mlflow.server.app import open_store
from mlflow.server.settings import ServerSettings
from mlflow.server.state import ServerState
from mlflow.store.sql.deadline import current_deadline


def _settings(folder: Path) -> ServerSettings:
    return ServerSettings(backend_store_uri=f"sqlite:///{folder / 'a.db'}", operation_seconds=7)


def test_reads_have_a_time_and_writes_have_one_thread(tmp_path: Path) -> None:
    """The databases under a read see its limit; on SQLite all writes come from one thread."""

    async def run() -> None:
        settings = _settings(tmp_path)
        state = ServerState(settings, open_store(settings))
        limit = await state.read(current_deadline)
        assert limit is not None
        assert limit.seconds == 7
        writers = await asyncio.gather(
            *(state.write(lambda: threading.current_thread().name) for _ in range(20))
        )
        assert set(writers) == {"writes-0"}
        assert await state.run_in_pool(lambda: threading.current_thread().name) == "files-0"
        state.close()

    asyncio.run(run())


@pytest.mark.parametrize("uri", ["folder", "file"])
def test_a_folder_is_a_store(tmp_path: Path, uri: str) -> None:
    """A directory as the store is the database in it, as it is for clients."""
    folder = tmp_path / "store"
    given = str(folder) if uri == "folder" else folder.as_uri()

    async def run() -> None:
        settings = ServerSettings(backend_store_uri=given)
        state = ServerState(settings, open_store(settings))
        assert state.on_sqlite
        assert (folder / "headrace.db").exists()
        state.close()

    asyncio.run(run())


def test_upstreams_files_are_left_alone(tmp_path: Path) -> None:
    """A directory that upstream keeps runs in as files is refused, and stays as it was."""
    experiment = tmp_path / "mlruns" / "0"
    experiment.mkdir(parents=True)
    (experiment / "meta.yaml").write_text("name: Default\n", "utf-8")
    with pytest.raises(MlflowException, match="file store that MLflow wrote"):
        open_store(ServerSettings(backend_store_uri=str(tmp_path / "mlruns")))
    assert [path.name for path in (tmp_path / "mlruns").iterdir()] == ["0"]
